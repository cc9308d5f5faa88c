//! From order id to slab slot. Ids are dense, so this is an array, cut into pages that are freed
//! when all their ids are dead: memory follows live orders, not history.

#![expect(clippy::disallowed_types, reason = "ids index pages")]

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use crate::book::slab::{NIL, Slot};
use crate::units::OrderId;

const PAGE_BITS: u32 = 12;
const PAGE_IDS: usize = 1 << PAGE_BITS;

#[derive(Clone, Debug)]
struct Page {
    live: u32,
    slots: Box<[Slot; PAGE_IDS]>,
}

/// Where each live order stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Number of the page at the front of `pages`.
    first: u64,
    /// A page for each run of ids since `first`; `None` once all its ids are dead.
    pages: VecDeque<Option<Page>>,
}

impl Index {
    /// The slot of a live order.
    pub(crate) fn get(&self, order: OrderId) -> Option<Slot> {
        let page = self.pages.get(self.position(order)?)?.as_ref()?;
        let slot = page.slots[offset(order)];
        (slot != NIL).then_some(slot)
    }

    /// Enters a live order. An id re-enters after a replace, so its page may be gone.
    pub(crate) fn insert(&mut self, order: OrderId, slot: Slot) {
        let number = order.0 >> PAGE_BITS;
        if self.pages.is_empty() {
            self.first = number;
        }
        while number < self.first {
            self.pages.push_front(None);
            self.first -= 1;
        }
        while self.first + self.pages.len() as u64 <= number {
            self.pages.push_back(None);
        }
        let Some(position) = self.position(order) else { unreachable!("the page is in range") };
        let page = self.pages[position]
            .get_or_insert_with(|| Page { live: 0, slots: Box::new([NIL; PAGE_IDS]) });
        debug_assert!(page.slots[offset(order)] == NIL, "an id is entered once");
        page.slots[offset(order)] = slot;
        page.live += 1;
    }

    /// Takes out an order that is dead.
    pub(crate) fn remove(&mut self, order: OrderId) {
        let Some(position) = self.position(order) else { return };
        let Some(Some(page)) = self.pages.get_mut(position) else { return };
        page.slots[offset(order)] = NIL;
        page.live -= 1;
        // The newest page stays: the next orders will want it.
        if page.live == 0 && position + 1 < self.pages.len() {
            self.pages[position] = None;
            while 1 < self.pages.len() && self.pages.front().is_some_and(Option::is_none) {
                self.pages.pop_front();
                self.first += 1;
            }
        }
    }

    /// Pages that hold memory, for tests of the memory bound.
    #[cfg(test)]
    fn pages_held(&self) -> usize {
        self.pages.iter().flatten().count()
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
            assert!(index.pages_held() <= 3);
        }
    }
}
