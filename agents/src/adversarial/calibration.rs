//! Whether probabilities mean what they say: of forecasts with what then happened.

use crate::number;
use crate::stats::reals::count;

/// Bins of a reliability curve: tenths of the probability.
pub const BINS: usize = 10;

/// Why forecasts cannot be scored.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// There are none.
    #[error("no forecasts to score")]
    None,
    /// Something that is no probability.
    #[error("forecast {index} is {probability}; a probability is from 0 to 1")]
    NotAProbability {
        /// Its place, from 0.
        index: usize,
        /// What it says.
        probability: f64,
    },
}

/// One tenth of a reliability curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Forecasts in it.
    pub forecasts: usize,
    /// Their mean; 0 without any.
    pub said: f64,
    /// The share of them that came true; 0 without any.
    pub happened: f64,
}

/// What forecasts are worth.
///
/// The parts of Brier's score are those of Murphy, with forecasts of one bin taken for one: the score
/// is `reliability − resolution + uncertainty + within`. Sources: Murphy, Journal of Applied
/// Meteorology 12 (1973) 595–600; Stephenson, Coelho and Jolliffe, Weather and Forecasting 23 (2008)
/// 752–757 for the part within the bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasts {
    /// The curve: forecasts from 0 to 0.1, 0.1 to 0.2 …, lower ends included, the last with 1.
    pub curve: [Bin; BINS],
    /// Share of right guesses, where a forecast above 1/2 guesses that it happens and one below
    /// that it does not; one of 1/2 is half right.
    pub accuracy: f64,
    /// Brier's score: the mean of (forecast − 1 or 0)². A constant 1/2 has 0.25.
    pub brier: f64,
    /// The expected calibration error: the mean of |said − happened| over forecasts.
    pub calibration_error: f64,
    /// The mean of (said − happened)²: 0 for calibrated forecasts.
    pub reliability: f64,
    /// The mean of (happened − overall share)²: what the forecasts tell apart.
    pub resolution: f64,
    /// Overall share · (1 − overall share): Brier's score of the best constant.
    pub uncertainty: f64,
    /// What is left since forecasts of one bin differ: their variance less twice their covariance
    /// with what happened.
    pub within: f64,
}

impl Forecasts {
    /// Scores forecasts, each with whether it came true.
    ///
    /// Cost: O(forecasts).
    ///
    /// # Errors
    /// [`ForecastError`].
    pub fn of(forecasts: &[(f64, bool)]) -> Result<Self, ForecastError> {
        let wrong = forecasts.iter().position(|(said, _)| !(0.0..=1.0).contains(said));
        if let Some((index, (probability, _))) =
            wrong.and_then(|index| Some((index, *forecasts.get(index)?)))
        {
            return Err(ForecastError::NotAProbability { index, probability });
        }
        if forecasts.is_empty() {
            return Err(ForecastError::None);
        }
        let curve = curve(forecasts);
        let n = count(forecasts.len());
        let over = |of: &dyn Fn(f64, f64) -> f64| {
            forecasts.iter().map(|(said, is_true)| of(*said, one_if(*is_true))).sum::<f64>() / n
        };
        let share = over(&|_, happened| happened);
        let over_bins = |of: &dyn Fn(&Bin) -> f64| {
            curve.iter().map(|bin| count(bin.forecasts) * of(bin)).sum::<f64>() / n
        };
        let within = forecasts.iter().map(|(said, is_true)| {
            let bin = curve.get(place(*said)).copied().unwrap_or_default();
            let (said, happened) = (said - bin.said, one_if(*is_true) - bin.happened);
            said * (said - 2.0 * happened)
        });
        Ok(Self {
            accuracy: over(&right),
            brier: over(&|said, happened| (said - happened) * (said - happened)),
            calibration_error: over_bins(&|bin| (bin.said - bin.happened).abs()),
            reliability: over_bins(&|bin| (bin.said - bin.happened) * (bin.said - bin.happened)),
            resolution: over_bins(&|bin| (bin.happened - share) * (bin.happened - share)),
            uncertainty: share * (1.0 - share),
            within: within.sum::<f64>() / n,
            curve,
        })
    }
}

/// How right a forecast is.
fn right(said: f64, happened: f64) -> f64 {
    if said < 0.5 {
        1.0 - happened
    } else if 0.5 < said {
        happened
    } else {
        0.5
    }
}

fn one_if(is_true: bool) -> f64 {
    f64::from(u8::from(is_true))
}

/// The bin of a probability.
fn place(said: f64) -> usize {
    usize::try_from(number::floor(10.0 * said)).unwrap_or(0).min(BINS - 1)
}

fn curve(forecasts: &[(f64, bool)]) -> [Bin; BINS] {
    let mut curve = [Bin::default(); BINS];
    for (said, is_true) in forecasts {
        if let Some(bin) = curve.get_mut(place(*said)) {
            bin.forecasts += 1;
            bin.said += said;
            bin.happened += one_if(*is_true);
        }
    }
    for bin in &mut curve {
        let n = count(bin.forecasts.max(1));
        bin.said /= n;
        bin.happened /= n;
    }
    curve
}

#[cfg(test)]
mod tests;
