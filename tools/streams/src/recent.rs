//! Where live orders rest, by id, in memory that reaches back to the oldest of them and no further.

use std::collections::VecDeque;

use kernel::Side;

/// Where a live order rests, and its place in the list of live ones.
#[derive(Clone, Copy)]
pub(crate) struct Resting {
    pub(crate) side: Side,
    pub(crate) price: u32,
    pub(crate) index: usize,
}

/// A table of live orders. Ids count from 1.
#[derive(Default)]
pub(crate) struct Recent {
    /// Ids that came before the table's first.
    before: u32,
    orders: VecDeque<Option<Resting>>,
}

impl Recent {
    /// The next id, whose order does not rest yet.
    pub(crate) fn next_id(&mut self) -> u32 {
        self.orders.push_back(None);
        u32::try_from(self.orders.len()).map_or(u32::MAX, |len| self.before + len)
    }

    pub(crate) fn insert(&mut self, id: u32, resting: Resting) {
        let at = self.at(id);
        self.orders[at] = Some(resting);
    }

    /// A live order.
    pub(crate) fn get(&mut self, id: u32) -> &mut Resting {
        let at = self.at(id);
        let Some(resting) = &mut self.orders[at] else { unreachable!("order {id} is live") };
        resting
    }

    /// Takes a live order out.
    pub(crate) fn remove(&mut self, id: u32) -> Resting {
        let resting = *self.get(id);
        let at = self.at(id);
        self.orders[at] = None;
        while let Some(None) = self.orders.front() {
            self.orders.pop_front();
            self.before += 1;
        }
        resting
    }

    fn at(&self, id: u32) -> usize {
        (id - self.before - 1) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_ends_with_the_oldest_live_order() {
        let mut recent = Recent::default();
        for id in 1..=5 {
            assert_eq!(recent.next_id(), id);
            recent.insert(id, Resting { side: Side::Buy, price: 10 + id, index: 0 });
        }
        for id in [2, 3, 1] {
            assert_eq!(recent.remove(id).price, 10 + id);
        }
        assert_eq!(recent.orders.len(), 2);
        assert_eq!((recent.get(4).price, recent.next_id()), (14, 6));
    }
}
