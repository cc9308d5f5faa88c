//! Read-only looks at a market, for agents, observers and tools.

use crate::digest::Conduct;
use crate::units::{Cash, ClientId, OrderId, Position, Price, Qty, Reference, Side};

/// A resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// Its id.
    pub order: OrderId,
    /// Owner.
    pub client: ClientId,
    /// The producer's number.
    pub reference: Reference,
    /// Side of the book.
    pub side: Side,
    /// Its price.
    pub price: Price,
    /// Open quantity, reserve included.
    pub qty: Qty,
    /// Of these, the lots that the book shows.
    pub displayed: Qty,
    /// Its place in time: lower stands before higher at the same price.
    pub priority: u64,
    /// What it keeps of its `Place`.
    pub conduct: Conduct,
}

/// An occupied price level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelView {
    /// Its price.
    pub price: Price,
    /// Displayed lots of all its orders.
    pub qty: u64,
}

/// A client's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// The client.
    pub client: ClientId,
    /// Lots held.
    pub position: Position,
    /// Cash held.
    pub cash: Cash,
    /// Open lots of its buys that rest, reserves included, or wait for their stop.
    pub open_buy: Position,
    /// Open lots of its sells that rest, reserves included, or wait for their stop.
    pub open_sell: Position,
    /// Whether the short-sale ban and the position limit leave it alone.
    pub exempt: bool,
}

/// An order that waits for its stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopView {
    /// Its id.
    pub order: OrderId,
    /// Owner.
    pub client: ClientId,
    /// The producer's number.
    pub reference: Reference,
    /// Buy or sell.
    pub side: Side,
    /// Open quantity.
    pub qty: Qty,
    /// The price that triggers it.
    pub stop: Price,
    /// Its limit once active; `None` for a market order.
    pub limit: Option<Price>,
    /// Whether a trade has triggered it already.
    pub is_triggered: bool,
}
