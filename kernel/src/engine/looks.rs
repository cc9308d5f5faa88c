//! Looks at a market that change nothing: views, canonical bytes.

use crate::digest::{ClockRecord, OrderRecord, Section, Sink, write_clock, write_rules};
use crate::engine::Engine;
use crate::rules::{Limits, Rules};
use crate::units::{Cash, ClientId, OrderId, Price, Side, Step, TimeNs};
use crate::view::{AccountView, LevelView, OrderView, StopView};

impl Engine {
    /// Rules in force.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Bounds fixed by the genesis.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Logical time.
    pub const fn time(&self) -> TimeNs {
        self.time
    }

    /// Logical step.
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Place commands so far; also the id of the newest order.
    pub const fn placed(&self) -> u64 {
        self.placed
    }

    /// Price of the last trade.
    pub const fn last_trade(&self) -> Option<Price> {
        self.last_trade
    }

    /// Orders that wait for their stop, by id.
    pub fn stops(&self) -> impl Iterator<Item = StopView> {
        self.stops.iter().map(|stop| StopView {
            order: stop.order,
            client: stop.client,
            reference: stop.reference,
            side: stop.side,
            qty: stop.qty,
            stop: stop.stop,
            limit: stop.limit,
            is_triggered: stop.is_triggered,
        })
    }

    /// Reads the orders that coming commands name, all at once, and those that takers will meet;
    /// changes nothing. Pays for itself where more than some thirty thousand orders rest, for about
    /// sixty commands at a time (BENCHMARKS.md).
    pub fn look_ahead(&self, named: impl IntoIterator<Item = OrderId>) {
        self.book.look_ahead(named.into_iter());
    }

    /// How many orders rest.
    pub const fn orders_live(&self) -> u32 {
        self.book.live()
    }

    /// How many orders wait for their stop.
    pub fn orders_waiting(&self) -> u32 {
        self.stops.len()
    }

    /// How many price levels are occupied, both sides together.
    pub const fn levels_live(&self) -> u32 {
        self.book.levels_live()
    }

    /// The price of a side that trades first.
    pub const fn best(&self, side: Side) -> Option<Price> {
        self.book.best(side)
    }

    /// Occupied levels of a side, best first.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = LevelView> {
        self.book.levels(side)
    }

    /// The level of a side at a price; `None` where nothing rests. Cost: O(1) near the best price,
    /// O(log levels) far from it.
    pub fn level(&self, side: Side, price: Price) -> Option<LevelView> {
        self.book.level(side, price)
    }

    /// How many price levels of a side are occupied.
    pub const fn levels_on(&self, side: Side) -> u32 {
        self.book.levels_on(side)
    }

    /// Resting orders of a side in the order in which they would trade.
    pub fn queue(&self, side: Side) -> impl Iterator<Item = OrderView> {
        self.book.slots(side).map(|slot| self.book.view(slot))
    }

    /// A resting order.
    pub fn order(&self, order: OrderId) -> Option<OrderView> {
        self.book.find(order).map(|slot| self.book.view(slot))
    }

    /// Whether an order rests or waits for its stop.
    pub fn is_live(&self, order: OrderId) -> bool {
        self.book.find(order).is_some() || self.stops.get(order).is_some()
    }

    /// A client's account; an empty one for a client that never traded.
    pub fn account(&self, client: ClientId) -> AccountView {
        self.accounts.view(client)
    }

    /// Every account, ascending by client; some of them may be empty.
    pub fn accounts(&self) -> impl Iterator<Item = AccountView> {
        self.accounts.clients().map(|client| self.accounts.view(client))
    }

    /// What the transaction tax has taken.
    pub const fn taxes(&self) -> Cash {
        self.accounts.taxes()
    }

    /// What fees have taken, less what rebates have given.
    pub const fn fees(&self) -> Cash {
        self.accounts.fees()
    }

    /// Writes a section's canonical bytes. RULES.md §9.
    pub fn write_section(&self, section: Section, sink: &mut impl Sink) {
        match section {
            Section::Bids => self.write_side(Side::Buy, sink),
            Section::Asks => self.write_side(Side::Sell, sink),
            Section::Stops => self.stops.iter().for_each(|stop| stop.write(sink)),
            Section::Accounts => self.accounts.write(sink),
            Section::Rules => write_rules(&self.rules, sink),
            Section::Clock => {
                let clock = ClockRecord {
                    time: self.time,
                    step: self.step,
                    placed: self.placed,
                    rested: self.book.rested(),
                    last_trade: self.last_trade,
                };
                write_clock(&clock, sink);
            }
        }
    }

    fn write_side(&self, side: Side, sink: &mut impl Sink) {
        for slot in self.book.slots(side) {
            let node = self.book.get(slot);
            let record = OrderRecord {
                price: node.price,
                order: node.order,
                client: node.client,
                reference: node.reference,
                displayed: node.displayed,
                priority: node.priority,
                conduct: node.conduct,
                iceberg: node.iceberg(),
                expiry: node.expiry(),
            };
            record.write(sink);
        }
    }
}
