//! What a producer can ask of the kernel. Every command is accepted or refused by an event; none
//! can fail. `RULES.md` says what each does.

use crate::rules::RuleChange;
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, Step, TimeNs};

/// One input of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new order.
    Place(Place),
    /// Takes a resting order out of the book.
    Cancel {
        /// Must own the order.
        client: ClientId,
        /// The order.
        order: OrderId,
    },
    /// Lowers an order's open quantity; its place in the queue stays.
    Reduce {
        /// Must own the order.
        client: ClientId,
        /// The order.
        order: OrderId,
        /// Lots to take off; at least the open quantity cancels the order.
        by: Qty,
    },
    /// Gives an order a new price and a new open quantity under its old id.
    Replace {
        /// Must own the order.
        client: ClientId,
        /// The order.
        order: OrderId,
        /// New limit.
        price: Price,
        /// New open quantity.
        qty: Qty,
    },
    /// Cancels every resting order of a client.
    MassCancel {
        /// The owner.
        client: ClientId,
    },
    /// Moves logical time forward.
    Clock {
        /// New time, not before the present one.
        time: TimeNs,
        /// New step, not before the present one.
        step: Step,
    },
    /// Changes one rule of the market.
    SetRule(RuleChange),
    /// Carries a call auction out.
    Uncross,
}

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Owner.
    pub client: ClientId,
    /// The producer's own number, echoed in events.
    pub reference: Reference,
    /// Buy or sell.
    pub side: Side,
    /// Lots wanted.
    pub qty: Qty,
    /// How the price is given.
    pub kind: OrderKind,
    /// How long it may stand.
    pub tif: TimeInForce,
    /// Most lots to show; the others are its reserve. `None` shows all.
    pub display: Option<Qty>,
    /// Waits for a trade at this price or beyond. `None` arrives at once.
    pub stop: Option<Price>,
    /// What happens when it meets an order of its own client.
    pub self_trade: SelfTrade,
}

/// How an order's price is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKind {
    /// Trades at `price` or better.
    Limit {
        /// The worst acceptable price.
        price: Price,
        /// Refused when it would trade on arrival.
        post_only: bool,
    },
    /// Trades at any price; nothing of it ever rests.
    Market,
    /// Becomes a limit order at the best opposite price of its arrival.
    MarketToLimit,
}

/// How long an order may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeInForce {
    /// Good till cancelled: what does not trade at once rests.
    Gtc,
    /// Good till time: rests until logical time reaches this.
    Gtt(TimeNs),
    /// Immediate or cancel: what does not trade at once is cancelled.
    Ioc,
    /// Fill or kill: trades in full at once or is refused.
    Fok,
}

/// Self-trade prevention: what an arriving order does when it meets one of the same client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfTrade {
    /// They trade like strangers.
    Allow,
    /// The rest of the arriving order is cancelled.
    CancelNewest,
    /// The resting order is cancelled and matching goes on.
    CancelOldest,
    /// Both are cancelled.
    CancelBoth,
    /// Both lose the smaller open quantity without a trade.
    Decrement,
}
