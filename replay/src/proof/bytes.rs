//! A proof as bytes. FORMAT.md §14.

use kernel::{Step, TimeNs};

use super::path::siblings;
use super::{Parts, Proof, ProofError};
use crate::block::{BlockHeader, Fields, PAYLOAD_BYTES_MAX};
use crate::chain::Digest;

/// First bytes of a proof.
pub const PROOF_MAGIC: [u8; 8] = *b"\x89RPRF\r\n\x1a";
/// Version of the layout.
pub const PROOF_VERSION: u16 = 0;
/// Bytes before the entries.
pub const PROOF_FIELDS_BYTES: usize = 246;
/// Bytes of the checksum at the end.
const CHECKSUM_BYTES: usize = 4;
/// Longest path: block numbers have 62 bits.
const PATH_MAX: usize = 62;
/// Longest proof.
pub const PROOF_BYTES_MAX: usize =
    PROOF_FIELDS_BYTES + PAYLOAD_BYTES_MAX + 32 * PATH_MAX + CHECKSUM_BYTES;

impl Proof {
    /// The proof's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let Self { entry, before, sealing, head_before, block, path, .. } = self;
        let is_last = block.number == sealing.number;
        let other = if is_last { sealing.root } else { sealing.head };
        let payload = block.payload();
        let mut bytes =
            Vec::with_capacity(PROOF_FIELDS_BYTES + payload.len() + 32 * path.len() + 4);
        bytes.extend_from_slice(&PROOF_MAGIC);
        bytes.extend_from_slice(&PROOF_VERSION.to_le_bytes());
        bytes.extend_from_slice(&entry.to_le_bytes());
        bytes.extend_from_slice(&block.number.to_le_bytes());
        bytes.extend_from_slice(&before.0);
        bytes.extend_from_slice(&sealing.flags.to_le_bytes());
        bytes.extend_from_slice(&sealing.number.to_le_bytes());
        bytes.extend_from_slice(&sealing.first.to_le_bytes());
        bytes.extend_from_slice(&sealing.count.to_le_bytes());
        bytes.extend_from_slice(&sealing.payload_bytes.to_le_bytes());
        bytes.extend_from_slice(&sealing.time.0.to_le_bytes());
        bytes.extend_from_slice(&sealing.step.0.to_le_bytes());
        for digest in [sealing.outcome, sealing.state, other, *head_before] {
            bytes.extend_from_slice(&digest.0);
        }
        bytes.extend_from_slice(&block.first.to_le_bytes());
        bytes.extend_from_slice(&block.count.to_le_bytes());
        let payload_bytes = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&payload_bytes.to_le_bytes());
        bytes.extend_from_slice(payload);
        for digest in path {
            bytes.extend_from_slice(&digest.0);
        }
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads a proof's bytes. What it says is still to be compared with a seal: [`Proof::check`].
    ///
    /// Memory follows the bytes, and [`PROOF_BYTES_MAX`] of them are the most that are looked at.
    /// Cost: a pass over them and a digest for each doubling of the number of blocks.
    ///
    /// # Errors
    /// Every [`ProofError`], checked in this order: magic, version, length, checksum, numbers,
    /// entries.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.first_chunk() != Some(&PROOF_MAGIC) {
            return Err(ProofError::NotAProof);
        }
        let have = bytes.len() as u64;
        let short = |need: usize| ProofError::Length { have, need: need as u64 };
        let shortest = PROOF_FIELDS_BYTES + 1 + CHECKSUM_BYTES;
        let Some(version) = bytes.get(8..).and_then(<[u8]>::first_chunk) else {
            return Err(short(shortest));
        };
        let found = u16::from_le_bytes(*version);
        if found != PROOF_VERSION {
            return Err(ProofError::Version { found });
        }
        let Some((fields, rest)) = bytes.split_first_chunk() else { return Err(short(shortest)) };
        let (mut parts, payload_bytes) = read_fields(fields);
        let payload_bytes = payload_bytes as usize;
        let levels = levels(&parts)?;
        if PAYLOAD_BYTES_MAX < payload_bytes {
            return Err(ProofError::Field { what: "block" });
        }
        let need = PROOF_FIELDS_BYTES + payload_bytes + 32 * levels + CHECKSUM_BYTES;
        if bytes.len() != need {
            return Err(short(need));
        }
        let (checked, checksum) = bytes.split_at(need - CHECKSUM_BYTES);
        if crc32c::crc32c(checked).to_le_bytes() != checksum {
            return Err(ProofError::Checksum);
        }
        let (payload, path) = rest.split_at(payload_bytes);
        let (path, _checksum) = path.as_chunks();
        parts.path = path.iter().copied().map(Digest).collect();
        Self::complete(parts, payload)
    }
}

/// How many digests the path has; the numbers that say so are checked as far as that needs.
fn levels(parts: &Parts) -> Result<usize, ProofError> {
    let (number, sealer) = (parts.number, parts.sealing.number);
    if number == 0 || sealer < number || 1 << PATH_MAX < sealer {
        return Err(ProofError::Field { what: "block number" });
    }
    Ok(if number == sealer { 0 } else { siblings(number - 1, sealer - 1).len() })
}

/// The fields before the entries, and how many bytes those have.
fn read_fields(bytes: &[u8; PROOF_FIELDS_BYTES]) -> (Parts, u32) {
    let mut fields = Fields(bytes);
    let (_magic, _version): ([u8; 8], [u8; 2]) = (fields.take(), fields.take());
    let entry = u64::from_le_bytes(fields.take());
    let number = u64::from_le_bytes(fields.take());
    let before = Digest(fields.take());
    let sealing = BlockHeader {
        flags: u32::from_le_bytes(fields.take()),
        number: u64::from_le_bytes(fields.take()),
        first: u64::from_le_bytes(fields.take()),
        count: u32::from_le_bytes(fields.take()),
        payload_bytes: u32::from_le_bytes(fields.take()),
        time: TimeNs(u64::from_le_bytes(fields.take())),
        step: Step(u64::from_le_bytes(fields.take())),
        head: Digest::ZERO,
        outcome: Digest(fields.take()),
        state: Digest(fields.take()),
        root: Digest::ZERO,
        seal: Digest::ZERO,
    };
    let parts = Parts {
        entry,
        before,
        sealing,
        other: Digest(fields.take()),
        number,
        head_before: Digest(fields.take()),
        first: u64::from_le_bytes(fields.take()),
        count: u32::from_le_bytes(fields.take()),
        path: Vec::new(),
    };
    (parts, u32::from_le_bytes(fields.take()))
}
