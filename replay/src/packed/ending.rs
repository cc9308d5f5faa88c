//! The last bytes of a compacted log: where each frame stands, and how many there are.
//! FORMAT.md §12.

use crate::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};
use crate::source::Source;

use super::error::{PackedDamage, PackedError};
use super::frame::{FRAME_HEADER_BYTES, ZSTD_BYTES_MAX};
use super::opening::Opening;
use super::read_exact_at;

/// Last bytes of a compacted log.
pub const FOOTER_MAGIC: [u8; 8] = *b"\x89REPE\r\n\x1a";
/// Bytes of the footer: count, bytes of the log, offset of the index, checksum, magic.
pub const FOOTER_BYTES: usize = 36;

/// Bytes of the footer that its checksum covers, after the index.
const CHECKED_BYTES: usize = 24;
/// Bytes of an offset in the index.
const OFFSET_BYTES: usize = 8;

/// Index and footer.
pub(super) struct Ending {
    /// Where the frame of each block begins.
    pub(super) offsets: Vec<u64>,
    /// Where the last one ends: the index begins there.
    pub(super) index: u64,
    /// Bytes of the plain log.
    pub(super) log_bytes: u64,
}

/// Where a frame stands.
pub(super) struct Span {
    pub(super) offset: u64,
    pub(super) bytes: usize,
}

impl Ending {
    pub(super) fn encode(&self) -> Vec<u8> {
        let Self { offsets, index, log_bytes } = self;
        let mut bytes = Vec::with_capacity(offsets.len() * OFFSET_BYTES + FOOTER_BYTES);
        for offset in offsets {
            bytes.extend_from_slice(&offset.to_le_bytes());
        }
        for number in [offsets.len() as u64, *log_bytes, *index] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes.extend_from_slice(&FOOTER_MAGIC);
        bytes
    }

    /// Reads footer and index, and takes neither for granted: the index must fill the room before
    /// the footer, and its offsets must lead from the opening to the index frame by frame.
    pub(super) fn read(source: &impl Source, opening: &Opening) -> Result<Self, PackedError> {
        let size = source.size()?;
        let footer_at = size.checked_sub(FOOTER_BYTES as u64);
        let Some(footer_at) = footer_at.filter(|at| opening.bytes() <= *at) else {
            return Err(PackedError::NoFooter { bytes: size });
        };
        let mut footer = [0; FOOTER_BYTES];
        read_exact_at(source, footer_at, &mut footer)?;
        if !footer.ends_with(&FOOTER_MAGIC) {
            return Err(PackedError::NoFooter { bytes: size });
        }
        let [count, log_bytes, index] = numbers(&footer);
        let damaged = |what, offset| PackedError::Damaged { what, offset };
        // What the index would take is compared with what is there before it is read.
        let index_bytes = footer_at.checked_sub(index).filter(|_| opening.bytes() <= index);
        let fits = count.checked_mul(OFFSET_BYTES as u64) == index_bytes;
        let Some(index_bytes) = index_bytes.filter(|_| fits) else {
            return Err(damaged(PackedDamage::Footer, footer_at));
        };
        let mut bytes = vec![0; usize::try_from(index_bytes).unwrap_or(usize::MAX)];
        read_exact_at(source, index, &mut bytes)?;
        let checksum = crc32c::crc32c_append(crc32c::crc32c(&bytes), &footer[..CHECKED_BYTES]);
        if footer[CHECKED_BYTES..CHECKED_BYTES + 4] != checksum.to_le_bytes() {
            return Err(damaged(PackedDamage::EndingChecksum, index));
        }
        let offsets = bytes.as_chunks::<OFFSET_BYTES>().0;
        let offsets = offsets.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
        let ending = Self { offsets, index, log_bytes };
        if !ending.leads_from(opening.bytes()) {
            return Err(damaged(PackedDamage::Index, index));
        }
        if !ending.holds(log_bytes, opening.header.len()) {
            return Err(damaged(PackedDamage::Footer, footer_at));
        }
        Ok(ending)
    }

    /// Whether frames fill the room from here to the index, each of them no longer than one can be.
    fn leads_from(&self, start: u64) -> bool {
        let (shortest, longest) = (FRAME_HEADER_BYTES + 1, FRAME_HEADER_BYTES + ZSTD_BYTES_MAX);
        let lengths = shortest as u64..=longest as u64;
        let ends = self.offsets.iter().skip(1).chain([&self.index]);
        let follow = |(from, to): (&u64, &u64)| {
            to.checked_sub(*from).is_some_and(|len| lengths.contains(&len))
        };
        self.offsets.first().unwrap_or(&self.index) == &start
            && self.offsets.iter().zip(ends).all(follow)
    }

    /// Whether a log with a header of this length and so many blocks can be so long.
    fn holds(&self, log_bytes: u64, header: usize) -> bool {
        let Some(blocks) = log_bytes.checked_sub(header as u64) else { return false };
        let slot = BLOCK_BYTES as u64;
        let last = match (self.offsets.len() as u64).checked_sub(1) {
            None => return blocks == 0,
            Some(before) => before.checked_mul(slot).and_then(|before| blocks.checked_sub(before)),
        };
        last.is_some_and(|last| (BLOCK_HEADER_BYTES as u64) < last && last <= slot)
    }

    /// The frame of block `number`, from 0; of no bytes where there is no such block.
    pub(super) fn frame(&self, number: usize) -> Span {
        let offset = self.offsets.get(number).copied().unwrap_or(self.index);
        let end = number.checked_add(1).and_then(|next| self.offsets.get(next));
        let bytes = end.unwrap_or(&self.index).saturating_sub(offset);
        Span { offset, bytes: usize::try_from(bytes).unwrap_or(usize::MAX) }
    }

    /// Bytes of the plain log that block `number` takes, from 0.
    pub(super) fn slot_bytes(&self, number: usize, header: usize) -> usize {
        let start = (number as u64).saturating_mul(BLOCK_BYTES as u64);
        let rest = self.log_bytes.saturating_sub(header as u64).saturating_sub(start);
        usize::try_from(rest).unwrap_or(usize::MAX).min(BLOCK_BYTES)
    }
}

/// The footer's count, bytes of the log and offset of the index.
fn numbers(footer: &[u8; FOOTER_BYTES]) -> [u64; 3] {
    let numbers = footer.as_chunks::<8>().0;
    let mut fields = [0; 3];
    for (field, bytes) in fields.iter_mut().zip(numbers) {
        *field = u64::from_le_bytes(*bytes);
    }
    fields
}
