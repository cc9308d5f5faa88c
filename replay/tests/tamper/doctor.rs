//! A diagnosis finds first what a reader stops at, and goes on behind it.

use std::io;

use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};
use replay::doctor::{Diagnosis, Link, RUNS_MAX, TailState, Verdict, diagnose};
use replay::error::Damage;
use replay::{LogError, Source, Subject};

use super::common::{mixed_entries, record};
use super::forge::{Draft, assemble, blocks, header_bytes, patch, take_apart};
use super::{read, record_open};

fn diagnosed(log: &[u8], tail: &[u8]) -> Diagnosis {
    diagnose(&log.to_vec(), tail, |_| ()).unwrap()
}

/// The verdicts, each with its first and last block.
fn verdicts(diagnosis: &Diagnosis) -> Vec<(u64, u64, Verdict)> {
    diagnosis.runs.iter().map(|run| (run.first, run.last, run.verdict)).collect()
}

fn bad(what: Damage, link: Link) -> Verdict {
    Verdict::Bad { what, link }
}

/// The first finding is a reader's error, and there is one exactly when a reader has one.
#[track_caller]
#[expect(clippy::wildcard_enum_match_arm, reason = "any other tail is wrong")]
pub(super) fn check(log: &[u8], tail: &[u8]) {
    let diagnosis = diagnosed(log, tail);
    let result = read(log, tail);
    assert_eq!(diagnosis.is_healthy(), result.is_ok(), "{result:?} {diagnosis:?}");
    let wrong = diagnosis.runs.iter().find(|run| !run.verdict.is_good());
    match result {
        Ok((entries, is_ended)) => {
            assert_eq!(diagnosis.entries(), entries.len() as u64);
            assert_eq!(diagnosis.is_ended, is_ended);
        }
        Err(LogError::Damaged { place, what }) if place.subject == Subject::Log => {
            if what == Damage::AfterEnd {
                assert!(0 < diagnosis.bytes_after_end);
                return;
            }
            let wrong = wrong.unwrap();
            assert_eq!((wrong.first, wrong.offset), (place.block, place.offset));
            assert!(matches!(wrong.verdict, Verdict::Bad { what: found, .. } if found == what));
            assert_eq!(diagnosis.good_entries, place.good);
        }
        Err(LogError::Torn { place, need, have }) => {
            let torn = Verdict::Torn { need, have, zeros: false };
            assert_eq!(wrong.map(|run| (run.first, run.verdict)), Some((place.block, torn)));
        }
        Err(LogError::TornToZeros { place, need, have }) => {
            let torn = Verdict::Torn { need, have, zeros: true };
            assert_eq!(wrong.map(|run| (run.first, run.verdict)), Some((place.block, torn)));
        }
        Err(LogError::TornUnsynced { place, what }) => {
            let torn = Verdict::Unsynced(what);
            assert_eq!(wrong.map(|run| (run.first, run.verdict)), Some((place.block, torn)));
        }
        Err(LogError::TornFrame { place }) => match diagnosis.tail {
            TailState::Torn { offset, last, .. } => {
                assert_eq!((offset, last), (place.offset, place.good));
            }
            other => panic!("{other:?}"),
        },
        Err(LogError::Damaged { place, what }) => match diagnosis.tail {
            TailState::Damaged { offset, last, what: found, .. } => {
                assert_eq!((offset, last, found), (place.offset, place.good, what));
            }
            TailState::Foreign => assert_eq!(what, Damage::ForeignTail),
            other => panic!("{other:?}"),
        },
        Err(error) => assert!(diagnosis.header.is_err(), "{error}"),
    }
}

#[test]
fn a_flipped_bit_is_diagnosed_as_a_reader_finds_it() {
    let (mut log, _) = record(&mixed_entries(6_000));
    let starts = blocks(&log);
    assert_eq!(starts.len(), 3);
    check(&log, &[]);
    let headers = starts.iter().flat_map(|at| (*at..*at + BLOCK_HEADER_BYTES).step_by(5));
    let places: Vec<_> =
        (0..starts[0]).step_by(3).chain(headers).chain((0..log.len()).step_by(9_973)).collect();
    for at in places {
        log[at] ^= 1 << (at % 8);
        check(&log, &[]);
        log[at] ^= 1 << (at % 8);
    }
}

#[test]
fn a_cut_log_or_tail_is_diagnosed_as_a_reader_finds_it() {
    let entries = mixed_entries(5_000);
    let open = record_open(&entries, &[4_990, 4_995, 5_000]);
    check(&open.log, &open.tail);
    for len in (0..open.log.len()).step_by(4_099).chain([open.log.len() - 1]) {
        check(&open.log[..len], &[]);
    }
    for len in (0..open.tail.len()).step_by(23) {
        check(&open.log, &open.tail[..len]);
        let mut tail = open.tail.clone();
        tail[len] ^= 4;
        check(&open.log, &tail);
    }
    // The tail of before the first block, of before the second, and of another log.
    let before = record_open(&entries[..100], &[100]);
    check(&open.log, &before.tail);
    let (ended, _) = record(&entries);
    check(&ended, &open.tail);
    check(&ended, &before.tail);
    check(&ended, b"nothing that a log ends with");
    check(&[&ended[..], b"more"].concat(), &[]);
    check(&before.log, &open.tail);
    let too_long = diagnosed(&open.log, &vec![0; 2_000_000]);
    assert_eq!((too_long.tail, too_long.is_healthy()), (TailState::TooLong, false));
}

#[test]
fn damage_is_told_from_what_merely_follows() {
    let (log, _) = record(&mixed_entries(14_000));
    let at = blocks(&log);
    let n = at.len() as u64;
    assert!(6 <= n);
    let flip = |place: usize| {
        let mut log = log.clone();
        log[place] ^= 0x40;
        log
    };
    // An entry, the padding, the checksum, the seal, the head, the first entry's number.
    let rows = [
        (at[2] + 5_000, bad(Damage::Head, Link::Right), None),
        (at[3] - 1, bad(Damage::Padding, Link::Right), None),
        (at[2] + 209, bad(Damage::Checksum, Link::Doubtful), None),
        (at[2] + 180, bad(Damage::Checksum, Link::Doubtful), Some(Verdict::Apart(Damage::Seal))),
        (at[2] + 50, bad(Damage::Checksum, Link::Doubtful), Some(Verdict::Apart(Damage::Head))),
        (at[2] + 16, bad(Damage::Checksum, Link::Lost), Some(Verdict::Apart(Damage::Sequence))),
    ];
    for (place, verdict, next) in rows {
        let damaged = flip(place);
        let diagnosis = diagnosed(&damaged, &[]);
        let mut expected = vec![(1, 2, Verdict::Good), (3, 3, verdict)];
        expected.extend(next.map(|next| (4, 4, next)));
        expected.push((3 + expected.len() as u64 - 1, n, Verdict::Follows));
        assert_eq!(verdicts(&diagnosis), expected, "byte {place}");
        assert!(diagnosis.is_ended && !diagnosis.is_healthy() && !diagnosis.is_merely_torn());
        assert_eq!(diagnosis.bad_blocks, 1 + u64::from(next.is_some()));
        let whole = diagnosed(&log[..at[2]], &[]);
        assert_eq!(diagnosis.good_entries, whole.entries());
        assert_eq!((diagnosis.good_head, diagnosis.good_seal), (whole.good_head, whole.good_seal));
    }
}

#[test]
fn blocks_of_another_log_follow_each_other_only() {
    let (log, _) = record(&mixed_entries(14_000));
    let (header, mut drafts) = take_apart(&log);
    drafts.remove(0);
    let other = assemble(&header, &drafts);
    let at = blocks(&log);
    let spliced = [&log[..at[3]], &other[at[3]..]].concat();
    let diagnosis = diagnosed(&spliced, &[]);
    let found = verdicts(&diagnosis);
    let sequence = bad(Damage::Sequence, Link::Doubtful);
    let n = blocks(&spliced).len() as u64;
    assert_eq!(found[..2], [(1, 3, Verdict::Good), (4, 4, sequence)]);
    assert_eq!(found[2..], [(5, n, Verdict::Follows)]);
    // A block that is missing: those behind it stand one place too early.
    let missing = [&log[..at[2]], &log[at[3]..]].concat();
    let diagnosis = diagnosed(&missing, &[]);
    let expected = [(1, 2, Verdict::Good), (3, 3, sequence), (4, n, Verdict::Follows)];
    assert_eq!(verdicts(&diagnosis), expected);
    assert_eq!(diagnosis.runs.iter().map(|run| run.numbered).collect::<Vec<_>>(), [1, 4, 5]);
    assert!(diagnosis.is_ended);
}

#[test]
fn a_damaged_header_leaves_its_blocks() {
    let (log, _) = record(&mixed_entries(6_000));
    let start = header_bytes(&log);
    let n = blocks(&log).len() as u64;
    let with = |at: usize| {
        let mut log = log.clone();
        log[at] ^= 1;
        diagnosed(&log, &[])
    };
    // The genesis, the digest behind it, its length, the magic.
    let genesis = with(30);
    assert!(matches!(genesis.header, Err(LogError::HeaderDigest)));
    assert_eq!(verdicts(&genesis), [(1, n, Verdict::Follows)]);
    assert_eq!((genesis.bad_blocks, genesis.good_blocks), (0, 0));
    let digest = with(start - 1);
    let apart = Verdict::Apart(Damage::Seal);
    assert_eq!(verdicts(&digest), [(1, 1, apart), (2, n, Verdict::Follows)]);
    for at in [12, 0] {
        let lost = with(at);
        assert!(lost.header.is_err() && lost.start.is_none() && lost.runs.is_empty());
    }
}

#[test]
fn entries_that_no_reader_can_read_are_damage() {
    let (log, _) = record(&mixed_entries(100));
    let (header, mut drafts) = take_apart(&log);
    drafts[0].payload[0] = 99;
    let forged = assemble(&header, &drafts);
    let diagnosis = diagnosed(&forged, &[]);
    let verdict = diagnosis.runs[0].verdict;
    assert!(
        matches!(verdict, Verdict::Bad { what: Damage::Entry(_), link: Link::Right }),
        "{verdict:?}"
    );
    let (header, mut drafts) = take_apart(&log);
    drafts[0].closing.count += 1;
    let forged = assemble(&header, &drafts);
    assert_eq!(diagnosed(&forged, &[]).runs[0].verdict, bad(Damage::End, Link::Right));
}

#[test]
fn a_block_that_begins_too_early_is_damage() {
    let draft = Draft::of(&[replay::Entry::Command(kernel::Command::Uncross)]);
    let (log, _) = record(&[]);
    let early = assemble(&log[..header_bytes(&log)], &[draft.clone(), draft]);
    let expected = [(1, 1, Verdict::Good), (2, 2, bad(Damage::Border, Link::Right))];
    assert_eq!(verdicts(&diagnosed(&early, &[])), expected);
    check(&early, &[]);
}

#[test]
fn a_tail_behind_a_wrong_block_may_hold_its_entries() {
    let entries = mixed_entries(3_600);
    let sealed = record_open(&entries, &[]);
    let block = usize::try_from(diagnosed(&sealed.log, &[]).entries()).unwrap();
    let before = record_open(&entries[..block], &[5, block]);
    let mut log = sealed.log.clone();
    log[header_bytes(&sealed.log) + 999] ^= 1;
    let diagnosis = diagnosed(&log, &before.tail);
    assert_eq!(diagnosis.tail, TailState::Open { first: 1, last: block as u64 });
    assert_eq!((diagnosis.good_entries, diagnosis.entries()), (0, block as u64));
    assert!(!diagnosis.is_healthy());
}

#[test]
fn many_bad_blocks_are_counted_and_not_listed() {
    let (log, _) = record(&mixed_entries(1));
    let draft = Draft::of(&[replay::Entry::Command(kernel::Command::Uncross)]);
    let (header, _) = take_apart(&log);
    let mut log = assemble(&header, &vec![draft; 3 * RUNS_MAX]);
    for (number, at) in blocks(&log).into_iter().enumerate() {
        if number % 2 == 1 {
            log = patch(&log, at, 4, &[0, 0, 0, 0x80]);
        }
    }
    let diagnosis = diagnosed(&log, &[]);
    assert_eq!(diagnosis.runs.len(), RUNS_MAX);
    assert_eq!(diagnosis.blocks_left_out, 2 * RUNS_MAX as u64);
    // The second block has the first wrong border; every other one a wrong field.
    assert!(RUNS_MAX as u64 <= diagnosis.bad_blocks);
}

/// A device that gives no bytes of one place.
struct Scratched {
    bytes: Vec<u8>,
    from: u64,
    to: u64,
}

impl Source for Scratched {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset < self.to && self.from < offset + buffer.len() as u64 {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.bytes.read_at(offset, buffer)
    }

    fn size(&self) -> io::Result<u64> {
        self.bytes.size()
    }
}

#[test]
fn a_place_that_the_device_does_not_give_is_passed_over() {
    let (bytes, _) = record(&mixed_entries(14_000));
    let at = blocks(&bytes);
    let n = at.len() as u64;
    let from = (at[2] + 4_096) as u64;
    let source = Scratched { bytes, from, to: from + 512 };
    let diagnosis = diagnose(&source, &[], |_| ()).unwrap();
    let expected = [
        (1, 2, Verdict::Good),
        (3, 3, Verdict::Unreadable(io::ErrorKind::TimedOut)),
        (4, 4, Verdict::Apart(Damage::Sequence)),
        (5, n, Verdict::Follows),
    ];
    assert_eq!(verdicts(&diagnosis), expected);
    let (bytes, from) = (source.bytes, 3);
    let failed = diagnose(&Scratched { bytes, from, to: 4 }, &[], |_| ());
    assert!(matches!(failed, Err(LogError::Io { .. })), "a header is needed");
}

#[test]
fn every_block_is_announced() {
    let (log, _) = record(&mixed_entries(6_000));
    let mut offsets = Vec::new();
    diagnose(&log, &[], |offset| offsets.push(usize::try_from(offset).unwrap())).unwrap();
    assert_eq!(offsets, blocks(&log));
    assert_eq!(offsets[1] - offsets[0], BLOCK_BYTES);
}
