//! What everybody sees of the market: followed step by step, in integers with a unit.

use kernel::{Engine, Side};

use crate::config::Config;
use crate::number;

/// Prices in features are counted in 1/256 tick.
pub const PER_TICK: i64 = 256;

/// Lengths, in steps, of the moving averages among the features.
pub const HORIZONS: [i64; 3] = [5, 20, 100];

/// The common features at the end of a step. Nobody's rule reads anything else of the past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarketFeatures {
    /// Twice the mid, so bid plus ask, in ticks.
    pub mid_half_ticks: i64,
    /// Change of the mid in the step, in half ticks.
    pub change_half_ticks: i64,
    /// The mid less its moving averages over 5, 20 and 100 steps, in 1/256 tick. An average over n
    /// steps moves by 1/n of its distance from the mid each step.
    pub trends: [i32; 3],
    /// Moving average of |change of the mid|, in 1/256 tick.
    pub volatility: i32,
    /// Lots that takers bought less lots that takers sold in the step.
    pub flow: i32,
    /// Lots traded in the step.
    pub volume: i32,
}

/// Follows a market for the agents in it.
///
/// The mid is half of the best bid plus the best ask. While a side is empty, or the spread is wider
/// than the cap, it stays where it was.
#[derive(Clone, Debug)]
pub struct Market {
    features: MarketFeatures,
    /// Twice the mid as of the last look.
    mid_half_ticks: i64,
    averages: [f64; 3],
    volatility: f64,
    volatility_decay: f64,
    spread_cap: i64,
    bought: i64,
    sold: i64,
}

impl Market {
    pub(crate) fn new(config: &Config) -> Self {
        let mid_half_ticks = 2 * config.price.whole();
        Self {
            features: MarketFeatures { mid_half_ticks, ..MarketFeatures::default() },
            mid_half_ticks,
            averages: [number::from_integer(config.price.whole()); 3],
            volatility: 0.0,
            volatility_decay: config.volatility_decay.to_f64(),
            spread_cap: config.spread_cap.whole(),
            bought: 0,
            sold: 0,
        }
    }

    /// Goes on under other parameters.
    pub(crate) fn retune(&mut self, config: &Config) {
        let Self { volatility_decay, spread_cap, .. } = Self::new(config);
        (self.volatility_decay, self.spread_cap) = (volatility_decay, spread_cap);
    }

    /// The features at the end of the last step.
    pub const fn features(&self) -> &MarketFeatures {
        &self.features
    }

    /// The mid of this moment, in ticks.
    pub(crate) fn mid(&self) -> f64 {
        number::from_integer(self.mid_half_ticks) * 0.5
    }

    /// The mid at the end of the last step, in ticks.
    pub(crate) fn closing_mid(&self) -> f64 {
        number::from_integer(self.features.mid_half_ticks) * 0.5
    }

    /// The volatility at the end of the last step, in ticks.
    pub(crate) fn volatility(&self) -> f64 {
        f64::from(self.features.volatility) / number::from_integer(PER_TICK)
    }

    /// The mid between these prices, in ticks; that of this moment if it is not a sound one.
    pub(crate) fn mid_between(&self, bid: Option<i64>, ask: Option<i64>) -> f64 {
        match (bid, ask) {
            (Some(bid), Some(ask)) if ask - bid <= self.spread_cap => {
                number::from_integer(bid + ask) * 0.5
            }
            (Some(_) | None, Some(_) | None) => self.mid(),
        }
    }

    /// A price in ticks less the mid of this moment, as a feature.
    pub(crate) fn gap(&self, ticks: f64) -> i32 {
        fixed(ticks - self.mid())
    }

    /// Looks at the best prices.
    pub(crate) fn look(&mut self, engine: &Engine) {
        if let (Some(bid), Some(ask)) = (engine.best(Side::Buy), engine.best(Side::Sell)) {
            let (bid, ask) = (i64::from(bid.ticks()), i64::from(ask.ticks()));
            if ask - bid <= self.spread_cap {
                self.mid_half_ticks = bid + ask;
            }
        }
    }

    /// Counts the trades of a command.
    pub(crate) fn count(&mut self, side: Side, lots: i64) {
        match side {
            Side::Buy => self.bought += lots,
            Side::Sell => self.sold += lots,
        }
    }

    /// Ends a step.
    pub(crate) fn close(&mut self, engine: &Engine) {
        self.look(engine);
        let change = self.mid_half_ticks - self.features.mid_half_ticks;
        let size = number::from_integer(change.abs()) * 0.5;
        self.volatility += (1.0 - self.volatility_decay) * (size - self.volatility);
        let mid = self.mid();
        let mut trends = [0; 3];
        for ((average, horizon), trend) in self.averages.iter_mut().zip(HORIZONS).zip(&mut trends) {
            *average += (mid - *average) / number::from_integer(horizon);
            *trend = fixed(mid - *average);
        }
        self.features = MarketFeatures {
            mid_half_ticks: self.mid_half_ticks,
            change_half_ticks: change,
            trends,
            volatility: fixed(self.volatility),
            flow: number::narrow(self.bought - self.sold),
            volume: number::narrow(self.bought + self.sold),
        };
        (self.bought, self.sold) = (0, 0);
    }
}

/// Ticks as a feature.
pub(crate) fn fixed(ticks: f64) -> i32 {
    number::narrow(number::round(ticks * number::from_integer(PER_TICK)))
}

#[cfg(test)]
mod tests;
