//! Canonical state bytes, section by section; RULES.md §9 gives every byte.
//!
//! The kernel writes bytes and hashes nothing: the log crate feeds them to its hash. Every encoder
//! of a section's records stands here, so that the byte layout can be read in one place.

use crate::command::SelfTrade;
use crate::rules::{MarketState, Rules};
use crate::units::{Cash, ClientId, OrderId, Position, Price, Qty, Reference, Step, TimeNs};

/// A part of the state with a digest of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Resting buys, best price first, front of the queue first.
    Bids,
    /// Resting sells, best price first, front of the queue first.
    Asks,
    /// Holdings, exemptions, and what taxes and fees have taken.
    Accounts,
    /// Rules in force.
    Rules,
    /// Logical time and the counters of orders and priorities.
    Clock,
}

impl Section {
    /// Every section in the order in which a state digest takes them.
    pub const ALL: [Self; 5] = [Self::Bids, Self::Asks, Self::Accounts, Self::Rules, Self::Clock];

    /// The section's name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bids => "bids",
            Self::Asks => "asks",
            Self::Accounts => "accounts",
            Self::Rules => "rules",
            Self::Clock => "clock",
        }
    }
}

/// Takes canonical bytes: a hasher, a buffer, a counter.
pub trait Sink {
    /// Takes the next bytes.
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for alloc::vec::Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// One resting order as the digest sees it: 38 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    /// Its price.
    pub price: Price,
    /// Its id.
    pub order: OrderId,
    /// Owner.
    pub client: ClientId,
    /// The producer's number.
    pub reference: Reference,
    /// Open quantity.
    pub qty: Qty,
    /// Its place in time: lower stands before higher at the same price.
    pub priority: u64,
    /// What it does as a taker after a `Replace`: self-trade choice and post-only bit.
    pub conduct: Conduct,
}

impl OrderRecord {
    /// Writes the record's bytes.
    pub fn write(&self, sink: &mut impl Sink) {
        sink.put(&self.price.ticks().to_le_bytes());
        sink.put(&self.order.0.to_le_bytes());
        sink.put(&self.client.0.to_le_bytes());
        sink.put(&self.reference.0.to_le_bytes());
        sink.put(&self.qty.lots().to_le_bytes());
        sink.put(&self.priority.to_le_bytes());
        sink.put(&self.conduct.bytes());
    }
}

/// What a resting order keeps of its `Place` for the day that it is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// Its self-trade choice.
    pub self_trade: SelfTrade,
    /// Whether it may never trade on arrival.
    pub post_only: bool,
}

impl Conduct {
    const fn bytes(self) -> [u8; 2] {
        let self_trade = match self.self_trade {
            SelfTrade::Allow => 0,
            SelfTrade::CancelNewest => 1,
            SelfTrade::CancelOldest => 2,
            SelfTrade::CancelBoth => 3,
            SelfTrade::Decrement => 4,
        };
        [self_trade, if self.post_only { 1 } else { 0 }]
    }
}

/// One account as the digest sees it: 29 bytes, written for accounts that are not all zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// The client.
    pub client: ClientId,
    /// Lots held.
    pub position: Position,
    /// Cash held.
    pub cash: Cash,
    /// Whether the short-sale ban and the position limit leave it alone.
    pub exempt: bool,
}

impl AccountRecord {
    /// Writes the record's bytes; nothing for an account that is as good as unopened.
    pub fn write(&self, sink: &mut impl Sink) {
        if self.position == 0 && self.cash == 0 && !self.exempt {
            return;
        }
        sink.put(&self.client.0.to_le_bytes());
        sink.put(&self.position.to_le_bytes());
        sink.put(&self.cash.to_le_bytes());
        sink.put(&[u8::from(self.exempt)]);
    }
}

/// What taxes and fees have taken: 32 bytes at the head of the accounts section.
pub fn write_pots(taxes: Cash, fees: Cash, sink: &mut impl Sink) {
    sink.put(&taxes.to_le_bytes());
    sink.put(&fees.to_le_bytes());
}

/// The rules section: a tag and a value for each rule that differs from [`Rules::OPEN`].
pub fn write_rules(rules: &Rules, sink: &mut impl Sink) {
    let open = Rules::OPEN;
    let mut put = |tag: u8, differs: bool, value: &[u8]| {
        if differs {
            sink.put(&[tag]);
            sink.put(value);
        }
    };
    put(1, rules.tick != open.tick, &rules.tick.ticks().to_le_bytes());
    put(2, rules.lot != open.lot, &rules.lot.lots().to_le_bytes());
    put(3, rules.qty_max != open.qty_max, &rules.qty_max.lots().to_le_bytes());
    put(4, rules.price_min != open.price_min, &rules.price_min.ticks().to_le_bytes());
    put(5, rules.price_max != open.price_max, &rules.price_max.ticks().to_le_bytes());
    put(6, rules.position_max != open.position_max, &rules.position_max.to_le_bytes());
    put(7, rules.state == MarketState::Halted, &[]);
    put(8, rules.short_ban, &[]);
    put(9, rules.tax != open.tax, &rules.tax.to_le_bytes());
    put(10, rules.maker_fee != open.maker_fee, &rules.maker_fee.parts().to_le_bytes());
    put(11, rules.taker_fee != open.taker_fee, &rules.taker_fee.parts().to_le_bytes());
}

/// The clock section: 32 bytes.
pub fn write_clock(time: TimeNs, step: Step, placed: u64, rested: u64, sink: &mut impl Sink) {
    sink.put(&time.0.to_le_bytes());
    sink.put(&step.0.to_le_bytes());
    sink.put(&placed.to_le_bytes());
    sink.put(&rested.to_le_bytes());
}
