//! Commands about orders that live already. RULES.md §8.

use alloc::vec::Vec;

use crate::book::{Node, Slot};
use crate::engine::{Arriving, Engine};
use crate::event::{CancelReason, Event};
use crate::units::{ClientId, OrderId, Price, Qty, Side};

/// Where a live order is.
#[derive(Clone, Copy)]
pub(super) enum Live {
    /// In the book.
    Resting(Slot),
    /// Outside it, waiting for its stop.
    Waiting,
}

impl Engine {
    /// 8.1.
    pub(super) fn cancel(&mut self, client: ClientId, order: OrderId, events: &mut Vec<Event>) {
        match self.owned(client, order) {
            Ok(Live::Resting(slot)) => self.take_out(slot, CancelReason::Requested, events),
            Ok(live) => self.end(order, live, CancelReason::Requested, events),
            Err(reason) => events.push(Event::Rejected { order: Some(order), reason }),
        }
    }

    /// 8.3.
    pub(super) fn reduce(
        &mut self,
        client: ClientId,
        order: OrderId,
        by: Qty,
        events: &mut Vec<Event>,
    ) {
        let checked = self.owned(client, order).and_then(|live| {
            let open = self.open_of(order, live);
            self.check_reduce(by, open).map(|()| (live, open))
        });
        match checked {
            Ok((live, open)) => match open.minus(by) {
                None => self.end(order, live, CancelReason::Requested, events),
                Some(left) => {
                    self.lower(order, live, by, left);
                    events.push(Event::Reduced { order, by, open: left });
                }
            },
            Err(reason) => events.push(Event::Rejected { order: Some(order), reason }),
        }
    }

    /// 8.4 and 8.5.
    pub(super) fn replace(
        &mut self,
        client: ClientId,
        order: OrderId,
        price: Price,
        qty: Qty,
        events: &mut Vec<Event>,
    ) {
        let slot = match self.check_replace(client, order, price, qty) {
            Ok(slot) => slot,
            Err(reason) => {
                events.push(Event::Rejected { order: Some(order), reason });
                return;
            }
        };
        let before = self.book.view(slot);
        let kept_priority = price == before.price && qty < before.qty;
        events.push(Event::Replaced { order, price, qty, kept_priority });
        if kept_priority {
            let Some(by) = before.qty.minus(qty) else { unreachable!("the quantity falls") };
            self.lower(order, Live::Resting(slot), by, qty);
            return;
        }
        let node = self.book.get(slot);
        let (display, expiry) = (node.display, node.expiry());
        self.remove(slot);
        let arriving = Arriving {
            order,
            client,
            reference: before.reference,
            side: before.side,
            limit: Some(price),
            rests: true,
            display,
            expiry,
            conduct: before.conduct,
        };
        self.arrive(&arriving, qty, events);
    }

    /// 8.6.
    pub(super) fn mass_cancel(&mut self, client: ClientId, events: &mut Vec<Event>) {
        let account = self.accounts.get(client);
        let mut left = account.orders;
        events.push(Event::MassCancelled { client, orders: left });
        let waiting = self.stops.iter().filter(|stop| stop.client == client);
        let waiting: Vec<_> = waiting.map(|stop| stop.order).collect();
        left -= u32::try_from(waiting.len()).unwrap_or(left);
        let mut resting = Vec::new();
        for side in [Side::Buy, Side::Sell] {
            for slot in self.book.slots(side) {
                if left == 0 {
                    break;
                }
                if self.book.get(slot).client == client {
                    left -= 1;
                    resting.push(slot);
                }
            }
        }
        for slot in resting {
            self.take_out(slot, CancelReason::Mass, events);
        }
        for order in waiting {
            self.end(order, Live::Waiting, CancelReason::Mass, events);
        }
    }

    /// The open quantity of a live order.
    pub(super) fn open_of(&self, order: OrderId, live: Live) -> Qty {
        match live {
            Live::Resting(slot) => self.book.get(slot).open(),
            Live::Waiting => match self.stops.get(order) {
                Some(stop) => stop.qty,
                None => unreachable!("the order waits"),
            },
        }
    }

    /// Takes a live order out of wherever it is and says why.
    #[cold]
    #[inline(never)]
    pub(super) fn end(
        &mut self,
        order: OrderId,
        live: Live,
        reason: CancelReason,
        events: &mut Vec<Event>,
    ) {
        match live {
            Live::Resting(slot) => self.take_out(slot, reason, events),
            Live::Waiting => {
                if let Some(stop) = self.stop_waiting(order) {
                    let (client, reference, qty) = (stop.client, stop.reference, stop.qty);
                    events.push(Event::Cancelled { order, client, reference, qty, reason });
                }
            }
        }
    }

    /// Takes a resting order out of book and accounts and says why.
    #[inline(always)]
    pub(super) fn take_out(&mut self, slot: Slot, reason: CancelReason, events: &mut Vec<Event>) {
        let node = self.book.get(slot);
        let &Node { order, client, reference, .. } = node;
        events.push(Event::Cancelled { order, client, reference, qty: node.open(), reason });
        self.remove(slot);
    }

    /// Takes a resting order out of book, accounts and expiries.
    #[inline(always)]
    fn remove(&mut self, slot: Slot) {
        let node = self.book.get(slot);
        let (order, expiry) = (node.order, node.expiry());
        self.accounts.leave(node.client, node.side, node.open(), true);
        self.book.remove(slot);
        self.forget_expiry(order, expiry);
    }

    /// Lowers a live order's open quantity where it stands.
    fn lower(&mut self, order: OrderId, live: Live, by: Qty, left: Qty) {
        let (client, side) = match live {
            Live::Resting(slot) => {
                let &Node { client, side, .. } = self.book.get(slot);
                self.book.reduce(slot, by);
                (client, side)
            }
            Live::Waiting => match self.stops.get(order) {
                Some(stop) => {
                    let owner = (stop.client, stop.side);
                    self.stops.set_qty(order, left);
                    owner
                }
                None => unreachable!("the order waits"),
            },
        };
        self.accounts.leave(client, side, by, false);
    }
}
