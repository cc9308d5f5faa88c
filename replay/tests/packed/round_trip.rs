//! The plain bytes come back, all of them and from any place.

use std::cell::Cell;
use std::io;

use replay::block::BLOCK_BYTES;
use replay::packed::{LEVEL, LEVEL_MAX, PackError, pack};
use replay::source::{Source, Stream};
use replay::{LogError, Packed, Player, ReadLimits, Reader, Recorder, SyncPolicy, header};

use super::common::{genesis, mixed_entries, record};
use super::{compact, expand, logs};

#[test]
fn the_plain_bytes_come_back() {
    for entries in [0, 1, 3, 500, 6_000, 20_000] {
        let (log, packed) = logs(entries);
        assert!(expand(&packed).unwrap() == log, "{entries} entries");
    }
}

#[test]
fn every_level_gives_the_same_log_and_always_the_same_bytes() {
    let log = record(&mixed_entries(6_000)).0;
    let mut sizes = Vec::new();
    for level in [i32::MIN, 1, LEVEL, 19, LEVEL_MAX, i32::MAX] {
        let packed = compact(&log, level);
        assert!(expand(&packed).unwrap() == log, "level {level}");
        assert!(compact(&log, level) == packed, "level {level}");
        sizes.push(packed.len());
    }
    assert_eq!((sizes[0], sizes[4]), (sizes[1], sizes[5]), "levels are clamped");
    assert!(sizes[4] < sizes[1] && sizes[1] < log.len() / 2, "{sizes:?}");
}

/// A log without its end, of a few whole blocks or none.
#[test]
fn an_open_log_ends_with_a_whole_slot() {
    for entries in [10, 6_000] {
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let policy = SyncPolicy::None;
        let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, policy).unwrap();
        for entry in &mixed_entries(entries) {
            recorder.take(entry).unwrap();
        }
        recorder.sync().unwrap();
        drop(recorder);
        let mut packed = Vec::new();
        let reader = Reader::open(&log[..], tail.clone(), ReadLimits::DEFAULT).unwrap();
        let packing = pack(reader, &mut packed, LEVEL).unwrap();
        let blocks = (log.len() as u64 - header::read(&mut &log[..]).unwrap().bytes) >> 16;
        assert_eq!(packing.blocks, blocks);
        assert!(expand(&packed).unwrap() == log);
        let plain = Reader::open(&log[..], tail.clone(), ReadLimits::DEFAULT).unwrap();
        let source = Stream::new(Packed::open(packed).unwrap(), 0);
        let compacted = Reader::open(source, tail, ReadLimits::DEFAULT).unwrap();
        let (plain, compacted) =
            (Player::new(plain).unwrap().run(), Player::new(compacted).unwrap().run());
        assert_eq!(plain.unwrap(), compacted.unwrap());
    }
}

#[test]
fn bytes_are_read_from_any_place() {
    let (log, packed) = logs(20_000);
    let packed = Packed::open(packed).unwrap();
    assert_eq!(packed.size().unwrap(), log.len() as u64);
    let blocks = log.len().div_ceil(BLOCK_BYTES);
    assert_eq!(packed.blocks(), blocks);
    let mut buffer = vec![7; 3 * BLOCK_BYTES];
    // Backwards, so that blocks are taken up out of order.
    for at in (0..log.len() + 40_000).rev().step_by(9_973) {
        for len in [0, 1, 17, BLOCK_BYTES, 3 * BLOCK_BYTES] {
            let read = packed.read_all_at(at as u64, &mut buffer[..len]).unwrap();
            let there = &log[at.min(log.len())..(at + len).min(log.len())];
            assert!(buffer[..read] == *there, "{len} bytes at {at}");
        }
    }
    for at in [log.len() as u64, u64::MAX] {
        assert_eq!(packed.read_at(at, &mut buffer).unwrap(), 0);
    }
}

/// A source that counts what is read from it.
struct Counted {
    bytes: Vec<u8>,
    reads: Cell<usize>,
    read: Cell<usize>,
}

impl Source for Counted {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read_at(offset, buffer)?;
        self.reads.set(self.reads.get() + 1);
        self.read.set(self.read.get() + read);
        Ok(read)
    }

    fn size(&self) -> io::Result<u64> {
        self.bytes.size()
    }
}

#[test]
fn a_block_costs_one_read_however_long_the_log_is() {
    let (log, bytes) = logs(20_000);
    let (reads, read) = (Cell::new(0), Cell::new(0));
    let packed = Packed::open(Counted { bytes, reads, read }).unwrap();
    let counted = packed.source();
    assert!(counted.reads.get() <= 4 && counted.read.get() < 1_000, "opening reads no block");
    for block in [3, 0, 4, 1] {
        counted.reads.set(0);
        let mut buffer = [0; 100];
        for at in (0..BLOCK_BYTES / 2).step_by(1_000) {
            let at = (log.len() % BLOCK_BYTES).max(200) + block * BLOCK_BYTES + at;
            packed.read_all_at(at as u64, &mut buffer).unwrap();
        }
        assert!(counted.reads.get() <= 2, "{} reads", counted.reads.get());
    }
}

#[test]
fn what_no_reader_accepts_is_not_compacted() {
    let log = record(&mixed_entries(6_000)).0;
    let mut damaged = log.clone();
    damaged[70_000] ^= 1;
    for (log, is_torn) in [(&log[..log.len() - 1], true), (&damaged, false)] {
        let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
        match pack(reader, &mut Vec::new(), LEVEL) {
            Err(PackError::Log(error)) => assert_eq!(error.is_torn(), is_torn, "{error}"),
            other => panic!("accepted: {other:?}"),
        }
    }
}

/// A sink that is full after so many bytes.
struct Full(usize);

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = bytes.len().min(self.0);
        self.0 -= len;
        if len == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(len) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_device_is_reported() {
    let (log, packed) = logs(200);
    for room in 0..packed.len() {
        let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
        let error = pack(reader, Full(room), LEVEL).unwrap_err();
        assert!(
            matches!(&error, PackError::Sink(error) if error.kind() == io::ErrorKind::StorageFull)
        );
    }
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    assert!(pack(reader, Full(packed.len()), LEVEL).is_ok());
}

/// A device that fails is told from a file that is wrong.
#[test]
fn errors_of_the_device_stay_what_they_are() {
    struct Failing;
    impl Source for Failing {
        fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
        fn size(&self) -> io::Result<u64> {
            Ok(1_000)
        }
    }
    let error: io::Error = Packed::open(Failing).unwrap_err().into();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    let error: io::Error = Packed::open(Vec::new()).unwrap_err().into();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    let reader = Reader::open(Stream::new(Failing, 0), Vec::new(), ReadLimits::DEFAULT);
    assert!(matches!(reader, Err(LogError::Io { .. })));
}
