//! What a query says of one moment. Nothing here can fail: what has no value is absent.

use kernel::{
    CASH_PER_TICK_LOT, Cash, ClientId, Command, Engine, Event, MarketState, Price, Qty, Side,
};
use replay::{Entry, Mark};

use crate::counters::Counters;
use crate::tree::{Addition, Comparison, Flag, Number, Scaling, Term, Truth};

/// All that a query can ask about.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    /// State after the entry.
    pub(crate) engine: &'a Engine,
    /// Number of the entry; 0 before the first.
    pub(crate) number: u64,
    /// `None` before the first.
    pub(crate) entry: Option<&'a Entry>,
    /// The trade that `trade.*` is about.
    pub(crate) trade: Option<Trade>,
    /// With the entry.
    pub(crate) counters: &'a Counters,
    /// Which marks of the query have come, by slot.
    pub(crate) seen: &'a [bool],
    /// What the query's captures came to, by slot; `None` for those that have not come too.
    pub(crate) captured: &'a [Option<i128>],
}

/// One trade of an entry.
#[derive(Clone, Copy)]
pub(crate) struct Trade {
    maker: ClientId,
    taker: ClientId,
    pub(crate) side: Side,
    price: Price,
    qty: Qty,
}

impl Trade {
    /// The trade that an event tells of.
    pub(crate) const fn of(event: &Event) -> Option<Self> {
        let &Event::Traded { maker_client, taker_client, taker_side, price, qty, .. } = event
        else {
            return None;
        };
        Some(Self { maker: maker_client, taker: taker_client, side: taker_side, price, qty })
    }
}

impl Truth {
    pub(crate) fn holds(&self, look: &Look<'_>) -> bool {
        match self {
            Self::Constant(truth) => *truth,
            Self::Flag(flag) => flag.holds(look.engine),
            Self::Mark(name) => {
                matches!(look.entry, Some(Entry::Mark(Mark { name: found, .. })) if found == name)
            }
            Self::After { slot, .. } => look.seen.get(*slot).is_some_and(|seen| *seen),
            Self::TradeSide(side) => look.trade.is_some_and(|trade| trade.side == *side),
            Self::Exists(number) => number.value(look).is_some(),
            Self::Compare(left, how, right) => match (left.value(look), right.value(look)) {
                (Some(left), Some(right)) => how.holds(left, right),
                (None, _) | (_, None) => false,
            },
            Self::Not(truth) => !truth.holds(look),
            Self::All(truths) => truths.iter().all(|truth| truth.holds(look)),
            Self::Any(truths) => truths.iter().any(|truth| truth.holds(look)),
        }
    }
}

impl Flag {
    pub(crate) fn holds(self, engine: &Engine) -> bool {
        let rules = engine.rules();
        match self {
            Self::Continuous => rules.state == MarketState::Continuous,
            Self::Auction => rules.state == MarketState::Auction,
            Self::Halted => rules.state == MarketState::Halted,
            Self::ShortBan => rules.short_ban,
        }
    }
}

impl Comparison {
    pub(crate) const fn holds(self, left: i128, right: i128) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => left == right,
            Self::Unequal => left != right,
        }
    }
}

impl Number {
    pub(crate) fn value(&self, look: &Look<'_>) -> Option<i128> {
        match self {
            Self::Literal(literal) => Some(literal.value),
            Self::Term(term) => term.value(look),
            Self::At { slot, .. } => look.captured.get(*slot).copied().flatten(),
            Self::Minus(number) => number.value(look)?.checked_neg(),
            Self::Sum(first, rest) => {
                let first = first.value(look)?;
                rest.iter().try_fold(first, |sum, (how, number)| {
                    let number = number.value(look)?;
                    match how {
                        Addition::Plus => sum.checked_add(number),
                        Addition::Less => sum.checked_sub(number),
                    }
                })
            }
            Self::Product(first, rest) => {
                let first = first.value(look)?;
                rest.iter().try_fold(first, |product, (how, number)| {
                    let number = number.value(look)?;
                    match how {
                        Scaling::Times => product.checked_mul(number),
                        Scaling::Over => quotient(product, number),
                    }
                })
            }
        }
    }
}

/// The quotient, rounded down.
pub(crate) fn quotient(number: i128, by: i128) -> Option<i128> {
    let whole = number.checked_div(by)?;
    let rest = number.checked_rem(by)?;
    let is_rounded_up = rest != 0 && (rest < 0) != (by < 0);
    whole.checked_sub(i128::from(is_rounded_up))
}

impl Term {
    pub(crate) fn value(self, look: &Look<'_>) -> Option<i128> {
        let engine = look.engine;
        let best = |side| Some(i128::from(engine.best(side)?.ticks()));
        let account = |client| engine.account(client);
        Some(match self {
            Self::Spread => best(Side::Sell)? - best(Side::Buy)?,
            Self::BestBid => best(Side::Buy)?,
            Self::BestAsk => best(Side::Sell)?,
            Self::Mid2 => best(Side::Buy)? + best(Side::Sell)?,
            Self::LastTrade => engine.last_trade()?.ticks().into(),
            Self::Depth(side, levels) => depth(engine, side, levels),
            Self::Levels(side) => engine.levels_on(side).into(),
            Self::Qty(side, price) => engine.level(side, price).map_or(0, |level| level.qty).into(),
            Self::Orders => engine.orders_live().into(),
            Self::Stops => engine.orders_waiting().into(),
            Self::Position(client) => account(client).position.into(),
            Self::Cash(client) => account(client).cash,
            Self::Equity(client) => equity(engine, client)?,
            Self::OpenBuy(client) => account(client).open_buy.into(),
            Self::OpenSell(client) => account(client).open_sell.into(),
            Self::Taxes => engine.taxes(),
            Self::Fees => engine.fees(),
            Self::Time => engine.time().0.into(),
            Self::Step => engine.step().0.into(),
            Self::Entry => look.number.into(),
            Self::Placed => engine.placed().into(),
            Self::Trades => look.counters.trades.into(),
            Self::Volume => i128::try_from(look.counters.volume).unwrap_or(i128::MAX),
            Self::Cancelled => look.counters.cancelled.into(),
            Self::Rejected => look.counters.rejected.into(),
            Self::Agent => agent(look.entry?)?.into(),
            Self::Client => client(look.entry?)?.0.into(),
            Self::TradeQty => look.trade?.qty.lots().into(),
            Self::TradePrice => look.trade?.price.ticks().into(),
            Self::TradeMaker => look.trade?.maker.0.into(),
            Self::TradeTaker => look.trade?.taker.0.into(),
        })
    }
}

/// Displayed lots on the best levels. No sum of 2^28 orders leaves 64 bits.
fn depth(engine: &Engine, side: Side, levels: u32) -> i128 {
    engine.levels(side).take(index(levels)).map(|level| i128::from(level.qty)).sum()
}

/// A number of levels as an index.
pub(crate) fn index(levels: u32) -> usize {
    usize::try_from(levels).unwrap_or(usize::MAX)
}

/// What the client would own if it sold all at the price of the last trade.
fn equity(engine: &Engine, client: ClientId) -> Option<Cash> {
    let account = engine.account(client);
    let price = Cash::from(engine.last_trade()?.ticks());
    let holding = Cash::from(account.position).checked_mul(price * CASH_PER_TICK_LOT)?;
    account.cash.checked_add(holding)
}

const fn agent(entry: &Entry) -> Option<u32> {
    match entry {
        Entry::Decision(decision) => Some(decision.agent),
        Entry::Command(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => None,
    }
}

pub(crate) const fn client(entry: &Entry) -> Option<ClientId> {
    let Entry::Command(command) = entry else { return None };
    match command {
        Command::Place(place) => Some(place.client),
        Command::Cancel { client, .. }
        | Command::Reduce { client, .. }
        | Command::Replace { client, .. }
        | Command::MassCancel { client } => Some(*client),
        Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => None,
    }
}

#[cfg(test)]
mod tests {
    use super::quotient;

    #[test]
    fn quotients_are_rounded_down() {
        for (number, by, expected) in [
            (7, 2, Some(3)),
            (-7, 2, Some(-4)),
            (7, -2, Some(-4)),
            (-7, -2, Some(3)),
            (6, -2, Some(-3)),
            (0, -5, Some(0)),
            (1, 0, None),
            (i128::MIN, -1, None),
            (i128::MIN, 1, Some(i128::MIN)),
        ] {
            assert_eq!(quotient(number, by), expected, "{number} / {by}");
        }
    }
}
