//! The order streams that engines are measured on.
//!
//! A stream is a seeded sequence of adds, cancels and takes around a price that wanders, with a
//! steady number of live orders. It is generated against a plain price-time book, so that
//! cancels name live orders and prices never cross by accident; the trades that this book made
//! are the stream's expected result. `s4k` keeps some four thousand orders live, `s1m` a million.

mod book;
mod generate;
mod recent;

use kernel::{
    ClientId, Command, Event, OrderId, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side,
    TimeInForce,
};

pub use generate::{Generator, generate};

/// What makes a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Name in tables.
    pub name: &'static str,
    /// Seed of every draw.
    pub seed: u64,
    /// Live orders that the stream begins with and keeps, give or take a quarter.
    pub live: u32,
    /// A power of two less one: the mean distance of an order from the middle, less one.
    pub distance_mask: u64,
    /// A power of two less one: operations from one jump of the middle to another, less one, on
    /// average. 0 for a middle that only walks.
    pub jump_mask: u64,
    /// Timed operations after the live orders are in place.
    pub operations: u32,
}

/// About four thousand live orders.
pub const S4K: Recipe = Recipe {
    name: "s4k",
    seed: 42,
    live: 4_096,
    distance_mask: 15,
    jump_mask: 0,
    operations: 2_000_000,
};

/// About a million live orders.
pub const S1M: Recipe = Recipe { name: "s1m", live: 1_000_000, distance_mask: 255, ..S4K };

/// `s4k` with a middle that jumps to any price there is, every 256 operations: no window of prices
/// holds its levels.
pub const WIDE: Recipe = Recipe { name: "wide", jump_mask: 255, ..S4K };

/// One operation of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A new limit order; it may trade, and what is left rests.
    Limit {
        /// Its id: 1, 2, 3 and so on over limits and markets.
        id: u32,
        /// Buy or sell.
        side: Side,
        /// Limit in ticks.
        price: u32,
        /// Lots.
        qty: u32,
    },
    /// A new market order, which fills.
    Market {
        /// Its id.
        id: u32,
        /// Buy or sell.
        side: Side,
        /// Lots.
        qty: u32,
    },
    /// Takes a live order out.
    Cancel {
        /// Its id.
        id: u32,
    },
}

/// What a plain price-time book made of the timed operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Trades.
    pub trades: u64,
    /// Lots traded.
    pub volume: u64,
    /// Sum of price times lots.
    pub notional: u64,
}

/// A stream and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// What made it.
    pub recipe: Recipe,
    /// The orders that it begins with, then the timed operations.
    pub operations: Vec<Operation>,
    /// How many operations come before the timed ones.
    pub untimed: usize,
    /// Result of the timed operations.
    pub expected: Expected,
    /// BLAKE3 digest of the records in the recipe's file format.
    pub digest: blake3::Hash,
}

impl Expected {
    /// Counts a trade; any other event is passed over.
    pub fn take(&mut self, event: &Event) {
        if let Event::Traded { price, qty, .. } = event {
            self.trades += 1;
            self.volume += u64::from(qty.lots());
            self.notional += u64::from(price.ticks()) * u64::from(qty.lots());
        }
    }
}

impl Operation {
    /// The resting order that the operation names.
    pub fn named(self) -> Option<OrderId> {
        match self {
            Self::Cancel { id } => Some(OrderId(id.into())),
            Self::Limit { .. } | Self::Market { .. } => None,
        }
    }

    /// The operation as a command of our kernel, whose ids count as the stream's do.
    pub fn command(self, client: ClientId) -> Command {
        let place = |id: u32, side, qty, kind, tif| {
            Command::Place(Place {
                client,
                reference: Reference(id.into()),
                side,
                qty: Qty::new(qty).unwrap_or(Qty::MIN),
                kind,
                tif,
                display: None,
                stop: None,
                self_trade: SelfTrade::Allow,
            })
        };
        match self {
            Self::Limit { id, side, price, qty } => {
                let price = Price::new(price).unwrap_or(Price::MIN);
                let kind = OrderKind::Limit { price, post_only: false };
                place(id, side, qty, kind, TimeInForce::Gtc)
            }
            Self::Market { id, side, qty } => {
                place(id, side, qty, OrderKind::Market, TimeInForce::Ioc)
            }
            Self::Cancel { id } => Command::Cancel { client, order: OrderId(id.into()) },
        }
    }
}
