//! Times between events, and how long orders live.

use super::correlation::line;
use super::moments::mean;
use super::reals::{count, real};

/// A Weibull distribution fitted by maximum likelihood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    /// Shape κ: below 1 for events that come in bursts, 1 for a Poisson process.
    pub shape: f64,
    /// Akaike's criterion of the exponential distribution less that of the Weibull distribution:
    /// positive where the Weibull distribution describes the gaps better.
    pub preferred: f64,
    /// Positive gaps that it is from.
    pub gaps: usize,
}

/// Steps of the search at the most; Newton's are about five.
const STEPS_MAX: u32 = 200;

/// Shapes that are looked for.
const SHAPES: (f64, f64) = (0.01, 100.0);

/// Fits positive gaps; `None` for fewer than two different ones. Gaps of 0 are left out: no
/// continuous distribution has ties.
///
/// Cost: O(n) for each step of a Newton search for κ between 0.01 and 100, about five.
pub fn weibull(gaps: &[f64]) -> Option<Weibull> {
    let positive = gaps.iter().copied().filter(|gap| 0.0 < *gap);
    let logs: Vec<f64> = positive.map(libm::log).collect();
    let centre = mean(&logs)?;
    // Logarithms less their mean keep the powers of κ within range.
    let logs: Vec<f64> = logs.iter().map(|log| log - centre).collect();
    let power_sum = |shape: f64| logs.iter().map(|log| libm::exp(shape * log)).sum::<f64>();
    let shape = likeliest_shape(&logs)?;
    // Log-likelihoods for each gap; both scales are those of the maximum.
    let n = count(logs.len());
    let scale_log = libm::log(power_sum(shape) / n);
    let fitted = libm::log(shape) - scale_log - 1.0;
    let exponential = -libm::log(power_sum(1.0) / n) - 1.0;
    // Σ ln x is Σ of centred logarithms, 0, in both.
    let preferred = 2.0 * n * (fitted - exponential) - 2.0;
    Some(Weibull { shape, preferred, gaps: logs.len() })
}

/// The κ at which Σ l·e^κl / Σ e^κl = 1/κ for centred logarithms l: Newton's steps, halvings of the
/// range where those leave it. The left side less the right rises with κ.
fn likeliest_shape(logs: &[f64]) -> Option<f64> {
    let (mut low, mut high) = SHAPES;
    // A Weibull variable's logarithm has the variance π²/6κ².
    let squares: f64 = logs.iter().map(|log| log * log).sum();
    let spread = libm::sqrt(6.0 * squares / count(logs.len())) / core::f64::consts::PI;
    let mut shape = if 0.0 < spread { (1.0 / spread).clamp(low, high) } else { 1.0 };
    for _ in 0..STEPS_MAX {
        let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
        for log in logs {
            let power = libm::exp(shape * log);
            sum += power;
            first += log * power;
            second += log * log * power;
        }
        let tilt = first / sum;
        let excess = tilt - 1.0 / shape;
        let end = if excess < 0.0 { &mut low } else { &mut high };
        *end = shape;
        let slope = second / sum - tilt * tilt + 1.0 / (shape * shape);
        let newton = shape - excess / slope;
        let next = if low < newton && newton < high { newton } else { f64::midpoint(low, high) };
        let moved = (next - shape).abs();
        shape = next;
        // The next step would move by the square of this.
        if moved <= 1e-8 * shape {
            break;
        }
    }
    (2.0 * SHAPES.0 < shape && 2.0 * shape < SHAPES.1).then_some(shape)
}

/// How long orders of a market live, in whole intervals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifetimes {
    /// Orders filled after i intervals.
    pub filled: Vec<u64>,
    /// Orders cancelled or expired after i intervals.
    pub cancelled: Vec<u64>,
    /// Orders still alive after i intervals when the log ended.
    pub alive: Vec<u64>,
}

/// Whole intervals up to which ages are told apart; the last stands for all beyond.
const AGES: usize = 4096;

/// Counts one more of this age.
pub(crate) fn count_age(counts: &mut Vec<u64>, age: u64) {
    let index = usize::try_from(age).unwrap_or(AGES).min(AGES - 1);
    if counts.len() <= index {
        counts.resize(index + 1, 0);
    }
    if let Some(counter) = counts.get_mut(index) {
        *counter += 1;
    }
}

/// Which end of an order's life is looked at; the other ends censor it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Filled.
    Fill,
    /// Cancelled or expired.
    Cancel,
}

impl Lifetimes {
    /// Kaplan and Meier's estimate of the share of orders that this end has not met after
    /// 0, 1, 2 … whole intervals; other ends of the same interval come after it.
    ///
    /// Source: Journal of the American Statistical Association 53 (1958) 457–481.
    pub fn survival(&self, end: End) -> Vec<f64> {
        let len = self.filled.len().max(self.cancelled.len()).max(self.alive.len());
        let at = |list: &[u64], age: usize| list.get(age).copied().unwrap_or(0);
        let all = |age| at(&self.filled, age) + at(&self.cancelled, age) + at(&self.alive, age);
        let mut at_risk: u64 = (0..len).map(all).sum();
        let mut share = 1.0;
        let mut shares = Vec::with_capacity(len);
        for age in 0..len {
            let met = match end {
                End::Fill => at(&self.filled, age),
                End::Cancel => at(&self.cancelled, age),
            };
            if 0 < at_risk {
                share *= 1.0 - ratio(met, at_risk);
            }
            shares.push(share);
            at_risk -= all(age);
        }
        shares
    }

    /// How many orders ended.
    pub fn ended(&self) -> u64 {
        self.filled.iter().chain(&self.cancelled).sum()
    }

    /// Exponent of the power law through the hazard of an end over ages 1..=`age_max` in whole
    /// intervals: −1.5 and the like; `None` for fewer than three ages at which it happened.
    pub fn exponent(&self, end: End, age_max: usize) -> Option<f64> {
        let ends = match end {
            End::Fill => &self.filled,
            End::Cancel => &self.cancelled,
        };
        let ages = ends.iter().enumerate().skip(1).take(age_max).filter(|(_, ends)| 0 < **ends);
        let logs = |(age, ends): (usize, &u64)| (libm::log(count(age)), libm::log(ratio(*ends, 1)));
        let (x, y): (Vec<f64>, Vec<f64>) = ages.map(logs).unzip();
        line(&x, &y).filter(|line| 3 <= line.points).map(|line| line.slope)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    let float = |number: u64| real(i64::try_from(number).unwrap_or(i64::MAX));
    float(part) / float(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_weibull_samples_are_found() {
        for shape in [0.4, 1.0, 2.5] {
            let gaps: Vec<f64> = (0..5_000)
                .map(|i| libm::pow(-libm::log((f64::from(i) + 0.5) / 5_000.0), 1.0 / shape) * 1e9)
                .collect();
            let found = weibull(&gaps).unwrap();
            assert!((found.shape / shape - 1.0).abs() < 0.01, "{found:?}");
            assert_eq!(0.0 < found.preferred, (shape - 1.0_f64).abs() > 0.1, "{found:?}");
        }
    }

    #[test]
    fn gaps_without_variety_have_no_shape() {
        assert_eq!(weibull(&[3.0, 3.0, 3.0]), None);
        assert_eq!(weibull(&[0.0, 0.0]), None);
        assert_eq!(weibull(&[]), None);
        assert_eq!(weibull(&[0.0, 1.0, 2.0]).unwrap().gaps, 2);
    }

    #[test]
    fn censored_orders_leave_the_risk_set_and_count_for_nothing_else() {
        // Age 0: 1 of 10 filled, 4 cancelled. Age 1: 1 of 5 filled. Age 2: 4 alive.
        let lives = Lifetimes { filled: vec![1, 1], cancelled: vec![4], alive: vec![0, 0, 4] };
        let fills = lives.survival(End::Fill);
        let expected = [0.9, 0.9 * 0.8, 0.9 * 0.8];
        for (found, expected) in fills.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15);
        }
        assert_eq!(lives.survival(End::Cancel), [0.6, 0.6, 0.6]);
        assert_eq!(lives.ended(), 6);
        assert_eq!(Lifetimes::default().survival(End::Fill), []);
    }

    #[test]
    fn power_law_lifetimes_have_their_exponent() {
        let filled = (0..50_u64).map(|age| 36_000_000 / (age.max(1) * age.max(1))).collect();
        let lives = Lifetimes { filled, ..Lifetimes::default() };
        assert!((lives.exponent(End::Fill, 20).unwrap() + 2.0).abs() < 1e-4);
        assert_eq!(lives.exponent(End::Cancel, 20), None);
    }
}
