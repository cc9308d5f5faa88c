//! Published keys that cannot all hold.

use super::{Fault, LayersError, Resolved};

/// A rule between two keys: whether their values hold together, and the rule in words.
type Rule = (&'static str, &'static str, fn(u64, u64) -> bool, &'static str);

const RULES: &[Rule] = &[
    (
        "training.minibatch_size",
        "training.rollout_length",
        |size, length| size <= length,
        "a minibatch is drawn from a rollout",
    ),
    (
        "agents.market_maker.min_quote_size_lots",
        "agents.market_maker.max_quote_size_lots",
        |min, max| min <= max,
        "the smallest quote is no larger than the largest",
    ),
    (
        "networks.belief_transformer.n_heads",
        "networks.belief_transformer.d_model",
        |heads, model| heads != 0 && model % heads == 0,
        "heads divide the model's width evenly",
    ),
];

impl Resolved {
    /// Looks for published keys that contradict each other, when one of them was given.
    pub(super) fn check_published(&self) -> Result<(), LayersError> {
        for (key, other, holds, why) in RULES {
            let (Some(one), Some(two)) = (self.published.get(key), self.published.get(other))
            else {
                continue;
            };
            let (Ok(small), Ok(large)) = (one.text.parse(), two.text.parse()) else { continue };
            if (one.rank == 0 && two.rank == 0) || holds(small, large) {
                continue;
            }
            // The one that was given last is the one to change.
            let is_first = two.rank <= one.rank;
            let (at, beside) = if is_first { (one, two) } else { (two, one) };
            let (key, other) = if is_first { (*key, *other) } else { (*other, *key) };
            let (value, bound) = (at.text.clone(), beside.text.clone());
            let what = Fault::Contradiction { key, value, other, bound, why };
            return Err(LayersError::new(at.origin.clone(), what));
        }
        Ok(())
    }
}
