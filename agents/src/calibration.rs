//! Drift and volatility of the fair value from daily closes.

use crate::config::{Config, ConfigError, Decimal};
use crate::number;

/// Mean and standard deviation of daily log-returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Mean of ln(close / close before).
    pub drift: f64,
    /// Standard deviation of it, over n − 1.
    pub volatility: f64,
}

/// Why closes give no calibration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// Fewer than [`CLOSES_MIN`].
    #[error("{closes} closes; a volatility takes at least {CLOSES_MIN}")]
    TooFew {
        /// How many there are.
        closes: usize,
    },
    /// The parameters that follow are outside their ranges.
    #[error("its drift or volatility cannot be simulated: {0}")]
    OutOfRange(ConfigError),
}

/// Fewest closes of a calibration: a month of days.
pub const CLOSES_MIN: usize = 20;

impl Calibration {
    /// Estimates both from closes, all above 0, in the order of time.
    ///
    /// # Errors
    /// [`CalibrationError::TooFew`].
    pub fn of(closes: &[f64]) -> Result<Self, CalibrationError> {
        if closes.len() < CLOSES_MIN {
            return Err(CalibrationError::TooFew { closes: closes.len() });
        }
        let returns: Vec<_> =
            closes.windows(2).map(|pair| libm::log(pair[1]) - libm::log(pair[0])).collect();
        let count = number::from_integer(i64::try_from(returns.len()).unwrap_or(i64::MAX));
        let drift = returns.iter().sum::<f64>() / count;
        let squares: f64 = returns.iter().map(|it| (it - drift) * (it - drift)).sum();
        Ok(Self { drift, volatility: libm::sqrt(squares / (count - 1.0)) })
    }

    /// Sets `fair.drift` and `fair.volatility`, in ticks a step at the price of the start: a day's
    /// drift falls to its steps in equal parts, its variance too.
    ///
    /// # Errors
    /// [`CalibrationError::OutOfRange`]; the configuration has not changed then.
    pub fn apply(&self, steps_per_day: u32, config: &mut Config) -> Result<(), CalibrationError> {
        let (price, steps) = (config.price.to_f64(), f64::from(steps_per_day));
        let decimal = |ticks: f64| Decimal::from_millionths(number::round(ticks * 1e6)).to_string();
        let mut changed = config.clone();
        let settings = [
            ("fair.drift", price * self.drift / steps),
            ("fair.volatility", price * self.volatility / libm::sqrt(steps)),
        ];
        for (key, ticks) in settings {
            changed.set(key, &decimal(ticks)).map_err(CalibrationError::OutOfRange)?;
        }
        *config = changed;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_of_known_returns_gives_them_back() {
        // Up 2 %, down 1 %, over and over: mean 0.005, deviation 0.015 · √(n / (n − 1)).
        let mut closes = vec![100.0];
        for day in 0..400 {
            let last = closes[day];
            closes.push(last * libm::exp(if day % 2 == 0 { 0.02 } else { -0.01 }));
        }
        let found = Calibration::of(&closes).unwrap_or(Calibration { drift: 0.0, volatility: 0.0 });
        assert!((found.drift - 0.005).abs() < 1e-12, "{found:?}");
        assert!((found.volatility - 0.015 * libm::sqrt(400.0 / 399.0)).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn a_day_is_spread_over_its_steps() {
        let Ok(mut config) = Config::preset("realistic") else { unreachable!("there is one") };
        let calibration = Calibration { drift: 0.01, volatility: 0.02 };
        assert_eq!(calibration.apply(100, &mut config), Ok(()));
        let parameters = config.parameters();
        assert_eq!(parameters["fair.drift"], "1");
        assert_eq!(parameters["fair.volatility"], "20");
    }

    #[test]
    fn too_few_or_too_wild_closes_are_refused() {
        assert_eq!(Calibration::of(&[1.0; 19]), Err(CalibrationError::TooFew { closes: 19 }));
        let Ok(mut config) = Config::preset("realistic") else { unreachable!("there is one") };
        let before = config.clone();
        let wild = Calibration { drift: 0.0, volatility: 5.0 };
        assert!(wild.apply(1, &mut config).is_err());
        assert_eq!(config, before);
    }
}
