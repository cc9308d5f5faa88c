//! The noise trader: trades for reasons of its own and keeps the book alive.
//!
//! With probability act·I it acts, where the activity I follows how much the mid
//! moves: I ← clamp(decay·I + (1 − decay)·(1 + excitement·(|Δm| − 1)), `activity_min`,
//! `activity_max`). A fair coin gives the side; the size is 1 + G(size). Then
//!
//! * with probability `market_share` the order trades at once or not at all, at the mid ± collar at
//!   worst; under a tax of τ ticks it is dropped with probability 1 − e^(−aversion·τ);
//! * else it rests at the mid ∓ (1 + G(offset)) ticks for 1 + G(life) steps,
//!
//! with G(m) the geometric draw of mean m − 1.
//!
//! Action: the order's price, its lots (negative for a sale), its life in steps, 0 for one that
//! does not rest.
//!
//! Zero intelligence: Farmer, Patelli and Zovko (2005).

use kernel::Side;

use crate::agent::{Order, Sight, Turn};
use crate::config::Config;
use crate::draws::{self, Geometric};
use crate::learned::NoiseChoice;
use crate::market::Market;
use crate::number;

/// One noise trader and what it remembers.
#[derive(Clone, Debug)]
pub(crate) struct Noise {
    rule: Rule,
    activity: f64,
    words: [u64; 7],
    /// Distances of chosen orders that are near.
    near: Geometric,
}

/// Mean distance from the mid of a chosen order that is near, in ticks.
const NEAR_OFFSET: f64 = 5.0;
/// Most lots, long or short, that choices lead to.
pub(crate) const CHOSEN_INVENTORY_MAX: i64 = 100;

#[derive(Clone, Copy, Debug)]
struct Rule {
    act: f64,
    size: Geometric,
    market_share: f64,
    collar: f64,
    offset: Geometric,
    life: Geometric,
    excitement: f64,
    activity_decay: f64,
    activity_min: f64,
    activity_max: f64,
    tax_aversion: f64,
}

impl Noise {
    pub(crate) fn new(config: &Config) -> Self {
        let rule = Rule {
            act: config.noise_act.to_f64(),
            size: Geometric::new(config.noise_size.to_f64()),
            market_share: config.noise_market_share.to_f64(),
            collar: config.noise_collar.to_f64(),
            offset: Geometric::new(config.noise_offset.to_f64()),
            life: Geometric::new(config.noise_life.to_f64()),
            excitement: config.noise_excitement.to_f64(),
            activity_decay: config.noise_activity_decay.to_f64(),
            activity_min: config.noise_activity_min.to_f64(),
            activity_max: config.noise_activity_max.to_f64(),
            tax_aversion: config.noise_tax_aversion.to_f64(),
        };
        let activity = 1.0_f64.clamp(rule.activity_min, rule.activity_max);
        Self { rule, activity, words: [0; 7], near: Geometric::new(NEAR_OFFSET) }
    }

    /// Goes on under other parameters.
    pub(crate) fn retune(&mut self, config: &Config) {
        self.rule = Self::new(config).rule;
    }

    /// Takes the step's draws and remembers what the last step was like.
    pub(crate) fn begin(&mut self, market: &Market, words: [u64; 7]) {
        self.words = words;
        let rule = &self.rule;
        let moved = number::from_integer(market.features().change_half_ticks.abs()) * 0.5;
        let excited = 1.0 + rule.excitement * (moved - 1.0);
        let activity = rule.activity_decay * self.activity + (1.0 - rule.activity_decay) * excited;
        self.activity = activity.clamp(rule.activity_min, rule.activity_max);
    }

    /// Whether it acts in this step.
    pub(crate) fn acts(&self) -> bool {
        draws::happens(self.words[0], self.rule.act * self.activity)
    }

    /// Places the order that was drawn.
    pub(crate) fn decide(&self, sight: &Sight<'_>, turn: &mut Turn) {
        let rule = &self.rule;
        let [_, coin, lots, at_once, tax, offset, life] = self.words;
        let side = if draws::happens(coin, 0.5) { Side::Buy } else { Side::Sell };
        let mut lots = 1 + rule.size.draw(lots);
        if side == Side::Sell {
            lots = lots.min(sight.sellable_beside);
        }
        if lots == 0 {
            return;
        }
        if draws::happens(at_once, rule.market_share) {
            if draws::uniform(tax) <= libm::exp(-rule.tax_aversion * sight.tax()) {
                let order = sight.immediate(side, lots, rule.collar);
                turn.act([order.price, order.signed_lots(), 0]);
                turn.place(sight.engine, &order);
            }
            return;
        }
        let life = 1 + rule.life.draw(life);
        let order = resting(sight, side, lots, 1 + rule.offset.draw(offset), life);
        turn.act([order.price, order.signed_lots(), life]);
        turn.place(sight.engine, &order);
    }

    /// Does what a policy has chosen, within a limit that the rule does not need; size, distance and
    /// life are drawn.
    pub(crate) fn decide_as(&self, choice: NoiseChoice, sight: &Sight<'_>, turn: &mut Turn) {
        let rule = &self.rule;
        let [_, _, lots, _, _, offset, life] = self.words;
        let (is_buy, distance) = match choice {
            NoiseChoice::Nothing => return,
            NoiseChoice::AtOnce(is_buy) => (is_buy, None),
            NoiseChoice::Near(is_buy) => (is_buy, Some(self.near.draw(offset))),
            NoiseChoice::Far(is_buy) => (is_buy, Some(rule.offset.draw(offset))),
        };
        let side = if is_buy { Side::Buy } else { Side::Sell };
        let account = sight.engine.account(sight.client);
        let (open, sellable) = match side {
            Side::Buy => (account.open_buy, i64::MAX),
            Side::Sell => (account.open_sell, sight.sellable_beside),
        };
        let lots = (1 + rule.size.draw(lots)).min(sellable);
        let lots = sight.within(side, lots, CHOSEN_INVENTORY_MAX - open);
        let order = match distance {
            None => sight.immediate(side, lots, rule.collar),
            Some(distance) => resting(sight, side, lots, 1 + distance, 1 + rule.life.draw(life)),
        };
        turn.place(sight.engine, &order);
    }
}

/// An order so many ticks away from the mid, for so many steps.
fn resting(sight: &Sight<'_>, side: Side, lots: i64, distance: i64, life: i64) -> Order {
    let (mid, distance) = (sight.market.mid(), number::from_integer(distance));
    let price = match side {
        Side::Buy => number::floor(mid - distance),
        Side::Sell => number::ceil(mid + distance),
    };
    Order::living(sight.engine, side, price, lots, life)
}

#[cfg(test)]
mod tests;
