//! Looking ahead: a deep book is slow because each order that is named lies in memory that nobody
//! has read for long, and the next command waits for it. Who knows the coming commands can have
//! those reads done together.

use core::hint::black_box;

use crate::book::Book;
use crate::book::slab::NIL;
use crate::units::{OrderId, Side};

const STEPS: u32 = 0;
/// Reads that the processor can keep under way at once, about.
const TOGETHER: u32 = 32;

impl Book {
    /// Reads the orders that commands will name, and their neighbours.
    pub(crate) fn look_ahead(&self, orders: impl Iterator<Item = OrderId>) {
        let mut fronts =
            [Side::Buy, Side::Sell].map(|side| self.front(side).map_or(NIL, |front| front.0));
        let mut slots = [NIL; TOGETHER as usize];
        let mut len = 0;
        for (slot, order) in slots.iter_mut().zip(orders) {
            *slot = self.find(order).unwrap_or(NIL);
            len += 1;
        }
        let mut read = 0;
        let mut links = [self.slab.link(NIL); TOGETHER as usize];
        for (link, slot) in links.iter_mut().zip(&slots[..len]) {
            *link = self.slab.link(*slot);
            read ^= self.slab.get(*slot).client.0;
        }
        for link in &links[..len] {
            read ^= self.slab.link(link.next).next ^ self.slab.link(link.prev).next;
        }
        for _ in 0..STEPS {
            for front in &mut fronts {
                read ^= self.slab.get(*front).client.0;
                *front = self.slab.link(*front).next;
            }
        }
        black_box(read);
    }
}
