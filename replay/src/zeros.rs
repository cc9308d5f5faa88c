//! Blocks of which a device kept zeros in place of the last bytes. FORMAT.md §7.3.

use crate::codec::LONGEST_ENTRY_BYTES;

/// Whether a header that cannot be read belongs to a block whose entries never reached the device:
/// no entry begins with a zero, so zeros from the first entry on are no block of anybody's.
///
/// * `behind_header` - all bytes of the block behind its header, to the end of the file.
pub(crate) fn is_header_cut(behind_header: &[u8]) -> bool {
    !behind_header.is_empty() && is_zero(behind_header)
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
        assert!(is_header_cut(&[0; 9]));
        assert!(!is_header_cut(&[0, 0, 1]) && !is_header_cut(&[]));
    }
}
