//! The canonical text of a query: one space around operators, no bracket that changes nothing.

use std::fmt::{self, Display, Formatter};

use kernel::Side;

use crate::tree::{Addition, Comparison, Flag, Literal, Number, Scaling, Term, Truth, Unit};

impl Display for Truth {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(truth) => truth.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Mark(name) => write!(f, "mark({name})"),
            Self::After { name, .. } => write!(f, "after({name})"),
            Self::TradeSide(side) => write!(f, "trade.side == {side}"),
            Self::Exists(number) => write!(f, "exists({number})"),
            Self::Compare(left, how, right) => write!(f, "{left} {how} {right}"),
            Self::Not(truth) => {
                f.write_str("not ")?;
                bracketed(truth, truth.joins_any() || truth.joins_all(), f)
            }
            Self::All(truths) => {
                joined(truths, " and ", f, |truth| truth.joins_any() || truth.joins_all())
            }
            Self::Any(truths) => joined(truths, " or ", f, Self::joins_any),
        }
    }
}

impl Truth {
    const fn joins_any(&self) -> bool {
        matches!(self, Self::Any(_))
    }

    const fn joins_all(&self) -> bool {
        matches!(self, Self::All(_))
    }
}

fn joined(
    truths: &[Truth],
    by: &str,
    f: &mut Formatter<'_>,
    needs_brackets: impl Fn(&Truth) -> bool,
) -> fmt::Result {
    for (place, truth) in truths.iter().enumerate() {
        f.write_str(if place == 0 { "" } else { by })?;
        bracketed(truth, needs_brackets(truth), f)?;
    }
    Ok(())
}

fn bracketed(part: &impl Display, needs_brackets: bool, f: &mut Formatter<'_>) -> fmt::Result {
    if needs_brackets { write!(f, "({part})") } else { part.fmt(f) }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => literal.fmt(f),
            Self::Term(term) => term.fmt(f),
            Self::At { capture, .. } => write!(f, "at({}, {})", capture.name, capture.number),
            Self::Minus(number) => {
                f.write_str("-")?;
                bracketed(number, number.is_sum() || number.is_product(), f)
            }
            Self::Sum(first, rest) => {
                bracketed(first, first.is_sum(), f)?;
                rest.iter().try_for_each(|(how, number)| {
                    write!(f, " {how} ")?;
                    bracketed(number, number.is_sum(), f)
                })
            }
            Self::Product(first, rest) => {
                bracketed(first, first.is_sum() || first.is_product(), f)?;
                rest.iter().try_for_each(|(how, number)| {
                    write!(f, " {how} ")?;
                    bracketed(number, number.is_sum() || number.is_product(), f)
                })
            }
        }
    }
}

impl Number {
    const fn is_sum(&self) -> bool {
        matches!(self, Self::Sum(..))
    }

    const fn is_product(&self) -> bool {
        matches!(self, Self::Product(..))
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let count = self.value / self.unit.scale();
        match self.unit {
            Unit::One => write!(f, "{count}"),
            Unit::Nanoseconds => write!(f, "{count}ns"),
            Unit::Microseconds => write!(f, "{count}us"),
            Unit::Milliseconds => write!(f, "{count}ms"),
            Unit::Seconds => write!(f, "{count}s"),
            Unit::Clock => {
                let (hours, minutes, seconds) = (count / 3600, count / 60 % 60, count % 60);
                write!(f, "{hours:02}:{minutes:02}")?;
                if seconds == 0 { Ok(()) } else { write!(f, ":{seconds:02}") }
            }
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Depth(side, levels) => return write!(f, "depth({}, {levels})", quote(*side)),
            Self::Levels(side) => return write!(f, "levels({})", quote(*side)),
            Self::Qty(side, price) => return write!(f, "qty({}, {price})", quote(*side)),
            Self::Position(client) => return write!(f, "position(client {client})"),
            Self::Cash(client) => return write!(f, "cash(client {client})"),
            Self::Equity(client) => return write!(f, "equity(client {client})"),
            Self::OpenBuy(client) => return write!(f, "open_buy(client {client})"),
            Self::OpenSell(client) => return write!(f, "open_sell(client {client})"),
            Self::Spread => "spread",
            Self::BestBid => "best_bid",
            Self::BestAsk => "best_ask",
            Self::Mid2 => "mid2",
            Self::LastTrade => "last_trade",
            Self::Orders => "orders",
            Self::Stops => "stops",
            Self::Taxes => "taxes",
            Self::Fees => "fees",
            Self::Time => "time",
            Self::Step => "step",
            Self::Entry => "entry",
            Self::Placed => "placed",
            Self::Trades => "trades",
            Self::Volume => "volume",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
            Self::Agent => "agent",
            Self::Client => "client",
            Self::TradeQty => "trade.qty",
            Self::TradePrice => "trade.price",
            Self::TradeMaker => "trade.maker",
            Self::TradeTaker => "trade.taker",
        })
    }
}

/// The side of the book on which orders of this side rest.
const fn quote(side: Side) -> &'static str {
    match side {
        Side::Buy => "bid",
        Side::Sell => "ask",
    }
}

impl Display for Flag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Continuous => "continuous",
            Self::Auction => "auction",
            Self::Halted => "halted",
            Self::ShortBan => "short_ban",
        })
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::Unequal => "!=",
        })
    }
}

impl Display for Addition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plus => "+",
            Self::Less => "-",
        })
    }
}

impl Display for Scaling {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Times => "*",
            Self::Over => "/",
        })
    }
}
