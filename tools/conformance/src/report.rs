//! Reports: what the benchmark wants to hear of every message, and the text of them that it hashes.

use std::fmt;

use kernel::Side;

/// What a report says, by the number that the contract gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A new order was taken.
    OrderAck = 0,
    /// An arriving order met a resting one.
    Trade = 1,
    /// An order left the book, or the remainder of an immediate-or-cancel order was dropped.
    CancelAck = 2,
    /// An order was taken out and entered again with a new price and quantity.
    ModifyAck = 3,
    /// A cancel named no resting order.
    CancelReject = 4,
    /// A modify named no resting order.
    ModifyReject = 5,
}

impl Kind {
    /// The kind with this number.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::OrderAck),
            1 => Some(Self::Trade),
            2 => Some(Self::CancelAck),
            3 => Some(Self::ModifyAck),
            4 => Some(Self::CancelReject),
            5 => Some(Self::ModifyReject),
            _ => None,
        }
    }
}

/// One report. Fields that its kind has no use for hold zero, and a buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it says.
    pub kind: Kind,
    /// Side of the order.
    pub side: Side,
    /// Lots: ordered, traded or cancelled.
    pub qty: u32,
    /// Sequence number of the message that caused it.
    pub sequence: u64,
    /// The order; of a trade, the maker.
    pub order: u64,
    /// The order's price; of a trade, the maker's.
    pub price: i64,
    /// Of a trade, the taker.
    pub taker: u64,
}

impl Report {
    /// A report of which only message and order are known.
    pub const fn refusal(kind: Kind, sequence: u64, order: u64) -> Self {
        Self { kind, side: Side::Buy, qty: 0, sequence, order, price: 0, taker: 0 }
    }
}

/// Where reports go.
pub trait Reports {
    /// Takes the next report.
    fn push(&mut self, report: Report);
}

impl Reports for Vec<Report> {
    fn push(&mut self, report: Report) {
        self.push(report);
    }
}

/// A side as the contract numbers it.
pub const fn side_number(side: Side) -> u8 {
    match side {
        Side::Buy => 0,
        Side::Sell => 1,
    }
}

/// The canonical line, without its line break.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &Self { kind, side, qty, sequence, order, price, taker } = self;
        let (number, side) = (kind as u8, side_number(side));
        match kind {
            Kind::OrderAck | Kind::ModifyAck => {
                write!(f, "{number},{sequence},{side},{order},{price},{qty}")
            }
            Kind::Trade => write!(f, "{number},{sequence},{price},{qty},{order},{taker}"),
            Kind::CancelAck => write!(f, "{number},{sequence},{side},{order},{price}"),
            Kind::CancelReject | Kind::ModifyReject => write!(f, "{number},{sequence},{order}"),
        }
    }
}

/// Writes the canonical text: lines by message and kind, otherwise in the order of the reports,
/// with a line break between them and none at the end.
///
/// # Errors
/// When `out` fails.
pub fn write_canonical(reports: &mut [Report], out: &mut impl fmt::Write) -> fmt::Result {
    reports.sort_by_key(|report| (report.sequence, report.kind));
    let mut separator = "";
    for report in reports {
        write!(out, "{separator}{report}")?;
        separator = "\n";
    }
    Ok(())
}
