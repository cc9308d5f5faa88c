//! One flipped bit, anywhere, is refused.

use super::{expand, logs};

#[test]
fn every_bit_of_a_compacted_log_counts() {
    let (log, mut packed) = logs(120);
    assert!(expand(&packed).unwrap() == log);
    for bit in 0..packed.len() * 8 {
        packed[bit / 8] ^= 1 << (bit % 8);
        assert!(expand(&packed).is_err(), "bit {} of byte {} is idle", bit % 8, bit / 8);
        packed[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn every_byte_of_several_blocks_counts() {
    let (log, mut packed) = logs(20_000);
    assert!(expand(&packed).unwrap() == log);
    for at in (0..packed.len()).step_by(251).chain(packed.len() - 100..packed.len()) {
        packed[at] ^= 0x40;
        assert!(expand(&packed).is_err(), "byte {at} is idle");
        packed[at] ^= 0x40;
    }
}
