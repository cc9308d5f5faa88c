//! Compacted logs that are meant to hurt: numbers that lie, bombs, other formats of zstd's.

use std::time::{Duration, Instant};

use quickcheck::quickcheck;
use replay::block::BLOCK_BYTES;
use replay::error::Damage;
use replay::packed::{
    FOOTER_BYTES, FOOTER_MAGIC, LEVEL, LOG_HEADER_BYTES_MAX, PACKED_MAGIC, PackedDamage,
    ZSTD_BYTES_MAX,
};
use replay::{LogError, Packed, PackedError, header};

use super::common::genesis;
use super::{expand, logs, read_through, verify};

/// A compacted log made by hand: its frames' compressed bytes, and what its footer says otherwise.
#[derive(Default)]
struct Forged {
    frames: Vec<Vec<u8>>,
    offsets: Option<Vec<u64>>,
    count: Option<u64>,
    log_bytes: Option<u64>,
    index: Option<u64>,
    length: Option<u32>,
}

impl Forged {
    fn new(frames: &[Vec<u8>]) -> Self {
        Self { frames: frames.to_vec(), ..Self::default() }
    }

    /// All of it, with checksums that fit.
    fn bytes(&self) -> Vec<u8> {
        let log_header = header::encode(&genesis()).unwrap();
        let mut bytes = PACKED_MAGIC.to_vec();
        bytes.extend([0, 0]);
        bytes.extend(u32::try_from(log_header.len()).unwrap().to_le_bytes());
        bytes.extend(&log_header);
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        let mut offsets = Vec::new();
        for zstd in &self.frames {
            offsets.push(bytes.len() as u64);
            let len = self.length.unwrap_or(u32::try_from(zstd.len()).unwrap()).to_le_bytes();
            bytes.extend(len);
            bytes.extend(crc32c::crc32c_append(crc32c::crc32c(&len), zstd).to_le_bytes());
            bytes.extend(zstd);
        }
        let index = bytes.len();
        for offset in self.offsets.as_ref().unwrap_or(&offsets) {
            bytes.extend(offset.to_le_bytes());
        }
        let slots = log_header.len() as u64 + (offsets.len() as u64) * BLOCK_BYTES as u64;
        let count = self.count.unwrap_or(offsets.len() as u64);
        let log_bytes = self.log_bytes.unwrap_or(slots);
        for number in [count, log_bytes, self.index.unwrap_or(index as u64)] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(crc32c::crc32c(&bytes[index..]).to_le_bytes());
        bytes.extend(FOOTER_MAGIC);
        bytes
    }

    #[track_caller]
    fn refused(&self) -> PackedDamage {
        match expand(&self.bytes()) {
            Err(PackedError::Damaged { what, .. }) => what,
            other => panic!("not refused as damaged: {:?}", other.map(|log| log.len())),
        }
    }
}

/// A block of so many bytes as a forger makes it: of all fields only the length is right.
fn block(len: usize) -> Vec<u8> {
    let mut block = vec![0; len];
    block[28..32].copy_from_slice(&u32::try_from(len - 212).unwrap().to_le_bytes());
    block
}

fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(bytes, 3).unwrap()
}

/// A zstd frame by hand, out of blocks of one repeated byte: 4 bytes for 128 KiB.
fn bomb(content: Option<u32>, blocks: usize) -> Vec<u8> {
    // Magic; a descriptor that says whether the content's size follows in 4 bytes, in one segment;
    // else a window of 128 KiB.
    let mut bytes = vec![0x28, 0xB5, 0x2F, 0xFD];
    match content {
        Some(content) => {
            bytes.push(0xA0);
            bytes.extend(content.to_le_bytes());
        }
        None => bytes.extend([0x00, 7 << 3]),
    }
    for block in 1..=blocks {
        let is_last = u32::from(block == blocks);
        let head = is_last | 1 << 1 | (1 << 17) << 3;
        bytes.extend(&head.to_le_bytes()[..3]);
        bytes.push(0);
    }
    bytes
}

#[test]
fn a_forged_container_of_good_numbers_is_opened() {
    let zstd = zstd_of(&block(1_000));
    let log = expand(&Forged::new(&[zstd.clone(), zstd]).bytes()).unwrap();
    assert_eq!(log.len() as u64, header::read(&mut &log[..]).unwrap().bytes + 131_072);
}

/// The container says nothing of chains: what it holds is checked as ever.
#[test]
fn a_reader_believes_nothing_in_a_container() {
    let zstd = zstd_of(&block(1_000));
    let error = verify(&Forged::new(&[zstd]).bytes()).unwrap_err();
    assert!(matches!(error, LogError::Damaged { what: Damage::Checksum, .. }), "{error}");
    // Blocks of a good log, in another order.
    let (log, _) = logs(20_000);
    let start = usize::try_from(header::read(&mut &log[..]).unwrap().bytes).unwrap();
    let mut slots: Vec<_> = log[start..].chunks(BLOCK_BYTES).take(3).collect();
    slots.swap(1, 2);
    let frames: Vec<_> = slots
        .iter()
        .map(|slot| {
            let payload = u32::from_le_bytes(*slot[28..].first_chunk().unwrap()) as usize;
            zstd_of(&slot[..212 + payload])
        })
        .collect();
    let error = verify(&Forged::new(&frames).bytes()).unwrap_err();
    assert!(matches!(error, LogError::Damaged { what: Damage::Sequence, .. }), "{error}");
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let good = block(1_000);
    let refused = |zstd: Vec<u8>| Forged::new(&[zstd]).refused();
    // zstd itself takes it for what it says: two gibibytes out of 64 KiB.
    let gibibytes = bomb(Some(0x8000_0000), 16_384);
    assert_eq!(refused(gibibytes), PackedDamage::Zstd);
    assert_eq!(refused(bomb(None, 16_000)), PackedDamage::Zstd, "no size told");
    assert_eq!(refused(bomb(Some(65_536), 10_000)), PackedDamage::Zstd, "a size that lies");
    assert_eq!(refused(zstd_of(&block(65_537))), PackedDamage::Zstd, "longer than a block");
    let two = [zstd_of(&good), zstd_of(&good)].concat();
    assert_eq!(refused(two), PackedDamage::Zstd, "two frames in one");
    let skippable = [&[0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4], &zstd_of(&good)[..]];
    assert_eq!(refused(skippable.concat()), PackedDamage::Zstd, "something to skip");
    let skipped = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
    for behind in [&skipped[..], &zstd_of(&[]), b"more"] {
        let zstd = [&zstd_of(&good)[..], behind].concat();
        assert_eq!(refused(zstd), PackedDamage::Zstd, "something behind it");
    }
    assert_eq!(refused(b"no zstd at all".to_vec()), PackedDamage::Zstd);
    assert_eq!(refused(zstd_of(&[])), PackedDamage::Content, "nothing");
    assert_eq!(refused(zstd_of(&[0; 212])), PackedDamage::Content, "too short for a block");
}

#[test]
fn a_frame_holds_one_block_exactly() {
    let mut longer = block(1_000);
    longer.push(0);
    let mut huge = block(1_000);
    huge[28..32].copy_from_slice(&u32::MAX.to_le_bytes());
    for wrong in [longer, huge, vec![0; 100]] {
        assert_eq!(Forged::new(&[zstd_of(&wrong)]).refused(), PackedDamage::Content);
    }
    // The last block fills what the footer leaves to it.
    let start = header::read(&mut &header::encode(&genesis()).unwrap()[..]).unwrap().bytes;
    let good = zstd_of(&block(1_000));
    for (last, is_good) in [(1_000, true), (999, false), (1_001, false), (65_536, true)] {
        let log_bytes = Some(start + 65_536 + last);
        let forged = Forged { log_bytes, ..Forged::new(&[good.clone(), good.clone()]) };
        if is_good {
            assert_eq!(expand(&forged.bytes()).unwrap().len() as u64, start + 65_536 + last);
        } else {
            assert_eq!(forged.refused(), PackedDamage::Content, "{last}");
        }
    }
}

#[test]
fn footers_and_indexes_that_lie_are_refused() {
    let zstd = zstd_of(&block(1_000));
    let frames = [zstd.clone(), zstd.clone(), zstd];
    let forged = || Forged::new(&frames);
    for count in [0, 1, 2, 4, 1 << 40, 1 << 61, u64::MAX] {
        let forged = Forged { count: Some(count), ..forged() };
        assert_eq!(forged.refused(), PackedDamage::Footer, "count {count}");
    }
    for index in [0, 1, 100, u64::MAX, u64::MAX - 7] {
        let forged = Forged { index: Some(index), ..forged() };
        assert_eq!(forged.refused(), PackedDamage::Footer, "index at {index}");
    }
    let start = header::encode(&genesis()).unwrap().len() as u64;
    let slot = BLOCK_BYTES as u64;
    for log_bytes in
        [0, start, start + 2 * slot, start + 2 * slot + 212, start + 3 * slot + 1, u64::MAX]
    {
        let forged = Forged { log_bytes: Some(log_bytes), ..forged() };
        assert_eq!(forged.refused(), PackedDamage::Footer, "{log_bytes} bytes of log");
    }
    let good = forged().bytes();
    let at = |place: usize| {
        let index = good.len() - FOOTER_BYTES - 3 * 8;
        u64::from_le_bytes(*good[index + 8 * place..].first_chunk().unwrap())
    };
    let (a, b, c) = (at(0), at(1), at(2));
    for offsets in [
        [a, c, b],
        [b, b, c],
        [a, a, c],
        [a, b, b],
        [a, b, u64::MAX],
        [0, b, c],
        [a + 1, b, c],
        [a, b, b + 8],
        [u64::MAX, u64::MAX, u64::MAX],
    ] {
        let forged = Forged { offsets: Some(offsets.to_vec()), ..forged() };
        assert_eq!(forged.refused(), PackedDamage::Index, "{offsets:?}");
    }
    // In order, but not where frames begin.
    let shifted = Forged { offsets: Some(vec![a, b + 1, c]), ..forged() };
    assert_eq!(shifted.refused(), PackedDamage::Length);
}

#[test]
fn lengths_of_frames_are_not_believed() {
    let zstd = zstd_of(&block(1_000));
    for length in [0, 1, u32::try_from(ZSTD_BYTES_MAX).unwrap() + 1, u32::MAX] {
        let forged = Forged { length: Some(length), ..Forged::new(std::slice::from_ref(&zstd)) };
        assert_eq!(forged.refused(), PackedDamage::Length, "{length}");
    }
    // Longer than any frame, though its length is the true one.
    let forged = Forged::new(&[vec![0; ZSTD_BYTES_MAX + 1]]);
    assert_eq!(forged.refused(), PackedDamage::Index);
}

#[test]
fn openings_that_lie_are_refused() {
    let (_, packed) = logs(10);
    let with = |at: usize, bytes: &[u8]| {
        let mut packed = packed.clone();
        packed[at..at + bytes.len()].copy_from_slice(bytes);
        Packed::open(packed).unwrap_err()
    };
    assert!(matches!(with(0, b"\x89REPL"), PackedError::NotPacked));
    assert!(matches!(with(8, &[1, 0]), PackedError::UnsupportedVersion { found: 1 }));
    let limit = u32::try_from(LOG_HEADER_BYTES_MAX).unwrap();
    for len in [u32::MAX, limit + 1] {
        let error = with(10, &len.to_le_bytes());
        assert!(matches!(error, PackedError::Limit { limit: 1_048_624, .. }), "{error}");
    }
    assert!(matches!(with(10, &limit.to_le_bytes()), PackedError::OpeningCut { .. }));
    let error = with(20, &[0xFF]);
    assert!(matches!(error, PackedError::Damaged { what: PackedDamage::Opening, .. }), "{error}");
    assert!(matches!(Packed::open(Vec::new()), Err(PackedError::NotPacked)));
}

#[test]
fn zstd_never_needs_more_than_the_longest_frame() {
    assert_eq!(zstd::zstd_safe::compress_bound(BLOCK_BYTES), ZSTD_BYTES_MAX);
    // Bytes that cannot become shorter.
    let mut state = 1_u64;
    let mut noise = block(BLOCK_BYTES);
    for byte in &mut noise[32..] {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *byte = state.to_le_bytes()[7];
    }
    let zstd = zstd::bulk::compress(&noise, LEVEL).unwrap();
    assert!(BLOCK_BYTES < zstd.len() && zstd.len() <= ZSTD_BYTES_MAX);
    let log = expand(&Forged::new(&[zstd]).bytes()).unwrap();
    assert!(log.ends_with(&noise));
}

/// A file without a footer, of very many frames that are as short as they can be, or of a kind of
/// index that goes on and on.
#[test]
#[expect(clippy::disallowed_methods, reason = "the rule is about time")]
fn a_hostile_cut_costs_little_time() {
    let frames = vec![zstd_of(&block(213)); 30_000];
    let mut short = Forged::new(&frames).bytes();
    short.truncate(short.len() - 1);
    let mut zeros = Forged::new(&[]).bytes();
    zeros.resize(zeros.len() + (32 << 20), 0);
    let start = Instant::now();
    assert_eq!(Packed::open_cut(short).unwrap().0.blocks(), 30_000);
    assert!(Packed::open_cut(zeros).is_err());
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(2), "{taken:?}");
}

quickcheck! {
    /// Whatever stands behind the magic, nothing panics.
    fn any_bytes_are_opened_or_refused(bytes: Vec<u8>, is_marked: bool) -> bool {
        let mut file = if is_marked { PACKED_MAGIC.to_vec() } else { Vec::new() };
        file.extend(bytes);
        let _ = Packed::open_cut(file.clone()).map(|(packed, _)| read_through(&packed));
        expand(&file).is_err()
    }

    /// Bytes put anywhere into a compacted log: it is refused, or unchanged.
    fn a_splice_is_refused(at: usize, remove: u8, insert: Vec<u8>) -> bool {
        let (_, packed) = logs(60);
        let at = at % packed.len();
        let end = packed.len().min(at + usize::from(remove));
        let spliced = [&packed[..at], &insert, &packed[end..]].concat();
        let _ = Packed::open_cut(spliced.clone()).map(|(packed, _)| read_through(&packed));
        spliced == packed || expand(&spliced).is_err()
    }
}
