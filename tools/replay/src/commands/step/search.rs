//! Runs through a log until something holds, forward or back, in slices.
//!
//! Forward, entry after entry is looked at. Back, block after block, each from its first entry on,
//! and of what holds there the last counts. A predicate about what came before (`trades > 100`) is
//! looked at from the start of the log either way.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use kernel::Event;
use query::{Evaluator, Query};
use replay::{Moment, PlayError};

use super::follow::Followed;
use super::keys::Way;
use super::session::{SLICE, Session};

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) enum Sought {
    /// Where it holds, or only where it begins to hold.
    Query {
        query: Query,
        evaluator: Box<Evaluator>,
        only_begins: bool,
    },
    Trade,
    Clock,
    Touch(Followed),
}

impl Sought {
    pub(super) fn query(query: &Query, only_begins: bool) -> Self {
        let evaluator = Box::new(Evaluator::new(query));
        Self::Query { query: query.clone(), evaluator, only_begins }
    }

    /// Whether an entry is one of those looked for, which a run of them is by its first alone where
    /// only beginnings count: `was` says whether the entry before was one.
    fn holds(&mut self, moment: &Moment<'_>, was: bool) -> (bool, bool) {
        let is_one = |is: fn(&Event) -> bool| moment.events.iter().any(is);
        let now = match self {
            Self::Query { evaluator, .. } => evaluator.see(moment),
            Self::Trade => is_one(|event| matches!(event, Event::Traded { .. })),
            Self::Clock => is_one(|event| matches!(event, Event::ClockMoved { .. })),
            Self::Touch(followed) => followed.is_touched(moment),
        };
        let counts = now && !(was && matches!(self, Self::Query { only_begins: true, .. }));
        (now, counts)
    }

    /// The same predicate, which counts where it holds or only where it begins to.
    pub(super) fn beginning(mut self, begins: bool) -> Self {
        if let Self::Query { only_begins, .. } = &mut self {
            *only_begins = begins;
        }
        self
    }

    fn needs_history(&self) -> bool {
        matches!(self, Self::Query { query, .. } if query.needs_history())
    }

    const fn only_begins(&self) -> bool {
        matches!(self, Self::Query { only_begins: true, .. })
    }

    /// Starts a predicate without history over, for the entries of another block.
    fn renew(&mut self) {
        if let Self::Query { query, evaluator, .. } = self {
            **evaluator = Evaluator::new(query);
        }
    }

    /// Whether the market before the first entry is one of those looked for.
    fn holds_at_start(&self, session: &Session) -> bool {
        match self {
            Self::Query { evaluator, .. } => {
                session.seeker.here().is_some_and(|player| evaluator.start(player.engine()))
            }
            Self::Trade | Self::Clock | Self::Touch(_) => false,
        }
    }

    /// In words, for messages.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Query { query, only_begins: false, .. } => format!("entry at which {query}"),
            Self::Query { query, .. } => format!("entry that begins {query}"),
            Self::Trade => "trade".to_owned(),
            Self::Clock => "market step".to_owned(),
            Self::Touch(_) => "entry that touches what is followed".to_owned(),
        }
    }
}

/// How a search ended.
#[derive(Debug)]
pub(super) enum Found {
    /// At this entry; fewer than were asked for where `missing` is not 0.
    At {
        entry: u64,
        missing: u64,
    },
    Nowhere,
}

/// A search under way.
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) sought: Sought,
    pub(super) way: Way,
    /// The entry from which it is looked: those behind it count, or those before it.
    origin: u64,
    /// How many are still to be found.
    left: u64,
    /// The last one found.
    found: Option<u64>,
    /// Where it goes on: an entry, or when it goes back block by block, a block.
    at: u64,
    by_block: bool,
    /// Whether the entry before was one.
    was: bool,
    /// Of a search back that looks from the start: those found last.
    last: VecDeque<u64>,
    /// Until the market before the first entry was looked at: whether it counts too.
    start: Option<bool>,
}

impl Scan {
    /// Looks from an entry for the so-manieth that is sought.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn new(
        session: &Session,
        sought: Sought,
        (way, count): (Way, u64),
        origin: u64,
    ) -> Result<Self, PlayError> {
        let needs_history = sought.needs_history();
        let by_block = way == Way::Back && !needs_history;
        let at = if by_block {
            session.block_of(origin.saturating_sub(1))?
        } else if needs_history {
            0
        } else {
            // Whether it begins shows the entry itself.
            origin.saturating_sub(u64::from(sought.only_begins()))
        };
        Ok(Self {
            sought,
            way,
            origin,
            left: count.max(1),
            found: None,
            at,
            by_block,
            was: false,
            last: VecDeque::new(),
            start: Some(way == Way::Back),
        })
    }

    /// The first of the whole log, the market before the first entry included.
    pub(super) fn first(session: &Session, sought: Sought) -> Result<Self, PlayError> {
        let scan = Self::new(session, sought, (Way::Forward, 1), 0)?;
        Ok(Self { start: Some(true), ..scan })
    }

    /// Goes on with a predicate that has seen all entries up to `origin`, where it holds.
    pub(super) fn resume(sought: Sought, count: u64, origin: u64) -> Self {
        Self {
            sought,
            way: Way::Forward,
            origin,
            left: count.max(1),
            found: None,
            at: origin,
            by_block: false,
            was: true,
            last: VecDeque::new(),
            start: None,
        }
    }

    /// The entry at which it is, for progress.
    pub(super) fn place(&self, session: &Session) -> u64 {
        if self.by_block { session.first_of(self.at.max(1)).unwrap_or(0) } else { self.at }
    }

    /// Looks at some entries; `None` while there is more to look at.
    ///
    /// # Errors
    /// As [`replay::Seeker::seek`].
    pub(super) fn slice(&mut self, session: &mut Session) -> Result<Option<Found>, PlayError> {
        if self.by_block { self.block(session) } else { self.forward(session) }
    }

    fn forward(&mut self, session: &mut Session) -> Result<Option<Found>, PlayError> {
        if !session.approach(self.at)? {
            return Ok(None);
        }
        if let Some(counts_start) = self.start.take()
            && self.at == 0
        {
            self.was = self.sought.holds_at_start(session);
            let counts = counts_start && self.was;
            if counts && self.way == Way::Forward {
                return Ok(Some(Found::At { entry: 0, missing: 0 }));
            }
            if counts && 0 < self.origin {
                self.note(0);
            }
        }
        let (mut done, way, origin) = (None, self.way, self.origin);
        let is_at_end = session.seeker.walk(SLICE, |moment| {
            if way == Way::Back && origin <= moment.number {
                done = Some(self.ended());
                return ControlFlow::Break(());
            }
            self.at = moment.number;
            let (now, counts) = self.sought.holds(moment, self.was);
            self.was = now;
            if counts && (way == Way::Back || origin < moment.number) {
                done = self.note(moment.number);
            }
            if done.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(done.or_else(|| is_at_end.then(|| self.ended())))
    }

    /// Notes one that was found; what the search comes to, if that was enough.
    fn note(&mut self, entry: u64) -> Option<Found> {
        if self.way == Way::Back {
            self.last.push_back(entry);
            if self.left < self.last.len() as u64 {
                self.last.pop_front();
            }
            return None;
        }
        self.left -= 1;
        self.found = Some(entry);
        (self.left == 0).then_some(Found::At { entry, missing: 0 })
    }

    /// What a search comes to that has nothing left to look at.
    fn ended(&mut self) -> Found {
        let missing = self.left - self.last.len() as u64;
        match self.last.front().copied().or(self.found) {
            Some(entry) => Found::At { entry, missing },
            None => Found::Nowhere,
        }
    }

    /// Looks at the entries of one block, and goes to the one before it.
    fn block(&mut self, session: &mut Session) -> Result<Option<Found>, PlayError> {
        if self.origin == 0 {
            return Ok(Some(Found::Nowhere));
        }
        let first = session.first_of(self.at)?;
        let last = session.first_of(self.at + 1).map_or(u64::MAX, |next| next - 1);
        let last = last.min(self.origin - 1).min(session.entries());
        // Whether it begins at the first entry shows the one before.
        let start = (first - 1).saturating_sub(u64::from(self.sought.only_begins()));
        if !session.approach(start)? {
            return Ok(None);
        }
        self.sought.renew();
        let mut was = start == 0 && self.sought.holds_at_start(session);
        let mut hits = Vec::new();
        if was && first == 1 {
            hits.push(0);
        }
        session.seeker.walk(last.saturating_sub(start), |moment| {
            let (now, counts) = self.sought.holds(moment, was);
            was = now;
            hits.extend((counts && first <= moment.number).then_some(moment.number));
            ControlFlow::Continue(())
        })?;
        let len = hits.len() as u64;
        if let Some(enough) = len.checked_sub(self.left) {
            let place = usize::try_from(enough).unwrap_or(usize::MAX);
            return Ok(hits.get(place).map(|entry| Found::At { entry: *entry, missing: 0 }));
        }
        self.left -= len;
        self.found = hits.first().copied().or(self.found);
        self.at -= 1;
        Ok((self.at == 0).then(|| self.ended()))
    }
}
