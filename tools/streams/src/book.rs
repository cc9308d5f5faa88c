//! The plain price-time book that a stream is generated against.

use std::collections::{BTreeMap, VecDeque};

use kernel::Side;

use crate::Expected;

/// Orders by price, oldest first.
#[derive(Default)]
pub(crate) struct PlainBook {
    bids: BTreeMap<u32, VecDeque<(u32, u32)>>,
    asks: BTreeMap<u32, VecDeque<(u32, u32)>>,
}

/// What an order met.
pub(crate) struct Taken {
    /// Makers that were used up.
    pub(crate) gone: Vec<u32>,
    /// Lots of the taker that found nobody.
    pub(crate) left: u32,
}

impl PlainBook {
    pub(crate) fn best(&self, side: Side) -> Option<u32> {
        match side {
            Side::Buy => self.bids.last_key_value().map(|(price, _)| *price),
            Side::Sell => self.asks.first_key_value().map(|(price, _)| *price),
        }
    }

    pub(crate) fn rest(&mut self, side: Side, price: u32, id: u32, qty: u32) {
        self.side(side).entry(price).or_default().push_back((id, qty));
    }

    pub(crate) fn cancel(&mut self, side: Side, price: u32, id: u32) {
        let levels = self.side(side);
        if let Some(level) = levels.get_mut(&price) {
            level.retain(|(resting, _)| *resting != id);
            if level.is_empty() {
                levels.remove(&price);
            }
        }
    }

    /// Trades against the other side, up to a limit if there is one.
    pub(crate) fn take(
        &mut self,
        side: Side,
        limit: Option<u32>,
        mut left: u32,
        result: &mut Expected,
    ) -> Taken {
        let mut gone = Vec::new();
        while 0 < left {
            let Some(price) = self.best(side.opposite()) else { break };
            let crosses = limit.is_none_or(|limit| match side {
                Side::Buy => price <= limit,
                Side::Sell => limit <= price,
            });
            if !crosses {
                break;
            }
            let levels = self.side(side.opposite());
            let Some(level) = levels.get_mut(&price) else { break };
            if let Some((id, open)) = level.front_mut() {
                let qty = left.min(*open);
                left -= qty;
                *open -= qty;
                result.trades += 1;
                result.volume += u64::from(qty);
                result.notional += u64::from(qty) * u64::from(price);
                if *open == 0 {
                    gone.push(*id);
                    level.pop_front();
                }
            }
            if level.is_empty() {
                levels.remove(&price);
            }
        }
        Taken { gone, left }
    }

    fn side(&mut self, side: Side) -> &mut BTreeMap<u32, VecDeque<(u32, u32)>> {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }
}
