//! Where two logs part is where they part.

use replay::bisect::{Comparison, Recorded, compare};
use replay::block::{Chain, Closing};
use replay::slot::Slot;
use replay::{Digest, Entry, Genesis, ReadLimits, Reader, Recorder, SyncPolicy};

use super::archives::{archive, entries, interrupted};
use crate::common::{genesis, mixed_entries, record};

fn compared(a: &[u8], b: &[u8]) -> Comparison {
    let (a, b) = (archive(a, Vec::new()), archive(b, Vec::new()));
    let found = compare(&a, &b).unwrap();
    let back = compare(&b, &a).unwrap();
    assert_eq!((found.equal_entries, found.equal_head), (back.equal_entries, back.equal_head));
    found
}

/// The head over the first entries of a list.
pub(crate) fn head_of(entries: &[Entry]) -> Digest {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    for entry in entries {
        recorder.take(entry).unwrap();
    }
    recorder.head()
}

#[test]
fn equal_logs_do_not_part() {
    for len in [0, 1, 9_000] {
        let (log, finished) = record(&mixed_entries(len));
        let found = compared(&log, &log);
        assert_eq!((found.parting, found.behaviour), (None, None));
        assert_eq!((found.equal_entries, found.equal_head), (len + 1, finished.head));
        assert!(found.has_equal_genesis);
    }
}

#[test]
fn the_first_entry_that_differs_is_named_wherever_it_is() {
    let whole = mixed_entries(9_000);
    let (log, _) = record(&whole);
    let ended = entries(&log);
    for at in (0..whole.len()).step_by(701).chain([0, 1, whole.len() - 1]) {
        for kind in 0..3 {
            let mut edited = whole.clone();
            let mark = Entry::Mark(replay::Mark { name: "other".parse().unwrap(), number: 0 });
            match kind {
                0 => edited[at] = mark,
                1 => drop(edited.remove(at)),
                _ => edited.insert(at, mark),
            }
            let (other, _) = record(&edited);
            let other_entries = entries(&other);
            let first = ended.iter().zip(&other_entries).position(|(a, b)| a != b).unwrap();
            let found = compared(&log, &other);
            let parting = found.parting.unwrap();
            assert_eq!(parting.entry, first as u64 + 1, "edit {kind} at {at}");
            assert_eq!(parting.entries[0].as_ref(), ended.get(first));
            assert_eq!(parting.entries[1].as_ref(), other_entries.get(first));
            assert_eq!(found.equal_entries, first as u64);
            assert_eq!(found.equal_head, head_of(&ended[..first]), "edit {kind} at {at}");
            assert_eq!(found.behaviour, None);
        }
    }
}

#[test]
fn a_log_parts_from_its_prefix_behind_it() {
    let (log, _) = record(&mixed_entries(9_000));
    for len in [0, 1, 2_000, 8_999, 9_000] {
        for synced in [false, true] {
            let (cut, tail) = interrupted(len, synced);
            let (a, b) = (archive(&log, Vec::new()), archive(&cut, tail));
            let found = compare(&a, &b).unwrap();
            let parting = found.parting.unwrap();
            assert_eq!(parting.entry, b.entries() + 1);
            assert_eq!(parting.entries[1], None);
            assert!(parting.entries[0].is_some());
        }
    }
}

/// The open block may hold all entries of what is a sealed block elsewhere.
#[test]
fn a_log_that_was_interrupted_at_a_block_border_parts_behind_it() {
    let (log, _) = record(&mixed_entries(9_000));
    let whole = archive(&log, Vec::new());
    for number in 1..whole.blocks() {
        let last = whole.block_header(number).unwrap().last();
        let (cut, tail) = interrupted(last, true);
        let cut = archive(&cut, tail);
        assert_eq!(cut.blocks() + 1, number, "the last block is open");
        let found = compare(&whole, &cut).unwrap();
        assert_eq!(found.equal_entries, last);
        let parting = found.parting.unwrap();
        assert_eq!((parting.entry, parting.block), (last + 1, number + 1));
        assert_eq!(parting.entries[1], None);
        assert_eq!(compare(&cut, &whole).unwrap().parting.unwrap().entry, last + 1);
    }
}

/// A log with the same entries and another outcome from a block on, as another kernel records it.
fn forged(log: &[u8], from: u64) -> Vec<u8> {
    forge(log, |number| from <= number)
}

/// The same, in one block only.
pub(crate) fn forged_at(log: &[u8], block: u64) -> Vec<u8> {
    forge(log, |number| number == block)
}

fn forge(log: &[u8], is_other: impl Fn(u64) -> bool) -> Vec<u8> {
    let mut reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let header_bytes = usize::try_from(reader.header().bytes).unwrap();
    let mut bytes = log[..header_bytes].to_vec();
    let mut chain = Chain::new(reader.header().seal);
    while let Some(block) = reader.next_block().unwrap() {
        let header = block.header.unwrap();
        let mut outcome = header.outcome;
        outcome.0[0] ^= u8::from(is_other(header.number));
        let closing = Closing {
            is_final: header.is_final(),
            count: header.count,
            time: header.time,
            step: header.step,
            outcome,
            state: header.has_state().then_some(header.state),
        };
        let mut slot = Slot::from(block.payload());
        let forged = chain.close(&closing, &mut slot);
        let start = bytes.len();
        bytes.extend_from_slice(&forged.encode());
        bytes.extend_from_slice(block.payload());
        if !forged.is_final() {
            bytes.resize(start + replay::block::BLOCK_BYTES, 0);
        }
        chain.advance(&forged);
    }
    bytes
}

#[test]
fn the_first_outcome_that_differs_is_named() {
    let (log, finished) = record(&mixed_entries(20_000));
    let blocks = archive(&log, Vec::new()).blocks();
    assert!(8 < blocks);
    for from in 1..=blocks {
        let found = compared(&log, &forged(&log, from));
        assert_eq!(found.parting, None);
        assert_eq!((found.equal_blocks, found.equal_head), (blocks, finished.head));
        let behaviour = found.behaviour.unwrap();
        assert_eq!(behaviour.headers[0].number, from);
        assert_eq!(behaviour.what, Recorded::Outcome);
    }
}

#[test]
fn another_genesis_is_told_and_hides_nothing() {
    let whole = mixed_entries(9_000);
    let (log, _) = record(&whole);
    let (mut other, mut tail) = (Vec::new(), Vec::new());
    let other_genesis = Genesis { seed: 9, ..genesis() };
    let mut recorder =
        Recorder::create(&other_genesis, &mut other, &mut tail, SyncPolicy::None).unwrap();
    for entry in &whole[..8_000] {
        recorder.take(entry).unwrap();
    }
    recorder.finish().unwrap();
    let found = compared(&log, &other);
    assert!(!found.has_equal_genesis);
    assert_eq!(found.parting.unwrap().entry, 8_001);
    assert_eq!(found.behaviour, None, "the kernel did the same");
}

/// A comparison reads two headers for each halving, and one block of each log.
#[test]
fn it_reads_little() {
    let whole = mixed_entries(100_000);
    let mut edited = whole.clone();
    edited.remove(77_777);
    let (log, other) = (record(&whole).0, record(&edited).0);
    let (a, b) = (archive(&log, Vec::new()), archive(&other, Vec::new()));
    let before = a.reads() + b.reads();
    assert_eq!(compare(&a, &b).unwrap().parting.unwrap().entry, 77_778);
    let reads = a.reads() + b.reads() - before;
    let halvings = u64::from(a.blocks().ilog2()) + 2;
    assert!(reads <= 2 * halvings + 6, "{reads} reads of {} blocks", a.blocks());
}
