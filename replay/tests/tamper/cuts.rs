//! Cut anywhere, a log gives an error or a prefix of its entries, and recovery keeps a good prefix.

use replay::error::Damage;
use replay::{Entry, LogError, ReadLimits, Reader, Salvage, salvage};

use super::common::{mixed_entries, record};
use super::forge::{blocks, header_bytes};
use super::{Open, read, record_open, verify};

fn try_salvage(log: &[u8], tail: &[u8]) -> Result<Salvage, LogError> {
    salvage(Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT)?)
}

/// What recovery keeps of these bytes is a prefix of the original, whole and open; returns its
/// length in entries.
#[track_caller]
fn check_salvage(log: &[u8], tail: &[u8], entries: &[Entry], open: &Open) -> usize {
    let kept = try_salvage(log, tail).unwrap();
    assert_eq!(kept.torn.is_none(), verify(log, tail).is_ok());
    let len = usize::try_from(kept.sealed_entries + kept.open_entries).unwrap();
    assert_eq!(kept.head, open.heads[len], "head of {len} entries");
    let log = &log[..usize::try_from(kept.log_bytes).unwrap()];
    assert_eq!(log, &open.log[..log.len()], "no good byte is changed");
    let (read, is_ended) = read(log, &kept.tail).unwrap();
    assert!(read[..] == entries[..len] && !is_ended, "the first {len} entries");
    len
}

#[test]
fn a_log_cut_anywhere_is_torn_or_ends_at_a_block_border() {
    let entries = mixed_entries(3_600);
    let open = record_open(&entries, &[]);
    let (start, border) = (header_bytes(&open.log), open.log.len());
    assert_eq!(blocks(&open.log), [start]);
    let block = check_salvage(&open.log, &[], &entries, &open);
    assert!(1_000 < block);
    for len in 0..border {
        let cut = &open.log[..len];
        match verify(cut, &[]) {
            Err(LogError::HeaderCut { .. }) => assert!(len < start),
            Err(LogError::Torn { .. }) => {
                assert!(start < len);
                let kept = try_salvage(cut, &[]).unwrap();
                assert_eq!((kept.log_bytes, kept.sealed_entries), (start as u64, 0));
                assert_eq!((kept.open_entries, kept.head), (0, open.heads[0]));
            }
            Ok(()) => assert_eq!(len, start),
            Err(error) => panic!("cut to {len}: {error}"),
        }
    }
}

#[test]
fn what_the_tail_holds_of_a_torn_block_is_kept() {
    let entries = mixed_entries(3_600);
    // The tail of just before the first block was sealed: it holds that block's entries.
    let sealed = record_open(&entries, &[]);
    let block = check_salvage(&sealed.log, &[], &entries, &sealed);
    let before = record_open(&entries[..block], &[5, 700, 1_000, block]);
    let start = header_bytes(&sealed.log);
    for len in (start..sealed.log.len()).step_by(101).chain([start, sealed.log.len() - 1]) {
        let kept = check_salvage(&sealed.log[..len], &before.tail, &entries, &sealed);
        assert_eq!(kept, block, "cut to {len}");
    }
    // And when the tail is torn as well, what stands before its tear.
    let torn = &before.tail[..before.tail.len() - 1];
    let kept = check_salvage(&sealed.log[..start + 300], torn, &entries, &sealed);
    assert_eq!(kept, 1_000);
}

#[test]
fn a_tail_cut_anywhere_keeps_its_whole_frames() {
    let entries = mixed_entries(30);
    let open = record_open(&entries, &[1, 4, 5, 12, 20, 30]);
    let kept: Vec<usize> = (0..=open.tail.len())
        .map(|len| {
            let tail = &open.tail[..len];
            match read(&open.log, tail) {
                Ok((read, is_ended)) => {
                    assert!(read[..] == entries[..read.len()] && !is_ended);
                }
                Err(LogError::TornFrame { .. }) => {}
                Err(error) => panic!("cut to {len}: {error}"),
            }
            check_salvage(&open.log, tail, &entries, &open)
        })
        .collect();
    assert!(kept.is_sorted());
    let mut lens = kept;
    lens.dedup();
    assert_eq!(lens, [0, 1, 4, 5, 12, 20, 30]);
}

#[test]
fn a_flipped_bit_in_a_tail_is_found_and_never_misread() {
    let entries = mixed_entries(30);
    let Open { log, mut tail, heads } = record_open(&entries, &[4, 12, 30]);
    let open = Open { log, tail: tail.clone(), heads };
    let last_frame = record_open(&entries, &[4, 12]).tail.len();
    for bit in 0..tail.len() * 8 {
        tail[bit / 8] ^= 1 << (bit % 8);
        match verify(&open.log, &tail) {
            Err(LogError::Damaged { what: Damage::Frame, .. }) => assert!(bit / 8 < last_frame),
            Err(LogError::TornFrame { .. }) => {
                assert!(last_frame <= bit / 8);
                assert_eq!(check_salvage(&open.log, &tail, &entries, &open), 12);
            }
            other => panic!("bit {bit}: {other:?}"),
        }
        tail[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn a_log_cut_at_a_border_is_an_open_one() {
    let entries = mixed_entries(9_000);
    let (log, _) = record(&entries);
    let blocks = blocks(&log);
    assert!(2 < blocks.len());
    for (number, border) in (0_u64..).zip(&blocks) {
        let mut player = super::player(&log[..*border], &[]);
        let summary = player.run().unwrap();
        assert!(!summary.is_ended);
        assert_eq!((summary.blocks, summary.entries), (number, summary.sealed_entries));
        let len = usize::try_from(summary.entries).unwrap();
        assert!(read(&log[..*border], &[]).unwrap().0 == entries[..len]);
    }
}

#[test]
fn a_final_block_cut_anywhere_is_torn() {
    let (log, _) = record(&mixed_entries(100));
    let start = header_bytes(&log);
    for len in start + 1..log.len() {
        assert!(matches!(verify(&log[..len], &[]), Err(LogError::Torn { .. })), "cut to {len}");
    }
}

#[test]
fn nothing_is_read_behind_an_error() {
    let open = record_open(&mixed_entries(3_600), &[3_600]);
    let cut = &open.log[..open.log.len() - 1];
    let mut reader = Reader::open(cut, open.tail.clone(), ReadLimits::DEFAULT).unwrap();
    assert!(reader.next_block().is_err_and(|error| error.is_torn()));
    assert!(!reader.is_at_end());
    assert!(reader.next_block().unwrap().is_none());
    assert!(!reader.is_at_end(), "an end behind an error is none");
}
