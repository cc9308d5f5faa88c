//! The message file: one row for each thing that happened within the visible levels.

use std::io::BufRead;
use std::num::NonZeroUsize;

use kernel::{Price, Qty, Reference, Side, TimeNs};

use super::error::{Column, File, LobsterError, Problem};
use super::stream::ANONYMOUS_BASE;
use super::text;

/// A row of the message file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Nanoseconds after midnight.
    pub time: TimeNs,
    /// What happened.
    pub body: Body,
}

/// What a message row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Type 1: a limit order came to rest.
    Submitted(OrderLine),
    /// Type 2: an order lost part of its open quantity; `qty` is what it lost.
    Reduced(OrderLine),
    /// Type 3: an order was taken out; `qty` is what was left of it.
    Deleted(OrderLine),
    /// Type 4: a visible resting order traded; `qty` is what it traded.
    Executed(OrderLine),
    /// Type 5: a hidden resting order of this side traded.
    HiddenExecuted(Side),
    /// Type 6: an auction trade.
    Crossed,
    /// Type 7: trading halted, quoting resumed or trading resumed.
    StatusChanged,
}

/// The columns of a row that names a visible order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The file's order id, below [`ANONYMOUS_BASE`].
    pub reference: Reference,
    /// Lots of the row; what they are depends on the type.
    pub qty: Qty,
    /// The order's limit, in 1/10,000 of the currency.
    pub price: Price,
    /// The order's side.
    pub side: Side,
}

impl Body {
    /// The order that a row of type 4 executes.
    pub const fn executed(&self) -> Option<OrderLine> {
        match self {
            Self::Executed(line) => Some(*line),
            Self::Submitted(_)
            | Self::Reduced(_)
            | Self::Deleted(_)
            | Self::HiddenExecuted(_)
            | Self::Crossed
            | Self::StatusChanged => None,
        }
    }

    /// The order that a row of type 1 submits.
    pub const fn submitted(&self) -> Option<OrderLine> {
        match self {
            Self::Submitted(line) => Some(*line),
            Self::Reduced(_)
            | Self::Deleted(_)
            | Self::Executed(_)
            | Self::HiddenExecuted(_)
            | Self::Crossed
            | Self::StatusChanged => None,
        }
    }

    /// The visible order that the row names, whatever happened to it.
    pub const fn order(&self) -> Option<OrderLine> {
        match self {
            Self::Submitted(line)
            | Self::Reduced(line)
            | Self::Deleted(line)
            | Self::Executed(line) => Some(*line),
            Self::HiddenExecuted(_) | Self::Crossed | Self::StatusChanged => None,
        }
    }
}

/// Reads a message file. Lines end in LF or CRLF, the last one too.
///
/// * `rows_max` - rows after so many are neither read nor checked.
///
/// # Errors
/// [`LobsterError::Io`] when the reader fails; [`LobsterError::Malformed`] for the first line that
/// is not a message or is older than the one before it, and for a file without a line.
pub fn read_messages(
    reader: impl BufRead,
    rows_max: Option<NonZeroUsize>,
) -> Result<Vec<Message>, LobsterError> {
    let mut messages: Vec<Message> = Vec::new();
    text::for_each_row(File::Message, reader, rows_max, |line| {
        let message = parse(line)?;
        if let Some(last) = messages.last()
            && message.time < last.time
        {
            return Err(Problem::TimeBackwards { before: last.time, after: message.time });
        }
        messages.push(message);
        Ok(())
    })?;
    Ok(messages)
}

const COLUMNS: usize = 6;

/// The columns of a row before they have a meaning.
struct Fields<'a> {
    id: &'a str,
    size: &'a str,
    price: &'a str,
    direction: &'a str,
}

fn parse(line: &str) -> Result<Message, Problem> {
    let mut columns = line.split(',');
    let mut next = || columns.next();
    let (Some(time), Some(kind), Some(id), Some(size), Some(price), Some(direction), None) =
        (next(), next(), next(), next(), next(), next(), next())
    else {
        return Err(Problem::Columns { found: line.split(',').count(), expected: COLUMNS });
    };
    let time = text::time(time)?;
    let fields = Fields { id, size, price, direction };
    let body = match text::integer(kind, Column::Type, i64::MIN, i64::MAX)? {
        1 => Body::Submitted(fields.order()?),
        2 => Body::Reduced(fields.order()?),
        3 => Body::Deleted(fields.order()?),
        4 => Body::Executed(fields.order()?),
        5 => Body::HiddenExecuted(fields.hidden_side()?),
        6 => fields.without_order().map(|()| Body::Crossed)?,
        7 => fields.without_order().map(|()| Body::StatusChanged)?,
        found => return Err(Problem::UnknownType { found }),
    };
    Ok(Message { time, body })
}

impl Fields<'_> {
    fn order(&self) -> Result<OrderLine, Problem> {
        let id_max = ANONYMOUS_BASE.cast_signed() - 1;
        let id = text::integer(self.id, Column::OrderId, 0, id_max)?;
        let qty = text::qty(self.size, Column::Size)?;
        let price = text::price(self.price, Column::Price)?;
        let side = self.side()?;
        Ok(OrderLine { reference: Reference(id.unsigned_abs()), qty, price, side })
    }

    fn hidden_side(&self) -> Result<Side, Problem> {
        text::integer(self.id, Column::OrderId, i64::MIN, i64::MAX)?;
        text::qty(self.size, Column::Size)?;
        text::price(self.price, Column::Price)?;
        self.side()
    }

    /// Rows of types 6 and 7 have to be numbers; what they say is not used.
    fn without_order(&self) -> Result<(), Problem> {
        text::integer(self.id, Column::OrderId, i64::MIN, i64::MAX)?;
        text::integer(self.size, Column::Size, 0, i64::MAX)?;
        text::integer(self.price, Column::Price, i64::MIN, i64::MAX)?;
        text::integer(self.direction, Column::Direction, i64::MIN, i64::MAX)?;
        Ok(())
    }

    fn side(&self) -> Result<Side, Problem> {
        match text::integer(self.direction, Column::Direction, i64::MIN, i64::MAX)? {
            1 => Ok(Side::Buy),
            -1 => Ok(Side::Sell),
            found => Err(Problem::Direction { found }),
        }
    }
}
