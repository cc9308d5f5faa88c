//! The orders that the stream leaves resting if every taker meets the orders that the file says.

use std::collections::BTreeMap;

use kernel::{OrderId, Price, Qty, Reference, Side};

/// Both sides, in the order in which corrections visit them.
pub(super) const SIDES: [Side; 2] = [Side::Sell, Side::Buy];

/// A number that is lower the better a price is for its side.
pub(super) fn rank(side: Side, price: Price) -> i64 {
    let ticks = i64::from(price.ticks());
    match side {
        Side::Sell => ticks,
        Side::Buy => -ticks,
    }
}

/// A resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resting {
    /// The file's order id, or an anonymous one.
    pub(super) reference: Reference,
    /// The kernel's id.
    pub(super) order: OrderId,
    /// Open quantity.
    pub(super) open: Qty,
}

/// The levels of one side by [`rank`]: price, and orders from the front of the queue to its back.
struct Ladder(BTreeMap<i64, (Price, Vec<Resting>)>);

/// The orders of both sides.
///
/// Invariants:
/// 1. no level is empty;
/// 2. a reference stands at most once in the book, and `live` says where.
pub(super) struct Mirror {
    asks: Ladder,
    bids: Ladder,
    live: BTreeMap<Reference, (Side, Price)>,
}

/// What an order was before lots were taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// The order, with its open quantity before.
    pub(super) before: Resting,
    /// Its place in the queue, 0 at the front.
    pub(super) position: usize,
}

impl Mirror {
    pub(super) const fn new() -> Self {
        Self { asks: Ladder(BTreeMap::new()), bids: Ladder(BTreeMap::new()), live: BTreeMap::new() }
    }

    const fn ladder(&self, side: Side) -> &Ladder {
        match side {
            Side::Sell => &self.asks,
            Side::Buy => &self.bids,
        }
    }

    const fn ladder_mut(&mut self, side: Side) -> &mut Ladder {
        match side {
            Side::Sell => &mut self.asks,
            Side::Buy => &mut self.bids,
        }
    }

    /// Where an order rests.
    pub(super) fn find(&self, reference: Reference) -> Option<(Side, Price)> {
        self.live.get(&reference).copied()
    }

    /// The orders at a price, front first; none if the level is empty.
    pub(super) fn queue(&self, side: Side, price: Price) -> &[Resting] {
        let level = self.ladder(side).0.get(&rank(side, price));
        level.map(|(_, queue)| queue.as_slice()).unwrap_or_default()
    }

    /// Open lots at a price.
    pub(super) fn lots(&self, side: Side, price: Price) -> u64 {
        self.queue(side, price).iter().map(|resting| u64::from(resting.open.lots())).sum()
    }

    /// Occupied prices of a side, best first.
    pub(super) fn prices(&self, side: Side) -> impl Iterator<Item = Price> {
        self.ladder(side).0.values().map(|(price, _)| *price)
    }

    /// Puts an order at the back of its level. Its reference must not be live.
    pub(super) fn add(&mut self, side: Side, price: Price, resting: Resting) {
        let level = self.ladder_mut(side).0.entry(rank(side, price));
        level.or_insert_with(|| (price, Vec::new())).1.push(resting);
        let before = self.live.insert(resting.reference, (side, price));
        debug_assert_eq!(before, None, "a reference is live once");
    }

    /// Takes lots from an order, at most what is open. `None` if it does not rest at this price.
    pub(super) fn take(
        &mut self,
        side: Side,
        price: Price,
        reference: Reference,
        lots: Qty,
    ) -> Option<Taken> {
        let ladder = self.ladder_mut(side);
        let (_, queue) = ladder.0.get_mut(&rank(side, price))?;
        let position = queue.iter().position(|resting| resting.reference == reference)?;
        let resting = queue.get_mut(position)?;
        let before = *resting;
        let left = before.open.lots().saturating_sub(lots.lots());
        if let Ok(left) = Qty::new(left) {
            resting.open = left;
        } else {
            queue.remove(position);
            if queue.is_empty() {
                ladder.0.remove(&rank(side, price));
            }
            self.live.remove(&reference);
        }
        Some(Taken { before, position })
    }
}
