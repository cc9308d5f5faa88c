//! The three chained digests of a log and the tree over its heads. FORMAT.md §6.
//!
//! BLAKE3 in key derivation mode, one context for each role, so that no digest of one role can
//! stand for one of another.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

/// A BLAKE3 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// All zeros: "none yet" where the format has a digest that is not due.
    pub const ZERO: Self = Self([0; 32]);
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let hash = blake3::Hash::from_hex(text).map_err(|_| NotADigest)?;
        Ok(Self(*hash.as_bytes()))
    }
}

/// What a digest is of. Each role has a context string of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// File header; the first seal.
    Header,
    /// Entries.
    Head,
    /// Events.
    Outcome,
    /// Everything.
    Seal,
    /// Leaf of the tree over heads.
    Leaf,
    /// Inner node of the tree over heads.
    Node,
    /// One section of a state.
    Section,
    /// A whole state.
    State,
}

impl Role {
    /// The context string that separates this role from all others.
    pub const fn context(self) -> &'static str {
        match self {
            Self::Header => "replay 2026-11 v0 header",
            Self::Head => "replay 2026-11 v0 head",
            Self::Outcome => "replay 2026-11 v0 outcome",
            Self::Seal => "replay 2026-11 v0 seal",
            Self::Leaf => "replay 2026-11 v0 leaf",
            Self::Node => "replay 2026-11 v0 node",
            Self::Section => "replay 2026-11 v0 section",
            Self::State => "replay 2026-11 v0 state",
        }
    }

    /// All roles, in the order of their declaration.
    pub const ALL: [Self; 8] = [
        Self::Header,
        Self::Head,
        Self::Outcome,
        Self::Seal,
        Self::Leaf,
        Self::Node,
        Self::Section,
        Self::State,
    ];

    /// A hasher for this role, nothing fed yet.
    pub fn hasher(self) -> Hasher {
        /// BLAKE3 hashes a context string to a key first; a third of the cost of a short digest.
        static KEYS: LazyLock<[ContextKey; 8]> =
            LazyLock::new(|| Role::ALL.map(|role| hash_derive_key_context(role.context())));
        Hasher::new_from_context_key(&KEYS[self as usize])
    }
}

/// The digest of what a hasher was fed.
pub fn finish(hasher: &Hasher) -> Digest {
    Digest(*hasher.finalize().as_bytes())
}

/// The digest of some parts, one after the other, in a role.
pub fn digest(role: Role, parts: &[&[u8]]) -> Digest {
    let mut hasher = role.hasher();
    for part in parts {
        hasher.update(part);
    }
    finish(&hasher)
}

/// `head(i)`: commits to every entry up to the `count`-th of the block that starts at `first`.
///
/// * `previous` - `head(i−1)`; [`Digest::ZERO`] for the first block.
pub fn head(previous: Digest, first: u64, count: u32, payload: &[u8]) -> Digest {
    // All of them at once: BLAKE3 is slow on what begins or ends inside one of its chunks.
    static ZEROS: [u8; HEAD_BYTES] = [0; HEAD_BYTES];
    let mut hasher = Role::Head.hasher();
    hasher.update(&head_prefix(previous, first, count)).update(payload);
    let left = HEAD_BYTES.saturating_sub(HEAD_PREFIX_BYTES + payload.len());
    hasher.update(ZEROS.split_at(left).0);
    finish(&hasher)
}

/// Bytes that every head is over, zeros behind the entries included: 64 chunks of BLAKE3, which
/// hashes sixteen at once and is far slower on what remains of other lengths.
pub const HEAD_BYTES: usize = 1 << 16;

/// Bytes that a head takes in before the entries.
pub(crate) const HEAD_PREFIX_BYTES: usize = 44;

/// What a head takes in before the entries.
pub(crate) fn head_prefix(previous: Digest, first: u64, count: u32) -> [u8; HEAD_PREFIX_BYTES] {
    let mut bytes = [0; HEAD_PREFIX_BYTES];
    let (digest, numbers) = bytes.split_at_mut(32);
    digest.copy_from_slice(&previous.0);
    let (number, length) = numbers.split_at_mut(8);
    number.copy_from_slice(&first.to_le_bytes());
    length.copy_from_slice(&count.to_le_bytes());
    bytes
}

/// The Merkle mountain range over the heads of all blocks so far: at most 64 peaks in memory.
#[derive(Clone, Debug, Default)]
pub struct Range {
    leaves: u64,
    /// Roots of perfect trees, largest first: one for each bit of `leaves`.
    peaks: Vec<Digest>,
}

impl Range {
    /// Takes the head of the next block.
    pub fn push(&mut self, head: Digest) {
        let mut node = digest(Role::Leaf, &[&head.0]);
        let mut merges = self.leaves.trailing_ones();
        while 0 < merges {
            let Some(left) = self.peaks.pop() else { unreachable!("a peak for each bit") };
            node = digest(Role::Node, &[&left.0, &node.0]);
            merges -= 1;
        }
        self.peaks.push(node);
        self.leaves += 1;
    }

    /// The root: peaks folded from the smallest to the largest; zeros when there is no leaf.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return Digest::ZERO };
        peaks.fold(*smallest, |right, left| digest(Role::Node, &[&left.0, &right.0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head_of(number: u64) -> Digest {
        head(Digest::ZERO, number, 1, b"x")
    }

    /// The root by its recursive definition: the largest power of two below the count on the left.
    fn root_of(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::ZERO,
            [leaf] => digest(Role::Leaf, &[&leaf.0]),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                digest(Role::Node, &[&root_of(left).0, &root_of(right).0])
            }
        }
    }

    #[test]
    fn the_range_is_the_tree_of_rfc_6962() {
        let mut range = Range::default();
        let mut leaves = Vec::new();
        for number in 0..70 {
            assert_eq!(range.root(), root_of(&leaves), "{number} leaves");
            range.push(head_of(number));
            leaves.push(head_of(number));
        }
    }

    #[test]
    fn roles_are_separate() {
        let digests: std::collections::BTreeSet<_> =
            Role::ALL.iter().map(|role| digest(*role, &[b"same"])).collect();
        assert_eq!(digests.len(), Role::ALL.len());
    }

    #[test]
    fn a_role_is_a_key_derivation_context() {
        for role in Role::ALL {
            let mut hasher = Hasher::new_derive_key(role.context());
            hasher.update(b"same");
            assert_eq!(finish(&hasher), digest(role, &[b"same"]), "{role:?}");
        }
    }

    #[test]
    fn digests_read_what_they_print() {
        let digest = head_of(1);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!("12".parse::<Digest>(), Err(NotADigest));
    }
}
