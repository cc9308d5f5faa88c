//! The model: where one is in the log, what is followed, what the keys do.
//!
//! It knows no terminal and no clock. [`App::update`] takes a key, [`App::work`] does a slice of what
//! takes longer, [`App::draw`] shows it.

use std::path::PathBuf;

use cli::Failure;
use kernel::{ClientId, OrderId};
use query::Query;
use replay::{Mark, PlayError};

use super::follow::{Followed, Story};
use super::job::{Go, Reading};
use super::keys::{Action, Key, Way, action};
use super::marks::MarkScan;
use super::prompt::{Asks, Prompt, Written};
use super::search::{Scan, Sought};
use super::session::Session;
use super::view::View;

/// What is left to do for whoever runs the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Stay,
    Quit,
    Interrupt,
}

/// What takes more than a moment.
pub(super) enum Task {
    Go(Go),
    Scan(Scan),
    Marks(MarkScan),
    Read(Reading),
}

/// The last mark of the entries `from` to `to`.
#[derive(Debug, Default)]
pub(super) struct MarkSpan {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) mark: Option<(u64, Mark)>,
}

/// Most repetitions that a number before a key may ask for.
const COUNT_MAX: u64 = 999_999;

/// The model.
pub(super) struct App {
    pub(super) session: Session,
    pub(super) path: PathBuf,
    pub(super) view: View,
    pub(super) task: Option<Task>,
    /// A look for the last mark before the present entry, which nobody waits for.
    pub(super) background: Option<(MarkScan, u64)>,
    pub(super) marks: MarkSpan,
    pub(super) message: Vec<String>,
    pub(super) prompt: Option<Prompt>,
    pub(super) count: u64,
    pub(super) query: Option<Query>,
    /// The predicate as it was left at an entry where it holds.
    pub(super) resume: Option<(u64, Sought)>,
    pub(super) followed: Option<Followed>,
    pub(super) story: Story,
    /// What is followed once the present task is done.
    pub(super) pending: Option<Followed>,
    /// Which panel is shown where there is room for one, and beside the ladder.
    pub(super) panel: (usize, usize),
    pub(super) scroll: usize,
    pub(super) has_help: bool,
    pub(super) has_colour: bool,
    failure: Option<Failure>,
}

impl App {
    /// The model before the first entry.
    ///
    /// # Errors
    /// As [`replay::Seeker::seek`].
    pub(super) fn new(
        mut session: Session,
        path: PathBuf,
        has_colour: bool,
    ) -> Result<Self, PlayError> {
        let go = Go { target: 0, followed: None, scroll: 0 };
        let view = loop {
            if let Some(view) = go.slice(&mut session)? {
                break view;
            }
        };
        Ok(Self {
            session,
            path,
            view,
            task: None,
            background: None,
            marks: MarkSpan::default(),
            message: vec!["? lists the keys".to_owned()],
            prompt: None,
            count: 0,
            query: None,
            resume: None,
            followed: None,
            story: Story::default(),
            pending: None,
            panel: (0, 0),
            scroll: 0,
            has_help: false,
            has_colour,
            failure: None,
        })
    }

    /// Sets out for an entry, or for the first moment at which a predicate holds; then follows.
    pub(super) fn start(&mut self, entry: u64, query: Option<Query>, followed: Option<Followed>) {
        self.pending = followed;
        match query {
            Some(query) => self.search_first(query),
            None => self.go(entry),
        }
    }

    /// The entry behind which the model stands.
    pub(super) const fn entry(&self) -> u64 {
        self.view.number
    }

    pub(super) fn entries(&self) -> u64 {
        self.session.entries()
    }

    /// Whether keys have to wait.
    pub(super) const fn is_busy(&self) -> bool {
        self.task.is_some() || self.pending.is_some()
    }

    /// Whether [`App::work`] has something to do.
    pub(super) const fn is_working(&self) -> bool {
        self.is_busy() || self.background.is_some()
    }

    /// Why the log could not be read somewhere on the way.
    pub(super) const fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Takes a key.
    pub(super) fn update(&mut self, key: Key) -> Effect {
        if self.prompt.is_some() {
            self.write(key);
            return Effect::Stay;
        }
        if self.has_help {
            self.has_help = false;
            // Any key ends the help, and those that leave it do nothing else.
            if matches!(key, Key::Escape | Key::Char('?' | 'q' | ' ') | Key::Enter) {
                return Effect::Stay;
            }
        }
        if let Key::Char(digit @ '0'..='9') = key
            && (digit != '0' || 0 < self.count)
        {
            let digit = u64::from(digit.to_digit(10).unwrap_or_default());
            self.count = (self.count * 10 + digit).min(COUNT_MAX);
            self.message = vec![self.count.to_string()];
            return Effect::Stay;
        }
        let count = std::mem::take(&mut self.count);
        self.message.clear();
        if key == Key::Ctrl('c') {
            return Effect::Interrupt;
        }
        match action(key) {
            Some(Action::Quit) => return Effect::Quit,
            Some(action) => self.act(action, count.max(1)),
            None if matches!(key, Key::Escape | Key::Char(' ')) => {}
            None => self.say("this key has no meaning here: ? lists the keys"),
        }
        Effect::Stay
    }

    fn act(&mut self, action: Action, count: u64) {
        match action {
            Action::Entries(entries, way) => self.move_by(entries.saturating_mul(count), way),
            Action::Clock(way) => self.scan(Sought::Clock, way, count),
            Action::Trade(way) => self.scan(Sought::Trade, way, count),
            Action::Mark(way) => self.scan_marks(way, count),
            Action::Start => self.go(0),
            Action::End => self.go(self.entries()),
            Action::Jump => self.ask(Asks::Position),
            Action::Search => self.ask(Asks::Predicate),
            Action::Holds(way) => self.search(way, count, false),
            Action::Begins(way) => self.search(way, count, true),
            Action::FollowOrder => self.ask(Asks::Order),
            Action::FollowClient => self.ask(Asks::Client),
            Action::Unfollow => self.follow(None),
            Action::Touch(way) => match self.followed {
                Some(followed) => self.scan(Sought::Touch(followed), way, count),
                None => self.say("nothing is followed: f follows an order, a a client"),
            },
            Action::Panel(way) => self.turn(way),
            Action::Scroll(way) => {
                let last = self.view.accounts_used.saturating_sub(1);
                self.scroll = match way {
                    Way::Forward => self.scroll.saturating_add(5).min(last),
                    Way::Back => self.scroll.saturating_sub(5),
                };
                self.go(self.entry());
            }
            Action::Help => self.has_help = true,
            Action::Quit => {}
        }
    }

    fn ask(&mut self, asks: Asks) {
        self.prompt = Some(Prompt::new(asks));
        self.message = vec![asks.hint().to_owned()];
    }

    fn turn(&mut self, way: Way) {
        let turn = |at: usize, len: usize| match way {
            Way::Forward => (at + 1) % len,
            Way::Back => (at + len - 1) % len,
        };
        self.panel = (turn(self.panel.0, super::draw::LONE), turn(self.panel.1, super::draw::SIDE));
    }

    /// Gives a key to the prompt.
    fn write(&mut self, key: Key) {
        let Some(mut prompt) = self.prompt.take() else { return };
        let latest = self.query.as_ref().map(ToString::to_string);
        match prompt.press(key, latest.as_deref()) {
            Written::On => {
                // What was wrong may be right by now.
                self.message = vec![prompt.asks.hint().to_owned()];
                self.prompt = Some(prompt);
            }
            Written::Left => self.message.clear(),
            Written::Done => {
                self.message.clear();
                if let Err(problem) = self.answer(&prompt) {
                    self.message = problem;
                    self.prompt = Some(prompt);
                }
            }
        }
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.message = vec![text.into()];
    }

    fn move_by(&mut self, entries: u64, way: Way) {
        let (here, last) = (self.entry(), self.entries());
        let target = match way {
            Way::Forward => here.saturating_add(entries).min(last),
            Way::Back => here.saturating_sub(entries),
        };
        if target == here {
            self.say(if way == Way::Forward { "the log ends here" } else { "this is the start" });
        } else {
            self.go(target);
        }
    }

    /// Sets out for an entry.
    pub(super) fn go(&mut self, target: u64) {
        let (followed, scroll) = (self.followed, self.scroll);
        self.task = Some(Task::Go(Go { target, followed, scroll }));
    }

    fn scan(&mut self, sought: Sought, way: Way, count: u64) {
        match Scan::new(&self.session, sought, (way, count), self.entry()) {
            Ok(scan) => self.task = Some(Task::Scan(scan)),
            Err(error) => self.fail(&error),
        }
    }

    fn scan_marks(&mut self, way: Way, count: u64) {
        match MarkScan::new(&self.session, (way, count), self.entry()) {
            Ok(scan) => self.task = Some(Task::Marks(scan)),
            Err(error) => self.fail(&error.into()),
        }
    }

    /// Runs to where the predicate holds, or begins to.
    pub(super) fn search(&mut self, way: Way, count: u64, only_begins: bool) {
        let Some(query) = self.query.clone() else {
            self.say("no predicate yet: / asks for one");
            return;
        };
        let here = self.entry();
        let left = self.resume.take().filter(|(entry, _)| *entry == here && way == Way::Forward);
        match left {
            Some((_, sought)) => {
                let sought = sought.beginning(only_begins);
                self.task = Some(Task::Scan(Scan::resume(sought, count, here)));
            }
            None => self.scan(Sought::query(&query, only_begins), way, count),
        }
    }

    /// The first moment of the log at which a predicate holds.
    pub(super) fn search_first(&mut self, query: Query) {
        let sought = Sought::query(&query, false);
        self.query = Some(query);
        match Scan::first(&self.session, sought) {
            Ok(scan) => self.task = Some(Task::Scan(scan)),
            Err(error) => self.fail(&error),
        }
    }

    /// Follows something else from now on.
    pub(super) fn follow(&mut self, followed: Option<Followed>) {
        self.followed = followed;
        self.story = Story::default();
        self.scroll = 0;
        if let Some(followed) = followed {
            self.panel = super::draw::FOLLOWED;
            if let Followed::Order(order) = followed {
                self.read(order);
                return;
            }
        }
        self.go(self.entry());
    }

    /// Reads an order's life, then shows the present entry again.
    fn read(&mut self, order: OrderId) {
        // The newest order behind an entry is the one with the id that the market has come to.
        let is_placed = order.0 <= self.view.placed;
        match Reading::new(&self.session, order, self.entry(), is_placed) {
            Ok(reading) => self.task = Some(Task::Read(reading)),
            Err(error) => self.fail(&error),
        }
    }

    pub(super) fn fail(&mut self, error: &PlayError) {
        let failure = Failure::play(&self.path, error);
        self.message = failure.to_string().lines().map(str::to_owned).collect();
        self.task = None;
        self.failure.get_or_insert(failure);
    }

    /// Clients have numbers below this.
    pub(super) fn clients_max(&self) -> u32 {
        self.session.seeker.archive().header().genesis.market.limits.clients_max
    }

    /// The client of this number or name.
    pub(super) fn client_named(&self, text: &str) -> Option<ClientId> {
        let client = match text.parse() {
            Ok(number) => Some(ClientId(number)),
            Err(_) => (0..agents::Kind::CLIENTS_MAX)
                .map(ClientId)
                .find(|client| self.session.names.agent(*client).as_deref() == Some(text)),
        };
        client.filter(|client| client.0 < self.clients_max())
    }
}
