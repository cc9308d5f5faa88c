//! A compacted log is read as the plain one that it holds, or refused.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Read;

use replay::packed::{LEVEL, pack};
use replay::source::{Source, Stream};
use replay::{LogError, Packed, PackedError, ReadLimits, Reader};

#[path = "../common/mod.rs"]
mod common;

mod cuts;
mod flips;
mod hostile;
mod round_trip;

use common::{mixed_entries, record};

/// A log of several blocks, plain and compacted.
fn logs(entries: u64) -> (Vec<u8>, Vec<u8>) {
    let log = record(&mixed_entries(entries)).0;
    let packed = compact(&log, LEVEL);
    (log, packed)
}

#[track_caller]
fn compact(log: &[u8], level: i32) -> Vec<u8> {
    let mut packed = Vec::new();
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let packing = pack(reader, &mut packed, level).unwrap();
    assert_eq!((packing.bytes, packing.log_bytes), (packed.len() as u64, log.len() as u64));
    packed
}

/// All bytes of the plain log.
fn expand(packed: &[u8]) -> Result<Vec<u8>, PackedError> {
    read_through(&Packed::open(packed.to_vec())?)
}

/// All bytes of an opened log; the error that it was given up with, not the one around that.
fn read_through(packed: &Packed<Vec<u8>>) -> Result<Vec<u8>, PackedError> {
    let mut log = Vec::new();
    match Stream::new(packed, 0).read_to_end(&mut log) {
        Ok(_) => {
            assert_eq!(packed.size().unwrap(), log.len() as u64);
            Ok(log)
        }
        Err(error) => Err(error.downcast::<PackedError>().unwrap()),
    }
}

/// Whether a reader goes through all blocks of a compacted log.
fn verify(packed: &[u8]) -> Result<(), LogError> {
    let source = Stream::new(Packed::open(packed.to_vec()).unwrap(), 0);
    let mut reader = Reader::open(source, Vec::new(), ReadLimits::DEFAULT)?;
    while reader.next_block()?.is_some() {}
    Ok(())
}
