//! A log read at any place is the log read from its start.

use replay::block::{BLOCK_BYTES, Cursor};
use replay::{Archive, Entry, LogError, ReadLimits, Reader, Recorder, SyncPolicy};

use crate::common::{genesis, mixed_entries, record};

/// A log that was interrupted, with its tail.
pub(crate) fn interrupted(len: u64, synced: bool) -> (Vec<u8>, Vec<u8>) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    for entry in mixed_entries(len) {
        recorder.take(&entry).unwrap();
    }
    if synced {
        recorder.sync().unwrap();
    }
    drop(recorder);
    (log, tail)
}

pub(crate) fn archive(log: &[u8], tail: Vec<u8>) -> Archive<&[u8]> {
    Archive::open(log, tail, ReadLimits::DEFAULT).unwrap()
}

/// Whatever a reader from the start sees, the archive finds.
fn check(log: &[u8], tail: &[u8]) {
    let archive = archive(log, tail.to_vec());
    let mut reader = Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT).unwrap();
    let mut number = 0;
    while let Some(block) = reader.next_block().unwrap() {
        number += 1;
        let found = archive.block(number).unwrap().unwrap();
        assert_eq!(
            (found.first, found.count, found.payload(), found.header, found.offset),
            (block.first, block.count, block.payload(), block.header, block.offset)
        );
        if let Some(header) = block.header {
            assert_eq!(archive.block_header(number).unwrap(), header);
        }
        for entry in [block.first, block.first + u64::from(block.count) - 1] {
            assert_eq!(archive.find(entry).unwrap(), Some(number), "entry {entry}");
        }
    }
    assert_eq!((archive.entries(), archive.is_ended()), (reader.entries(), reader.is_ended()));
    assert_eq!(archive.blocks(), reader.chain().blocks);
    assert_eq!(archive.find(0).unwrap(), None);
    assert_eq!(archive.find(archive.entries() + 1).unwrap(), None);
    assert!(archive.block(number + 1).unwrap().is_none());
    assert_eq!(archive.seal(archive.blocks()).unwrap(), reader.chain().seal);
}

#[test]
fn it_is_the_log_read_from_its_start() {
    for len in [0, 1, 2_000, 3_000, 20_000] {
        let (log, _) = record(&mixed_entries(len));
        check(&log, &[]);
        for synced in [false, true] {
            let (log, tail) = interrupted(len, synced);
            check(&log, &tail);
        }
    }
}

#[test]
fn a_tail_of_blocks_that_were_sealed_long_ago_is_ignored() {
    let (log, _) = record(&mixed_entries(20_000));
    let first = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut seal = first.header().seal;
    let mut reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    while reader.next_block().unwrap().is_some() {
        check(&log, &replay::tail::encode_header(seal));
        seal = reader.chain().seal;
    }
    let foreign = replay::tail::encode_header(replay::Digest([7; 32])).to_vec();
    let refused = Archive::open(&log[..], foreign, ReadLimits::DEFAULT);
    assert!(matches!(refused, Err(LogError::Damaged { .. })), "{refused:?}");
}

#[test]
fn an_entry_is_found_by_its_number() {
    let (log, _) = record(&mixed_entries(9_000));
    let (archive, all) = (archive(&log, Vec::new()), entries(&log));
    for (number, expected) in (1..).zip(&all).step_by(137) {
        assert_eq!(archive.entry(number).unwrap().as_ref(), Some(expected), "entry {number}");
    }
    assert_eq!(archive.entry(archive.entries()).unwrap(), Some(Entry::End));
    assert_eq!(archive.entry(0).unwrap(), None);
    assert_eq!(archive.entry(archive.entries() + 1).unwrap(), None);
}

/// What is torn or damaged at the end is refused as a reader refuses it.
#[test]
fn a_cut_log_is_torn() {
    let (log, _) = record(&mixed_entries(20_000));
    let mut torn = 0;
    for cut in (0..log.len()).step_by(1_009) {
        let by_reader = || -> Result<u64, LogError> {
            let mut reader = Reader::open(&log[..cut], Vec::new(), ReadLimits::DEFAULT)?;
            while reader.next_block()?.is_some() {}
            Ok(reader.entries())
        };
        let archive = Archive::open(&log[..cut], Vec::new(), ReadLimits::DEFAULT);
        match (by_reader(), archive) {
            (Ok(entries), Ok(archive)) => assert_eq!(entries, archive.entries()),
            (Err(one), Err(other)) => {
                torn += 1;
                assert_eq!(one.to_string(), other.to_string(), "cut at {cut}");
            }
            (one, other) => panic!("cut at {cut}: {one:?}, {other:?}"),
        }
    }
    assert!(50 < torn, "{torn} cuts were inside a block");
}

#[test]
fn a_block_that_was_changed_is_refused_when_it_is_read() {
    let (log, _) = record(&mixed_entries(20_000));
    let whole = archive(&log, Vec::new());
    let header_bytes = usize::try_from(whole.header().bytes).unwrap();
    for number in 1..=whole.blocks() {
        let at = header_bytes + BLOCK_BYTES * usize::try_from(number - 1).unwrap();
        for offset in [8, 40, 60, 250] {
            let mut flipped = log.clone();
            flipped[at + offset] ^= 1;
            let refused = Archive::open(&flipped[..], Vec::new(), ReadLimits::DEFAULT)
                .and_then(|archive| archive.block(number).map(|_| ()));
            assert!(matches!(refused, Err(LogError::Damaged { .. })), "block {number} + {offset}");
        }
    }
}

/// All entries of a log, by a reader from its start.
pub(crate) fn entries(log: &[u8]) -> Vec<Entry> {
    let mut reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut entries = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        while cursor.next(block, &mut entry).unwrap() {
            entries.push(entry.clone());
        }
    }
    entries
}
