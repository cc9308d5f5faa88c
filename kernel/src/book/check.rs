//! The book's invariants, checked in full.

use crate::book::Book;
use crate::book::ladder::Ladder;
use crate::book::slab::NIL;
use crate::units::Side;
use crate::view::LevelView;

impl Book {
    /// Checks every invariant.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        self.ladders.iter().try_for_each(Ladder::check)?;
        let (mut orders, mut icebergs) = (0, 0);
        for side in [Side::Buy, Side::Sell] {
            for level in self.levels(side) {
                let (more, more_icebergs) = self.check_level(side, level)?;
                orders += more;
                icebergs += more_icebergs;
            }
        }
        if orders != self.live {
            return Err("invariant 3: the count of live orders is wrong");
        }
        if icebergs != self.icebergs {
            return Err("invariant 4: the count of icebergs is wrong");
        }
        Ok(())
    }

    fn check_level(&self, side: Side, view: LevelView) -> Result<(u32, u32), &'static str> {
        let level = self.ladder(side).level(view.price);
        let (mut orders, mut icebergs) = (0, 0);
        let (mut lots, mut priority, mut slot, mut prev) = (0, 0, level.head, NIL);
        while slot != NIL {
            let order = self.view(slot);
            if order.side != side || order.price != view.price || self.slab.get(slot).prev != prev {
                return Err("invariant 1: an order is linked to a wrong level or neighbour");
            }
            if order.priority <= priority {
                return Err("invariant 2: priority numbers do not rise");
            }
            if self.index.get(order.order) != Some(slot) {
                return Err("invariant 3: a resting order is not in the index");
            }
            if let Some(iceberg) = self.slab.get(slot).iceberg() {
                icebergs += 1;
                if iceberg.display < order.displayed {
                    return Err("invariant 4: an iceberg shows more than its display");
                }
            } else if order.qty != order.displayed {
                return Err("invariant 4: an order that is no iceberg has a reserve");
            }
            orders += 1;
            lots += u64::from(order.displayed.lots());
            priority = order.priority;
            prev = slot;
            slot = self.slab.get(slot).next;
        }
        if level.tail != prev || lots != level.qty || orders == 0 {
            return Err("invariant 1: a level's tail or lots are wrong");
        }
        Ok((orders, icebergs))
    }
}
