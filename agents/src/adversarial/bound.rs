//! How well hidden a trader can be at best: the bound that no policy beats.
//!
//! A trader submits `lots` lots, all of them to buy, within an episode. Others send Poisson(`rate`)
//! orders a step, each of a random size, to buy or to sell with equal chances, whatever the trader
//! does. Then the net signed volume that is submitted in the episode is Q without the trader and
//! Q + `lots` with it, *whatever* its policy: who sees the flow sees that number, and tells the two
//! apart at least as well as that number does.
//!
//! * [`detectability`]: the bound with Q taken for normal, one formula;
//! * [`net_volume`]: the same with Q's exact distribution;
//! * [`camouflage`]: what a policy reaches that sends the others' kind of orders, `lots` lots of them
//!   on average. But for that, the best policy lies between this and the bound;
//! * [`lots_max`], [`orders_min`]: the bound solved for the trader and for the others.
//!
//! Derivations, and when none of it applies: `agents/ADVERSARIAL.md`. Accuracies are those of the
//! best guess when both cases are equally likely: 0.5 is a coin. Divergences are in nats.

mod compound;
mod fourier;
mod poisson;
mod sizes;
#[cfg(test)]
mod tests;

use core::f64::consts::{FRAC_1_SQRT_2, LN_2};

use self::compound::NetVolume;
use self::poisson::Poisson;
pub use self::sizes::SizeLaw;
use crate::draws::normal_quantile;
use crate::number;

/// Most orders that the others may send in an episode on average.
pub const ORDERS_MAX: f64 = 1e7;

/// Why there is no bound.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BoundError {
    /// Rate and steps give no number of orders within the range.
    #[error(
        "{rate} orders a step over {steps} steps; an episode has more than 0 orders of others on \
         average, and at most {ORDERS_MAX}"
    )]
    Orders {
        /// Orders a step.
        rate: f64,
        /// Steps of an episode.
        steps: u32,
    },
    /// A mean size, a mean square or a spread that no sizes have.
    #[error("{0} lots, or their square, as the size of an order; it is a finite number above 0")]
    Size(f64),
    /// A law of sizes without a size that can happen.
    #[error("no order size has a chance above 0, or one of {0} chances is negative or no number")]
    Sizes(usize),
    /// Larger sizes than a law may have.
    #[error("order sizes of up to {0} lots; a law has 1 to {max}", max = SizeLaw::LOTS_MAX)]
    Largest(usize),
    /// An accuracy that no bound has.
    #[error("an accuracy of {0}; it lies between 0.5 and 1, both excluded")]
    Accuracy(f64),
    /// The distribution of the net volume spreads over too many lots to be held.
    #[error(
        "the net volume spreads over {0} lots, more than {max}: take the normal approximation",
        max = NetVolume::CELLS_MAX
    )]
    TooWide(f64),
}

/// The bound in the normal approximation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detectability {
    /// d = N / (s·√(rT)): the trader's lots over the standard deviation of the others' net volume.
    pub shift: f64,
    /// Φ(d/2): the least accuracy of the best judge.
    pub accuracy: f64,
    /// d²/2, in nats: the least divergence of the flow with the trader from that without.
    pub divergence: f64,
}

/// How far apart two distributions are, with equal chances of both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Separation {
    /// Accuracy of the best guess: 1/2 + total variation / 2.
    pub accuracy: f64,
    /// Kullback–Leibler divergence of the case with the trader from that without, in nats;
    /// infinite where the former can be what the latter cannot.
    pub divergence: f64,
    /// Mutual information of case and observation in nats, 0 to ln 2: the Jensen–Shannon
    /// divergence.
    pub information: f64,
}

impl Separation {
    const NONE: Self = Self { accuracy: 0.5, divergence: 0.0, information: 0.0 };
    const FULL: Self = Self { accuracy: 1.0, divergence: f64::INFINITY, information: LN_2 };
}

/// Φ(x): the chance that a normal number of mean 0 and variance 1 is at most `x`.
pub fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The bound Φ(d/2), d = N / (s·√(rT)), in the normal approximation.
///
/// * `lots` - N, the lots that the trader submits in an episode, all on one side.
/// * `size_square` - s², the mean square of the others' order sizes, in lots².
/// * `rate` - r, the others' orders a step; `steps` - T, steps of an episode.
///
/// Cost: O(1).
///
/// # Errors
/// [`BoundError::Size`], [`BoundError::Orders`].
pub fn detectability(
    lots: u32,
    size_square: f64,
    rate: f64,
    steps: u32,
) -> Result<Detectability, BoundError> {
    let deviation = libm::sqrt(positive(size_square)? * orders(rate, steps)?);
    if deviation <= 0.0 {
        return Err(BoundError::Size(size_square));
    }
    let shift = f64::from(lots) / deviation;
    Ok(Detectability {
        shift,
        accuracy: normal_below(0.5 * shift),
        divergence: 0.5 * shift * shift,
    })
}

/// The bound with the exact distribution of the net volume: a compound Poisson law.
///
/// Accuracy: about 10 digits. The divergence comes out too small where likely values of the net
/// volume are, with the trader, more than 10^16 times rarer than their neighbours, as with sizes of
/// 10 lots and one in 10^16 of 1 lot.
///
/// Cost: O(W·(S + log W)) time and 24·W bytes, W = 2^k the lots over which the net volume spreads,
/// some 20 to 40 standard deviations of it, at most 2^22; S the largest size. For a million orders
/// of at most 10 lots W is 2^17 (0.05 s); at the limits of sizes and W together it takes 20 s.
///
/// # Errors
/// [`BoundError::Orders`], [`BoundError::TooWide`].
pub fn net_volume(
    lots: u32,
    sizes: &SizeLaw,
    rate: f64,
    steps: u32,
) -> Result<Separation, BoundError> {
    let orders = orders(rate, steps)?;
    let unit = sizes.unit();
    if lots == 0 {
        return Ok(Separation::NONE);
    }
    if !lots.is_multiple_of(unit) {
        return Ok(Separation::FULL);
    }
    NetVolume::new(sizes, unit, orders).shifted(lots / unit)
}

/// How visible a trader is who sends orders of the others' sizes and kinds at the times of a Poisson
/// process, `lots` lots on average: the best test looks at the number of buys alone, which is Poisson(rT/2) without
/// and Poisson(rT/2 + N/m) with the trader.
///
/// * `mean_size` - m, the mean of the sizes, in lots; the rest as in [`detectability`].
///
/// Accuracy: 10 digits. Cost: O(√(rT + N/m)) time and memory.
///
/// # Errors
/// [`BoundError::Size`], [`BoundError::Orders`].
pub fn camouflage(
    lots: u32,
    mean_size: f64,
    rate: f64,
    steps: u32,
) -> Result<Separation, BoundError> {
    let without = 0.5 * orders(rate, steps)?;
    let more = f64::from(lots) / positive(mean_size)?;
    if ORDERS_MAX < more {
        return Err(BoundError::Size(mean_size));
    }
    let with = without + more;
    let (p0, p1) = (Poisson::new(without), Poisson::new(with));
    let variation: f64 = p1.cells().map(|(n, p)| (p - p0.at(n)).max(0.0)).sum();
    let surprise = |p: f64, q: f64| if 0.0 < p { p * libm::log(2.0 * p / (p + q)) } else { 0.0 };
    let zero: f64 = p0.cells().map(|(n, p)| surprise(p, p1.at(n))).sum();
    let one: f64 = p1.cells().map(|(n, p)| surprise(p, p0.at(n))).sum();
    let divergence = with * (libm::log1p(more / without)) - more;
    Ok(Separation {
        accuracy: 0.5 + 0.5 * variation.min(1.0),
        divergence: divergence.max(0.0),
        information: (0.5 * (zero + one)).clamp(0.0, LN_2),
    })
}

/// The square-root law: the most lots that a trader can submit while the bound Φ(d/2) stays at
/// `accuracy`, 2·Φ⁻¹(accuracy)·s·√(rT). Not rounded.
///
/// # Errors
/// [`BoundError::Accuracy`], [`BoundError::Size`], [`BoundError::Orders`].
pub fn lots_max(accuracy: f64, size_square: f64, rate: f64, steps: u32) -> Result<f64, BoundError> {
    let deviation = libm::sqrt(positive(size_square)? * orders(rate, steps)?);
    Ok(shift_of(accuracy)? * deviation)
}

/// How many orders the others must send in an episode, so that the bound for `lots` lots is
/// `accuracy`: (N / (2·Φ⁻¹(accuracy)·s))². Not rounded.
///
/// # Errors
/// [`BoundError::Accuracy`], [`BoundError::Size`].
pub fn orders_min(accuracy: f64, lots: u32, size_square: f64) -> Result<f64, BoundError> {
    let root = f64::from(lots) / shift_of(accuracy)?;
    Ok(root * root / positive(size_square)?)
}

/// The shift d at which the best judge has this accuracy.
fn shift_of(accuracy: f64) -> Result<f64, BoundError> {
    let is_one = 0.5 < accuracy && accuracy < 1.0;
    is_one.then(|| 2.0 * normal_quantile(accuracy)).ok_or(BoundError::Accuracy(accuracy))
}

/// The others' orders in an episode, on average.
fn orders(rate: f64, steps: u32) -> Result<f64, BoundError> {
    let orders = rate * f64::from(steps);
    let is_one = (f64::MIN_POSITIVE..=ORDERS_MAX).contains(&orders);
    is_one.then_some(orders).ok_or(BoundError::Orders { rate, steps })
}

/// A size or its square.
fn positive(size: f64) -> Result<f64, BoundError> {
    let is_one = 0.0 < size && size.is_finite();
    is_one.then_some(size).ok_or(BoundError::Size(size))
}
