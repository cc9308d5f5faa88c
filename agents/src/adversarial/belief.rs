//! A belief in closed form: the exact posterior of an observer who knows the others' law.
//!
//! Buys of others arrive at r/2 a step. With the trader there come ρ = N/(m·T) more, of the same
//! sizes, types and offsets, so that nothing but their number says anything, and each buy and each
//! step has a likelihood ratio of its own:
//!
//! ln L = buys·ln(1 + ρ/(r/2)) − ρ·steps, and the belief is logistic(prior + ln L).
//!
//! Exact for a trader who sends the others' kind of orders at random times; for another trader it is
//! a reference that looks at numbers alone. Its accuracy at the end is that of
//! [`camouflage`](super::bound::camouflage).

/// Why there is no such belief.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BeliefError {
    /// The others' rate, the mean size or the steps are not above 0.
    #[error("the {name} is {value}; it is a finite number above 0")]
    NotAbove0 {
        /// Of what.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// A prior of 0 or 1 learns nothing.
    #[error("a prior of {0}; it lies between 0 and 1, both excluded")]
    Prior(f64),
}

/// What the observer knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knowledge {
    /// N: lots that a trader buys in an episode.
    pub lots: u32,
    /// m: mean size of an order, in lots.
    pub mean_size: f64,
    /// r: the others' orders a step, both sides.
    pub rate: f64,
    /// T: steps of an episode.
    pub steps: u32,
    /// The chance of a trader before anything is seen.
    pub prior: f64,
}

/// The log odds of a trader, given the buys so far. Cost: O(1) for a buy and for a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    logit: f64,
    per_buy: f64,
    per_step: f64,
}

impl Belief {
    /// What the observer believes at the start of an episode.
    ///
    /// # Errors
    /// [`BeliefError`].
    pub fn new(known: &Knowledge) -> Result<Self, BeliefError> {
        let steps = f64::from(known.steps);
        for (name, value) in
            [("rate", known.rate), ("mean size", known.mean_size), ("steps", steps)]
        {
            if !(0.0 < value && value.is_finite()) {
                return Err(BeliefError::NotAbove0 { name, value });
            }
        }
        if !(0.0 < known.prior && known.prior < 1.0) {
            return Err(BeliefError::Prior(known.prior));
        }
        let more = f64::from(known.lots) / (known.mean_size * steps);
        let per_buy = libm::log1p(more / (0.5 * known.rate));
        let (name, value) = ("rate", known.rate);
        if !per_buy.is_finite() {
            return Err(BeliefError::NotAbove0 { name, value });
        }
        let logit = libm::log(known.prior) - libm::log1p(-known.prior);
        Ok(Self { logit, per_buy, per_step: -more })
    }

    /// A buy was seen.
    pub fn buy(&mut self) {
        self.logit += self.per_buy;
    }

    /// A step went by, whatever was seen in it.
    pub fn step(&mut self) {
        self.logit += self.per_step;
    }

    /// ln(b/(1 − b)), in nats.
    pub const fn logit(&self) -> f64 {
        self.logit
    }

    /// b: the chance that there is a trader.
    pub fn probability(&self) -> f64 {
        logistic(self.logit)
    }

    /// b with log odds of at most `logit_max` either way, for rewards that are to stay finite. What
    /// is believed does not change.
    pub fn clipped(&self, logit_max: f64) -> f64 {
        logistic(self.logit.max(-logit_max).min(logit_max))
    }
}

/// 1/(1 + exp(−x)), without overflow.
pub fn logistic(x: f64) -> f64 {
    let small = libm::exp(-x.abs());
    if x < 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) }
}

#[cfg(test)]
mod tests;
