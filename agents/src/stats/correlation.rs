//! Correlations: with the past, between two series, and of ranks.

use super::moments::{central_moments, mean};
use super::reals::count;

/// Autocorrelation `ρ_k = Σ(x_t − x̄)(x_{t+k} − x̄) / Σ(x_t − x̄)²`; `None` for a series without
/// variance or not longer than the lag.
pub fn autocorrelation(series: &[f64], lag: usize) -> Option<f64> {
    let centre = mean(series)?;
    let later = series.get(lag..).filter(|later| !later.is_empty())?;
    let squares: f64 = series.iter().map(|x| (x - centre) * (x - centre)).sum();
    let products: f64 =
        series.iter().zip(later).map(|(now, then)| (now - centre) * (then - centre)).sum();
    (0.0 < squares).then(|| products / squares)
}

/// Lags whose products are summed side by side.
const SIDE_BY_SIDE: usize = 8;

/// [`autocorrelation`] at the lags 1..=`lag_max`, to the last bit.
///
/// Cost: O(N · `lag_max`), some eight lags at the price of one.
pub fn autocorrelations(series: &[f64], lag_max: usize) -> Vec<Option<f64>> {
    let mut results = Vec::with_capacity(lag_max + SIDE_BY_SIDE);
    let centre = mean(series).unwrap_or(0.0);
    let centred: Vec<f64> = series.iter().map(|x| x - centre).collect();
    let squares: f64 = centred.iter().map(|x| x * x).sum();
    while results.len() < lag_max {
        let first = results.len() + 1;
        let products = lagged_products(&centred, first);
        results.extend((first..).zip(products).map(|(lag, product)| {
            (lag < series.len() && 0.0 < squares).then(|| product / squares)
        }));
    }
    results.truncate(lag_max);
    results
}

/// Sums of products of values `first` apart, and of up to seven more.
fn lagged_products(centred: &[f64], first: usize) -> [f64; SIDE_BY_SIDE] {
    let mut sums = [0.0; SIDE_BY_SIDE];
    let later = centred.get(first..).unwrap_or_default();
    let windows = later.windows(SIDE_BY_SIDE);
    let whole = windows.len();
    for (now, window) in centred.iter().zip(windows) {
        for (sum, then) in sums.iter_mut().zip(window) {
            *sum += now * then;
        }
    }
    for (start, now) in centred.iter().enumerate().take(later.len()).skip(whole) {
        for (sum, then) in sums.iter_mut().zip(later.iter().skip(start)) {
            *sum += now * then;
        }
    }
    sums
}

/// Half of the width of the 95 % band around 0 in which `ρ_k` of a series without autocorrelation
/// lies, volatility clusters admitted: 1.96·√((1 + γ_{x²}(k)/σ⁴)/N).
pub fn robust_band(series: &[f64], lag: usize) -> Option<f64> {
    let [variance, ..] = central_moments(series)?;
    let centre = mean(series)?;
    let squares: Vec<f64> = series.iter().map(|x| (x - centre) * (x - centre)).collect();
    let later = squares.get(lag..)?;
    let products: f64 =
        squares.iter().zip(later).map(|(now, then)| (now - variance) * (then - variance)).sum();
    let n = count(series.len());
    let inflation = 1.0 + products / n / (variance * variance);
    (0.0 < variance).then(|| 1.96 * libm::sqrt(inflation.max(0.0) / n))
}

/// Ljung and Box's `Q = N(N+2) Σ_{k≤lags} ρ_k²/(N − k)`.
///
/// Cost: O(N · lags). Source: Biometrika 65 (1978) 297–303.
pub fn ljung_box(series: &[f64], lags: usize) -> Option<f64> {
    let n = count(series.len());
    let mut sum = 0.0;
    for (lag, rho) in (1..).zip(autocorrelations(series, lags)) {
        let rho = rho?;
        sum += rho * rho / (n - count(lag));
    }
    Some(n * (n + 2.0) * sum)
}

/// Probability that a χ² variable with these degrees of freedom exceeds `value`.
pub fn chi_square_tail(value: f64, degrees: u32) -> f64 {
    let half = value / 2.0;
    // Γ(d/2, x/2)/Γ(d/2) by its recurrence, from d = 1 or 2 upwards.
    let is_odd = degrees % 2 == 1;
    let (mut tail, mut term, mut at) = if is_odd {
        let root = libm::sqrt(half);
        let first = libm::exp(-half) * root / libm::sqrt(core::f64::consts::FRAC_PI_4);
        (libm::erfc(root), first, 1.5)
    } else {
        (libm::exp(-half), libm::exp(-half) * half, 1.0 + 1.0)
    };
    for _ in 0..degrees.div_ceil(2).saturating_sub(1) {
        tail += term;
        term *= half / at;
        at += 1.0;
    }
    tail.min(1.0)
}

/// Pearson's correlation of two series, as far as the shorter goes; `None` without variance.
pub fn pearson(one: &[f64], other: &[f64]) -> Option<f64> {
    let len = one.len().min(other.len());
    let (one, other) = (one.get(..len)?, other.get(..len)?);
    let (centre, other_centre) = (mean(one)?, mean(other)?);
    let (mut product, mut square, mut other_square) = (0.0, 0.0, 0.0);
    for (x, y) in one.iter().zip(other) {
        let (x, y) = (x - centre, y - other_centre);
        product += x * y;
        square += x * x;
        other_square += y * y;
    }
    let scale = libm::sqrt(square) * libm::sqrt(other_square);
    (0.0 < scale).then(|| product / scale)
}

/// Spearman's rank correlation; equal values share their mean rank.
pub fn spearman(one: &[f64], other: &[f64]) -> Option<f64> {
    let len = one.len().min(other.len());
    pearson(&ranks(one.get(..len)?), &ranks(other.get(..len)?))
}

/// Ranks from 1; equal values share their mean rank.
pub fn ranks(sample: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = sample.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let mut ranks = vec![0.0; sample.len()];
    let mut before = 0;
    for ties in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let shared = count(2 * before + ties.len() + 1) / 2.0;
        for (_, index) in ties {
            if let Some(rank) = ranks.get_mut(*index) {
                *rank = shared;
            }
        }
        before += ties.len();
    }
    ranks
}

/// Kendall's `τ_b` of a series with time: −1 where it always falls. `None` for fewer than two
/// values and for equal ones.
///
/// Cost: O(n²).
pub fn kendall_with_time(series: &[f64]) -> Option<f64> {
    let (mut score, mut pairs, mut tied) = (0.0, 0.0, 0.0);
    for (index, now) in series.iter().enumerate() {
        for then in series.iter().skip(index + 1) {
            pairs += 1.0;
            match then.total_cmp(now) {
                core::cmp::Ordering::Less => score -= 1.0,
                core::cmp::Ordering::Equal => tied += 1.0,
                core::cmp::Ordering::Greater => score += 1.0,
            }
        }
    }
    (tied < pairs).then(|| score / (libm::sqrt(pairs) * libm::sqrt(pairs - tied)))
}

/// A straight line fitted by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Change of y for each unit of x.
    pub slope: f64,
    /// y at x = 0.
    pub intercept: f64,
    /// Sum of squared residuals.
    pub residual: f64,
    /// Share of the variance of y that it explains; 0 for an y without variance.
    pub explained: f64,
    /// How many points it is from.
    pub points: usize,
}

/// The least-squares line through points; `None` for fewer than two different x.
pub fn line(x: &[f64], y: &[f64]) -> Option<Line> {
    let points = x.len().min(y.len());
    let (x, y) = (x.get(..points)?, y.get(..points)?);
    let (x_mean, y_mean) = (mean(x)?, mean(y)?);
    let (mut product, mut square, mut y_square) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - x_mean, y - y_mean);
        product += x * y;
        square += x * x;
        y_square += y * y;
    }
    if square <= 0.0 {
        return None;
    }
    let slope = product / square;
    let intercept = y_mean - slope * x_mean;
    let residual = x.iter().zip(y).map(|(x, y)| y - y_mean - slope * (x - x_mean));
    let residual = residual.map(|error| error * error).sum();
    let explained = if 0.0 < y_square { 1.0 - residual / y_square } else { 0.0 };
    Some(Line { slope, intercept, residual, explained, points })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn lags_side_by_side_are_those_one_by_one() {
        let series: Vec<f64> = (0..50).map(|i| f64::from(i * i % 37)).collect();
        for len in [0, 1, 2, 5, 8, 9, 17, 50] {
            let series = &series[..len];
            let expected: Vec<_> = (1..=20).map(|lag| autocorrelation(series, lag)).collect();
            assert_eq!(autocorrelations(series, 20), expected, "of {len}");
        }
        assert_eq!(autocorrelations(&[2.0; 9], 3), [None; 3]);
    }

    #[test]
    fn an_alternating_series_is_anticorrelated() {
        let series = [1.0, -1.0, 1.0, -1.0];
        near(autocorrelation(&series, 1), -0.75);
        near(autocorrelation(&series, 2), 0.5);
        near(autocorrelation(&series, 0), 1.0);
        assert_eq!(autocorrelation(&series, 4), None);
        assert_eq!(autocorrelation(&[2.0; 9], 1), None);
        near(ljung_box(&series, 2), 4.0 * 6.0 * (0.5625 / 3.0 + 0.25 / 2.0));
    }

    #[test]
    fn clusters_of_volatility_widen_the_band() {
        let calm: Vec<f64> = (0..400).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        near(robust_band(&calm, 1), 1.96 / 20.0);
        let bursts: Vec<f64> =
            calm.iter().zip(0..).map(|(x, i)| if i < 40 { 9.0 * x } else { *x }).collect();
        assert!(0.2 < robust_band(&bursts, 1).unwrap());
    }

    #[test]
    fn tails_of_chi_square_are_those_of_the_tables() {
        for (value, degrees) in [(3.841_459, 1), (5.991_465, 2), (11.070_498, 5), (18.307_038, 10)]
        {
            assert!((chi_square_tail(value, degrees) - 0.05).abs() < 1e-7, "{degrees} degrees");
        }
        near(Some(chi_square_tail(0.0, 5)), 1.0);
    }

    #[test]
    fn ranks_of_ties_are_shared() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        near(spearman(&[1.0, 2.0, 3.0], &[1.0, 8.0, 9.0]), 1.0);
        near(pearson(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0, 77.0]), -1.0);
        assert_eq!(pearson(&[1.0, 2.0], &[4.0, 4.0]), None);
    }

    #[test]
    fn kendall_counts_rises_and_falls() {
        near(kendall_with_time(&[4.0, 3.0, 2.0, 1.0]), -1.0);
        near(kendall_with_time(&[1.0, 3.0, 2.0]), 1.0 / 3.0);
        assert_eq!(kendall_with_time(&[1.0, 1.0]), None);
    }

    #[test]
    fn a_line_goes_through_its_points() {
        let found = line(&[0.0, 1.0, 2.0], &[1.0, 3.0, 5.0]).unwrap();
        let Line { slope, intercept, residual, explained, points } = found;
        assert_eq!(([slope, intercept, residual, explained], points), ([2.0, 1.0, 0.0, 1.0], 3));
        assert_eq!(line(&[1.0, 1.0], &[0.0, 1.0]), None);
    }
}
