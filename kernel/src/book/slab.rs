//! Where resting orders live: one cache line each, free slots in a list.

#![expect(clippy::disallowed_types, reason = "slots index slices")]

use alloc::vec;
use alloc::vec::Vec;

use crate::command::SelfTrade;
use crate::digest::{Conduct, Iceberg};
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, TimeNs};

/// A place in the slab.
pub(crate) type Slot = u32;

/// No slot: the end of a list. Slot 0 holds no order; its links are written like any others and mean
/// nothing, so that the ends of a queue need no branches.
pub(crate) const NIL: Slot = 0;

/// A resting order and its place in the queue of its level: everything that any command touches of
/// it, so that a deep book costs one line of memory for each order met. The fields leave no gap in
/// the order in which they stand, which compilers that lay types out at random keep.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Node {
    /// Displayed lots.
    pub(crate) displayed: Qty,
    pub(crate) price: Price,
    pub(crate) next: Slot,
    pub(crate) prev: Slot,
    pub(crate) order: OrderId,
    pub(crate) reference: Reference,
    pub(crate) priority: u64,
    pub(crate) client: ClientId,
    pub(crate) side: Side,
    pub(crate) conduct: Conduct,
    /// Whether `end` means anything. Apart from it, so that both fit into the line.
    pub(super) expires: bool,
    /// Most lots that an iceberg shows; `None` for any other order.
    pub(crate) display: Option<Qty>,
    /// Open lots that are not displayed.
    pub(crate) reserve: u32,
    pub(super) end: TimeNs,
}

const _: () = assert!(size_of::<Node>() == 64, "an order is one cache line");

impl Node {
    pub(crate) const VACANT: Self = Self {
        displayed: Qty::MIN,
        price: Price::MIN,
        next: NIL,
        prev: NIL,
        order: OrderId(0),
        reference: Reference(0),
        priority: 0,
        client: ClientId(0),
        side: Side::Buy,
        conduct: Conduct { self_trade: SelfTrade::Allow, post_only: false },
        expires: false,
        display: None,
        reserve: 0,
        end: TimeNs(0),
    };

    /// Open lots, reserve included.
    pub(crate) fn open(&self) -> Qty {
        let Ok(open) = Qty::new(self.displayed.lots() + self.reserve) else {
            unreachable!("displayed lots and reserve are parts of one quantity")
        };
        open
    }

    /// When it ends, if it is good till a time.
    pub(crate) fn expiry(&self) -> Option<TimeNs> {
        self.expires.then_some(self.end)
    }

    pub(crate) fn iceberg(&self) -> Option<Iceberg> {
        self.display.map(|display| Iceberg { display, reserve: self.reserve })
    }
}

/// All resting orders.
#[derive(Clone, Debug)]
pub(crate) struct Slab {
    nodes: Vec<Node>,
    /// First free slot; the others follow by `next`.
    vacant: Slot,
}

impl Slab {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::VACANT], vacant: NIL }
    }

    /// An empty slab with room for so many orders.
    pub(crate) fn with_room(orders: usize) -> Self {
        let mut nodes = Vec::with_capacity(orders.saturating_add(1));
        nodes.push(Node::VACANT);
        Self { nodes, vacant: NIL }
    }

    /// The slot that [`push`](Self::push) fills next, in a slab that gave none back yet.
    pub(crate) fn next_slot(&self) -> Slot {
        let Ok(slot) = Slot::try_from(self.nodes.len()) else {
            unreachable!("the limit on live orders is below 2^32")
        };
        slot
    }

    /// Adds an order behind all others.
    pub(crate) fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// The orders of a slab that gave no slot back yet, by slot, from slot 1 on.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes[1..]
    }

    /// Takes a slot for an order.
    pub(crate) fn take(&mut self) -> Slot {
        if self.vacant == NIL {
            self.grow();
        }
        let slot = self.vacant;
        self.vacant = self.get(slot).next;
        slot
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let slot = self.next_slot();
        self.nodes.push(Node::VACANT);
        self.vacant = slot;
    }

    /// Gives a slot back; its links must have been taken out before.
    pub(crate) fn free(&mut self, slot: Slot) {
        self.get_mut(slot).next = self.vacant;
        self.vacant = slot;
    }

    /// Slots that hold an order: all but those on the list of free ones. `None` if the list does not
    /// end.
    pub(super) fn len(&self) -> Option<u32> {
        let slots = self.next_slot() - 1;
        let (mut vacant, mut slot) = (0, self.vacant);
        while slot != NIL {
            vacant += 1;
            if slots < vacant {
                return None;
            }
            slot = self.get(slot).next;
        }
        Some(slots - vacant)
    }

    pub(crate) fn get(&self, slot: Slot) -> &Node {
        &self.nodes[slot as usize]
    }

    pub(crate) fn get_mut(&mut self, slot: Slot) -> &mut Node {
        &mut self.nodes[slot as usize]
    }
}
