//! The fast book: two ladders of price levels, each level a queue of orders in a slab, and an index
//! from id to slot.
//!
//! Invariants (checked by [`Book::check`]):
//! 1. best bid < best ask;
//! 2. no level is empty, and a level's open lots are the sum of its orders';
//! 3. within a level, priority numbers rise from front to back;
//! 4. every resting order is in the index and nothing else is.

mod bits;
mod index;
mod ladder;
mod slab;

use crate::book::index::Index;
use crate::book::ladder::{Ladder, Level};
use crate::book::slab::{NIL, Owner, Slab};
use crate::digest::Conduct;
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side};
use crate::view::{LevelView, OrderView};

pub(crate) use crate::book::slab::Slot;

/// An order about to rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resting {
    pub(crate) order: OrderId,
    pub(crate) client: ClientId,
    pub(crate) reference: Reference,
    pub(crate) side: Side,
    pub(crate) price: Price,
    pub(crate) qty: Qty,
    pub(crate) conduct: Conduct,
}

/// All resting orders of a market.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    bids: Ladder,
    asks: Ladder,
    slab: Slab,
    index: Index,
    live: u32,
    /// Priority numbers given so far.
    rested: u64,
}

impl Book {
    pub(crate) fn new() -> Self {
        Self {
            bids: Ladder::new(Side::Buy),
            asks: Ladder::new(Side::Sell),
            slab: Slab::new(),
            index: Index::default(),
            live: 0,
            rested: 0,
        }
    }

    pub(crate) const fn live(&self) -> u32 {
        self.live
    }

    pub(crate) const fn levels_live(&self) -> u32 {
        self.bids.levels() + self.asks.levels()
    }

    pub(crate) const fn rested(&self) -> u64 {
        self.rested
    }

    pub(crate) const fn best(&self, side: Side) -> Option<Price> {
        self.ladder(side).best()
    }

    /// Whether an order of this side rests at this price.
    pub(crate) fn is_occupied(&self, side: Side, price: Price) -> bool {
        self.ladder(side).level(price).head != NIL
    }

    /// The order that trades first, and its price.
    pub(crate) fn front(&self, side: Side) -> Option<(Slot, Price)> {
        let ladder = self.ladder(side);
        let price = ladder.best()?;
        Some((ladder.level(price).head, price))
    }

    pub(crate) fn find(&self, order: OrderId) -> Option<Slot> {
        self.index.get(order)
    }

    pub(crate) fn qty(&self, slot: Slot) -> Qty {
        self.slab.qty(slot)
    }

    pub(crate) fn client(&self, slot: Slot) -> ClientId {
        self.slab.owner(slot).client
    }

    pub(crate) fn view(&self, slot: Slot) -> OrderView {
        let owner = self.slab.owner(slot);
        OrderView {
            order: owner.order,
            client: owner.client,
            reference: owner.reference,
            side: self.slab.side(slot),
            price: self.slab.price(slot),
            qty: self.slab.qty(slot),
            priority: owner.priority,
            conduct: owner.conduct,
        }
    }

    /// Puts an order at the back of its level and gives it the next priority number.
    pub(crate) fn rest(&mut self, resting: Resting) {
        let Resting { order, client, reference, side, price, qty, conduct } = resting;
        self.rested += 1;
        let owner = Owner { order, reference, priority: self.rested, client, conduct };
        let slot = self.slab.insert(side, price, qty, owner);
        let mut level = self.ladder(side).level(price);
        if level.head == NIL {
            level.head = slot;
        } else {
            self.slab.set_next(level.tail, slot);
            self.slab.set_prev(slot, level.tail);
        }
        level.tail = slot;
        level.qty += u64::from(qty.lots());
        self.ladder_mut(side).set(price, level);
        self.index.insert(order, slot);
        self.live += 1;
    }

    /// Takes lots off an order; at zero it leaves the book. Returns what stays open.
    pub(crate) fn take(&mut self, slot: Slot, qty: Qty) -> Option<Qty> {
        let (side, price) = (self.slab.side(slot), self.slab.price(slot));
        let mut level = self.ladder(side).level(price);
        level.qty -= u64::from(qty.lots());
        let left = self.slab.qty(slot).minus(qty);
        match left {
            Some(left) => self.slab.set_qty(slot, left),
            None => self.unlink(slot, &mut level),
        }
        self.ladder_mut(side).set(price, level);
        left
    }

    /// Takes an order out of its queue, the index and the slab.
    fn unlink(&mut self, slot: Slot, level: &mut Level) {
        let (prev, next) = (self.slab.prev(slot), self.slab.next(slot));
        if prev == NIL {
            level.head = next;
        } else {
            self.slab.set_next(prev, next);
        }
        if next == NIL {
            level.tail = prev;
        } else {
            self.slab.set_prev(next, prev);
        }
        self.index.remove(self.slab.owner(slot).order);
        self.slab.remove(slot);
        self.live -= 1;
    }

    /// Slots of a side in priority order.
    pub(crate) fn slots(&self, side: Side) -> impl Iterator<Item = Slot> {
        self.levels(side).flat_map(move |level| {
            let head = self.ladder(side).level(level.price).head;
            core::iter::successors(Some(head), |slot| match self.slab.next(*slot) {
                NIL => None,
                next => Some(next),
            })
        })
    }

    /// Occupied levels of a side, best first.
    pub(crate) fn levels(&self, side: Side) -> impl Iterator<Item = LevelView> {
        let ladder = self.ladder(side);
        core::iter::successors(ladder.best(), |price| ladder.next_worse(*price))
            .map(|price| LevelView { price, qty: ladder.level(price).qty })
    }

    /// Checks every invariant.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        self.bids.check()?;
        self.asks.check()?;
        if let (Some(bid), Some(ask)) = (self.bids.best(), self.asks.best())
            && ask <= bid
        {
            return Err("invariant 1: the book is crossed");
        }
        let mut orders = 0;
        for side in [Side::Buy, Side::Sell] {
            for level in self.levels(side) {
                orders += self.check_level(side, level)?;
            }
        }
        if orders != self.live {
            return Err("invariant 4: the count of live orders is wrong");
        }
        Ok(())
    }

    fn check_level(&self, side: Side, view: LevelView) -> Result<u32, &'static str> {
        let level = self.ladder(side).level(view.price);
        let (mut orders, mut lots, mut priority, mut slot, mut prev) = (0, 0, 0, level.head, NIL);
        while slot != NIL {
            let order = self.view(slot);
            if order.side != side || order.price != view.price || self.slab.prev(slot) != prev {
                return Err("invariant 2: an order is linked to a wrong level or neighbour");
            }
            if order.priority <= priority {
                return Err("invariant 3: priority numbers do not rise");
            }
            if self.index.get(order.order) != Some(slot) {
                return Err("invariant 4: a resting order is not in the index");
            }
            orders += 1;
            lots += u64::from(order.qty.lots());
            priority = order.priority;
            prev = slot;
            slot = self.slab.next(slot);
        }
        if level.tail != prev || lots != level.qty || orders == 0 {
            return Err("invariant 2: a level's tail or open lots are wrong");
        }
        Ok(orders)
    }

    const fn ladder(&self, side: Side) -> &Ladder {
        match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        }
    }

    const fn ladder_mut(&mut self, side: Side) -> &mut Ladder {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }
}
