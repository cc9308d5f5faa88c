//! The interval of a share.

use super::reals::count;

/// The normal quantile of 0.975.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % score interval of a share, of 0 to 1; half hits count half. All of 0 to 1 of nothing.
///
/// Source: Wilson, Journal of the American Statistical Association 22 (1927) 209–212, without
/// correction for continuity.
pub fn wilson(hits: f64, trials: usize) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let n = count(trials);
    let (share, square) = (hits / n, Z * Z);
    let spread = share * (1.0 - share) / n + square / (4.0 * n * n);
    let scale = 1.0 + square / n;
    let middle = (share + square / (2.0 * n)) / scale;
    let half = Z * libm::sqrt(spread.max(0.0)) / scale;
    // At the ends the sums are 0 and 1 but for rounding.
    let low = if hits <= 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if n <= hits { 1.0 } else { (middle + half).min(1.0) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::wilson;

    /// `scipy.stats.binomtest(117, 200).proportion_ci(method='wilson')`, and published values (Newcombe
    /// 1998, table I, method 3) to their four digits.
    #[test]
    fn intervals_are_those_of_wilson() {
        let (low, high) = wilson(117.0, 200);
        assert!((low - 0.515_739_149_013_440_4).abs() < 1e-14);
        assert!((high - 0.651_057_145_502_424_3).abs() < 1e-14);
        for (hits, trials, low, high) in [
            (81.0, 263, 0.2553, 0.3662),
            (15.0, 148, 0.0624, 0.1605),
            (0.0, 20, 0.0, 0.1611),
            (1.0, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(hits, trials);
            assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{found:?}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_exact() {
        let bits = |(low, high): (f64, f64)| (low.to_bits(), high.to_bits());
        assert_eq!(bits(wilson(0.0, 0)), bits((0.0, 1.0)));
        assert_eq!((wilson(0.0, 9).0.to_bits(), wilson(9.0, 9).1.to_bits()), bits((0.0, 1.0)));
    }

    #[test]
    fn an_interval_holds_its_share_and_mirrors() {
        for trials in 1..200_u32 {
            for hits in 0..=trials {
                let of = |hits: u32| wilson(f64::from(hits), usize::try_from(trials).unwrap());
                let share = f64::from(hits) / f64::from(trials);
                let ((low, high), (mirror_low, mirror_high)) = (of(hits), of(trials - hits));
                assert!((low - (1.0 - mirror_high)).abs() < 1e-12);
                assert!((high - (1.0 - mirror_low)).abs() < 1e-12);
                assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high));
            }
        }
    }
}
