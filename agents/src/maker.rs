//! The market maker: quotes both sides around the mid.
//!
//! In each turn
//!
//! * its centre c follows the mid m of the others' orders: c ← c + clamp(tracking·(m − c), ±limit);
//! * its half-spread is h = `half_spread` + jitter·u + caution·σ, with volatility σ;
//! * its price is r = c + weight·f − skew·inventory, with order flow f ← decay·f + net signed
//!   volume;
//! * it bids at ⌊r − h⌋ and asks at ⌈r + h⌉, kept off the other side of the book, and at `levels` −
//!   1 further prices, each a `level_step` farther away;
//! * each quote has max(1, ⌊size / (1 + thinning·σ) + ½⌋) lots, as far as all bids together
//!   leave the inventory within its limit, and all asks.
//!
//! Quotes that stand as wanted stay; others are replaced. Under a short-sale ban all are cancelled
//! first: what they offer would count against what may be offered.
//!
//! Action: best bid, best ask, lots of a quote, lots of all bids, lots of all asks; nothing when it
//! leaves.
//!
//! Inventory skew and volatility widening follow Ho and Stoll (1981) and Avellaneda and Stoikov
//! (2008) in linear form.

use kernel::{Engine, OrderId, Side};

use crate::agent::{Order, Sight, Turn};
use crate::config::Config;
use crate::draws;
use crate::market::Market;
use crate::number;

/// One market maker, what it remembers and its quotes.
#[derive(Clone, Debug)]
pub(crate) struct Maker {
    rule: Rule,
    centre: f64,
    flow: f64,
    jitter: u64,
    /// The quotes of each side, best first.
    bids: Vec<Option<OrderId>>,
    asks: Vec<Option<OrderId>>,
}

#[derive(Clone, Copy, Debug)]
struct Rule {
    half_spread: f64,
    jitter: f64,
    caution: f64,
    size: f64,
    thinning: f64,
    levels: i64,
    level_step: i64,
    skew: f64,
    inventory_max: i64,
    tracking: f64,
    tracking_max: f64,
    flow_weight: f64,
    flow_decay: f64,
}

impl Maker {
    pub(crate) fn new(config: &Config) -> Self {
        let rule = Rule {
            half_spread: config.maker_half_spread.to_f64(),
            jitter: config.maker_jitter.to_f64(),
            caution: config.maker_caution.to_f64(),
            size: config.maker_size.to_f64(),
            thinning: config.maker_thinning.to_f64(),
            levels: config.maker_levels.whole(),
            level_step: config.maker_level_step.whole(),
            skew: config.maker_skew.to_f64(),
            inventory_max: config.maker_inventory_max.whole(),
            tracking: config.maker_tracking.to_f64(),
            tracking_max: config.maker_tracking_max.to_f64(),
            flow_weight: config.maker_flow_weight.to_f64(),
            flow_decay: config.maker_flow_decay.to_f64(),
        };
        let quotes = vec![None; usize::try_from(rule.levels).unwrap_or(0)];
        Self {
            rule,
            centre: number::from_integer(config.price.whole()),
            flow: 0.0,
            jitter: 0,
            bids: quotes.clone(),
            asks: quotes,
        }
    }

    /// Goes on under other parameters. Quotes of levels that it loses are cancelled in its next turn,
    /// for which nothing is wanted there.
    pub(crate) fn retune(&mut self, config: &Config) {
        let Self { rule, bids, asks, .. } = Self::new(config);
        self.rule = rule;
        for (quotes, wanted) in [(&mut self.bids, bids), (&mut self.asks, asks)] {
            quotes.resize(quotes.len().max(wanted.len()), None);
        }
    }

    /// Most lots that it holds, long or short.
    pub(crate) const fn inventory_max(&self) -> i64 {
        self.rule.inventory_max
    }

    /// Takes the step's draws and remembers what the last step was like.
    pub(crate) fn begin(&mut self, market: &Market, [jitter]: [u64; 1]) {
        self.jitter = jitter;
        self.flow = self.rule.flow_decay * self.flow + f64::from(market.features().flow);
    }

    /// Makes its quotes what they should be.
    pub(crate) fn decide(&mut self, sight: &Sight<'_>, turn: &mut Turn) {
        let volatility = sight.market.volatility();
        let size = number::round(self.rule.size / (1.0 + self.rule.thinning * volatility)).max(1);
        let room = |room: i64| room.clamp(0, size * self.rule.levels);
        let bids = room(self.rule.inventory_max - sight.inventory);
        let asks = room((self.rule.inventory_max + sight.inventory).min(sight.sellable));
        let (bid, ask) = self.prices(sight);
        if sight.is_banned {
            self.leave(sight, turn);
        }
        let bids = Wanted { side: Side::Buy, price: bid, size, lots: bids };
        let asks = Wanted { side: Side::Sell, price: ask, size, lots: asks };
        // Whichever side is in the way of the other one moves first.
        if self.asks.iter().any(|order| stands_at_or_below(sight.engine, *order, bid)) {
            quote(&asks, &mut self.asks, self.rule.level_step, sight.engine, turn);
            quote(&bids, &mut self.bids, self.rule.level_step, sight.engine, turn);
        } else {
            quote(&bids, &mut self.bids, self.rule.level_step, sight.engine, turn);
            quote(&asks, &mut self.asks, self.rule.level_step, sight.engine, turn);
        }
        turn.act([bid, ask, size, bids.lots, asks.lots]);
    }

    /// Cancels all quotes.
    pub(crate) fn leave(&mut self, sight: &Sight<'_>, turn: &mut Turn) {
        self.bids.fill(None);
        self.asks.fill(None);
        if sight.has_orders {
            turn.cancel_all();
        }
    }

    /// Its best bid and ask, once its centre has followed the mid.
    fn prices(&mut self, sight: &Sight<'_>) -> (i64, i64) {
        let rule = &self.rule;
        let best_bid = sight.best_of_others(Side::Buy);
        let best_ask = sight.best_of_others(Side::Sell);
        let mid = sight.market.mid_between(best_bid, best_ask);
        let pull = rule.tracking * (mid - self.centre);
        self.centre += pull.clamp(-rule.tracking_max, rule.tracking_max);
        let half_spread = rule.half_spread
            + rule.jitter * draws::uniform(self.jitter)
            + rule.caution * sight.market.volatility();
        let price = self.centre + rule.flow_weight * self.flow
            - rule.skew * number::from_integer(sight.inventory);
        let bid = number::floor(price - half_spread);
        let ask = number::ceil(price + half_spread);
        (
            best_ask.map_or(bid, |best_ask| bid.min(best_ask - 1)),
            best_bid.map_or(ask, |best_bid| ask.max(best_bid + 1)),
        )
    }
}

/// What one side should look like.
struct Wanted {
    side: Side,
    /// Of the best quote.
    price: i64,
    /// Lots of a quote.
    size: i64,
    /// Lots of all quotes.
    lots: i64,
}

/// Makes one side's quotes what is wanted.
fn quote(
    wanted: &Wanted,
    quotes: &mut [Option<OrderId>],
    level_step: i64,
    engine: &Engine,
    turn: &mut Turn,
) {
    let outwards = match wanted.side {
        Side::Buy => -level_step,
        Side::Sell => level_step,
    };
    let (mut price, mut left) = (wanted.price, wanted.lots);
    for quote in quotes {
        let lots = left.min(wanted.size);
        let standing = quote.and_then(|order| engine.order(order));
        match standing {
            Some(found) if lots == 0 => {
                turn.cancel(found.order);
                *quote = None;
            }
            Some(found) => {
                let is_right =
                    i64::from(found.price.ticks()) == price && i64::from(found.qty.lots()) == lots;
                if !is_right {
                    turn.replace(engine, found.order, price, lots);
                }
            }
            None => {
                let order = Order::resting(wanted.side, price, lots);
                *quote = turn.place(engine, &Order { post_only: true, ..order });
            }
        }
        left -= lots;
        price += outwards;
    }
}

fn stands_at_or_below(engine: &Engine, order: Option<OrderId>, price: i64) -> bool {
    let found = order.and_then(|order| engine.order(order));
    found.is_some_and(|found| i64::from(found.price.ticks()) <= price)
}

#[cfg(test)]
mod tests;
