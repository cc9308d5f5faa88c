//! Which kernel order each id of the workload names: only ids of resting orders are kept.
//!
//! A hash table with linear probing, without tombstones. It is as small as the book,
//! and so stays in the near caches; an array over all ids ever seen would be cold at every new
//! order, because the workload's ids come in no order.

use kernel::{Engine, OrderId, Price, Reference, Side};

/// What an id names, and what an acknowledgement of its cancel says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    pub(crate) order: OrderId,
    pub(crate) price: Price,
    pub(crate) side: Side,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: u64,
    named: Named,
}

/// The kernel never gives the order 0.
const VACANT: Entry =
    Entry { id: 0, named: Named { order: OrderId(0), price: Price::MIN, side: Side::Buy } };

impl Entry {
    fn is_vacant(&self) -> bool {
        self.named.order == VACANT.named.order
    }
}

/// Ids of resting orders.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    /// Always a power of two of them.
    entries: Vec<Entry>,
    used: usize,
    /// When to grow.
    most: usize,
    /// 64 less the table's bits.
    shift: u32,
}

const BITS_MIN: u32 = 12;

/// Tables up to this are at most a third full, so that most looks end at the first place; larger
/// ones two thirds, because there it is the cache that counts.
const SPARSE_MAX: usize = 1 << 15;

impl Live {
    pub(crate) fn new() -> Self {
        let entries = vec![VACANT; 1 << BITS_MIN];
        Self { most: entries.len() / 3, entries, used: 0, shift: u64::BITS - BITS_MIN }
    }

    #[inline]
    pub(crate) fn get(&self, id: u64) -> Option<Named> {
        self.find(id).ok().map(|place| self.entries[place].named)
    }

    /// Enters an id that names nothing yet.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a name must not pass through memory: read wider than it was written, it waits"
    )]
    pub(crate) fn insert(&mut self, id: u64, named: Named) {
        if self.most <= self.used {
            self.grow();
        }
        let (Ok(place) | Err(place)) = self.find(id);
        self.used += usize::from(self.entries[place].is_vacant());
        self.entries[place] = Entry { id, named };
    }

    /// Takes an id out and moves back those that its place had pushed on.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as for insert")]
    pub(crate) fn remove(&mut self, id: u64) -> Option<Named> {
        let mut hole = self.find(id).ok()?;
        let removed = self.entries[hole].named;
        let mask = self.entries.len() - 1;
        let mut next = (hole + 1) & mask;
        while !self.entries[next].is_vacant() {
            let start = self.home(self.entries[next].id);
            // An entry may move back to the hole unless it starts behind it.
            if next.wrapping_sub(hole) & mask <= next.wrapping_sub(start) & mask {
                self.entries[hole] = self.entries[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        self.entries[hole] = VACANT;
        self.used -= 1;
        Some(removed)
    }

    /// Takes a maker out if its last lots were traded.
    pub(crate) fn forget_filled(&mut self, engine: &Engine, maker: OrderId, id: Reference) {
        if engine.order(maker).is_none() {
            self.remove(id.0);
        }
    }

    /// Where an id stands, or else the vacant place for it.
    #[inline]
    fn find(&self, id: u64) -> Result<usize, usize> {
        let mask = self.entries.len() - 1;
        let mut place = self.home(id);
        loop {
            let entry = &self.entries[place];
            if entry.is_vacant() {
                return Err(place);
            }
            if entry.id == id {
                return Ok(place);
            }
            place = (place + 1) & mask;
        }
    }

    /// The high bits of a product with the golden ratio spread neighbours apart.
    #[expect(clippy::cast_possible_truncation, reason = "shifted to the table's bits")]
    const fn home(&self, id: u64) -> usize {
        (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    #[cold]
    fn grow(&mut self) {
        let entries = vec![VACANT; self.entries.len() * 2];
        let old = std::mem::replace(&mut self.entries, entries);
        self.shift -= 1;
        let thirds = if self.entries.len() <= SPARSE_MAX { 1 } else { 2 };
        self.most = self.entries.len() / 3 * thirds;
        for entry in old {
            if let Err(place) = self.find(entry.id)
                && !entry.is_vacant()
            {
                self.entries[place] = entry;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn agrees_with_an_ordered_map() {
        let mut live = Live::new();
        let mut map = BTreeMap::new();
        let mut state = 1_u64;
        for round in 1..=200_000_u64 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // The table fills and empties in turn, over few enough ids that they meet again.
            let id = (state >> 33) % 6_000;
            let fills = (round / 20_000) % 2 == 0;
            if fills == (state & 0x700 != 0) {
                live.insert(id, Named { order: OrderId(round), ..VACANT.named });
                map.insert(id, round);
            } else {
                let removed = live.remove(id).map(|named| named.order.0);
                assert_eq!(removed, map.remove(&id));
            }
            let probe = (state >> 45) % 6_000;
            let found = live.get(probe).map(|named| named.order.0);
            assert_eq!(found, map.get(&probe).copied());
            assert_eq!(live.used, map.len());
        }
        assert!(2_000 < live.entries.len(), "the table has grown");
    }
}
