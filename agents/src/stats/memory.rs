//! How long volatility remembers: decay of its autocorrelation, detrended fluctuations, bursts,
//! ARCH effects, and whether variance grows with time.

use super::correlation::{Line, autocorrelations, line};
use super::moments::{central_moments, mean, quantile, sorted};
use super::reals::{count, real};

/// How an autocorrelation decays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decay {
    /// β of ρ(k) ∝ k^−β.
    pub exponent: f64,
    /// How many lags are in the fit.
    pub lags: usize,
    /// Akaike's criterion of the exponential decay less that of the power law: positive where the
    /// power law describes the same lags better.
    pub power_preferred: f64,
}

/// Fits ln ρ(k) = c − β·ln k and ln ρ(k) = c − k/τ by least squares over the lags 1..=`lag_max`
/// with ρ(k) > 2/√N. `rho` gives ρ(k). `None` for fewer than three such lags.
pub fn decay(len: usize, lag_max: usize, rho: impl Fn(usize) -> Option<f64>) -> Option<Decay> {
    let threshold = 2.0 / libm::sqrt(count(len));
    let (mut lags, mut log_lags, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for lag in 1..=lag_max {
        let Some(value) = rho(lag).filter(|value| threshold < *value) else { continue };
        lags.push(count(lag));
        log_lags.push(libm::log(count(lag)));
        values.push(libm::log(value));
    }
    let power = line(&log_lags, &values).filter(|line| 3 <= line.points)?;
    let exponential = line(&lags, &values)?;
    let criterion = |fit: &Line| count(fit.points) * libm::log(fit.residual / count(fit.points));
    let power_preferred = criterion(&exponential) - criterion(&power);
    Some(Decay { exponent: -power.slope, lags: lags.len(), power_preferred })
}

/// Decay of the autocorrelation of a series. Cost: O(N · `lag_max`).
pub fn autocorrelation_decay(series: &[f64], lag_max: usize) -> Option<Decay> {
    let all = autocorrelations(series, lag_max);
    decay(series.len(), lag_max, |lag| all.get(lag.checked_sub(1)?).copied().flatten())
}

/// Box sizes of the detrended fluctuation analysis: half octaves.
const BOXES: [usize; 24] = [
    10, 14, 20, 28, 40, 57, 80, 113, 160, 226, 320, 453, 640, 905, 1280, 1810, 2560, 3620, 5120,
    7241, 10240, 14482, 20480, 28963,
];

/// Hurst exponent by detrended fluctuation analysis of order 1: the slope of ln F(s) on ln s, where
/// F(s)² is the mean square of what the lines of best fit leave of the summed series in boxes of s.
/// Boxes are half octaves from 10 to a quarter of the series. 0.5 without memory; `None` for fewer
/// than three sizes.
///
/// Cost: O(N) for each size. Source: Peng et al., Physical Review E 49 (1994) 1685–1689.
pub fn hurst(series: &[f64]) -> Option<f64> {
    let centre = mean(series)?;
    let mut sum = 0.0;
    let mut profile = Vec::with_capacity(series.len());
    for value in series {
        sum += value - centre;
        profile.push(sum);
    }
    let (mut sizes, mut fluctuations) = (Vec::new(), Vec::new());
    for size in BOXES.into_iter().filter(|size| 4 * size <= series.len()) {
        let time: Vec<f64> = (0..size).map(count).collect();
        let fits = profile.chunks_exact(size).filter_map(|segment| line(&time, segment));
        let (squares, points) = fits
            .fold((0.0, 0), |(squares, points), fit| (squares + fit.residual, points + fit.points));
        if 0.0 < squares {
            sizes.push(libm::log(count(size)));
            fluctuations.push(libm::log(squares / count(points)) / 2.0);
        }
    }
    line(&sizes, &fluctuations).filter(|line| 3 <= line.points).map(|line| line.slope)
}

/// Fano factor: variance (divided by n − 1) over mean of how many sizes |x| above their 99 %
/// quantile fall into each window. 1 for independent values.
pub fn fano_factor(series: &[f64], window: usize) -> Option<f64> {
    let sizes: Vec<f64> = series.iter().map(|value| value.abs()).collect();
    let extreme = quantile(&sorted(&sizes), 0.99)?;
    let windows = sizes.chunks_exact(window.max(1));
    let counts: Vec<f64> =
        windows.map(|sizes| count(sizes.iter().filter(|size| extreme < **size).count())).collect();
    let [variance, ..] = central_moments(&counts)?;
    let average = mean(&counts)?;
    let n = count(counts.len());
    (0.0 < average && 1.0 < n).then(|| variance * n / (n - 1.0) / average)
}

/// Engle's test for ARCH effects: n·R² of the regression of squared deviations on their last `LAGS`
/// values, χ² with `LAGS` degrees of freedom where there are none.
///
/// Source: Econometrica 50 (1982) 987–1007.
pub fn arch_test<const LAGS: usize>(series: &[f64]) -> Option<f64> {
    let centre = mean(series)?;
    let squares: Vec<f64> = series.iter().map(|x| (x - centre) * (x - centre)).collect();
    let scale = mean(&squares).filter(|scale| 0.0 < *scale)?;
    let squares: Vec<f64> = squares.iter().map(|square| square / scale).collect();
    let targets = squares.get(LAGS..)?;
    let target_mean = mean(targets)?;
    // Columns of the regression without a constant: all of them less their means.
    let mut columns = Vec::with_capacity(LAGS);
    for lag in 1..=LAGS {
        let column = squares.get(LAGS - lag..squares.len() - lag)?;
        let column_mean = mean(column)?;
        columns.push(column.iter().map(|x| x - column_mean).collect::<Vec<f64>>());
    }
    let target: Vec<f64> = targets.iter().map(|y| y - target_mean).collect();
    let product =
        |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(x, y)| x * y).sum::<f64>();
    let mut matrix = [[0.0; LAGS]; LAGS];
    let mut right = [0.0; LAGS];
    for ((row, right), column) in matrix.iter_mut().zip(&mut right).zip(&columns) {
        for (cell, other) in row.iter_mut().zip(&columns) {
            *cell = product(column, other);
        }
        *right = product(column, &target);
    }
    let solution = solve(matrix, right)?;
    let explained: f64 = solution.iter().zip(&right).map(|(x, y)| x * y).sum();
    let total = product(&target, &target);
    (0.0 < total).then(|| count(target.len()) * explained / total)
}

/// Solves a system with a symmetric positive definite matrix by elimination; `None` for another.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for step in 0..N {
        let (row, value) = (*matrix.get(step)?, *right.get(step)?);
        let pivot = *row.get(step).filter(|pivot| 0.0 < **pivot)?;
        for below in step + 1..N {
            let lower = matrix.get_mut(below)?;
            let factor = lower.get(step)? / pivot;
            for (cell, above) in lower.iter_mut().zip(&row) {
                *cell -= factor * above;
            }
            *right.get_mut(below)? -= factor * value;
        }
    }
    let mut solution = [0.0; N];
    for step in (0..N).rev() {
        let row = matrix.get(step)?;
        let known: f64 = row.iter().zip(&solution).skip(step + 1).map(|(a, x)| a * x).sum();
        let value = (right.get(step)? - known) / row.get(step)?;
        *solution.get_mut(step)? = value;
    }
    Some(solution)
}

/// A variance ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceRatio {
    /// Variance of returns over k steps by k times that of one: 1 for a random walk.
    pub ratio: f64,
    /// Standard normal without autocorrelation, clusters of volatility admitted.
    pub z: f64,
}

/// Lo and `MacKinlay`'s ratio of overlapping returns over `steps`, with their robust z.
///
/// Cost: O(N · steps). Source: Review of Financial Studies 1 (1988) 41–66.
pub fn variance_ratio(returns: &[f64], steps: usize) -> Option<VarianceRatio> {
    let (n, k) = (count(returns.len()), count(steps));
    let centre = mean(returns)?;
    let squares: Vec<f64> = returns.iter().map(|r| (r - centre) * (r - centre)).collect();
    let total: f64 = squares.iter().sum();
    let mut long = 0.0;
    for window in returns.windows(steps.max(1)) {
        let from_centre = window.iter().sum::<f64>() - k * centre;
        long += from_centre * from_centre;
    }
    let ratio = long / (k * (n - k + 1.0) * (1.0 - k / n)) / (total / (n - 1.0));
    let mut theta = 0.0;
    for lag in 1..steps {
        let products = squares.iter().zip(squares.get(lag..)?).map(|(one, other)| one * other);
        let weight = 2.0 * (k - count(lag)) / k;
        theta += weight * weight * products.sum::<f64>() / (total * total);
    }
    (0.0 < total && steps < returns.len())
        .then(|| VarianceRatio { ratio, z: (ratio - 1.0) / libm::sqrt(theta) })
}

/// Mean product of signs `lag` events apart, `C(ℓ) = ⟨ε_i ε_{i+ℓ}⟩`: not centred.
pub fn sign_memory(signs: &[i8], lag: usize) -> Option<f64> {
    let later = signs.get(lag..).filter(|later| !later.is_empty())?;
    let products = signs.iter().zip(later).map(|(now, then)| i64::from(*now) * i64::from(*then));
    Some(real(products.sum()) / count(later.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise without memory, between −1/2 and 1/2.
    fn noise(len: usize) -> Vec<f64> {
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX) - 0.5
        };
        (0..len).map(|_| draw()).collect()
    }

    #[test]
    fn power_laws_and_exponentials_are_told_apart() {
        let power = decay(1_000_000, 100, |k| Some(0.3 * libm::pow(count(k), -0.4))).unwrap();
        assert!((power.exponent - 0.4).abs() < 1e-9 && power.lags == 100);
        assert!(0.0 < power.power_preferred);
        let exponential = decay(1_000_000, 100, |k| Some(libm::exp(-count(k) / 30.0))).unwrap();
        assert!(exponential.power_preferred < 0.0);
        assert_eq!(decay(100, 100, |_| Some(0.1)), None);
    }

    #[test]
    fn noise_has_no_memory_and_its_sums_have() {
        let noise = noise(8_000);
        let found = hurst(&noise).unwrap();
        assert!((found - 0.5).abs() < 0.1, "{found}");
        let mut sum = 0.0;
        let walk: Vec<f64> = noise
            .iter()
            .map(|x| {
                sum += x;
                sum
            })
            .collect();
        assert!(1.3 < hurst(&walk).unwrap());
        assert_eq!(hurst(&noise[..79]), None);
    }

    #[test]
    fn bursts_raise_the_fano_factor() {
        let mut series = noise(10_000);
        assert!((fano_factor(&series, 50).unwrap() - 1.0).abs() < 0.3);
        for value in series.iter_mut().take(100) {
            *value *= 10.0;
        }
        assert!(20.0 < fano_factor(&series, 50).unwrap());
        assert_eq!(fano_factor(&[0.0; 500], 50), None);
    }

    #[test]
    fn arch_effects_are_found_where_they_are() {
        let noise = noise(2_000);
        assert!(arch_test::<5>(&noise).unwrap() < 15.0);
        let mut last: f64 = 0.0;
        let clustered: Vec<f64> = noise
            .iter()
            .map(|x| {
                last = x * libm::sqrt(0.1 + 8.0 * last * last);
                last
            })
            .collect();
        assert!(30.0 < arch_test::<5>(&clustered).unwrap());
        assert_eq!(arch_test::<5>(&[1.0; 100]), None);
    }

    #[test]
    fn variance_ratio_tells_trends_from_bounces() {
        let noise = noise(4_000);
        let walk = variance_ratio(&noise, 20).unwrap();
        assert!(walk.z.abs() < 2.5, "{walk:?}");
        let bounce: Vec<f64> = noise.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(variance_ratio(&bounce, 20).unwrap().ratio < 0.1);
        let trend: Vec<f64> = noise.windows(2).map(|pair| pair[1] + pair[0]).collect();
        assert!(1.8 < variance_ratio(&trend, 20).unwrap().ratio);
        assert_eq!(variance_ratio(&noise[..20], 20), None);
    }

    #[test]
    fn signs_in_runs_remember() {
        let runs: Vec<i8> = (0..100).map(|i| if i / 10 % 2 == 0 { 1 } else { -1 }).collect();
        assert_eq!(sign_memory(&runs, 10), Some(-1.0));
        assert_eq!(sign_memory(&runs, 20), Some(1.0));
        assert_eq!(sign_memory(&runs, 1), Some((90.0 - 9.0) / 99.0));
        assert_eq!(sign_memory(&runs, 100), None);
    }

    #[test]
    fn systems_are_solved() {
        assert_eq!(solve([[2.0, 1.0], [1.0, 3.0]], [5.0, 10.0]), Some([1.0, 3.0]));
        assert_eq!(solve([[0.0, 1.0], [1.0, 0.0]], [1.0, 1.0]), None);
    }
}
