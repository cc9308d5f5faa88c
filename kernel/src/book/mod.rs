//! The fast book: two ladders of price levels, each level a queue of orders in a slab, and an index
//! from id to slot.
//!
//! Invariants (checked by [`Book::check`]):
//! 1. no level is empty, and a level's lots are the displayed lots of its orders;
//! 2. within a level, priority numbers rise from front to back;
//! 3. every resting order is in the index and nothing else is;
//! 4. an iceberg shows at least one lot, and only icebergs have a reserve.
//!
//! In a continuous market the book is not crossed between commands: the engine sees to that.

mod bits;
mod check;
mod index;
mod ladder;
mod slab;

use alloc::collections::BTreeMap;

use crate::book::index::Index;
use crate::book::ladder::{Ladder, Level};
use crate::book::slab::{NIL, Owner, Slab};
use crate::digest::{Conduct, Iceberg};
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
    /// Open quantity, reserve included.
    pub(crate) qty: Qty,
    pub(crate) display: Option<Qty>,
    pub(crate) expires: bool,
    pub(crate) conduct: Conduct,
}

/// What a trade left of a resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// It keeps its place.
    Partly,
    /// It shows lots of its reserve at the back of its level.
    Refilled { displayed: Qty, open: Qty },
    /// Nothing.
    Gone,
}

/// All resting orders of a market.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    bids: Ladder,
    asks: Ladder,
    slab: Slab,
    index: Index,
    icebergs: BTreeMap<OrderId, Iceberg>,
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
            icebergs: BTreeMap::new(),
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

    pub(crate) fn is_crossed(&self) -> bool {
        match (self.bids.best(), self.asks.best()) {
            (Some(bid), Some(ask)) => ask <= bid,
            (None, _) | (_, None) => false,
        }
    }

    /// Whether an order of this side rests at this price.
    pub(crate) fn is_occupied(&self, side: Side, price: Price) -> bool {
        self.ladder(side).level(price).head != NIL
    }

    /// Whether any order has or had a reserve: else displayed lots are all lots.
    pub(crate) fn has_icebergs(&self) -> bool {
        !self.icebergs.is_empty()
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

    /// Displayed lots.
    pub(crate) fn displayed(&self, slot: Slot) -> Qty {
        self.slab.qty(slot)
    }

    /// Open lots, reserve included.
    pub(crate) fn open(&self, slot: Slot) -> Qty {
        let displayed = self.slab.qty(slot);
        match self.iceberg(slot) {
            None => displayed,
            Some(iceberg) => sum(displayed, iceberg.reserve),
        }
    }

    pub(crate) fn client(&self, slot: Slot) -> ClientId {
        self.slab.owner(slot).client
    }

    /// Who owns an order, and the numbers it is known by.
    pub(crate) fn identity(&self, slot: Slot) -> (OrderId, ClientId, Reference) {
        let owner = self.slab.owner(slot);
        (owner.order, owner.client, owner.reference)
    }

    pub(crate) fn iceberg(&self, slot: Slot) -> Option<Iceberg> {
        let owner = self.slab.owner(slot);
        if owner.is_iceberg { self.icebergs.get(&owner.order).copied() } else { None }
    }

    pub(crate) fn expires(&self, slot: Slot) -> bool {
        self.slab.owner(slot).expires
    }

    pub(crate) fn view(&self, slot: Slot) -> OrderView {
        let owner = self.slab.owner(slot);
        OrderView {
            order: owner.order,
            client: owner.client,
            reference: owner.reference,
            side: self.slab.side(slot),
            price: self.slab.price(slot),
            qty: self.open(slot),
            displayed: self.slab.qty(slot),
            priority: owner.priority,
            conduct: owner.conduct,
        }
    }

    /// Puts an order at the back of its level and gives it the next priority number. Returns the
    /// lots that it shows.
    pub(crate) fn rest(&mut self, resting: &Resting) -> Qty {
        let &Resting { order, client, reference, side, price, qty, display, expires, conduct } =
            resting;
        let displayed = display.map_or(qty, |display| display.min(qty));
        if let Some(display) = display {
            let reserve = qty.lots() - displayed.lots();
            self.icebergs.insert(order, Iceberg { display, reserve });
        }
        let is_iceberg = display.is_some();
        let owner = Owner { order, reference, priority: 0, client, conduct, is_iceberg, expires };
        let slot = self.slab.insert(side, price, displayed, owner);
        let mut level = self.ladder(side).level(price);
        self.link(slot, &mut level);
        self.ladder_mut(side).set(price, level);
        self.index.insert(order, slot);
        self.live += 1;
        displayed
    }

    /// Takes displayed lots off an order that was met; an iceberg refills, any other at zero goes.
    pub(crate) fn fill(&mut self, slot: Slot, qty: Qty) -> Filled {
        let (side, price) = (self.slab.side(slot), self.slab.price(slot));
        let mut level = self.ladder(side).level(price);
        let filled = match self.slab.qty(slot).minus(qty) {
            Some(left) => {
                self.slab.set_qty(slot, left);
                level.qty -= u64::from(qty.lots());
                Filled::Partly
            }
            None if self.slab.owner(slot).is_iceberg => self.refill(slot, &mut level),
            None => {
                self.unlink(slot, &mut level);
                self.release(slot);
                Filled::Gone
            }
        };
        self.ladder_mut(side).set(price, level);
        filled
    }

    /// The displayed lots of an iceberg are gone: it shows others, or goes.
    fn refill(&mut self, slot: Slot, level: &mut Level) -> Filled {
        self.unlink(slot, level);
        let iceberg = self.icebergs.get_mut(&self.slab.owner(slot).order);
        let refill = iceberg.and_then(|iceberg| {
            let open = Qty::new(iceberg.reserve).ok()?;
            let displayed = open.min(iceberg.display);
            iceberg.reserve -= displayed.lots();
            Some((displayed, open))
        });
        let Some((displayed, open)) = refill else {
            self.release(slot);
            return Filled::Gone;
        };
        self.slab.set_qty(slot, displayed);
        self.link(slot, level);
        Filled::Refilled { displayed, open }
    }

    /// Takes fewer lots than are open off an order, from its reserve first. Its place stays.
    pub(crate) fn reduce(&mut self, slot: Slot, by: Qty) {
        let owner = self.slab.owner(slot);
        let from_reserve = match self.icebergs.get_mut(&owner.order) {
            Some(iceberg) if owner.is_iceberg => {
                let lots = iceberg.reserve.min(by.lots());
                iceberg.reserve -= lots;
                lots
            }
            Some(_) | None => 0,
        };
        let Ok(by) = Qty::new(by.lots() - from_reserve) else { return };
        let Some(left) = self.slab.qty(slot).minus(by) else {
            unreachable!("less than the open quantity is taken")
        };
        self.show(slot, left);
    }

    /// Takes lots off an order in an uncross, whatever it shows; what is left keeps its place.
    /// Returns the lots that stay open.
    pub(crate) fn take_open(&mut self, slot: Slot, qty: Qty) -> Option<Qty> {
        let left = self.open(slot).minus(qty);
        match left {
            None => self.remove(slot),
            Some(left) => {
                let owner = self.slab.owner(slot);
                let displayed = match self.icebergs.get_mut(&owner.order) {
                    Some(iceberg) if owner.is_iceberg => {
                        let displayed = left.min(iceberg.display);
                        iceberg.reserve = left.lots() - displayed.lots();
                        displayed
                    }
                    Some(_) | None => left,
                };
                self.show(slot, displayed);
            }
        }
        left
    }

    /// Takes an order out of the book.
    pub(crate) fn remove(&mut self, slot: Slot) {
        let (side, price) = (self.slab.side(slot), self.slab.price(slot));
        let mut level = self.ladder(side).level(price);
        self.unlink(slot, &mut level);
        self.release(slot);
        self.ladder_mut(side).set(price, level);
    }

    /// Changes how many lots an order shows.
    fn show(&mut self, slot: Slot, displayed: Qty) {
        let (side, price) = (self.slab.side(slot), self.slab.price(slot));
        let mut level = self.ladder(side).level(price);
        level.qty -= u64::from(self.slab.qty(slot).lots());
        level.qty += u64::from(displayed.lots());
        self.slab.set_qty(slot, displayed);
        self.ladder_mut(side).set(price, level);
    }

    /// Puts a slot at the back of a level under the next priority number.
    fn link(&mut self, slot: Slot, level: &mut Level) {
        self.rested += 1;
        self.slab.set_priority(slot, self.rested);
        self.slab.set_next(slot, NIL);
        self.slab.set_prev(slot, level.tail);
        if level.head == NIL {
            level.head = slot;
        } else {
            self.slab.set_next(level.tail, slot);
        }
        level.tail = slot;
        level.qty += u64::from(self.slab.qty(slot).lots());
    }

    /// Takes a slot out of a level's queue.
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
        level.qty -= u64::from(self.slab.qty(slot).lots());
    }

    /// Forgets an order that is in no queue any more.
    fn release(&mut self, slot: Slot) {
        let owner = self.slab.owner(slot);
        self.index.remove(owner.order);
        if owner.is_iceberg {
            self.icebergs.remove(&owner.order);
        }
        self.slab.remove(slot);
        self.live -= 1;
    }

    /// Slots of a side in priority order.
    pub(crate) fn slots(&self, side: Side) -> impl Iterator<Item = Slot> {
        self.levels(side).flat_map(move |level| self.slots_at(side, level.price))
    }

    /// Slots of a level, front to back.
    pub(crate) fn slots_at(&self, side: Side, price: Price) -> impl Iterator<Item = Slot> {
        let head = self.ladder(side).level(price).head;
        let first = (head != NIL).then_some(head);
        core::iter::successors(first, |slot| match self.slab.next(*slot) {
            NIL => None,
            next => Some(next),
        })
    }

    /// Occupied levels of a side, best first.
    pub(crate) fn levels(&self, side: Side) -> impl Iterator<Item = LevelView> {
        let ladder = self.ladder(side);
        core::iter::successors(ladder.best(), |price| ladder.next_worse(*price))
            .map(|price| LevelView { price, qty: ladder.level(price).qty })
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

/// Displayed lots and reserve together.
fn sum(displayed: Qty, reserve: u32) -> Qty {
    let Ok(open) = Qty::new(displayed.lots() + reserve) else {
        unreachable!("displayed lots and reserve are parts of one quantity")
    };
    open
}
