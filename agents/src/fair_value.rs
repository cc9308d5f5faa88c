//! What the traded thing is worth: a random walk that only value agents see.

use crate::config::Config;
use crate::draws;
use crate::number;
use crate::streams::Stream;

/// A fair value is counted in 1/256 tick.
pub const FAIR_VALUE_PER_TICK: i64 = 256;

/// Name of its stream.
const STREAM: &str = "fair-value";

/// The walk of the fair value F, in 1/256 tick:
///
/// F ← max(floor, F + μ + κ·(F₀ − F) + σ·N₁ + \[u < λ\]·J·N₂)
///
/// with drift μ, volatility σ, reversion κ towards the start F₀, and jumps of rate λ and size J, each
/// addend rounded, the drift in sum over all steps. μ, κ, λ and J are 0 by default. One normal, one
/// uniform and one normal draw each step.
#[derive(Clone, Debug)]
pub struct FairValue {
    value: i64,
    start: i64,
    floor: i64,
    drift: f64,
    /// Steps so far.
    steps: i64,
    volatility: f64,
    reversion: f64,
    jump_rate: f64,
    jump_size: f64,
    stream: Stream,
}

impl FairValue {
    /// Largest value, in 1/256 tick: one integer of an action.
    const MAX: i64 = i32::MAX as i64;

    /// The walk at its start.
    pub(crate) fn new(config: &Config, seed: u64) -> Self {
        let per_tick = number::from_integer(FAIR_VALUE_PER_TICK);
        let start = config.price.whole() * FAIR_VALUE_PER_TICK;
        Self {
            value: start,
            start,
            floor: config.fair_floor.whole() * FAIR_VALUE_PER_TICK,
            drift: config.fair_drift.to_f64() * per_tick,
            steps: 0,
            volatility: config.fair_volatility.to_f64() * per_tick,
            reversion: config.fair_reversion.to_f64(),
            jump_rate: config.fair_jump_rate.to_f64(),
            jump_size: config.fair_jump_size.to_f64() * per_tick,
            stream: Stream::new(seed, STREAM),
        }
    }

    /// Goes on under other parameters, from its present value and to its old start.
    pub(crate) fn retune(&mut self, config: &Config) {
        *self = Self {
            value: self.value,
            start: self.start,
            steps: self.steps,
            stream: self.stream.clone(),
            ..Self::new(config, 0)
        };
    }

    /// Draws from another master seed from now on.
    pub(crate) fn reseed(&mut self, seed: u64) {
        self.stream = Stream::new(seed, STREAM);
    }

    /// The value now, in 1/256 tick.
    pub const fn value(&self) -> i64 {
        self.value
    }

    /// The value now, in ticks.
    pub(crate) fn ticks(&self) -> f64 {
        number::from_integer(self.value) / number::from_integer(FAIR_VALUE_PER_TICK)
    }

    /// One step of the walk.
    pub(crate) fn advance(&mut self) {
        let [diffusion, jump, jump_size] = self.stream.words();
        let gap = number::from_integer(self.start - self.value);
        let mut change = number::round(self.volatility * draws::normal(diffusion));
        change += number::round(self.reversion * gap);
        let drift = |steps| number::round(self.drift * number::from_integer(steps));
        change += drift(self.steps + 1) - drift(self.steps);
        self.steps += 1;
        if draws::happens(jump, self.jump_rate) {
            change += number::round(self.jump_size * draws::normal(jump_size));
        }
        self.set(self.value + change);
    }

    /// A shock from outside: the value times `factor`, plus so many ticks.
    pub(crate) fn shock(&mut self, factor: f64, ticks: f64) {
        let added = ticks * number::from_integer(FAIR_VALUE_PER_TICK);
        self.set(number::round(number::from_integer(self.value) * factor + added));
    }

    fn set(&mut self, value: i64) {
        self.value = value.clamp(self.floor, Self::MAX);
    }
}

#[cfg(test)]
mod tests;
