//! What a query is once it has been read. Types are right by construction: a truth is made of
//! truths and comparisons, a number of numbers.

use kernel::{ClientId, Price, Side};
use replay::MarkName;

/// Something that is true or false at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Constant(bool),
    Flag(Flag),
    /// The entry is a mark of this name.
    Mark(MarkName),
    /// The entry is a mark of this name or stands behind one.
    After {
        name: MarkName,
        /// Which of the query's marks it is, in the order in which the text first names them.
        slot: usize,
    },
    /// The taker's side. `trade.side != buy` is `trade.side == sell`, since every trade has a side.
    TradeSide(Side),
    /// The number is not absent.
    Exists(Number),
    Compare(Number, Comparison, Number),
    Not(Box<Self>),
    /// `and` of two or more.
    All(Vec<Self>),
    /// `or` of two or more.
    Any(Vec<Self>),
}

/// A whole number at a moment, or absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Literal(Literal),
    Term(Term),
    /// What the number was behind the first mark of a name; absent before. `at(crash, best_bid)`
    At {
        /// Which of the query's captures it is: an inner one stands before an outer one.
        slot: usize,
        capture: Box<Capture>,
    },
    Minus(Box<Self>),
    /// Added up from left to right.
    Sum(Box<Self>, Vec<(Addition, Self)>),
    /// Multiplied from left to right.
    Product(Box<Self>, Vec<(Scaling, Self)>),
}

/// A number to be taken note of behind the first mark of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Capture {
    pub(crate) name: MarkName,
    pub(crate) number: Number,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Addition {
    Plus,
    Less,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scaling {
    Times,
    /// The quotient is rounded down; by zero it is absent.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
}

/// A number of the text, not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// What it means: nanoseconds for times.
    pub(crate) value: i128,
    /// How it is written.
    pub(crate) unit: Unit,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    One,
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    /// `14:45:10`, whole seconds since midnight.
    Clock,
}

impl Unit {
    /// What the number before the unit is multiplied by.
    pub(crate) const fn scale(self) -> i128 {
        match self {
            Self::One | Self::Nanoseconds => 1,
            Self::Microseconds => 1_000,
            Self::Milliseconds => 1_000_000,
            Self::Seconds | Self::Clock => 1_000_000_000,
        }
    }
}

/// A number that the market, the log or the entry has. `words` says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    Spread,
    BestBid,
    BestAsk,
    Mid2,
    LastTrade,
    Depth(Side, u32),
    Levels(Side),
    Qty(Side, Price),
    Orders,
    Stops,
    Position(ClientId),
    Cash(ClientId),
    Equity(ClientId),
    OpenBuy(ClientId),
    OpenSell(ClientId),
    Taxes,
    Fees,
    Time,
    Step,
    Entry,
    Placed,
    Trades,
    Volume,
    Cancelled,
    Rejected,
    Agent,
    Client,
    TradeQty,
    TradePrice,
    TradeMaker,
    TradeTaker,
}

/// A truth that the market has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    Continuous,
    Auction,
    Halted,
    ShortBan,
}

impl Term {
    /// Whose account it is about.
    pub(crate) const fn client(self) -> Option<ClientId> {
        match self {
            Self::Position(client)
            | Self::Cash(client)
            | Self::Equity(client)
            | Self::OpenBuy(client)
            | Self::OpenSell(client) => Some(client),
            Self::Spread
            | Self::BestBid
            | Self::BestAsk
            | Self::Mid2
            | Self::LastTrade
            | Self::Depth(..)
            | Self::Levels(_)
            | Self::Qty(..)
            | Self::Orders
            | Self::Stops
            | Self::Taxes
            | Self::Fees
            | Self::Time
            | Self::Step
            | Self::Entry
            | Self::Placed
            | Self::Trades
            | Self::Volume
            | Self::Cancelled
            | Self::Rejected
            | Self::Agent
            | Self::Client
            | Self::TradeQty
            | Self::TradePrice
            | Self::TradeMaker
            | Self::TradeTaker => None,
        }
    }

    /// Whether only [`Counters`](crate::Counters) know it.
    pub(crate) const fn is_counted(self) -> bool {
        matches!(self, Self::Trades | Self::Volume | Self::Cancelled | Self::Rejected)
    }

    /// Whether only a trade has it.
    pub(crate) const fn is_of_trade(self) -> bool {
        matches!(self, Self::TradeQty | Self::TradePrice | Self::TradeMaker | Self::TradeTaker)
    }

    /// Whether it is never absent and never falls from one entry to the next.
    pub(crate) const fn only_rises(self) -> bool {
        self.is_counted()
            || matches!(self, Self::Placed | Self::Taxes | Self::Time | Self::Step | Self::Entry)
    }
}
