//! Where two logs part, found in a number of reads that grows with the logarithm of their length.
//!
//! A head commits to all entries before it, so "the heads behind block i are equal" is true up to
//! some block and false from there on, and so it is with outcomes and with seals. What is searched is
//! what the headers say: whether they say the truth, `replay verify` tells.

use crate::archive::{Archive, first};
use crate::block::{Block, BlockHeader, Cursor};
use crate::chain::{Digest, head};
use crate::entry::Entry;
use crate::error::{Damage, LogError, Place, Subject};
use crate::source::Source;

/// What two logs have in common, and what not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether they start from the same genesis.
    pub has_equal_genesis: bool,
    /// Leading blocks that hold the same entries.
    pub equal_blocks: u64,
    /// Leading entries that are the same.
    pub equal_entries: u64,
    /// Head over those.
    pub equal_head: Digest,
    /// The first entry that differs; `None` when both hold the same entries.
    pub parting: Option<Parting>,
    /// Where, in blocks of the same entries, what the kernel did differs first.
    pub behaviour: Option<Behaviour>,
}

/// The first entry of two logs that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Its number.
    pub entry: u64,
    /// The block that holds it.
    pub block: u64,
    /// What either log has there; `None` for a log that ends before it.
    pub entries: [Option<Entry>; 2],
}

/// The first block of two logs with the same entries whose recorded results differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// What either log says of it.
    pub headers: [BlockHeader; 2],
    /// What differs.
    pub what: Recorded,
}

/// A result of the kernel that a block records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Its events.
    Outcome,
    /// Logical time or step behind the block.
    Clock,
    /// The state behind the block, or whether its digest is due.
    State,
}

impl Recorded {
    /// The result's name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Clock => "clock",
            Self::State => "state",
        }
    }
}

/// Compares two logs. Cost: two reads for each step of a binary search over blocks, once for the
/// entries and, where they differ, once for the results; then one block of each.
///
/// # Errors
/// As [`Archive::block`].
pub fn compare<A: Source + Clone, B: Source + Clone>(
    a: &Archive<A>,
    b: &Archive<B>,
) -> Result<Comparison, LogError> {
    let common = a.blocks().min(b.blocks());
    let pair = |number| Ok::<_, LogError>([a.block_header(number)?, b.block_header(number)?]);
    let equal_blocks = count_equal(common, |number| pair(number).map(|[a, b]| a.head == b.head))?;
    let last = if equal_blocks == 0 { None } else { Some(pair(equal_blocks)?) };
    let (equal_entries, equal_head) =
        last.map_or((0, Digest::ZERO), |[header, _]| (header.last(), header.head));
    let has_equal_genesis = a.header().seal == b.header().seal;
    let mut comparison = Comparison {
        has_equal_genesis,
        equal_blocks,
        equal_entries,
        equal_head,
        parting: None,
        behaviour: None,
    };
    let number = equal_blocks + 1;
    part([&a.block(number)?, &b.block(number)?].map(Option::as_ref), number, &mut comparison)?;
    if comparison.parting.is_none() && a.entries() != b.entries() {
        // An open block with all entries of a sealed one: the longer log goes on behind it.
        let number = number + 1;
        part([&a.block(number)?, &b.block(number)?].map(Option::as_ref), number, &mut comparison)?;
    }
    if let Some([last_a, last_b]) = last {
        // Without a common genesis seals differ from the start and say nothing.
        let is_equal = |[a, b]: [BlockHeader; 2]| {
            if has_equal_genesis { a.seal == b.seal } else { a.outcome == b.outcome }
        };
        if !is_equal([last_a, last_b]) {
            let equal = count_equal(equal_blocks, |number| pair(number).map(is_equal))?;
            let headers = pair(equal + 1)?;
            comparison.behaviour = Some(Behaviour { headers, what: differing(&headers) });
        }
    }
    Ok(comparison)
}

/// How many of the first `len` numbers, from 1, something holds for, when it holds for none behind
/// the first for which it does not.
fn count_equal(
    len: u64,
    mut holds: impl FnMut(u64) -> Result<bool, LogError>,
) -> Result<u64, LogError> {
    if len == 0 || holds(len)? {
        return Ok(len);
    }
    Ok(first(len, |number| Ok(!holds(number)?))? - 1)
}

fn differing([a, b]: &[BlockHeader; 2]) -> Recorded {
    if a.outcome != b.outcome {
        Recorded::Outcome
    } else if (a.time, a.step) != (b.time, b.step) {
        Recorded::Clock
    } else {
        Recorded::State
    }
}

/// Finds the first entry that differs in two blocks behind equal ones.
fn part(
    blocks: [Option<&Block>; 2],
    number: u64,
    comparison: &mut Comparison,
) -> Result<(), LogError> {
    let [mut in_a, mut in_b] = blocks.map(Walk::new);
    let before = comparison.equal_head;
    let first = comparison.equal_entries + 1;
    let mut count = 0;
    loop {
        let passed = in_a.passed();
        let (entry_a, entry_b) = (in_a.next(first)?, in_b.next(first)?);
        if entry_a == entry_b && entry_a.is_some() {
            count += 1;
            continue;
        }
        if 0 < count {
            comparison.equal_entries += u64::from(count);
            comparison.equal_head = head(before, first, count, passed);
        }
        if entry_a != entry_b {
            comparison.parting = Some(Parting {
                entry: comparison.equal_entries + 1,
                block: number,
                entries: [entry_a, entry_b],
            });
        }
        return Ok(());
    }
}

/// A walk over the entries of a block that may not be there.
struct Walk<'a> {
    block: Option<&'a Block>,
    cursor: Cursor,
}

impl<'a> Walk<'a> {
    fn new(block: Option<&'a Block>) -> Self {
        Self { block, cursor: Cursor::default() }
    }

    fn passed(&self) -> &'a [u8] {
        self.block.map_or(&[], |block| self.cursor.passed(block))
    }

    fn next(&mut self, first: u64) -> Result<Option<Entry>, LogError> {
        let Some(block) = self.block else { return Ok(None) };
        let mut entry = Entry::End;
        let damaged = |what: Damage| {
            let (offset, number, good) = (block.offset, block.number, first - 1);
            let place = Place { subject: Subject::Log, offset, block: number, good };
            LogError::Damaged { place, what }
        };
        let is_there = self.cursor.next(block, &mut entry).map_err(damaged)?;
        Ok(is_there.then_some(entry))
    }
}
