//! From order id to slab slot. Ids are dense, so this is an array, cut into pages that are freed
//! when all their ids are dead: memory follows live orders, not history.

#![expect(clippy::disallowed_types, reason = "ids index pages")]

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::book::slab::{NIL, Slot};
use crate::units::OrderId;

const PAGE_BITS: u32 = 12;
const PAGE_IDS: usize = 1 << PAGE_BITS;

/// Slots of a run of ids; no memory once they are all dead.
#[derive(Clone, Debug, Default)]
struct Page {
    live: u32,
    slots: Option<Box<[Slot; PAGE_IDS]>>,
}

/// Where each live order stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Number of the first of `pages`.
    first: u64,
    /// A page for each run of ids since `first`.
    pages: Vec<Page>,
    /// Pages at the front that are dead already and wait to be dropped together.
    dead: usize,
}

impl Index {
    /// The slot of a live order.
    pub(crate) fn get(&self, order: OrderId) -> Option<Slot> {
        let slots = self.pages.get(self.position(order)?)?.slots.as_ref()?;
        let slot = slots[offset(order)];
        (slot != NIL).then_some(slot)
    }

    /// Enters a live order. An id re-enters after a replace, so its page may be gone.
    pub(crate) fn insert(&mut self, order: OrderId, slot: Slot) {
        if let Some(position) = self.position(order)
            && let Some(Page { live, slots: Some(slots) }) = self.pages.get_mut(position)
        {
            debug_assert!(slots[offset(order)] == NIL, "an id is entered once");
            slots[offset(order)] = slot;
            *live += 1;
            return;
        }
        self.insert_first(order, slot);
    }

    /// Enters the first order of a page.
    #[cold]
    #[inline(never)]
    fn insert_first(&mut self, order: OrderId, slot: Slot) {
        let position = match self.position(order) {
            Some(position) if position < self.pages.len() => position,
            Some(_) | None => self.extend_to(order),
        };
        self.dead = self.dead.min(position);
        let mut slots = Box::new([NIL; PAGE_IDS]);
        slots[offset(order)] = slot;
        self.pages[position] = Page { live: 1, slots: Some(slots) };
    }

    /// Takes out an order that is dead.
    pub(crate) fn remove(&mut self, order: OrderId) {
        let Some(position) = self.position(order) else { return };
        let Some(Page { live, slots: Some(slots) }) = self.pages.get_mut(position) else { return };
        slots[offset(order)] = NIL;
        *live -= 1;
        if *live == 0 {
            self.free(position);
        }
    }

    /// Frees a page whose ids are all dead. The newest stays: the next orders will want it.
    #[cold]
    #[inline(never)]
    fn free(&mut self, position: usize) {
        if position + 1 < self.pages.len() {
            self.pages[position].slots = None;
            self.drop_dead();
        }
    }

    /// Makes pages up to that of an order, at either end; returns its position.
    fn extend_to(&mut self, order: OrderId) -> usize {
        let number = order.0 >> PAGE_BITS;
        if self.pages.is_empty() {
            self.first = number;
        }
        if number < self.first {
            let missing = usize::try_from(self.first - number).unwrap_or(usize::MAX);
            self.pages.splice(0..0, core::iter::repeat_n(Page::default(), missing));
            self.first = number;
            return 0;
        }
        let position = usize::try_from(number - self.first).unwrap_or(usize::MAX);
        self.pages.resize(position + 1, Page::default());
        position
    }

    /// Drops dead pages at the front, once they are as many as the others: so each page is moved
    /// a bounded number of times.
    fn drop_dead(&mut self) {
        while self.dead + 1 < self.pages.len() && self.pages[self.dead].slots.is_none() {
            self.dead += 1;
        }
        if self.pages.len() <= 2 * self.dead {
            self.pages.drain(..self.dead);
            self.first += self.dead as u64;
            self.dead = 0;
        }
    }

    /// Pages that hold memory, for tests of the memory bound.
    #[cfg(test)]
    fn pages_held(&self) -> usize {
        self.pages.iter().filter(|page| page.slots.is_some()).count()
    }

    fn position(&self, order: OrderId) -> Option<usize> {
        usize::try_from((order.0 >> PAGE_BITS).checked_sub(self.first)?).ok()
    }
}

/// The id's place in its page.
#[expect(clippy::cast_possible_truncation, reason = "masked to the page")]
const fn offset(order: OrderId) -> usize {
    order.0 as usize & (PAGE_IDS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_live_orders_only() {
        let mut index = Index::default();
        index.insert(OrderId(1), 7);
        index.insert(OrderId(100_000), 9);
        assert_eq!(index.get(OrderId(1)), Some(7));
        assert_eq!(index.get(OrderId(2)), None);
        assert_eq!(index.get(OrderId(100_000)), Some(9));
        assert_eq!(index.get(OrderId(u64::MAX)), None);
        index.remove(OrderId(1));
        assert_eq!(index.get(OrderId(1)), None);
        index.insert(OrderId(1), 3);
        assert_eq!(index.get(OrderId(1)), Some(3));
    }

    #[test]
    fn memory_follows_live_orders() {
        let mut index = Index::default();
        let live = 1_000;
        for id in 1..=1_000_000_u64 {
            index.insert(OrderId(id), 1);
            if live < id {
                index.remove(OrderId(id - live));
            }
            assert!(index.pages_held() <= 3 && index.pages.len() <= 8);
        }
    }
}
