//! The call auction. RULES.md §13.

use alloc::vec::Vec;

use crate::accounts::Fill;
use crate::book::Slot;
use crate::engine::Engine;
use crate::event::{Event, RejectReason};
use crate::rules::MarketState;
use crate::units::{Price, Qty, Side};

/// Prices, from `low` to `high`, at which demand and supply are the same.
#[derive(Clone, Copy)]
struct Stretch {
    low: u32,
    high: u32,
    /// Bids at or above these prices.
    demand: u64,
    /// Asks at or below these prices.
    supply: u64,
}

impl Stretch {
    const fn volume(&self) -> u64 {
        if self.demand < self.supply { self.demand } else { self.supply }
    }

    const fn imbalance(&self) -> u64 {
        self.demand.abs_diff(self.supply)
    }
}

impl Engine {
    /// 13.1.
    pub(super) fn uncross_on_command(&mut self, events: &mut Vec<Event>) {
        match self.rules.state {
            MarketState::Auction => self.uncross(events),
            MarketState::Continuous | MarketState::Halted => {
                events.push(Event::Rejected { order: None, reason: RejectReason::WrongState });
            }
        }
    }

    /// 13.3.
    pub(super) fn uncross(&mut self, events: &mut Vec<Event>) {
        let Some((price, qty)) = self.clearing() else {
            events.push(Event::Uncrossed { price: None, qty: 0 });
            return;
        };
        events.push(Event::Uncrossed { price: Some(price), qty });
        while let (Some((bid, bid_price)), Some((ask, ask_price))) =
            (self.book.front(Side::Buy), self.book.front(Side::Sell))
        {
            if bid_price < price || price < ask_price {
                break;
            }
            self.trade_pair(bid, ask, price, events);
        }
    }

    /// The front bid and the front ask trade at the clearing price.
    fn trade_pair(&mut self, bid: Slot, ask: Slot, price: Price, events: &mut Vec<Event>) {
        let (buyer, seller) = (self.book.view(bid), self.book.view(ask));
        let qty = buyer.qty.min(seller.qty);
        let (maker, taker) =
            if buyer.priority < seller.priority { (buyer, seller) } else { (seller, buyer) };
        let fill =
            Fill { maker: maker.client, taker: taker.client, taker_side: taker.side, price, qty };
        self.accounts.settle(fill, &self.rules);
        events.push(Event::Traded {
            maker: maker.order,
            taker: taker.order,
            maker_client: maker.client,
            taker_client: taker.client,
            maker_reference: maker.reference,
            taker_reference: taker.reference,
            taker_side: taker.side,
            price,
            qty,
        });
        self.take_open(bid, qty);
        self.take_open(ask, qty);
        self.see_trade(price);
    }

    fn take_open(&mut self, slot: Slot, qty: Qty) {
        let node = self.book.get(slot);
        let (order, client, side, expiry) = (node.order, node.client, node.side, node.expiry());
        let is_gone = self.book.take_open(slot, qty).is_none();
        self.accounts.leave(client, side, qty, is_gone);
        if is_gone {
            self.forget_expiry(order, expiry);
        }
    }

    /// 13.2: clearing price and volume; `None` when no bid reaches an ask.
    fn clearing(&self) -> Option<(Price, u64)> {
        let stretches = self.stretches();
        let better = |one: &Stretch, other: &Stretch| {
            (other.volume(), one.imbalance()) < (one.volume(), other.imbalance())
        };
        let mut best: Option<Stretch> = None;
        for stretch in stretches {
            best = match best {
                None => Some(stretch),
                Some(best) if better(&stretch, &best) => Some(stretch),
                // Volume and imbalance alone decide, and both have one valley: equals are neighbours.
                Some(best)
                    if (best.volume(), best.imbalance())
                        == (stretch.volume(), stretch.imbalance()) =>
                {
                    Some(Stretch { high: stretch.high, ..best })
                }
                Some(best) => Some(best),
            };
        }
        let best = best.filter(|best| 0 < best.volume())?;
        let price = self.nearest(best.low, best.high);
        Price::new(price).ok().map(|price| (price, best.volume()))
    }

    /// Demand and supply at every price from the best ask to the best bid, ascending.
    fn stretches(&self) -> Vec<Stretch> {
        let (Some(bid), Some(ask)) = (self.book.best(Side::Buy), self.book.best(Side::Sell)) else {
            return Vec::new();
        };
        let mut bids = self.totals(Side::Buy, |price| ask <= price);
        bids.reverse();
        let asks = self.totals(Side::Sell, |price| price <= bid);
        let mut prices: Vec<u32> = bids.iter().chain(&asks).map(|(price, _)| *price).collect();
        prices.sort_unstable();
        prices.dedup();
        let mut demand: u64 = bids.iter().map(|(_, qty)| qty).sum();
        let mut supply = 0;
        let (mut bids, mut asks) = (bids.into_iter().peekable(), asks.into_iter().peekable());
        let mut stretches = Vec::with_capacity(prices.len() * 2);
        let mut next = prices.iter().skip(1);
        for price in &prices {
            while let Some((_, qty)) = asks.next_if(|(ask, _)| ask <= price) {
                supply += qty;
            }
            stretches.push(Stretch { low: *price, high: *price, demand, supply });
            while let Some((_, qty)) = bids.next_if(|(bid, _)| bid <= price) {
                demand -= qty;
            }
            if let Some(next) = next.next().filter(|next| price + 1 < **next) {
                stretches.push(Stretch { low: price + 1, high: next - 1, demand, supply });
            }
        }
        stretches
    }

    /// Price and open lots, reserves included, of the levels of a side from the best on.
    fn totals(&self, side: Side, is_wanted: impl Fn(Price) -> bool) -> Vec<(u32, u64)> {
        let levels = self.book.levels(side).take_while(|level| is_wanted(level.price));
        levels
            .map(|level| {
                let qty = if self.book.has_icebergs() {
                    let slots = self.book.slots_at(side, level.price);
                    slots.map(|slot| u64::from(self.book.get(slot).open().lots())).sum()
                } else {
                    level.qty
                };
                (level.price.ticks(), qty)
            })
            .collect()
    }

    /// The multiple of the tick in an interval nearest to the reference price, the lower of two; if
    /// there is none, the price nearest to it.
    fn nearest(&self, low: u32, high: u32) -> u32 {
        let middle = u64::midpoint(low.into(), high.into());
        let middle = u32::try_from(middle).unwrap_or(low);
        let wanted = self.last_trade.map_or(middle, Price::ticks).clamp(low, high);
        let tick = self.rules.tick.ticks();
        let below = wanted - wanted % tick;
        let above = below.saturating_add(tick);
        let is_inside = |price: u32| low <= price && price <= high;
        match (is_inside(below), is_inside(above)) {
            (true, true) if above - wanted < wanted - below => above,
            (true, _) => below,
            (false, true) => above,
            (false, false) => wanted,
        }
    }
}
