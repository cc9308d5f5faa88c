//! One block of a compacted log, compressed. FORMAT.md §12.

use crate::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};

use super::error::PackedDamage;

/// Bytes of a frame before its compressed bytes: their length and a checksum.
pub const FRAME_HEADER_BYTES: usize = 8;
/// Most compressed bytes of a block: what zstd needs for one that does not become shorter.
pub const ZSTD_BYTES_MAX: usize = BLOCK_BYTES + 288;

/// Where a block says how many bytes of entries it has. FORMAT.md §4.2.
const PAYLOAD_BYTES_AT: usize = 28;

/// Checksum of a frame: over the length too, so that a frame with a wrong one is known by itself.
fn checksum(zstd: &[u8]) -> u32 {
    let len = u32::try_from(zstd.len()).unwrap_or(u32::MAX);
    crc32c::crc32c_append(crc32c::crc32c(&len.to_le_bytes()), zstd)
}

/// Puts a frame's header in front of compressed bytes.
pub(super) fn header(zstd: &[u8]) -> [u8; FRAME_HEADER_BYTES] {
    let len = u32::try_from(zstd.len()).unwrap_or(u32::MAX);
    let mut bytes = [0; FRAME_HEADER_BYTES];
    bytes[..4].copy_from_slice(&len.to_le_bytes());
    bytes[4..].copy_from_slice(&checksum(zstd).to_le_bytes());
    bytes
}

/// How long the frame that begins with these bytes says that it is, with its header; `None` where
/// no frame can be that long.
pub(super) fn announced(bytes: &[u8]) -> Option<usize> {
    let len = u32::from_le_bytes(*bytes.first_chunk()?) as usize;
    (0 < len && len <= ZSTD_BYTES_MAX).then_some(FRAME_HEADER_BYTES + len)
}

/// Decompresses frames one after the other.
#[derive(Default)]
pub(super) struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Checks a whole frame and puts the block in it, without padding, into `block`. Nothing longer
    /// than a block is ever written, whatever the frame says.
    pub(super) fn unpack(&mut self, frame: &[u8], block: &mut Vec<u8>) -> Result<(), PackedDamage> {
        block.clear();
        if announced(frame) != Some(frame.len()) {
            return Err(PackedDamage::Length);
        }
        let (head, zstd) = frame.split_at(FRAME_HEADER_BYTES);
        if head != header(zstd) {
            return Err(PackedDamage::Checksum);
        }
        let len = content_bytes(zstd).ok_or(PackedDamage::Zstd)?;
        // A vector is filled up to its capacity and no further.
        block.reserve_exact(BLOCK_BYTES);
        let written = self.0.decompress_to_buffer(zstd, block);
        if !written.is_ok_and(|written| written == len) {
            block.clear();
            return Err(PackedDamage::Zstd);
        }
        let payload = block.get(PAYLOAD_BYTES_AT..).and_then(<[u8]>::first_chunk);
        let payload = payload.map_or(0, |bytes| u32::from_le_bytes(*bytes)) as usize;
        let is_block = 0 < payload && BLOCK_HEADER_BYTES.checked_add(payload) == Some(block.len());
        if is_block { Ok(()) } else { Err(PackedDamage::Content) }
    }
}

/// What one zstd frame that fills these bytes says that it holds, if it is no more than a block.
fn content_bytes(zstd: &[u8]) -> Option<usize> {
    let is_alone = zstd::zstd_safe::find_frame_compressed_size(zstd) == Ok(zstd.len());
    let len = zstd::zstd_safe::get_frame_content_size(zstd).ok()??;
    let len = usize::try_from(len).ok()?;
    (is_alone && len <= BLOCK_BYTES).then_some(len)
}

/// Whether a block's bytes say that it is the log's last.
pub(super) fn is_final(block: &[u8]) -> bool {
    let flags = block.get(4..).and_then(<[u8]>::first_chunk);
    flags.is_some_and(|flags| u32::from_le_bytes(*flags) & crate::block::FLAG_FINAL != 0)
}
