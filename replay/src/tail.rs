//! `LOG.tail`: the open block, in frames that can each be believed or not. FORMAT.md §7.

use crate::block::PAYLOAD_BYTES_MAX;
use crate::chain::Digest;

/// First bytes of a tail.
pub const TAIL_MAGIC: [u8; 8] = *b"\x89RTAL\r\n\x1a";
/// Bytes of a tail's header: magic, the seal that it continues, a checksum.
pub const TAIL_HEADER_BYTES: usize = 44;
/// Bytes of a frame's header: length, checksum, first entry, count.
pub const FRAME_HEADER_BYTES: usize = 20;
/// Longest tail that a reader takes: a block of entries of one byte, each in a frame of its own.
pub const TAIL_BYTES_MAX: u64 =
    (TAIL_HEADER_BYTES + PAYLOAD_BYTES_MAX * (FRAME_HEADER_BYTES + 1)) as u64;

/// The header of a tail that continues a log with this seal.
pub fn encode_header(seal: Digest) -> [u8; TAIL_HEADER_BYTES] {
    let mut bytes = [0; TAIL_HEADER_BYTES];
    bytes[..8].copy_from_slice(&TAIL_MAGIC);
    bytes[8..40].copy_from_slice(&seal.0);
    let checksum = crc32c::crc32c(&bytes[..40]);
    bytes[40..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Appends a frame of entries.
///
/// * `first` - number of its first entry;
/// * `payload` - the encoded entries, at most a block's worth.
pub fn append_frame(first: u64, count: u32, payload: &[u8], bytes: &mut Vec<u8>) {
    let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&len.to_le_bytes());
    bytes.extend_from_slice(&checksum(len, first, count, payload).to_le_bytes());
    bytes.extend_from_slice(&first.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(payload);
}

fn checksum(len: u32, first: u64, count: u32, payload: &[u8]) -> u32 {
    let checksum = crc32c::crc32c(&len.to_le_bytes());
    let checksum = crc32c::crc32c_append(checksum, &first.to_le_bytes());
    let checksum = crc32c::crc32c_append(checksum, &count.to_le_bytes());
    crc32c::crc32c_append(checksum, payload)
}

/// What a tail says of where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing is there.
    Empty,
    /// The header cannot be read.
    Bad,
    /// It continues the log with this seal.
    Continues(Digest),
}

/// Reads a tail's header.
pub fn beginning(tail: &[u8]) -> Beginning {
    let Some((header, _)) = tail.split_first_chunk::<TAIL_HEADER_BYTES>() else {
        return if tail.is_empty() { Beginning::Empty } else { Beginning::Bad };
    };
    let mut seal = [0; 32];
    seal.copy_from_slice(&header[8..40]);
    let seal = Digest(seal);
    if *header == encode_header(seal) { Beginning::Continues(seal) } else { Beginning::Bad }
}

/// One good frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Number of its first entry.
    pub first: u64,
    /// How many entries.
    pub count: u32,
    /// The encoded entries.
    pub payload: &'a [u8],
}

impl Frame<'_> {
    /// Bytes of the frame with its header.
    pub const fn bytes(&self) -> usize {
        FRAME_HEADER_BYTES + self.payload.len()
    }
}

/// The frame at an offset, if there is a good one.
pub fn frame_at(tail: &[u8], offset: usize) -> Option<Frame<'_>> {
    let rest = tail.get(offset..)?;
    let (len, rest) = rest.split_first_chunk()?;
    let (stored, rest) = rest.split_first_chunk()?;
    let (first, rest) = rest.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let (len, first, count) =
        (u32::from_le_bytes(*len), u64::from_le_bytes(*first), u32::from_le_bytes(*count));
    if len == 0 || count == 0 || PAYLOAD_BYTES_MAX < len as usize {
        return None;
    }
    let payload = rest.get(..len as usize)?;
    let fits = checksum(len, first, count, payload).to_le_bytes() == *stored;
    fits.then_some(Frame { first, count, payload })
}

/// Whether a good frame of a later entry starts anywhere after an offset: then what stands at the
/// offset was not torn off at the end, but damaged.
///
/// Frames of entries that no block could reach are passed over before their checksum is computed, so
/// that a hostile tail cannot make this slow.
pub fn is_followed_by_good(tail: &[u8], offset: usize, next_entry: u64) -> bool {
    let reach = next_entry..=next_entry.saturating_add(PAYLOAD_BYTES_MAX as u64);
    (offset.saturating_add(1)..tail.len()).any(|later| {
        first_at(tail, later).is_some_and(|first| reach.contains(&first))
            && frame_at(tail, later).is_some()
    })
}

fn first_at(tail: &[u8], offset: usize) -> Option<u64> {
    let (first, _) = tail.get(offset.checked_add(8)?..)?.split_first_chunk()?;
    Some(u64::from_le_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail_of(frames: &[&[u8]]) -> Vec<u8> {
        let mut bytes = encode_header(Digest::ZERO).to_vec();
        for (first, payload) in (1..).zip(frames) {
            append_frame(first, 1, payload, &mut bytes);
        }
        bytes
    }

    #[test]
    fn frames_are_read_back() {
        let tail = tail_of(&[b"one", b"three"]);
        assert_eq!(beginning(&tail), Beginning::Continues(Digest::ZERO));
        let frame = frame_at(&tail, TAIL_HEADER_BYTES).unwrap();
        assert_eq!((frame.first, frame.count, frame.payload), (1, 1, &b"one"[..]));
        let frame = frame_at(&tail, TAIL_HEADER_BYTES + frame.bytes()).unwrap();
        assert_eq!((frame.first, frame.payload), (2, &b"three"[..]));
    }

    #[test]
    fn every_flipped_bit_spoils_its_frame_or_the_header() {
        let tail = tail_of(&[b"one"]);
        for bit in 0..tail.len() * 8 {
            let mut flipped = tail.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if bit / 8 < TAIL_HEADER_BYTES {
                assert_eq!(beginning(&flipped), Beginning::Bad, "bit {bit}");
            } else {
                assert_eq!(frame_at(&flipped, TAIL_HEADER_BYTES), None, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_good_frame_behind_a_bad_one_is_found() {
        let mut tail = tail_of(&[b"one", b"three"]);
        assert!(!is_followed_by_good(&tail_of(&[b"one"]), TAIL_HEADER_BYTES, 1));
        tail[TAIL_HEADER_BYTES + FRAME_HEADER_BYTES] ^= 1;
        assert!(is_followed_by_good(&tail, TAIL_HEADER_BYTES, 1));
    }
}
