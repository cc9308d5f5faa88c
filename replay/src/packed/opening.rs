//! The first bytes of a compacted log: magic, version and the log's own header. FORMAT.md §12.

use crate::codec::GENESIS_BYTES_MAX;
use crate::source::Source;

use super::error::{PackedDamage, PackedError};
use super::read_exact_at;

/// First bytes of a compacted log; damage by text transfers shows as in [`crate::header::MAGIC`].
pub const PACKED_MAGIC: [u8; 8] = *b"\x89REPK\r\n\x1a";
/// Version of the container that this crate writes and reads.
pub const PACKED_VERSION: u16 = 0;
/// Longest header of a log: 16 bytes, the genesis, a digest.
pub const LOG_HEADER_BYTES_MAX: usize = 16 + GENESIS_BYTES_MAX + 32;

/// Bytes before the log's header: magic, version, length of the header.
const PREFIX_BYTES: usize = 14;
/// Bytes of the checksum behind it.
const CHECKSUM_BYTES: usize = 4;

/// What a compacted log begins with.
pub(super) struct Opening {
    /// The log's header, not decoded.
    pub(super) header: Vec<u8>,
}

impl Opening {
    /// Bytes of it: the first frame starts there.
    pub(super) const fn bytes(&self) -> u64 {
        (PREFIX_BYTES + self.header.len() + CHECKSUM_BYTES) as u64
    }

    pub(super) fn encode(log_header: &[u8]) -> Vec<u8> {
        let len = u32::try_from(log_header.len()).unwrap_or(u32::MAX);
        let mut bytes = PACKED_MAGIC.to_vec();
        bytes.extend_from_slice(&PACKED_VERSION.to_le_bytes());
        bytes.extend_from_slice(&len.to_le_bytes());
        bytes.extend_from_slice(log_header);
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    pub(super) fn read(source: &impl Source) -> Result<Self, PackedError> {
        let size = source.size()?;
        let mut prefix = [0; PREFIX_BYTES];
        let have = source.read_all_at(0, &mut prefix)?;
        let [m0, m1, m2, m3, m4, m5, m6, m7, v0, v1, l0, l1, l2, l3] = prefix;
        let magic = [m0, m1, m2, m3, m4, m5, m6, m7];
        let shown = have.min(magic.len());
        if have == 0 || magic[..shown] != PACKED_MAGIC[..shown] {
            return Err(PackedError::NotPacked);
        }
        if have < PREFIX_BYTES {
            return Err(PackedError::OpeningCut { have: have as u64, need: PREFIX_BYTES as u64 });
        }
        let found = u16::from_le_bytes([v0, v1]);
        if found != PACKED_VERSION {
            return Err(PackedError::UnsupportedVersion { found });
        }
        let len = u32::from_le_bytes([l0, l1, l2, l3]);
        if LOG_HEADER_BYTES_MAX < len as usize {
            let (found, limit) = (len.into(), LOG_HEADER_BYTES_MAX as u64);
            return Err(PackedError::Limit { what: "bytes of the log's header", found, limit });
        }
        let need = PREFIX_BYTES + len as usize + CHECKSUM_BYTES;
        if size < need as u64 {
            return Err(PackedError::OpeningCut { have: size, need: need as u64 });
        }
        let mut bytes = vec![0; need];
        read_exact_at(source, 0, &mut bytes)?;
        let (checked, checksum) = bytes.split_at(PREFIX_BYTES + len as usize);
        if crc32c::crc32c(checked).to_le_bytes() != checksum {
            return Err(PackedError::Damaged { what: PackedDamage::Opening, offset: 0 });
        }
        Ok(Self { header: checked.split_at(PREFIX_BYTES).1.to_vec() })
    }
}
