//! Stops: waiting, triggered, active. RULES.md §11.

use alloc::vec::Vec;

use crate::digest::{Conduct, StopRecord};
use crate::engine::{Arriving, Engine};
use crate::event::{CancelReason, Event};
use crate::rules::MarketState;
use crate::stops::Stops;
use crate::units::{OrderId, Price, Qty};

impl Engine {
    /// An accepted order begins to wait.
    #[cold]
    #[inline(never)]
    pub(super) fn wait_for(&mut self, stop: Price, arriving: Arriving, qty: Qty) {
        let Arriving { order, client, reference, side, limit, rests, expiry, conduct, .. } =
            arriving;
        self.accounts.rest(client, side, qty);
        if let Some(expiry) = expiry {
            self.expiries.insert(order, expiry);
        }
        let last_trade = self.last_trade;
        self.stops.insert(StopRecord {
            order,
            client,
            reference,
            qty,
            side,
            stop,
            self_trade: conduct.self_trade,
            limit,
            rests,
            expiry,
            is_triggered: last_trade.is_some_and(|last| Stops::is_triggered_by(side, stop, last)),
        });
    }

    /// An order waits no longer, because it ends or arrives.
    pub(super) fn stop_waiting(&mut self, order: OrderId) -> Option<StopRecord> {
        let stop = self.stops.remove(order)?;
        self.accounts.leave(stop.client, stop.side, stop.qty, true);
        if let Some(expiry) = stop.expiry {
            self.expiries.remove(order, expiry);
        }
        Some(stop)
    }

    /// 11.4: carries out the cascade that the command's trades set off.
    #[cold]
    #[inline(never)]
    pub(super) fn run_stops(&mut self, events: &mut Vec<Event>) {
        loop {
            if let Some((low, high)) = self.unseen_trades.take() {
                self.stops.trigger(low, high);
            }
            if self.rules.state == MarketState::Halted {
                return;
            }
            let Some(order) = self.stops.next_triggered() else { return };
            self.activate(order, events);
        }
    }

    /// 11.5.
    fn activate(&mut self, order: OrderId, events: &mut Vec<Event>) {
        let Some(stop) = self.stop_waiting(order) else { return };
        events.push(Event::Triggered { order });
        let arriving = Arriving {
            order,
            client: stop.client,
            reference: stop.reference,
            side: stop.side,
            limit: stop.limit,
            rests: stop.rests,
            display: None,
            expiry: stop.expiry,
            conduct: Conduct { self_trade: stop.self_trade, post_only: false },
        };
        if let Some(limit) = stop.limit
            && stop.rests
            && self.check_level(stop.side, limit).is_err()
        {
            events.push(arriving.cancelled(stop.qty, CancelReason::NoRoom));
            return;
        }
        self.arrive(&arriving, stop.qty, events);
    }
}
