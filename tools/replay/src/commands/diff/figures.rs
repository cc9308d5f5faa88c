//! A few statistics of each log, over its own steps.

use std::io::Read;

use agents::stats::moments::{deviation, excess_kurtosis, mean};

use super::lockstep::Side;

/// What a log comes to in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    pub(super) trades: u64,
    /// Lots traded.
    pub(super) volume: u128,
    pub(super) orders: u64,
    pub(super) cancels: u64,
    /// Commands that were refused.
    pub(super) refused: u64,
    /// Ticks, over the samples with both sides.
    pub(super) mean_spread: Option<f64>,
    /// Of the last trade.
    pub(super) last_price: Option<u32>,
    /// Nanoseconds between samples.
    pub(super) interval: u64,
    pub(super) samples: usize,
    /// Standard deviation of logarithmic returns of the mid from sample to sample.
    pub(super) volatility: Option<f64>,
    pub(super) excess_kurtosis: Option<f64>,
    /// Largest fall of the mid below an earlier one, as a part of that.
    pub(super) drawdown: Option<f64>,
}

impl Figures {
    pub(super) fn of<R: Read>(side: &Side<R>) -> Self {
        let (tally, series) = (side.tally(), side.series());
        let returns = series.returns(1);
        Self {
            trades: tally.trades,
            volume: tally.volume,
            orders: tally.places,
            cancels: tally.cancelled,
            refused: tally.rejected,
            mean_spread: mean(&series.spreads_in_ticks()),
            last_price: side.engine().last_trade().map(kernel::Price::ticks),
            interval: series.interval,
            samples: series.mids.len(),
            volatility: deviation(&returns),
            excess_kurtosis: excess_kurtosis(&returns),
            drawdown: series.largest_drawdown(),
        }
    }

    /// Each figure as text, with its name.
    pub(super) fn rows(&self) -> [(&'static str, String); 10] {
        let none = || "none".to_owned();
        let real = |number: Option<f64>, digits: usize| {
            number.map_or_else(none, |number| format!("{number:.digits$}"))
        };
        let percent = |part: Option<f64>| real(part.map(|part| 100.0 * part), 4);
        [
            ("orders", self.orders.to_string()),
            ("trades", self.trades.to_string()),
            ("volume, lots", self.volume.to_string()),
            ("cancels", self.cancels.to_string()),
            ("refused commands", self.refused.to_string()),
            ("mean spread, ticks", real(self.mean_spread, 2)),
            ("last price", self.last_price.map_or_else(none, |price| price.to_string())),
            ("deviation of returns, %", percent(self.volatility)),
            ("excess kurtosis", real(self.excess_kurtosis, 2)),
            ("largest drawdown, %", percent(self.drawdown)),
        ]
    }
}
