//! How an arriving order meets the book and what a fill moves, `RULES.md` §4, §6, §7, §10 and §14.

use alloc::vec::Vec;

use super::orders::{Order, Resting};
use super::{ReferenceMarket, minus};
use crate::command::SelfTrade;
use crate::event::{CancelReason, Event};
use crate::rules::MarketState;
use crate::units::{CASH_PER_TICK_LOT, Cash, Position, Ppm, Price, Qty, Side};

/// One trade.
pub(super) struct Fill {
    pub(super) maker: Order,
    pub(super) taker: Order,
    pub(super) price: Price,
    pub(super) qty: Qty,
}

impl ReferenceMarket {
    /// Matches an arriving order, if the market matches, and settles what is left of it.
    pub(super) fn arrive(&mut self, mut taker: Order, events: &mut Vec<Event>) {
        while self.rules.state == MarketState::Continuous
            && let Some(maker) = self.best(taker.side.opposite())
        {
            let price = maker.price;
            if taker.limit.is_some_and(|limit| !taker.side.crosses(limit, price)) {
                break;
            }
            if let Some(reference) = self.band_broken_by(price) {
                events.push(Event::BandHit { order: taker.id, price, reference });
                self.rules.state = MarketState::Halted;
                return self.cancel_order(&taker, CancelReason::Band, events);
            }
            // Rule 10.2: a meeting takes no more than is displayed.
            let qty = taker.open.min(maker.displayed);
            let own = taker.client == maker.order.client;
            match if own { taker.conduct.self_trade } else { SelfTrade::Allow } {
                SelfTrade::Allow => {
                    self.trade(&Fill { maker: maker.order, taker, price, qty }, events);
                }
                SelfTrade::Decrement => {
                    let (maker, taker) = (maker.order.id, taker.id);
                    events.push(Event::Decremented { maker, taker, qty });
                }
                SelfTrade::CancelOldest => {
                    self.cancel_order(&maker.order, CancelReason::SelfTrade, events);
                    continue;
                }
                SelfTrade::CancelBoth => {
                    self.cancel_order(&maker.order, CancelReason::SelfTrade, events);
                    return self.cancel_order(&taker, CancelReason::SelfTrade, events);
                }
                SelfTrade::CancelNewest => {
                    return self.cancel_order(&taker, CancelReason::SelfTrade, events);
                }
            }
            self.take_displayed(&maker, qty, events);
            match minus(taker.open, qty) {
                Some(open) => taker.open = open,
                None => return,
            }
        }
        match taker.limit {
            Some(price) if taker.may_rest => self.rest(taker, price, events),
            Some(_) | None => self.cancel_order(&taker, CancelReason::Remainder, events),
        }
    }

    /// Rule 14.1: the reference of the band that a trade at this price would leave.
    fn band_broken_by(&self, price: Price) -> Option<Price> {
        let reference = self.band_reference?;
        let away = price.ticks().abs_diff(reference.ticks());
        (0 < self.rules.band && self.rules.band < away).then_some(reference)
    }

    /// Takes lots from those that an order displays; an iceberg may show others, rule 10.2.
    fn take_displayed(&mut self, maker: &Resting, qty: Qty, events: &mut Vec<Event>) {
        self.take_out(maker.order.id);
        let Some(open) = minus(maker.order.open, qty) else { return };
        let order = Order { open, ..maker.order };
        if let Some(displayed) = minus(maker.displayed, qty) {
            self.resting.push(Resting { order, displayed, ..*maker });
            return;
        }
        let displayed = order.shown();
        let priority = self.next_priority();
        self.resting.push(Resting { order, displayed, priority, ..*maker });
        events.push(Event::Refilled { order: order.id, displayed, open });
    }

    fn rest(&mut self, order: Order, price: Price, events: &mut Vec<Event>) {
        let displayed = order.shown();
        let priority = self.next_priority();
        self.resting.push(Resting { order, price, displayed, priority });
        let Order { id, side, open: qty, .. } = order;
        events.push(Event::Rested { order: id, side, price, qty, displayed });
    }

    /// A trade with all that follows from it at once.
    pub(super) fn trade(&mut self, fill: &Fill, events: &mut Vec<Event>) {
        let Fill { maker, taker, price, qty } = fill;
        self.settle(fill);
        events.push(Event::Traded {
            maker: maker.id,
            taker: taker.id,
            maker_client: maker.client,
            taker_client: taker.client,
            maker_reference: maker.reference,
            taker_reference: taker.reference,
            taker_side: taker.side,
            price: *price,
            qty: *qty,
        });
        self.note_trade(*price);
    }

    /// Moves lots and cash, takes tax and fees, §7. No sum can overflow: see [`Cash`] and rule 3.9.
    fn settle(&mut self, fill: &Fill) {
        let Fill { maker, taker, price, qty } = fill;
        let lots = Position::from(qty.lots());
        let notional = Cash::from(price.ticks()) * Cash::from(lots) * CASH_PER_TICK_LOT;
        let tax = Cash::from(self.rules.tax) * Cash::from(lots);
        let sides = [
            (maker, charge(notional, self.rules.maker_fee)),
            (taker, charge(notional, self.rules.taker_fee)),
        ];
        for (order, fee) in sides {
            let account = self.accounts.entry(order.client).or_default();
            match order.side {
                Side::Buy => {
                    account.position += lots;
                    account.cash -= notional;
                }
                Side::Sell => {
                    account.position -= lots;
                    account.cash += notional;
                }
            }
            account.cash -= tax + fee;
            self.taxes += tax;
            self.fees += fee;
        }
    }
}

/// A fee, rounded toward plus infinity, rule 7.3.
fn charge(notional: Cash, fee: Ppm) -> Cash {
    let millionths = notional * Cash::from(fee.parts());
    // Euclidean division by a positive number rounds down; negated twice it rounds up.
    -(-millionths).div_euclid(1_000_000)
}
