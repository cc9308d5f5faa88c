//! A book out of its records: orders are put back in the order in which they would trade, then
//! entered into the index all at once.

#![expect(clippy::disallowed_types, reason = "counts slots")]

use alloc::vec::Vec;

use crate::book::Book;
use crate::book::index::Index;
use crate::book::slab::{NIL, Node, Slab, Slot};
use crate::digest::OrderRecord;
use crate::flaw::Flaw;
use crate::units::Side;

impl Book {
    /// An empty book with room for so many orders.
    pub(crate) fn with_room(orders: usize) -> Self {
        Self { slab: Slab::with_room(orders), ..Self::new() }
    }

    /// Puts an order back behind those of its side, under the priority number that it has. The index
    /// knows it after [`index_restored`](Self::index_restored).
    pub(crate) fn put_back(&mut self, side: Side, record: &OrderRecord) {
        let &OrderRecord { price, order, client, reference, displayed, .. } = record;
        let slot = self.slab.next_slot();
        let prev = self.join(slot, side, price, displayed);
        self.slab.push(Node {
            displayed,
            price,
            next: NIL,
            prev,
            order,
            reference,
            priority: record.priority,
            client,
            side,
            conduct: record.conduct,
            display: record.iceberg.map(|iceberg| iceberg.display),
            reserve: record.iceberg.map_or(0, |iceberg| iceberg.reserve),
            expires: record.expiry.is_some(),
            end: record.expiry.unwrap_or_default(),
        });
        self.icebergs += u32::from(record.iceberg.is_some());
        self.live += 1;
    }

    /// Enters the orders that were put back into the index and takes over the counters of orders
    /// and priorities.
    ///
    /// # Errors
    /// The side of an order whose id or priority number stands twice, and which it is.
    pub(crate) fn index_restored(&mut self, placed: u64, rested: u64) -> Result<(), (Side, Flaw)> {
        let nodes = self.slab.nodes();
        let slots = (1..=self.live).map(|slot: Slot| (self.slab.get(slot).order, slot));
        let index = Index::restore(slots, nodes.len(), placed);
        self.index = index.map_err(|order| {
            let last = nodes.iter().rfind(|node| node.order == order);
            (last.map_or(Side::Sell, |node| node.side), Flaw::IdTwice(order))
        })?;
        let mut priorities: Vec<u64> = nodes.iter().map(|node| node.priority).collect();
        priorities.sort_unstable();
        if let Some(pair) = priorities.windows(2).find(|pair| pair[0] == pair[1]) {
            let last = nodes.iter().rfind(|node| node.priority == pair[0]);
            let side = last.map_or(Side::Sell, |node| node.side);
            return Err((side, Flaw::PriorityTwice(pair[0])));
        }
        self.rested = rested;
        Ok(())
    }
}
