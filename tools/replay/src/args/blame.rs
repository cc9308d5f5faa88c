//! The command line of `replay blame`.

use std::str::FromStr;

use kernel::{ClientId, OrderId, Price, Reference, Side};
use replay::Position;

use super::SoughtLog;
use super::seek::positions_help;

#[derive(Debug, clap::Args)]
#[command(
    after_help = positions_help(EXAMPLES),
    group = clap::ArgGroup::new("subject").required(true).args(["order", "price", "trade"])
)]
pub(crate) struct Blame {
    #[command(flatten)]
    pub(crate) sought: SoughtLog,

    /// An order: by its id, `17`, or by its client and the producer's number, `301:4`
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: Option<OrderRef>,

    /// A price level: a price in ticks, `best-bid` or `best-ask`
    #[arg(long, value_name = "PRICE")]
    pub(crate) price: Option<LevelRef>,

    /// A trade: the N-th of the log, from 1, or those of an entry, `#1234`
    #[arg(long, value_name = "N")]
    pub(crate) trade: Option<TradeRef>,

    /// Nothing behind this moment counts
    #[arg(
        long,
        value_name = "P",
        default_value = "end",
        allow_hyphen_values = true,
        conflicts_with = "trade"
    )]
    pub(crate) at: Position,

    /// How many orders the chain may lead through: 1 tells the subject and who decided, 2 also where
    /// those came from whom it met, and so on
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) depth: u32,

    /// Most changes that are told of the subject, the first and the last; 0 for all
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) limit: u32,

    /// One JSON object instead of text: every node and link
    #[arg(long)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  replay blame day.log --order 17                       the whole life of an order, and why
  replay blame day.log --order 301:4 --at s:60
  replay blame day.log --price best-bid --at @makers-leave --depth 5
  replay blame day.log --price 9998 --at 1040           who makes this level, or who emptied it
  replay blame day.log --trade 12                       both sides of a trade, and why this price
  replay blame day.log --trade '#1040' --json

A chain goes from what happened to the command that did it, to the decision that caused the command,
and on to the orders that it met. In logs without decisions it ends at commands. A decision counts as
the cause of as many of the commands of its agent behind it as it says that it causes, up to the next
move of the clock.";

/// An order as users name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderRef {
    /// By the kernel's id.
    Id(OrderId),
    /// By its owner and the producer's number.
    Named(ClientId, Reference),
}

impl FromStr for OrderRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = "an order is its id, such as 17 or #17, or CLIENT:REFERENCE, such as 301:4";
        if let Some((client, reference)) = text.split_once(':') {
            let client = digits(client).and_then(|it| u32::try_from(it).ok()).ok_or(wanted)?;
            let reference = digits(reference).ok_or(wanted)?;
            return Ok(Self::Named(ClientId(client), Reference(reference)));
        }
        let id = digits(text.strip_prefix('#').unwrap_or(text)).ok_or(wanted)?;
        Ok(Self::Id(OrderId(id)))
    }
}

/// A price level as users name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LevelRef {
    At(Price),
    /// The price of a side that trades first.
    Best(Side),
}

impl FromStr for LevelRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "best-bid" => return Ok(Self::Best(Side::Buy)),
            "best-ask" => return Ok(Self::Best(Side::Sell)),
            _ => {}
        }
        let ticks = digits(text).and_then(|ticks| u32::try_from(ticks).ok());
        let price = ticks.and_then(|ticks| Price::new(ticks).ok());
        price.map(Self::At).ok_or("a price is 1 to 2147483647 ticks, best-bid or best-ask")
    }
}

/// A trade as users name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TradeRef {
    /// The N-th of the log.
    Number(u64),
    /// Those of an entry.
    OfEntry(u64),
}

impl FromStr for TradeRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = "a trade is its number in the log, from 1, or #ENTRY";
        let (make, text): (fn(u64) -> Self, _) = match text.strip_prefix('#') {
            Some(entry) => (Self::OfEntry, entry),
            None => (Self::Number, text),
        };
        digits(text).filter(|number| 0 < *number).map(make).ok_or(wanted)
    }
}

/// Digits alone: no sign, nothing empty.
fn digits(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_levels_and_trades_have_one_form_each() {
        let order = |text: &str| text.parse::<OrderRef>().ok();
        assert_eq!(order("17"), Some(OrderRef::Id(OrderId(17))));
        assert_eq!(order("#17"), Some(OrderRef::Id(OrderId(17))));
        assert_eq!(order("301:4"), Some(OrderRef::Named(ClientId(301), Reference(4))));
        for text in ["", "#", "-1", "+1", "1.5", "a:1", "1:", ":1", "1:2:3", "4294967296:1"] {
            assert_eq!(order(text), None, "{text}");
        }
        let level = |text: &str| text.parse::<LevelRef>().ok();
        assert_eq!(level("best-bid"), Some(LevelRef::Best(Side::Buy)));
        assert_eq!(level("best-ask"), Some(LevelRef::Best(Side::Sell)));
        assert_eq!(level("9998"), Price::new(9_998).ok().map(LevelRef::At));
        for text in ["", "0", "2147483648", "best", "-5", "99999999999999999999"] {
            assert_eq!(level(text), None, "{text}");
        }
        let trade = |text: &str| text.parse::<TradeRef>().ok();
        assert_eq!(trade("12"), Some(TradeRef::Number(12)));
        assert_eq!(trade("#12"), Some(TradeRef::OfEntry(12)));
        for text in ["", "0", "#0", "#", "x"] {
            assert_eq!(trade(text), None, "{text}");
        }
    }
}
