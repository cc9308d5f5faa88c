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
    let mean_wait = |is_reached: &dyn Fn(f64) -> bool| {
        let mut waits = Vec::new();
        for (start, level) in levels.iter().enumerate() {
            let mut later = levels.iter().skip(start).take(WAIT_MAX + 1);
            waits.extend(later.position(|then| is_reached(then - level)).map(count));
        }
        mean(&waits)
    };
    if height <= 0.0 {
        return None;
    }
    Some((mean_wait(&|gain| height <= gain)?, mean_wait(&|gain| gain <= -height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

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
