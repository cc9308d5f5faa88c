//! The rules that a schedule can set: names, values, texts.

use std::fmt;

use kernel::{ClientId, MarketState, POSITION_MAX, Ppm, Price, Qty, RuleChange};

use super::{Happening, ScheduleError};
use crate::agent::Kind;
use crate::config::Decimal;

/// A rule that a schedule can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// Its name.
    pub name: &'static str,
    /// The values that it takes, in words.
    pub accepted: &'static str,
}

const fn rule(name: &'static str, accepted: &'static str) -> RuleName {
    RuleName { name, accepted }
}

const SHORT_BAN: RuleName = rule("short-ban", "on or off");
const TAX: RuleName =
    rule("tax", "ticks a lot and side, a decimal number from 0 to 100, a multiple of 0.0001");
const FEES: RuleName = rule(
    "fees",
    "the maker's and the taker's, whole numbers of parts per million from -1000000 to 1000000",
);
const BAND: RuleName =
    rule("band", "ticks that a command may trade away, a whole number; 0 for any");
const STATE: RuleName = rule("state", "continuous, halted or auction");
const EXEMPT: RuleName =
    rule("exempt", "makers, momentum, value, noise or a client's number below 400, then on or off");
const TICK: RuleName = rule("tick", "a whole number from 1 to 2147483647");
const LOT: RuleName = rule("lot", "a whole number from 1 to 2147483647");
const QTY_MAX: RuleName = rule("qty-max", "lots, a whole number from 1 to 2147483647");
const PRICE_RANGE: RuleName =
    rule("price-range", "lowest and highest price, whole numbers from 1 to 2147483647");
const POSITION_MAX_RULE: RuleName =
    rule("position-max", "lots, a whole number from 0 to 4611686018427387904");

/// The rules, in the order in which messages name them.
pub const RULES: [RuleName; 11] =
    [SHORT_BAN, TAX, FEES, BAND, STATE, EXEMPT, TICK, LOT, QTY_MAX, PRICE_RANGE, POSITION_MAX_RULE];

/// Mark of every exemption.
pub(super) const EXEMPT_MARK: &str = "exempt";
/// Largest tax, as the parameter `market.tax` has it.
const TAX_MAX: Decimal = Decimal::from_whole(100);
/// Millionths of a tick in a unit of the tax, which is 1/10,000 tick a lot.
const MILLIONTHS_PER_CASH: i64 = 100;

impl Happening {
    /// The change of a rule from its name and the words of its value, as `set tax 1.5` has them.
    ///
    /// # Errors
    /// [`ScheduleError::Rule`] and [`ScheduleError::Value`], with what would be accepted.
    pub fn set_rule(name: &str, words: &[&str]) -> Result<Self, ScheduleError> {
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            return Err(ScheduleError::Rule { name: name.to_owned() });
        };
        let bad = || ScheduleError::Value {
            name: rule.name,
            value: words.join(" "),
            accepted: rule.accepted,
        };
        if let ("exempt", [who, exempt]) = (name, words)
            && let Some(kind) = Kind::from_plural(who)
        {
            return Ok(Self::Exempt(kind, switch(exempt).ok_or_else(bad)?));
        }
        read(name, words).map(Self::Rule).ok_or_else(bad)
    }
}

fn read(name: &str, words: &[&str]) -> Option<RuleChange> {
    Some(match (name, words) {
        ("short-ban", [word]) => RuleChange::ShortBan(switch(word)?),
        ("tax", [word]) => RuleChange::Tax(tax(word)?),
        ("fees", [maker, taker]) => RuleChange::Fees { maker: ppm(maker)?, taker: ppm(taker)? },
        ("band", [word]) => RuleChange::Band(word.parse().ok()?),
        ("state", [word]) => RuleChange::State(state(word)?),
        ("exempt", [client, exempt]) => {
            let client = client.parse().ok().filter(|client| *client < Kind::CLIENTS_MAX)?;
            RuleChange::Exempt { client: ClientId(client), exempt: switch(exempt)? }
        }
        ("tick", [word]) => RuleChange::Tick(price(word)?),
        ("lot", [word]) => RuleChange::Lot(qty(word)?),
        ("qty-max", [word]) => RuleChange::QtyMax(qty(word)?),
        ("price-range", [min, max]) => {
            let (min, max) = (price(min)?, price(max)?);
            (min <= max).then_some(RuleChange::PriceRange { min, max })?
        }
        ("position-max", [word]) => {
            let lots = word.parse().ok();
            RuleChange::PositionMax(lots.filter(|lots| (0..=POSITION_MAX).contains(lots))?)
        }
        _ => return None,
    })
}

fn switch(word: &str) -> Option<bool> {
    match word {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn tax(word: &str) -> Option<u32> {
    let ticks = Decimal::parse(word)?;
    let is_right =
        Decimal::ZERO <= ticks && ticks <= TAX_MAX && ticks.millionths() % MILLIONTHS_PER_CASH == 0;
    is_right.then(|| u32::try_from(ticks.millionths() / MILLIONTHS_PER_CASH).ok())?
}

fn ppm(word: &str) -> Option<Ppm> {
    Ppm::new(word.parse().ok()?).ok()
}

fn price(word: &str) -> Option<Price> {
    Price::new(word.parse().ok()?).ok()
}

fn qty(word: &str) -> Option<Qty> {
    Qty::new(word.parse().ok()?).ok()
}

fn state(word: &str) -> Option<MarketState> {
    match word {
        "continuous" => Some(MarketState::Continuous),
        "halted" => Some(MarketState::Halted),
        "auction" => Some(MarketState::Auction),
        _ => None,
    }
}

const fn switch_name(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

/// The name of a change's mark.
pub(super) const fn mark(change: &RuleChange) -> &'static str {
    match change {
        RuleChange::ShortBan(_) => "short-ban",
        RuleChange::Tax(_) => "tobin-tax",
        RuleChange::Fees { .. } => "fees",
        RuleChange::Band(_) => "band",
        RuleChange::State(_) => "market-state",
        RuleChange::Exempt { .. } => EXEMPT_MARK,
        RuleChange::Tick(_) => "tick",
        RuleChange::Lot(_) => "lot",
        RuleChange::QtyMax(_) => "qty-max",
        RuleChange::PriceRange { .. } => "price-range",
        RuleChange::PositionMax(_) => "position-max",
    }
}

/// Writes a rule's name and value.
pub(super) fn write(change: &RuleChange, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match change {
        RuleChange::ShortBan(is_on) => write!(f, "short-ban {}", switch_name(*is_on)),
        RuleChange::Tax(units) => {
            let ticks = Decimal::from_millionths(i64::from(*units) * MILLIONTHS_PER_CASH);
            write!(f, "tax {ticks}")
        }
        RuleChange::Fees { maker, taker } => write!(f, "fees {maker} {taker}"),
        RuleChange::Band(ticks) => write!(f, "band {ticks}"),
        RuleChange::State(MarketState::Continuous) => f.write_str("state continuous"),
        RuleChange::State(MarketState::Halted) => f.write_str("state halted"),
        RuleChange::State(MarketState::Auction) => f.write_str("state auction"),
        RuleChange::Exempt { client, exempt } => {
            write!(f, "exempt {client} {}", switch_name(*exempt))
        }
        RuleChange::Tick(price) => write!(f, "tick {price}"),
        RuleChange::Lot(qty) => write!(f, "lot {qty}"),
        RuleChange::QtyMax(qty) => write!(f, "qty-max {qty}"),
        RuleChange::PriceRange { min, max } => write!(f, "price-range {min} {max}"),
        RuleChange::PositionMax(lots) => write!(f, "position-max {lots}"),
    }
}

/// Writes the exemption of a type.
pub(super) fn write_exempt(kind: Kind, exempt: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "exempt {} {}", kind.plural(), switch_name(exempt))
}
