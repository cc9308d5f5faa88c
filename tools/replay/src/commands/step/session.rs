//! The log as the model goes about in it: a seeker, and the trades on the way to where it stands.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;

use cli::{LogFile, SnapshotFolder};
use kernel::{ClientId, Event, OrderId, Price, Qty, Side, TimeNs};
use replay::snapshot::SnapshotError;
use replay::{Entry, LogError, Mark, Moment, PlayError, Seeker, Snapshots};

use crate::commands::names::Names;
use crate::commands::seeking::LogArchive;

pub(super) type StepSeeker = Seeker<Rc<LogFile>, Quiet>;

/// Entries that are replayed before the screen and the keyboard have their turn.
pub(super) const SLICE: u64 = 1 << 12;
/// Blocks whose states are remembered: some tens of thousands of entries back are one block away.
const REMEMBERED: u64 = 8;
/// Most trades that are kept.
const TRADES: usize = 256;

/// Snapshots beside the log, of which nothing is said where a screen is.
pub(super) struct Quiet {
    folder: Option<SnapshotFolder>,
    refused: Rc<RefCell<Vec<String>>>,
}

impl Snapshots for Quiet {
    fn blocks(&mut self) -> Vec<u64> {
        self.folder.blocks()
    }

    fn load(&mut self, block: u64, bytes_max: u64) -> Option<Vec<u8>> {
        self.folder.load(block, bytes_max)
    }

    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool {
        self.folder.keep(block, bytes)
    }

    fn refuse(&mut self, block: u64, error: SnapshotError) {
        self.refused.borrow_mut().push(format!("snapshot {block} {error}; done without it"));
    }
}

/// One trade of the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TapeTrade {
    pub(super) entry: u64,
    pub(super) time: TimeNs,
    pub(super) price: Price,
    pub(super) qty: Qty,
    pub(super) side: Side,
    pub(super) taker: (ClientId, OrderId),
    pub(super) maker: (ClientId, OrderId),
}

/// What was seen of the entries `from` to `to` without a gap.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) trades: VecDeque<TapeTrade>,
    pub(super) mark: Option<(u64, Mark)>,
}

impl Seen {
    /// Nothing yet, behind an entry.
    pub(super) const fn behind(entry: u64) -> Self {
        Self { from: entry + 1, to: entry, trades: VecDeque::new(), mark: None }
    }

    fn see(&mut self, moment: &Moment<'_>) {
        self.to = moment.number;
        if let Entry::Mark(mark) = moment.entry {
            self.mark = Some((moment.number, mark.clone()));
        }
        for event in moment.events {
            let &Event::Traded {
                maker,
                taker,
                maker_client,
                taker_client,
                taker_side,
                price,
                qty,
                ..
            } = event
            else {
                continue;
            };
            if self.trades.len() == TRADES {
                self.trades.pop_front();
            }
            self.trades.push_back(TapeTrade {
                entry: moment.number,
                time: moment.engine.time(),
                price,
                qty,
                side: taker_side,
                taker: (taker_client, taker),
                maker: (maker_client, maker),
            });
        }
    }
}

/// A log in which the model goes about.
pub(super) struct Session {
    pub(super) seeker: StepSeeker,
    pub(super) names: Names,
    pub(super) seen: Seen,
    refused: Rc<RefCell<Vec<String>>>,
}

impl Session {
    /// * `folder` - where snapshots are kept; `None` for nowhere.
    pub(super) fn new(archive: LogArchive, folder: Option<SnapshotFolder>) -> Self {
        let refused = Rc::new(RefCell::new(Vec::new()));
        let names = Names::of(std::slice::from_ref(&archive.header().genesis));
        let store = Quiet { folder, refused: Rc::clone(&refused) };
        let seeker = Seeker::new(archive, store).remembering(REMEMBERED);
        Self { seeker, names, seen: Seen::behind(0), refused }
    }

    pub(super) fn entries(&self) -> u64 {
        self.seeker.archive().entries()
    }

    /// What was said of snapshots since the last call.
    pub(super) fn take_refused(&self) -> Vec<String> {
        self.refused.take()
    }

    /// The block of an entry, the open one included; 1 before the first entry.
    pub(super) fn block_of(&self, entry: u64) -> Result<u64, LogError> {
        Ok(self.seeker.archive().find(entry)?.unwrap_or(1))
    }

    /// The first entry of a block, the open one included.
    pub(super) fn first_of(&self, block: u64) -> Result<u64, LogError> {
        let before = block.saturating_sub(1);
        if before == 0 {
            return Ok(1);
        }
        Ok(self.seeker.archive().block_header(before)?.last() + 1)
    }

    /// The entry from which on trades are shown behind this one: the first of the block before its
    /// own, so that a moment has one tape, however it was reached.
    pub(super) fn tape_from(&self, entry: u64) -> Result<u64, LogError> {
        self.first_of(self.block_of(entry)?.saturating_sub(1).max(1))
    }

    /// Whether the entries from this one to where the seeker stands were all seen.
    pub(super) fn has_seen_from(&self, entry: u64) -> bool {
        let here = self.seeker.here().map(replay::Player::number);
        self.seen.from <= entry && here == Some(self.seen.to)
    }

    /// Goes towards an entry without looking; true on arrival.
    pub(super) fn approach(&mut self, entry: u64) -> Result<bool, PlayError> {
        self.seeker.approach(entry, SLICE, |_| ())
    }

    /// Goes on by so many entries and remembers what it sees.
    pub(super) fn watch(&mut self, most: u64) -> Result<(), PlayError> {
        let Self { seeker, seen, .. } = self;
        seeker.walk(most, |moment| {
            seen.see(moment);
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Applies the next entry and gives it, with its events.
    pub(super) fn apply(&mut self) -> Result<Option<(Entry, Vec<Event>)>, PlayError> {
        let mut applied = None;
        let Self { seeker, seen, .. } = self;
        seeker.walk(1, |moment| {
            seen.see(moment);
            applied = Some((moment.entry.clone(), moment.events.to_vec()));
            ControlFlow::Break(())
        })?;
        Ok(applied)
    }
}
