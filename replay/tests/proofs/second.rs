//! A second checker, written from FORMAT.md alone: it knows BLAKE3 and nothing of this crate.

use crate::Log;

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    fn number(&mut self, len: usize) -> u64 {
        self.take(len).iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

fn hash(role: &str, parts: &[&[u8]]) -> Vec<u8> {
    blake3::derive_key(&format!("replay 2026-11 v0 {role}"), &parts.concat()).to_vec()
}

/// The root over `heads` heads, `index` (from 1) of which is the node's.
fn climb(node: Vec<u8>, index: u64, heads: u64, path: &mut Rest<'_>) -> Vec<u8> {
    if heads == 1 {
        return node;
    }
    let left = heads.next_power_of_two() / 2;
    if index <= left {
        let node = climb(node, index, left, path);
        hash("node", &[&node, path.take(32)])
    } else {
        let node = climb(node, index - left, heads - left, path);
        hash("node", &[path.take(32), &node])
    }
}

/// The seal that a proof comes to, the number of its entry, and the entries of its block.
fn seal_of(proof: &[u8]) -> (Vec<u8>, u64, u64, &[u8]) {
    let mut rest = Rest(proof);
    assert_eq!(rest.take(10), b"\x89RPRF\r\n\x1a\0\0");
    let (entry, block) = (rest.number(8), rest.number(8));
    let before = rest.take(32);
    let flags = rest.take(4);
    let number_bytes = rest.take(8);
    let number = Rest(number_bytes).number(8);
    let numbers = rest.take(8 + 4 + 4 + 8 + 8);
    let (outcome, state, other, head_before) =
        (rest.take(32), rest.take(32), rest.take(32), rest.take(32));
    let first_and_count = rest.take(12);
    let first = Rest(first_and_count).number(8);
    let payload_bytes = usize::try_from(rest.number(4)).unwrap();
    let entries = rest.take(payload_bytes);
    let mut input = [head_before, first_and_count, entries].concat();
    input.resize(65_536, 0);
    let head_of_block = hash("head", &[&input]);
    let (head, root) = if block == number {
        (head_of_block, other.to_vec())
    } else {
        let leaf = hash("leaf", &[&head_of_block]);
        (other.to_vec(), climb(leaf, block, number - 1, &mut rest))
    };
    assert_eq!(rest.0.len(), 4, "the checksum is left");
    let parts = [before, &head, outcome, state, flags, number_bytes, numbers, &root];
    (hash("seal", &parts), entry, first, entries)
}

#[test]
fn the_page_is_enough_to_check_a_proof() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    for sealer in 1..=blocks {
        for holder in 1..=sealer {
            let (first, last) = log.borders(holder);
            let bytes = log.prove(last, sealer).encode();
            let (seal, entry, found_first, entries) = seal_of(&bytes);
            assert_eq!(seal, log.seal(sealer).0, "block {holder} against {sealer}");
            assert_eq!((entry, found_first), (last, first));
            let block = log.archive.block(holder).unwrap().unwrap();
            assert!(entries == block.payload());
        }
    }
}
