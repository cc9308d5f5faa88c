//! What one log has and the other not yet, by what it is known by.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeBounds;

use super::difference::Which;

/// Queues of which each holds things of one log: the n-th of a key in A belongs to the n-th in B.
///
/// Memory follows what is not yet matched. Cost: O(log n) for each thing.
#[derive(Clone, Debug)]
pub(super) struct Waiting<K, V> {
    queues: BTreeMap<K, Queue<V>>,
}

/// Things of one log, oldest first. Most keys have one thing, which needs no list.
#[derive(Clone, Debug)]
struct Queue<V> {
    which: Which,
    first: V,
    rest: VecDeque<V>,
}

impl<K: Ord + Clone, V> Waiting<K, V> {
    pub(super) const fn new() -> Self {
        Self { queues: BTreeMap::new() }
    }

    /// Takes the oldest thing of the other log that waits under this key; otherwise this one waits.
    /// Returns both, A's first.
    pub(super) fn meet(&mut self, key: K, which: Which, value: V) -> Option<[V; 2]> {
        let mut entry = match self.queues.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Queue { which, first: value, rest: VecDeque::new() });
                return None;
            }
            Entry::Occupied(entry) => entry,
        };
        let queue = entry.get_mut();
        if queue.which == which {
            queue.rest.push_back(value);
            return None;
        }
        let other = match queue.rest.pop_front() {
            Some(next) => std::mem::replace(&mut queue.first, next),
            None => entry.remove().first,
        };
        Some(which.pair(value, other))
    }

    /// Takes everything that waits under these keys.
    pub(super) fn take(&mut self, keys: impl RangeBounds<K>) -> Vec<(K, Which, V)> {
        let found: Vec<K> = self.queues.range(keys).map(|(key, _)| key.clone()).collect();
        let mut taken = Vec::new();
        for key in found {
            if let Some(Queue { which, first, rest }) = self.queues.remove(&key) {
                taken.push((key.clone(), which, first));
                taken.extend(rest.into_iter().map(|value| (key.clone(), which, value)));
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_of_one_log_meets_the_nth_of_the_other() {
        let mut waiting = Waiting::new();
        assert_eq!(waiting.meet("x", Which::A, 1), None);
        assert_eq!(waiting.meet("x", Which::A, 2), None);
        assert_eq!(waiting.meet("x", Which::A, 3), None);
        assert_eq!(waiting.meet("y", Which::B, 3), None);
        assert_eq!(waiting.meet("x", Which::B, 10), Some([1, 10]));
        assert_eq!(waiting.meet("x", Which::B, 20), Some([2, 20]));
        assert_eq!(waiting.meet("x", Which::B, 30), Some([3, 30]));
        assert_eq!(waiting.meet("x", Which::B, 40), None, "B is ahead now");
        assert_eq!(waiting.meet("x", Which::A, 4), Some([4, 40]));
        assert_eq!(waiting.take(..), [("y", Which::B, 3)]);
        assert_eq!(waiting.take(..), []);
    }
}
