//! Estimates with their standard errors, from sums of each episode.
//!
//! What happens within an episode is not independent, episodes are: every error is one over episodes.

use crate::stats::moments::{mean, standard_error};
use crate::stats::reals::count;

/// A number with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error; `None` from a single episode.
    pub error: Option<f64>,
    /// Episodes that it is from.
    pub episodes: usize,
}

impl Estimate {
    /// The mean of a number that each episode has, or does not have; `None` if none has it.
    pub fn mean(sample: impl IntoIterator<Item = Option<f64>>) -> Option<Self> {
        let sample: Vec<f64> = sample.into_iter().flatten().collect();
        let error = standard_error(&sample);
        Some(Self { value: mean(&sample)?, error, episodes: sample.len() })
    }

    /// Σ sums / Σ weights over episodes, each with its sum and weight; `None` without weight.
    ///
    /// Its error is that of a ratio of means, to first order: √(n/(n − 1)·Σ(s − R·w)²)/Σ w (Cochran,
    /// Sampling Techniques, 3rd ed. 1977, eq. 2.46).
    pub fn ratio(sample: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let sample: Vec<_> = sample.into_iter().collect();
        let weight: f64 = sample.iter().map(|(_, weight)| weight).sum();
        if weight <= 0.0 {
            return None;
        }
        let value = sample.iter().map(|(sum, _)| sum).sum::<f64>() / weight;
        let squares = sample.iter().map(|(sum, weight)| {
            let away = sum - value * weight;
            away * away
        });
        let (squares, n) = (squares.sum::<f64>(), count(sample.len()));
        let error = (1.0 < n).then(|| libm::sqrt(n / (n - 1.0) * squares) / weight);
        Some(Self { value, error, episodes: sample.len() })
    }

    /// The square root of what cannot be negative.
    #[must_use]
    pub fn root(self) -> Self {
        let value = libm::sqrt(self.value.max(0.0));
        let error = self.error.filter(|_| 0.0 < value).map(|error| 0.5 * error / value);
        Self { value, error, ..self }
    }

    /// A number and what it is with one group of episodes left out, for each of the groups: the
    /// jackknife. Without an error if it has no value without one of them.
    ///
    /// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, eq. 11.5, with groups in
    /// the place of observations.
    pub fn jackknife(value: f64, without: &[Option<f64>], episodes: usize) -> Self {
        let others: Option<Vec<f64>> = without.iter().copied().collect();
        let error = others.filter(|others| 1 < others.len()).map(|others| {
            let (middle, n) = (mean(&others).unwrap_or(value), count(others.len()));
            let squares = others.iter().map(|it| (it - middle) * (it - middle));
            libm::sqrt((n - 1.0) / n * squares.sum::<f64>())
        });
        Self { value, error, episodes }
    }
}

/// Sums of pairs (x, y).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pairs {
    n: f64,
    sums: [f64; 5],
}

impl Pairs {
    pub(super) fn push(&mut self, x: f64, y: f64) {
        self.n += 1.0;
        for (sum, more) in self.sums.iter_mut().zip([x, y, x * x, y * y, x * y]) {
            *sum += more;
        }
    }

    /// The sums of both.
    pub(super) fn with(self, other: Self) -> Self {
        self.combined(other, 1.0)
    }

    fn combined(self, other: Self, sign: f64) -> Self {
        let mut sums = self.sums;
        for (sum, more) in sums.iter_mut().zip(other.sums) {
            *sum += sign * more;
        }
        Self { n: self.n + sign * other.n, sums }
    }

    /// Pearson's correlation; `None` where one of both does not vary.
    pub(super) fn correlation(self) -> Option<f64> {
        let [x, y, xx, yy, xy] = self.sums;
        let (vx, vy) = (self.n * xx - x * x, self.n * yy - y * y);
        // Rounding leaves so much of a variance that is none.
        let varies = |variance: f64, square: f64| 1e-9 * self.n * square < variance;
        let is_there = varies(vx, xx) && varies(vy, yy);
        let correlation = is_there.then(|| (self.n * xy - x * y) / libm::sqrt(vx * vy));
        correlation.map(|it| it.clamp(-1.0, 1.0))
    }

    /// The correlation over all pairs of these episodes, its error by leaving out one of them at a
    /// time.
    pub(super) fn pooled(each: &[Self]) -> Option<Estimate> {
        let all = each.iter().fold(Self::default(), |sum, it| sum.combined(*it, 1.0));
        let without: Vec<_> = each.iter().map(|it| all.combined(*it, -1.0).correlation()).collect();
        Some(Estimate::jackknife(all.correlation()?, &without, each.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_counts_the_episodes_that_have_it() {
        let found = Estimate::mean([Some(1.0), None, Some(3.0)]).unwrap();
        assert_eq!(found, Estimate { value: 2.0, error: Some(1.0), episodes: 2 });
        assert_eq!(Estimate::mean([Some(5.0)]).unwrap().error, None);
        assert_eq!(Estimate::mean([None, None]), None);
    }

    /// With other weights by hand: 5/4, and both episodes 2.75 away.
    #[test]
    fn a_ratio_of_equal_weights_is_a_mean() {
        let ratio = Estimate::ratio([(2.0, 2.0), (6.0, 2.0), (4.0, 2.0)]).unwrap();
        let mean = Estimate::mean([1.0, 3.0, 2.0].map(Some)).unwrap();
        assert!((ratio.value - mean.value).abs() < 1e-12);
        assert!((ratio.error.unwrap() - mean.error.unwrap()).abs() < 1e-12);
        let ratio = Estimate::ratio([(1.0, 3.0), (4.0, 1.0)]).unwrap();
        assert!((ratio.value - 1.25).abs() < 1e-12);
        let squares = 2.0 * (2.75 * 2.75 + 2.75 * 2.75);
        assert!((ratio.error.unwrap() - libm::sqrt(squares) / 4.0).abs() < 1e-12);
        assert_eq!(Estimate::ratio([(1.0, 0.0)]), None);
        assert_eq!(Estimate::ratio([]), None);
    }

    /// The jackknife of a mean is its standard error.
    #[test]
    fn the_jackknife_of_a_mean_is_its_standard_error() {
        let sample = [1.0, 4.0, 2.0, 8.0, 5.0];
        let without: Vec<_> = sample.iter().map(|it| Some((20.0 - it) / 4.0)).collect();
        let found = Estimate::jackknife(4.0, &without, 5);
        assert!((found.error.unwrap() - standard_error(&sample).unwrap()).abs() < 1e-12);
        assert_eq!(Estimate::jackknife(4.0, &[Some(1.0), None], 2).error, None);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let mut line = Pairs::default();
        let mut flat = Pairs::default();
        for x in 0..10 {
            line.push(f64::from(x), 3.0 - 2.0 * f64::from(x));
            flat.push(f64::from(x), 0.1);
        }
        assert!((line.correlation().unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(flat.correlation(), None);
        assert_eq!(Pairs::default().correlation(), None);
        let pooled = Pairs::pooled(&[line, line]).unwrap();
        assert!((pooled.value + 1.0).abs() < 1e-12 && pooled.error.unwrap() < 1e-9);
    }
}
