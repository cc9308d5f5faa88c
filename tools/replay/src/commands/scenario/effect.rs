//! Effects that are paired by seed: mean, interval and two tests.

use super::student;

/// What differences came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Effect {
    /// How many pairs.
    pub(super) pairs: usize,
    pub(super) mean: f64,
    /// Standard deviation of the differences, over n − 1.
    pub(super) deviation: f64,
    /// 95 % interval of the mean, by Student's distribution.
    pub(super) low: f64,
    pub(super) high: f64,
    /// p of the paired t-test, two-sided.
    pub(super) p_t: f64,
    /// p of Wilcoxon's signed ranks, two-sided: exact up to [`EXACT_MAX`] differences other than 0.
    pub(super) p_ranks: f64,
}

/// Most differences whose rank sums are counted out.
const EXACT_MAX: usize = 200;

/// A number of things as a float.
#[expect(clippy::cast_precision_loss, reason = "no list holds 2^53 things")]
pub(super) const fn real(things: usize) -> f64 {
    things as f64
}

/// The mean; `None` of nothing.
pub(super) fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / real(numbers.len()))
}

/// The effect that differences tell; `None` for fewer than two.
pub(super) fn effect(differences: &[f64]) -> Option<Effect> {
    let pairs = differences.len();
    let mean = mean(differences).filter(|_| 2 <= pairs)?;
    let squares: f64 = differences.iter().map(|it| (it - mean) * (it - mean)).sum();
    let freedom = real(pairs) - 1.0;
    let deviation = libm::sqrt(squares / freedom);
    let error = deviation / libm::sqrt(real(pairs));
    let reach = student::quantile(0.05, freedom) * error;
    // Differences that are all the same leave no doubt, or no difference.
    let p_t = if 0.0 < error {
        student::two_sided(mean / error, freedom)
    } else {
        f64::from(u8::from(mean == 0.0))
    };
    Some(Effect {
        pairs,
        mean,
        deviation,
        low: mean - reach,
        high: mean + reach,
        p_t,
        p_ranks: wilcoxon(differences),
    })
}

/// Wilcoxon's test of signed ranks: differences of 0 are dropped, equal sizes share their ranks.
fn wilcoxon(differences: &[f64]) -> f64 {
    let ranks = Ranks::of(differences);
    if ranks.doubled.len() <= EXACT_MAX { ranks.exact() } else { ranks.normal() }
}

/// Ranks of the sizes of differences, each twice over, so that a shared one is whole.
struct Ranks {
    doubled: Vec<usize>,
    /// Sum of those of the positive differences.
    positive: usize,
    /// Sum of t³ − t over groups of t equal sizes.
    ties: f64,
}

impl Ranks {
    fn of(differences: &[f64]) -> Self {
        let mut sorted: Vec<f64> = differences.iter().copied().filter(|it| *it != 0.0).collect();
        sorted.sort_by(|one, other| one.abs().total_cmp(&other.abs()));
        let mut ranks = Self { doubled: Vec::new(), positive: 0, ties: 0.0 };
        for group in sorted.chunk_by(|one, other| one.abs().total_cmp(&other.abs()).is_eq()) {
            // Ranks first + 1 to first + t have the mean first + (t + 1) / 2.
            let rank = 2 * ranks.doubled.len() + group.len() + 1;
            ranks.doubled.extend(group.iter().map(|_| rank));
            ranks.positive += rank * group.iter().filter(|it| 0.0 < **it).count();
            let t = real(group.len());
            ranks.ties += t * t * t - t;
        }
        ranks
    }

    /// Counts out the rank sums of all signs.
    fn exact(&self) -> f64 {
        let sum: usize = self.doubled.iter().sum();
        // Probability of each sum of positive ranks.
        let mut chance = vec![0.0; sum + 1];
        chance[0] = 1.0;
        for rank in &self.doubled {
            for at in (0..=sum).rev() {
                let with = if *rank <= at { chance[at - rank] } else { 0.0 };
                chance[at] = 0.5 * (chance[at] + with);
            }
        }
        let distance = (2 * self.positive).abs_diff(sum);
        let is_as_far = |at: &usize| distance <= (2 * at).abs_diff(sum);
        (0..=sum).filter(is_as_far).map(|at| chance[at]).sum::<f64>().min(1.0)
    }

    /// The normal approximation.
    fn normal(&self) -> f64 {
        let n = real(self.doubled.len());
        let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - self.ties / 48.0;
        let centre = n * (n + 1.0) / 4.0;
        let z = (0.5 * real(self.positive) - centre) / libm::sqrt(variance);
        libm::erfc(z.abs() / core::f64::consts::SQRT_2)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ranks, effect, student};

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-10 * expected.abs(), "{found}, not {expected}");
    }

    /// The expected numbers here and below are `SciPy`'s, version 1.17.1.
    #[test]
    fn students_distribution() {
        near(student::two_sided(0.5, 4.0), 0.643_329_963_181_863_2);
        near(student::two_sided(2.093, 19.0), 0.050_002_378_942_827_98);
        near(student::two_sided(12.706, 1.0), 0.050_000_802_358_133_19);
        near(student::two_sided(3.3, 49.0), 0.001_807_307_921_866_354);
        near(student::two_sided(-1.0, 2.0), 0.422_649_730_810_374_2);
        near(student::two_sided(25.0, 19.0), 5.326_859_187_347_016e-16);
        for (freedom, quantile) in [
            (1.0, 12.706_204_736_174_694),
            (2.0, 4.302_652_729_749_462),
            (4.0, 2.776_445_105_197_793_4),
            (19.0, 2.093_024_054_408_308_7),
            (49.0, 2.009_575_237_129_239_2),
        ] {
            near(student::quantile(0.05, freedom), quantile);
        }
    }

    #[test]
    fn an_effect_has_an_interval_and_two_tests() {
        let found = effect(&[0.8, -1.3, 2.1, 0.4, 3.2, -0.6, 1.7, 2.9, -0.1, 1.1]).unwrap();
        assert_eq!(found.pairs, 10);
        near(found.mean, 1.02);
        near(found.deviation, 1.476_331_790_471_083_8);
        near(found.low, -0.036_104_141_817_526_08);
        near(found.high, 2.076_104_141_817_526);
        near(found.p_t, 0.056_726_923_236_186_23);
        near(found.p_ranks, 0.083_984_375);
    }

    #[test]
    fn equal_sizes_share_their_ranks_and_zeros_are_dropped() {
        let ties = [1.0, -1.0, 2.0, 2.0, -2.0, 3.0, 4.0, 0.0, 0.0, 5.0, -3.0, 6.0];
        near(effect(&ties).unwrap().p_ranks, 0.134_765_625);
        near(effect(&[-1.0; 20]).unwrap().p_ranks, 2.0 / 1_048_576.0);
        let nothing = effect(&[0.0; 5]).unwrap();
        assert_eq!((nothing.p_t, nothing.p_ranks), (1.0, 1.0));
        assert!(effect(&[-100.0; 5]).unwrap().p_t < 1e-300);
        assert_eq!(effect(&[1.0]), None);
    }

    #[test]
    fn many_differences_are_tested_by_approximation() {
        let many: Vec<f64> = (0..80).map(|it| f64::from((it * 37) % 101 - 38)).collect();
        let ranks = Ranks::of(&many);
        near(ranks.normal(), 0.001_235_916_027_810_347_2);
        near(ranks.exact(), 0.001_044_610_457_839_969_6);
    }
}
