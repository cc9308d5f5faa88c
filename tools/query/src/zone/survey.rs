//! A query on its way through the zones of a log.

use std::collections::BTreeMap;

use kernel::{ClientId, Engine};

use super::{Account, Zone, account};
use crate::evaluator::{Evaluator, Past};
use crate::query::Query;

/// What is known of a query over a whole block, before it is asked of one of its moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It is true behind every entry of the block, or false behind every one.
    All(bool),
    /// It may be either, or something in the block must be remembered: each moment is to be seen.
    Open,
}

/// Follows a log block by block, through zones and through what was seen itself.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Accounts that the query asks about, at the last border of blocks; `None` where unknown.
    accounts: BTreeMap<ClientId, Option<Account>>,
}

/// A zone, and what holds at its beginning.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) zone: &'a Zone,
    pub(super) query: &'a Query,
    pub(super) past: &'a Past,
    pub(super) accounts: &'a BTreeMap<ClientId, Option<Account>>,
}

impl Survey {
    /// A survey for a query, before the first entry of a log.
    pub fn new(query: &Query, engine: &Engine) -> Self {
        let known = |client: &ClientId| (*client, Some(account(engine, *client)));
        Self { accounts: query.clients.iter().map(known).collect() }
    }

    /// What is known of the next block. The evaluator stands before it.
    pub fn expect(&self, zone: &Zone, evaluator: &Evaluator) -> Expectation {
        let (query, past) = (evaluator.query(), evaluator.past());
        if Self::is_to_be_seen(zone, evaluator) {
            return Expectation::Open;
        }
        let ground = Ground { zone, query, past, accounts: &self.accounts };
        match ground.whole() {
            (true, false) => Expectation::All(true),
            (false, true) => Expectation::All(false),
            (true, true) | (false, false) => Expectation::Open,
        }
    }

    /// Whether a block may hold the first mark of a name behind which a number is to be remembered:
    /// an evaluator must see it, whatever is expected of the block.
    pub fn is_to_be_seen(zone: &Zone, evaluator: &Evaluator) -> bool {
        let captures = &evaluator.query().captures;
        let mut awaited = captures.iter().zip(&evaluator.past().has_come);
        awaited.any(|(capture, has_come)| !has_come && zone.may_have_mark(&capture.name))
    }

    /// Goes on behind a block of which something was expected, and tells the evaluator, which has
    /// seen nothing of it.
    pub fn pass(&mut self, zone: &Zone, evaluator: &mut Evaluator) {
        let marks = evaluator.query().marks.clone();
        let marks = marks.iter().filter(|name| zone.may_have_mark(name));
        evaluator.pass(zone.counters(), marks);
        for (client, known) in &mut self.accounts {
            match &zone.holdings {
                Some(holdings) => {
                    *known = holdings.get(&client.0).map(|holding| holding.last).or(*known);
                }
                None => *known = None,
            }
        }
    }

    /// Goes on behind a block that the evaluator has seen entry by entry.
    pub fn arrive(&mut self, engine: &Engine) {
        for (client, known) in &mut self.accounts {
            *known = Some(account(engine, *client));
        }
    }
}
