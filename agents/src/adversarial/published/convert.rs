//! From the units of the published system to native ones.

use crate::adversarial::{Setting, Takes};
use crate::config::Decimal;

/// The key of the size of a tick, in the currency of prices.
pub const TICK_SIZE: &str = "environment.tick_size";
/// The key of an episode's length.
pub(super) const STEPS: &str = "environment.max_steps_per_episode";

/// Basis points per nat of leakage that a published weight of 1 is.
///
/// The published reward counts the shortfall of a share of the order in the currency; scaled so that
/// its range of weights, 0 to 2, covers the same range of behaviour, 1 there is 8 basis points here.
pub const LEAKAGE_SCALE: i64 = 8;

/// Share of its distance from the mean that the published fundamental loses in an episode: a constant
/// of the release, which no key sets.
const REVERSION: f64 = 0.1;

/// How the value of a published key becomes that of a native setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// As it is.
    Same,
    /// Orders a step, as they are.
    Orders,
    /// A price in the currency, in ticks.
    Ticks,
    /// A weight of information, in basis points per nat: × [`LEAKAGE_SCALE`].
    Leakage,
    /// A deviation in the currency over an episode, in ticks over a step.
    TicksAStep,
    /// The reversion that goes with it: 0.1 over an episode.
    Reversion,
}

/// A value that becomes no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has more than twelve digits before the point or six behind it, in its unit or in ours")]
pub struct ConvertError;

impl Becomes {
    /// The keys whose values the conversion needs besides.
    pub const fn scales(self) -> &'static [&'static str] {
        match self {
            Self::Same | Self::Orders | Self::Leakage => &[],
            Self::Ticks => &[TICK_SIZE],
            Self::TicksAStep => &[TICK_SIZE, STEPS],
            Self::Reversion => &[STEPS],
        }
    }

    /// The conversion in words; empty for none.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Orders => "orders a step; noise.rate_rule=release for rate / steps x 10",
            Self::Ticks => "/ tick_size",
            Self::Leakage => "x 8 bps per nat",
            Self::TicksAStep => "/ tick_size / sqrt(max_steps_per_episode)",
            Self::Reversion => "0.1 / max_steps_per_episode",
        }
    }

    /// The text of the native setting.
    ///
    /// * `text` - canonical text of the published key;
    /// * `native` - the setting that it becomes;
    /// * `scale` - canonical texts of the keys that [`Becomes::scales`] names.
    ///
    /// # Errors
    /// [`ConvertError`]. Whether the setting takes the value is not looked at.
    pub fn convert<'a>(
        self,
        text: &'a str,
        native: &Setting,
        scale: impl Fn(&str) -> &'a str,
    ) -> Result<String, ConvertError> {
        let Takes::Number { .. } = native.takes else { return Ok(text.to_owned()) };
        let decimal = |text: &str| Decimal::parse(text).ok_or(ConvertError);
        let value = decimal(text)?;
        let result = match self {
            Self::Same | Self::Orders => value,
            Self::Ticks => quotient(value, decimal(scale(TICK_SIZE))?)?,
            Self::Leakage => {
                let scaled = value.millionths().checked_mul(LEAKAGE_SCALE).ok_or(ConvertError)?;
                Decimal::from_millionths(scaled)
            }
            Self::TicksAStep => {
                let ticks = value.to_f64() / decimal(scale(TICK_SIZE))?.to_f64();
                nearest(ticks / libm::sqrt(decimal(scale(STEPS))?.to_f64()))?
            }
            Self::Reversion => nearest(REVERSION / decimal(scale(STEPS))?.to_f64())?,
        };
        Ok(result.to_string())
    }
}

/// The quotient of two decimals to the nearest millionth.
fn quotient(one: Decimal, other: Decimal) -> Result<Decimal, ConvertError> {
    let (one, other) = (i128::from(one.millionths()), i128::from(other.millionths()));
    if other <= 0 {
        return Err(ConvertError);
    }
    let scaled = 2 * one * 1_000_000 + other;
    let nearest = scaled.div_euclid(2 * other);
    i64::try_from(nearest).map(Decimal::from_millionths).map_err(|_| ConvertError)
}

/// The decimal that is nearest to a number.
fn nearest(number: f64) -> Result<Decimal, ConvertError> {
    const MILLIONTHS_MAX: f64 = 1e15;
    let millionths = number * 1e6;
    let is_within = (-MILLIONTHS_MAX..=MILLIONTHS_MAX).contains(&millionths);
    is_within
        .then(|| Decimal::from_millionths(crate::number::round(millionths)))
        .ok_or(ConvertError)
}
