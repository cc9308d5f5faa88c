//! Canonical state bytes, section by section; RULES.md §9 gives every byte.
//!
//! The kernel writes bytes and hashes nothing: the log crate feeds them to its hash. Every encoder
//! of a section's records stands here, so that the byte layout can be read in one place; their
//! inverse stands in `digest/read.rs`.

use crate::command::SelfTrade;
use crate::rules::{MarketState, Rules};
use crate::units::{Cash, ClientId, OrderId, Position, Price, Qty, Reference, Side, Step, TimeNs};

pub(crate) mod read;

/// A part of the state with a digest of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Resting buys, best price first, front of the queue first.
    Bids,
    /// Resting sells, best price first, front of the queue first.
    Asks,
    /// Orders that wait for their stop, by id.
    Stops,
    /// Holdings, exemptions, and what taxes and fees have taken.
    Accounts,
    /// Rules in force.
    Rules,
    /// Logical time and the counters of orders and priorities.
    Clock,
}

impl Section {
    /// Every section in the order in which a state digest takes them.
    pub const ALL: [Self; 6] =
        [Self::Bids, Self::Asks, Self::Stops, Self::Accounts, Self::Rules, Self::Clock];

    /// The section's name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bids => "bids",
            Self::Asks => "asks",
            Self::Stops => "stops",
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

/// One resting order as the digest sees it: 38 bytes, 8 more for an iceberg, 8 for an expiry.
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
    /// Displayed quantity: for orders that are no icebergs, all that is open.
    pub displayed: Qty,
    /// Its place in time: lower stands before higher at the same price.
    pub priority: u64,
    /// What it keeps of its `Place`.
    pub conduct: Conduct,
    /// Display and reserve of an iceberg.
    pub iceberg: Option<Iceberg>,
    /// Expiry of a good-till-time order.
    pub expiry: Option<TimeNs>,
}

impl OrderRecord {
    /// Writes the record's bytes.
    pub fn write(&self, sink: &mut impl Sink) {
        sink.put(&self.price.ticks().to_le_bytes());
        sink.put(&self.order.0.to_le_bytes());
        sink.put(&self.client.0.to_le_bytes());
        sink.put(&self.reference.0.to_le_bytes());
        sink.put(&self.displayed.lots().to_le_bytes());
        sink.put(&self.priority.to_le_bytes());
        let flags = u8::from(self.conduct.post_only)
            | u8::from(self.iceberg.is_some()) << 1
            | u8::from(self.expiry.is_some()) << 2;
        sink.put(&[self_trade_byte(self.conduct.self_trade), flags]);
        if let Some(Iceberg { display, reserve }) = self.iceberg {
            sink.put(&display.lots().to_le_bytes());
            sink.put(&reserve.to_le_bytes());
        }
        if let Some(expiry) = self.expiry {
            sink.put(&expiry.0.to_le_bytes());
        }
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

/// How much of an iceberg is under water.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iceberg {
    /// Most lots that it shows.
    pub display: Qty,
    /// Open lots that it does not show; may be 0.
    pub reserve: u32,
}

const fn self_trade_byte(choice: SelfTrade) -> u8 {
    match choice {
        SelfTrade::Allow => 0,
        SelfTrade::CancelNewest => 1,
        SelfTrade::CancelOldest => 2,
        SelfTrade::CancelBoth => 3,
        SelfTrade::Decrement => 4,
    }
}

/// One order that waits for its stop, as the digest sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopRecord {
    /// Its id.
    pub order: OrderId,
    /// Owner.
    pub client: ClientId,
    /// The producer's number.
    pub reference: Reference,
    /// Open quantity.
    pub qty: Qty,
    /// Buy or sell.
    pub side: Side,
    /// The price that triggers it.
    pub stop: Price,
    /// Its self-trade choice.
    pub self_trade: SelfTrade,
    /// Its limit once active; `None` for a market order.
    pub limit: Option<Price>,
    /// Whether what is left of it may rest.
    pub rests: bool,
    /// Expiry of a good-till-time order.
    pub expiry: Option<TimeNs>,
    /// Whether a trade has triggered it already.
    pub is_triggered: bool,
}

impl StopRecord {
    /// Writes the record's bytes.
    pub fn write(&self, sink: &mut impl Sink) {
        sink.put(&self.order.0.to_le_bytes());
        sink.put(&self.client.0.to_le_bytes());
        sink.put(&self.reference.0.to_le_bytes());
        sink.put(&self.qty.lots().to_le_bytes());
        sink.put(&[match self.side {
            Side::Buy => 0,
            Side::Sell => 1,
        }]);
        sink.put(&self.stop.ticks().to_le_bytes());
        let flags = u8::from(self.limit.is_some())
            | u8::from(self.rests) << 1
            | u8::from(self.expiry.is_some()) << 2
            | u8::from(self.is_triggered) << 3;
        sink.put(&[self_trade_byte(self.self_trade), flags]);
        if let Some(limit) = self.limit {
            sink.put(&limit.ticks().to_le_bytes());
        }
        if let Some(expiry) = self.expiry {
            sink.put(&expiry.0.to_le_bytes());
        }
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
    put(12, rules.state == MarketState::Auction, &[]);
    put(13, rules.band != open.band, &rules.band.to_le_bytes());
}

/// The clock section: 32 bytes, 4 more once there was a trade.
pub fn write_clock(clock: &ClockRecord, sink: &mut impl Sink) {
    sink.put(&clock.time.0.to_le_bytes());
    sink.put(&clock.step.0.to_le_bytes());
    sink.put(&clock.placed.to_le_bytes());
    sink.put(&clock.rested.to_le_bytes());
    if let Some(last) = clock.last_trade {
        sink.put(&last.ticks().to_le_bytes());
    }
}

/// What the clock section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRecord {
    /// Logical time.
    pub time: TimeNs,
    /// Logical step.
    pub step: Step,
    /// Place commands so far.
    pub placed: u64,
    /// Priority numbers given so far.
    pub rested: u64,
    /// Price of the last trade.
    pub last_trade: Option<Price>,
}
