//! Orders that wait for their stop: what triggers them and how they become active, `RULES.md` §11.

use alloc::vec::Vec;

use super::ReferenceMarket;
use super::orders::{Order, Waiting};
use crate::event::{CancelReason, Event};
use crate::rules::MarketState;
use crate::units::{Price, Side};

impl Waiting {
    /// Rule 11.2: whether a trade at this price triggers it.
    fn is_triggered_by(&self, trade: Price) -> bool {
        match self.order.side {
            Side::Buy => self.stop <= trade,
            Side::Sell => trade <= self.stop,
        }
    }
}

impl ReferenceMarket {
    /// Rules 11.1 and 11.3.
    pub(super) fn wait(&mut self, order: Order, stop: Price) {
        let mut waiting = Waiting { order, stop, is_triggered: false };
        waiting.is_triggered = self.last_trade.is_some_and(|last| waiting.is_triggered_by(last));
        self.waiting.push(waiting);
    }

    /// A trade: it is the last one now, and triggers what waits for it.
    pub(super) fn note_trade(&mut self, price: Price) {
        self.last_trade = Some(price);
        for waiting in &mut self.waiting {
            if waiting.is_triggered_by(price) {
                waiting.is_triggered = true;
            }
        }
    }

    /// Rules 11.4 and 11.6: until none is triggered or the market is halted.
    pub(super) fn activate_stops(&mut self, events: &mut Vec<Event>) {
        while self.rules.state != MarketState::Halted {
            let triggered = self.waiting.iter().filter(|waiting| waiting.is_triggered);
            let Some(first) = triggered.min_by_key(|waiting| waiting.order.id).copied() else {
                return;
            };
            self.take_out(first.order.id);
            self.activate(&first.order, events);
        }
    }

    /// Rule 11.5.
    fn activate(&mut self, order: &Order, events: &mut Vec<Event>) {
        events.push(Event::Triggered { order: order.id });
        let has_room = match order.limit {
            Some(limit) if order.may_rest => self.check_levels(order.side, limit).is_ok(),
            Some(_) | None => true,
        };
        if has_room {
            self.arrive(*order, events);
        } else {
            self.cancel_order(order, CancelReason::NoRoom, events);
        }
    }
}
