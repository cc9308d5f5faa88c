//! Numbers that are meant to hurt: no long work, no memory for what is not there.

use std::io::Read;
use std::time::Duration;

use kernel::Limits;
use replay::codec::CodecError;
use replay::error::Damage;
use replay::tail::{TAIL_BYTES_MAX, TAIL_HEADER_BYTES, encode_header};
use replay::{Genesis, LogError, ReadLimits, Reader, header};

use super::common::{genesis, mixed_entries, record};
use super::forge::{blocks, patch};
use super::{damage, verify};

/// Notes the largest buffer that it is asked to fill.
struct Watching<'a> {
    bytes: &'a [u8],
    asked_max: usize,
}

impl Read for Watching<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.asked_max = self.asked_max.max(buffer.len());
        self.bytes.read(buffer)
    }
}

/// A header that announces a genesis of this length and then ends.
fn announcing(len: u32) -> Vec<u8> {
    let mut bytes = header::encode(&genesis()).unwrap();
    bytes[12..16].copy_from_slice(&len.to_le_bytes());
    bytes
}

#[test]
fn an_announced_genesis_is_not_believed() {
    for len in [u32::MAX, 1 << 31, (1 << 20) + 1] {
        let error = verify(&announcing(len), &[]).unwrap_err();
        assert!(matches!(error, LogError::Limit { limit: 1_048_576, .. }), "{error}");
    }
    let bytes = announcing(1 << 20);
    let mut source = Watching { bytes: &bytes, asked_max: 0 };
    let error = header::read(&mut source).unwrap_err();
    assert!(matches!(error, LogError::HeaderCut { .. }), "{error}");
    assert!(source.asked_max < 1 << 17, "{} bytes reserved ahead", source.asked_max);
}

#[test]
fn counts_in_a_genesis_are_not_believed() {
    let bytes = replay::codec::encode_genesis(&genesis()).unwrap();
    for at in [58, 62, bytes.len() - 5] {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let error = replay::codec::decode_genesis(&bytes).unwrap_err();
        assert!(matches!(error, CodecError::CutShort | CodecError::Malformed(_)), "{error}");
    }
}

#[test]
fn an_announced_payload_is_not_believed() {
    let (log, _) = record(&mixed_entries(10));
    let at = blocks(&log)[0];
    for len in [u32::MAX, 1 << 31, 65_325] {
        let forged = patch(&log, at, 28, &len.to_le_bytes());
        assert_eq!(damage(verify(&forged, &[])), Damage::Field, "{len}");
    }
    let forged = patch(&log, at, 28, &65_324_u32.to_le_bytes());
    assert!(matches!(verify(&forged, &[]), Err(LogError::Torn { .. })));
}

#[test]
fn a_tail_has_a_longest_length() {
    let (log, _) = record(&[]);
    let limit = usize::try_from(TAIL_BYTES_MAX).unwrap();
    assert!(verify(&log, &vec![0; limit]).is_ok());
    let error = verify(&log, &vec![0; limit + 1]).unwrap_err();
    assert!(matches!(error, LogError::Limit { found: 1_371_849, limit: 1_371_848, .. }), "{error}");
}

#[test]
fn a_genesis_may_ask_for_more_than_a_reader_gives() {
    let with = |orders_max| {
        let limits = Limits { orders_max, ..Limits::DEFAULT };
        let market = kernel::Genesis { limits, ..kernel::Genesis::open() };
        header::encode(&Genesis::new(market, "test")).unwrap()
    };
    let open = |log: &[u8], orders_max| {
        Reader::open(log, Vec::new(), ReadLimits { orders_max, ..ReadLimits::DEFAULT }).map(|_| ())
    };
    let (modest, greedy) = (with(1 << 22), with((1 << 22) + 1));
    open(&modest, ReadLimits::DEFAULT.orders_max).unwrap();
    let error = open(&greedy, ReadLimits::DEFAULT.orders_max).unwrap_err();
    assert!(matches!(error, LogError::Limit { limit: 4_194_304, .. }), "{error}");
    open(&greedy, 1 << 28).unwrap();
}

/// A tail in which every eighth offset looks like the start of a long frame of a later entry, so
/// that its checksum has to be computed.
fn costly_tail(header: &[u8], len: usize) -> Vec<u8> {
    let mut tail = header.to_vec();
    let word = 65_300_u64.to_le_bytes();
    tail.extend(word.iter().cycle().take(len - header.len()));
    tail
}

/// CPU time of this thread, where the system tells: waiting for other work does not count.
fn cpu_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[test]
fn a_hostile_tail_costs_little_time() {
    let log = header::encode(&genesis()).unwrap();
    let limit = usize::try_from(TAIL_BYTES_MAX).unwrap();
    let header = encode_header(header::read(&mut &log[..]).unwrap().seal);
    let mut bad = header;
    bad[TAIL_HEADER_BYTES - 1] ^= 1;
    for header in [header, bad] {
        let tail = costly_tail(&header, limit);
        let start = cpu_time();
        let error = verify(&log, &tail).unwrap_err();
        assert!(matches!(error, LogError::TornFrame { .. }), "{error}");
        if let (Some(start), Some(end)) = (start, cpu_time()) {
            let taken = end.saturating_sub(start);
            assert!(taken < Duration::from_secs(2), "{taken:?}");
        }
    }
}
