//! What a judge is worth, from its log odds on examples that it has not seen.

use core::f64::consts::LN_2;

use super::JudgeError;
use crate::adversarial::belief::logistic;
use crate::stats::reals::count;
use crate::stats::wilson;

/// Scores of a judge on balanced examples. Sums run in the order of the examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Examples.
    pub examples: usize,
    /// Share of right answers; log odds of 0 are half right.
    pub accuracy: f64,
    /// Wilson's 95 % interval of it.
    pub interval: (f64, f64),
    /// Mean −ln of the chance given to what was the case, in nats.
    pub cross_entropy: f64,
    /// ln 2 − cross-entropy, in nats: on average at most the mutual information of flow and trader;
    /// below 0 for a judge worse than a coin.
    pub information: f64,
    /// Donsker and Varadhan's E₁\[logit\] − ln E₀\[exp logit\], in nats: with many examples at most the
    /// Kullback–Leibler divergence of flows with a trader from those without. Cannot exceed the
    /// largest log odds by much, and with n examples tells no more than some ln n.
    pub divergence: f64,
    /// Brier's score: mean (chance − 1 or 0)².
    pub brier: f64,
}

impl Judgement {
    /// Scores log odds ln(p/(1 − p)) of a trader, each with whether there was one: as many of both.
    ///
    /// Cost: O(n). Source of the divergence: Donsker and Varadhan, Communications on Pure and Applied
    /// Mathematics 36 (1983) 183–212.
    ///
    /// # Errors
    /// [`JudgeError::Unbalanced`]; [`JudgeError::Value`] for log odds that are no finite number, with
    /// the place of the example.
    pub fn of(logits: &[(f64, bool)]) -> Result<Self, JudgeError> {
        let of = |wanted: bool| logits.iter().filter(move |(_, is)| *is == wanted).map(|it| it.0);
        let (zeros, ones) = (of(false).count(), of(true).count());
        if zeros != ones || ones == 0 {
            return Err(JudgeError::Unbalanced { ones, zeros });
        }
        let wrong = logits.iter().enumerate().find(|(_, (logit, _))| !logit.is_finite());
        if let Some((index, (value, _))) = wrong {
            return Err(JudgeError::Value { index, value: *value });
        }
        let n = count(logits.len());
        let mean = |score: &dyn Fn(f64, bool) -> f64| {
            logits.iter().map(|(logit, is)| score(*logit, *is)).sum::<f64>() / n
        };
        let hits: f64 = logits.iter().map(|(logit, is)| hit(*logit, *is)).sum();
        let cross_entropy = mean(&surprise);
        let largest = of(false).fold(f64::NEG_INFINITY, f64::max);
        let powers: f64 = of(false).map(|logit| libm::exp(logit - largest)).sum();
        let log_mean = largest + libm::log(powers / count(zeros));
        Ok(Self {
            examples: logits.len(),
            accuracy: hits / n,
            interval: wilson(hits, logits.len()),
            cross_entropy,
            information: LN_2 - cross_entropy,
            divergence: of(true).sum::<f64>() / count(ones) - log_mean,
            brier: mean(&|logit, is| {
                // The chance of what was not the case.
                let miss = logistic(if is { -logit } else { logit });
                miss * miss
            }),
        })
    }
}

/// How right a score is whose sign answers.
pub(super) fn hit(score: f64, label: bool) -> f64 {
    if score < 0.0 {
        f64::from(u8::from(!label))
    } else if 0.0 < score {
        f64::from(u8::from(label))
    } else {
        0.5
    }
}

/// −ln of the chance that log odds give to a label: ln(1 + exp ∓logit), without overflow.
pub(super) fn surprise(logit: f64, label: bool) -> f64 {
    let against = if label { -logit } else { logit };
    against.max(0.0) + libm::log1p(libm::exp(-against.abs()))
}
