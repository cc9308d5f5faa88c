//! A set of small numbers that finds its neighbours in three steps: a bit for each number, a bit
//! for each word of those, a bit for each word of these.

#![expect(clippy::disallowed_types, reason = "positions in the window index slices")]

use alloc::vec;
use alloc::vec::Vec;

/// A subset of 0..len, len at most 64³.
#[derive(Clone, Debug)]
pub(crate) struct Bits {
    leaves: Vec<u64>,
    words: Vec<u64>,
    root: u64,
}

impl Bits {
    /// The empty subset of 0..len.
    pub(crate) fn new(len: usize) -> Self {
        assert!(len <= 64 * 64 * 64, "three levels of 64 hold this many bits");
        let leaves = len.div_ceil(64);
        Self { leaves: vec![0; leaves], words: vec![0; leaves.div_ceil(64)], root: 0 }
    }

    pub(crate) fn insert(&mut self, index: usize) {
        let leaf = index / 64;
        self.leaves[leaf] |= 1 << (index % 64);
        self.words[leaf / 64] |= 1 << (leaf % 64);
        self.root |= 1 << (leaf / 64);
    }

    pub(crate) fn remove(&mut self, index: usize) {
        let leaf = index / 64;
        self.leaves[leaf] &= !(1 << (index % 64));
        if self.leaves[leaf] == 0 {
            let word = leaf / 64;
            self.words[word] &= !(1 << (leaf % 64));
            if self.words[word] == 0 {
                self.root &= !(1 << word);
            }
        }
    }

    /// The smallest member.
    pub(crate) fn first(&self) -> Option<usize> {
        let word = lowest(self.root)?;
        let leaf = word * 64 + lowest(self.words[word])?;
        Some(leaf * 64 + lowest(self.leaves[leaf])?)
    }

    /// The largest member.
    pub(crate) fn last(&self) -> Option<usize> {
        let word = highest(self.root)?;
        let leaf = word * 64 + highest(self.words[word])?;
        Some(leaf * 64 + highest(self.leaves[leaf])?)
    }

    /// The smallest member above `index`.
    pub(crate) fn next_above(&self, index: usize) -> Option<usize> {
        let leaf = index / 64;
        if let Some(bit) = lowest(above(self.leaves[leaf], index % 64)) {
            return Some(leaf * 64 + bit);
        }
        let word = leaf / 64;
        let leaf = if let Some(bit) = lowest(above(self.words[word], leaf % 64)) {
            word * 64 + bit
        } else {
            let word = lowest(above(self.root, word))?;
            word * 64 + lowest(self.words[word])?
        };
        Some(leaf * 64 + lowest(self.leaves[leaf])?)
    }

    /// The largest member below `index`.
    pub(crate) fn next_below(&self, index: usize) -> Option<usize> {
        let leaf = index / 64;
        if let Some(bit) = highest(below(self.leaves[leaf], index % 64)) {
            return Some(leaf * 64 + bit);
        }
        let word = leaf / 64;
        let leaf = if let Some(bit) = highest(below(self.words[word], leaf % 64)) {
            word * 64 + bit
        } else {
            let word = highest(below(self.root, word))?;
            word * 64 + highest(self.words[word])?
        };
        Some(leaf * 64 + highest(self.leaves[leaf])?)
    }
}

const fn lowest(word: u64) -> Option<usize> {
    if word == 0 { None } else { Some(word.trailing_zeros() as usize) }
}

const fn highest(word: u64) -> Option<usize> {
    if word == 0 { None } else { Some(63 - word.leading_zeros() as usize) }
}

/// The bits of `word` above `bit`.
const fn above(word: u64, bit: usize) -> u64 {
    word & (u64::MAX << bit) & !(1 << bit)
}

/// The bits of `word` below `bit`.
const fn below(word: u64, bit: usize) -> u64 {
    word & !(u64::MAX << bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn agrees_with_an_ordered_set() {
        let len = 64 * 64 * 2 + 64;
        let mut bits = Bits::new(len);
        let mut set = BTreeSet::new();
        let mut state = 1_u64;
        for round in 0..20_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let index = usize::try_from(state >> 33).unwrap() % len;
            // Sparse and dense phases in turn, so that every level of the search is used.
            if (round / 2_000) % 2 == 0 && state & 0x100 == 0 {
                bits.insert(index);
                set.insert(index);
            } else {
                bits.remove(index);
                set.remove(&index);
            }
            let probe = usize::try_from(state >> 40).unwrap() % len;
            assert_eq!(bits.first(), set.first().copied());
            assert_eq!(bits.last(), set.last().copied());
            assert_eq!(bits.next_above(probe), set.range(probe + 1..).next().copied());
            assert_eq!(bits.next_below(probe), set.range(..probe).next_back().copied());
        }
    }
}
