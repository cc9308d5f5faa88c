//! What can be wrong with a plain command CSV, and in which line.

use std::fmt;

/// A line that cannot be taken.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct PlainError {
    /// Line of the file, from 1; the header is line 1.
    pub line: u64,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with a line.
#[derive(Debug)]
#[non_exhaustive]
pub enum Wrong {
    /// The first line is not the header.
    Header,
    /// Not as many fields as the header has.
    Fields(u64),
    /// Not UTF-8.
    NotUtf8,
    /// Longer than a line may be, in bytes.
    TooLong(u64),
    /// The last line has no line end, so it may be cut.
    Unterminated,
    /// The file cannot be read.
    Unreadable(std::io::Error),
    /// An operation that does not exist.
    UnknownOp(String),
    /// A field that the operation needs is empty.
    Missing(&'static str),
    /// A field that the operation does not take.
    Unexpected(&'static str),
    /// A value that the column cannot hold.
    Value {
        /// The column or key.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What could stand there.
        wanted: &'static str,
    },
    /// An item of `extra` that is not `key=value`, or a key twice.
    Extra(String),
    /// A rule that does not exist.
    UnknownRule(String),
    /// A row of the genesis behind a row with a time.
    LateGenesis,
    /// A second endowment of one client.
    EndowedTwice,
    /// The genesis as a whole breaks a bound.
    Genesis(kernel::GenesisError),
    /// Time or step is below that of the row before.
    TimeBackwards,
    /// A reference that no earlier row placed.
    UnknownReference {
        /// The client.
        client: u32,
        /// The reference.
        reference: u64,
    },
    /// A reference whose order still rests or waits for its stop.
    LiveReference {
        /// The client.
        client: u32,
        /// The reference.
        reference: u64,
    },
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => {
                write!(f, "the header must be `{}`", super::COLUMNS.join(","))
            }
            Self::Fields(found) => write!(f, "{found} fields where the header has 10"),
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::TooLong(max) => write!(f, "longer than {max} bytes"),
            Self::Unterminated => f.write_str("the last line has no line end: the file may be cut"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::UnknownOp(op) => write!(
                f,
                "unknown op `{}`: one of place, cancel, reduce, replace, mass_cancel, clock, mark, \
                 set_rule, endow, uncross",
                op.escape_debug()
            ),
            Self::Missing(field) => write!(f, "{field} is empty"),
            Self::Unexpected(field) => write!(f, "{field} does not go with this op"),
            Self::Value { field, found, wanted } => {
                write!(f, "{field} is `{}`, not {wanted}", found.escape_debug())
            }
            Self::Extra(item) => {
                write!(f, "extra holds `{}`: not a new key=value", item.escape_debug())
            }
            Self::UnknownRule(rule) => write!(f, "unknown rule `{}`", rule.escape_debug()),
            Self::LateGenesis => f.write_str(
                "a row without a time belongs to the genesis and must stand before all others",
            ),
            Self::EndowedTwice => f.write_str("the client was endowed before"),
            Self::Genesis(error) => error.fmt(f),
            Self::TimeBackwards => f.write_str("time or step goes backwards"),
            Self::UnknownReference { client, reference } => {
                write!(f, "client {client} never placed order {reference}")
            }
            Self::LiveReference { client, reference } => write!(
                f,
                "order {reference} of client {client} still lives (again=1 places another one)"
            ),
        }
    }
}
