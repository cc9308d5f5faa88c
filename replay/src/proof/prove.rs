//! Making proofs.

use super::path::siblings;
use super::{Parts, Proof, ProofError};
use crate::archive::Archive;
use crate::chain::{Digest, Range};
use crate::error::{Damage, LogError};
use crate::source::Source;

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// Number 0, or behind the last entry.
    #[error("there is no entry {entry}: the log has {entries}")]
    NoEntry {
        /// The entry.
        entry: u64,
        /// Entries of the log.
        entries: u64,
    },
    /// No block is sealed behind it yet.
    #[error("entry {entry} is in the open block: the last sealed entry is {sealed}")]
    Open {
        /// The entry.
        entry: u64,
        /// The last entry of a sealed block.
        sealed: u64,
    },
    /// The sealing block is not there.
    #[error("there is no sealed block {block}: the log has {blocks}")]
    NoBlock {
        /// The block.
        block: u64,
        /// Sealed blocks of the log.
        blocks: u64,
    },
    /// The sealing block does not know the entry.
    #[error("entry {entry} is in block {holder}, which block {block} does not seal")]
    Later {
        /// The entry.
        entry: u64,
        /// The block that holds it.
        holder: u64,
        /// The block whose seal was asked for.
        block: u64,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// The proof of an entry against the seal of a block.
///
/// Memory: one digest for each doubling of the number of blocks. Cost: one look at each block header
/// before the sealing one, 64 KiB apart (40,000 for 1e8 entries), and one block read.
///
/// * `against` - the sealing block: the one that holds the entry or a later one; by default the last
///   sealed one;
/// * `watch` - told how many headers were looked at.
///
/// # Errors
/// Every [`ProveError`]; [`LogError::Damaged`] when what the log says does not come to the seal.
pub fn prove<S: Source + Clone>(
    log: &Archive<S>,
    entry: u64,
    against: Option<u64>,
    watch: &mut dyn FnMut(u64),
) -> Result<Proof, ProveError> {
    let (entries, blocks) = (log.entries(), log.blocks());
    let Some(number) = log.find(entry)? else { return Err(ProveError::NoEntry { entry, entries }) };
    if blocks < number {
        let sealed = log.open_block().map_or(entries, |open| open.first - 1);
        return Err(ProveError::Open { entry, sealed });
    }
    let sealer = against.unwrap_or(blocks);
    if !(1..=blocks).contains(&sealer) {
        return Err(ProveError::NoBlock { block: sealer, blocks });
    }
    if sealer < number {
        return Err(ProveError::Later { entry, holder: number, block: sealer });
    }
    let sealing = log.block_header(sealer)?;
    let holder = log.block_header(number)?;
    let damaged = |number, what| log.damaged(number, what);
    let Some(block) = log.block(number)? else {
        return Err(damaged(number, Damage::Shrunk).into());
    };
    let is_last = number == sealer;
    let head_before = if number == 1 { Digest::ZERO } else { log.block_header(number - 1)?.head };
    let path = if is_last { Vec::new() } else { path(log, number - 1, sealer - 1, watch)? };
    let parts = Parts {
        entry,
        before: log.seal(sealer - 1)?,
        sealing,
        other: if is_last { sealing.root } else { sealing.head },
        number,
        head_before,
        first: holder.first,
        count: holder.count,
        path,
    };
    // The headers were believed as they stand, so they are compared with what follows from them.
    let proof = Proof::complete(parts, block.payload()).map_err(|error| {
        if let ProofError::Entries(what) = error {
            damaged(number, what)
        } else {
            damaged(sealer, Damage::Sequence)
        }
    })?;
    if proof.sealing.root != sealing.root {
        return Err(damaged(sealer, Damage::Root).into());
    }
    if proof.sealing != sealing {
        return Err(damaged(sealer, Damage::Seal).into());
    }
    Ok(proof)
}

/// The roots beside the way to a leaf, the one beside it first.
fn path<S: Source + Clone>(
    log: &Archive<S>,
    leaf: u64,
    leaves: u64,
    watch: &mut dyn FnMut(u64),
) -> Result<Vec<Digest>, LogError> {
    let mut seen = 0;
    let mut path = Vec::new();
    for sibling in siblings(leaf, leaves).into_iter().rev() {
        let mut range = Range::default();
        for number in sibling.start..sibling.start + sibling.len {
            range.push(log.block_header(number + 1)?.head);
            seen += 1;
            watch(seen);
        }
        path.push(range.root());
    }
    Ok(path)
}
