//! The book over time: each state weighs as long as it lasts.

use kernel::{Engine, LevelView, Side};

use super::FlowOptions;
use super::tally::Tally;
use crate::stats::reals::whole;

/// How many levels are followed.
const LEVELS: usize = 10;

/// A level over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Level {
    /// Nanoseconds for which both sides had it.
    time: u128,
    /// Lots of both sides times nanoseconds.
    lots: u128,
    /// Ask less bid, price units, times nanoseconds.
    apart: u128,
}

/// Spread and levels of a market, weighted by time. Times with an empty side do not count.
#[derive(Clone, Debug, PartialEq)]
pub struct BookTimes {
    tick: u32,
    /// Spread in whole ticks, by nanoseconds.
    pub spread: Tally,
    /// Spread over mid, times nanoseconds.
    relative: f64,
    /// Empty where they are not followed.
    levels: Vec<Level>,
}

impl BookTimes {
    pub(super) fn new(options: FlowOptions) -> Self {
        let levels = if options.levels { LEVELS } else { 0 };
        Self {
            tick: options.tick.max(1),
            spread: Tally::default(),
            relative: 0.0,
            levels: vec![Level::default(); levels],
        }
    }

    /// Time passes over this book. Orders that expire at the end of it are gone already, from
    /// everything but the spread.
    pub(super) fn elapse(&mut self, nanos: u64, best: [Option<u32>; 2], engine: &Engine) {
        let [Some(bid), Some(ask)] = best else { return };
        let spread = ask.saturating_sub(bid);
        self.spread.add(u64::from(spread / self.tick), nanos);
        let mid = f64::midpoint(bid.into(), ask.into());
        self.relative += f64::from(spread) / mid * whole(nanos.into());
        if self.levels.is_empty() {
            return;
        }
        let pairs = engine.levels(Side::Buy).zip(engine.levels(Side::Sell));
        for (sums, (bid, ask)) in self.levels.iter_mut().zip(pairs) {
            sums.add(bid, ask, u128::from(nanos));
        }
    }

    /// Mean spread over mid.
    pub fn spread_relative(&self) -> Option<f64> {
        let time = self.spread.total();
        (0 < time).then(|| self.relative / whole(time))
    }

    /// Mean lots at the level of this number, from 1, of one side.
    pub fn lots(&self, level: usize) -> Option<f64> {
        let sums = self.level(level)?;
        Some(whole(sums.lots) / whole(sums.time) / 2.0)
    }

    /// Mean distance of the level of this number, from 1, to the mid, in ticks.
    pub fn distance(&self, level: usize) -> Option<f64> {
        let sums = self.level(level)?;
        Some(whole(sums.apart) / whole(sums.time) / 2.0 / f64::from(self.tick))
    }

    fn level(&self, number: usize) -> Option<&Level> {
        self.levels.get(number.checked_sub(1)?).filter(|sums| 0 < sums.time)
    }
}

impl Level {
    fn add(&mut self, bid: LevelView, ask: LevelView, nanos: u128) {
        self.time += nanos;
        let lots = u128::from(bid.qty) + u128::from(ask.qty);
        self.lots = self.lots.saturating_add(lots.saturating_mul(nanos));
        self.apart += u128::from(ask.price.ticks().abs_diff(bid.price.ticks())) * nanos;
    }
}
