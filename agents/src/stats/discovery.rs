//! Prices against values, and the cost of trading.

use super::correlation::{Line, line};
use super::moments::mean;
use super::reals::{real, whole};

/// How far the mid is from the fair value, both in ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tracking {
    /// Mean distance.
    pub error: f64,
    /// Root of the mean squared distance.
    pub root: f64,
    /// Steps until half of a distance is gone: ln ½/ln φ, with φ the slope of the distance on the
    /// last one; `None` where distances do not shrink.
    pub half_life: Option<f64>,
    /// Share of the variance of the next move that the distance explains.
    pub explained: Option<f64>,
}

/// Tracking error of mids to fair values of the same moments. `None` for an empty series.
pub fn tracking(mids: &[f64], fair: &[f64]) -> Option<Tracking> {
    let gaps: Vec<f64> = mids.iter().zip(fair).map(|(mid, fair)| mid - fair).collect();
    let sizes: Vec<f64> = gaps.iter().map(|gap| gap.abs()).collect();
    let squares: Vec<f64> = gaps.iter().map(|gap| gap * gap).collect();
    let shrink = line(&gaps, gaps.get(1..)?).map(|line| line.slope);
    let half_life = shrink.filter(|slope| 0.0 < *slope && *slope < 1.0);
    let moves: Vec<f64> =
        mids.iter().zip(mids.iter().skip(1)).map(|(now, then)| then - now).collect();
    Some(Tracking {
        error: mean(&sizes)?,
        root: libm::sqrt(mean(&squares)?),
        half_life: half_life.map(|slope| -core::f64::consts::LN_2 / libm::log(slope)),
        explained: line(&gaps, &moves).map(|line| line.explained),
    })
}

/// Amihud's illiquidity: mean of |r|/V over the intervals with volume.
pub fn amihud(returns: &[f64], volumes: &[u64]) -> Option<f64> {
    let traded = returns.iter().zip(volumes).filter(|(_, volume)| 0 < **volume);
    let costs: Vec<f64> = traded.map(|(r, volume)| r.abs() / whole((*volume).into())).collect();
    mean(&costs)
}

/// Kyle's λ: the slope of the move of the mid, in half ticks, on the signed volume of its interval.
pub fn kyle(moves: &[i64], flows: &[i64]) -> Option<Line> {
    let floats = |numbers: &[i64]| numbers.iter().map(|it| real(*it)).collect::<Vec<f64>>();
    line(&floats(flows), &floats(moves))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_halves_its_distance_has_a_half_life_of_one() {
        let mids = [116.0, 108.0, 104.0, 102.0, 101.0];
        let found = tracking(&mids, &[100.0; 5]).unwrap();
        assert!((found.error - 6.2).abs() < 1e-12);
        assert!((found.half_life.unwrap() - 1.0).abs() < 1e-12);
        assert!((found.explained.unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(tracking(&[], &[]), None);
    }

    #[test]
    fn distances_that_stay_have_no_half_life() {
        let found = tracking(&[101.0, 103.0, 105.0], &[100.0; 3]).unwrap();
        assert_eq!(found.half_life, None);
        assert!((found.root * found.root - 35.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn intervals_without_trades_cost_nothing() {
        assert_eq!(amihud(&[0.5, -0.5, 9.0], &[1, 2, 0]), Some(0.375));
        assert_eq!(amihud(&[0.5], &[0]), None);
    }

    #[test]
    fn lambda_is_the_move_for_each_lot() {
        assert_eq!(kyle(&[2, -4, 6], &[1, -2, 3]).map(|line| line.slope), Some(2.0));
        assert_eq!(kyle(&[2, -4], &[0, 0]), None);
    }
}
