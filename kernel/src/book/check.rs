//! The book's invariants, checked in full.

use crate::book::Book;
use crate::book::ladder::Ladder;
use crate::book::slab::NIL;
use crate::invariant::{Invariant, holds};
use crate::units::Side;
use crate::view::LevelView;

/// What was counted while walking over queues.
#[derive(Clone, Copy, Default)]
struct Counted {
    orders: u32,
    icebergs: u32,
}

impl Book {
    /// What a check of the book looks at: orders, and places for levels.
    #[cfg(debug_assertions)]
    pub(crate) fn check_cost(&self) -> u32 {
        self.live + self.ladders.iter().map(Ladder::places).sum::<u32>()
    }

    /// Checks invariants 1 to 7. Cost: O(orders + levels + size of their arrays).
    pub(crate) fn check(&self) -> Result<(), Invariant> {
        self.ladders.iter().try_for_each(Ladder::check)?;
        let mut counted = Counted::default();
        for side in [Side::Buy, Side::Sell] {
            for level in self.levels(side) {
                self.check_level(side, level, &mut counted)?;
            }
        }
        let is_whole = self.index.len() == self.live && self.slab.len() == Some(self.live);
        holds(counted.orders == self.live && is_whole, Invariant::Orders)?;
        holds(counted.icebergs == self.icebergs, Invariant::Icebergs)
    }

    fn check_level(
        &self,
        side: Side,
        view: LevelView,
        counted: &mut Counted,
    ) -> Result<(), Invariant> {
        let level = self.ladder(side).level(view.price);
        let (mut lots, mut priority, mut slot, mut prev) = (0, 0, level.head, NIL);
        while slot != NIL {
            let node = self.slab.get(slot);
            let is_here = node.side == side && node.price == view.price && node.prev == prev;
            holds(is_here, Invariant::Queues)?;
            let is_next = priority < node.priority && node.priority <= self.rested;
            holds(is_next, Invariant::Priorities)?;
            holds(self.index.get(node.order) == Some(slot), Invariant::Orders)?;
            let shows_its_part = match node.iceberg() {
                Some(iceberg) => node.displayed <= iceberg.display,
                None => node.reserve == 0,
            };
            holds(shows_its_part, Invariant::Icebergs)?;
            counted.icebergs += u32::from(node.display.is_some());
            counted.orders += 1;
            lots += u64::from(node.displayed.lots());
            (priority, prev, slot) = (node.priority, slot, node.next);
        }
        holds(level.tail == prev && prev != NIL, Invariant::Queues)?;
        holds(lots == level.qty, Invariant::Lots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::SelfTrade;
    use crate::digest::Conduct;
    use crate::units::{ClientId, OrderId, Price, Qty, Reference};

    use crate::book::Resting;

    /// Two buys at 100, the second an iceberg, and one at 99.
    fn book() -> Book {
        let mut book = Book::new();
        for (id, ticks, display) in [(1, 100, None), (2, 100, Qty::new(2).ok()), (3, 99, None)] {
            book.rest(&Resting {
                order: OrderId(id),
                client: ClientId(0),
                reference: Reference(0),
                side: Side::Buy,
                price: Price::new(ticks).unwrap(),
                qty: Qty::new(5).unwrap(),
                display,
                expiry: None,
                conduct: Conduct { self_trade: SelfTrade::Allow, post_only: false },
            });
        }
        assert_eq!(book.check(), Ok(()));
        book
    }

    #[track_caller]
    fn check(invariant: Invariant, breakage: impl FnOnce(&mut Book)) {
        let mut book = book();
        breakage(&mut book);
        assert_eq!(book.check(), Err(invariant));
    }

    #[test]
    fn what_is_broken_is_named() {
        let slot = |book: &Book, id| book.index.get(OrderId(id)).unwrap();
        let price = Price::new(100).unwrap();
        check(Invariant::Queues, |book| {
            let second = slot(book, 2);
            book.slab.get_mut(second).prev = NIL;
        });
        check(Invariant::Queues, |book| {
            let first = slot(book, 1);
            book.slab.get_mut(first).side = Side::Sell;
        });
        check(Invariant::Queues, |book| {
            let last = slot(book, 2);
            book.slab.get_mut(last).price = Price::new(99).unwrap();
        });
        check(Invariant::Queues, |book| {
            let first = slot(book, 1);
            book.ladder_mut(Side::Buy).level_mut(price).tail = first;
        });
        check(Invariant::Lots, |book| book.ladder_mut(Side::Buy).level_mut(price).qty += 1);
        check(Invariant::Priorities, |book| {
            let second = slot(book, 2);
            book.slab.get_mut(second).priority = 1;
        });
        check(Invariant::Priorities, |book| book.rested = 2);
        check(Invariant::Orders, |book| book.index.remove(OrderId(3)));
        check(Invariant::Orders, |book| book.index.insert(OrderId(4), 1));
        check(Invariant::Orders, |book| book.live += 1);
        check(Invariant::Orders, |book| {
            book.slab.take();
        });
        check(Invariant::Icebergs, |book| {
            let first = slot(book, 1);
            book.slab.get_mut(first).reserve = 1;
        });
        check(Invariant::Icebergs, |book| {
            let second = slot(book, 2);
            book.slab.get_mut(second).display = Some(Qty::MIN);
        });
        check(Invariant::Icebergs, |book| book.icebergs = 0);
    }
}
