//! Goes through a log after causes: forward from any entry, and backward in windows.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use kernel::{Command, Engine, OrderId, Place, Section};
use replay::block::Cursor;
use replay::{Archive, Block, Entry, LogError, PlayError, Seeker, Snapshots, Source};

use super::beside::{Beside, Seen};
use super::graph::Told;

/// Entries that are looked back over for the beginning of a moment. A decision that causes more
/// commands than that, without the clock in between, is not found.
const LOOK_BACK: u64 = 1 << 16;
/// Entries of the first window of a search backward; every further one is twice as long.
const WINDOW: u64 = 1 << 12;
/// Marks and changes of rules that are kept behind what is found.
const NOTES: usize = 16;
/// Entries between two looks at the progress.
const WATCHED: u64 = 1 << 12;

/// A log whose causes are looked for.
pub(super) struct Tracer<S, K> {
    seeker: Seeker<S, K>,
    /// What the states of snapshots count.
    counts: BTreeMap<u64, Counts>,
    /// Orders placed up to the end of a block.
    placed: BTreeMap<u64, u64>,
    /// Is told where in the log a long way has come.
    watch: Box<dyn FnMut(u64)>,
}

/// What a state counts that only ever grows.
#[derive(Clone, Copy, Debug)]
struct Counts {
    placed: u64,
    /// Priority numbers given.
    rested: u64,
}

/// What was found last.
#[derive(Clone, Debug)]
pub(super) struct Last<T> {
    pub(super) it: T,
    /// Marks and changes of rules behind it, the last ones.
    pub(super) notes: Vec<Rc<Told>>,
}

impl<S: Source + Clone, K: Snapshots> Tracer<S, K> {
    /// * `watch` - is told numbers of entries on a long way.
    pub(super) fn new(seeker: Seeker<S, K>, watch: impl FnMut(u64) + 'static) -> Self {
        let placed = BTreeMap::from([(0, 0)]);
        Self { seeker, counts: BTreeMap::new(), placed, watch: Box::new(watch) }
    }

    pub(super) const fn archive(&self) -> &Archive<S> {
        self.seeker.archive()
    }

    /// The state behind an entry.
    pub(super) fn state(&mut self, entry: u64) -> Result<&Engine, PlayError> {
        Ok(self.seeker.seek(entry, |_| ())?.engine())
    }

    /// Shows the entries from one on to another, and stops when told to.
    ///
    /// Cost: the replay from the nearest snapshot before the first.
    pub(super) fn walk(
        &mut self,
        from: u64,
        to: u64,
        mut see: impl FnMut(&Seen<'_>) -> ControlFlow<()>,
    ) -> Result<(), PlayError> {
        let start = self.start_of_moment(from)?;
        self.pass(start, to, true, |seen| {
            if from <= seen.moment.number { see(seen) } else { ControlFlow::Continue(()) }
        })
    }

    /// Shows the entries from one on to another.
    ///
    /// * `is_whole` - whether the first begins a moment.
    fn pass(
        &mut self,
        from: u64,
        to: u64,
        is_whole: bool,
        mut see: impl FnMut(&Seen<'_>) -> ControlFlow<()>,
    ) -> Result<(), PlayError> {
        let player = self.seeker.seek(from.saturating_sub(1), |_| ())?;
        let mut beside = Beside::new(is_whole || from <= 1);
        while player.number() < to {
            let Some(moment) = player.advance()? else { break };
            if moment.number % WATCHED == 0 {
                (self.watch)(moment.number);
            }
            if beside.pass(&moment, &mut see).is_break() {
                break;
            }
        }
        player.settle()
    }

    /// The last entry up to one that something is found in, and the marks and changes of rules behind
    /// it.
    ///
    /// * `floor` - entries up to this one are not looked at.
    /// * `look` - what of a state the next entry is compared with.
    ///
    /// Cost: the replay from there, in windows backward, each from a snapshot and twice as long as the
    /// one before; where there are no snapshots, of all entries.
    pub(super) fn last<C, T>(
        &mut self,
        to: u64,
        floor: u64,
        look: impl Fn(&Engine) -> C,
        mut see: impl FnMut(&C, &Seen<'_>) -> Option<T>,
    ) -> Result<Option<Last<T>>, PlayError> {
        let (mut width, mut high) = (WINDOW, to);
        let mut later = Vec::new();
        while floor < high {
            let low = self.border(high.saturating_sub(width))?.max(floor);
            let mut before = look(self.state(low)?);
            let (mut found, mut notes) = (None, Vec::new());
            self.pass(low + 1, high, false, |seen| {
                if let Some(it) = see(&before, seen) {
                    found = Some((it, seen.moment.number, seen.is_whole));
                    notes.clear();
                } else if seen.is_note() {
                    notes.push(seen.told());
                    notes.drain(..notes.len().saturating_sub(NOTES));
                }
                before = look(seen.moment.engine);
                ControlFlow::Continue(())
            })?;
            notes.append(&mut later);
            notes.drain(..notes.len().saturating_sub(NOTES));
            if let Some((mut it, number, is_whole)) = found {
                if !is_whole {
                    // The window began in the middle of its moment.
                    let before = look(self.state(number - 1)?);
                    self.walk(number, number, |seen| {
                        if let Some(whole) = see(&before, seen) {
                            it = whole;
                        }
                        ControlFlow::Break(())
                    })?;
                }
                return Ok(Some(Last { it, notes }));
            }
            (later, high, width) = (notes, low, width.saturating_mul(2));
        }
        Ok(None)
    }

    /// The last entry up to one that a state is at hand behind.
    fn border(&self, entry: u64) -> Result<u64, LogError> {
        let Some(found) = self.archive().find(entry)? else { return Ok(0) };
        for block in self.seeker.snapshots().rev().filter(|block| *block <= found) {
            let last = self.archive().block_header(block)?.last();
            if last <= entry {
                return Ok(last);
            }
        }
        Ok(0)
    }

    /// Where an order was placed, and what was asked; `None` when there are not so many orders.
    ///
    /// Cost: O(log snapshots) of them restored, and the entries behind one read, not replayed.
    pub(super) fn place_of(&mut self, order: OrderId) -> Result<Option<(u64, Place)>, PlayError> {
        if order.0 == 0 {
            return Ok(None);
        }
        self.narrow(order.0)?;
        let before = self.placed.iter().rev().find(|(_, placed)| **placed < order.0);
        let (mut number, mut placed) = before.map_or((0, 0), |(block, placed)| (*block, *placed));
        loop {
            number += 1;
            let Some(block) = self.archive().block(number)? else { return Ok(None) };
            let mut found = None;
            entries(self.archive(), &block, |entry, at| {
                if let Entry::Command(Command::Place(place)) = entry {
                    placed += 1;
                    if placed == order.0 {
                        found = Some((at, *place));
                    }
                }
            })?;
            self.placed.insert(number, placed);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// How many orders the log places.
    pub(super) fn orders(&mut self) -> Result<u64, PlayError> {
        let none = self.place_of(OrderId(u64::MAX))?;
        debug_assert!(none.is_none(), "a log has not so many entries");
        Ok(self.placed.last_key_value().map_or(0, |(_, placed)| *placed))
    }

    /// Learns of the snapshots around an order how many were placed before them.
    fn narrow(&mut self, order: u64) -> Result<(), PlayError> {
        if self.placed.last_key_value().is_some_and(|(_, placed)| order <= *placed) {
            return Ok(());
        }
        if let Some((block, counts)) = self.snapshot_before(order, |counts| counts.placed)? {
            self.placed.insert(block, counts.placed);
        }
        Ok(())
    }

    /// The last snapshot in which a counter is below a value, and what is counted there.
    fn snapshot_before(
        &mut self,
        value: u64,
        counter: impl Fn(&Counts) -> u64,
    ) -> Result<Option<(u64, Counts)>, PlayError> {
        let snapshots: Vec<_> = self.seeker.snapshots().collect();
        let (mut low, mut high, mut best) = (0, snapshots.len(), None);
        while low < high {
            let middle = low + (high - low) / 2;
            let Some(block) = snapshots.get(middle).copied() else { break };
            let counts = self.counts(block)?;
            if counter(&counts) < value {
                (low, best) = (middle + 1, Some((block, counts)));
            } else {
                high = middle;
            }
        }
        Ok(best)
    }

    /// What is counted behind a block.
    fn counts(&mut self, block: u64) -> Result<Counts, PlayError> {
        if let Some(counts) = self.counts.get(&block) {
            return Ok(*counts);
        }
        let last = self.archive().block_header(block)?.last();
        let engine = self.state(last)?;
        let counts = Counts { placed: engine.placed(), rested: rested(engine) };
        self.counts.insert(block, counts);
        Ok(counts)
    }

    /// An entry behind which, and at some distance only, an order came to the place in its queue
    /// that has this priority number.
    pub(super) fn before_rest(&mut self, order: OrderId, priority: u64) -> Result<u64, PlayError> {
        let placed = self.place_of(order)?.map_or(0, |(entry, _)| entry - 1);
        let rested = match self.snapshot_before(priority, |counts| counts.rested)? {
            Some((block, _)) => self.archive().block_header(block)?.last(),
            None => 0,
        };
        Ok(placed.max(rested))
    }

    /// The entry with which the moment of an entry begins: that of its clock.
    fn start_of_moment(&self, from: u64) -> Result<u64, LogError> {
        let archive = self.archive();
        let Some(mut number) = archive.find(from)? else { return Ok(from) };
        loop {
            let Some(block) = archive.block(number)? else { return Ok(from) };
            let mut start = None;
            entries(archive, &block, |entry, at| {
                if at <= from && matches!(entry, Entry::Command(Command::Clock { .. })) {
                    start = Some(at);
                }
            })?;
            if let Some(start) = start {
                return Ok(start);
            }
            if number == 1 || LOOK_BACK <= from - block.first {
                return Ok(block.first);
            }
            number -= 1;
        }
    }
}

/// Shows the entries of a block with their numbers, without a replay.
pub(super) fn entries<S: Source + Clone>(
    archive: &Archive<S>,
    block: &Block,
    mut see: impl FnMut(&Entry, u64),
) -> Result<(), LogError> {
    let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
    for number in (block.first..).take(block.count as usize) {
        match cursor.next(block, &mut entry) {
            Ok(true) => see(&entry, number),
            // What cannot be read is told with its place.
            Ok(false) | Err(_) => return archive.entry(number).map(|_| ()),
        }
    }
    Ok(())
}

/// Priority numbers given so far. RULES.md §9.
fn rested(engine: &Engine) -> u64 {
    let mut clock = Vec::new();
    engine.write_section(Section::Clock, &mut clock);
    let number = clock.get(24..32).and_then(|bytes| bytes.first_chunk::<8>());
    number.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
