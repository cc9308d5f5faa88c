//! One side of the book: price levels by tick.
//!
//! Levels near the best price stand in an array that is indexed by tick, with a bit set of the
//! occupied ones; levels outside it stand in an ordered map. The array moves and grows after enough
//! visits outside it to pay for the move, so that every price is served, those that are
//! visited often are served by the array, and a small market takes little memory. Where a level stands changes no
//! behaviour and is in no digest.

#![expect(clippy::disallowed_types, reason = "ticks index the window")]

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Bound;

use crate::book::bits::Bits;
use crate::book::slab::{NIL, Slot};
use crate::invariant::{Invariant, holds};
use crate::units::{Price, Side};

/// The queue of one price: first and last order, open lots of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) head: Slot,
    pub(crate) tail: Slot,
    pub(crate) qty: u64,
}

impl Level {
    pub(crate) const EMPTY: Self = Self { head: NIL, tail: NIL, qty: 0 };
}

const WINDOW_MIN: usize = 1 << 10;
const WINDOW_MAX: usize = 1 << 16;

/// One side's levels.
#[derive(Clone, Debug)]
pub(crate) struct Ladder {
    side: Side,
    /// What turns ticks into ranks: all ones for bids, nothing for asks.
    flip: u32,
    /// Price of the first level of the window.
    base: u32,
    window: Vec<Level>,
    occupied: Bits,
    far: BTreeMap<u32, Level>,
    best: Option<Price>,
    levels: u32,
    /// Visits outside the window since it last moved.
    far_visits: usize,
}

impl Ladder {
    pub(crate) fn new(side: Side) -> Self {
        Self {
            side,
            flip: match side {
                Side::Buy => u32::MAX,
                Side::Sell => 0,
            },
            base: 0,
            window: vec![Level::EMPTY; WINDOW_MIN],
            occupied: Bits::new(WINDOW_MIN),
            far: BTreeMap::new(),
            best: None,
            levels: 0,
            far_visits: 0,
        }
    }

    /// The price that trades first.
    pub(crate) const fn best(&self) -> Option<Price> {
        self.best
    }

    /// The best price, if an opposite order with this limit reaches it.
    pub(crate) fn best_within(&self, limit: Option<Price>) -> Option<Price> {
        let last = limit.map_or(u32::MAX, |limit| self.rank(limit));
        self.best.filter(|best| self.rank(*best) <= last)
    }

    /// Lower for better prices. Without a branch, because the side is a coin toss to the processor.
    const fn rank(&self, price: Price) -> u32 {
        price.ticks() ^ self.flip
    }

    /// How many levels are occupied.
    pub(crate) const fn levels(&self) -> u32 {
        self.levels
    }

    /// The level at a price; empty where nothing rests.
    pub(crate) fn level(&self, price: Price) -> Level {
        match self.position(price.ticks()) {
            Some(position) => self.window[position],
            None => self.far.get(&price.ticks()).copied().unwrap_or(Level::EMPTY),
        }
    }

    /// An occupied level, to change in place. Whoever empties it must [`vacate`](Self::vacate) it.
    pub(crate) fn level_mut(&mut self, price: Price) -> &mut Level {
        match self.position(price.ticks()) {
            Some(position) => &mut self.window[position],
            None => self.far_level(price),
        }
    }

    /// The level at a price, which an order is about to enter.
    #[inline(always)]
    pub(crate) fn occupy(&mut self, price: Price) -> &mut Level {
        let Some(position) = self.position(price.ticks()) else { return self.occupy_far(price) };
        if self.window[position].head == NIL {
            self.occupy_near(position, price);
        }
        &mut self.window[position]
    }

    #[inline(never)]
    fn occupy_near(&mut self, position: usize, price: Price) {
        self.occupied.insert(position);
        self.count_in(price);
    }

    /// Forgets a level that has become empty.
    #[inline(never)]
    pub(crate) fn vacate(&mut self, price: Price) {
        match self.position(price.ticks()) {
            Some(position) => {
                debug_assert!(self.window[position] == Level::EMPTY, "an empty level is all zeros");
                self.occupied.remove(position);
            }
            None => self.vacate_far(price),
        }
        self.levels -= 1;
        if self.best == Some(price) {
            self.best = self.find_best();
        }
    }

    fn count_in(&mut self, price: Price) {
        self.levels += 1;
        if self.best.is_none_or(|best| self.rank(price) < self.rank(best)) {
            self.best = Some(price);
        }
    }

    /// The occupied price next after `price`, away from the best.
    pub(crate) fn next_worse(&self, price: Price) -> Option<Price> {
        let ticks = price.ticks();
        let (near, far) = match self.side {
            Side::Buy => (self.window_below(ticks), self.far.range(..ticks).next_back()),
            Side::Sell => (
                self.window_above(ticks),
                self.far.range((Bound::Excluded(ticks), Bound::Unbounded)).next(),
            ),
        };
        self.better(near, far.map(|(ticks, _)| *ticks))
    }

    fn position(&self, ticks: u32) -> Option<usize> {
        let position = ticks.wrapping_sub(self.base) as usize;
        (position < self.window.len()).then_some(position)
    }

    fn ticks_at(&self, position: usize) -> u32 {
        let Ok(position) = u32::try_from(position) else { unreachable!("the window is small") };
        self.base + position
    }

    fn window_below(&self, ticks: u32) -> Option<u32> {
        let position = match self.position(ticks) {
            Some(position) => self.occupied.next_below(position),
            None if ticks < self.base => None,
            None => self.occupied.last(),
        };
        position.map(|position| self.ticks_at(position))
    }

    fn window_above(&self, ticks: u32) -> Option<u32> {
        let position = match self.position(ticks) {
            Some(position) => self.occupied.next_above(position),
            None if ticks < self.base => self.occupied.first(),
            None => None,
        };
        position.map(|position| self.ticks_at(position))
    }

    fn find_best(&self) -> Option<Price> {
        let (near, far) = match self.side {
            Side::Buy => (self.occupied.last(), self.far.last_key_value()),
            Side::Sell => (self.occupied.first(), self.far.first_key_value()),
        };
        self.better(near.map(|position| self.ticks_at(position)), far.map(|(ticks, _)| *ticks))
    }

    fn better(&self, one: Option<u32>, other: Option<u32>) -> Option<Price> {
        let price = |ticks| Price::new(ticks).ok();
        match (one.and_then(price), other.and_then(price)) {
            (Some(one), Some(other)) if self.side.is_better(other, one) => Some(other),
            (Some(one), _) => Some(one),
            (None, other) => other,
        }
    }

    #[cold]
    #[inline(never)]
    fn far_level(&mut self, price: Price) -> &mut Level {
        self.far_visits += 1;
        self.far.entry(price.ticks()).or_insert(Level::EMPTY)
    }

    /// An order is about to rest outside the window. An empty ladder moves for free; any other when
    /// the visits since the last move have paid for carrying its levels over.
    #[cold]
    #[inline(never)]
    fn occupy_far(&mut self, price: Price) -> &mut Level {
        self.far_visits += 1;
        let best = match self.best {
            Some(best) if self.side.is_better(best, price) => best,
            Some(_) | None => price,
        };
        if self.levels == 0 {
            self.move_to(best, self.window.len());
        } else if 64 + 2 * self.levels as usize <= self.far_visits {
            self.move_to(best, (self.window.len() * 4).min(WINDOW_MAX));
        }
        if self.position(price.ticks()).is_some() {
            return self.occupy(price);
        }
        if !self.far.contains_key(&price.ticks()) {
            self.count_in(price);
        }
        self.far.entry(price.ticks()).or_insert(Level::EMPTY)
    }

    #[cold]
    #[inline(never)]
    fn vacate_far(&mut self, price: Price) {
        self.far_visits += 1;
        self.far.remove(&price.ticks());
    }

    /// Puts a window of `len` levels around the best price: a quarter of it before that price, the
    /// rest behind it, where depth is.
    fn move_to(&mut self, best: Price, len: usize) {
        self.far_visits = 0;
        let before = match self.side {
            Side::Buy => len / 4 * 3,
            Side::Sell => len / 4,
        };
        let Ok(before) = u32::try_from(before) else { unreachable!("the window is small") };
        let base = best.ticks().saturating_sub(before);
        if base == self.base && len == self.window.len() {
            return;
        }
        let levels = self.take_levels();
        if self.window.len() < len {
            self.window = vec![Level::EMPTY; len];
            self.occupied = Bits::new(len);
        }
        self.base = base;
        for (ticks, level) in levels {
            match self.position(ticks) {
                Some(position) => {
                    self.window[position] = level;
                    self.occupied.insert(position);
                }
                None => {
                    self.far.insert(ticks, level);
                }
            }
        }
    }

    /// Empties window and map.
    fn take_levels(&mut self) -> BTreeMap<u32, Level> {
        let mut levels = core::mem::take(&mut self.far);
        let mut next = self.occupied.first();
        while let Some(position) = next {
            let level = core::mem::replace(&mut self.window[position], Level::EMPTY);
            levels.insert(self.ticks_at(position), level);
            self.occupied.remove(position);
            next = self.occupied.first();
        }
        levels
    }

    /// Places in the array of levels, empty ones too.
    #[cfg(debug_assertions)]
    pub(crate) fn places(&self) -> u32 {
        u32::try_from(self.window.len()).unwrap_or(u32::MAX)
    }

    /// Checks invariants 1 and 2. Cost: O(levels + size of the array).
    pub(crate) fn check(&self) -> Result<(), Invariant> {
        let mut in_window = 0;
        let mut next = self.occupied.first();
        while let Some(position) = next {
            holds(self.window[position].head != NIL, Invariant::Levels)?;
            in_window += 1;
            next = self.occupied.next_above(position);
        }
        let occupied = self.window.iter().filter(|level| level.head != NIL).count();
        let is_far =
            |(ticks, level): (&u32, &Level)| level.head != NIL && self.position(*ticks).is_none();
        let is_known = occupied == in_window && self.far.iter().all(is_far);
        let is_counted = in_window + self.far.len() == self.levels as usize;
        holds(is_known && is_counted, Invariant::Levels)?;
        holds(self.best == self.find_best(), Invariant::Best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(invariant: Invariant, breakage: impl FnOnce(&mut Ladder)) {
        let mut ladder = Ladder::new(Side::Buy);
        let level = Level { head: 1, tail: 1, qty: 1 };
        for ticks in [100, 101, 1 << 20] {
            *ladder.occupy(Price::new(ticks).unwrap()) = level;
        }
        assert_eq!((ladder.check(), ladder.far.len()), (Ok(()), 1));
        breakage(&mut ladder);
        assert_eq!(ladder.check(), Err(invariant));
    }

    #[test]
    fn what_is_broken_is_named() {
        let far = 1 << 20;
        check(Invariant::Levels, |ladder| {
            let at = ladder.position(100).unwrap();
            ladder.window[at] = Level::EMPTY;
        });
        check(Invariant::Levels, |ladder| {
            let at = ladder.position(100).unwrap();
            ladder.occupied.remove(at);
        });
        check(Invariant::Levels, |ladder| ladder.levels += 1);
        check(Invariant::Levels, |ladder| {
            ladder.far.remove(&far);
        });
        check(Invariant::Levels, |ladder| {
            ladder.far.insert(far, Level::EMPTY);
        });
        check(Invariant::Levels, |ladder| {
            let level = ladder.far.remove(&far).unwrap();
            ladder.far.insert(102, level);
        });
        check(Invariant::Best, |ladder| ladder.best = Price::new(101).ok());
        check(Invariant::Best, |ladder| ladder.best = None);
    }
}
