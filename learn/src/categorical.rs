//! Actions of independent parts, each drawn from its own categorical distribution.
//!
//! The logits of all heads stand side by side. With l the logits of one head and M the choices that
//! a mask allows, log π(i) = lᵢ − ln Σ_{j∈M} exp lⱼ for i in M. An action's log-probability and
//! entropy are sums over heads (Huang et al. 2022, "The 37 Implementation Details of PPO", details
//! on `MultiDiscrete`); masked choices have probability 0 and no gradient (Huang and Ontañón 2022,
//! arXiv:2006.14171).
//!
//! Drawing happens outside libtorch, in f64 and with `libm`: an index depends on logits and one
//! random word only.

use agents::draws;
use tch::{Kind, Tensor};

/// The logit of a masked choice, as in Huang and Ontañón 2022: so low that its probability is 0 and
/// finite, so that 0 times its logarithm is 0.
const MASKED: f64 = -1e8;

/// A choice of one head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Which one.
    pub index: usize,
    /// log π(index).
    pub log_probability: f64,
}

/// Logits that nothing can be drawn from.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// There are none, or the mask allows none.
    #[error("there is nothing to choose from: {choices} choices, none allowed")]
    Nothing {
        /// How many there are.
        choices: usize,
    },
    /// The mask is not as long as the logits.
    #[error("the mask has {mask} places, and there are {choices} choices")]
    Mask {
        /// Places of the mask.
        mask: usize,
        /// How many choices there are.
        choices: usize,
    },
    /// An allowed logit is infinite or not a number.
    #[error("the logit of choice {index} is {logit}")]
    Logit {
        /// Which one.
        index: usize,
        /// The logit.
        logit: f32,
    },
}

/// Draws one head's choice: the first i with u · Σ w < w₀ + … + wᵢ, where w = exp(l − max l) and u
/// stands for the word as in [`agents::draws::uniform`].
///
/// * `mask` - which choices are allowed; all of them if there is none.
/// * `word` - a random word, all of the randomness there is.
///
/// Cost: two exponentials a choice.
///
/// # Errors
/// Nothing is allowed, the mask is of another length, or an allowed logit is not finite.
pub fn choose(logits: &[f32], mask: Option<&[bool]>, word: u64) -> Result<Choice, ChoiceError> {
    let choices = logits.len();
    if let Some(mask) = mask.map(<[bool]>::len).filter(|&mask| mask != choices) {
        return Err(ChoiceError::Mask { mask, choices });
    }
    let is_allowed = |index: usize| mask.and_then(|mask| mask.get(index)).copied().unwrap_or(true);
    let allowed = || logits.iter().enumerate().filter(|&(index, _)| is_allowed(index));
    let mut highest = f64::NEG_INFINITY;
    for (index, &logit) in allowed() {
        if !logit.is_finite() {
            return Err(ChoiceError::Logit { index, logit });
        }
        highest = highest.max(f64::from(logit));
    }
    let weight = |logit: f32| libm::exp(f64::from(logit) - highest);
    let total: f64 = allowed().map(|(_, &logit)| weight(logit)).sum();
    let threshold = draws::uniform(word) * total;
    let (mut below, mut chosen) = (0.0, None);
    for (index, &logit) in allowed() {
        let weight = weight(logit);
        // A choice whose weight vanishes beside the sum is never the last one to be taken.
        if 0.0 < weight {
            chosen = Some((index, logit));
        }
        below += weight;
        if threshold < below {
            break;
        }
    }
    let Some((index, logit)) = chosen else { return Err(ChoiceError::Nothing { choices }) };
    let log_probability = f64::from(logit) - highest - libm::log(total);
    Ok(Choice { index, log_probability })
}

/// What a batch of actions has under a policy.
#[derive(Debug)]
pub struct Evaluation {
    /// log π of each action, \[N\].
    pub log_probabilities: Tensor,
    /// Entropy of each distribution, in nats, \[N\].
    pub entropies: Tensor,
}

/// Log-probabilities of actions, and entropies; differentiable by the logits.
///
/// * `logits` - \[N, sum of heads\] f32, finite.
/// * `masks` - \[N, sum of heads\] bool, true where a choice is allowed; each head has one.
/// * `actions` - \[N, heads\] i64, indices within each head.
/// * `heads` - choices of each head.
pub fn evaluate(
    logits: &Tensor,
    masks: Option<&Tensor>,
    actions: &Tensor,
    heads: &[usize],
) -> Evaluation {
    let mut sums: Option<(Tensor, Tensor)> = None;
    for (place, logs) in (0..).zip(log_probabilities(logits, masks, heads)) {
        let chosen = logs.gather(1, &actions.narrow(1, place, 1), false).squeeze_dim(1);
        let entropy = -(logs.exp() * &logs).sum_dim_intlist([1_i64].as_slice(), false, Kind::Float);
        sums = Some(match sums {
            None => (chosen, entropy),
            Some((log_probabilities, entropies)) => {
                (log_probabilities + chosen, entropies + entropy)
            }
        });
    }
    let none = || {
        Tensor::zeros([logits.size().first().copied().unwrap_or(0)], (Kind::Float, logits.device()))
    };
    let (log_probabilities, entropies) = sums.unwrap_or_else(|| (none(), none()));
    Evaluation { log_probabilities, entropies }
}

/// log π of every choice, \[N, choices\] for each head; about −10⁸ where a choice is masked.
pub fn log_probabilities(logits: &Tensor, masks: Option<&Tensor>, heads: &[usize]) -> Vec<Tensor> {
    let masked = masks.map(|masks| logits.masked_fill(&masks.logical_not(), MASKED));
    let logits = masked.as_ref().unwrap_or(logits);
    let sizes: Vec<i64> = heads.iter().map(|&size| crate::arrays::dimension(size)).collect();
    let heads = logits.split_with_sizes(sizes, 1);
    heads.iter().map(|head| head.log_softmax(1, Kind::Float)).collect()
}

#[cfg(test)]
mod tests;
