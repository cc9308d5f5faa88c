//! Audit paths in the tree over heads. FORMAT.md §6.4.

use crate::chain::{Digest, Role, digest};

/// A subtree beside the way from the root to a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sibling {
    /// Its first leaf, from 0.
    pub(super) start: u64,
    /// How many leaves it has.
    pub(super) len: u64,
    /// Whether it stands on the left of the way.
    is_left: bool,
}

/// The subtrees beside the way from the root to a leaf, the one below the root first: all leaves
/// but that one. At most 64.
///
/// * `leaf` - from 0, below `leaves`.
pub(super) fn siblings(leaf: u64, leaves: u64) -> Vec<Sibling> {
    let (mut start, mut len) = (0, leaves);
    let mut siblings = Vec::new();
    while 1 < len {
        // The largest power of two below the count.
        let left = 1 << (len - 1).ilog2();
        if leaf - start < left {
            siblings.push(Sibling { start: start + left, len: len - left, is_left: false });
            len = left;
        } else {
            siblings.push(Sibling { start, len: left, is_left: true });
            start += left;
            len -= left;
        }
    }
    siblings
}

/// The root over `leaves` heads one of which is `head`; `None` for a path of another length.
///
/// * `path` - the roots of the [`siblings`], the one beside the leaf first.
pub(super) fn root(head: Digest, leaf: u64, leaves: u64, path: &[Digest]) -> Option<Digest> {
    let siblings = siblings(leaf, leaves);
    if leaves <= leaf || siblings.len() != path.len() {
        return None;
    }
    let node = digest(Role::Leaf, &[&head.0]);
    let steps = siblings.iter().rev().zip(path);
    Some(steps.fold(node, |node, (sibling, beside)| {
        let (left, right) = if sibling.is_left { (beside, &node) } else { (&node, beside) };
        digest(Role::Node, &[&left.0, &right.0])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Range, head};

    fn head_of(number: u64) -> Digest {
        head(Digest::ZERO, number, 1, b"x")
    }

    fn range(start: u64, len: u64) -> Digest {
        let mut range = Range::default();
        (start..start + len).for_each(|number| range.push(head_of(number)));
        range.root()
    }

    fn path_of(leaf: u64, leaves: u64) -> Vec<Digest> {
        siblings(leaf, leaves).iter().rev().map(|it| range(it.start, it.len)).collect()
    }

    #[test]
    fn every_path_leads_to_the_root() {
        for leaves in 1..34 {
            for leaf in 0..leaves {
                let path = path_of(leaf, leaves);
                assert_eq!(root(head_of(leaf), leaf, leaves, &path), Some(range(0, leaves)));
                assert!(path.len() <= leaves.next_power_of_two().ilog2() as usize);
            }
        }
    }

    /// Neither another leaf, nor another number of leaves, nor another head comes to the root by a
    /// path that is not its own.
    #[test]
    fn a_path_is_of_one_leaf() {
        for leaves in 1..20 {
            for leaf in 0..leaves {
                let path = path_of(leaf, leaves);
                let expected = Some(range(0, leaves));
                for other in (0..leaves).filter(|other| *other != leaf) {
                    assert_ne!(root(head_of(leaf), other, leaves, &path), expected);
                }
                assert_ne!(root(head_of(99), leaf, leaves, &path), expected);
                let longer = [&path[..], &[Digest::ZERO]].concat();
                assert_eq!(root(head_of(leaf), leaf, leaves, &longer), None);
            }
        }
        assert_eq!(root(head_of(0), 3, 3, &[]), None);
    }

    #[test]
    fn the_siblings_are_all_other_leaves() {
        for (leaf, leaves) in [(0, 1), (5, 6), (6, 7), (0, 40_000), (39_999, 40_000), (3, 1 << 62)]
        {
            let mut ranges = siblings(leaf, leaves);
            ranges.sort_by_key(|sibling| sibling.start);
            let mut next = 0;
            for Sibling { start, len, .. } in ranges {
                next += u64::from(next == leaf);
                assert_eq!(start, next);
                next += len;
            }
            assert_eq!(next + u64::from(next == leaf), leaves);
        }
    }
}
