//! When the live orders came.

use std::collections::{BTreeMap, VecDeque};

/// Orders of a page.
const PAGE: u64 = 1024;

/// Times of submission of orders that are alive. Memory follows live orders: in pages of 1,024 ids
/// where ids are dense, for each order where they are not.
#[derive(Clone, Debug)]
pub(super) enum Births {
    /// Known by ids that rise by one.
    Dense {
        /// Number of the first page.
        first: u64,
        /// Pages with live orders, others empty.
        pages: VecDeque<Page>,
    },
    /// Known by any numbers.
    Sparse(BTreeMap<u64, u64>),
}

/// Times of some orders; [`NONE`] of those that are dead.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    times: Vec<u64>,
    live: u32,
}

/// No time of an order.
const NONE: u64 = u64::MAX;

impl Births {
    pub(super) const fn dense() -> Self {
        Self::Dense { first: 0, pages: VecDeque::new() }
    }

    pub(super) const fn sparse() -> Self {
        Self::Sparse(BTreeMap::new())
    }

    /// An order comes; one that is there already keeps its time.
    pub(super) fn come(&mut self, key: u64, time: u64) {
        let (first, pages) = match self {
            Self::Dense { first, pages } => (first, pages),
            Self::Sparse(times) => {
                times.entry(key).or_insert(time);
                return;
            }
        };
        if pages.is_empty() {
            *first = key / PAGE;
        }
        // Ids rise, so an order before the first page came back to life: it is not followed.
        let Some(mut index) = place(key, *first) else { return };
        if pages.len() <= index {
            let last = pages.len().saturating_sub(1);
            pages.resize_with(index + 1, Page::default);
            free(pages, first, last);
            index = place(key, *first).unwrap_or(index);
        }
        let Some(page) = pages.get_mut(index) else { return };
        if page.times.is_empty() {
            page.times.resize(1024, NONE);
        }
        if let Some(slot) = slot(page, key).filter(|slot| **slot == NONE) {
            *slot = time.min(NONE - 1);
            page.live += 1;
        }
    }

    /// An order goes; its age, if it was there.
    pub(super) fn go(&mut self, key: u64, time: u64) -> Option<u64> {
        let (first, pages) = match self {
            Self::Dense { first, pages } => (first, pages),
            Self::Sparse(times) => return times.remove(&key).map(|born| time.saturating_sub(born)),
        };
        let index = place(key, *first)?;
        let page = pages.get_mut(index)?;
        let born = slot(page, key).filter(|slot| **slot != NONE)?;
        let age = time.saturating_sub(*born);
        *born = NONE;
        page.live -= 1;
        if page.live == 0 {
            free(pages, first, index);
        }
        Some(age)
    }

    /// Times of the orders that are still there.
    pub(super) fn alive(&self) -> Vec<u64> {
        match self {
            Self::Dense { pages, .. } => {
                let times = pages.iter().flat_map(|page| page.times.iter().copied());
                times.filter(|time| *time != NONE).collect()
            }
            Self::Sparse(times) => times.values().copied().collect(),
        }
    }
}

/// Which page an order is in; `None` before the first.
fn place(key: u64, first: u64) -> Option<usize> {
    usize::try_from((key / PAGE).checked_sub(first)?).ok()
}

/// Frees a page whose orders are dead and to which none can come: any but the last.
fn free(pages: &mut VecDeque<Page>, first: &mut u64, index: usize) {
    let is_last = pages.len() <= index + 1;
    if let Some(page) = pages.get_mut(index).filter(|page| page.live == 0 && !is_last) {
        page.times = Vec::new();
    }
    while 1 < pages.len() && pages.front().is_some_and(|page| page.live == 0) {
        pages.pop_front();
        *first += 1;
    }
}

/// An order's place in its page.
fn slot(page: &mut Page, key: u64) -> Option<&mut u64> {
    page.times.get_mut(usize::try_from(key % PAGE).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_and_sparse_agree() {
        let (mut dense, mut sparse) = (Births::dense(), Births::sparse());
        let mut state = 5_u64;
        for id in 1..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            dense.come(id, id);
            sparse.come(id, id);
            // Most of the last 3,000 ids die sooner or later, some twice.
            for dead in [id.saturating_sub(state >> 53), id.saturating_sub((state >> 40) % 3000)] {
                assert_eq!(dense.go(dead, 2 * id), sparse.go(dead, 2 * id), "{dead}");
            }
        }
        assert_eq!(dense.alive(), sparse.alive());
    }

    #[test]
    fn pages_of_dead_orders_are_freed() {
        let mut births = Births::dense();
        for id in 1..100_000 {
            births.come(id, 7);
            if id != 50_000 {
                births.go(id, 8);
            }
        }
        let Births::Dense { pages, first } = births else { panic!("dense") };
        assert_eq!(first, 50_000 / PAGE);
        assert_eq!(pages.iter().filter(|page| !page.times.is_empty()).count(), 2);
    }

    #[test]
    fn an_order_that_comes_again_keeps_its_time() {
        for mut births in [Births::dense(), Births::sparse()] {
            births.come(3, 10);
            births.come(3, 20);
            assert_eq!(births.go(3, 25), Some(15));
            assert_eq!(births.go(3, 25), None);
        }
    }
}
