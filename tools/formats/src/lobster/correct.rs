//! Corrections: what the orderbook file shows and no message within view explains.

use kernel::{Price, Qty, Reference, Side};

use super::convert::Converter;
use super::mirror::{SIDES, rank};
use super::orderbook::{BookRow, Level};

/// An order that a level should hold: its reference and open lots.
pub(super) type Share = (Reference, u64);

impl Converter<'_> {
    /// Brings the stream's book to what row `row` shows, except for contradictions, which are
    /// counted and left for [`Converter::repair`].
    pub(super) fn correct(&mut self, row: usize) {
        let (before, after) = (self.day.book_before(row), self.day.book(row));
        for side in SIDES {
            self.purge_vanished(side, before, after);
        }
        for side in SIDES {
            for &level in after.levels(side) {
                if before.qty_at(side, level.price).is_none() {
                    self.show(row, side, level);
                } else if self.mirror.lots(side, level.price) != u64::from(level.qty.lots()) {
                    self.summary.anomalies.size_in_view += 1;
                    self.repairs.push((side, level.price));
                }
            }
        }
    }

    /// Makes the levels that contradicted row `row - 1` agree with it after all.
    pub(super) fn repair(&mut self, row: usize) {
        let shown = self.day.book_before(row);
        for (side, price) in std::mem::take(&mut self.repairs) {
            let lots = shown.qty_at(side, price).map_or(0, |qty| u64::from(qty.lots()));
            if self.mirror.lots(side, price) != lots {
                let queue = self.mirror.queue(side, price);
                let shares =
                    queue.iter().map(|it| (it.reference, u64::from(it.open.lots()))).collect();
                self.fill_level(side, price, shares, lots);
            }
        }
    }

    /// Purges orders at prices that the file shows to be empty: where the row has a free level,
    /// all that it does not show; otherwise, what would stand above its worst level.
    fn purge_vanished(&mut self, side: Side, before: BookRow<'_>, after: BookRow<'_>) {
        let shown = after.levels(side);
        let is_full = shown.len() == self.day.orderbook().depth();
        let worst = shown.last().filter(|_| is_full).map(|level| rank(side, level.price));
        let in_sight = |price: &Price| worst.is_none_or(|worst| rank(side, *price) < worst);
        let prices = self.mirror.prices(side).take_while(in_sight);
        let vanished: Vec<Price> =
            prices.filter(|price| after.qty_at(side, *price).is_none()).collect();
        for price in vanished {
            if before.qty_at(side, price).is_some() {
                self.summary.anomalies.vanished_in_view += 1;
                self.repairs.push((side, price));
            } else {
                self.summary.levels.stale += 1;
                self.purge(side, price, |_| true);
            }
        }
    }

    /// A level that row `row` shows and the row before did not.
    fn show(&mut self, row: usize, side: Side, level: Level) {
        let submitted = match self.day.message(row) {
            Some(message) if 0 < row => message.body.submitted(),
            Some(_) | None => None,
        };
        let Some(line) = submitted.filter(|line| line.side == side && line.price == level.price)
        else {
            self.reveal(row, side, level);
            return;
        };
        self.summary.levels.created += 1;
        let lots = u64::from(level.qty.lots());
        if self.mirror.lots(side, level.price) != lots {
            self.purge(side, level.price, |resting| resting.reference != line.reference);
        }
        if self.mirror.lots(side, level.price) != lots {
            self.summary.anomalies.size_in_view += 1;
            self.repairs.push((side, level.price));
        }
    }

    /// A level whose orders came to rest out of view: keeps what the stream holds there if later
    /// rows agree with it, otherwise seeds what they name.
    fn reveal(&mut self, row: usize, side: Side, level: Level) {
        let wanted = self.foresight.wanted(side, level.price, row);
        let lots = u64::from(level.qty.lots());
        let queue = self.mirror.queue(side, level.price);
        let open_of = |reference: Reference| {
            let resting = queue.iter().find(|resting| resting.reference == reference)?;
            Some(u64::from(resting.open.lots()))
        };
        let is_wanted_there = wanted.iter().all(|(reference, wanted)| {
            open_of(*reference).is_some_and(|open| {
                if wanted.is_deleted { open == wanted.lots } else { wanted.lots <= open }
            })
        });
        // Orders that nothing touches again must not stand before orders that will trade.
        let is_wanted_first = queue
            .iter()
            .map(|resting| wanted.contains_key(&resting.reference))
            .is_sorted_by(|before, after| *before || !*after);
        if self.mirror.lots(side, level.price) == lots && is_wanted_there && is_wanted_first {
            self.summary.levels.revealed_unchanged += 1;
            return;
        }
        self.summary.levels.revealed_seeded += 1;
        let known = wanted.iter().map(|(reference, wanted)| {
            let open = open_of(*reference).filter(|open| !wanted.is_deleted && wanted.lots < *open);
            (*reference, open.unwrap_or(wanted.lots))
        });
        let mut shares: Vec<Share> = known.collect();
        if lots < total(&shares) {
            shares = wanted.iter().map(|(reference, wanted)| (*reference, wanted.lots)).collect();
        }
        if lots < total(&shares) {
            self.summary.anomalies.revealed_too_small += 1;
        }
        self.fill_level(side, level.price, shares, lots);
    }

    /// Makes a level hold these orders and `lots` in all: what is missing is an anonymous order at
    /// the back, what is too much is taken from the back.
    fn fill_level(&mut self, side: Side, price: Price, mut shares: Vec<Share>, lots: u64) {
        let mut room = lots;
        for (_, share) in &mut shares {
            *share = room.min(*share);
            room -= *share;
        }
        if 0 < room {
            shares.push((self.stream.next_anonymous(), room));
        }
        self.requeue(side, price, &shares);
    }
}

fn total(shares: &[Share]) -> u64 {
    shares.iter().map(|(_, lots)| lots).sum()
}

/// Lots as a quantity; `None` for 0.
pub(super) fn qty(lots: u64) -> Option<Qty> {
    u32::try_from(lots).ok().and_then(|lots| Qty::new(lots).ok())
}
