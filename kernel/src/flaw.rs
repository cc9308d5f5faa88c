//! Why bytes are not the state of a market: what [`Engine::restore`](crate::Engine::restore) refuses.

use core::fmt;

use crate::digest::Section;
use crate::rules::{DISPLAYS_MAX, GenesisError};
use crate::units::{ClientId, OrderId, OutOfRange, POSITION_MAX};

/// Why a market cannot be restored. Bytes that a kernel wrote for the same genesis give none of
/// these: they were changed, cut, mixed with others, or belong to another genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestoreError {
    /// The genesis breaks one of its own bounds.
    Genesis(GenesisError),
    /// One record is wrong.
    Record {
        /// Its section.
        section: Section,
        /// Byte of the section at which the record begins, from 0.
        offset: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// Each record is right, but not all of them together.
    Whole {
        /// The section in which it shows.
        section: Section,
        /// What is wrong with it.
        flaw: Flaw,
    },
}

/// What is wrong with a record or a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The section ends inside the record.
    Cut,
    /// Bytes follow what ought to be the last.
    Leftover,
    /// A byte has a value that is never written.
    Byte {
        /// What the byte stands for.
        field: &'static str,
        /// Its value.
        value: u8,
    },
    /// A number is outside the range of its unit.
    Number(OutOfRange),
    /// An order's id is 0 or above the count of Place commands.
    Id(OrderId),
    /// Two live orders have one id.
    IdTwice(OrderId),
    /// Orders that wait are not strictly ascending by id.
    IdOrder(OrderId),
    /// A client's number is not below `clients_max`.
    Client(ClientId),
    /// An order's price is better than that of the order before it.
    PriceOrder(OrderId),
    /// An order's priority number is 0 or above the count of those given.
    Priority(OrderId),
    /// An order's priority number is not above that of the order before it at the same price.
    PriorityOrder(OrderId),
    /// Two resting orders have one priority number.
    PriorityTwice(u64),
    /// An iceberg shows more than its display, or its open quantity is above the largest or above
    /// [`DISPLAYS_MAX`] displays.
    Iceberg(OrderId),
    /// A live order's expiry is not after the present time.
    Expired(OrderId),
    /// Limit, rest and expiry of a waiting order do not go together.
    StopKind(OrderId),
    /// An order waits untriggered though the last trade reaches its stop.
    Untriggered(OrderId),
    /// An order is triggered though there was no trade or the market is not halted.
    Triggered(OrderId),
    /// More than `orders_max` orders rest or wait.
    OrderLimit,
    /// More than `levels_max` levels are occupied.
    LevelLimit,
    /// The book of a continuous market is crossed.
    Crossed,
    /// Accounts are not strictly ascending by client.
    AccountOrder(ClientId),
    /// An account that is all zero is written out.
    EmptyAccount(ClientId),
    /// A position, or one with the client's open buys or sells, is past ±[`POSITION_MAX`].
    Position(ClientId),
    /// Accounts and pots hold more cash, or owe more, than a market can move.
    Cash,
    /// The pot of taxes is negative.
    Taxes,
    /// Positions do not sum to those of the genesis.
    LotsSum,
    /// Cash and pots do not sum to the cash of the genesis.
    CashSum,
    /// The tags of the rules are not strictly ascending.
    RuleOrder(u8),
    /// A rule is written out though it is open.
    OpenRule(u8),
    /// The market is said to be halted and in an auction.
    TwoStates,
    /// The rules contradict themselves.
    Rules,
    /// A count is above what any market reaches.
    Count(u64),
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Genesis(error) => error.fmt(f),
            Self::Record { section, offset, flaw } => {
                write!(f, "section {}, record at byte {offset}: {flaw}", section.name())
            }
            Self::Whole { section, flaw } => write!(f, "section {}: {flaw}", section.name()),
        }
    }
}

impl core::error::Error for RestoreError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Genesis(error) => Some(error),
            Self::Record { .. } | Self::Whole { .. } => None,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut => f.write_str("the section ends inside the record"),
            Self::Leftover => f.write_str("bytes follow the last one"),
            Self::Byte { field, value } => write!(f, "{value} is no {field}"),
            Self::Number(error) => error.fmt(f),
            Self::Id(order) => {
                write!(f, "the id {order} is 0 or above the count of Place commands")
            }
            Self::IdTwice(order) => write!(f, "two live orders have the id {order}"),
            Self::IdOrder(order) => write!(f, "order {order} is out of order or stands twice"),
            Self::Client(client) => write!(f, "client {client} is not below clients_max"),
            Self::PriceOrder(order) => {
                write!(f, "order {order} has a better price than the one before it")
            }
            Self::Priority(order) => {
                write!(f, "the priority of order {order} is 0 or was never given")
            }
            Self::PriorityOrder(order) => {
                write!(f, "the priority of order {order} does not rise within its level")
            }
            Self::PriorityTwice(priority) => {
                write!(f, "two resting orders have the priority {priority}")
            }
            Self::Iceberg(order) => write!(
                f,
                "iceberg {order} shows more than its display or is larger than {DISPLAYS_MAX} displays"
            ),
            Self::Expired(order) => write!(f, "order {order} has outlived its expiry"),
            Self::StopKind(order) => {
                write!(f, "limit, rest and expiry of waiting order {order} do not go together")
            }
            Self::Untriggered(order) => {
                write!(f, "order {order} waits though the last trade reaches its stop")
            }
            Self::Triggered(order) => {
                write!(f, "order {order} is triggered, which needs a trade and a halt")
            }
            Self::OrderLimit => f.write_str("more orders are live than orders_max"),
            Self::LevelLimit => f.write_str("more levels are occupied than levels_max"),
            Self::Crossed => f.write_str("the book of a continuous market is crossed"),
            Self::AccountOrder(client) => {
                write!(f, "client {client} is out of order or stands twice")
            }
            Self::EmptyAccount(client) => write!(f, "the account of client {client} is empty"),
            Self::Position(client) => write!(
                f,
                "client {client} holds, or could come to hold, more than {POSITION_MAX} lots"
            ),
            Self::Cash => f.write_str("the accounts hold or owe more cash than can be moved"),
            Self::Taxes => f.write_str("the pot of taxes is negative"),
            Self::LotsSum => f.write_str("positions do not sum to those of the genesis"),
            Self::CashSum => f.write_str("cash and pots do not sum to the cash of the genesis"),
            Self::RuleOrder(tag) => write!(f, "rule {tag} is out of order or stands twice"),
            Self::OpenRule(tag) => write!(f, "rule {tag} is open and written out all the same"),
            Self::TwoStates => f.write_str("the market is both halted and in an auction"),
            Self::Rules => f.write_str("the rules contradict themselves"),
            Self::Count(count) => write!(f, "no market counts to {count}"),
        }
    }
}
