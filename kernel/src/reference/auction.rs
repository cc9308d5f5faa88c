//! Call auctions: which price clears the book and who trades at it, `RULES.md` §13.

use alloc::vec::Vec;

use super::matching::Fill;
use super::orders::Resting;
use super::{ReferenceMarket, minus};
use crate::event::{Event, RejectReason};
use crate::rules::MarketState;
use crate::units::{Price, Qty, Side};

impl ReferenceMarket {
    /// Rule 13.1.
    pub(super) fn uncross_command(&mut self, events: &mut Vec<Event>) -> Result<(), RejectReason> {
        if self.rules.state != MarketState::Auction {
            return Err(RejectReason::WrongState);
        }
        self.uncross(events);
        Ok(())
    }

    /// Whether a bid reaches an ask.
    pub(super) fn is_crossed(&self) -> bool {
        let asks: Vec<Resting> = self.queue(Side::Sell);
        let reached = |bid: &Resting| asks.iter().any(|ask| ask.price <= bid.price);
        self.queue(Side::Buy).iter().any(reached)
    }

    /// Rule 13.3.
    pub(super) fn uncross(&mut self, events: &mut Vec<Event>) {
        if !self.is_crossed() {
            events.push(Event::Uncrossed { price: None, qty: 0 });
            return;
        }
        let price = self.clearing_price();
        let qty = self.demand(price).min(self.supply(price));
        events.push(Event::Uncrossed { price: Some(price), qty });
        while let (Some(bid), Some(ask)) = (self.best(Side::Buy), self.best(Side::Sell)) {
            if bid.price < price || price < ask.price {
                break;
            }
            let qty = bid.order.open.min(ask.order.open);
            let (maker, taker) = if bid.priority < ask.priority { (bid, ask) } else { (ask, bid) };
            self.trade(&Fill { maker: maker.order, taker: taker.order, price, qty }, events);
            self.allocate(&bid, qty);
            self.allocate(&ask, qty);
        }
    }

    /// Takes lots from an order that keeps its place and shows what it can of the others.
    fn allocate(&mut self, resting: &Resting, qty: Qty) {
        let id = resting.order.id;
        match minus(resting.order.open, qty) {
            None => self.take_out(id),
            Some(left) => {
                for it in self.resting.iter_mut().filter(|it| it.order.id == id) {
                    it.order.open = left;
                    it.displayed = it.order.shown();
                }
            }
        }
    }

    /// D of rule 13.2.
    fn demand(&self, price: Price) -> u64 {
        let bids = self.resting.iter().filter(|resting| resting.order.side == Side::Buy);
        lots(bids.filter(|bid| price <= bid.price))
    }

    /// S of rule 13.2.
    fn supply(&self, price: Price) -> u64 {
        let asks = self.resting.iter().filter(|resting| resting.order.side == Side::Sell);
        lots(asks.filter(|ask| ask.price <= price))
    }

    /// Rule 13.2, by trying prices. Demand changes only from a bid's price to the one above it,
    /// supply only from the one below an ask's price to it: every stretch of prices with the same
    /// demand and supply begins and ends at an order's price or right beside one.
    fn clearing_price(&self) -> Price {
        let mut tried: Vec<Price> = Vec::new();
        for resting in &self.resting {
            let ticks = resting.price.ticks();
            let about = [ticks.saturating_sub(1), ticks, ticks.saturating_add(1)];
            tried.extend(about.into_iter().filter_map(|ticks| Price::new(ticks).ok()));
        }
        let volume = |price: &Price| self.demand(*price).min(self.supply(*price));
        let imbalance = |price: &Price| self.demand(*price).abs_diff(self.supply(*price));
        let most = tried.iter().map(volume).max();
        tried.retain(|price| Some(volume(price)) == most);
        let least = tried.iter().map(imbalance).min();
        tried.retain(|price| Some(imbalance(price)) == least);
        let lowest = tried.iter().min().copied().unwrap_or(Price::MIN);
        let highest = tried.iter().max().copied().unwrap_or(Price::MAX);
        self.nearest_to_reference(lowest, highest)
    }

    /// The end of rule 13.2: the price of an interval.
    fn nearest_to_reference(&self, lowest: Price, highest: Price) -> Price {
        let (lowest, highest) = (lowest.ticks(), highest.ticks());
        let middle = lowest.midpoint(highest);
        let reference = self.last_trade.map_or(middle, Price::ticks);
        let nearest = reference.clamp(lowest, highest);
        let tick = self.rules.tick.ticks();
        let below = nearest - nearest % tick;
        let above = below.saturating_add(tick);
        let mut multiples = [below, above].to_vec();
        multiples.retain(|multiple| lowest <= *multiple && *multiple <= highest);
        multiples.sort_by_key(|multiple| (multiple.abs_diff(reference), *multiple));
        let chosen = multiples.first().copied().unwrap_or(nearest);
        Price::new(chosen).unwrap_or(Price::MIN)
    }
}

fn lots<'a>(orders: impl Iterator<Item = &'a Resting>) -> u64 {
    orders.map(|resting| u64::from(resting.order.open.lots())).sum()
}
