//! Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1), after clipping by the global norm.
//!
//! With g the gradient, c = min(1, `norm_max` / (‖g‖ + 10⁻⁶)) and ĝ = c g:
//!
//! * m ← β₁ m + (1 − β₁) ĝ, v ← β₂ v + (1 − β₂) ĝ²
//! * θ ← θ − (rate / (1 − β₁ᵗ)) m / (√v / √(1 − β₂ᵗ) + ε)
//!
//! which is what PyTorch computes, ε and clipping included. The bindings hide the state of
//! libtorch's own optimiser and have none of its fused ones; a step over plain memory is faster than
//! one over tensors, needs nobody to hand its state out, and rounds as IEEE 754 says on every
//! processor: f32 throughout, corrections and the norm in f64.

use crate::arrays::{ArrayError, Layout, NamedArray, digest, find, refuse_others};
use crate::nets::Mlp;

/// What does not change from step to step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// β₁: memory of the gradient.
    pub first: f64,
    /// β₂: memory of its square.
    pub second: f64,
    /// ε: what a step is not divided by less than.
    pub epsilon: f64,
}

impl Moments {
    /// β₁ = 0.9, β₂ = 0.999 as published; ε = 10⁻⁵ as in PPO's first implementation (Huang et al.
    /// 2022, detail 3).
    pub const fn ppo() -> Self {
        Self { first: 0.9, second: 0.999, epsilon: 1e-5 }
    }
}

/// A gradient that is infinite or not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gradient of `{array}` is not finite")]
pub struct GradientError {
    /// The array of parameters it belongs to.
    pub array: String,
}

/// The optimiser of one network.
#[derive(Clone, Debug)]
pub struct Adam {
    moments: Moments,
    layout: Layout,
    /// t: steps that were made.
    steps: u64,
    /// m.
    first: Vec<f32>,
    /// v.
    second: Vec<f32>,
    /// g.
    gradient: Vec<f32>,
}

/// The number of steps as four digits of 16 bits, the lowest first: exact in f32.
const STEPS: &str = "steps";
const STEPS_SHAPE: [i64; 1] = [4];

impl Adam {
    /// One for the parameters of a network.
    pub fn new(net: &Mlp, moments: Moments) -> Self {
        let layout = net.layout().clone();
        let zeros = vec![0.0; layout.len()];
        Self {
            moments,
            layout,
            steps: 0,
            first: zeros.clone(),
            second: zeros.clone(),
            gradient: zeros,
        }
    }

    /// Steps that were made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Computes a loss's gradient and keeps it for [`Adam::step`]. Returns its norm.
    ///
    /// # Errors
    /// It is not finite; no step must be made then.
    pub(crate) fn differentiate(
        &mut self,
        net: &Mlp,
        loss: &tch::Tensor,
    ) -> Result<f64, GradientError> {
        net.gradient(loss, &mut self.gradient);
        let norm = norm(&self.gradient);
        if norm.is_finite() {
            return Ok(norm);
        }
        let place = self.gradient.iter().position(|number| !number.is_finite());
        let array = place.map_or("", |place| self.layout.name_at(place)).to_owned();
        Err(GradientError { array })
    }

    /// Changes the network by the gradient that was computed.
    ///
    /// * `rate` - how far; the learning rate.
    /// * `norm_max` - longer gradients are shortened to this.
    /// * `norm` - of the gradient.
    pub(crate) fn step(&mut self, net: &mut Mlp, rate: f64, norm_max: f64, norm: f64) {
        self.steps = self.steps.saturating_add(1);
        let steps = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let Moments { first, second, epsilon } = self.moments;
        let factors = Factors {
            clip: narrow((norm_max / (norm + 1e-6)).min(1.0)),
            first: narrow(1.0 - first),
            second: narrow(second),
            second_rest: narrow(1.0 - second),
            root: narrow(libm::sqrt(1.0 - power(second, steps))),
            epsilon: narrow(epsilon),
            rate: narrow(rate / (1.0 - power(first, steps))),
        };
        net.change(|values| {
            factors.apply(values, &self.gradient, &mut self.first, &mut self.second);
        });
    }

    /// The state: `first.actor.0.weight` and so on, then `second.…`, then `steps`.
    pub fn export(&self) -> Vec<NamedArray> {
        let mut arrays = self.layout.export("first.", &self.first);
        arrays.extend(self.layout.export("second.", &self.second));
        let digits = self.steps.to_le_bytes();
        let digits = digits.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
        let digits = digits.map(|pair| f32::from(u16::from_le_bytes(pair))).collect();
        arrays.push((STEPS.to_owned(), STEPS_SHAPE.to_vec(), digits));
        arrays
    }

    /// Takes the state that [`Adam::export`] gave, in any order.
    ///
    /// # Errors
    /// It is of another architecture, or damaged; nothing was changed then.
    pub fn import(&mut self, arrays: &[NamedArray]) -> Result<(), ArrayError> {
        let first = self.layout.import("first.", arrays, f32::is_finite)?;
        let is_square = |value: f32| value.is_finite() && 0.0 <= value;
        let second = self.layout.import("second.", arrays, is_square)?;
        let is_digit = |value: f32| digit(value).is_some();
        let digits = find(STEPS, &STEPS_SHAPE, arrays, is_digit)?;
        let known: Vec<String> = self.export().into_iter().map(|(name, ..)| name).collect();
        refuse_others(&known, arrays)?;
        let digits = digits.iter().rev().filter_map(|&value| digit(value));
        self.steps = digits.fold(0, |steps, digit| steps << 16 | u64::from(digit));
        (self.first, self.second) = (first, second);
        Ok(())
    }

    /// The digest of [`Adam::export`].
    pub fn digest(&self) -> [u8; 32] {
        digest(&self.export())
    }
}

/// A digit of 16 bits.
fn digit(value: f32) -> Option<u16> {
    let is_whole = (0.0..=65_535.0).contains(&value) && value.fract() == 0.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at first")]
    is_whole.then_some(value as u16)
}

/// What one step multiplies with.
#[derive(Clone, Copy, Debug)]
struct Factors {
    clip: f32,
    first: f32,
    second: f32,
    second_rest: f32,
    root: f32,
    epsilon: f32,
    rate: f32,
}

impl Factors {
    /// All numbers of a network, one like the other: the compiler takes several at once.
    fn apply(self, values: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
        let moments = first.iter_mut().zip(second);
        for ((value, &gradient), (first, second)) in values.iter_mut().zip(gradient).zip(moments) {
            let gradient = gradient * self.clip;
            *first += self.first * (gradient - *first);
            *second = self.second * *second + self.second_rest * (gradient * gradient);
            *value -= self.rate * (*first / (second.sqrt() / self.root + self.epsilon));
        }
    }
}

/// Euclidean norm; in f64 and eight sums side by side, which the compiler takes at once.
fn norm(numbers: &[f32]) -> f64 {
    let mut sums = [0.0_f64; 8];
    let chunks = numbers.chunks_exact(sums.len());
    let rest = chunks.remainder();
    for chunk in chunks {
        for (sum, &number) in sums.iter_mut().zip(chunk) {
            *sum += f64::from(number) * f64::from(number);
        }
    }
    for (sum, &number) in sums.iter_mut().zip(rest) {
        *sum += f64::from(number) * f64::from(number);
    }
    libm::sqrt(sums.iter().sum())
}

/// base to the power of a whole exponent.
fn power(base: f64, exponent: i32) -> f64 {
    libm::pow(base, f64::from(exponent))
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest f32 is meant")]
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests;
