//! What a query can have been over the moments of a zone.

use kernel::{CASH_PER_TICK_LOT, ClientId, Price, Side};

use super::survey::Ground;
use super::{DEPTHS, ENTRY, FLAGS, Range, STATE, TRADE};
use crate::tree::{Addition, Comparison, Flag, Number, Scaling, Term, Truth};

/// Most lots that levels can show.
const LOTS_MAX: i128 = i64::MAX as i128;

/// Whether something may have been true at some moment, and false at some.
type Answers = (bool, bool);

impl Ground<'_> {
    /// Of the whole query.
    pub(super) fn whole(&self) -> Answers {
        if !self.query.asks_of_trades {
            return self.truth(&self.query.truth);
        }
        let has_trades = self.zone.takers.0 || self.zone.takers.1;
        // Where an entry has no trade it is false.
        (has_trades && self.truth(&self.query.truth).0, true)
    }

    fn truth(&self, truth: &Truth) -> Answers {
        match truth {
            Truth::Constant(truth) => (*truth, !truth),
            Truth::Flag(flag) => self.flag(*flag),
            Truth::Mark(name) => (self.zone.may_have_mark(name), true),
            Truth::After { name, slot } => {
                let has_come = self.past.seen.get(*slot).is_some_and(|seen| *seen);
                (has_come || self.zone.may_have_mark(name), !has_come)
            }
            Truth::TradeSide(Side::Buy) => self.zone.takers,
            Truth::TradeSide(Side::Sell) => (self.zone.takers.1, self.zone.takers.0),
            Truth::Exists(number) => {
                let range = self.number(number);
                (range.is_present(), range.absent)
            }
            Truth::Compare(left, how, right) => self.compare(left, *how, right),
            Truth::Not(truth) => {
                let (truth, falsehood) = self.truth(truth);
                (falsehood, truth)
            }
            Truth::All(truths) => truths.iter().fold((true, false), |(all, any), truth| {
                let (truth, falsehood) = self.truth(truth);
                (all && truth, any || falsehood)
            }),
            Truth::Any(truths) => truths.iter().fold((false, true), |(any, all), truth| {
                let (truth, falsehood) = self.truth(truth);
                (any || truth, all && falsehood)
            }),
        }
    }

    fn flag(&self, flag: Flag) -> Answers {
        let place = FLAGS.iter().position(|other| *other == flag);
        place.map_or((true, true), |place| self.zone.flags[place])
    }

    fn compare(&self, left: &Number, how: Comparison, right: &Number) -> Answers {
        self.number(left).compare(how, self.number(right))
    }

    fn number(&self, number: &Number) -> Range {
        match number {
            Number::Literal(literal) => Range::of(literal.value),
            Number::Term(term) => self.term(*term),
            Number::At { slot, .. } => {
                // A block with the mark itself is looked into.
                Range::of_known(self.past.captured.get(*slot).copied().flatten())
            }
            Number::Minus(number) => self.number(number).minus(),
            Number::Sum(first, rest) => {
                rest.iter().fold(self.number(first), |sum, (how, number)| match how {
                    Addition::Plus => sum.plus(self.number(number)),
                    Addition::Less => sum.less(self.number(number)),
                })
            }
            Number::Product(first, rest) => {
                rest.iter().fold(self.number(first), |product, (how, number)| match how {
                    Scaling::Times => product.times(self.number(number)),
                    Scaling::Over => product.over(self.number(number)),
                })
            }
        }
    }

    fn term(&self, term: Term) -> Range {
        let kept = [
            (&STATE[..], &self.zone.state[..]),
            (&ENTRY, &self.zone.entry),
            (&TRADE, &self.zone.trade),
        ];
        for (terms, ranges) in kept {
            if let Some(place) = terms.iter().position(|other| *other == term) {
                return ranges[place];
            }
        }
        match term {
            Term::Entry => Range::between(self.zone.first.into(), self.zone.last.into()),
            Term::Depth(side, levels) => self.depth(side, levels),
            Term::Qty(side, price) => self.qty(side, price),
            Term::Position(client) => self.account(client, 0),
            Term::Cash(client) => self.account(client, 1),
            Term::OpenBuy(client) => self.account(client, 2),
            Term::OpenSell(client) => self.account(client, 3),
            Term::Equity(client) => {
                let price = self.term(Term::LastTrade).times(Range::of(CASH_PER_TICK_LOT));
                self.account(client, 1).plus(self.account(client, 0).times(price))
            }
            Term::Spread
            | Term::BestBid
            | Term::BestAsk
            | Term::Mid2
            | Term::LastTrade
            | Term::Levels(_)
            | Term::Orders
            | Term::Stops
            | Term::Taxes
            | Term::Fees
            | Term::Time
            | Term::Step
            | Term::Placed
            | Term::Trades
            | Term::Volume
            | Term::Cancelled
            | Term::Rejected
            | Term::Agent
            | Term::Client
            | Term::TradeQty
            | Term::TradePrice
            | Term::TradeMaker
            | Term::TradeTaker => Range::ANY,
        }
    }

    /// Between the depths that are kept of no more levels and of no fewer.
    fn depth(&self, side: Side, levels: u32) -> Range {
        let kept = self.zone.depths[usize::from(side == Side::Sell)];
        let below = DEPTHS.iter().rposition(|depth| *depth <= levels);
        let above = DEPTHS.iter().position(|depth| levels <= *depth);
        let low = below.map_or(0, |place| kept[place].low);
        let high = above.map_or(LOTS_MAX, |place| kept[place].high);
        // Of levels there are never more lots than of all, and an empty side has none.
        let is_empty = self.term(Term::Levels(side)).high == 0;
        Range::between(low, if is_empty { 0 } else { high })
    }

    /// Nothing rests before the best price.
    fn qty(&self, side: Side, price: Price) -> Range {
        let price = i128::from(price.ticks());
        let is_before_best = match side {
            Side::Buy => self.term(Term::BestBid).high < price,
            Side::Sell => price < self.term(Term::BestAsk).low,
        };
        Range::between(0, if is_before_best { 0 } else { LOTS_MAX })
    }

    /// One field of an account: what it was before the block, and what it became.
    fn account(&self, client: ClientId, field: usize) -> Range {
        let before = self.accounts.get(&client).copied().flatten();
        let before = before.map_or(Range::ANY, |account| Range::of(account[field]));
        match &self.zone.holdings {
            None => Range::ANY,
            Some(holdings) => match holdings.get(&client.0) {
                Some(holding) => before.or(holding.ranges[field]),
                None => before,
            },
        }
    }
}
