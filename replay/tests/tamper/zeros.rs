//! Zeros in place of the last bytes of a log: torn where only zeros can tell, damaged elsewhere.

use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};
use replay::chain::{Role, digest};
use replay::codec::LONGEST_ENTRY_BYTES;
use replay::error::Damage;
use replay::{LogError, ReadLimits, Reader, salvage};

use super::common::{mixed_entries, record};
use super::forge::{block_header, blocks, patch};
use super::{Open, damage, record_open, verify};

/// The log with zeros from an offset on.
fn zeroed(log: &[u8], from: usize) -> Vec<u8> {
    let mut log = log.to_vec();
    log[from..].fill(0);
    log
}

/// A log of two sealed blocks, the offset of the second one, and that of the end of its entries.
fn two_blocks() -> (Open, usize, usize) {
    let whole = record_open(&mixed_entries(5_800), &[]);
    let at = blocks(&whole.log);
    assert_eq!(at.len(), 2);
    let end = at[1] + BLOCK_HEADER_BYTES + block_header(&whole.log, at[1]).payload_bytes as usize;
    (whole, at[1], end)
}

#[test]
fn a_last_block_that_ends_in_zeros_is_torn() {
    let (open, at, end) = two_blocks();
    let reach = end - LONGEST_ENTRY_BYTES;
    let steps = (at..reach).step_by(4_099).chain([at, at + 1, at + 211, at + 212, at + 213, reach]);
    for from in steps {
        let log = zeroed(&open.log, from);
        match verify(&log, &[]) {
            Err(LogError::TornToZeros { place, need, have }) => {
                assert_eq!((place.offset, place.block), (at as u64, 2));
                assert_eq!(need, BLOCK_BYTES as u64);
                assert!(at as u64 + have <= from as u64, "zeros from {from}");
            }
            other => panic!("zeros from {from}: {other:?}"),
        }
    }
}

#[test]
fn fewer_zeros_than_entries_may_end_with_are_damage() {
    let (open, _, end) = two_blocks();
    let few = end - LONGEST_ENTRY_BYTES + 1..end - 50;
    // Bytes before them may be zeros of their own.
    for from in few.filter(|from| open.log[from - 1] != 0).step_by(17) {
        assert_eq!(damage(verify(&zeroed(&open.log, from), &[])), Damage::Head, "from {from}");
    }
}

#[test]
fn zeros_anywhere_else_are_damage() {
    let (open, at, end) = two_blocks();
    let first = blocks(&open.log)[0];
    // In the block before the last, whole or at its end.
    for from in [first, first + 5_000] {
        let mut log = open.log.clone();
        log[from..at].fill(0);
        assert!(matches!(damage(verify(&log, &[])), Damage::Checksum | Damage::Head));
    }
    // Zeros with something behind them, be it one bit of the padding.
    for from in [at + 100, at + 5_000] {
        let mut log = zeroed(&open.log, from);
        log[at + BLOCK_BYTES - 1] = 1;
        assert!(matches!(damage(verify(&log, &[])), Damage::Checksum | Damage::Padding));
        log[at + BLOCK_BYTES - 1] = 0;
        log[end - 1] = 1;
        assert!(matches!(damage(verify(&log, &[])), Damage::Checksum | Damage::Head));
    }
    // Zeros and a bit that is wrong before them.
    let mut log = zeroed(&open.log, at + 212);
    log[at + 8] ^= 1;
    assert_eq!(damage(verify(&log, &[])), Damage::Checksum);
    let mut log = zeroed(&open.log, at + 30_000);
    log[at + 60] ^= 1;
    assert_eq!(damage(verify(&log, &[])), Damage::Checksum);
    // Two blocks of zeros: a writer has no more than one that is not durable.
    let log = zeroed(&open.log, first);
    assert_eq!(damage(verify(&log, &[])), Damage::Checksum);
    // Zeros behind a whole block are no block.
    let log = [&open.log[..], &vec![0; BLOCK_BYTES * 2]].concat();
    assert_eq!(damage(verify(&log, &[])), Damage::Checksum);
}

/// A header that is right where the block before is another: somebody else's block, not a torn one.
#[test]
fn zeros_in_a_block_that_does_not_follow_are_damage() {
    let (open, at, _) = two_blocks();
    let first = blocks(&open.log)[0];
    let spliced = [&open.log[..first], &open.log[at..]].concat();
    assert_eq!(damage(verify(&zeroed(&spliced, first + 9_000), &[])), Damage::Sequence);
}

/// A header with the right checksum that follows nothing, or that no format allows: a forger's.
#[test]
fn zeros_behind_a_forged_header_are_damage() {
    let (open, at, _) = two_blocks();
    for field in [144, 176] {
        let forged = zeroed(&patch(&open.log, at, field, &[7; 32]), at + 30_000);
        assert_eq!(damage(verify(&forged, &[])), Damage::Head, "field at {field}");
    }
    // A root of the forger's, and the seal that goes with it.
    let first = blocks(&open.log)[0];
    let header = &open.log[at..at + 212];
    let seal = digest(
        Role::Seal,
        &[&open.log[first + 176..first + 208], &header[48..144], &header[4..48], &[7; 32]],
    );
    let forged = patch(&open.log, at, 144, &[&[7; 32][..], &seal.0].concat());
    assert_eq!(damage(verify(&zeroed(&forged, at + 30_000), &[])), Damage::Head);
    let forged = zeroed(&patch(&open.log, at, 4, &[0, 0, 0, 0x80]), at + 212);
    assert_eq!(damage(verify(&forged, &[])), Damage::Field);
}

#[test]
fn a_final_block_that_ends_in_zeros_is_torn() {
    let (log, _) = record(&mixed_entries(800));
    let at = blocks(&log)[0];
    let torn = verify(&zeroed(&log, at + 5_000), &[]);
    assert!(matches!(torn, Err(LogError::TornToZeros { .. })), "{torn:?}");
    let more = [&zeroed(&log, at + 5_000)[..], &[0]].concat();
    assert_eq!(damage(verify(&more, &[])), Damage::Head);
}

#[test]
fn what_the_tail_holds_of_a_zeroed_block_is_kept() {
    let entries = mixed_entries(3_600);
    let sealed = record_open(&entries, &[]);
    let start = blocks(&sealed.log)[0];
    let reader = Reader::open(&sealed.log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let block = usize::try_from(salvage(reader).unwrap().sealed_entries).unwrap();
    let before = record_open(&entries[..block], &[5, 700, block - 3]);
    for from in [start, start + 100, start + 212, start + 4_096, start + 40_000] {
        let log = zeroed(&sealed.log, from);
        let reader = Reader::open(&log[..], before.tail.clone(), ReadLimits::DEFAULT).unwrap();
        let kept = salvage(reader).unwrap();
        assert_eq!((kept.log_bytes, kept.sealed_entries), (start as u64, 0));
        assert_eq!(kept.open_entries, block as u64 - 3, "every acknowledged entry");
        assert_eq!(kept.head, sealed.heads[block - 3]);
        assert!(kept.torn.is_some() && !kept.is_tail_cut);
    }
}

/// Any sectors of a block that was not durable yet may be there. The tail says that it was not.
#[test]
fn a_last_block_of_which_sectors_are_lost_is_torn_while_the_tail_has_its_entries() {
    let entries = mixed_entries(3_600);
    let sealed = record_open(&entries, &[]);
    let start = blocks(&sealed.log)[0];
    let reader = Reader::open(&sealed.log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let block = usize::try_from(salvage(reader).unwrap().sealed_entries).unwrap();
    let before = record_open(&entries[..block], &[5, block - 3]);
    let other = record_open(&entries[..9], &[9]);
    for (sector, fill) in (0..128).flat_map(|sector| [(sector, 0), (sector, 0xA5)]) {
        let mut log = sealed.log.clone();
        let from = (sector * 512).max(start);
        log[from..sector * 512 + 512].fill(fill);
        if log == sealed.log {
            continue;
        }
        assert!(matches!(verify(&log, &before.tail), Err(LogError::TornUnsynced { .. })));
        super::doctor::check(&log, &before.tail);
        let reader = Reader::open(&log[..], before.tail.clone(), ReadLimits::DEFAULT).unwrap();
        let kept = salvage(reader).unwrap();
        assert_eq!((kept.log_bytes, kept.open_entries), (start as u64, block as u64 - 3));
        assert_eq!(kept.head, sealed.heads[block - 3]);
        // Without such a tail it is damage, and so it is with anything behind it.
        assert!(matches!(verify(&log, &[]), Err(LogError::Damaged { .. })), "sector {sector}");
        let more = [&log[..], &[0]].concat();
        assert!(matches!(verify(&more, &before.tail), Err(LogError::Damaged { .. })));
        let mut foreign = other.tail.clone();
        foreign[9] ^= 1;
        assert!(matches!(verify(&log, &foreign), Err(LogError::Damaged { .. })));
    }
}
