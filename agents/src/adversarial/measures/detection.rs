//! How well those who see the flow tell the two types apart.

use std::cmp::Ordering;

use super::sample::{Row, Sample};
use super::sequence::WIDTH;
use crate::adversarial::bound::{
    self, Detectability, Separation, SizeLaw, camouflage, detectability, net_volume,
};
use crate::adversarial::calibration::Forecasts;
use crate::adversarial::judge::{Examples, JudgeError, Judgement, Logistic, PENALTY, Ridge};
use crate::adversarial::law::Law;
use crate::adversarial::settings::{Mode, Settings};
use crate::number;
use crate::stats::reals::count;
use crate::stats::wilson;

/// An accuracy with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// Share of right answers.
    pub accuracy: f64,
    /// Wilson's interval of it.
    pub interval: (f64, f64),
    /// Episodes that were judged.
    pub episodes: usize,
}

impl Guess {
    fn of(hits: f64, episodes: usize) -> Option<Self> {
        (0 < episodes).then(|| Self {
            accuracy: hits / count(episodes),
            interval: wilson(hits, episodes),
            episodes,
        })
    }
}

/// What a judge that says how likely a trader is was worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgeScore {
    /// How often it was right.
    pub guess: Guess,
    /// ln 2 − cross-entropy, in nats: at most the mutual information of type and flow, on average.
    pub information: f64,
    /// Donsker and Varadhan's bound of the divergence of the flows, in nats.
    pub divergence: f64,
    /// Brier's score.
    pub brier: f64,
}

/// What the belief that the log holds was worth.
#[derive(Clone, Debug, PartialEq)]
pub struct BeliefScore {
    /// Of the belief at the end.
    pub last: Guess,
    /// Of it: calibration curve, Brier's score and its parts.
    pub forecasts: Forecasts,
    /// Share of all steps at which it was right.
    pub accuracy_over_time: f64,
    /// Brier's score over all steps.
    pub brier_over_time: f64,
}

/// How well the types are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Episodes of each type that judges learnt from.
    pub trained: usize,
    /// Ridge regression on sequences.
    pub ridge: Option<Guess>,
    /// Logistic regression on sequences.
    pub logistic: Option<JudgeScore>,
    /// Whoever says `informed` where the net lots of the flow are more than half the parent order; over
    /// all episodes.
    pub net_half: Option<Guess>,
    /// Whoever does so beyond the threshold that was best in the half that judges learn from.
    pub net_best: Option<Guess>,
    /// That threshold, in lots.
    pub net_threshold: Option<f64>,
    /// The belief that the log holds; `None` if it never moved.
    pub belief: Option<BeliefScore>,
}

impl Detection {
    /// Judges two samples, of type z = 0 and z = 1, whose parent order has so many lots.
    ///
    /// Cost: that of [`Ridge::fit`] and [`Logistic::fit`] on as many rows of [`WIDTH`] numbers as there
    /// are episodes. A judge that cannot be fitted, as to fewer than two episodes of a type, is `None`.
    pub fn of(zero: &Sample, one: &Sample, lots: i64) -> Self {
        let each = zero.len().min(one.len());
        let trained = each / 2;
        let mut sets = [Examples::new(WIDTH), Examples::new(WIDTH)];
        for (sample, label) in [(zero, false), (one, true)] {
            for (place, row) in sample.sequences.iter().take(each).enumerate() {
                let [training, test] = &mut sets;
                let set = if place < trained { training } else { test };
                // As wide as the set, and finite.
                let _ = set.push(row, label);
            }
        }
        let [training, test] = sets;
        let (zeros, ones) = (nets(zero, each), nets(one, each));
        let threshold = best_threshold(
            zeros.get(..trained).unwrap_or_default(),
            ones.get(..trained).unwrap_or_default(),
        );
        let tested = |nets: &[f64]| nets.get(trained..).unwrap_or_default().to_vec();
        let half = number::from_integer(lots) * 0.5;
        Self {
            trained,
            ridge: ridge(&training, &test).ok(),
            logistic: logistic(&training, &test).ok(),
            net_half: beyond(&zeros, &ones, half),
            net_best: threshold.and_then(|it| beyond(&tested(&zeros), &tested(&ones), it)),
            net_threshold: threshold,
            belief: BeliefScore::of(zero, one, each),
        }
    }
}

/// The penalties that are tried: few examples want more of it.
const PENALTIES: [f64; 3] = [PENALTY, 30.0 * PENALTY, 1000.0 * PENALTY];

fn ridge(training: &Examples, test: &Examples) -> Result<Guess, JudgeError> {
    let penalty = best_penalty(training, |some, others, penalty| {
        Ok(Ridge::fit(some, penalty)?.accuracy(others)?.0)
    });
    let (accuracy, interval) = Ridge::fit(training, penalty)?.accuracy(test)?;
    Ok(Guess { accuracy, interval, episodes: test.len() })
}

fn logistic(training: &Examples, test: &Examples) -> Result<JudgeScore, JudgeError> {
    let penalty = best_penalty(training, |some, others, penalty| {
        Ok(-Logistic::fit(some, penalty)?.judge(others)?.cross_entropy)
    });
    let Judgement { examples, accuracy, interval, information, divergence, brier, .. } =
        Logistic::fit(training, penalty)?.judge(test)?;
    let guess = Guess { accuracy, interval, episodes: examples };
    Ok(JudgeScore { guess, information, divergence, brier })
}

/// The penalty under which a judge of five sixths of the examples does best on the others; the smallest
/// of several.
fn best_penalty(
    training: &Examples,
    score: impl Fn(&Examples, &Examples, f64) -> Result<f64, JudgeError>,
) -> f64 {
    let last = training.len() / 2 * 5 / 6;
    let mut sets = [Examples::new(training.width()), Examples::new(training.width())];
    let mut seen = [0; 2];
    for (row, label) in training.rows() {
        let seen = &mut seen[usize::from(label)];
        let set = &mut sets[usize::from(last <= *seen)];
        *seen += 1;
        // As wide as the set, and finite.
        let _ = set.push(row, label);
    }
    let [some, others] = sets;
    let mut best = (f64::NEG_INFINITY, PENALTY);
    for penalty in PENALTIES {
        if let Ok(score) = score(&some, &others, penalty)
            && best.0 < score
        {
            best = (score, penalty);
        }
    }
    best.1
}

fn nets(sample: &Sample, each: usize) -> Vec<f64> {
    sample.episodes.iter().take(each).map(|row| row.net).collect()
}

/// Whoever says `informed` beyond a threshold; on it, half right.
fn beyond(zeros: &[f64], ones: &[f64], threshold: f64) -> Option<Guess> {
    let right = |net: f64, is_one: bool| match net.total_cmp(&threshold) {
        Ordering::Less => f64::from(u8::from(!is_one)),
        Ordering::Equal => 0.5,
        Ordering::Greater => f64::from(u8::from(is_one)),
    };
    let hits = zeros.iter().map(|net| right(*net, false)).sum::<f64>()
        + ones.iter().map(|net| right(*net, true)).sum::<f64>();
    Guess::of(hits, zeros.len() + ones.len())
}

/// The threshold, between two numbers that came, beyond which most are of type z = 1; the smallest of
/// several.
fn best_threshold(zeros: &[f64], ones: &[f64]) -> Option<f64> {
    let mut all: Vec<_> = zeros.iter().map(|net| (*net, -1_i64)).collect();
    all.extend(ones.iter().map(|net| (*net, 1)));
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut best = (0, all.first()?.0 - 0.5);
    let mut below = 0;
    for (place, (net, sign)) in all.iter().enumerate() {
        below -= sign;
        let next = all.get(place + 1).map_or(net + 1.0, |next| next.0);
        if *net < next && best.0 < below {
            best = (below, 0.5 * (net + next));
        }
    }
    Some(best.1)
}

impl BeliefScore {
    fn of(zero: &Sample, one: &Sample, each: usize) -> Option<Self> {
        let rows = || {
            let zeros = zero.episodes.iter().take(each).map(|row| (row, false));
            zeros.chain(one.episodes.iter().take(each).map(|row| (row, true)))
        };
        let beliefs: Vec<(f64, bool)> =
            rows().filter_map(|(row, label)| Some((row.belief?, label))).collect();
        let (first, _) = *beliefs.first()?;
        if beliefs.iter().all(|(belief, _)| belief.to_bits() == first.to_bits()) {
            return None;
        }
        let forecasts = Forecasts::of(&beliefs).ok()?;
        let sum = |of: fn(&Row) -> f64| rows().map(|(row, _)| of(row)).sum::<f64>();
        let steps = sum(|row| row.steps);
        Some(Self {
            last: Guess::of(forecasts.accuracy * count(beliefs.len()), beliefs.len())?,
            forecasts,
            accuracy_over_time: sum(|row| row.right) / steps,
            brier_over_time: sum(|row| row.brier) / steps,
        })
    }
}

/// What no trader that asks for its whole parent order escapes, where type z = 0 has no parent order
/// to buy.
///
/// Exact for noise whose side does not lean on prices; indicative for other noise. Where type z = 0
/// trades on both sides, its lots count as noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Φ(d/2).
    pub normal: Option<Detectability>,
    /// By the exact law of the net volume.
    pub exact: Option<Separation>,
    /// What a trader reaches that sends noise's kind of orders: the least that is known to be possible.
    pub camouflage: Option<Separation>,
}

impl Bounds {
    /// Those of a market; `None` where type z = 0 buys as much.
    ///
    /// Cost: that of [`net_volume`].
    pub fn of(settings: &Settings) -> Option<Self> {
        let law = Law::new(settings);
        let (mean, square) = (law.mean_lots(), law.mean_square());
        let lots = u32::try_from(settings.lots()).unwrap_or(u32::MAX);
        let steps = u32::try_from(settings.steps()).unwrap_or(u32::MAX);
        let more = match settings.mode() {
            Mode::Uninformed => return None,
            Mode::Silent => 0.0,
            Mode::Noise => f64::from(lots) / (mean * f64::from(steps)),
        };
        let rate = settings.noise_orders() + more;
        let sizes = sizes(settings).ok();
        Some(Self {
            normal: detectability(lots, square, rate, steps).ok(),
            exact: sizes.and_then(|sizes| net_volume(lots, &sizes, rate, steps).ok()),
            camouflage: camouflage(lots, mean, rate, steps).ok(),
        })
    }
}

/// The law of the noise's sizes.
fn sizes(settings: &Settings) -> Result<SizeLaw, bound::BoundError> {
    let max = usize::try_from(settings.noise_size_max.whole()).unwrap_or(usize::MAX);
    let (mean, deviation) = (settings.noise_size_mean.to_f64(), settings.noise_size_sd.to_f64());
    if 0.0 < deviation {
        return SizeLaw::truncated_normal(mean, deviation, max);
    }
    let lots = usize::try_from(number::floor(mean)).unwrap_or(0).clamp(1, max.max(1));
    let mut weights = vec![0.0; lots.min(SizeLaw::LOTS_MAX)];
    if let Some(last) = weights.last_mut() {
        *last = 1.0;
    }
    SizeLaw::new(&weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_threshold_parts_most() {
        assert_eq!(best_threshold(&[1.0, 2.0, 3.0], &[5.0, 6.0, 2.0]), Some(4.0));
        assert_eq!(best_threshold(&[5.0], &[1.0]), Some(0.5), "all are of type z = 1, or none");
        assert_eq!(best_threshold(&[1.0], &[1.0]), Some(0.5));
        assert_eq!(best_threshold(&[0.0, 0.0], &[]), Some(1.0).map(|it| it - 0.5));
        assert_eq!(best_threshold(&[], &[]), None);
    }

    #[test]
    fn a_guess_on_the_threshold_is_half_right() {
        let guess = beyond(&[0.0, 10.0], &[10.0, 11.0], 10.0).unwrap();
        assert_eq!((guess.accuracy, guess.episodes), (0.75, 4));
        assert!(guess.interval.0 < 0.75 && 0.75 < guess.interval.1);
        assert_eq!(beyond(&[], &[], 0.0), None);
    }

    /// The bounds of LEARNING: 20 lots in 50 steps against one order a step.
    #[test]
    fn bounds_are_those_of_the_settings() {
        let mut settings = Settings::preset("default").unwrap();
        assert_eq!(Bounds::of(&settings), None, "the uninformed buyer buys as much");
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.001, "{found}");
        settings.set("type.mode", "silent").unwrap();
        let silent = Bounds::of(&settings).unwrap();
        near(silent.normal.unwrap().accuracy, 0.604);
        near(silent.exact.unwrap().accuracy, 0.604);
        near(silent.camouflage.unwrap().accuracy, 0.649);
        settings.set("type.mode", "noise").unwrap();
        near(Bounds::of(&settings).unwrap().normal.unwrap().accuracy, 0.600);
        // Constant sizes of 5 lots, of which 20 are 4.
        settings.set_all([("noise.size_sd", "0"), ("noise.size_mean", "5.5")]).unwrap();
        settings.set("type.mode", "silent").unwrap();
        let exact = Bounds::of(&settings).unwrap().exact.unwrap();
        assert!(0.55 < exact.accuracy && exact.accuracy < 0.75, "{exact:?}");
        settings.set("trader.lots", "21").unwrap();
        let exact = Bounds::of(&settings).unwrap().exact.unwrap();
        assert!(1.0 <= exact.accuracy, "no multiple of 5: {exact:?}");
    }
}
