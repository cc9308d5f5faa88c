//! Proofs that were changed. What is accepted against a seal is the true proof of an entry, byte for
//! byte, and nothing else.

use replay::{Digest, Proof, ProofError};

use crate::Log;

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % bound as u64).unwrap()
    }
}

/// The checksum of what stands before it.
fn repair(bytes: &mut [u8]) {
    if let Some((checked, checksum)) = bytes.split_last_chunk_mut::<4>() {
        *checksum = crc32c::crc32c(checked).to_le_bytes();
    }
}

/// Whether a checker accepts these bytes. Panics where it accepts what is no true proof.
#[track_caller]
fn is_accepted(log: &Log, bytes: &[u8], against: u64) -> bool {
    let Ok(proof) = Proof::decode(bytes) else { return false };
    let Ok(proven) = proof.check(log.seal(against)) else { return false };
    let truth = log.prove(proven.entry, against).encode();
    assert!(truth == bytes, "a proof of entry {} that nobody made", proven.entry);
    assert_eq!(proven.what, log.entry(proven.entry));
    true
}

/// Every bit of two small proofs, as it is and behind a repaired checksum. The entry's number may
/// then be that of another entry of the same block, and the proof is the true one of that entry.
#[test]
fn no_flipped_bit_is_accepted() {
    let log = Log::of(40);
    for entry in [1, 17, 41] {
        let bytes = log.prove(entry, 1).encode();
        for bit in 0..8 * bytes.len() {
            let mut mutant = bytes.clone();
            mutant[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_accepted(&log, &mutant, 1), "bit {bit}");
            repair(&mut mutant);
            let is_of_entry = (10..18).contains(&(bit / 8));
            // A repaired checksum undoes a flip of its own.
            let is_same = mutant == bytes;
            assert!(!is_accepted(&log, &mutant, 1) || is_of_entry || is_same, "bit {bit}");
        }
    }
}

/// All fields, the path, and a part of the entries of a proof over several blocks.
#[test]
fn no_flipped_bit_of_a_long_proof_is_accepted() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    let (first, _) = log.borders(3);
    let bytes = log.prove(first, blocks).encode();
    let path = bytes.len() - 4 - 32 * 4;
    for at in (0..246).chain((246..path).step_by(61)).chain(path..bytes.len()) {
        let mut mutant = bytes.clone();
        mutant[at] ^= 1 << (at % 8);
        assert!(!is_accepted(&log, &mutant, blocks), "byte {at}");
        repair(&mut mutant);
        let is_of_entry = (10..18).contains(&at);
        let is_same = mutant == bytes;
        assert!(!is_accepted(&log, &mutant, blocks) || is_of_entry || is_same, "byte {at}");
    }
}

#[test]
fn every_cut_and_every_byte_more_is_found() {
    let log = Log::of(40);
    let bytes = log.prove(7, 1).encode();
    for len in 0..bytes.len() {
        let mut mutant = bytes[..len].to_vec();
        assert!(!is_accepted(&log, &mutant, 1), "{len} bytes");
        repair(&mut mutant);
        assert!(!is_accepted(&log, &mutant, 1), "{len} bytes, repaired");
    }
    for more in 1..70 {
        let mut mutant = [&bytes[..], &vec![0; more]].concat();
        assert!(matches!(Proof::decode(&mutant), Err(ProofError::Length { .. })));
        repair(&mut mutant);
        assert!(!is_accepted(&log, &mutant, 1));
    }
}

/// Zeros behind the entries are in the head whether they are entries or not: the count must tell.
#[test]
fn zeros_are_no_entries() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    let bytes = log.prove(1, blocks).encode();
    let payload = u32::from_le_bytes(*bytes[242..].first_chunk().unwrap());
    let at = 246 + payload as usize;
    let mut mutant = bytes.clone();
    mutant[242..246].copy_from_slice(&(payload + 1).to_le_bytes());
    mutant.insert(at, 0);
    repair(&mut mutant);
    assert!(matches!(Proof::decode(&mutant), Err(ProofError::Entries(_))));
}

const FIELDS: [(usize, usize); 17] = [
    (10, 8),
    (18, 8),
    (26, 32),
    (58, 4),
    (62, 8),
    (70, 8),
    (78, 4),
    (82, 4),
    (86, 8),
    (94, 8),
    (102, 32),
    (134, 32),
    (166, 32),
    (198, 32),
    (230, 8),
    (238, 4),
    (242, 4),
];

/// One change: flipped bits, numbers moved or replaced, digests swapped, parts of other proofs, bytes
/// cut, repeated or added.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let len = bytes.len();
    match dice.below(9) {
        0 => bytes[dice.below(len)] ^= 1 << dice.below(8),
        1 => {
            let (at, size) = FIELDS[dice.below(FIELDS.len())];
            if at + size <= len {
                let number = u64::from_le_bytes(*bytes[at..].first_chunk().unwrap_or(&[0; 8]));
                let number = match dice.below(5) {
                    0 => number.wrapping_add(1),
                    1 => number.wrapping_sub(1),
                    2 => 0,
                    3 => u64::MAX >> dice.below(64),
                    _ => dice.below(1 << 20) as u64,
                };
                bytes[at..at + size.min(8)].copy_from_slice(&number.to_le_bytes()[..size.min(8)]);
            }
        }
        2 => {
            // Two digests, anywhere.
            let places = [26, 102, 134, 166, 198, len.saturating_sub(36), len.saturating_sub(68)];
            let (one, two) = (places[dice.below(7)], places[dice.below(7)]);
            if one.max(two) + 32 <= len && 32 <= one.abs_diff(two) {
                for byte in 0..32 {
                    bytes.swap(one + byte, two + byte);
                }
            }
        }
        3 => {
            let (at, size) = FIELDS[dice.below(FIELDS.len())];
            if at + size <= len.min(other.len()) {
                bytes[at..at + size].copy_from_slice(&other[at..at + size]);
            }
        }
        4 => {
            let (from, to) = (dice.below(len), dice.below(len));
            let size = dice.below(64).min(len - from.max(to));
            bytes.copy_within(from..from + size, to);
        }
        5 => bytes.truncate(len - dice.below(40).min(len - 1)),
        6 => bytes.extend_from_slice(&other[..dice.below(40).min(other.len())]),
        7 => {
            let (at, end) = (dice.below(len), dice.below(other.len()));
            bytes.splice(at..(at + 8).min(len), other[end..].iter().take(8).copied());
        }
        _ => {
            let at = dice.below(len);
            bytes.splice(at..at, [0; 3]);
        }
    }
}

/// A hundred thousand changed proofs. Half of them have their checksum repaired; those that are then
/// accepted are true proofs of other entries.
#[test]
fn no_mutant_is_accepted() {
    let (small, other) = (Log::of(60), Log::of(61));
    let long = Log::of(26_000);
    let blocks = long.archive.blocks();
    let of = |log: &Log, entry, against| log.prove(entry, against).encode();
    let (last, _) = long.borders(blocks);
    let cases = [
        (&small, 1, of(&small, 5, 1), of(&other, 5, 1), 60_000),
        (&small, 1, of(&small, 60, 1), of(&small, 61, 1), 36_000),
        (&long, blocks, of(&long, 1, blocks), of(&long, 9_000, blocks), 2_000),
        (&long, blocks, of(&long, last, blocks), of(&long, last, blocks), 2_000),
    ];
    let mut dice = Dice(11);
    let (mut seen, mut repaired_others) = (0, 0);
    for (log, against, bytes, spliced, rounds) in cases {
        for _ in 0..rounds {
            let mut mutant = bytes.clone();
            for _ in 0..=dice.below(3) {
                mutate(&mut mutant, &spliced, &mut dice);
            }
            let is_repaired = dice.below(2) == 0;
            if is_repaired {
                repair(&mut mutant);
            }
            if mutant == bytes {
                continue;
            }
            seen += 1;
            if is_accepted(log, &mutant, against) {
                assert!(is_repaired, "an unrepaired change was accepted");
                repaired_others += 1;
            }
        }
    }
    assert!(90_000 < seen, "{seen} mutants");
    assert!(repaired_others < seen / 20, "{repaired_others} point to another entry");
}

/// Lengths that a hostile proof announces reserve nothing and are refused.
#[test]
fn announced_lengths_are_not_believed() {
    let log = Log::of(40);
    let bytes = log.prove(7, 1).encode();
    for (at, value) in [(242, u32::MAX), (242, 65_325), (242, 0), (82, u32::MAX), (238, u32::MAX)] {
        let mut mutant = bytes.clone();
        mutant[at..at + 4].copy_from_slice(&value.to_le_bytes());
        repair(&mut mutant);
        assert!(Proof::decode(&mutant).is_err(), "{at}: {value}");
    }
    for (number, block) in [(u64::MAX, 1), (u64::MAX, u64::MAX), (1 << 62, 1), (0, 0), (1, 2)] {
        let mut mutant = bytes.clone();
        mutant[62..70].copy_from_slice(&u64::to_le_bytes(number));
        mutant[18..26].copy_from_slice(&u64::to_le_bytes(block));
        repair(&mut mutant);
        assert!(Proof::decode(&mutant).is_err(), "block {block} of {number}");
    }
}

/// The numbers of the sealing block and of the entry's block say the same where both are one, and
/// follow one another where they are not. Whoever owns a log could seal it otherwise.
#[test]
fn numbers_that_contradict_each_other_are_refused() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    let (first, last) = log.borders(blocks);
    let refused = |mut bytes: Vec<u8>, at: usize, value: u64, size: usize| {
        bytes[at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
        repair(&mut bytes);
        let refused = Proof::decode(&bytes);
        assert!(matches!(refused, Err(ProofError::Field { what: "block" })), "{at}: {refused:?}");
    };
    let bytes = log.prove(last, blocks).encode();
    for (at, value, size) in [(230, first - 1, 8), (70, first - 1, 8), (78, last - first, 4)] {
        refused(bytes.clone(), at, value, size);
    }
    // The sealing block begins inside the block that it seals.
    let (_, inside) = log.borders(3);
    refused(log.prove(inside, blocks).encode(), 70, inside, 8);
}

/// What a checker must not do: take the seal that the proof comes to for one that is known.
#[test]
fn a_seal_from_elsewhere_decides() {
    let log = Log::of(40);
    let mut mutant = log.prove(7, 1).encode();
    mutant[90] ^= 1;
    repair(&mut mutant);
    let proof = Proof::decode(&mutant).unwrap();
    assert!(proof.check(proof.claimed_seal()).is_ok());
    assert!(proof.check(log.seal(1)).is_err());
    assert!(proof.check(Digest::ZERO).is_err());
}
