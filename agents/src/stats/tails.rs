//! The weight of tails.

use super::moments::sorted;
use super::reals::count;

/// A tail index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hill {
    /// The index α̂: the tail falls like x^−α.
    pub alpha: f64,
    /// Its standard error for independent values, α̂/√k.
    pub error: f64,
    /// How many of the largest values it is from.
    pub largest: usize,
}

/// Hill's estimator on sizes |r| > 0: α̂ = k / Σ_{i≤k} ln(x₍ᵢ₎/x₍ₖ₊₁₎) with k = `per_mille`
/// thousandths of the whole sample, or as many as there are. `None` without a positive size below
/// the k largest, or when those are all equal to it.
///
/// Cost: O(n), and a sort of the k largest. Source: Hill, Annals of Statistics 3 (1975) 1163–1174.
pub fn hill(sample: &[f64], per_mille: usize) -> Option<Hill> {
    let mut sizes: Vec<f64> = sample.iter().map(|value| value.abs()).filter(|x| 0.0 < *x).collect();
    let last = sizes.len().checked_sub(1)?;
    let largest = (sample.len() * per_mille / 1000).min(last);
    let (_, threshold, top) = sizes.select_nth_unstable_by(last - largest, f64::total_cmp);
    let sum: f64 = sorted(top).iter().rev().map(|size| libm::log(size / *threshold)).sum();
    let alpha = count(largest) / sum;
    let error = alpha / libm::sqrt(count(largest));
    (0.0 < sum).then_some(Hill { alpha, error, largest })
}

/// Largest over smallest index at 1, 2.5 and 5 % of the sample: near 1 on a plateau.
pub fn hill_plateau(sample: &[f64]) -> Option<f64> {
    let mut ends: Option<(f64, f64)> = None;
    for per_mille in [10, 25, 50] {
        let alpha = hill(sample, per_mille)?.alpha;
        let (low, high) = ends.unwrap_or((alpha, alpha));
        ends = Some((low.min(alpha), high.max(alpha)));
    }
    ends.map(|(low, high)| high / low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of a Pareto distribution with this index.
    fn pareto(alpha: f64) -> Vec<f64> {
        (0..20_000).map(|i| libm::pow((f64::from(i) + 0.5) / 20_000.0, -1.0 / alpha)).collect()
    }

    #[test]
    fn the_index_of_a_pareto_sample_is_found() {
        for alpha in [1.5, 3.0] {
            let found = hill(&pareto(alpha), 25).unwrap();
            assert_eq!(found.largest, 500);
            assert!((found.alpha - alpha).abs() < found.error, "{found:?}");
            assert!(hill_plateau(&pareto(alpha)).unwrap() < 1.05);
        }
    }

    #[test]
    fn zeros_count_as_sample_but_not_as_tail() {
        let mut sample = pareto(3.0);
        sample.extend(vec![0.0; 20_000]);
        assert_eq!(hill(&sample, 25).unwrap().largest, 1_000);
    }

    #[test]
    fn tails_of_ties_have_no_index() {
        assert_eq!(hill(&[2.0; 1000], 25), None);
        assert_eq!(hill(&[0.0; 1000], 25), None);
        assert_eq!(hill(&[], 25), None);
    }
}
