//! Blocks of which a device kept zeros in place of the last bytes. FORMAT.md §7.3.

use crate::block::{BLOCK_HEADER_BYTES, BLOCK_MAGIC, Chain};
use crate::codec::LONGEST_ENTRY_BYTES;

/// Whether a header that cannot be read is what is left of the next block's: no entry begins with a
/// zero, so zeros from the first entry on are no block of anybody's. What stands before the zeros
/// must be that block's magic, number and first entry, as far as it goes.
///
/// * `behind_header` - all bytes of the block behind its header, to the end of the file;
/// * `chain` - behind the block before.
pub(crate) fn is_header_cut(
    header: &[u8; BLOCK_HEADER_BYTES],
    behind_header: &[u8],
    chain: &Chain,
) -> bool {
    let left = header.split_at(kept(header)).0;
    let (number, first) = (chain.blocks + 1, chain.entries + 1);
    let fields =
        [(0, &BLOCK_MAGIC[..]), (8, &number.to_le_bytes()[..]), (16, &first.to_le_bytes()[..])];
    let is_next = fields.iter().all(|(at, field)| {
        left.get(*at..).unwrap_or_default().iter().zip(*field).all(|(found, next)| found == next)
    });
    !behind_header.is_empty() && is_zero(behind_header) && is_next
}

/// Whether the last of these entries never reached the device. It begins with a byte that is not
/// zero, at most [`LONGEST_ENTRY_BYTES`] before the end: so many zeros there are more than entries
/// can end with, and more than any flipped bit can make.
pub(crate) fn is_payload_cut(payload: &[u8]) -> bool {
    is_zero(payload.split_at(payload.len().saturating_sub(LONGEST_ENTRY_BYTES)).1)
}

/// How many bytes there are before the zeros that some bytes end with.
pub(crate) fn kept(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

fn is_zero(bytes: &[u8]) -> bool {
    kept(bytes) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Digest;

    #[test]
    fn zeros_that_entries_can_end_with_are_no_tear() {
        let mut payload = vec![1; 3_000];
        for zeros in 0..3_000 {
            payload.fill(1);
            payload[3_000 - zeros..].fill(0);
            assert_eq!(is_payload_cut(&payload), LONGEST_ENTRY_BYTES <= zeros, "{zeros} zeros");
            assert_eq!(kept(&payload), 3_000 - zeros);
        }
        // A short payload has no room for so many: all of it is zeros.
        assert!(is_payload_cut(&[0; 5]) && !is_payload_cut(&[1, 0, 0, 0, 0]));
    }

    #[test]
    fn a_header_is_cut_when_nothing_behind_it_is_left() {
        let mut chain = Chain::new(Digest::ZERO);
        (chain.blocks, chain.entries) = (0x0100, 0x0203);
        let header_of = |bytes: &[u8]| {
            let mut header = [0; BLOCK_HEADER_BYTES];
            header[..bytes.len()].copy_from_slice(bytes);
            header
        };
        let whole = *b"RBLK\0\0\0\0\x01\x01\0\0\0\0\0\0\x04\x02\0\0\0\0\0\0anything";
        for len in 0..whole.len() {
            let header = header_of(&whole[..len]);
            assert!(is_header_cut(&header, &[0; 9], &chain), "{len} bytes");
            assert!(!is_header_cut(&header, &[0, 0, 1], &chain));
            assert!(!is_header_cut(&header, &[], &chain));
        }
        // Another magic, number or first entry: no block of this place.
        for at in [0, 3, 8, 9, 15, 16, 17, 23] {
            let mut other = whole;
            other[at] ^= 0x10;
            assert!(!is_header_cut(&header_of(&other), &[0; 9], &chain), "byte {at}");
        }
    }
}
