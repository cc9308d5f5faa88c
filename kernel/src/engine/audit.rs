//! The market's invariants, checked in full; in debug builds also by itself.

use alloc::collections::BTreeMap;

use crate::engine::Engine;
use crate::invariant::{Invariant, holds};
use crate::rules::MarketState;
use crate::stops::Stops;
use crate::units::{ClientId, OrderId, Side, TimeNs};

/// How many orders, places for levels and accounts a debug build looks at for each command.
#[cfg(debug_assertions)]
const SHARE: u32 = 64;

/// A live order, wherever it stands.
struct Live {
    order: OrderId,
    client: ClientId,
    side: Side,
    lots: i64,
    expiry: Option<TimeNs>,
}

/// What an account ought to have open: buys, sells, orders.
type Open = (i64, i64, u32);

impl Engine {
    /// Checks every invariant. Cost: O(orders + levels + accounts), logarithms of orders with a stop
    /// or an expiry included.
    ///
    /// # Errors
    /// The first that is broken.
    pub fn check(&self) -> Result<(), Invariant> {
        self.book.check()?;
        self.check_ids()?;
        let is_open = self.rules.state == MarketState::Continuous;
        holds(!is_open || !self.book.is_crossed(), Invariant::Uncrossed)?;
        self.stops.check()?;
        self.check_triggers()?;
        self.check_expiries()?;
        self.check_open_interest()?;
        self.accounts.check()?;
        let limits = &self.limits;
        let is_within = self.book.live() + self.stops.len() <= limits.orders_max
            && self.book.levels_live() <= limits.levels_max
            && self.accounts.len() <= limits.clients_max;
        holds(is_within, Invariant::Limits)?;
        holds(self.unseen_trades.is_none() && self.band.is_none(), Invariant::Settled)
    }

    /// In a debug build: checks the invariants, so seldom that a command pays for its share of them
    /// only.
    #[cfg(debug_assertions)]
    pub(super) fn audit(&mut self) {
        let cost = self.book.check_cost() + self.stops.len() + self.accounts.len();
        self.unaudited += 1;
        if cost / SHARE <= self.unaudited {
            self.unaudited = 0;
            if let Err(broken) = self.check() {
                panic!("{broken}");
            }
        }
    }

    fn live_orders(&self) -> impl Iterator<Item = Live> {
        let resting = [Side::Buy, Side::Sell].into_iter().flat_map(move |side| {
            self.book.slots(side).map(move |slot| {
                let node = self.book.get(slot);
                Live {
                    order: node.order,
                    client: node.client,
                    side,
                    lots: node.open().lots().into(),
                    expiry: node.expiry(),
                }
            })
        });
        resting.chain(self.stops.iter().map(|stop| Live {
            order: stop.order,
            client: stop.client,
            side: stop.side,
            lots: stop.qty.lots().into(),
            expiry: stop.expiry,
        }))
    }

    fn check_ids(&self) -> Result<(), Invariant> {
        let was_given = |live: Live| (1..=self.placed).contains(&live.order.0);
        let waits_only = self.stops.iter().all(|stop| self.book.find(stop.order).is_none());
        holds(waits_only && self.live_orders().all(was_given), Invariant::Ids)
    }

    fn check_triggers(&self) -> Result<(), Invariant> {
        let may_wait = self.rules.state == MarketState::Halted && self.last_trade.is_some();
        let is_right = self.stops.iter().all(|stop| {
            let is_reached = |trade| Stops::is_triggered_by(stop.side, stop.stop, trade);
            if stop.is_triggered { may_wait } else { !self.last_trade.is_some_and(is_reached) }
        });
        holds(is_right, Invariant::Triggers)
    }

    fn check_expiries(&self) -> Result<(), Invariant> {
        let mut expiring = 0;
        for live in self.live_orders() {
            let Some(expiry) = live.expiry else { continue };
            let is_to_come = self.time < expiry && self.expiries.holds(live.order, expiry);
            holds(is_to_come, Invariant::Expiries)?;
            expiring += 1;
        }
        holds(expiring == self.expiries.len(), Invariant::Expiries)
    }

    fn check_open_interest(&self) -> Result<(), Invariant> {
        let mut open = BTreeMap::<ClientId, Open>::new();
        for live in self.live_orders() {
            let (buys, sells, orders) = open.entry(live.client).or_default();
            *(if live.side == Side::Buy { buys } else { sells }) += live.lots;
            *orders += 1;
        }
        for client in self.accounts.clients() {
            let account = self.accounts.get(client);
            let booked = (account.open(Side::Buy), account.open(Side::Sell), account.orders);
            let is_right = booked == open.remove(&client).unwrap_or_default();
            holds(is_right, Invariant::OpenInterest)?;
        }
        holds(open.is_empty(), Invariant::OpenInterest)
    }
}

#[cfg(test)]
mod tests;
