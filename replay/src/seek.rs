//! Goes to any moment of a log, forwards and backwards, from the nearest state that is at hand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;

use kernel::Engine;

use crate::archive::Archive;
use crate::block::{BLOCK_BYTES, BlockHeader};
use crate::error::PlayError;
use crate::player::{Moment, Player};
use crate::snapshot::{SnapshotError, bytes_max, encode, restore};
use crate::source::{Source, Stream};

/// Where snapshots are kept, each by the number of its block. What is kept may be lost or wrong at
/// any time: it is checked when it is taken up.
pub trait Snapshots {
    /// The blocks of which there is a snapshot.
    fn blocks(&mut self) -> Vec<u64>;

    /// The bytes of a snapshot, if it can be read. Of one that is longer, so many at the most and one
    /// more: no state of the log needs them.
    fn load(&mut self, block: u64, bytes_max: u64) -> Option<Vec<u8>>;

    /// Keeps a snapshot; false where that cannot be done.
    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool;

    /// A snapshot turned out to be of no use.
    fn refuse(&mut self, block: u64, error: SnapshotError);
}

/// Snapshots in memory.
impl Snapshots for BTreeMap<u64, Vec<u8>> {
    fn blocks(&mut self) -> Vec<u64> {
        self.keys().copied().collect()
    }

    fn load(&mut self, block: u64, _: u64) -> Option<Vec<u8>> {
        self.get(&block).cloned()
    }

    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool {
        self.insert(block, bytes.to_vec());
        true
    }

    fn refuse(&mut self, block: u64, _: SnapshotError) {
        self.remove(&block);
    }
}

/// Bytes of log that a snapshot must spare a replay for each byte of its own.
const SPARED: u64 = 4;
/// Bytes of an order that rests, in a snapshot.
const RECORD_BYTES: u64 = 38;
/// Entries that are replayed rather than passed over with a snapshot.
const NEAR: u64 = 8_192;

/// Most live orders and accounts in all remembered states together: some 64 MiB. Accounts are dense,
/// so a market of one order can have many.
const REMEMBERED_MAX: u64 = 1 << 20;

/// A log in which one can go anywhere.
#[derive(Debug)]
pub struct Seeker<S, K> {
    archive: Archive<S>,
    store: K,
    /// Blocks of which the store has a snapshot.
    kept: BTreeSet<u64>,
    player: Option<Player<Stream<S>>>,
    /// States behind the blocks before the place that was sought last, ascending.
    remembered: VecDeque<Remembered>,
    /// Most of these.
    remembers: u64,
}

/// A state behind a block that was replayed here, and so needs no digest to vouch for it.
#[derive(Debug)]
struct Remembered {
    header: BlockHeader,
    /// Entries since a state digest.
    since_state: u64,
    engine: Engine,
}

impl<S: Source + Clone, K: Snapshots> Seeker<S, K> {
    /// A seeker of this log with these snapshots.
    pub fn new(archive: Archive<S>, mut store: K) -> Self {
        let blocks = 1..=archive.blocks();
        let kept = store.blocks().into_iter().filter(|block| blocks.contains(block)).collect();
        let remembered = VecDeque::new();
        Self { archive, store, kept, player: None, remembered, remembers: 0 }
    }

    /// From now on remembers the states behind so many blocks before the place that is sought, so
    /// that going back a little replays one block and not all since a snapshot.
    #[must_use]
    pub const fn remembering(mut self, blocks: u64) -> Self {
        self.remembers = blocks;
        self
    }

    /// The log.
    pub const fn archive(&self) -> &Archive<S> {
        &self.archive
    }

    /// The blocks behind which there are snapshots, ascending: to go there costs no replay.
    pub fn snapshots(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.kept.iter().copied()
    }

    /// The market right behind an entry, 0 for the one before the first, and the way on from there.
    ///
    /// Cost: the replay of the entries since the nearest snapshot, some 65,536 or 8 times the live
    /// orders. Where there is none, of all entries; the snapshots that are passed are kept.
    ///
    /// * `watch` - is told the number of every block that was replayed.
    ///
    /// # Errors
    /// As [`Player::advance`].
    ///
    /// # Panics
    /// When the log has no such entry.
    pub fn seek(
        &mut self,
        entry: u64,
        mut watch: impl FnMut(u64),
    ) -> Result<&mut Player<Stream<S>>, PlayError> {
        self.approach(entry, u64::MAX, &mut watch)?;
        let Some(player) = &mut self.player else { unreachable!("the seeker arrived") };
        Ok(player)
    }

    /// Goes towards an entry as [`Seeker::seek`] does, but replays so many entries at the most, for
    /// those who may not be kept waiting. True on arrival; until then the next call goes on.
    ///
    /// # Errors
    /// As [`Seeker::seek`].
    ///
    /// # Panics
    /// As [`Seeker::seek`].
    pub fn approach(
        &mut self,
        entry: u64,
        most: u64,
        mut watch: impl FnMut(u64),
    ) -> Result<bool, PlayError> {
        assert!(entry <= self.archive.entries(), "a seeker goes to entries that are there");
        let target = self.archive.find(entry)?.unwrap_or(0);
        let mut player = self.nearest(entry)?;
        let mut left = most;
        while player.number() < entry && 0 < left {
            left -= 1;
            let Some(moment) = player.advance()? else { return Err(self.archive.shrunk().into()) };
            if let Some(header) = moment.closes.copied() {
                // What does not reproduce is no state to go on from.
                player.settle()?;
                watch(header.number);
                self.keep(&header, player.engine());
                self.remember(&header, &player, target);
            }
        }
        Ok(entry <= self.player.insert(player).number())
    }

    /// Where the seeker stands, if it has gone anywhere.
    pub const fn here(&self) -> Option<&Player<Stream<S>>> {
        self.player.as_ref()
    }

    /// Goes on from where it stands, and shows every moment until the look breaks, so many entries are
    /// done, or the log ends. True when it ended.
    ///
    /// # Errors
    /// As [`Seeker::seek`].
    pub fn walk(
        &mut self,
        most: u64,
        mut look: impl FnMut(&Moment<'_>) -> ControlFlow<()>,
    ) -> Result<bool, PlayError> {
        let mut player = match self.player.take() {
            Some(player) => player,
            None => self.nearest(0)?,
        };
        for _ in 0..most {
            let Some(moment) = player.advance()? else {
                self.player = Some(player);
                return Ok(true);
            };
            let flow = look(&moment);
            if let Some(header) = moment.closes.copied() {
                player.settle()?;
                self.keep(&header, player.engine());
            }
            if flow.is_break() {
                break;
            }
        }
        self.player = Some(player);
        Ok(false)
    }

    /// A player at the latest moment at hand that is not behind an entry.
    fn nearest(&mut self, entry: u64) -> Result<Player<Stream<S>>, PlayError> {
        let here = self.player.take().filter(|here| here.number() <= entry);
        let here = match here {
            Some(here) if entry - here.number() <= NEAR => return Ok(here),
            here => self.recall(entry, here),
        };
        let mut block = self.archive.find(entry)?.unwrap_or(0).min(self.archive.blocks());
        while let Some(number) = self.kept.range(..=block).next_back().copied() {
            block = number - 1;
            let header = self.archive.block_header(number)?;
            if entry < header.last() {
                continue;
            }
            if here.as_ref().is_some_and(|here| header.last() <= here.number() + NEAR) {
                break;
            }
            if let Some(player) = self.restore(&header) {
                return Ok(player);
            }
        }
        match here {
            Some(here) => Ok(here),
            None => Ok(Player::new(self.archive.reader_behind(0)?)?),
        }
    }

    /// The latest remembered state that is not behind an entry, where it is later than the player.
    fn recall(&self, entry: u64, here: Option<Player<Stream<S>>>) -> Option<Player<Stream<S>>> {
        let from = here.as_ref().map_or(0, Player::number);
        let is_of_use = |it: &&Remembered| from < it.header.last() && it.header.last() <= entry;
        let Some(found) = self.remembered.iter().rev().find(is_of_use) else { return here };
        let reader = self.archive.reader_behind_passed(&found.header, found.since_state);
        Some(Player::behind(reader, found.engine.clone(), &found.header))
    }

    /// Remembers the state behind a block on the way to another one, where it is among the last.
    fn remember(&mut self, header: &BlockHeader, player: &Player<Stream<S>>, target: u64) {
        let engine = player.engine();
        let is_near = target.saturating_sub(header.number) <= self.remembers;
        if self.remembers == 0 || !is_near || header.is_final() {
            return;
        }
        let held = u64::from(engine.orders_live()) + engine.accounts().count() as u64;
        if REMEMBERED_MAX < held.saturating_mul(self.remembers) {
            return;
        }
        // In order, and each once: what is behind this block is of a place that was left.
        while self.remembered.back().is_some_and(|last| header.number <= last.header.number) {
            self.remembered.pop_back();
        }
        if self.remembers <= self.remembered.len() as u64 {
            self.remembered.pop_front();
        }
        let since_state = player.reader().chain().since_state;
        self.remembered.push_back(Remembered {
            header: *header,
            since_state,
            engine: engine.clone(),
        });
    }

    /// A player behind a block of which there is a snapshot, if that is of use.
    fn restore(&mut self, header: &BlockHeader) -> Option<Player<Stream<S>>> {
        let number = header.number;
        let genesis = &self.archive.header().genesis.market;
        let bytes = self.store.load(number, bytes_max(header, genesis));
        let restored = bytes.map(|bytes| restore(&bytes, header, genesis));
        match restored {
            Some(Ok(engine)) => {
                let reader = self.archive.reader_behind_header(header);
                Some(Player::behind(reader, engine, header))
            }
            Some(Err(error)) => {
                self.kept.remove(&number);
                self.store.refuse(number, error);
                None
            }
            None => {
                self.kept.remove(&number);
                None
            }
        }
    }

    /// Keeps a snapshot of the state behind a block, where one can be checked and pays for itself.
    fn keep(&mut self, header: &BlockHeader, engine: &Engine) {
        let number = header.number;
        if !header.has_state() || header.is_final() || self.kept.contains(&number) {
            return;
        }
        let before = self.kept.range(..number).next_back().copied().unwrap_or(0);
        let spared = (number - before) * BLOCK_BYTES as u64;
        if spared < SPARED * RECORD_BYTES * u64::from(engine.orders_live()) {
            return;
        }
        if let Some(bytes) = encode(header, engine)
            && self.store.keep(number, &bytes)
        {
            self.kept.insert(number);
        }
    }
}

/// Snapshots that outlive their seeker.
impl<K: Snapshots> Snapshots for &mut K {
    fn blocks(&mut self) -> Vec<u64> {
        (**self).blocks()
    }

    fn load(&mut self, block: u64, bytes_max: u64) -> Option<Vec<u8>> {
        (**self).load(block, bytes_max)
    }

    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool {
        (**self).keep(block, bytes)
    }

    fn refuse(&mut self, block: u64, error: SnapshotError) {
        (**self).refuse(block, error);
    }
}

/// No snapshots at all, where there is no store.
impl<K: Snapshots> Snapshots for Option<K> {
    fn blocks(&mut self) -> Vec<u64> {
        self.as_mut().map_or_else(Vec::new, K::blocks)
    }

    fn load(&mut self, block: u64, bytes_max: u64) -> Option<Vec<u8>> {
        self.as_mut()?.load(block, bytes_max)
    }

    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool {
        self.as_mut().is_some_and(|store| store.keep(block, bytes))
    }

    fn refuse(&mut self, block: u64, error: SnapshotError) {
        if let Some(store) = self {
            store.refuse(block, error);
        }
    }
}
