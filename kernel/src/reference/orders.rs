//! Live orders: what they hold, where they stand, how they leave, `RULES.md` §2, §9 and §10.

use alloc::vec::Vec;

use super::ReferenceMarket;
use crate::digest::{Conduct, Iceberg, OrderRecord, StopRecord};
use crate::event::{CancelReason, Event};
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, TimeNs};

/// An accepted order, wherever it is: arriving, resting, waiting for its stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) id: OrderId,
    pub(super) client: ClientId,
    pub(super) reference: Reference,
    pub(super) side: Side,
    /// Open quantity, reserve included.
    pub(super) open: Qty,
    /// `None` for a market order, which crosses everything.
    pub(super) limit: Option<Price>,
    /// Whether what is left of it goes to the book.
    pub(super) may_rest: bool,
    /// Most lots that it shows.
    pub(super) display: Option<Qty>,
    pub(super) expiry: Option<TimeNs>,
    pub(super) conduct: Conduct,
}

/// An order of the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resting {
    pub(super) order: Order,
    pub(super) price: Price,
    /// Lots that the book shows; the others that are open are the reserve.
    pub(super) displayed: Qty,
    pub(super) priority: u64,
}

/// An order that waits for its stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) order: Order,
    pub(super) stop: Price,
    pub(super) is_triggered: bool,
}

impl Order {
    /// Rule 10.1: what it shows when all that is open comes to rest.
    pub(super) fn shown(&self) -> Qty {
        self.display.map_or(self.open, |display| display.min(self.open))
    }
}

impl Resting {
    pub(super) fn record(&self) -> OrderRecord {
        let Order { id, client, reference, open, display, expiry, conduct, .. } = self.order;
        let reserve = open.lots().saturating_sub(self.displayed.lots());
        OrderRecord {
            price: self.price,
            order: id,
            client,
            reference,
            displayed: self.displayed,
            priority: self.priority,
            conduct,
            iceberg: display.map(|display| Iceberg { display, reserve }),
            expiry,
        }
    }

    /// Where it stands on its side: the lowest trades first, rules 2.1 and 2.2.
    fn rank(&self) -> (i64, u64) {
        let ticks = i64::from(self.price.ticks());
        match self.order.side {
            Side::Buy => (-ticks, self.priority),
            Side::Sell => (ticks, self.priority),
        }
    }
}

impl Waiting {
    pub(super) fn record(&self) -> StopRecord {
        let Order { id, client, reference, side, open, limit, may_rest, expiry, conduct, .. } =
            self.order;
        StopRecord {
            order: id,
            client,
            reference,
            qty: open,
            side,
            stop: self.stop,
            self_trade: conduct.self_trade,
            limit,
            rests: may_rest,
            expiry,
            is_triggered: self.is_triggered,
        }
    }
}

impl ReferenceMarket {
    /// The orders of a side as §2 ranks them.
    pub(super) fn queue(&self, side: Side) -> Vec<Resting> {
        let own_side = self.resting.iter().filter(|resting| resting.order.side == side);
        let mut queue: Vec<Resting> = own_side.copied().collect();
        queue.sort_by_key(Resting::rank);
        queue
    }

    /// The first order of a side.
    pub(super) fn best(&self, side: Side) -> Option<Resting> {
        let own_side = self.resting.iter().filter(|resting| resting.order.side == side);
        own_side.min_by_key(|resting| resting.rank()).copied()
    }

    /// The orders that wait for their stop, by id.
    pub(super) fn waiting_by_id(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.clone();
        waiting.sort_by_key(|waiting| waiting.order.id);
        waiting
    }

    /// Every order that rests or waits, in no order.
    pub(super) fn live(&self) -> impl Iterator<Item = Order> {
        let resting = self.resting.iter().map(|resting| resting.order);
        resting.chain(self.waiting.iter().map(|waiting| waiting.order))
    }

    pub(super) fn take_out(&mut self, id: OrderId) {
        self.resting.retain(|resting| resting.order.id != id);
        self.waiting.retain(|waiting| waiting.order.id != id);
    }

    /// Lowers an open quantity and leaves the place, the reserve first, rule 10.3.
    pub(super) fn shrink(&mut self, id: OrderId, open: Qty) {
        for resting in self.resting.iter_mut().filter(|resting| resting.order.id == id) {
            resting.order.open = open;
            resting.displayed = resting.displayed.min(open);
        }
        for waiting in self.waiting.iter_mut().filter(|waiting| waiting.order.id == id) {
            waiting.order.open = open;
        }
    }

    pub(super) fn next_priority(&mut self) -> u64 {
        self.priorities = self.priorities.saturating_add(1);
        self.priorities
    }

    /// Takes a live or arriving order out, with all that is open.
    pub(super) fn cancel_order(
        &mut self,
        order: &Order,
        reason: CancelReason,
        events: &mut Vec<Event>,
    ) {
        self.take_out(order.id);
        let &Order { id, client, reference, open: qty, .. } = order;
        events.push(Event::Cancelled { order: id, client, reference, qty, reason });
    }
}
