//! What everybody sees of the book: best prices and the mid.

use kernel::{Engine, Side};

use super::law::Style;
use crate::number;

/// Prices at one moment, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// Best bid.
    pub bid: Option<i64>,
    /// Best ask.
    pub ask: Option<i64>,
    /// Twice the mid; while a side is empty, that of the last moment with both.
    pub mid_half_ticks: i64,
}

impl Prices {
    /// An empty book around a price.
    pub(super) const fn around(ticks: i64) -> Self {
        Self { bid: None, ask: None, mid_half_ticks: 2 * ticks }
    }

    /// Looks at the book.
    pub(super) fn look(&mut self, engine: &Engine) {
        let best = |side| engine.best(side).map(|price| i64::from(price.ticks()));
        (self.bid, self.ask) = (best(Side::Buy), best(Side::Sell));
        if let (Some(bid), Some(ask)) = (self.bid, self.ask) {
            self.mid_half_ticks = bid + ask;
        }
    }

    /// The mid, in ticks.
    pub fn mid(&self) -> f64 {
        number::from_integer(self.mid_half_ticks) * 0.5
    }

    /// The spread, in ticks, while both sides are there.
    pub fn spread(&self) -> Option<i64> {
        Some(self.ask? - self.bid?)
    }

    /// The best price at which an order of this side would trade.
    pub const fn opposite(&self, side: Side) -> Option<i64> {
        match side {
            Side::Buy => self.ask,
            Side::Sell => self.bid,
        }
    }

    /// The price from which orders of a side are priced: the mid, or the tick before it.
    pub const fn reference(&self, side: Side) -> i64 {
        match side {
            Side::Buy => self.mid_half_ticks.div_euclid(2),
            Side::Sell => -(-self.mid_half_ticks).div_euclid(2),
        }
    }

    /// A price so many ticks beyond the reference of a side, towards the other side; at least one tick.
    pub(super) fn beyond(&self, side: Side, ticks: i64) -> i64 {
        let price = match side {
            Side::Buy => self.reference(side) + ticks,
            Side::Sell => self.reference(side) - ticks,
        };
        price.max(1)
    }

    /// The worst price of an order; `None` for any.
    pub(super) fn worst(&self, side: Side, style: Style) -> Option<i64> {
        match style {
            Style::Market => None,
            Style::Collared(ticks) | Style::Limit(ticks) => Some(self.beyond(side, ticks)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_on_their_own_side_of_the_mid() {
        let even = Prices::around(100);
        assert_eq!((even.reference(Side::Buy), even.reference(Side::Sell)), (100, 100));
        let odd = Prices { mid_half_ticks: 201, ..even };
        assert_eq!((odd.reference(Side::Buy), odd.reference(Side::Sell)), (100, 101));
        assert_eq!((odd.beyond(Side::Buy, 2), odd.beyond(Side::Sell, 2)), (102, 99));
        assert_eq!(odd.beyond(Side::Buy, -500), 1);
    }
}
