//! Who is in which minibatch.

use std::ops::Range;

use agents::streams::Stream;
use tch::Tensor;

/// All samples in an order, cut into minibatches, and of each those that are active.
///
/// Inactive samples take part in the shuffle and in the cut, so that a minibatch stands for the same
/// stretch of experience whoever was active in it; they take no part in any sum.
#[derive(Debug)]
pub(crate) struct Minibatches {
    /// Every sample's number, shuffled.
    order: Vec<i64>,
    /// Those that are active, in the same order.
    chosen: Vec<i64>,
    /// Where in `chosen` the minibatches are.
    ranges: Vec<Range<usize>>,
}

impl Minibatches {
    /// Samples 0, 1, … of which nothing was shuffled yet.
    pub(crate) fn new(samples: usize) -> Self {
        let order = (0..).take(samples).collect();
        Self { order, chosen: Vec::with_capacity(samples), ranges: Vec::new() }
    }

    /// Shuffles, and cuts into as few minibatches of at most `size` as there can be, whose sizes
    /// differ by one at most. Those without an active sample are left out.
    pub(crate) fn shuffle(&mut self, active: &[bool], size: usize, stream: &mut Stream) {
        shuffle(&mut self.order, stream);
        self.chosen.clear();
        self.ranges.clear();
        let samples = self.order.len();
        let count = samples.div_ceil(size.max(1));
        let (quotient, remainder) = (samples / count.max(1), samples % count.max(1));
        let mut rest = self.order.as_slice();
        for place in 0..count {
            let (these, others) = rest.split_at(quotient + usize::from(place < remainder));
            rest = others;
            let start = self.chosen.len();
            let is_active = |sample: &i64| {
                usize::try_from(*sample).ok().and_then(|at| active.get(at)).copied() == Some(true)
            };
            self.chosen.extend(these.iter().filter(|sample| is_active(sample)));
            if start < self.chosen.len() {
                self.ranges.push(start..self.chosen.len());
            }
        }
    }

    /// The active samples in their order, as an index of tensors.
    pub(crate) fn index(&self) -> Tensor {
        Tensor::from_slice(&self.chosen)
    }

    /// Where in that order the minibatches are.
    pub(crate) fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }
}

/// Fisher and Yates' shuffle, from the end: one word a swap. The place below n is
/// ⌊word · n / 2⁶⁴⌋, whose probabilities differ from 1/n by less than 2⁻⁶⁴: after all swaps of a
/// million samples, by less than one in 2⁴⁴.
fn shuffle(order: &mut [i64], stream: &mut Stream) {
    for last in (1..order.len()).rev() {
        let [word] = stream.words();
        order.swap(last, below(last + 1, word));
    }
}

/// A place below `count`.
fn below(count: usize, word: u64) -> usize {
    let product = u128::from(word) * u128::try_from(count).unwrap_or(u128::MAX);
    usize::try_from(product >> 64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_four_is_as_likely() {
        let mut stream = Stream::new(1, "shuffle");
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            let mut order = [0, 1, 2, 3];
            shuffle(&mut order, &mut stream);
            *counts.entry(order).or_insert(0_i32) += 1;
        }
        assert_eq!(counts.len(), 24);
        // Standard deviation 31; five of them.
        assert!(counts.values().all(|count| (count - 1000).abs() < 155), "{counts:?}");
    }

    #[test]
    fn the_last_word_is_still_below() {
        assert_eq!(below(5, u64::MAX), 4);
        assert_eq!(below(5, 0), 0);
        assert_eq!(below(1, u64::MAX), 0);
        // A fifth of all words, rounded up.
        assert_eq!((below(5, u64::MAX / 5), below(5, u64::MAX / 5 + 1)), (0, 1));
    }

    #[test]
    fn minibatches_are_of_almost_one_size_and_hold_every_active_sample_once() {
        let mut minibatches = Minibatches::new(10);
        let mut active = vec![true; 10];
        minibatches.shuffle(&active, 4, &mut Stream::new(1, "shuffle"));
        let sizes: Vec<_> = minibatches.ranges().iter().map(ExactSizeIterator::len).collect();
        assert_eq!(sizes, [4, 3, 3]);
        active[3] = false;
        minibatches.shuffle(&active, 4, &mut Stream::new(2, "shuffle"));
        let mut chosen = minibatches.chosen.clone();
        chosen.sort_unstable();
        assert_eq!(chosen, [0, 1, 2, 4, 5, 6, 7, 8, 9]);
        minibatches.shuffle(&[false; 10], 4, &mut Stream::new(2, "shuffle"));
        assert!(minibatches.ranges().is_empty());
    }

    #[test]
    fn an_inactive_sample_moves_nobody_to_another_minibatch() {
        let members = |active: &[bool]| {
            let mut minibatches = Minibatches::new(100);
            minibatches.shuffle(active, 30, &mut Stream::new(5, "shuffle"));
            let ranges = minibatches.ranges().iter();
            ranges.map(|range| minibatches.chosen[range.clone()].to_vec()).collect::<Vec<_>>()
        };
        let mut active = vec![true; 100];
        let all = members(&active);
        active[17] = false;
        let without: Vec<Vec<i64>> = all
            .iter()
            .map(|these| these.iter().copied().filter(|&it| it != 17).collect())
            .collect();
        assert_eq!(members(&active), without);
    }

    #[test]
    fn no_samples_have_no_minibatches() {
        let mut minibatches = Minibatches::new(0);
        minibatches.shuffle(&[], 4, &mut Stream::new(1, "shuffle"));
        assert!(minibatches.ranges().is_empty());
    }
}
