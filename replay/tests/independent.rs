//! A second reader, written from FORMAT.md alone: slices, blake3 and crc32c, nothing of this crate
//! but the writer that made the log and the player that it is compared with.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use replay::{Player, ReadLimits, Reader};

mod common;

type Digest = [u8; 32];

const ZERO: Digest = [0; 32];

/// §6: `H(role; bytes)`.
fn hash(role: &str, bytes: &[u8]) -> Digest {
    blake3::derive_key(&format!("replay 2026-11 v0 {role}"), bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn digest_at(bytes: &[u8], at: usize) -> Digest {
    bytes[at..at + 32].try_into().unwrap()
}

/// What one pass over a log gives.
#[derive(Debug, Default)]
struct Findings {
    entries: u64,
    blocks: u64,
    head: Digest,
    outcome: Digest,
    seal: Digest,
    /// Entries by tag.
    tags: BTreeMap<u8, u64>,
    /// Logical time, as the last clock left it.
    time: u64,
    states: u64,
}

/// §6.1: with zeros up to 65,536 bytes.
fn head(parts: &[&[u8]]) -> Digest {
    let mut input = parts.concat();
    input.resize(65_536, 0);
    hash("head", &input)
}

/// §2: checks the file header; returns its length and digest.
fn read_header(log: &[u8]) -> (usize, Digest) {
    assert_eq!(log[..8], [0x89, 0x52, 0x45, 0x50, 0x4C, 0x0D, 0x0A, 0x1A]);
    assert_eq!((u16_at(log, 8), u16_at(log, 10)), (0, 0), "format and kernel version");
    let signed = 16 + usize::try_from(u32_at(log, 12)).unwrap();
    let digest = digest_at(log, signed);
    assert_eq!(digest, hash("header", &log[..signed]));
    // §4.1: of a genesis without options the fixed part, two counts, seed, producer, no parameters,
    // no parent.
    let genesis = &log[16..signed];
    assert_eq!(&genesis[54..74], &[0; 20], "no band, exempt clients, endowments; seed 0");
    let producer = u16_at(genesis, 74);
    assert_eq!(&genesis[76..76 + producer], b"test");
    assert_eq!(&genesis[76 + producer..], &[0; 5], "no parameters, no parent");
    (signed + 32, digest)
}

/// §3: bytes of the entry that starts here.
fn entry_len(bytes: &[u8]) -> usize {
    match bytes[0] {
        1 => place_len(bytes),
        2 => 13,
        3 | 6 => 17,
        4 => 21,
        5 => 5,
        7 => match bytes[1] {
            1 | 2 | 3 | 9 | 11 => 6,
            4 | 5 | 10 => 10,
            6 | 7 => 3,
            8 => 7,
            rule => panic!("rule {rule}"),
        },
        8 | 31 => 1,
        16 if bytes[21] == 1 => 32 + 4 * u16_at(bytes, 30),
        16 => 24 + 4 * u16_at(bytes, 22),
        17 => 11 + u16_at(bytes, 1),
        18 => 45,
        tag => panic!("tag {tag}"),
    }
}

/// §3.1: a Place without an expiry, a price, a display or a stop has 22 bytes.
fn place_len(bytes: &[u8]) -> usize {
    let kind = if bytes[18] == 3 { 28 } else { 20 };
    let extras = if bytes[kind] <= 1 { kind + 5 } else { kind + 1 };
    extras + [1, 5, 5, 9][usize::from(bytes[extras])]
}

/// §6.4, by its recursive definition.
fn root(heads: &[Digest]) -> Digest {
    match heads {
        [] => ZERO,
        [head] => hash("leaf", head),
        _ => {
            let split = (1..heads.len()).rfind(|len| len.is_power_of_two()).unwrap();
            let (left, right) = heads.split_at(split);
            hash("node", &[root(left), root(right)].concat())
        }
    }
}

/// §4.2 and §6: checks every block; the outcomes and states are believed.
fn read(log: &[u8]) -> Findings {
    let (mut at, seal) = read_header(log);
    let mut found = Findings { seal, ..Findings::default() };
    let (mut heads, mut room, mut is_ended) = (Vec::new(), 0, false);
    while at < log.len() {
        assert!(!is_ended, "nothing follows a final block");
        let (header, rest) = log[at..].split_at(212);
        assert_eq!(&header[..4], b"RBLK");
        assert_eq!(u32_at(header, 208), crc32c::crc32c(&header[..208]));
        let flags = u32_at(header, 4);
        assert_eq!(flags & !3, 0);
        is_ended = flags & 1 != 0;
        let (payload, padding) = rest.split_at(usize::try_from(u32_at(header, 28)).unwrap());
        assert!(payload.len() <= 65_324);
        assert_eq!(u64_at(header, 8), found.blocks + 1);
        assert_eq!(u64_at(header, 16), found.entries + 1);
        assert!(found.blocks == 0 || room < entry_len(payload), "border");
        count_entries(payload, u32_at(header, 24), is_ended, &mut found);
        check_digests(header, payload, &heads, &mut found);
        heads.push(found.head);
        room = 65_324 - payload.len();
        at += if is_ended { 212 + payload.len() } else { 65_536 };
        assert!(is_ended || padding[..room].iter().all(|byte| *byte == 0));
        found.blocks += 1;
    }
    assert!(is_ended && at == log.len());
    found
}

fn count_entries(payload: &[u8], count: u32, is_final: bool, found: &mut Findings) {
    let (mut at, mut read, mut last) = (0, 0, 0);
    while at < payload.len() {
        last = payload[at];
        *found.tags.entry(last).or_default() += 1;
        if last == 6 {
            found.time = found.time.max(u64_at(payload, at + 1));
        }
        at += entry_len(&payload[at..]);
        read += 1;
    }
    assert_eq!((at, read), (payload.len(), count));
    assert_eq!(last == 31, is_final, "End closes the final block");
    found.entries += u64::from(count);
}

fn check_digests(header: &[u8], payload: &[u8], heads: &[Digest], found: &mut Findings) {
    let head = head(&[&found.head[..], &header[16..28], payload]);
    assert_eq!(digest_at(header, 48), head);
    assert_eq!(digest_at(header, 144), root(heads));
    let signed = [&found.seal[..], &header[48..144], &header[4..48], &header[144..176]].concat();
    assert_eq!(signed.len(), 204);
    let seal = hash("seal", &signed);
    assert_eq!(digest_at(header, 176), seal);
    let has_state = u32_at(header, 4) & 2 != 0;
    assert!(has_state || digest_at(header, 112) == ZERO);
    assert_eq!(u64_at(header, 32), found.time, "time after the block");
    (found.head, found.seal, found.outcome) = (head, seal, digest_at(header, 80));
    found.states += u64::from(has_state);
}

#[test]
fn a_reader_written_from_the_page_agrees_with_the_player() {
    let entries = common::mixed_entries(20_000);
    let (log, finished) = common::record(&entries);
    let found = read(&log);
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let summary = Player::new(reader).unwrap().run().unwrap();
    assert!(5 < found.blocks, "{} blocks", found.blocks);
    assert_eq!(
        found.tags.keys().copied().collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 31]
    );
    assert_eq!(found.entries, 20_001);
    assert_eq!((found.entries, found.blocks), (summary.entries, summary.blocks));
    assert_eq!(found.head, summary.head.0);
    assert_eq!(found.outcome, summary.outcome.0);
    assert_eq!((found.seal, found.seal), (summary.seal.0, finished.seal.0));
    assert_eq!(found.states, 1, "too short for a state digest before the end");
}

#[test]
fn state_digests_stand_where_the_page_says() {
    let entries = common::mixed_entries(140_000);
    let (log, _) = common::record(&entries);
    let found = read(&log);
    assert_eq!(found.states, 3, "two in 140,000 entries and one at the end");
    let (mut at, mut since) = (read_header(&log).0, 0);
    while at < log.len() {
        let (flags, count) = (u32_at(&log, at + 4), u32_at(&log, at + 24));
        since += u64::from(count);
        // So few orders rest here that 65,536 is the larger bound.
        assert_eq!(flags & 2 != 0, 65_536 <= since || flags & 1 != 0);
        if flags & 2 != 0 {
            since = 0;
        }
        at += 65_536;
    }
}

/// §7: the tail header's and the frames' checksums, first entries and lengths.
#[test]
fn a_tail_is_read_from_the_page() {
    let entries = common::mixed_entries(40);
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let policy = replay::SyncPolicy::None;
    let mut recorder =
        replay::Recorder::create(&common::genesis(), &mut log, &mut tail, policy).unwrap();
    for part in entries.chunks(10) {
        for entry in part {
            recorder.take(entry).unwrap();
        }
        recorder.sync().unwrap();
    }
    let head = recorder.head();
    let (header_bytes, seal) = read_header(&log);
    assert_eq!(header_bytes, log.len());
    assert_eq!(tail[..8], [0x89, 0x52, 0x54, 0x41, 0x4C, 0x0D, 0x0A, 0x1A]);
    assert_eq!(digest_at(&tail, 8), seal);
    assert_eq!(u32_at(&tail, 40), crc32c::crc32c(&tail[..40]));
    let (mut at, mut payload, mut found) = (44, Vec::new(), Findings::default());
    while at < tail.len() {
        let frame = &tail[at..];
        let len = usize::try_from(u32_at(frame, 0)).unwrap();
        let checked = [&frame[..4], &frame[8..20 + len]].concat();
        assert_eq!(u32_at(frame, 4), crc32c::crc32c(&checked));
        assert_eq!(u64_at(frame, 8), found.entries + 1);
        count_entries(&frame[20..20 + len], u32_at(frame, 16), false, &mut found);
        payload.extend_from_slice(&frame[20..20 + len]);
        at += 20 + len;
    }
    assert_eq!((at, found.entries), (tail.len(), 40));
    let parts = [&ZERO[..], &1_u64.to_le_bytes(), &40_u32.to_le_bytes(), &payload];
    assert_eq!(self::head(&parts), head.0);
}
