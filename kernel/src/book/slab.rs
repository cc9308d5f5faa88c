//! Where resting orders live: what matching touches in 16 bytes, the rest beside it, free slots in
//! a list, so that a few thousand live orders stay in the first caches.

#![expect(clippy::disallowed_types, reason = "slots index slices")]

use alloc::vec;
use alloc::vec::Vec;

use crate::digest::Conduct;
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side};

/// A place in the slab. Slot 0 is never used.
pub(crate) type Slot = u32;

/// No slot: the end of a list.
pub(crate) const NIL: Slot = 0;

/// What matching and unlinking touch.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Displayed lots.
    qty: u32,
    /// Price in the low 31 bits, set high bit for a sell.
    price_side: u32,
    next: Slot,
    prev: Slot,
}

/// What events and the digest need of an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    pub(crate) order: OrderId,
    pub(crate) reference: Reference,
    pub(crate) priority: u64,
    pub(crate) client: ClientId,
    pub(crate) conduct: Conduct,
    /// Whether it has a reserve or had one: then the book knows its [`Iceberg`](crate::digest::Iceberg).
    pub(crate) is_iceberg: bool,
    /// Whether it has an expiry.
    pub(crate) expires: bool,
}

/// All resting orders.
#[derive(Clone, Debug)]
pub(crate) struct Slab {
    nodes: Vec<Node>,
    owners: Vec<Owner>,
    /// First free slot; the others follow by `next`.
    free: Slot,
}

const SELL_BIT: u32 = 1 << 31;

const VACANT: Node = Node { qty: 0, price_side: 0, next: NIL, prev: NIL };

const NOBODY: Owner = Owner {
    order: OrderId(0),
    reference: Reference(0),
    priority: 0,
    client: ClientId(0),
    conduct: Conduct { self_trade: crate::command::SelfTrade::Allow, post_only: false },
    is_iceberg: false,
    expires: false,
};

impl Slab {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![VACANT], owners: vec![NOBODY], free: NIL }
    }

    /// Takes a slot for an order that is in no list yet.
    pub(crate) fn insert(&mut self, side: Side, price: Price, qty: Qty, owner: Owner) -> Slot {
        let node = Node { qty: qty.lots(), price_side: pack(side, price), next: NIL, prev: NIL };
        if self.free == NIL {
            let Ok(slot) = Slot::try_from(self.nodes.len()) else {
                unreachable!("the limit on live orders is below 2^32")
            };
            self.nodes.push(node);
            self.owners.push(owner);
            slot
        } else {
            let slot = self.free;
            self.free = self.nodes[slot as usize].next;
            self.nodes[slot as usize] = node;
            self.owners[slot as usize] = owner;
            slot
        }
    }

    /// Gives a slot back; its links must have been taken out before.
    pub(crate) fn remove(&mut self, slot: Slot) {
        self.nodes[slot as usize] = Node { next: self.free, ..VACANT };
        self.free = slot;
    }

    pub(crate) fn qty(&self, slot: Slot) -> Qty {
        let Ok(qty) = Qty::new(self.nodes[slot as usize].qty) else {
            unreachable!("a resting order has open lots")
        };
        qty
    }

    pub(crate) fn set_qty(&mut self, slot: Slot, qty: Qty) {
        self.nodes[slot as usize].qty = qty.lots();
    }

    pub(crate) fn price(&self, slot: Slot) -> Price {
        let Ok(price) = Price::new(self.nodes[slot as usize].price_side & !SELL_BIT) else {
            unreachable!("a resting order has a price")
        };
        price
    }

    pub(crate) fn side(&self, slot: Slot) -> Side {
        if self.nodes[slot as usize].price_side & SELL_BIT == 0 { Side::Buy } else { Side::Sell }
    }

    pub(crate) fn owner(&self, slot: Slot) -> &Owner {
        &self.owners[slot as usize]
    }

    pub(crate) fn set_priority(&mut self, slot: Slot, priority: u64) {
        self.owners[slot as usize].priority = priority;
    }

    pub(crate) fn next(&self, slot: Slot) -> Slot {
        self.nodes[slot as usize].next
    }

    pub(crate) fn prev(&self, slot: Slot) -> Slot {
        self.nodes[slot as usize].prev
    }

    pub(crate) fn set_next(&mut self, slot: Slot, next: Slot) {
        self.nodes[slot as usize].next = next;
    }

    pub(crate) fn set_prev(&mut self, slot: Slot, prev: Slot) {
        self.nodes[slot as usize].prev = prev;
    }
}

const fn pack(side: Side, price: Price) -> u32 {
    match side {
        Side::Buy => price.ticks(),
        Side::Sell => price.ticks() | SELL_BIT,
    }
}
