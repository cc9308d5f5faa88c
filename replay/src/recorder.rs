//! Records a market: append, then apply. The venue of every producer whose run is kept.
//!
//! An entry is *acknowledged* once a sync that covers it has returned. Errors of the device are
//! final: after one the recorder takes nothing more, because what the device kept is unknown.

use std::io::Read;

use kernel::{Command, Decision, Engine, Event, Venue};

use crate::block::{Block, Chain, PAYLOAD_BYTES_MAX};
use crate::chain::Digest;
use crate::codec::{CodecError, encode_command, encode_decision, encode_entry};
use crate::entry::{Entry, Mark, Update};
use crate::error::{LogError, Subject};
use crate::genesis::Genesis;
use crate::header;
use crate::medium::Medium;
use crate::outcome::Outcome;
use crate::player::Player;
use crate::slot::Slot;

mod device;

/// When entries become durable without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncPolicy {
    /// Never: the operating system writes when it likes.
    None,
    /// When a block is sealed.
    Block,
    /// Before each entry is applied.
    Entry,
}

/// A market whose every input is logged.
#[derive(Debug)]
pub struct Recorder<M> {
    engine: Engine,
    events: Vec<Event>,
    outcome: Outcome,
    chain: Chain,
    /// The open block.
    slot: Slot,
    count: u32,
    /// Bytes that the first entry of the open block must exceed, where the log was found to end with a
    /// sealed block.
    room: usize,
    /// How much of the open block stands in the tail.
    framed_bytes: usize,
    framed_count: u32,
    /// Whether the tail has its header.
    tail_begun: bool,
    log: M,
    /// Whether the log was written to since its last sync.
    is_log_dirty: bool,
    tail: M,
    policy: SyncPolicy,
    acknowledged: u64,
    has_failed: bool,
}

/// What a finished log ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Entries, `End` included.
    pub entries: u64,
    /// Head over all entries.
    pub head: Digest,
    /// Seal of the final block.
    pub seal: Digest,
    /// Digest of the final state.
    pub state: Digest,
}

impl<M: Medium> Recorder<M> {
    /// Starts a log on two empty media.
    ///
    /// # Errors
    /// [`LogError::UnwritableGenesis`] for one that the format cannot hold or the kernel refuses;
    /// [`LogError::Io`].
    pub fn create(
        genesis: &Genesis,
        mut log: M,
        tail: M,
        policy: SyncPolicy,
    ) -> Result<Self, LogError> {
        let Ok(engine) = Engine::new(&genesis.market) else {
            let what = CodecError::Malformed("the genesis breaks a bound of the kernel");
            return Err(LogError::UnwritableGenesis(what));
        };
        let bytes = header::encode(genesis)?;
        let mut seal = Digest::ZERO;
        seal.0.copy_from_slice(bytes.split_at(bytes.len() - 32).1);
        log.append(&bytes).map_err(LogError::io(Subject::Log))?;
        let mut recorder = Self {
            engine,
            events: Vec::new(),
            outcome: Outcome::after(Digest::ZERO),
            chain: Chain::new(seal),
            slot: Slot::new(),
            count: 0,
            room: 0,
            framed_bytes: 0,
            framed_count: 0,
            tail_begun: false,
            log,
            is_log_dirty: true,
            tail,
            policy,
            acknowledged: 0,
            has_failed: false,
        };
        if policy != SyncPolicy::None {
            recorder.guard(Self::sync_log)?;
        }
        Ok(recorder)
    }

    /// Goes on with an open log that was played to its end, on media that stand at their ends.
    ///
    /// When the log ends with a sealed block, the entry that once followed is lost, and it was longer
    /// than that block has room for. The producer that made it makes it again; a first entry that
    /// would fit is refused with [`LogError::Fits`], `End` too, because no reader would accept it.
    ///
    /// # Errors
    /// [`LogError::Ended`] for a log with its `End`; [`LogError::Io`].
    ///
    /// # Panics
    /// When the player was not played to its end: behind an error or entries that it has not seen,
    /// nothing may be appended.
    pub fn resume<R: Read>(
        played: Player<R>,
        log: M,
        tail: M,
        policy: SyncPolicy,
    ) -> Result<Self, LogError> {
        if played.reader().is_ended() {
            return Err(LogError::Ended);
        }
        assert!(played.is_at_end(), "a log is continued behind its last entry");
        let chain = played.reader().chain().clone();
        let tail_begun = played.reader().is_tail_current();
        let (slot, count, room) = match played.reader().open_block() {
            Some(Block { slot, count, .. }) => (slot.clone(), *count, 0),
            None => (Slot::new(), 0, played.reader().room()),
        };
        let (engine, outcome) = played.into_state();
        let mut recorder = Self {
            engine,
            events: Vec::new(),
            outcome,
            framed_bytes: slot.len(),
            framed_count: count,
            acknowledged: 0,
            chain,
            slot,
            count,
            room,
            tail_begun,
            log,
            is_log_dirty: true,
            tail,
            policy,
            has_failed: false,
        };
        // What was found may still be in the operating system's hands only, and a tail that repeats
        // the last block may go only once that block is durable.
        recorder.guard(|recorder| {
            recorder.sync_log()?;
            if !tail_begun {
                recorder.tail.clear().map_err(LogError::io(Subject::Tail))?;
            }
            recorder.sync_tail()
        })?;
        recorder.acknowledged = recorder.entries();
        Ok(recorder)
    }

    /// Notes a named moment.
    ///
    /// # Errors
    /// [`LogError::Io`] and [`LogError::Closed`].
    pub fn mark(&mut self, mark: &Mark) -> Result<(), LogError> {
        let entry = Entry::Mark(mark.clone());
        self.append(|bytes| encode_entry(&entry, bytes))
    }

    /// Notes a learner's update.
    ///
    /// # Errors
    /// [`LogError::Io`] and [`LogError::Closed`].
    pub fn update(&mut self, update: Update) -> Result<(), LogError> {
        self.append(|bytes| encode_entry(&Entry::Update(update), bytes))
    }

    /// Takes an entry of a command, decision, mark or update; the way of importers and rewriters.
    ///
    /// # Errors
    /// [`LogError::Unwritable`] for [`Entry::End`], which only [`Recorder::finish`] writes;
    /// [`LogError::Io`] and [`LogError::Closed`].
    pub fn take(&mut self, entry: &Entry) -> Result<&[Event], LogError> {
        match entry {
            Entry::Command(command) => self.submit(*command),
            Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) => {
                self.append(|bytes| encode_entry(entry, bytes))?;
                Ok(&[])
            }
            Entry::End => {
                Err(LogError::Unwritable(CodecError::Malformed("only a finished log has an end")))
            }
        }
    }

    /// Returns once every entry so far is durable.
    ///
    /// # Errors
    /// [`LogError::Io`] and [`LogError::Closed`].
    pub fn sync(&mut self) -> Result<(), LogError> {
        self.guard(|recorder| {
            recorder.sync_log()?;
            recorder.write_frame()?;
            recorder.sync_tail()
        })?;
        self.acknowledged = self.entries();
        Ok(())
    }

    /// Writes `End`, seals the final block and empties the tail. The log is durable on return.
    ///
    /// # Errors
    /// [`LogError::Io`] and [`LogError::Closed`].
    pub fn finish(mut self) -> Result<Finished, LogError> {
        // Never in a frame: only a sealed final block says that the producer finished.
        self.put(|bytes| encode_entry(&Entry::End, bytes))?;
        let state = self.guard(|recorder| {
            let header = recorder.seal(true)?;
            recorder.sync_log()?;
            recorder.clear_tail()?;
            Ok(header.state)
        })?;
        let Chain { entries, head, seal, .. } = self.chain;
        Ok(Finished { entries, head, seal, state })
    }

    /// Number of the last entry.
    pub fn entries(&self) -> u64 {
        self.chain.entries + u64::from(self.count)
    }

    /// Number of the last entry that survives a loss of power.
    pub const fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// The head over all entries so far.
    pub fn head(&self) -> Digest {
        self.chain.prefix_head(self.count, self.slot.payload())
    }

    /// Seal of the last sealed block; of the header while there is none.
    pub const fn seal_so_far(&self) -> Digest {
        self.chain.seal
    }

    /// Takes an entry into the open block and makes it durable if every entry has to be.
    fn append(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, CodecError>,
    ) -> Result<(), LogError> {
        self.put(encode)?;
        if self.policy == SyncPolicy::Entry {
            self.sync()?;
        }
        Ok(())
    }

    /// Takes an entry into the open block, sealing it first when it has no room.
    fn put(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, CodecError>,
    ) -> Result<(), LogError> {
        if self.has_failed {
            return Err(LogError::Closed);
        }
        let len = self.slot.push(encode).map_err(LogError::Unwritable)?;
        if PAYLOAD_BYTES_MAX < self.slot.len() {
            self.begin_block(len)?;
        } else if len <= self.room {
            return Err(self.refuse_border(len));
        }
        self.room = 0;
        self.count += 1;
        Ok(())
    }

    /// Seals the open block without its last entry, which is the first of the next one.
    #[cold]
    fn begin_block(&mut self, len: usize) -> Result<(), LogError> {
        let entry = self.slot.pop(len);
        self.guard(|recorder| recorder.seal(false))?;
        self.slot.extend(&entry);
        Ok(())
    }

    /// Takes back an entry that no reader would accept as the first of a block. FORMAT.md §4.2.
    #[cold]
    fn refuse_border(&mut self, len: usize) -> LogError {
        self.slot.pop(len);
        LogError::Fits { len, room: self.room }
    }
}

impl<M: Medium> Venue for Recorder<M> {
    type Error = LogError;

    fn submit(&mut self, command: Command) -> Result<&[Event], LogError> {
        self.append(|bytes| encode_command(&command, bytes))?;
        self.events.clear();
        self.engine.apply(&command, &mut self.events);
        self.outcome.take(&self.events);
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), LogError> {
        self.append(|bytes| encode_decision(&decision, bytes))
    }

    /// # Errors
    /// [`LogError::Unwritable`] for a name that marks cannot have; [`LogError::Io`] and
    /// [`LogError::Closed`].
    fn mark(&mut self, name: &str, number: u64) -> Result<(), LogError> {
        let unwritable =
            |_| LogError::Unwritable(CodecError::Malformed("a mark cannot have this name"));
        let name = name.parse().map_err(unwritable)?;
        Self::mark(self, &Mark { name, number })
    }

    fn engine(&self) -> &Engine {
        &self.engine
    }
}
