//! One flipped bit, anywhere, is refused.

use kernel::Reference;
use replay::Entry;
use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};
use replay::entry::DecisionEntry;

use super::common::{mixed_entries, record};
use super::forge::{block_header, blocks};
use super::verify;

/// Flips each of these bits in turn; every flip has to be refused.
#[track_caller]
fn check_flips(log: &mut [u8], bits: impl Iterator<Item = usize>) {
    verify(log, &[]).unwrap();
    for bit in bits {
        log[bit / 8] ^= 1 << (bit % 8);
        assert!(verify(log, &[]).is_err(), "bit {} of byte {} is idle", bit % 8, bit / 8);
        log[bit / 8] ^= 1 << (bit % 8);
    }
}

/// Two full blocks, the first with much padding, and a short final one.
fn three_blocks() -> Vec<u8> {
    let mut entries = mixed_entries(6_000);
    let longest = Entry::Decision(DecisionEntry {
        agent: 0,
        policy: 0,
        action: vec![1; 512],
        first_reference: Reference(0),
        commands: 0,
        observation: None,
    });
    // Found by the padding that it leaves: the longest entry comes where the block is nearly full.
    let (log, _) = record(&entries);
    let first = block_header(&log, blocks(&log)[0]).count as usize;
    let log = (first - 200..first).find_map(|at| {
        entries.insert(at, longest.clone());
        let (log, _) = record(&entries[..at + 600]);
        let padding = BLOCK_BYTES - BLOCK_HEADER_BYTES - first_payload(&log);
        entries.remove(at);
        (1_000 < padding).then(|| record(&with(&entries, at, &longest)).0)
    });
    log.unwrap()
}

fn with(entries: &[Entry], at: usize, entry: &Entry) -> Vec<Entry> {
    let (before, after) = entries.split_at(at);
    [before, std::slice::from_ref(entry), after].concat()
}

fn first_payload(log: &[u8]) -> usize {
    block_header(log, blocks(log)[0]).payload_bytes as usize
}

#[test]
fn every_bit_of_a_log_of_one_block_counts() {
    let (mut log, _) = record(&mixed_entries(120));
    assert!(3_000 < log.len());
    let bits = log.len() * 8;
    check_flips(&mut log, 0..bits);
}

#[test]
fn every_bit_of_headers_padding_and_the_final_block_counts() {
    let mut log = three_blocks();
    let blocks = blocks(&log);
    assert_eq!(blocks.len(), 3);
    let padding = blocks[0] + BLOCK_HEADER_BYTES + first_payload(&log);
    assert!(1_000 < blocks[1] - padding);
    let headers = blocks.iter().map(|at| *at..*at + BLOCK_HEADER_BYTES);
    let spans = headers.chain([0..blocks[0], padding..blocks[1], blocks[2]..blocks[2] + 1_000]);
    for span in spans.collect::<Vec<_>>() {
        check_flips(&mut log, span.start * 8..span.end * 8);
    }
}

#[test]
fn every_byte_of_a_full_payload_counts() {
    let mut log = three_blocks();
    let (start, len) = (blocks(&log)[0] + BLOCK_HEADER_BYTES, first_payload(&log));
    assert!(60_000 < len);
    // Bit 0 of the first byte, bit 1 of the second, and so on.
    check_flips(&mut log, (start..start + len).map(|byte| byte * 8 + byte % 8));
}

#[test]
fn every_byte_of_a_log_may_be_any_other() {
    let (mut log, _) = record(&mixed_entries(3));
    for at in 0..log.len() {
        let original = log[at];
        for byte in (0..=u8::MAX).filter(|byte| *byte != original) {
            log[at] = byte;
            assert!(verify(&log, &[]).is_err(), "byte {at} as {byte}");
        }
        log[at] = original;
    }
}
