//! The fast book: two ladders of price levels, each level a queue of orders in a slab, and an index
//! from id to slot.
//!
//! [`Book::check`] looks at invariants 1 to 7 of [`Invariant`](crate::Invariant). In a continuous
//! market the book is not crossed between commands: the engine sees to that.

mod ahead;
mod bits;
mod check;
mod index;
mod ladder;
mod restore;
mod slab;

use crate::book::index::Index;
use crate::book::ladder::Ladder;
use crate::book::slab::{NIL, Slab};
use crate::digest::Conduct;
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, TimeNs};
use crate::view::{LevelView, OrderView};

pub(crate) use crate::book::slab::{Node, Slot};

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
    pub(crate) expiry: Option<TimeNs>,
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
    /// Bids, then asks: chosen by index, because a branch on the side is a coin toss to the processor.
    ladders: [Ladder; 2],
    slab: Slab,
    index: Index,
    /// Orders with a display.
    icebergs: u32,
    live: u32,
    /// Priority numbers given so far.
    rested: u64,
}

impl Book {
    pub(crate) fn new() -> Self {
        Self {
            ladders: [Ladder::new(Side::Buy), Ladder::new(Side::Sell)],
            slab: Slab::new(),
            index: Index::default(),
            icebergs: 0,
            live: 0,
            rested: 0,
        }
    }

    pub(crate) const fn live(&self) -> u32 {
        self.live
    }

    pub(crate) const fn levels_live(&self) -> u32 {
        let [bids, asks] = &self.ladders;
        bids.levels() + asks.levels()
    }

    pub(crate) const fn rested(&self) -> u64 {
        self.rested
    }

    pub(crate) const fn best(&self, side: Side) -> Option<Price> {
        self.ladder(side).best()
    }

    /// The best price of a side, if an opposite order with this limit reaches it.
    pub(crate) fn best_within(&self, side: Side, limit: Option<Price>) -> Option<Price> {
        self.ladder(side).best_within(limit)
    }

    pub(crate) fn is_crossed(&self) -> bool {
        match (self.best(Side::Buy), self.best(Side::Sell)) {
            (Some(bid), Some(ask)) => ask <= bid,
            (None, _) | (_, None) => false,
        }
    }

    /// Whether an order of this side rests at this price.
    pub(crate) fn is_occupied(&self, side: Side, price: Price) -> bool {
        self.ladder(side).level(price).head != NIL
    }

    /// Whether any order has a display: else displayed lots are all lots.
    pub(crate) const fn has_icebergs(&self) -> bool {
        0 < self.icebergs
    }

    /// The order that trades first, and its price.
    pub(crate) fn front(&self, side: Side) -> Option<(Slot, Price)> {
        let price = self.best(side)?;
        Some((self.head(side, price), price))
    }

    /// The order in front of an occupied level.
    pub(crate) fn head(&self, side: Side, price: Price) -> Slot {
        self.ladder(side).level(price).head
    }

    pub(crate) fn find(&self, order: OrderId) -> Option<Slot> {
        self.index.get(order)
    }

    pub(crate) fn get(&self, slot: Slot) -> &Node {
        self.slab.get(slot)
    }

    pub(crate) fn view(&self, slot: Slot) -> OrderView {
        let node = self.slab.get(slot);
        OrderView {
            order: node.order,
            client: node.client,
            reference: node.reference,
            side: node.side,
            price: node.price,
            qty: node.open(),
            displayed: node.displayed,
            priority: node.priority,
            conduct: node.conduct,
        }
    }

    /// Puts an order at the back of its level and gives it the next priority number. Returns the
    /// lots that it shows.
    #[inline(always)]
    pub(crate) fn rest(&mut self, resting: &Resting) -> Qty {
        let &Resting { order, client, reference, side, price, qty, display, expiry, conduct } =
            resting;
        let displayed = display.map_or(qty, |display| display.min(qty));
        self.icebergs += u32::from(display.is_some());
        let slot = self.slab.take();
        let prev = self.join(slot, side, price, displayed);
        *self.slab.get_mut(slot) = Node {
            displayed,
            price,
            next: NIL,
            prev,
            order,
            reference,
            priority: self.rested,
            client,
            side,
            conduct,
            display,
            reserve: qty.lots() - displayed.lots(),
            expires: expiry.is_some(),
            end: expiry.unwrap_or_default(),
        };
        self.index.insert(order, slot);
        self.live += 1;
        displayed
    }

    /// Takes displayed lots off an order that was met; an iceberg refills, any other at zero goes.
    #[inline(always)]
    pub(crate) fn fill(&mut self, slot: Slot, side: Side, qty: Qty) -> Filled {
        let node = self.slab.get_mut(slot);
        if let Some(left) = node.displayed.minus(qty) {
            node.displayed = left;
            let price = node.price;
            self.ladder_mut(side).level_mut(price).qty -= u64::from(qty.lots());
            return Filled::Partly;
        }
        if let (Some(display), Ok(open)) = (node.display, Qty::new(node.reserve)) {
            let displayed = self.refill(slot, display, open);
            return Filled::Refilled { displayed, open };
        }
        self.remove(slot);
        Filled::Gone
    }

    /// Puts an iceberg whose displayed lots are gone to the back of its level. Returns the lots that
    /// it shows now.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, slot: Slot, display: Qty, open: Qty) -> Qty {
        self.unlink(slot);
        let displayed = open.min(display);
        let &Node { side, price, .. } = self.slab.get(slot);
        let prev = self.join(slot, side, price, displayed);
        let node = self.slab.get_mut(slot);
        node.displayed = displayed;
        node.reserve -= displayed.lots();
        node.priority = self.rested;
        (node.prev, node.next) = (prev, NIL);
        displayed
    }

    /// Takes fewer lots than are open off an order, from its reserve first. Its place stays.
    pub(crate) fn reduce(&mut self, slot: Slot, by: Qty) {
        let node = self.slab.get_mut(slot);
        let from_reserve = node.reserve.min(by.lots());
        node.reserve -= from_reserve;
        let Ok(by) = Qty::new(by.lots() - from_reserve) else { return };
        let Some(left) = node.displayed.minus(by) else {
            unreachable!("less than the open quantity is taken")
        };
        self.show(slot, left);
    }

    /// Takes lots off an order in an uncross, whatever it shows; what is left keeps its place.
    /// Returns the lots that stay open.
    pub(crate) fn take_open(&mut self, slot: Slot, qty: Qty) -> Option<Qty> {
        let node = self.slab.get_mut(slot);
        let left = node.open().minus(qty);
        match left {
            None => self.remove(slot),
            Some(left) => {
                let displayed = node.display.map_or(left, |display| display.min(left));
                node.reserve = left.lots() - displayed.lots();
                self.show(slot, displayed);
            }
        }
        left
    }

    /// Takes an order out of the book.
    #[inline(always)]
    pub(crate) fn remove(&mut self, slot: Slot) {
        self.unlink(slot);
        let node = self.slab.get(slot);
        self.icebergs -= u32::from(node.display.is_some());
        self.index.remove(node.order);
        self.slab.free(slot);
        self.live -= 1;
    }

    /// Changes how many lots an order shows.
    fn show(&mut self, slot: Slot, displayed: Qty) {
        let node = self.slab.get_mut(slot);
        let (side, price) = (node.side, node.price);
        let before = core::mem::replace(&mut node.displayed, displayed);
        let level = self.ladder_mut(side).level_mut(price);
        level.qty = level.qty + u64::from(displayed.lots()) - u64::from(before.lots());
    }

    /// Makes an order the last of its level under the next priority number. Returns the one before
    /// it, which is told; the order itself is not.
    #[inline(always)]
    fn join(&mut self, slot: Slot, side: Side, price: Price, displayed: Qty) -> Slot {
        self.rested += 1;
        let level = self.ladder_mut(side).occupy(price);
        let prev = core::mem::replace(&mut level.tail, slot);
        level.head = if level.head == NIL { slot } else { level.head };
        level.qty += u64::from(displayed.lots());
        self.slab.get_mut(prev).next = slot;
        prev
    }

    /// Takes an order out of the queue of its level.
    #[inline(always)]
    fn unlink(&mut self, slot: Slot) {
        let Self { ladders, slab, .. } = self;
        let &Node { side, displayed, price, next, prev, .. } = slab.get(slot);
        slab.get_mut(prev).next = next;
        slab.get_mut(next).prev = prev;
        let ladder = &mut ladders[side.index()];
        let level = ladder.level_mut(price);
        level.qty -= u64::from(displayed.lots());
        level.head = if prev == NIL { next } else { level.head };
        level.tail = if next == NIL { prev } else { level.tail };
        if level.head == NIL {
            ladder.vacate(price);
        }
    }

    /// Slots of a side in priority order.
    pub(crate) fn slots(&self, side: Side) -> impl Iterator<Item = Slot> {
        self.levels(side).flat_map(move |level| self.slots_at(side, level.price))
    }

    /// Slots of a level, front to back.
    pub(crate) fn slots_at(&self, side: Side, price: Price) -> impl Iterator<Item = Slot> {
        let head = self.ladder(side).level(price).head;
        let first = (head != NIL).then_some(head);
        core::iter::successors(first, |slot| match self.slab.get(*slot).next {
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

    /// The level of a side at a price; `None` where nothing rests.
    pub(crate) fn level(&self, side: Side, price: Price) -> Option<LevelView> {
        let level = self.ladder(side).level(price);
        (level.head != NIL).then_some(LevelView { price, qty: level.qty })
    }

    /// How many levels of a side are occupied.
    pub(crate) const fn levels_on(&self, side: Side) -> u32 {
        self.ladder(side).levels()
    }

    const fn ladder(&self, side: Side) -> &Ladder {
        &self.ladders[side.index()]
    }

    const fn ladder_mut(&mut self, side: Side) -> &mut Ladder {
        &mut self.ladders[side.index()]
    }
}
