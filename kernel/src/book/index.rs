//! From order id to slab slot. Ids are dense, so this is an array, cut into pages that are freed
//! when all their ids are dead: memory follows live orders, not history. New ids get a page; an id
//! that comes back after its page is gone stands in a map.

#![expect(clippy::disallowed_types, reason = "ids index pages")]

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use crate::book::slab::{NIL, Slot};
use crate::units::OrderId;

const PAGE_BITS: u32 = 12;
const PAGE_IDS: usize = 1 << PAGE_BITS;
/// A page of a restored market has at least so many live ids, the newest excepted: ids that lie
/// further apart would cost a page each.
const PAGE_LIVE_MIN: u32 = 8;

/// Slots of a run of ids; no memory once they are all dead.
#[derive(Clone, Debug, Default)]
struct Page {
    live: u32,
    slots: Option<Box<[Slot; PAGE_IDS]>>,
}

impl Page {
    /// A page that holds memory and no order.
    fn vacant() -> Self {
        Self { live: 0, slots: Some(Box::new([NIL; PAGE_IDS])) }
    }
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
    /// Live orders whose ids have no page.
    strays: BTreeMap<OrderId, Slot>,
}

impl Index {
    /// The index of a market that is restored: its live orders, and how many orders were placed.
    /// Memory follows the orders, wherever their ids lie.
    ///
    /// # Errors
    /// An id that stands twice.
    pub(crate) fn restore(
        orders: impl Iterator<Item = (OrderId, Slot)> + Clone,
        len: usize,
        placed: u64,
    ) -> Result<Self, OrderId> {
        // The newest page is that of the next orders, so no later id lies far behind it.
        let end = (placed >> PAGE_BITS) + 1;
        let runs = usize::try_from(end).unwrap_or(usize::MAX).min(64 + len / 8);
        let mut live = vec![0; runs];
        let position = |order: OrderId| {
            let back = usize::try_from(end - 1 - (order.0 >> PAGE_BITS)).ok()?;
            (runs - 1).checked_sub(back)
        };
        for (order, _) in orders.clone() {
            if let Some(live) = position(order).and_then(|position| live.get_mut(position)) {
                *live += 1;
            }
        }
        let is_dense = |live: &u32| PAGE_LIVE_MIN <= *live;
        let sparse = live.iter().position(is_dense).unwrap_or(runs - 1);
        let mut pages: Vec<Page> = live[sparse..]
            .iter()
            .map(|live| if is_dense(live) { Page::vacant() } else { Page::default() })
            .collect();
        if let Some(newest) = pages.last_mut() {
            *newest = Page::vacant();
        }
        let first = end - pages.len() as u64;
        let mut index = Self { first, pages, dead: 0, strays: BTreeMap::new() };
        let mut strays = Vec::new();
        for (order, slot) in orders {
            match index.place_of(order) {
                Some((live, place)) if *place == NIL => {
                    *place = slot;
                    *live += 1;
                }
                Some(_) => return Err(order),
                None => strays.push((order, slot)),
            }
        }
        strays.sort_unstable();
        let twice = strays.windows(2).find(|pair| pair[0].0 == pair[1].0);
        if let Some(pair) = twice {
            return Err(pair[0].0);
        }
        index.strays = strays.into_iter().collect();
        Ok(index)
    }

    /// Where an id stands in its page and how many of the page live, if it has one.
    fn place_of(&mut self, order: OrderId) -> Option<(&mut u32, &mut Slot)> {
        let position = self.position(order)?;
        let Page { live, slots } = self.pages.get_mut(position)?;
        Some((live, &mut slots.as_mut()?[offset(order)]))
    }

    /// The slot of a live order.
    pub(crate) fn get(&self, order: OrderId) -> Option<Slot> {
        let slot = if let Some(position) = self.position(order)
            && let Some(Page { slots: Some(slots), .. }) = self.pages.get(position)
        {
            slots[offset(order)]
        } else {
            self.stray(order)
        };
        (slot != NIL).then_some(slot)
    }

    /// Ids that are entered. Cost: O(pages).
    pub(super) fn len(&self) -> u32 {
        let paged: u32 = self.pages.iter().map(|page| page.live).sum();
        paged + u32::try_from(self.strays.len()).unwrap_or(u32::MAX)
    }

    #[cold]
    #[inline(never)]
    fn stray(&self, order: OrderId) -> Slot {
        self.strays.get(&order).copied().unwrap_or(NIL)
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

    /// Enters the first order of a new page, or one whose page is gone.
    #[cold]
    #[inline(never)]
    fn insert_first(&mut self, order: OrderId, slot: Slot) {
        let number = order.0 >> PAGE_BITS;
        if self.pages.is_empty() {
            self.first = number;
        } else if number < self.first + self.pages.len() as u64 {
            self.strays.insert(order, slot);
            return;
        } else if let Some(newest) = self.pages.last_mut().filter(|newest| newest.live == 0) {
            // It stayed for the orders that now get a page of their own.
            newest.slots = None;
        }
        let position = usize::try_from(number - self.first).unwrap_or(usize::MAX);
        self.pages.resize(position, Page::default());
        let mut page = Page::vacant();
        if let Some(slots) = &mut page.slots {
            slots[offset(order)] = slot;
        }
        self.pages.push(Page { live: 1, ..page });
        self.drop_dead();
    }

    /// Takes out an order that is dead.
    pub(crate) fn remove(&mut self, order: OrderId) {
        if let Some(position) = self.position(order)
            && let Some(Page { live, slots: Some(slots) }) = self.pages.get_mut(position)
        {
            slots[offset(order)] = NIL;
            *live -= 1;
            if *live == 0 {
                self.free(position);
            }
            return;
        }
        self.remove_stray(order);
    }

    #[cold]
    #[inline(never)]
    fn remove_stray(&mut self, order: OrderId) {
        self.strays.remove(&order);
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

    #[test]
    fn a_page_that_was_empty_when_the_next_began_is_freed() {
        let mut index = Index::default();
        for id in 1..=100_000_u64 {
            index.insert(OrderId(id), 1);
            index.remove(OrderId(id));
            assert!(index.pages_held() == 1 && index.pages.len() <= 2);
        }
    }

    #[test]
    fn an_order_that_comes_back_needs_no_page() {
        let mut index = Index::default();
        for id in [1, 1_000_000, 2_000_000] {
            index.insert(OrderId(id), 1);
        }
        for slot in 2..100 {
            for id in [1, 1_000_000] {
                index.remove(OrderId(id));
                assert_eq!(index.get(OrderId(id)), None);
                index.insert(OrderId(id), slot);
                assert_eq!(index.get(OrderId(id)), Some(slot));
            }
            assert_eq!(index.pages_held(), 1);
        }
        assert_eq!(index.strays.len(), 2);
        // An order that waited for its stop may be older than everything that rests.
        index.insert(OrderId(0), 7);
        assert_eq!((index.get(OrderId(0)), index.get(OrderId(2_000_000))), (Some(7), Some(1)));
    }

    fn restored(ids: &[u64], placed: u64) -> Result<Index, OrderId> {
        let orders = ids.iter().zip(1..).map(|(id, slot)| (OrderId(*id), slot));
        Index::restore(orders, ids.len(), placed)
    }

    #[test]
    fn a_restored_index_finds_its_orders_and_no_others() {
        // Far apart, a few together, many together; out of order.
        let mut ids: Vec<u64> = vec![1 << 60, 1, 5_000, 5_001, 4_095, 1 << 40];
        ids.extend((0..20).map(|more| (1 << 60) - 10_000 - more));
        let mut index = restored(&ids, (1 << 60) + 5_000).unwrap();
        for (id, slot) in ids.iter().zip(1..) {
            assert_eq!(index.get(OrderId(*id)), Some(slot), "{id}");
        }
        for id in [0, 2, 4_096, (1 << 60) + 1, (1 << 60) - 9_999, u64::MAX] {
            assert_eq!(index.get(OrderId(id)), None, "{id}");
        }
        assert_eq!(index.pages_held(), 2, "the newest, and the one with twenty orders");
        for id in 1..=100_000 {
            index.insert(OrderId((1 << 60) + 5_000 + id), 9);
        }
        assert!(index.pages.len() <= 40);
        for id in ids {
            index.remove(OrderId(id));
            assert_eq!(index.get(OrderId(id)), None, "{id}");
        }
        assert!(index.strays.is_empty());
    }

    /// Many ids together, but so far back that the table up to them would be larger than they are.
    #[test]
    fn the_table_of_a_restored_index_follows_its_orders() {
        let old = 100_000 * 4_096;
        let ids: Vec<u64> = (old..old + 20).chain([2 * old]).collect();
        let index = restored(&ids, 2 * old).unwrap();
        assert_eq!((index.pages.len(), index.strays.len()), (1, 20));
        assert_eq!(index.get(OrderId(old + 19)), Some(20));
    }

    #[test]
    fn a_restored_index_of_nothing_expects_the_next_order() {
        let mut index = restored(&[], 1 << 60).unwrap();
        // First a stop that waited, then new orders.
        index.insert(OrderId(1), 1);
        index.insert(OrderId((1 << 60) + 1), 2);
        index.insert(OrderId((1 << 60) + 5_000), 3);
        assert_eq!(index.get(OrderId(1)), Some(1));
        assert_eq!(index.get(OrderId((1 << 60) + 5_000)), Some(3));
        assert_eq!((index.pages.len(), index.strays.len()), (2, 1));
    }

    #[test]
    fn an_id_that_stands_twice_is_found() {
        for ids in [&[7, 8, 7][..], &[1 << 60, 1 << 20, 1 << 20], &[1 << 60, 5, 1 << 60]] {
            let twice = OrderId(ids[2].min(1 << 60));
            assert_eq!(restored(ids, 1 << 60).err(), Some(twice));
        }
        assert_eq!(restored(&[9, 9], 9).err(), Some(OrderId(9)));
    }
}
