//! Snapshots: a state that a log had, so that a replay need not begin at the start.
//!
//! A snapshot is a cache beside a log. It may be lost, stale or forged: it is taken up only when the
//! log's chain vouches for it, that is, when it names the seal of its block and its bytes have the
//! state digest that this block's header holds. So there are snapshots only behind blocks with a
//! state digest. FORMAT.md §13.

use kernel::{Engine, RestoreError, Section};

use crate::block::BlockHeader;
use crate::chain::Digest;
use crate::state::digest_of_sections;

/// First bytes of a snapshot.
pub const SNAPSHOT_MAGIC: [u8; 8] = *b"\x89RSNP\r\n\x1a";
/// Version of the layout. Another one is refused, and the snapshot is made anew.
pub const SNAPSHOT_VERSION: u16 = 0;
/// Longest snapshot that is made or read.
pub const SNAPSHOT_BYTES_MAX: u64 = 1 << 28;

/// Bytes before the sections: magic, versions of layout and kernel, block, seal, six lengths.
const PREFIX_BYTES: usize = 8 + 2 + 2 + 8 + 32 + 6 * 4;
/// Bytes of the checksum behind the sections.
const CHECKSUM_BYTES: usize = 4;

/// Bytes of a live order in a snapshot, at the most: a stop with all that an order can have.
const ORDER_BYTES_MAX: u64 = 64;
/// Bytes of an account.
const ACCOUNT_BYTES_MAX: u64 = 32;
/// Bytes of everything else.
const REST_BYTES_MAX: u64 = 1 << 10;

/// Most bytes that a snapshot behind a block can have: an entry makes no more than one order live.
/// So memory follows the log, and not the file that lies beside it.
pub fn bytes_max(header: &BlockHeader, genesis: &kernel::Genesis) -> u64 {
    let orders = header.last().min(genesis.limits.orders_max.into());
    let accounts = u64::from(genesis.limits.clients_max);
    let bytes = orders * ORDER_BYTES_MAX + accounts * ACCOUNT_BYTES_MAX + REST_BYTES_MAX;
    bytes.min(SNAPSHOT_BYTES_MAX)
}

/// Why a snapshot is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes are no snapshot, or not all of one.
    #[error("is no snapshot, or damaged")]
    Damaged,
    /// A snapshot of another layout or of other matching rules.
    #[error("is of another version")]
    Version,
    /// A snapshot of another log, or of another block.
    #[error("belongs to another log")]
    Foreign,
    /// The state is not the one whose digest the block holds.
    #[error("holds another state than the log's block has")]
    State,
    /// The state is none that a market can have.
    #[error("holds an impossible state: {0}")]
    Restore(RestoreError),
}

/// The snapshot of a state behind a block; `None` unless the block's state digest is that of the
/// state, and for a state that is too large. Cost: O(state).
pub fn encode(header: &BlockHeader, engine: &Engine) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&SNAPSHOT_MAGIC);
    bytes.extend_from_slice(&SNAPSHOT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&kernel::SEMANTICS_VERSION.to_le_bytes());
    bytes.extend_from_slice(&header.number.to_le_bytes());
    bytes.extend_from_slice(&header.seal.0);
    let lengths_at = bytes.len();
    bytes.resize(PREFIX_BYTES, 0);
    for (index, section) in Section::ALL.into_iter().enumerate() {
        let before = bytes.len();
        engine.write_section(section, &mut bytes);
        let len = u32::try_from(bytes.len() - before).ok()?;
        let at = lengths_at + 4 * index;
        bytes[at..at + 4].copy_from_slice(&len.to_le_bytes());
    }
    if SNAPSHOT_BYTES_MAX < bytes.len() as u64 {
        return None;
    }
    let is_right = digest_of_sections(split(&bytes)?.sections) == header.state;
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    is_right.then_some(bytes)
}

/// The market that a snapshot holds, if a log vouches for it. Cost: O(state).
///
/// * `header` - of the block behind which the snapshot is said to be;
/// * `genesis` - the log's.
///
/// # Errors
/// Every [`SnapshotError`].
pub fn restore(
    bytes: &[u8],
    header: &BlockHeader,
    genesis: &kernel::Genesis,
) -> Result<Engine, SnapshotError> {
    let Some((signed, checksum)) = bytes.split_last_chunk::<CHECKSUM_BYTES>() else {
        return Err(SnapshotError::Damaged);
    };
    if signed.get(..8) != Some(&SNAPSHOT_MAGIC) {
        return Err(SnapshotError::Damaged);
    }
    if crc32c::crc32c(signed).to_le_bytes() != *checksum {
        return Err(SnapshotError::Damaged);
    }
    let Parts { versions, block, seal, sections } = split(signed).ok_or(SnapshotError::Damaged)?;
    if versions != [SNAPSHOT_VERSION, kernel::SEMANTICS_VERSION] {
        return Err(SnapshotError::Version);
    }
    if (block, seal) != (header.number, header.seal) {
        return Err(SnapshotError::Foreign);
    }
    if !header.has_state() || digest_of_sections(sections) != header.state {
        return Err(SnapshotError::State);
    }
    Engine::restore(genesis, sections).map_err(SnapshotError::Restore)
}

/// What stands in a snapshot before its checksum.
struct Parts<'a> {
    versions: [u16; 2],
    block: u64,
    seal: Digest,
    sections: [&'a [u8]; 6],
}

/// `None` unless the lengths of the sections fill the bytes.
fn split(bytes: &[u8]) -> Option<Parts<'_>> {
    let (_magic, rest) = bytes.split_first_chunk::<8>()?;
    let (layout, rest) = rest.split_first_chunk()?;
    let (kernel, rest) = rest.split_first_chunk()?;
    let (block, rest) = rest.split_first_chunk()?;
    let (seal, mut lengths) = rest.split_first_chunk()?;
    let mut rest = bytes.get(PREFIX_BYTES..)?;
    let mut sections = [&bytes[..0]; 6];
    for section in &mut sections {
        let (len, more) = lengths.split_first_chunk()?;
        (*section, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        lengths = more;
    }
    let versions = [u16::from_le_bytes(*layout), u16::from_le_bytes(*kernel)];
    let (block, seal) = (u64::from_le_bytes(*block), Digest(*seal));
    rest.is_empty().then_some(Parts { versions, block, seal, sections })
}
