//! The law of order sizes.

use super::{BoundError, normal_below, number};

/// Chances of order sizes of 1, 2, 3 … lots.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeLaw {
    /// The chance of `index + 1` lots; they add up to 1.
    chances: Vec<f64>,
}

impl SizeLaw {
    /// The largest order that a law may have, in lots.
    pub const LOTS_MAX: usize = 1000;

    /// The law that is in proportion to these weights of 1, 2, 3 … lots.
    ///
    /// # Errors
    /// [`BoundError::Largest`] for none or more than [`Self::LOTS_MAX`]; [`BoundError::Sizes`] for
    /// weights below 0, infinite or no numbers, and for a sum of 0.
    pub fn new(weights: &[f64]) -> Result<Self, BoundError> {
        if weights.is_empty() || Self::LOTS_MAX < weights.len() {
            return Err(BoundError::Largest(weights.len()));
        }
        let sum: f64 = weights.iter().sum();
        let are_weights = weights.iter().all(|weight| 0.0 <= *weight);
        if !(are_weights && 0.0 < sum && sum.is_finite()) {
            return Err(BoundError::Sizes(weights.len()));
        }
        Ok(Self { chances: weights.iter().map(|weight| weight / sum).collect() })
    }

    /// The law of a normal number without its fraction, at least 1 and at most `max`: what the
    /// published noise traders draw their sizes from.
    ///
    /// * `mean`, `deviation` - of the normal number, in lots.
    ///
    /// # Errors
    /// [`BoundError::Size`] for a mean that is not finite and a deviation that is not above 0;
    /// [`BoundError::Largest`].
    pub fn truncated_normal(mean: f64, deviation: f64, max: usize) -> Result<Self, BoundError> {
        if !mean.is_finite() {
            return Err(BoundError::Size(mean));
        }
        if !(0.0 < deviation && deviation.is_finite()) {
            return Err(BoundError::Size(deviation));
        }
        if max == 0 || Self::LOTS_MAX < max {
            return Err(BoundError::Largest(max));
        }
        let standard = |lots: usize| (lots_of(lots) - mean) / deviation;
        let chance = |lots: usize| {
            // Of two equal differences the one without cancellation.
            let (from, to) = (standard(lots), standard(lots + 1));
            let is_below = from + to < 0.0;
            match (lots == 1, lots == max) {
                (true, true) => 1.0,
                (true, false) => normal_below(to),
                (false, true) => normal_below(-from),
                (false, false) if is_below => normal_below(to) - normal_below(from),
                (false, false) => normal_below(-from) - normal_below(-to),
            }
        };
        let weights: Vec<f64> = (1..=max).map(chance).collect();
        Self::new(&weights)
    }

    /// Sizes in lots with their chances, from 1 lot up.
    pub fn chances(&self) -> impl Iterator<Item = (u32, f64)> {
        (1..).zip(self.chances.iter().copied())
    }

    /// Mean size, in lots.
    pub fn mean(&self) -> f64 {
        self.chances().map(|(lots, chance)| f64::from(lots) * chance).sum()
    }

    /// Mean square of the size, in lots².
    pub fn square(&self) -> f64 {
        self.chances().map(|(lots, chance)| f64::from(lots) * f64::from(lots) * chance).sum()
    }

    /// The largest number of lots that divides every size that can happen.
    pub(super) fn unit(&self) -> u32 {
        let possible = self.chances().filter(|(_, chance)| 0.0 < *chance);
        possible.fold(0, |unit, (lots, _)| common_divisor(unit, lots)).max(1)
    }
}

fn lots_of(lots: usize) -> f64 {
    number::from_integer(i64::try_from(lots).unwrap_or(i64::MAX))
}

const fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
