//! How an arriving order meets the book and what a fill moves, `RULES.md` §4, §6 and §7.

use alloc::vec::Vec;

use super::{ReferenceMarket, minus};
use crate::command::SelfTrade;
use crate::digest::Conduct;
use crate::event::{CancelReason, Event};
use crate::units::{
    CASH_PER_TICK_LOT, Cash, ClientId, OrderId, Position, Ppm, Price, Qty, Reference, Side,
};
use crate::view::OrderView;

/// An arriving order on its way through the opposite side.
pub(super) struct Arriving {
    pub(super) order: OrderId,
    pub(super) client: ClientId,
    pub(super) reference: Reference,
    pub(super) side: Side,
    /// `None` for a market order, which crosses everything.
    pub(super) limit: Option<Price>,
    pub(super) qty: Qty,
    pub(super) conduct: Conduct,
    /// Whether what is left of it goes to the book.
    pub(super) may_rest: bool,
}

impl ReferenceMarket {
    /// Matches an arriving order and settles what is left of it, §4 and §6.
    pub(super) fn arrive(&mut self, mut taker: Arriving, events: &mut Vec<Event>) {
        while let Some(maker) = self.best(taker.side.opposite()) {
            if taker.limit.is_some_and(|limit| !taker.side.crosses(limit, maker.price)) {
                break;
            }
            let qty = taker.qty.min(maker.qty);
            let own = taker.client == maker.client;
            let meeting = if own { taker.conduct.self_trade } else { SelfTrade::Allow };
            match meeting {
                SelfTrade::Allow => {
                    self.settle(&taker, &maker, qty);
                    events.push(traded(&taker, &maker, qty));
                }
                SelfTrade::Decrement => {
                    let (maker, taker) = (maker.order, taker.order);
                    events.push(Event::Decremented { maker, taker, qty });
                }
                SelfTrade::CancelOldest => {
                    self.cancel_resting(&maker, CancelReason::SelfTrade, events);
                    continue;
                }
                SelfTrade::CancelBoth => {
                    self.cancel_resting(&maker, CancelReason::SelfTrade, events);
                    return cancel_arriving(&taker, CancelReason::SelfTrade, events);
                }
                SelfTrade::CancelNewest => {
                    return cancel_arriving(&taker, CancelReason::SelfTrade, events);
                }
            }
            self.set_open(maker.order, minus(maker.qty, qty));
            match minus(taker.qty, qty) {
                Some(open) => taker.qty = open,
                None => return,
            }
        }
        match taker.limit {
            Some(price) if taker.may_rest => self.rest(&taker, price, events),
            Some(_) | None => cancel_arriving(&taker, CancelReason::Remainder, events),
        }
    }

    fn rest(&mut self, taker: &Arriving, price: Price, events: &mut Vec<Event>) {
        let &Arriving { order, client, reference, side, qty, conduct, .. } = taker;
        self.rested = self.rested.saturating_add(1);
        let priority = self.rested;
        self.orders.push(OrderView {
            order,
            client,
            reference,
            side,
            price,
            qty,
            priority,
            conduct,
        });
        events.push(Event::Rested { order, side, price, qty });
    }

    /// Moves lots and cash, takes tax and fees, §7. No sum can overflow: see [`Cash`] and rule 3.9.
    fn settle(&mut self, taker: &Arriving, maker: &OrderView, qty: Qty) {
        let lots = Position::from(qty.lots());
        let notional = Cash::from(maker.price.ticks()) * Cash::from(lots) * CASH_PER_TICK_LOT;
        let tax = Cash::from(self.rules.tax) * Cash::from(lots);
        let sides = [
            (maker.client, maker.side, charge(notional, self.rules.maker_fee)),
            (taker.client, taker.side, charge(notional, self.rules.taker_fee)),
        ];
        for (client, side, fee) in sides {
            let account = self.accounts.entry(client).or_default();
            match side {
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

fn traded(taker: &Arriving, maker: &OrderView, qty: Qty) -> Event {
    Event::Traded {
        maker: maker.order,
        taker: taker.order,
        maker_client: maker.client,
        taker_client: taker.client,
        maker_reference: maker.reference,
        taker_reference: taker.reference,
        taker_side: taker.side,
        price: maker.price,
        qty,
    }
}

fn cancel_arriving(taker: &Arriving, reason: CancelReason, events: &mut Vec<Event>) {
    let &Arriving { order, client, reference, qty, .. } = taker;
    events.push(Event::Cancelled { order, client, reference, qty, reason });
}
