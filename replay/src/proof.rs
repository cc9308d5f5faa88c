//! Proofs that an entry stands at its place in a log, for those who have a seal and not the log.
//! FORMAT.md §14.
//!
//! A proof holds what the seal of one block, the **sealing** one, was computed from, the entries of
//! the block that holds the entry, and the digests that lead from there to the seal. Whoever checks
//! it computes the seal anew and compares it with one that is known by other means: nothing else in
//! a proof is believed. So for each sealed entry and each sealing block there is one byte string that
//! is accepted, and it needs no secret to make: a proof of one entry shows all those of its block.
//!
//! It shows what the log says, not that the log is a good one: that its events are those of this
//! kernel shows a replay.

mod bytes;
mod path;
mod prove;

pub use bytes::{PROOF_BYTES_MAX, PROOF_FIELDS_BYTES, PROOF_MAGIC, PROOF_VERSION};
pub use prove::{ProveError, prove};

use crate::block::{Block, BlockHeader, Cursor, ENTRIES_MAX, PAYLOAD_BYTES_MAX};
use crate::chain::{Digest, head};
use crate::entry::Entry;
use crate::error::Damage;
use crate::slot::Slot;

/// Why bytes are no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The first bytes are not those of a proof.
    #[error("not a proof: the first bytes are not its magic")]
    NotAProof,
    /// A proof of another version.
    #[error("proof version {found} is not supported; this build reads version {PROOF_VERSION}")]
    Version {
        /// The proof's version.
        found: u16,
    },
    /// More or fewer bytes than its fields say.
    #[error("the proof is damaged: it has {have} bytes, its fields say {need}")]
    Length {
        /// Bytes there; as many as were looked at, where there are more.
        have: u64,
        /// Bytes that belong there, as far as that is known.
        need: u64,
    },
    /// The checksum does not fit.
    #[error("the proof is damaged: its checksum does not fit")]
    Checksum,
    /// A number that no log can have.
    #[error("the proof is damaged: its {what} cannot be")]
    Field {
        /// Which field.
        what: &'static str,
    },
    /// Bytes that are no entries, or not so many.
    #[error("the proof is damaged: {0}")]
    Entries(Damage),
}

/// A proof that is whole and is against another seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proof comes to the seal {found} of block {block}, expected {expected}")]
pub struct OtherSeal {
    /// The seal that follows from the proof.
    pub found: Digest,
    /// The one that it was to have.
    pub expected: Digest,
    /// The block that the proof says it is of.
    pub block: u64,
}

/// A proof. What it says is told by [`Proof::check`] only.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Number of the entry.
    entry: u64,
    /// Seal of the block before the sealing one.
    before: Digest,
    /// Header of the sealing block.
    sealing: BlockHeader,
    /// Head of the block before the one that holds the entry.
    head_before: Digest,
    /// The block that holds the entry.
    block: Block,
    /// From the leaf of that block up to the sealing block's root; empty where both are one block.
    path: Vec<Digest>,
    /// What the entry is.
    what: Entry,
}

/// What a proof has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven<'a> {
    /// Number of the entry.
    pub entry: u64,
    /// The entry.
    pub what: &'a Entry,
    /// Number of the block that holds it.
    pub block: u64,
    /// First and last entry of that block, all of which are shown.
    pub entries: (u64, u64),
    /// The block whose seal was compared, with everything that its header says.
    pub sealing: &'a BlockHeader,
}

/// The parts of a proof, neither checked nor completed.
struct Parts {
    entry: u64,
    before: Digest,
    /// Its seal, and one of head and root, follow from the rest.
    sealing: BlockHeader,
    /// Head of the sealing block where the entry is in an earlier one, else its root.
    other: Digest,
    number: u64,
    head_before: Digest,
    first: u64,
    count: u32,
    path: Vec<Digest>,
}

impl Proof {
    /// Completes the parts: computes what follows from them.
    fn complete(parts: Parts, payload: &[u8]) -> Result<Self, ProofError> {
        parts.check(payload.len())?;
        let Parts { entry, before, mut sealing, other, number, head_before, first, count, path } =
            parts;
        let own = head(head_before, first, count, payload);
        let is_last = number == sealing.number;
        (sealing.head, sealing.root) = if is_last {
            (own, other)
        } else {
            let root = path::root(own, number - 1, sealing.number - 1, &path);
            (other, root.ok_or(ProofError::Field { what: "path" })?)
        };
        sealing.seal = sealing.compute_seal(before);
        let block = Block {
            header: is_last.then_some(sealing),
            number,
            first,
            count,
            slot: Slot::from(payload),
            offset: 0,
        };
        let what = entry_of(&block, entry).map_err(ProofError::Entries)?;
        Ok(Self { entry, before, sealing, head_before, block, path, what })
    }

    /// Compares with a seal that is known by other means.
    ///
    /// # Errors
    /// [`OtherSeal`]: the proof is of another log or against another block, or was forged.
    pub fn check(&self, expected: Digest) -> Result<Proven<'_>, OtherSeal> {
        let BlockHeader { seal: found, number: block, .. } = self.sealing;
        if found != expected {
            return Err(OtherSeal { found, expected, block });
        }
        let Block { number, first, count, .. } = self.block;
        Ok(Proven {
            entry: self.entry,
            what: &self.what,
            block: number,
            entries: (first, first + u64::from(count) - 1),
            sealing: &self.sealing,
        })
    }

    /// Digests between the block of the entry and the sealing block's root.
    pub const fn path_len(&self) -> usize {
        self.path.len()
    }

    /// The seal that the proof is against, as far as it can tell: nothing vouches for it.
    pub const fn claimed_seal(&self) -> Digest {
        self.sealing.seal
    }
}

impl Parts {
    /// Whether the numbers are some that a log can have, and fit each other.
    fn check(&self, payload_bytes: usize) -> Result<(), ProofError> {
        let Self { sealing, number, first, count, .. } = self;
        let bad = |what| Err(ProofError::Field { what });
        if !sealing.is_allowed() || !(1..=sealing.first).contains(&sealing.number) {
            return bad("sealing block");
        }
        let is_allowed = (1..=sealing.number.min(*first)).contains(number)
            && (*number == 1) == (*first == 1)
            && 0 < *count
            && *count as usize <= payload_bytes
            && payload_bytes <= PAYLOAD_BYTES_MAX
            && *first <= ENTRIES_MAX - u64::from(*count);
        if !is_allowed {
            return bad("block");
        }
        let last = first + u64::from(*count) - 1;
        let fits = if *number == sealing.number {
            (*first, *count, payload_bytes)
                == (sealing.first, sealing.count, sealing.payload_bytes as usize)
        } else {
            last < sealing.first
        };
        if !fits {
            return bad("block");
        }
        if (*first..=last).contains(&self.entry) { Ok(()) } else { bad("entry number") }
    }
}

/// An entry of a block, after all of its entries were read.
fn entry_of(block: &Block, number: u64) -> Result<Entry, Damage> {
    let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
    let mut found = None;
    let mut at = block.first;
    while cursor.next(block, &mut entry)? {
        if at == number {
            found = Some(entry.clone());
        }
        at += 1;
    }
    found.ok_or(Damage::Count)
}
