//! What can be wrong with a file: which file, which line, which column, and what.

use std::fmt;

use kernel::{Price, Side, TimeNs};

/// One of the two files of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// What happened.
    Message,
    /// The book after it.
    Orderbook,
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Message => "message",
            Self::Orderbook => "orderbook",
        })
    }
}

/// A column of one of the two files. Levels count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Message column 1.
    Time,
    /// Message column 2.
    Type,
    /// Message column 3.
    OrderId,
    /// Message column 4.
    Size,
    /// Message column 5.
    Price,
    /// Message column 6.
    Direction,
    /// Price of a level of the book.
    LevelPrice {
        /// Sell for an ask, buy for a bid.
        side: Side,
        /// 1 is the best.
        level: usize,
    },
    /// Size of a level of the book.
    LevelSize {
        /// Sell for an ask, buy for a bid.
        side: Side,
        /// 1 is the best.
        level: usize,
    },
}

const fn quote(side: Side) -> &'static str {
    match side {
        Side::Buy => "bid",
        Side::Sell => "ask",
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time => f.write_str("time"),
            Self::Type => f.write_str("type"),
            Self::OrderId => f.write_str("order id"),
            Self::Size => f.write_str("size"),
            Self::Price => f.write_str("price"),
            Self::Direction => f.write_str("direction"),
            Self::LevelPrice { side, level } => write!(f, "{} price {level}", quote(*side)),
            Self::LevelSize { side, level } => write!(f, "{} size {level}", quote(*side)),
        }
    }
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file has no line.
    #[error("the file is empty")]
    Empty,
    /// Nothing stands between two line ends.
    #[error("the line is blank")]
    Blank,
    /// The last line does not end in a line end, so its last number may be cut off.
    #[error("the last line has no line end; the file may be cut off")]
    Unterminated,
    /// The line is longer than any line of the format can be.
    #[error("the line is longer than {max} bytes")]
    TooLong {
        /// Most bytes of a line, its end included.
        max: usize,
    },
    /// The line's bytes are not text.
    #[error("the line is not UTF-8")]
    NotUtf8,
    /// A line has too few or too many columns.
    #[error("{found} columns where {expected} are expected")]
    Columns {
        /// Columns of the line.
        found: usize,
        /// 6 for a message; what the first line has for a row of the book.
        expected: usize,
    },
    /// The first row of the book does not divide into levels.
    #[error("{found} columns are not four for each level")]
    LevelColumns {
        /// Columns of the line.
        found: usize,
    },
    /// A field is not a decimal number.
    #[error("{column} is not a number")]
    NotANumber {
        /// The field.
        column: Column,
    },
    /// A field is a number outside its range, a negative size for example.
    #[error("{column} is outside {min}..={max}")]
    OutOfRange {
        /// The field.
        column: Column,
        /// Smallest allowed number.
        min: i64,
        /// Largest allowed number.
        max: i64,
    },
    /// A time has more than nine decimals.
    #[error("{column} is finer than a nanosecond")]
    TooFine {
        /// The field.
        column: Column,
    },
    /// A type that the format does not have.
    #[error("type {found} is none of 1..=7")]
    UnknownType {
        /// The number found.
        found: i64,
    },
    /// A direction other than 1 and -1.
    #[error("direction {found} is neither 1 nor -1")]
    Direction {
        /// The number found.
        found: i64,
    },
    /// A row is older than the row before it.
    #[error("time goes back from {before} ns to {after} ns")]
    TimeBackwards {
        /// Time of the row before.
        before: TimeNs,
        /// Time of this row.
        after: TimeNs,
    },
    /// A level has a price without a size or a size without a price.
    #[error("{} level {level} has only one of price and size", quote(*side))]
    HalfEmpty {
        /// Sell for an ask, buy for a bid.
        side: Side,
        /// 1 is the best.
        level: usize,
    },
    /// An occupied level stands below an empty one.
    #[error("{} level {level} stands below an empty level", quote(*side))]
    Gap {
        /// Sell for an ask, buy for a bid.
        side: Side,
        /// 1 is the best.
        level: usize,
    },
    /// A level is not worse than the one above it.
    #[error("{} level {level} is not worse than the level above it", quote(*side))]
    Unsorted {
        /// Sell for an ask, buy for a bid.
        side: Side,
        /// 1 is the best.
        level: usize,
    },
    /// The best bid reaches the best ask: resting orders of this row would trade.
    #[error("the best bid {bid} reaches the best ask {ask}")]
    Crossed {
        /// The best bid.
        bid: Price,
        /// The best ask.
        ask: Price,
    },
}

/// Why a pair of files is not a day.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LobsterError {
    /// The reader failed.
    #[error("{file} file, line {line}: cannot be read")]
    Io {
        /// Which file.
        file: File,
        /// The line that was about to be read, from 1.
        line: u64,
        /// The reader's error.
        source: std::io::Error,
    },
    /// A line is not what the format says.
    #[error("{file} file, line {line}: {problem}")]
    Malformed {
        /// Which file.
        file: File,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: Problem,
    },
    /// One file has fewer rows than the other.
    #[error("{shorter} file, line {line}: missing, though the other file has this row")]
    RowsDiffer {
        /// The file with fewer rows.
        shorter: File,
        /// Its first missing line, from 1.
        line: u64,
    },
}
