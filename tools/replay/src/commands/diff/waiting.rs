//! What one log has and the other not yet, by what it is known by.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeBounds;

use super::difference::Which;

/// Queues of which each holds things of one log: the n-th of a key in A belongs to the n-th in B.
///
/// Memory follows what is not yet matched. Cost: O(log n) for each thing.
#[derive(Clone, Debug)]
pub(super) struct Waiting<K, V> {
    queues: BTreeMap<K, (Which, VecDeque<V>)>,
}

impl<K: Ord + Clone, V> Waiting<K, V> {
    pub(super) const fn new() -> Self {
        Self { queues: BTreeMap::new() }
    }

    /// Takes the oldest thing of the other log that waits under this key; otherwise this one waits.
    /// Returns both, A's first.
    pub(super) fn meet(&mut self, key: K, which: Which, value: V) -> Option<[V; 2]> {
        let Some((owner, queue)) = self.queues.get_mut(&key) else {
            self.queues.insert(key, (which, VecDeque::from([value])));
            return None;
        };
        if *owner == which {
            queue.push_back(value);
            return None;
        }
        let other = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(&key);
        }
        other.map(|other| which.pair(value, other))
    }

    /// Takes everything that waits under these keys.
    pub(super) fn take(&mut self, keys: impl RangeBounds<K>) -> Vec<(K, Which, V)> {
        let found: Vec<K> = self.queues.range(keys).map(|(key, _)| key.clone()).collect();
        let mut taken = Vec::new();
        for key in found {
            if let Some((which, queue)) = self.queues.remove(&key) {
                taken.extend(queue.into_iter().map(|value| (key.clone(), which, value)));
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
        assert_eq!(waiting.meet("y", Which::B, 3), None);
        assert_eq!(waiting.meet("x", Which::B, 10), Some([1, 10]));
        assert_eq!(waiting.meet("x", Which::B, 20), Some([2, 20]));
        assert_eq!(waiting.meet("x", Which::B, 30), None, "B is ahead now");
        assert_eq!(waiting.meet("x", Which::A, 4), Some([4, 30]));
        assert_eq!(waiting.take(..), [("y", Which::B, 3)]);
        assert_eq!(waiting.take(..), []);
    }
}
