//! What the kernel answers. The events of a command are appended to a buffer of the caller.
//!
//! The first event of every command says what became of it: `Accepted` or `Rejected` for a
//! `Place`; `Rejected` or its own acknowledgement for any other. Consequences follow in the order
//! in which they happened.

use core::fmt;

use crate::rules::RuleChange;
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, Step, TimeNs};

/// One output of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A `Place` passed every check.
    Accepted {
        /// Id given to the order.
        order: OrderId,
        /// Owner.
        client: ClientId,
        /// The producer's number of the order.
        reference: Reference,
    },
    /// A command was refused and changed nothing.
    Rejected {
        /// The order that the command placed or named; `None` where it names none.
        order: Option<OrderId>,
        /// The first rule that it broke, in the order of RULES.md.
        reason: RejectReason,
    },
    /// A taker met a maker. The price is the maker's.
    Traded {
        /// The resting order.
        maker: OrderId,
        /// The arriving order.
        taker: OrderId,
        /// Owner of the maker.
        maker_client: ClientId,
        /// Owner of the taker.
        taker_client: ClientId,
        /// The producer's number of the maker.
        maker_reference: Reference,
        /// The producer's number of the taker.
        taker_reference: Reference,
        /// Side of the taker.
        taker_side: Side,
        /// Trade price.
        price: Price,
        /// Lots traded.
        qty: Qty,
    },
    /// Two orders of one client met under [`SelfTrade::Decrement`](crate::SelfTrade::Decrement).
    Decremented {
        /// The resting order.
        maker: OrderId,
        /// The arriving order.
        taker: OrderId,
        /// Lots that both lost without a trade.
        qty: Qty,
    },
    /// What is left of an arriving order went to the back of its price level.
    Rested {
        /// The order.
        order: OrderId,
        /// Side of the book.
        side: Side,
        /// Its price.
        price: Price,
        /// Its open quantity, reserve included.
        qty: Qty,
        /// Of these, the lots that the book shows.
        displayed: Qty,
    },
    /// An iceberg shows lots of its reserve again, at the back of its level.
    Refilled {
        /// The order.
        order: OrderId,
        /// Lots shown now.
        displayed: Qty,
        /// Its open quantity, reserve included.
        open: Qty,
    },
    /// An order that waited for its stop arrives now.
    Triggered {
        /// The order.
        order: OrderId,
    },
    /// The open quantity of an order is gone without a trade.
    Cancelled {
        /// The order.
        order: OrderId,
        /// Owner.
        client: ClientId,
        /// The producer's number of the order.
        reference: Reference,
        /// Lots that were open.
        qty: Qty,
        /// Why.
        reason: CancelReason,
    },
    /// An order lost part of its open quantity and kept its place.
    Reduced {
        /// The order.
        order: OrderId,
        /// Lots taken off.
        by: Qty,
        /// Lots still open.
        open: Qty,
    },
    /// An order has a new price or open quantity.
    Replaced {
        /// The order.
        order: OrderId,
        /// New limit.
        price: Price,
        /// New open quantity, before any trade that follows.
        qty: Qty,
        /// Whether it kept its place; if not, it was matched again as an arriving order.
        kept_priority: bool,
    },
    /// A `MassCancel` was carried out; one `Cancelled` for each order follows.
    MassCancelled {
        /// The owner.
        client: ClientId,
        /// How many orders.
        orders: u32,
    },
    /// Logical time moved.
    ClockMoved {
        /// New time.
        time: TimeNs,
        /// New step.
        step: Step,
    },
    /// A rule of the market changed.
    RuleChanged(RuleChange),
    /// A call auction was carried out; its trades follow.
    Uncrossed {
        /// Clearing price; `None` when no bid reaches an ask.
        price: Option<Price>,
        /// Lots traded.
        qty: u64,
    },
    /// An arriving order would have traded outside the price band: the market is halted.
    BandHit {
        /// The order.
        order: OrderId,
        /// The price at which it would have traded.
        price: Price,
        /// The price that the band is around.
        reference: Price,
    },
}

/// Why an order's open quantity was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelReason {
    /// `Cancel`, or a `Reduce` by at least the open quantity.
    Requested,
    /// `MassCancel`.
    Mass,
    /// The remainder of an order that may not rest.
    Remainder,
    /// Self-trade prevention.
    SelfTrade,
    /// Its time has come.
    Expired,
    /// The price band.
    Band,
    /// A triggered stop found the book's levels all taken.
    NoRoom,
}

/// The rule that a refused command broke. RULES.md §3 gives the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectReason {
    /// The client's number is not below the genesis limit.
    UnknownClient,
    /// The order never existed or is dead.
    UnknownOrder,
    /// The order belongs to another client.
    NotOwner,
    /// The market is halted.
    Halted,
    /// Kind, time in force, display, stop and market state do not go together.
    Unsupported,
    /// More lots than one order may have.
    QtyLimit,
    /// Not a multiple of the lot.
    LotSize,
    /// Outside the price range.
    PriceRange,
    /// Not a multiple of the tick.
    TickSize,
    /// The short-sale ban: the sell and the open sells would exceed the position.
    ShortSale,
    /// The order could carry the client's position past its limit.
    PositionLimit,
    /// A market-to-limit order met an empty side.
    NoLiquidity,
    /// A post-only order would trade.
    WouldTrade,
    /// As many orders rest as the genesis allows.
    OrderLimit,
    /// As many price levels are occupied as the genesis allows.
    LevelLimit,
    /// A fill-or-kill order cannot trade in full.
    Unfillable,
    /// Time or step would go backwards.
    TimeBackwards,
    /// The rule change contradicts itself or a limit of the genesis.
    BadRule,
    /// Good till a time that is not after the present one.
    Expired,
    /// The display exceeds the quantity, or the quantity too many displays.
    Display,
    /// An uncross outside an auction.
    WrongState,
}

impl RejectReason {
    /// The reason in words, as printed by every tool.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown client",
            Self::UnknownOrder => "unknown order",
            Self::NotOwner => "not owner",
            Self::Halted => "halted",
            Self::Unsupported => "unsupported",
            Self::QtyLimit => "quantity limit",
            Self::LotSize => "lot size",
            Self::PriceRange => "price range",
            Self::TickSize => "tick size",
            Self::ShortSale => "short sale",
            Self::PositionLimit => "position limit",
            Self::NoLiquidity => "no liquidity",
            Self::WouldTrade => "would trade",
            Self::OrderLimit => "order limit",
            Self::LevelLimit => "level limit",
            Self::Unfillable => "unfillable",
            Self::TimeBackwards => "time backwards",
            Self::BadRule => "bad rule",
            Self::Expired => "expired",
            Self::Display => "display",
            Self::WrongState => "wrong state",
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl CancelReason {
    /// The reason in words, as printed by every tool.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Mass => "mass cancel",
            Self::Remainder => "remainder",
            Self::SelfTrade => "self trade",
            Self::Expired => "expired",
            Self::Band => "band",
            Self::NoRoom => "no room",
        }
    }
}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
