//! The value trader: buys below what it believes the fair value to be, and sells above it.
//!
//! Trader j = 0, 1, …: each step its knowledge e follows the fair value F with a delay, and its error
//! z wanders: e ← e + learning·(F − e), z ← decay·z + error·N. Its estimate is e + z. With
//! probability `act` it looks at the mid m, cancels its orders, and, with d = e + z − m and
//! θ = threshold·(1 + ½j) + tax,
//!
//! * if |d| > θ places ⌊min(`size_max`, size + gain·(|d| − θ)) + ½⌋ lots towards the estimate,
//!   within its inventory limit, for `life` steps. A buy is priced
//!   min(e + z − margin·θ, m + reach), a sale likewise from above: `reach` limits how fast its
//!   information enters the price;
//! * else places a bid and an ask at the estimate ± `backstop_distance`, until its next look.
//!
//! Action: of an order towards the estimate its price, its lots (negative for a sale) and its life
//! in steps; of backstops the bid, its lots, the ask, its lots; nothing when it only cancels.
//!
//! Fundamentalists that trade when mispricing exceeds a threshold: Chiarella and Iori (2002), Lux
//! and Marchesi (1999).

use kernel::Side;

use crate::agent::{Order, Sight, Turn};
use crate::config::Config;
use crate::draws;
use crate::fair_value::FairValue;
use crate::learned::ValueChoice;
use crate::number;

/// One value trader and what it remembers.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    rule: Rule,
    knowledge: f64,
    error: f64,
    act: u64,
}

#[derive(Clone, Copy, Debug)]
struct Rule {
    act: f64,
    learning: f64,
    error: f64,
    error_decay: f64,
    threshold: f64,
    size: f64,
    gain: f64,
    size_max: f64,
    inventory_max: i64,
    margin: f64,
    reach: f64,
    life: i64,
    backstop_distance: f64,
    backstop_size: i64,
}

impl Value {
    pub(crate) fn new(config: &Config, index: u32) -> Self {
        let grown = 1.0 + config.value_threshold_spread.to_f64() * f64::from(index);
        let rule = Rule {
            act: config.value_act.to_f64(),
            learning: config.value_learning.to_f64(),
            error: config.value_error.to_f64(),
            error_decay: config.value_error_decay.to_f64(),
            threshold: config.value_threshold.to_f64() * grown,
            size: config.value_size.to_f64(),
            gain: config.value_gain.to_f64(),
            size_max: config.value_size_max.to_f64(),
            inventory_max: config.value_inventory_max.whole(),
            margin: config.value_margin.to_f64(),
            reach: config.value_reach.to_f64(),
            life: config.value_life.whole(),
            backstop_distance: config.value_backstop_distance.to_f64(),
            backstop_size: number::round(config.value_backstop_size.to_f64()),
        };
        Self { rule, knowledge: number::from_integer(config.price.whole()), error: 0.0, act: 0 }
    }

    /// Goes on under other parameters.
    pub(crate) fn retune(&mut self, config: &Config, index: u32) {
        self.rule = Self::new(config, index).rule;
    }

    /// Most lots that it holds, long or short.
    pub(crate) const fn inventory_max(&self) -> i64 {
        self.rule.inventory_max
    }

    /// Takes the step's draws and learns of the fair value.
    pub(crate) fn begin(&mut self, fair: &FairValue, [act, error]: [u64; 2]) {
        self.act = act;
        self.error = self.rule.error_decay * self.error + self.rule.error * draws::normal(error);
        self.knowledge += self.rule.learning * (fair.ticks() - self.knowledge);
    }

    /// What it believes the fair value to be, in ticks.
    pub(crate) fn estimate(&self) -> f64 {
        self.knowledge + self.error
    }

    /// Whether it looks at the market in this step.
    pub(crate) fn acts(&self) -> bool {
        draws::happens(self.act, self.rule.act)
    }

    /// Trades towards its estimate, or puts backstops around it.
    pub(crate) fn decide(&self, sight: &Sight<'_>, turn: &mut Turn) {
        let rule = &self.rule;
        if sight.has_orders {
            turn.cancel_all();
        }
        let gap = self.estimate() - sight.market.mid();
        let threshold = rule.threshold + sight.tax();
        if threshold < gap.abs() {
            let order = self.towards(sight, gap, threshold);
            if 0 < order.lots {
                turn.act([order.price, order.signed_lots(), rule.life]);
                turn.place(sight.engine, &order);
            }
        } else {
            let action = self.place_backstops(self.rule.backstop_size, sight, turn);
            turn.act(action.into_iter().flatten());
        }
    }

    /// Does what a policy has chosen, as far as its limit allows; its orders are cancelled first.
    pub(crate) fn decide_as(&self, choice: ValueChoice, sight: &Sight<'_>, turn: &mut Turn) {
        let rule = &self.rule;
        if sight.has_orders {
            turn.cancel_all();
        }
        let mid = sight.market.mid();
        let (lots, distance, from) = match choice {
            ValueChoice::Nothing => return,
            ValueChoice::Both(lots) => {
                self.place_backstops(lots, sight, turn);
                return;
            }
            ValueChoice::Reach(lots) => (lots, -rule.reach, mid),
            ValueChoice::Join(lots) => {
                let side = if lots < 0 { Side::Sell } else { Side::Buy };
                let best = sight.best_of_others(side).map(number::from_integer);
                (lots, 0.0, best.unwrap_or(mid))
            }
            ValueChoice::Far(lots) => (lots, rule.backstop_distance, self.estimate()),
        };
        let (side, price) = if lots < 0 {
            (Side::Sell, number::ceil(from + distance))
        } else {
            (Side::Buy, number::floor(from - distance))
        };
        let lots = sight.within(side, lots.abs(), rule.inventory_max);
        turn.place(sight.engine, &Order::living(sight.engine, side, price, lots, rule.life));
    }

    fn towards(&self, sight: &Sight<'_>, gap: f64, threshold: f64) -> Order {
        let rule = &self.rule;
        let lots = rule.size_max.min(rule.size + rule.gain * (gap.abs() - threshold));
        let (mid, profit) = (sight.market.mid(), rule.margin * threshold);
        let (side, price) = if 0.0 < gap {
            (Side::Buy, number::floor((self.estimate() - profit).min(mid + rule.reach)))
        } else {
            (Side::Sell, number::ceil((self.estimate() + profit).max(mid - rule.reach)))
        };
        let lots = sight.within(side, number::round(lots), rule.inventory_max);
        Order::living(sight.engine, side, price, lots, rule.life)
    }

    /// Places a bid and an ask far from the estimate. Returns bid, its lots, ask, its lots, unless both
    /// are nothing.
    fn place_backstops(&self, lots: i64, sight: &Sight<'_>, turn: &mut Turn) -> Option<[i64; 4]> {
        let Rule { backstop_distance, inventory_max, .. } = self.rule;
        let bid = number::floor(self.estimate() - backstop_distance);
        let ask = number::ceil(self.estimate() + backstop_distance);
        let bid_lots = sight.within(Side::Buy, lots, inventory_max);
        let ask_lots = sight.within(Side::Sell, lots, inventory_max);
        turn.place(sight.engine, &Order::resting(Side::Buy, bid, bid_lots));
        turn.place(sight.engine, &Order::resting(Side::Sell, ask, ask_lots));
        (0 < bid_lots || 0 < ask_lots).then_some([bid, bid_lots, ask, ask_lots])
    }
}

#[cfg(test)]
mod tests;
