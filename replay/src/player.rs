//! Replays a log entry by entry and checks every outcome and state digest on the way.

use std::io::Read;

use kernel::{Command, Engine, Event, OrderId};

use crate::block::{Block, BlockHeader, Cursor, is_state_due};
use crate::chain::{Digest, head};
use crate::entry::Entry;
use crate::error::{Damage, Difference, Diverged, LogError, Place, PlayError, Subject};
use crate::outcome::Outcome;
use crate::reader::Reader;
use crate::state::{live_orders, state_digest};

mod refresh;

use refresh::Seen;

/// Entries that are looked at ahead of time, at once.
const AHEAD: u32 = 64;
/// Live orders from which that pays for itself: measured.
const DEEP: u32 = 1 << 15;

/// A log being replayed.
#[derive(Debug)]
pub struct Player<R> {
    reader: Reader<R>,
    engine: Engine,
    outcome: Outcome,
    events: Vec<Event>,
    entry: Entry,
    /// Whether the reader's block is being replayed.
    is_in_block: bool,
    cursor: Cursor,
    /// Entries of the block that need no [`Player::look_ahead`] any more.
    looked_ahead: u32,
    /// Number of the entry applied last.
    applied: u64,
    /// Head before the present block.
    head_before: Digest,
    /// Entries since a state digest, before the present block.
    since_state: u64,
    /// Collects divergences instead of stopping at the first.
    divergences: Option<Vec<Diverged>>,
    /// What was applied of an open block that is about to be read again.
    seen: Option<Seen>,
}

/// The market right after one entry.
#[derive(Debug)]
pub struct Moment<'a> {
    /// Number of the entry, from 1.
    pub number: u64,
    /// The entry.
    pub entry: &'a Entry,
    /// What the kernel answered; empty for entries that are no commands.
    pub events: &'a [Event],
    /// The state after it.
    pub engine: &'a Engine,
    /// The sealed block, when this is its last entry.
    pub closes: Option<&'a BlockHeader>,
}

/// What a log came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Entries.
    pub entries: u64,
    /// Sealed blocks.
    pub blocks: u64,
    /// Whether the log has its `End`.
    pub is_ended: bool,
    /// Head over all entries.
    pub head: Digest,
    /// Outcome over all events.
    pub outcome: Digest,
    /// Seal of the last sealed block; of the header if there is none.
    pub seal: Digest,
    /// Last entry that the seal covers.
    pub sealed_entries: u64,
    /// Digest of the final state.
    pub state: Digest,
}

impl<R: Read> Player<R> {
    /// Prepares to replay a log from its start.
    ///
    /// # Errors
    /// [`LogError::Genesis`] when the kernel refuses the genesis.
    pub fn new(reader: Reader<R>) -> Result<Self, LogError> {
        let Ok(engine) = Engine::new(&reader.header().genesis.market) else {
            let what = "the genesis breaks a bound of the kernel";
            return Err(LogError::Genesis(crate::codec::CodecError::Malformed(what)));
        };
        Ok(Self::at(reader, engine, Outcome::after(Digest::ZERO)))
    }

    /// Goes on behind a block with a state digest, from the state that it has. The reader stands
    /// there.
    pub(crate) fn behind(reader: Reader<R>, engine: Engine, header: &BlockHeader) -> Self {
        Self::at(reader, engine, Outcome::after(header.outcome))
    }

    fn at(reader: Reader<R>, engine: Engine, outcome: Outcome) -> Self {
        Self {
            applied: reader.entries(),
            reader,
            engine,
            outcome,
            events: Vec::new(),
            entry: Entry::End,
            is_in_block: false,
            cursor: Cursor::default(),
            looked_ahead: 0,
            head_before: Digest::ZERO,
            since_state: 0,
            divergences: None,
            seen: None,
        }
    }

    /// From now on collects divergences and goes on from what was recorded.
    #[must_use]
    pub fn collecting(mut self) -> Self {
        self.divergences = Some(Vec::new());
        self
    }

    /// The divergences collected.
    pub fn divergences(&self) -> &[Diverged] {
        self.divergences.as_deref().unwrap_or_default()
    }

    /// Takes the divergences collected so far, so that they need no memory any more.
    pub fn take_divergences(&mut self) -> Vec<Diverged> {
        self.divergences.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Applies the next entry; `None` behind the last, when all has been checked.
    ///
    /// # Errors
    /// [`PlayError::Log`] as [`Reader::next_block`], and for authentic entries that cannot be read;
    /// [`PlayError::Diverged`] when this kernel does not reproduce a block.
    pub fn advance(&mut self) -> Result<Option<Moment<'_>>, PlayError> {
        loop {
            if !self.is_in_block && !self.next_block()? {
                return Ok(None);
            }
            if self.looked_ahead <= self.cursor.read() {
                self.look_ahead();
            }
            match self.cursor.next(self.reader.block(), &mut self.entry) {
                Ok(true) => break,
                Ok(false) => self.close_block()?,
                Err(what) => return Err(PlayError::Log(self.damaged(what))),
            }
        }
        self.events.clear();
        if let Entry::Command(command) = &self.entry {
            self.engine.apply(command, &mut self.events);
            self.outcome.take(&self.events);
        }
        let block = self.reader.block();
        self.applied = block.first + u64::from(self.cursor.read()) - 1;
        let closes = block.header.as_ref().filter(|_| self.cursor.read() == block.count);
        Ok(Some(Moment {
            number: self.applied,
            entry: &self.entry,
            events: &self.events,
            engine: &self.engine,
            closes,
        }))
    }

    /// Replays what is left.
    ///
    /// # Errors
    /// As [`Player::advance`].
    pub fn run(&mut self) -> Result<Summary, PlayError> {
        while self.advance()?.is_some() {}
        Ok(self.summary())
    }

    /// Compares the block whose last entry was applied with what it records, which
    /// [`Player::advance`] does when it goes on; elsewhere nothing happens.
    ///
    /// # Errors
    /// As [`Player::advance`].
    pub fn settle(&mut self) -> Result<(), PlayError> {
        if !self.is_in_block || self.cursor.read() < self.reader.block().count {
            return Ok(());
        }
        match self.cursor.next(self.reader.block(), &mut self.entry) {
            Ok(_) => self.close_block(),
            Err(what) => Err(PlayError::Log(self.damaged(what))),
        }
    }

    /// Number of the entry applied last; 0 before the first.
    pub const fn number(&self) -> u64 {
        self.applied
    }

    /// The head over all entries up to the one applied last.
    pub fn head(&self) -> Digest {
        if !self.is_in_block {
            return self.reader.head();
        }
        let block = self.reader.block();
        let entries = self.cursor.passed(block);
        match self.cursor.read() {
            0 => self.head_before,
            count => head(self.head_before, block.first, count, entries),
        }
    }

    /// Whether [`Player::advance`] has returned `None` and no error.
    pub fn is_at_end(&self) -> bool {
        !self.is_in_block && self.reader.is_at_end()
    }

    /// What the log came to, once [`Player::advance`] has returned `None`.
    pub fn summary(&self) -> Summary {
        let chain = self.reader.chain();
        let is_open = self.reader.open_block().is_some();
        Summary {
            entries: self.reader.entries(),
            blocks: chain.blocks,
            is_ended: self.reader.is_ended(),
            head: self.reader.head(),
            outcome: if is_open { self.outcome.digest() } else { chain.outcome },
            seal: chain.seal,
            sealed_entries: chain.entries,
            state: state_digest(&self.engine),
        }
    }

    /// The state after the entry applied last.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The reader underneath.
    pub const fn reader(&self) -> &Reader<R> {
        &self.reader
    }

    /// The market and its outcome, to go on recording.
    pub(crate) fn into_state(self) -> (Engine, Outcome) {
        (self.engine, self.outcome)
    }

    /// Lets the kernel of a deep book wait once for all orders that the next commands name, not for
    /// one after the other. Nothing follows from what is read here: a bad entry is found in its turn.
    fn look_ahead(&mut self) {
        self.looked_ahead = self.cursor.read().saturating_add(AHEAD);
        if self.engine.orders_live() < DEEP {
            return;
        }
        let (block, mut cursor, mut entry) = (self.reader.block(), self.cursor.clone(), Entry::End);
        let (mut named, mut len) = ([OrderId(0); AHEAD as usize], 0);
        for _ in 0..AHEAD {
            let Ok(true) = cursor.next(block, &mut entry) else { break };
            if let Entry::Command(
                Command::Cancel { order, .. }
                | Command::Reduce { order, .. }
                | Command::Replace { order, .. },
            ) = entry
            {
                named[len] = order;
                len += 1;
            }
        }
        self.engine.look_ahead(named.into_iter().take(len));
    }

    /// Takes up the next block; false behind the last.
    fn next_block(&mut self) -> Result<bool, LogError> {
        self.head_before = self.reader.chain().head;
        self.since_state = self.reader.chain().since_state;
        if self.reader.next_block()?.is_none() {
            // The cursor stays: the open block may come again with more entries.
            return Ok(false);
        }
        self.cursor = self.take_up()?;
        self.looked_ahead = self.cursor.read();
        self.is_in_block = true;
        Ok(true)
    }

    /// Compares the block just replayed with what it recorded.
    fn close_block(&mut self) -> Result<(), PlayError> {
        self.is_in_block = false;
        let Some(header) = self.reader.block().header else { return Ok(()) };
        // Only in an open block may it be of use again.
        self.cursor = Cursor::default();
        if let Some(what) = self.find_difference(&header) {
            let diverged = Diverged {
                block: header.number,
                first: header.first,
                last: header.last(),
                equal_head: self.head_before,
                what,
            };
            match &mut self.divergences {
                Some(divergences) => divergences.push(diverged),
                None => return Err(Box::new(diverged).into()),
            }
        }
        // Going on from what was recorded tells a block that differs itself from one that merely
        // follows.
        self.outcome.restart(header.outcome);
        Ok(())
    }

    fn find_difference(&self, header: &BlockHeader) -> Option<Difference> {
        let replayed = self.outcome.digest();
        if header.outcome != replayed {
            return Some(Difference::Outcome { recorded: header.outcome, replayed });
        }
        if (header.time, header.step) != (self.engine.time(), self.engine.step()) {
            return Some(Difference::Clock);
        }
        let since = self.since_state + u64::from(header.count);
        let is_due = header.is_final() || is_state_due(since, live_orders(&self.engine));
        if header.has_state() != is_due {
            return Some(Difference::StateDue { recorded: header.has_state() });
        }
        if is_due {
            let replayed = state_digest(&self.engine);
            if header.state != replayed {
                return Some(Difference::State { recorded: header.state, replayed });
            }
        }
        None
    }

    fn damaged(&self, what: Damage) -> LogError {
        let Block { offset, number, .. } = *self.reader.block();
        let place = Place { subject: Subject::Log, offset, block: number, good: self.number() };
        LogError::Damaged { place, what }
    }
}
