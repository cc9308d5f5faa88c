//! Tails that a forger or an accident made.

use kernel::{ClientId, Command};
use replay::block::PAYLOAD_BYTES_MAX;
use replay::codec::CodecError;
use replay::error::Damage;
use replay::tail::{TAIL_BYTES_MAX, TAIL_HEADER_BYTES, append_frame, encode_header, frame_at};
use replay::{
    Digest, Entry, Genesis, LogError, ReadLimits, Reader, Recorder, SyncPolicy, header, salvage,
};

use super::common::{genesis, mixed_entries, record};
use super::forge::{Draft, assemble, block_header, blocks, bytes_of};
use super::{Open, damage, read, record_open, verify};

fn mass_cancel() -> Entry {
    Entry::Command(Command::MassCancel { client: ClientId(1) })
}

/// A log without blocks, and its seal.
fn empty_log() -> (Vec<u8>, Digest) {
    let log = header::encode(&genesis()).unwrap();
    let seal = header::read(&mut &log[..]).unwrap().seal;
    (log, seal)
}

/// A tail of an empty log with these frames: first entry, count, bytes.
fn tail_of(frames: &[(u64, u32, &[u8])]) -> Vec<u8> {
    let mut tail = encode_header(empty_log().1).to_vec();
    for (first, count, payload) in frames {
        append_frame(*first, *count, payload, &mut tail);
    }
    tail
}

/// The frames of a tail, as bytes.
fn frames_of(tail: &[u8]) -> Vec<Vec<u8>> {
    let (mut at, mut frames) = (TAIL_HEADER_BYTES, Vec::new());
    while at < tail.len() {
        let len = frame_at(tail, at).unwrap().bytes();
        frames.push(tail[at..at + len].to_vec());
        at += len;
    }
    frames
}

#[test]
fn frames_follow_one_another() {
    let one = bytes_of(&mass_cancel());
    let (log, _) = empty_log();
    let good = tail_of(&[(1, 1, &one), (2, 1, &one), (3, 1, &one)]);
    assert_eq!(read(&log, &good).unwrap().0.len(), 3);
    for frames in [[1, 3, 2], [2, 1, 3], [1, 1, 2], [1, 2, 2], [1, 2, 4], [0, 1, 2]] {
        let tail = tail_of(&frames.map(|first| (first, 1, &one[..])));
        assert_eq!(damage(verify(&log, &tail)), Damage::Sequence, "{frames:?}");
    }
    let far = tail_of(&[(u64::MAX, u32::MAX, &one)]);
    assert_eq!(damage(verify(&log, &far)), Damage::Sequence);
}

#[test]
fn frames_hold_what_they_say() {
    let (one, end) = (bytes_of(&mass_cancel()), bytes_of(&Entry::End));
    let two = [one.clone(), one.clone()].concat();
    let ended = [one.clone(), end.clone()].concat();
    let (log, _) = empty_log();
    let tag = CodecError::Malformed("unknown tag of an entry");
    for (count, payload, expected) in [
        (2, &one[..], Damage::Count),
        (u32::MAX, &one, Damage::Count),
        (1, &two, Damage::Count),
        (1, &end, Damage::End),
        (2, &ended, Damage::End),
        (1, &one[..4], Damage::Entry(CodecError::CutShort)),
        (1, &[200], Damage::Entry(tag)),
    ] {
        let tail = tail_of(&[(1, count, payload)]);
        assert_eq!(damage(verify(&log, &tail)), expected, "{count} in {payload:?}");
        // Behind good frames as well.
        let tail = tail_of(&[(1, 1, &one), (2, count, payload)]);
        assert_eq!(damage(verify(&log, &tail)), expected);
    }
}

#[test]
fn frames_fit_into_a_block() {
    let (log, _) = empty_log();
    let many = bytes_of(&mass_cancel()).repeat(13_064);
    let tail = tail_of(&[(1, 13_064, &many)]);
    assert_eq!(read(&log, &tail).unwrap().0.len(), 13_064);
    let one = bytes_of(&mass_cancel());
    let tail = tail_of(&[(1, 13_064, &many), (13_065, 1, &one)]);
    assert_eq!(damage(verify(&log, &tail)), Damage::Field);
    let tail = tail_of(&[(1, 1, &vec![5; PAYLOAD_BYTES_MAX + 1])]);
    assert!(matches!(verify(&log, &tail), Err(LogError::TornFrame { .. })), "no frame is so long");
}

#[test]
fn every_frame_of_the_shortest_entries_fits_into_a_tail() {
    let mut frames = encode_header(empty_log().1).to_vec();
    let one = bytes_of(&Entry::Command(Command::Uncross));
    assert_eq!(one.len(), 1, "no entry is shorter");
    for first in 1..=65_324 {
        append_frame(first, 1, &one, &mut frames);
    }
    assert_eq!(frames.len() as u64, TAIL_BYTES_MAX);
    assert_eq!(read(&empty_log().0, &frames).unwrap().0.len(), 65_324);
}

#[test]
fn a_bad_frame_before_a_good_one_is_damage() {
    let entries = mixed_entries(30);
    let Open { log, tail, .. } = record_open(&entries, &[5, 10, 30]);
    let frames = frames_of(&tail);
    let header = &tail[..TAIL_HEADER_BYTES];
    let mut bad = frames.clone();
    bad[1][25] ^= 1;
    let spoilt = [header, &bad.concat()].concat();
    let error = verify(&log, &spoilt).unwrap_err();
    assert!(error.to_string().ends_with("block 1; last good entry 5)"), "{error}");
    assert_eq!(damage(Err(error)), Damage::Frame);
    // With a length that points nowhere, too.
    bad[1][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(damage(verify(&log, &[header, &bad.concat()].concat())), Damage::Frame);
    // Left out: good frames that do not follow.
    let left_out = [header, &frames[0], &frames[2]].concat();
    assert_eq!(damage(verify(&log, &left_out)), Damage::Sequence);
    let swapped = [header, &frames[1], &frames[0], &frames[2]].concat();
    assert_eq!(damage(verify(&log, &swapped)), Damage::Sequence);
    // A header that cannot be read before frames that can.
    assert_eq!(damage(verify(&log, &tail[1..])), Damage::Frame);
    // An old frame behind a torn one proves nothing: it is no later entry.
    let old = [header, &frames[0], &bad[1], &frames[0]].concat();
    assert!(matches!(verify(&log, &old), Err(LogError::TornFrame { .. })));
}

#[test]
fn damage_in_the_tail_behind_a_torn_block_is_refused() {
    let entries = mixed_entries(3_600);
    let sealed = record_open(&entries, &[]);
    let before = record_open(&entries[..1_000], &[500, 700, 1_000]);
    let cut = &sealed.log[..sealed.log.len() - 1];
    let mut tail = before.tail;
    tail[TAIL_HEADER_BYTES + 30] ^= 1;
    let reader = Reader::open(cut, tail, ReadLimits::DEFAULT).unwrap();
    assert_eq!(damage(salvage(reader).map(|_| ())), Damage::Frame);
}

#[test]
fn a_tail_of_another_log_is_refused() {
    let entries = mixed_entries(30);
    let Open { log, .. } = record_open(&entries, &[]);
    let (mut other, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis { seed: 1, ..genesis() };
    let mut recorder =
        Recorder::create(&genesis, &mut other, &mut tail, SyncPolicy::Entry).unwrap();
    recorder.take(&entries[0]).unwrap();
    drop(recorder);
    verify(&other, &tail).unwrap();
    assert_eq!(damage(verify(&log, &tail)), Damage::ForeignTail);
    let (ended, _) = record(&entries);
    assert_eq!(damage(verify(&ended, &tail)), Damage::ForeignTail);
}

#[test]
fn a_tail_of_an_earlier_block_is_ignored() {
    let entries = mixed_entries(9_000);
    let early = record_open(&entries[..100], &[50, 100]);
    let middle = record_open(&entries[..3_600], &[3_600]);
    let (log, _) = record(&entries);
    assert!(2 < blocks(&log).len());
    for border in &blocks(&log)[1..] {
        let (whole, _) = read(&log[..*border], &[]).unwrap();
        assert!(read(&log[..*border], &early.tail).unwrap().0 == whole, "the header's tail");
    }
    let behind_two = &log[..blocks(&log)[2]];
    assert!(verify(behind_two, &middle.tail).is_ok(), "the first block's tail");
    for tail in [&early.tail, &middle.tail, &early.tail[..60].to_vec(), &vec![1; 80]] {
        assert!(read(&log, tail).unwrap().1, "an ended log needs no tail");
    }
    // Without the blocks that it needs it is foreign.
    assert_eq!(damage(verify(&log[..blocks(&log)[0]], &middle.tail)), Damage::ForeignTail);
}

#[test]
fn a_tail_behind_the_end_is_refused() {
    let (log, finished) = record(&mixed_entries(30));
    let mut tail = encode_header(finished.seal).to_vec();
    append_frame(finished.entries + 1, 1, &bytes_of(&mass_cancel()), &mut tail);
    assert_eq!(damage(verify(&log, &tail)), Damage::ForeignTail);
}

#[test]
fn the_open_block_begins_where_the_last_one_was_full() {
    let log = assemble(&empty_log().0, &[Draft::of(&vec![mass_cancel(); 13_050])]);
    let last = block_header(&log, blocks(&log)[0]);
    let room = PAYLOAD_BYTES_MAX - last.payload_bytes as usize;
    let mark = |len: usize| {
        let name = "m".repeat(len).parse().unwrap();
        bytes_of(&Entry::Mark(replay::Mark { name, number: 0 }))
    };
    let tail = |payload: &[u8]| {
        let mut tail = encode_header(last.seal).to_vec();
        append_frame(last.last() + 1, 1, payload, &mut tail);
        tail
    };
    let fits = mark(room - 11);
    assert_eq!(fits.len(), room);
    assert_eq!(damage(verify(&log, &tail(&fits))), Damage::Border);
    verify(&log, &tail(&mark(room - 10))).unwrap();
}
