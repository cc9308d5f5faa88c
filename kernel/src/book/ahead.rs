//! Looking ahead. In a deep book an order that is named lies in memory that nobody has read for
//! long, and the command waits: for the index, then for the order, then for its neighbours. Who
//! knows the coming commands can wait once for many of them.

#![expect(clippy::disallowed_types, reason = "positions in a buffer")]

use core::hint::black_box;

use crate::book::Book;
use crate::book::slab::{NIL, Slot};
use crate::units::{OrderId, Side};

/// Orders that are read together: more than a processor keeps under way at once.
const TOGETHER: usize = 32;
/// Orders read at the front of each side: as many as the takers among so many commands meet.
const FRONT: u32 = 4;

impl Book {
    /// Reads the orders that are named and their neighbours, then the orders that takers will meet.
    /// Loops that read only, so that reads of many orders are under way at once; changes nothing.
    pub(crate) fn look_ahead(&self, mut named: impl Iterator<Item = OrderId>) {
        loop {
            let mut slots = [NIL; TOGETHER];
            let mut len = 0;
            for order in named.by_ref().take(TOGETHER) {
                slots[len] = self.find(order).unwrap_or(NIL);
                len += 1;
            }
            self.read_neighbours(&slots[..len]);
            if len < TOGETHER {
                break;
            }
        }
        let mut fronts =
            [Side::Buy, Side::Sell].map(|side| self.front(side).map_or(NIL, |it| it.0));
        for _ in 0..FRONT {
            fronts = fronts.map(|slot| self.slab.get(slot).next);
        }
        black_box(fronts);
    }

    fn read_neighbours(&self, slots: &[Slot]) {
        let mut neighbours = [(NIL, NIL); TOGETHER];
        for (neighbours, slot) in neighbours.iter_mut().zip(slots) {
            let node = self.slab.get(*slot);
            *neighbours = (node.prev, node.next);
        }
        let mut read = NIL;
        for (prev, next) in &neighbours[..slots.len()] {
            read ^= self.slab.get(*prev).next ^ self.slab.get(*next).prev;
        }
        black_box(read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_any_names() {
        let book = Book::new();
        book.look_ahead(core::iter::empty());
        // More than one buffer full, and none of them rests.
        book.look_ahead((0..100).map(OrderId).chain([OrderId(u64::MAX)]));
    }
}
