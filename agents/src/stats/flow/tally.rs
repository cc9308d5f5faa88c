//! Counts of integers, and times with their quantiles in bounded memory.

use std::collections::BTreeMap;

use crate::stats::reals::{count, place, whole};

/// How much weight each integer has: a count, or nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    weights: BTreeMap<u64, u128>,
    total: u128,
    sum: u128,
}

impl Tally {
    /// Adds weight to a number. Cost: O(log(different numbers)).
    pub fn add(&mut self, number: u64, weight: u64) {
        let weight = u128::from(weight);
        *self.weights.entry(number).or_default() += weight;
        self.total += weight;
        self.sum = self.sum.saturating_add(u128::from(number).saturating_mul(weight));
    }

    /// All weight.
    pub const fn total(&self) -> u128 {
        self.total
    }

    /// Weighted mean.
    pub fn mean(&self) -> Option<f64> {
        (0 < self.total).then(|| whole(self.sum) / whole(self.total))
    }

    /// The largest number.
    pub fn max(&self) -> Option<u64> {
        self.weights.last_key_value().map(|(number, _)| *number)
    }

    /// Share of the weight at this number.
    pub fn share(&self, number: u64) -> Option<f64> {
        let weight = self.weights.get(&number).copied().unwrap_or(0);
        (0 < self.total).then(|| whole(weight) / whole(self.total))
    }

    /// Share of the weight above this number.
    pub fn share_above(&self, number: u64) -> Option<f64> {
        let above = self.weights.range(number.saturating_add(1)..).map(|(_, weight)| weight);
        (0 < self.total).then(|| whole(above.sum()) / whole(self.total))
    }

    /// The lowest number with at least this share of the weight at or below it: for times.
    pub fn weighted_quantile(&self, share: f64) -> Option<f64> {
        let wanted = share * whole(self.total);
        let mut below = 0;
        for (number, weight) in &self.weights {
            below += weight;
            if wanted <= whole(below) {
                return Some(whole(u128::from(*number)));
            }
        }
        None
    }

    /// Quantile of counted numbers, between neighbours in proportion.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.total.checked_sub(1)?;
        let position = share * whole(last);
        let below = place(position);
        let low = self.ranked(below as u128)?;
        let high = self.ranked(last.min(below as u128 + 1))?;
        Some(low + (high - low) * (position - count(below)))
    }

    /// The number of this rank, from 0.
    fn ranked(&self, rank: u128) -> Option<f64> {
        let mut below = 0;
        for (number, weight) in &self.weights {
            below += weight;
            if rank < below {
                return Some(whole(u128::from(*number)));
            }
        }
        None
    }
}

/// Most times kept for quantiles.
const KEPT_MAX: usize = 1 << 20;

/// Times in nanoseconds: exact sums, and quantiles of each n-th, where n doubles whenever 2^20 are
/// kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durations {
    kept: Vec<u64>,
    every: u64,
    len: u64,
    zeros: u64,
    sum: u128,
    squares: u128,
}

impl Default for Durations {
    fn default() -> Self {
        Self { kept: Vec::new(), every: 1, len: 0, zeros: 0, sum: 0, squares: 0 }
    }
}

impl Durations {
    /// Adds a time. Cost: O(1), amortised.
    pub fn add(&mut self, time: u64) {
        // `every` is a power of two.
        if self.len & (self.every - 1) == 0 {
            self.keep(time);
        }
        self.len += 1;
        self.zeros += u64::from(time == 0);
        let time = u128::from(time);
        self.sum += time;
        self.squares = self.squares.saturating_add(time.wrapping_mul(time));
    }

    /// Keeps a time; of a full list, every second one goes first.
    fn keep(&mut self, time: u64) {
        if self.kept.len() == KEPT_MAX {
            let mut is_kept = false;
            self.kept.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.every *= 2;
        }
        if self.len & (self.every - 1) == 0 {
            self.kept.push(time);
        }
    }

    /// How many.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One in so many is kept for quantiles.
    pub const fn every(&self) -> u64 {
        self.every
    }

    /// Mean, seconds.
    pub fn mean(&self) -> Option<f64> {
        (0 < self.len).then(|| whole(self.sum) / whole(self.len.into()) / NANOS)
    }

    /// Standard deviation (divided by n) over mean.
    pub fn variation(&self) -> Option<f64> {
        let n = whole(self.len.into());
        let mean = whole(self.sum) / n;
        let variance = whole(self.squares) / n - mean * mean;
        (0.0 < mean).then(|| libm::sqrt(variance.max(0.0)) / mean)
    }

    /// Share of times of 0.
    pub fn zero_share(&self) -> Option<f64> {
        (0 < self.len).then(|| whole(self.zeros.into()) / whole(self.len.into()))
    }

    /// Quantile of the kept times, seconds.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let mut times = self.kept.clone();
        let position = share * count(times.len().checked_sub(1)?);
        let below = place(position).min(times.len() - 1);
        let (_, low, rest) = times.select_nth_unstable(below);
        let high = rest.iter().min().copied().unwrap_or(*low);
        let [low, high] = [*low, high].map(|time| whole(u128::from(time)) / NANOS);
        Some(low + (high - low) * (position - count(below)))
    }

    /// The kept times in seconds, in the order in which they came.
    pub fn seconds(&self) -> Vec<f64> {
        self.kept.iter().map(|time| whole(u128::from(*time)) / NANOS).collect()
    }
}

/// Nanoseconds of a second.
const NANOS: f64 = 1e9;

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(numbers: &[(u64, u64)]) -> Tally {
        let mut tally = Tally::default();
        for (number, weight) in numbers {
            tally.add(*number, *weight);
        }
        tally
    }

    #[test]
    fn counted_and_timed_quantiles_differ() {
        let tally = tally(&[(10, 1), (20, 2), (40, 1)]);
        assert_eq!(tally.quantile(0.5), Some(20.0));
        assert_eq!(tally.quantile(0.9), Some(34.0));
        assert_eq!(tally.weighted_quantile(0.75), Some(20.0));
        assert_eq!(tally.weighted_quantile(0.76), Some(40.0));
        assert_eq!(tally.quantile(1.0), Some(40.0));
    }

    #[test]
    fn tallies_weigh() {
        let tally = tally(&[(100, 3), (50, 1), (100, 4)]);
        assert_eq!((tally.total(), tally.max()), (8, Some(100)));
        assert_eq!(tally.mean(), Some(93.75));
        assert_eq!(tally.share(100), Some(0.875));
        assert_eq!(tally.share_above(99), Some(0.875));
        assert_eq!(Tally::default().mean(), None);
        assert_eq!(Tally::default().quantile(0.5), None);
    }

    #[test]
    fn durations_are_exact_where_it_matters() {
        let mut times = Durations::default();
        for time in [0, 2_000_000_000, 4_000_000_000] {
            times.add(time);
        }
        assert_eq!(times.mean(), Some(2.0));
        assert_eq!(times.zero_share(), Some(1.0 / 3.0));
        assert!((times.variation().unwrap() - libm::sqrt(2.0 / 3.0)).abs() < 1e-12);
        assert_eq!(times.quantile(0.25), Some(1.0));
        assert_eq!(Durations::default().mean(), None);
        assert_eq!(Durations::default().variation(), None);
    }

    #[test]
    fn memory_of_durations_is_bounded() {
        let mut times = Durations::default();
        for time in 0..(3 << 20) {
            times.add(time);
        }
        assert!(times.kept.len() <= KEPT_MAX);
        assert_eq!((times.len(), times.every()), (3 << 20, 4));
        assert!(times.kept.iter().zip(0..).all(|(time, index)| *time == 4 * index));
        assert!((times.quantile(0.5).unwrap() * 1e9 - 1_572_864.0).abs() < 8.0);
    }
}
