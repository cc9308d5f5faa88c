//! Wherever one goes in a log, the market is the one that a replay from the start has there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use replay::snapshot::SnapshotError;
use replay::state::state_digest;
use replay::{Digest, PlayError, Player, ReadLimits, Reader, Seeker, Snapshots};

use super::archives::archive;
use super::partings::{forged_at, head_of};
use crate::common::{mixed_entries, record};

/// Every entry's state and head, at steps of `every`.
fn moments(log: &[u8], every: u64) -> BTreeMap<u64, (Digest, Digest)> {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut moments = BTreeMap::new();
    loop {
        let number = player.number();
        if number.is_multiple_of(every) {
            moments.insert(number, (state_digest(player.engine()), player.head()));
        }
        if player.advance().unwrap().is_none() {
            return moments;
        }
    }
}

fn at<K: Snapshots>(seeker: &mut Seeker<&[u8], K>, entry: u64) -> (Digest, Digest) {
    let player = seeker.seek(entry, |_| ()).unwrap();
    assert_eq!(player.number(), entry);
    (state_digest(player.engine()), player.head())
}

/// A log with some state digests on its way.
fn long() -> Vec<u8> {
    record(&mixed_entries(300_000)).0
}

#[test]
fn every_moment_is_that_of_a_replay() {
    let log = long();
    let expected = moments(&log, 997);
    let mut store = BTreeMap::new();
    let mut seeker = Seeker::new(archive(&log, Vec::new()), &mut store);
    // Back and forth, in no order: 2,003 is prime.
    let order: Vec<u64> = (0..expected.len() as u64).collect();
    let len = order.len() as u64;
    for index in order {
        let entry = 997 * (index * 2_003 % len);
        assert_eq!(at(&mut seeker, entry), expected[&entry], "entry {entry}");
    }
    drop(seeker);
    assert!(3 <= store.len(), "snapshots were kept: {}", store.len());
    // Once more from what was kept alone, a new seeker for each.
    for (entry, moment) in expected.iter().step_by(7) {
        let mut seeker = Seeker::new(archive(&log, Vec::new()), &mut store);
        assert_eq!(at(&mut seeker, *entry), *moment, "entry {entry}");
    }
}

/// Remembered states lead to the same moments, in any order, and so does a way in slices; behind
/// blocks without a state digest, too, what is due is still known.
#[test]
fn what_is_remembered_changes_no_moment() {
    let log = long();
    let expected = moments(&log, 499);
    let mut seeker =
        Seeker::new(archive(&log, Vec::new()), None::<BTreeMap<u64, Vec<u8>>>).remembering(5);
    let len = expected.len() as u64;
    // Back in small steps with a few far ones between them.
    for index in (0..len).rev().flat_map(|index| [index, index / 3]).step_by(3) {
        let entry = 499 * index;
        assert_eq!(at(&mut seeker, entry), expected[&entry], "entry {entry}");
    }
    for entry in [499 * (len - 1), 499 * 100, 499 * (len - 1)] {
        let mut slices = 0;
        while !seeker.approach(entry, 10_000, |_| ()).unwrap() {
            slices += 1;
            assert!(seeker.here().unwrap().number() < entry);
        }
        assert!(slices <= 1 + log.len() as u64 / 10_000);
        assert_eq!(at(&mut seeker, entry), expected[&entry], "entry {entry}");
    }
}

/// Going back a little replays a block, not all since the start.
#[test]
fn a_little_back_is_near() {
    let log = long();
    let mut seeker =
        Seeker::new(archive(&log, Vec::new()), None::<BTreeMap<u64, Vec<u8>>>).remembering(8);
    let last = seeker.archive().entries();
    seeker.seek(last, |_| ()).unwrap();
    for back in 1..2_000 {
        let mut blocks = 0;
        seeker.seek(last - back, |_| blocks += 1).unwrap();
        assert!(blocks <= 1, "{blocks} blocks were replayed for entry {}", last - back);
    }
}

#[test]
fn a_walk_shows_every_moment_once_and_keeps_snapshots() {
    let log = long();
    let mut store = BTreeMap::new();
    let mut seeker = Seeker::new(archive(&log, Vec::new()), &mut store);
    let (mut next, mut is_at_end) = (1, false);
    while !is_at_end {
        is_at_end = seeker
            .walk(7_001, |moment| {
                assert_eq!(moment.number, next);
                next += 1;
                if moment.number % 5 == 0 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .unwrap();
    }
    assert_eq!(next - 1, seeker.archive().entries());
    assert_eq!(seeker.here().unwrap().number(), next - 1);
    drop(seeker);
    assert!(3 <= store.len(), "snapshots were kept: {}", store.len());
}

#[test]
fn a_walk_ends_where_a_block_differs() {
    let log = long();
    let forged = forged_at(&log, 7);
    let archive = archive(&forged, Vec::new());
    let last = archive.block_header(7).unwrap().last();
    let mut seeker = Seeker::new(archive, BTreeMap::new()).remembering(4);
    let walked = seeker.walk(last, |_| ControlFlow::Continue(()));
    assert!(matches!(walked, Err(PlayError::Diverged(_))), "{walked:?}");
    let again = seeker.seek(last, |_| ()).err();
    assert!(matches!(again, Some(PlayError::Diverged(_))), "{again:?}");
}

#[test]
fn the_head_of_a_moment_is_that_of_its_entries() {
    let entries = mixed_entries(9_000);
    let (log, _) = record(&entries);
    let mut seeker = Seeker::new(archive(&log, Vec::new()), BTreeMap::new());
    for entry in (0..9_000).step_by(613).chain([1, 8_999]) {
        let (_, head) = at(&mut seeker, entry as u64);
        assert_eq!(head, head_of(&entries[..entry]), "entry {entry}");
    }
}

#[test]
fn a_replay_from_a_snapshot_checks_what_comes_behind_it() {
    let log = long();
    let mut store = BTreeMap::new();
    let last = archive(&log, Vec::new()).entries();
    Seeker::new(archive(&log, Vec::new()), &mut store).seek(last, |_| ()).unwrap();
    let mut seeker = Seeker::new(archive(&log, Vec::new()), &mut store);
    let mut blocks = Vec::new();
    let player = seeker.seek(last - 1, |block| blocks.push(block)).unwrap();
    let whole = player.run().unwrap();
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    assert_eq!(whole, Player::new(reader).unwrap().run().unwrap());
    assert!(blocks.len() < 40, "it began at the last snapshot: {blocks:?}");
}

/// What a block records is compared with where a seek ends, too, and nothing is kept of what differs.
#[test]
fn a_state_that_the_log_contradicts_is_no_answer() {
    let log = long();
    let whole = archive(&log, Vec::new());
    let with_state =
        (1..whole.blocks()).find(|number| whole.block_header(*number).unwrap().has_state());
    for block in [with_state.unwrap(), 7, whole.blocks()] {
        let forged = forged_at(&log, block);
        let mut store = BTreeMap::new();
        for _ in 0..2 {
            let archive = archive(&forged, Vec::new());
            let last = archive.block_header(block).unwrap().last();
            let mut seeker = Seeker::new(archive, &mut store);
            let found = seeker.seek(last, |_| ()).err();
            assert!(matches!(found, Some(PlayError::Diverged(_))), "block {block}: {found:?}");
        }
        assert!(!store.contains_key(&block), "block {block}");
    }
}

/// Whatever lies in a store is no reason to fail.
#[test]
fn numbers_that_no_block_has_are_passed_over() {
    let log = long();
    let mut store: BTreeMap<u64, Vec<u8>> =
        [0, 1, 99_999, u64::MAX].map(|number| (number, Vec::new())).into();
    let expected = moments(&log, 100_000)[&100_000];
    assert_eq!(at(&mut Seeker::new(archive(&log, Vec::new()), &mut store), 100_000), expected);
}

/// Remembers what was refused.
struct Watched {
    kept: BTreeMap<u64, Vec<u8>>,
    refused: Vec<(u64, SnapshotError)>,
}

impl Snapshots for Watched {
    fn blocks(&mut self) -> Vec<u64> {
        self.kept.blocks()
    }

    fn load(&mut self, block: u64, bytes_max: u64) -> Option<Vec<u8>> {
        self.kept.load(block, bytes_max)
    }

    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool {
        self.kept.keep(block, bytes)
    }

    fn refuse(&mut self, block: u64, error: SnapshotError) {
        self.refused.push((block, error));
    }
}

#[test]
fn a_snapshot_that_the_chain_does_not_vouch_for_is_refused_and_made_anew() {
    let log = long();
    let (entry, expected) = moments(&log, 199_000).pop_last().unwrap();
    let mut store = BTreeMap::new();
    Seeker::new(archive(&log, Vec::new()), &mut store).seek(entry, |_| ()).unwrap();
    let (block, good) =
        store.iter().next_back().map(|(block, bytes)| (*block, bytes.clone())).unwrap();
    let resealed = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        let signed = bytes.len() - 4;
        let checksum = crc32c::crc32c(&bytes[..signed]).to_le_bytes();
        bytes[signed..].copy_from_slice(&checksum);
        bytes
    };
    let mut flipped = good.clone();
    flipped[500] ^= 1;
    for (bytes, error) in [
        (flipped, SnapshotError::Damaged),
        (good[..good.len() - 1].to_vec(), SnapshotError::Damaged),
        (Vec::new(), SnapshotError::Damaged),
        (resealed(0), SnapshotError::Damaged),
        (resealed(8), SnapshotError::Version),
        (resealed(10), SnapshotError::Version),
        (resealed(12), SnapshotError::Foreign),
        (resealed(20), SnapshotError::Foreign),
        (resealed(500), SnapshotError::State),
    ] {
        let kept = BTreeMap::from([(block, bytes)]);
        let mut watched = Watched { kept, refused: Vec::new() };
        let mut seeker = Seeker::new(archive(&log, Vec::new()), &mut watched);
        assert_eq!(at(&mut seeker, entry), expected);
        drop(seeker);
        assert_eq!(watched.refused, [(block, error)]);
        assert_eq!(watched.kept.get(&block), Some(&good), "it was made anew");
    }
}

/// Any other log's snapshot, whole and in order, is another log's.
#[test]
fn a_snapshot_of_another_log_is_foreign() {
    let log = long();
    let mut other_entries = mixed_entries(300_000);
    other_entries.remove(3);
    let (other, _) = record(&other_entries);
    let mut store = BTreeMap::new();
    Seeker::new(archive(&other, Vec::new()), &mut store).seek(250_000, |_| ()).unwrap();
    let mut watched = Watched { kept: store, refused: Vec::new() };
    let expected = moments(&log, 250_000)[&250_000];
    assert_eq!(at(&mut Seeker::new(archive(&log, Vec::new()), &mut watched), 250_000), expected);
    assert!(!watched.refused.is_empty());
    assert!(watched.refused.iter().all(|(_, error)| *error == SnapshotError::Foreign));
}
