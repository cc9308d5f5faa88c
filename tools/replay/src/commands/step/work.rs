//! What the model does between keys: slices of tasks, and what they come to; and what an answer to a
//! prompt sets off.

use kernel::{Command, Event, OrderId};
use query::Query;
use replay::{Entry, PlayError, Position, PositionError};

use super::app::{App, MarkSpan, Task};
use super::follow::Followed;
use super::keys::Way;
use super::marks::{MarkFound, MarkScan};
use super::prompt::{Asks, Prompt};
use super::search::{Found, Scan, Sought};
use super::view::concerned;

impl App {
    /// Does a slice of what is under way.
    pub(super) fn work(&mut self) {
        if let Some(task) = self.task.take() {
            if let Err(error) = self.slice(task) {
                self.fail(&error);
            }
        } else if let Some(followed) = self.pending.take() {
            self.follow(Some(followed));
        } else if let Some((mut scan, entry)) = self.background.take() {
            match scan.slice(&self.session) {
                Ok(Some((mark, _))) => {
                    let from = mark.as_ref().map_or(0, |(entry, _)| *entry);
                    self.marks = MarkSpan { from, to: entry, mark };
                }
                Ok(None) => self.background = Some((scan, entry)),
                // It is said when somebody goes there.
                Err(_) => {}
            }
        }
        let refused = self.session.take_refused();
        if !refused.is_empty() {
            self.message = refused;
        }
    }

    /// Ends what is under way.
    pub(super) fn stop(&mut self) {
        let pending = self.pending.take();
        if self.task.take().is_some() || pending.is_some() {
            self.say("stopped");
            // The panels of what is followed may not know it yet.
            if self.view.followed.is_none() && self.followed.is_some() {
                self.go(self.entry());
            }
        }
    }

    fn slice(&mut self, task: Task) -> Result<(), PlayError> {
        match task {
            Task::Go(go) => match go.slice(&mut self.session)? {
                Some(view) => {
                    self.view = view;
                    self.find_mark()?;
                }
                None => self.task = Some(Task::Go(go)),
            },
            Task::Scan(mut scan) => match scan.slice(&mut self.session)? {
                Some(found) => self.found(scan, &found),
                None => self.task = Some(Task::Scan(scan)),
            },
            Task::Marks(mut scan) => match scan.slice(&self.session)? {
                Some(found) => self.found_mark(&scan, &found),
                None => self.task = Some(Task::Marks(scan)),
            },
            Task::Read(mut reading) => {
                if reading.slice(&mut self.session, &mut self.story)? {
                    if self.story.birth().is_none() {
                        self.say(format!("the log places no order {}", reading.order));
                    }
                    self.go(self.entry());
                } else {
                    self.task = Some(Task::Read(reading));
                }
            }
        }
        Ok(())
    }

    fn found(&mut self, scan: Scan, found: &Found) {
        let side = if scan.way == Way::Forward { "behind" } else { "before" };
        let words = scan.sought.words();
        match *found {
            Found::At { entry, missing } => {
                if 0 < missing {
                    self.say(format!("{missing} fewer than asked for: no further {words}"));
                }
                let is_query = matches!(scan.sought, Sought::Query { .. });
                self.resume = (is_query && scan.way == Way::Forward && missing == 0)
                    .then_some((entry, scan.sought));
                self.go(entry);
            }
            Found::Nowhere => self.say(format!("no {words} {side} entry {}", self.entry())),
        }
    }

    fn found_mark(&mut self, scan: &MarkScan, (mark, missing): &MarkFound) {
        let Some((entry, _)) = mark else {
            self.say(scan.words(self.entry()));
            return;
        };
        if 0 < *missing {
            self.say(format!("{missing} fewer than asked for: no further mark"));
        }
        self.go(*entry);
    }

    /// Looks for the last mark up to the present entry, unless it is known.
    fn find_mark(&mut self) -> Result<(), PlayError> {
        let here = self.entry();
        let seen = &self.session.seen;
        self.background = None;
        if let Some((from, mark)) = &seen.mark {
            self.marks = MarkSpan { from: *from, to: here, mark: Some((*from, mark.clone())) };
            return Ok(());
        }
        let covers = |entry: u64| self.marks.from <= entry && entry <= self.marks.to;
        if covers(seen.from - 1) && !covers(here) {
            // None came since.
            self.marks.to = here;
        }
        let covers = |entry: u64| self.marks.from <= entry && entry <= self.marks.to;
        if !covers(here) {
            let scan = MarkScan::new(&self.session, (Way::Back, 1), here + 1)?;
            self.background = Some((scan, here));
        }
        Ok(())
    }

    /// Does what a prompt was answered with; what is wrong with the answer, in lines.
    pub(super) fn answer(&mut self, prompt: &Prompt) -> Result<(), Vec<String>> {
        let text = prompt.text.trim();
        match prompt.asks {
            Asks::Position if text.is_empty() => {}
            Asks::Position => {
                let position = text.parse::<Position>().map_err(|_| {
                    vec![format!("`{text}` is no position"), Asks::Position.hint().to_owned()]
                })?;
                self.jump(&position)?;
            }
            Asks::Predicate if text.is_empty() => self.search(Way::Forward, 1, false),
            Asks::Predicate => {
                let query = Query::parse(text).map_err(|error| {
                    error.to_string().lines().map(str::to_owned).collect::<Vec<_>>()
                })?;
                self.query = Some(query);
                self.resume = None;
                self.search(Way::Forward, 1, false);
            }
            Asks::Order => {
                let order = if text.is_empty() { self.order_here() } else { order_of(text) };
                let order = order.ok_or_else(|| vec![no_order(text)])?;
                self.follow(Some(Followed::Order(order)));
            }
            Asks::Client => {
                let client = if text.is_empty() {
                    let entry = self.view.entry.as_ref();
                    entry.and_then(|entry| concerned(entry, &self.view.events).into_iter().next())
                } else {
                    self.client_named(text)
                };
                let client = client.filter(|client| client.0 < self.clients_max());
                let client = client.ok_or_else(|| vec![self.no_client(text)])?;
                self.follow(Some(Followed::Client(client)));
            }
        }
        Ok(())
    }

    /// Sets out for a position.
    pub(super) fn jump(&mut self, position: &Position) -> Result<(), Vec<String>> {
        if let Position::Mark(name, number) = position {
            // In slices: marks are looked for from the start of the log.
            self.task = Some(Task::Marks(MarkScan::named(name.clone(), *number)));
            return Ok(());
        }
        match position.resolve(self.session.seeker.archive()) {
            Ok(entry) => self.go(entry),
            Err(PositionError::Log(error)) => self.fail(&error.into()),
            Err(error) => return Err(vec![error.to_string()]),
        }
        Ok(())
    }

    /// The order that the present entry is about.
    fn order_here(&self) -> Option<OrderId> {
        if let Some(Entry::Command(
            Command::Cancel { order, .. }
            | Command::Reduce { order, .. }
            | Command::Replace { order, .. },
        )) = &self.view.entry
        {
            return Some(*order);
        }
        self.view.events.iter().find_map(|event| match event {
            Event::Accepted { order, .. }
            | Event::Cancelled { order, .. }
            | Event::Rested { order, .. }
            | Event::Refilled { order, .. }
            | Event::Triggered { order }
            | Event::Reduced { order, .. }
            | Event::Replaced { order, .. }
            | Event::BandHit { order, .. } => Some(*order),
            Event::Rejected { order, .. } => *order,
            Event::Traded { taker, .. } | Event::Decremented { taker, .. } => Some(*taker),
            Event::MassCancelled { .. }
            | Event::ClockMoved { .. }
            | Event::RuleChanged(_)
            | Event::Uncrossed { .. } => None,
        })
    }

    fn no_client(&self, text: &str) -> String {
        if text.is_empty() {
            return "this entry is about no client".to_owned();
        }
        format!("`{text}` is no client: numbers are below {}", self.clients_max())
    }
}

/// An order by its id, with or without the sign that texts put before it.
fn order_of(text: &str) -> Option<OrderId> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|id| is_plain && 0 < *id).map(OrderId)
}

fn no_order(text: &str) -> String {
    if text.is_empty() {
        return "this entry is about no order".to_owned();
    }
    format!("`{text}` is no order: an id is a number from 1, as in #17")
}
