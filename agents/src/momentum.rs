//! The momentum trader: buys what rises and sells what falls.
//!
//! Trader j = 0, 1, …: with the mid m at the end of the last step and a moving
//! average of n = horizon·(1 + ½j) steps, its signal is s = m − average. With probability `act` it
//! looks:
//!
//! * its threshold is θ = threshold·(1 + ¼j)·σ^power + tax, with volatility σ;
//! * if |s| > θ it trades with the trend, ⌊min(`size_max`, size + gain·(|s| − θ)) + ½⌋ lots within
//!   its inventory limit, at once or not at all, at the mid ± collar at worst;
//! * else, if it holds something and |s| < exit·θ, with probability `exit_act` it unwinds up to
//!   `size` lots in the same way.
//!
//! Action: the order's price, its lots (negative for a sale).
//!
//! Heterogeneous horizons and thresholds are those of chartists in Chiarella and Iori (2002) and
//! Ghoulmie, Cont and Nadal (2005).

use kernel::Side;

use crate::agent::{Sight, Turn};
use crate::config::Config;
use crate::draws;
use crate::learned::MomentumChoice;
use crate::market::Market;
use crate::number;

/// One momentum trader and what it remembers.
#[derive(Clone, Debug)]
pub(crate) struct Momentum {
    rule: Rule,
    average: f64,
    trend: f64,
    act: u64,
    exit: u64,
}

#[derive(Clone, Copy, Debug)]
struct Rule {
    act: f64,
    horizon: f64,
    threshold: f64,
    volatility_power: f64,
    size: f64,
    gain: f64,
    size_max: f64,
    inventory_max: i64,
    exit: f64,
    exit_act: f64,
    collar: f64,
}

impl Momentum {
    pub(crate) fn new(config: &Config, index: u32) -> Self {
        let grown = |spread: f64| 1.0 + spread * f64::from(index);
        let rule = Rule {
            act: config.momentum_act.to_f64(),
            horizon: config.momentum_horizon.to_f64()
                * grown(config.momentum_horizon_spread.to_f64()),
            threshold: config.momentum_threshold.to_f64()
                * grown(config.momentum_threshold_spread.to_f64()),
            volatility_power: config.momentum_volatility_power.to_f64(),
            size: config.momentum_size.to_f64(),
            gain: config.momentum_gain.to_f64(),
            size_max: config.momentum_size_max.to_f64(),
            inventory_max: config.momentum_inventory_max.whole(),
            exit: config.momentum_exit.to_f64(),
            exit_act: config.momentum_exit_act.to_f64(),
            collar: config.momentum_collar.to_f64(),
        };
        let average = number::from_integer(config.price.whole());
        Self { rule, average, trend: 0.0, act: 0, exit: 0 }
    }

    /// Goes on under other parameters.
    pub(crate) fn retune(&mut self, config: &Config, index: u32) {
        self.rule = Self::new(config, index).rule;
    }

    /// Most lots that it holds, long or short.
    pub(crate) const fn inventory_max(&self) -> i64 {
        self.rule.inventory_max
    }

    /// Takes the step's draws and remembers what the last step was like.
    pub(crate) fn begin(&mut self, market: &Market, [act, exit]: [u64; 2]) {
        (self.act, self.exit) = (act, exit);
        let mid = market.closing_mid();
        self.average += (mid - self.average) / self.rule.horizon;
        self.trend = mid - self.average;
    }

    /// Whether it looks at the market in this step.
    pub(crate) fn acts(&self) -> bool {
        draws::happens(self.act, self.rule.act)
    }

    /// Follows the trend, or unwinds.
    pub(crate) fn decide(&self, sight: &Sight<'_>, turn: &mut Turn) {
        let rule = &self.rule;
        let threshold = self.threshold(sight);
        let strength = self.trend.abs();
        let (side, lots) = if threshold < strength {
            let lots = rule.size_max.min(rule.size + rule.gain * (strength - threshold));
            let side = if 0.0 < self.trend { Side::Buy } else { Side::Sell };
            (side, sight.within(side, number::round(lots), rule.inventory_max))
        } else if sight.inventory != 0
            && strength < rule.exit * threshold
            && draws::happens(self.exit, rule.exit_act)
        {
            let side = if sight.inventory < 0 { Side::Buy } else { Side::Sell };
            let lots = number::round(rule.size).min(sight.inventory.abs());
            (side, sight.within(side, lots, rule.inventory_max))
        } else {
            return;
        };
        if 0 < lots {
            let order = sight.immediate(side, lots, rule.collar);
            turn.act([order.price, order.signed_lots()]);
            turn.place(sight.engine, &order);
        }
    }

    /// The mid less its average, at the end of the last step, in ticks.
    pub(crate) const fn trend(&self) -> f64 {
        self.trend
    }

    /// Does what a policy has chosen, as far as its limit allows.
    pub(crate) fn decide_as(&self, choice: MomentumChoice, sight: &Sight<'_>, turn: &mut Turn) {
        let unwinding = if sight.inventory < 0 { Side::Buy } else { Side::Sell };
        let (side, lots) = match choice {
            MomentumChoice::Hold => return,
            MomentumChoice::Buy(lots) => (Side::Buy, lots),
            MomentumChoice::Sell(lots) => (Side::Sell, lots),
            MomentumChoice::Unwind(lots) => (unwinding, lots.min(sight.inventory.abs())),
        };
        let lots = sight.within(side, lots, self.rule.inventory_max);
        turn.place(sight.engine, &sight.immediate(side, lots, self.rule.collar));
    }

    fn threshold(&self, sight: &Sight<'_>) -> f64 {
        let scale = libm::pow(sight.market.volatility(), self.rule.volatility_power);
        self.rule.threshold * scale + sight.tax()
    }
}

#[cfg(test)]
mod tests;
