//! What takers do to the price.

use super::correlation::{Line, line};
use super::reals::{count, real, whole};
use super::series::Taker;

/// Response `R(ℓ) = ⟨ε_i(m_{i+ℓ} − m_i)⟩` in half ticks: the signed move of the mid from just
/// before taker i to just before taker i + ℓ. Exact up to the division.
pub fn response(takers: &[Taker], lag: usize) -> Option<f64> {
    let later = takers.get(lag..).filter(|later| !later.is_empty())?;
    let moves = takers.iter().zip(later).map(|(now, then)| now.signed(then.mid - now.mid));
    Some(real(moves.sum()) / count(later.len()))
}

/// What a taker did: its lots, and the signed move of the mid until the next taker, half ticks.
pub type Push = (u64, i64);

/// What each taker but the last did.
pub fn pushes(takers: &[Taker]) -> Vec<Push> {
    let pairs = takers.iter().zip(takers.iter().skip(1));
    pairs.map(|(now, then)| (now.lots, now.signed(then.mid - now.mid))).collect()
}

/// The takers of a range of sizes, and what they did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    /// How many.
    pub takers: usize,
    /// Their mean size, lots.
    pub lots: f64,
    /// Mean signed move of the mid until the next taker, half ticks.
    pub moved: f64,
}

/// Fewest takers of a bucket that enters the fit.
const BUCKET_TAKERS_MIN: usize = 20;

/// Buckets in the fit: 1.5 decades of size.
const BUCKETS: usize = 10;

/// Immediate impact by size, in half octaves of lots, [2^{b/2}, 2^{(b+1)/2}) for b = 0, 1, 2 …
pub fn buckets(pushes: &[Push]) -> Vec<Bucket> {
    let mut sums = vec![(0_usize, 0_u128, 0_i64); 128];
    for (lots, moved) in pushes {
        let square = u128::from(*lots) * u128::from(*lots);
        // The logarithm of the square, so that half octaves are told apart in integers.
        let index = square.max(1).ilog2() as usize;
        if let Some((takers, all_lots, all_moved)) = sums.get_mut(index) {
            *takers += 1;
            *all_lots += u128::from(*lots);
            *all_moved += moved;
        }
    }
    let mean = |&(takers, lots, moved): &(usize, u128, i64)| Bucket {
        takers,
        lots: whole(lots) / count(takers.max(1)),
        moved: real(moved) / count(takers.max(1)),
    };
    sums.iter().map(mean).collect()
}

/// Fits I(Q) ∝ Q^δ: the line through ln I on ln Q of the half octaves that have 20 takers and moved
/// the price their way, of the ten from the first that has. δ is its slope. `None` for fewer than
/// three.
pub fn impact(pushes: &[Push]) -> Option<Line> {
    let is_enough = |bucket: &&Bucket| BUCKET_TAKERS_MIN <= bucket.takers;
    let buckets = buckets(pushes);
    let fitted = buckets.iter().skip_while(|bucket| !is_enough(bucket)).take(BUCKETS);
    let fitted = fitted.filter(is_enough).filter(|bucket| 0.0 < bucket.moved);
    let logs = |bucket: &Bucket| (libm::log(bucket.lots), libm::log(bucket.moved));
    let (x, y): (Vec<f64>, Vec<f64>) = fitted.map(logs).unzip();
    line(&x, &y).filter(|line| 3 <= line.points)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takers of both signs that move the mid by what `moved` gives for their lots, for good.
    fn made(moved: impl Fn(u64) -> i64) -> Vec<Push> {
        let mut mid = 1_000_000;
        let mut takers = Vec::new();
        for round in 0..40_u64 {
            for lots in [1, 2, 4, 8, 16, 32] {
                let sign = if round % 2 == 0 { 1 } else { -1 };
                takers.push(Taker { sign, lots, mid });
                mid += i64::from(sign) * moved(lots);
            }
        }
        pushes(&takers)
    }

    #[test]
    fn square_root_and_linear_impact_are_told_apart() {
        let linear = impact(&made(|lots| 8 * i64::try_from(lots).unwrap())).unwrap();
        assert!((linear.slope - 1.0).abs() < 1e-12, "{linear:?}");
        let roots =
            |lots: u64| if lots.ilog2().is_multiple_of(2) { 1 << (lots.ilog2() / 2) } else { 0 };
        let root = impact(&made(roots)).unwrap();
        assert!((root.slope - 0.5).abs() < 1e-12, "{root:?}");
        assert_eq!(root.points, 3, "sizes that moved nothing are not in the fit");
    }

    #[test]
    fn few_takers_have_no_impact_curve() {
        assert_eq!(impact(&made(|_| 1)[..30]), None);
        assert_eq!(impact(&[]), None);
    }

    #[test]
    fn buckets_are_half_octaves() {
        let found = buckets(&[(1, 0), (2, 0), (3, 0), (4, 0), (9, 6), (10, 0)]);
        let filled: Vec<usize> = (0..128).filter(|b| 0 < found[*b].takers).collect();
        assert_eq!(filled, [0, 2, 3, 4, 6]);
        assert_eq!(found[6], Bucket { takers: 2, lots: 9.5, moved: 3.0 });
    }

    #[test]
    fn response_is_signed_by_the_taker() {
        let sale = |mid| Taker { sign: -1, lots: 1, mid };
        assert_eq!(response(&[sale(10), sale(6), sale(6)], 1), Some(2.0));
        assert_eq!(response(&[sale(10), sale(6), sale(6)], 2), Some(4.0));
        assert_eq!(response(&[sale(10)], 1), None);
    }
}
