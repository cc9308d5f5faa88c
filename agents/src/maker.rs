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
//! A learned maker has the same centre and quotes in the same way; half-spread, size and what is added
//! to the centre are chosen ([`crate::learned`]).
//!
//! Inventory skew and volatility widening follow Ho and Stoll (1981) and Avellaneda and Stoikov
//! (2008) in linear form.

use kernel::{Engine, OrderId, Side};

use crate::agent::{Order, Sight, Turn};
use crate::config::Config;
use crate::draws;
use crate::learned::{Label, MakerChoice, MakerPrice, Space};
use crate::market::Market;
use crate::number;

/// Weight of the past in the order flow that a learned maker may follow.
pub const LONG_FLOW_DECAY: f64 = 0.8;

/// One market maker, what it remembers and its quotes.
#[derive(Clone, Debug)]
pub(crate) struct Maker {
    rule: Rule,
    centre: f64,
    flow: f64,
    long_flow: f64,
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
            long_flow: 0.0,
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
        let flow = f64::from(market.features().flow);
        self.flow = self.rule.flow_decay * self.flow + flow;
        self.long_flow = LONG_FLOW_DECAY * self.long_flow + flow;
    }

    /// What its quotes are put around before flow and inventory are looked at, in ticks.
    pub(crate) const fn centre(&self) -> f64 {
        self.centre
    }

    /// The choice that comes nearest to its rule in this step.
    pub(crate) fn label(&self, space: Space, market: &Market) -> Label {
        space.label_maker(self.half_spread(market), self.rule.flow_weight, self.rule.skew)
    }

    /// Distance of its quotes from their price by the rule.
    fn half_spread(&self, market: &Market) -> f64 {
        let rule = &self.rule;
        rule.half_spread
            + rule.jitter * draws::uniform(self.jitter)
            + rule.caution * market.volatility()
    }

    /// Makes its quotes what they should be.
    pub(crate) fn decide(&mut self, sight: &Sight<'_>, turn: &mut Turn) {
        let half_spread = self.half_spread(sight.market);
        self.follow(sight);
        let price = self.rule_price(sight.inventory);
        let quotes = Quotes { price, half_spread, size: self.rule.size, lots_min: 0 };
        let action = self.put(&quotes, sight, turn);
        turn.act(action);
    }

    /// Makes its quotes what a policy has chosen.
    pub(crate) fn decide_as(&mut self, choice: &MakerChoice, sight: &Sight<'_>, turn: &mut Turn) {
        self.follow(sight);
        let inventory = number::from_integer(sight.inventory);
        let price = match choice.price {
            MakerPrice::Flow { weight, skew } => {
                self.centre + weight * self.long_flow - skew * inventory
            }
            MakerPrice::Lean { ticks } => self.rule_price(sight.inventory) + ticks,
            MakerPrice::Skewed { skew, max } => self.centre - (skew * inventory).clamp(-max, max),
        };
        let MakerChoice { half_spread, size, lots_min, .. } = *choice;
        let quotes = Quotes { price, half_spread, size: size * self.rule.size, lots_min };
        self.put(&quotes, sight, turn);
    }

    /// The price between its quotes by the rule.
    fn rule_price(&self, inventory: i64) -> f64 {
        self.centre + self.rule.flow_weight * self.flow
            - self.rule.skew * number::from_integer(inventory)
    }

    /// Makes its quotes these. Returns best bid, best ask, lots of a quote, of all bids and of all
    /// asks.
    fn put(&mut self, quotes: &Quotes, sight: &Sight<'_>, turn: &mut Turn) -> [i64; 5] {
        let volatility = sight.market.volatility();
        let size = number::round(quotes.size / (1.0 + self.rule.thinning * volatility)).max(1);
        let room = |room: i64| room.clamp(quotes.lots_min, size * self.rule.levels);
        let bids = room(self.rule.inventory_max - sight.inventory);
        let asks = room(self.rule.inventory_max + sight.inventory).min(sight.sellable);
        let (bid, ask) = beside_others(quotes, sight);
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
        [bid, ask, size, bids.lots, asks.lots]
    }

    /// Cancels all quotes.
    pub(crate) fn leave(&mut self, sight: &Sight<'_>, turn: &mut Turn) {
        self.bids.fill(None);
        self.asks.fill(None);
        if sight.has_orders {
            turn.cancel_all();
        }
    }

    /// Lets its centre follow the mid of the others' orders.
    fn follow(&mut self, sight: &Sight<'_>) {
        let best_bid = sight.best_of_others(Side::Buy);
        let best_ask = sight.best_of_others(Side::Sell);
        let mid = sight.market.mid_between(best_bid, best_ask);
        let pull = self.rule.tracking * (mid - self.centre);
        self.centre += pull.clamp(-self.rule.tracking_max, self.rule.tracking_max);
    }
}

/// What a maker wants to quote.
struct Quotes {
    /// Between its best quotes, in ticks.
    price: f64,
    /// Distance of its best quotes from it.
    half_spread: f64,
    /// Lots of a quote in a calm market.
    size: f64,
    /// Fewest lots of a side, whatever the inventory.
    lots_min: i64,
}

/// Best bid and ask, kept off the other side of the others' book.
fn beside_others(quotes: &Quotes, sight: &Sight<'_>) -> (i64, i64) {
    let bid = number::floor(quotes.price - quotes.half_spread);
    let ask = number::ceil(quotes.price + quotes.half_spread);
    (
        sight.best_of_others(Side::Sell).map_or(bid, |best_ask| bid.min(best_ask - 1)),
        sight.best_of_others(Side::Buy).map_or(ask, |best_bid| ask.max(best_bid + 1)),
    )
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
