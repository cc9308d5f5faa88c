//! What tells the future from the past and gains from losses.

use super::correlation::pearson;
use super::moments::{deviation, mean};
use super::reals::count;

/// Leverage `L(k) = corr(r_t, r²_{t+k})`: negative where losses come before volatility.
pub fn leverage(returns: &[f64], lag: usize) -> Option<f64> {
    let squares: Vec<f64> = returns.iter().map(|r| r * r).collect();
    pearson(returns, squares.get(lag..)?)
}

/// How much better coarse volatility foretells fine volatility than the reverse: the correlation of
/// |r⁽ᵏ⁾|, the size of the return over k steps, with Σ|r| of the k steps after them, less that of
/// Σ|r| with |r⁽ᵏ⁾| of the k steps after. All starts, overlapping.
///
/// Source: Müller et al., Journal of Empirical Finance 4 (1997) 213–239.
pub fn coarse_to_fine(returns: &[f64], steps: usize) -> Option<f64> {
    let windows = || returns.windows(steps.max(1));
    let coarse: Vec<f64> = windows().map(|window| window.iter().sum::<f64>().abs()).collect();
    let fine: Vec<f64> =
        windows().map(|window| window.iter().map(|r| r.abs()).sum::<f64>()).collect();
    let forwards = pearson(&coarse, fine.get(steps..)?)?;
    let backwards = pearson(&fine, coarse.get(steps..)?)?;
    Some(forwards - backwards)
}

/// Longest wait that [`waiting`] looks at, in steps.
const WAIT_MAX: usize = 2_000;

/// Mean number of steps until the summed return first reaches +h and −h, h = σ·√50: gains, losses.
/// Each step is a start; those that do not get there within 2,000 steps or the series are left out.
///
/// Source: Jensen, Johansen, Simonsen, Physica A 324 (2003) 338–343.
pub fn waiting(returns: &[f64]) -> Option<(f64, f64)> {
    let height = deviation(returns)? * libm::sqrt(50.0);
    let mut sum = 0.0;
    let mut levels = vec![0.0];
    for value in returns {
        sum += value;
        levels.push(sum);
    }
    let falls: Vec<f64> = levels.iter().map(|level| -level).collect();
    if height <= 0.0 {
        return None;
    }
    Some((mean_wait(&levels, height)?, mean_wait(&falls, height)?))
}

/// Levels that are passed over at once when none of them is high enough.
const STRIDE: usize = 32;
/// Strides that hold the longest wait, wherever it begins.
const BLOCKS: usize = WAIT_MAX / STRIDE + 2;

/// Mean number of steps until the level is higher by `height` for the first time.
fn mean_wait(levels: &[f64], height: f64) -> Option<f64> {
    let highest = |levels: &[f64]| levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let tops: Vec<f64> = levels.chunks(STRIDE).map(highest).collect();
    let mut waits = Vec::new();
    for (start, level) in levels.iter().enumerate() {
        let is_reached = |then: &f64| height <= then - level;
        let next = start.next_multiple_of(STRIDE);
        let end = levels.len().min(start + WAIT_MAX + 1);
        let near = levels.get(start..next.min(end)).unwrap_or_default();
        let far = || {
            let block = tops.iter().skip(next / STRIDE).take(BLOCKS).position(is_reached)?;
            let from = next + block * STRIDE;
            let within = levels.get(from..end)?.iter().position(is_reached)?;
            Some(from - start + within)
        };
        waits.extend(near.iter().position(is_reached).or_else(far).map(count));
    }
    mean(&waits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_those_of_a_plain_search() {
        let levels: Vec<f64> = (0..5_000).map(|i| f64::from(i * i % 1_009 + i / 40)).collect();
        for height in [400.0, 990.0, 1_040.0] {
            let wait = |(start, level): (usize, &f64)| {
                let later = levels.iter().skip(start).take(WAIT_MAX + 1);
                later.map(|then| then - level).position(|moved| height <= moved).map(count)
            };
            let waits: Vec<f64> = levels.iter().enumerate().filter_map(wait).collect();
            assert!(!waits.is_empty() && waits.len() < 5_000, "{height}");
            assert_eq!(mean_wait(&levels, height), mean(&waits), "{height}");
        }
    }

    #[test]
    fn leverage_is_negative_where_losses_bring_volatility() {
        let after_loss = [-1.0, 2.0, 0.1, 0.0, -1.0, -2.0, 0.1, 0.0, -1.0, 2.0, 0.1, 0.0];
        assert!(leverage(&after_loss, 1).unwrap() < -0.3);
        assert_eq!(leverage(&after_loss, 12), None);
    }

    #[test]
    fn trends_before_bursts_are_coarse_to_fine() {
        // Calm bounces, then a trend, then a burst of bounces.
        let mut returns = Vec::new();
        for _ in 0..40 {
            returns.extend([0.1, -0.1, 0.1, -0.1, 0.1, 1.0, 1.0, 1.0, 1.0, 1.0]);
            returns.extend([3.0, -3.0, 3.0, -3.0, 3.0]);
        }
        let forwards = coarse_to_fine(&returns, 5).unwrap();
        returns.reverse();
        let backwards = coarse_to_fine(&returns, 5).unwrap();
        assert!(0.1 < forwards);
        assert!((forwards + backwards).abs() < 1e-12, "time reversed, sign reversed");
    }

    #[test]
    fn slow_rises_and_fast_falls_are_told_apart() {
        let mut returns = Vec::new();
        for _ in 0..20 {
            returns.extend([1.0; 24]);
            returns.extend([-8.0; 3]);
        }
        // The excursion is 20 ticks: some 20 rises, or 3 falls right after the summit.
        let (gain, loss) = waiting(&returns).unwrap();
        assert!((18.0..28.0).contains(&gain), "{gain}");
        assert!((3.0..8.0).contains(&loss), "{loss}");
    }

    #[test]
    fn a_flat_series_waits_for_nothing() {
        assert_eq!(waiting(&[0.0; 100]), None);
        assert_eq!(waiting(&[]), None);
    }
}
