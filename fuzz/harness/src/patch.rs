//! Changes of bytes: what accidents and adversaries do to a file.

use crate::input::Input;

/// Numbers that lie at borders.
const EDGES: [u64; 8] = [0, 1, 2, 0xFF, 0xFFFF, 0xFFFF_FFFF, 1 << 62, u64::MAX];

/// Changes bytes in one place.
///
/// * `other` - bytes of the same kind, of which parts may be taken.
pub fn patch(input: &mut Input<'_>, bytes: &mut Vec<u8>, other: &[u8]) {
    let kind = input.below(12);
    let at = input.place(bytes.len());
    match kind {
        0 => {
            if let Some(found) = bytes.get_mut(at) {
                *found = input.u8();
            }
        }
        1 => {
            if let Some(found) = bytes.get_mut(at) {
                *found ^= 1 << input.below(8);
            }
        }
        2 => number(bytes, at, |_| EDGES[input.index(EDGES.len())]),
        3 => number(bytes, at, |old| old.wrapping_add_signed(i64::from(input.u8()) - 128)),
        4 => {
            let other = input.place(bytes.len());
            swap(bytes, at, other);
        }
        5 => {
            let len = usize::from(input.u8());
            if let (Some(found), Some(from)) =
                (bytes.get_mut(at..at + len), other.get(at..at + len))
            {
                found.copy_from_slice(from);
            }
        }
        6 => bytes.truncate(at),
        7 => bytes.truncate(bytes.len().saturating_sub(input.u8().into())),
        8 => bytes.resize(bytes.len() + usize::from(input.u8()), input.u8()),
        9 => bytes.insert(at, input.u8()),
        10 => {
            let end = (at + usize::from(input.u8())).min(bytes.len());
            bytes.drain(at..end);
        }
        _ => {
            let end = (at + usize::from(input.u8())).min(bytes.len());
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
    }
}

/// Changes eight bytes as one number, or the four at the end.
fn number(bytes: &mut [u8], at: usize, mut change: impl FnMut(u64) -> u64) {
    if let Some(found) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *found = change(u64::from_le_bytes(*found)).to_le_bytes();
    }
}

/// Exchanges digests, or what stands in their places.
fn swap(bytes: &mut [u8], one: usize, other: usize) {
    const DIGEST_BYTES: usize = 32;
    if one.abs_diff(other) < DIGEST_BYTES || bytes.len() < one.max(other) + DIGEST_BYTES {
        return;
    }
    for byte in 0..DIGEST_BYTES {
        bytes.swap(one + byte, other + byte);
    }
}

/// Makes the CRC-32C at the end of some bytes the one of those before it.
pub fn repair_checksum(bytes: &mut [u8]) {
    if let Some((checked, checksum)) = bytes.split_last_chunk_mut::<4>() {
        *checksum = crc32c::crc32c(checked).to_le_bytes();
    }
}
