//! The file header: magic, versions, genesis, digest. FORMAT.md §2.

use std::io::Read;

use crate::chain::{Digest, Role, digest};
use crate::codec::{GENESIS_BYTES_MAX, decode_genesis, encode_genesis};
use crate::error::{LogError, Subject};
use crate::genesis::Genesis;

/// First bytes of a log. The high bit and the line ends show damage by text transfers, the 0x1A
/// ends a listing.
pub const MAGIC: [u8; 8] = *b"\x89REPL\r\n\x1a";

/// Version of the format that this crate writes and reads.
pub const FORMAT_VERSION: u16 = 0;

/// Bytes before the genesis: magic, format version, kernel version, length of the genesis.
pub(crate) const PREFIX_BYTES: usize = 16;
/// Bytes of the digest after the genesis.
pub(crate) const DIGEST_BYTES: usize = 32;

/// A log's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the log starts from.
    pub genesis: Genesis,
    /// Digest of the header: the first seal.
    pub seal: Digest,
    /// Length of the header; the first block starts there.
    pub bytes: u64,
}

/// The bytes of a header.
///
/// # Errors
/// [`LogError::UnwritableGenesis`] when the genesis is too long for the format.
pub fn encode(genesis: &Genesis) -> Result<Vec<u8>, LogError> {
    let genesis = encode_genesis(genesis).map_err(LogError::UnwritableGenesis)?;
    let len = u32::try_from(genesis.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(PREFIX_BYTES + genesis.len() + DIGEST_BYTES);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&kernel::SEMANTICS_VERSION.to_le_bytes());
    bytes.extend_from_slice(&len.to_le_bytes());
    bytes.extend_from_slice(&genesis);
    let seal = digest(Role::Header, &[&bytes]);
    bytes.extend_from_slice(&seal.0);
    Ok(bytes)
}

/// Reads a header.
///
/// # Errors
/// * [`LogError::NotALog`], [`LogError::UnsupportedFormat`], [`LogError::UnsupportedKernel`];
/// * [`LogError::HeaderCut`], [`LogError::HeaderDigest`], [`LogError::Genesis`];
/// * [`LogError::Limit`] for a genesis longer than the format allows;
/// * [`LogError::Io`].
pub fn read(source: &mut impl Read) -> Result<Header, LogError> {
    let mut bytes = Vec::new();
    grow(source, &mut bytes, PREFIX_BYTES)?;
    let (magic, versions, len) = split_prefix(&bytes);
    if magic != MAGIC {
        return Err(LogError::NotALog);
    }
    let [format, kernel] = versions;
    if format != FORMAT_VERSION {
        return Err(LogError::UnsupportedFormat { found: format });
    }
    if GENESIS_BYTES_MAX < len as usize {
        let (found, limit) = (u64::from(len), GENESIS_BYTES_MAX as u64);
        return Err(LogError::Limit { what: "bytes of genesis", found, limit });
    }
    let signed = PREFIX_BYTES + len as usize;
    grow(source, &mut bytes, signed + DIGEST_BYTES)?;
    let (signed, stored) = bytes.split_at(signed);
    let seal = digest(Role::Header, &[signed]);
    if stored != seal.0 {
        return Err(LogError::HeaderDigest);
    }
    // Only now: a flipped bit in the version is damage, not another version.
    if kernel != kernel::SEMANTICS_VERSION {
        return Err(LogError::UnsupportedKernel { found: kernel });
    }
    let genesis = signed.split_at(PREFIX_BYTES).1;
    let genesis = decode_genesis(genesis).map_err(LogError::Genesis)?;
    Ok(Header { genesis, seal, bytes: bytes.len() as u64 })
}

fn split_prefix(bytes: &[u8]) -> ([u8; 8], [u16; 2], u32) {
    let mut fields = [0; PREFIX_BYTES];
    fields.copy_from_slice(bytes);
    let [m0, m1, m2, m3, m4, m5, m6, m7, f0, f1, k0, k1, l0, l1, l2, l3] = fields;
    let versions = [u16::from_le_bytes([f0, f1]), u16::from_le_bytes([k0, k1])];
    ([m0, m1, m2, m3, m4, m5, m6, m7], versions, u32::from_le_bytes([l0, l1, l2, l3]))
}

/// Reads on until there are `len` bytes. Memory follows what is there, not what is announced.
fn grow(source: &mut impl Read, bytes: &mut Vec<u8>, len: usize) -> Result<(), LogError> {
    let missing = len.saturating_sub(bytes.len()) as u64;
    source.take(missing).read_to_end(bytes).map_err(LogError::io(Subject::Log))?;
    if bytes.len() < len {
        let starts_as_log = bytes.iter().zip(&MAGIC).all(|(found, magic)| found == magic);
        if !starts_as_log {
            return Err(LogError::NotALog);
        }
        return Err(LogError::HeaderCut { have: bytes.len() as u64, need: len as u64 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header whose bytes were changed, and whose digest is right again.
    fn changed(at: usize, value: [u8; 2]) -> Result<Header, LogError> {
        let genesis = Genesis::new(kernel::Genesis::open(), "nobody");
        let mut bytes = encode(&genesis).unwrap();
        bytes[at..at + 2].copy_from_slice(&value);
        let signed = bytes.len() - DIGEST_BYTES;
        let seal = digest(Role::Header, &[&bytes[..signed]]);
        bytes[signed..].copy_from_slice(&seal.0);
        read(&mut &bytes[..])
    }

    #[test]
    fn another_kernels_log_is_refused_by_its_number() {
        let now = kernel::SEMANTICS_VERSION;
        assert!(changed(10, now.to_le_bytes()).is_ok());
        for other in [now + 1, u16::MAX] {
            let refused = changed(10, other.to_le_bytes());
            let Err(LogError::UnsupportedKernel { found }) = refused else { panic!("{refused:?}") };
            assert_eq!(found, other);
        }
    }

    #[test]
    fn another_format_is_refused_before_anything_else_is_believed() {
        let refused = changed(8, (FORMAT_VERSION + 1).to_le_bytes());
        assert!(matches!(refused, Err(LogError::UnsupportedFormat { .. })), "{refused:?}");
    }
}
