//! Moments, quantiles and L-moments of a sample.
//!
//! Sums run from the first value to the last, so that a result is the same on every target.

use super::reals::{count, place, rounded};

/// Exact sums of the powers of integers, such as differences of mids in half ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PowerSums {
    /// How many.
    pub len: i128,
    /// Σ d, Σ d², Σ d³, Σ d⁴; `None` once one of them left the type's range.
    pub sums: Option<[i128; 4]>,
}

impl PowerSums {
    /// The sums of a sample.
    pub fn of(sample: impl IntoIterator<Item = i64>) -> Self {
        let mut result = Self { len: 0, sums: Some([0; 4]) };
        for number in sample {
            result.len += 1;
            result.sums = result.sums.and_then(|sums| add_powers(sums, i128::from(number)));
        }
        result
    }

    /// Excess kurtosis m₄/m₂² − 3 as one division of two exact integers; `None` for a sample
    /// without variance and for sums beyond 2^127.
    pub fn excess_kurtosis(&self) -> Option<f64> {
        let [s1, s2, s3, s4] = self.sums?;
        let n = self.len;
        // n²·m₂ and n⁴·m₄, the central moments without their denominators.
        let second = n.checked_mul(s2)?.checked_sub(s1.checked_mul(s1)?)?;
        let terms = [
            n.checked_mul(n)?.checked_mul(n)?.checked_mul(s4)?,
            n.checked_mul(n)?.checked_mul(-4)?.checked_mul(s1)?.checked_mul(s3)?,
            n.checked_mul(6)?.checked_mul(s1)?.checked_mul(s1)?.checked_mul(s2)?,
            s1.checked_mul(s1)?.checked_mul(s1)?.checked_mul(s1)?.checked_mul(-3)?,
        ];
        let fourth = terms.into_iter().try_fold(0_i128, i128::checked_add)?;
        (0 < second).then(|| rounded(fourth) / (rounded(second) * rounded(second)) - 3.0)
    }
}

fn add_powers(sums: [i128; 4], number: i128) -> Option<[i128; 4]> {
    let square = number.checked_mul(number)?;
    let [s1, s2, s3, s4] = sums;
    Some([
        s1.checked_add(number)?,
        s2.checked_add(square)?,
        s3.checked_add(square.checked_mul(number)?)?,
        s4.checked_add(square.checked_mul(square)?)?,
    ])
}

/// Arithmetic mean; `None` for an empty sample.
pub fn mean(sample: &[f64]) -> Option<f64> {
    (!sample.is_empty()).then(|| sample.iter().sum::<f64>() / count(sample.len()))
}

/// Central moments m₂, m₃, m₄ (divided by n); `None` for an empty sample.
pub fn central_moments(sample: &[f64]) -> Option<[f64; 3]> {
    let centre = mean(sample)?;
    let mut sums = [0.0; 3];
    for value in sample {
        let from_centre = value - centre;
        let square = from_centre * from_centre;
        sums[0] += square;
        sums[1] += square * from_centre;
        sums[2] += square * square;
    }
    Some(sums.map(|sum| sum / count(sample.len())))
}

/// Standard deviation (divided by n); `None` for an empty sample.
pub fn deviation(sample: &[f64]) -> Option<f64> {
    central_moments(sample).map(|[second, ..]| libm::sqrt(second))
}

/// Standard error of the mean, s/√n with s divided by n − 1; `None` for fewer than two values.
pub fn standard_error(sample: &[f64]) -> Option<f64> {
    let [second, ..] = central_moments(sample)?;
    (1 < sample.len()).then(|| libm::sqrt(second / count(sample.len() - 1)))
}

/// Excess kurtosis g₂ = m₄/m₂² − 3; `None` for a sample without variance.
pub fn excess_kurtosis(sample: &[f64]) -> Option<f64> {
    let [second, _, fourth] = central_moments(sample)?;
    (0.0 < second).then(|| fourth / (second * second) - 3.0)
}

/// Skewness g₁ = m₃/m₂^{3/2}; `None` for a sample without variance.
pub fn skewness(sample: &[f64]) -> Option<f64> {
    let [second, third, _] = central_moments(sample)?;
    (0.0 < second).then(|| third / (second * libm::sqrt(second)))
}

/// Excess kurtosis without the `drop` values that are largest by size; of equal sizes the later
/// goes first.
pub fn trimmed_kurtosis(sample: &[f64], drop: usize) -> Option<f64> {
    let mut sizes: Vec<f64> = sample.iter().map(|value| value.abs()).collect();
    let last = sample.len().checked_sub(drop)?.checked_sub(1)?;
    let (smaller, &mut largest, _) = sizes.select_nth_unstable_by(last, f64::total_cmp);
    let mut ties = last + 1 - smaller.iter().filter(|size| **size < largest).count();
    let is_kept = |value: &f64| {
        let is_tie = value.abs().total_cmp(&largest).is_eq() && 0 < ties;
        ties -= usize::from(is_tie);
        is_tie || value.abs() < largest
    };
    let kept: Vec<f64> = sample.iter().copied().filter(is_kept).collect();
    excess_kurtosis(&kept)
}

/// L-kurtosis τ₄ = λ₄/λ₂ from unbiased probability-weighted moments; a normal sample has 0.1226.
/// Finite whenever the mean is. `None` for fewer than four values and for equal ones.
///
/// Source: Hosking, Journal of the Royal Statistical Society B 52 (1990) 105–124.
pub fn l_kurtosis(sample: &[f64]) -> Option<f64> {
    if sample.len() < 4 {
        return None;
    }
    let sorted = sorted(sample);
    let n = count(sorted.len());
    let mut weighted = [0.0; 4];
    for (rank, value) in sorted.iter().enumerate() {
        let below = count(rank);
        let mut weight = 1.0;
        for (order, sum) in weighted.iter_mut().enumerate() {
            *sum += weight * value;
            weight *= (below - count(order)) / (n - 1.0 - count(order));
        }
    }
    let [b0, b1, b2, b3] = weighted.map(|sum| sum / n);
    let second = 2.0 * b1 - b0;
    (0.0 < second).then(|| (20.0 * b3 - 30.0 * b2 + 12.0 * b1 - b0) / second)
}

/// A sample in ascending order.
pub fn sorted(sample: &[f64]) -> Vec<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Quantile of an ascending sample, between neighbours in proportion (Hyndman and Fan's type 7);
/// `None` for an empty one.
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = share * count(last);
    let below = place(position).min(last);
    let (low, high) = (ascending.get(below)?, ascending.get((below + 1).min(last))?);
    Some(low + (high - low) * (position - count(below)))
}

/// Each value over the volatility expected before it: σ² = λσ² + (1 − λ)r², which starts at the
/// mean square. Empty for a sample of zeros.
pub fn standardised(sample: &[f64], lambda: f64) -> Vec<f64> {
    let squares: Vec<f64> = sample.iter().map(|value| value * value).collect();
    let mut variance = mean(&squares).unwrap_or(0.0);
    let mut result = Vec::with_capacity(sample.len());
    for (value, square) in sample.iter().zip(squares) {
        if 0.0 < variance {
            result.push(value / libm::sqrt(variance));
        }
        variance = lambda * variance + (1.0 - lambda) * square;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_sizes_the_later_is_trimmed() {
        let sample = [1.0, -3.0, 2.0, 3.0, -2.0, 3.0, 5.0];
        for (drop, kept) in [
            (0, &sample[..]),
            (1, &[1.0, -3.0, 2.0, 3.0, -2.0, 3.0]),
            (2, &[1.0, -3.0, 2.0, 3.0, -2.0]),
            (3, &[1.0, -3.0, 2.0, -2.0]),
            (4, &[1.0, 2.0, -2.0]),
        ] {
            assert_eq!(trimmed_kurtosis(&sample, drop), excess_kurtosis(kept), "{drop}");
        }
        assert_eq!(trimmed_kurtosis(&sample, 7), None);
    }

    #[test]
    fn exact_and_float_kurtosis_agree() {
        let sample = [3, -1, 4, 1, -5, 9, -2, 6, -5, 3, 5, -8, 9, 7];
        let floats: Vec<f64> = sample.iter().map(|number| f64::from(*number)).collect();
        let exact = PowerSums::of(sample.map(i64::from)).excess_kurtosis().unwrap();
        assert!((exact - excess_kurtosis(&floats).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn kurtosis_of_a_fair_coin_is_minus_two() {
        let coin = PowerSums::of([1, -1, 1, -1]);
        assert_eq!(coin.excess_kurtosis(), Some(-2.0));
        assert_eq!(excess_kurtosis(&[1.0, -1.0, 1.0, -1.0]), Some(-2.0));
    }

    #[test]
    fn samples_without_variance_have_no_kurtosis() {
        assert_eq!(PowerSums::of([7, 7, 7]).excess_kurtosis(), None);
        assert_eq!(PowerSums::of([]).excess_kurtosis(), None);
        assert_eq!(excess_kurtosis(&[7.0, 7.0]), None);
        assert_eq!(skewness(&[]), None);
        assert_eq!(l_kurtosis(&[1.0; 5]), None);
    }

    #[test]
    fn sums_beyond_their_type_are_told() {
        assert_eq!(PowerSums::of([i64::MAX, 1]).excess_kurtosis(), None);
    }

    #[test]
    fn trimming_drops_the_largest_of_either_sign() {
        let sample = [1.0, -1.0, 50.0, 1.0, -90.0, -1.0];
        assert_eq!(trimmed_kurtosis(&sample, 2), Some(-2.0));
        assert!(Some(-2.0) < trimmed_kurtosis(&sample, 1));
        assert_eq!(trimmed_kurtosis(&sample, 9), None);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 1.0), Some(4.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn volatility_is_that_before_the_value() {
        // Mean square 1: the first is divided by 1, the second by √(0.5·1 + 0.5·0).
        let result = standardised(&[0.0, libm::sqrt(2.0)], 0.5);
        assert_eq!(result, [0.0, 2.0]);
        assert_eq!(standardised(&[0.0, 0.0], 0.5), []);
    }
}
