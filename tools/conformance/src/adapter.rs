//! From the benchmark's messages to kernel commands, and from kernel events to its reports.
//!
//! The kernel decides everything: whether an order is alive, what it trades, what is left of it. The
//! adapter keeps no book; it knows the kernel's id, price and side of the order that an id of the
//! workload names.
//!
//! Conventions where the contract leaves a choice:
//! - a modify is [`Command::Replace`], so a smaller quantity at the same price keeps its place;
//! - a new order under the id of one that rests, or with a quantity or price that the kernel cannot
//!   hold, is acknowledged and cancelled at once: the contract has no refusal of a new order;
//! - a modify to such a quantity or price is refused and leaves the order as it was.

use kernel::{
    ClientId, Command, Engine, Event, Genesis, Limits, OrderKind, Place, Price, Qty, Reference,
    SelfTrade, Side, TimeInForce,
};

use crate::live::{Live, Named};
use crate::report::{Kind, Report, Reports};

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Id given by the sender.
    pub order: u64,
    /// Number of the message.
    pub sequence: u64,
    /// Signed ticks.
    pub price: i64,
    /// Lots.
    pub qty: u32,
    /// Buy or sell.
    pub side: Side,
    /// Immediate or cancel; else good till cancelled.
    pub ioc: bool,
}

/// Takes an order out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// The order.
    pub order: u64,
    /// Number of the message.
    pub sequence: u64,
}

/// Takes an order out and enters it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modify {
    /// The order.
    pub order: u64,
    /// Number of the message.
    pub sequence: u64,
    /// New price in signed ticks.
    pub price: i64,
    /// New open quantity.
    pub qty: u32,
}

/// One message of the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A new order.
    New(NewOrder),
    /// A cancel.
    Cancel(Cancel),
    /// A modify.
    Modify(Modify),
}

/// The workload names no participants, so all orders are of one.
const CLIENT: ClientId = ClientId(0);

/// Added to a signed price to make a kernel price: half of the kernel's range lies below zero.
const PRICE_OFFSET: i64 = 1 << 30;

/// A market that speaks the benchmark's language.
#[derive(Clone, Debug)]
pub struct Adapter {
    engine: Engine,
    events: Vec<Event>,
    live: Live,
}

impl Adapter {
    /// An empty market.
    pub fn new() -> Self {
        let limits = Limits {
            orders_max: Limits::ORDERS_MAX,
            clients_max: 1,
            levels_max: Limits::ORDERS_MAX,
        };
        let genesis = Genesis { limits, ..Genesis::open() };
        let Ok(engine) = Engine::new(&genesis) else { unreachable!("the limits are in range") };
        Self { engine, events: Vec::with_capacity(1 << 10), live: Live::new() }
    }

    /// Carries out any message.
    pub fn message(&mut self, message: &Message, reports: &mut impl Reports) {
        match message {
            Message::New(new) => self.new_order(new, reports),
            Message::Cancel(cancel) => self.cancel(cancel, reports),
            Message::Modify(modify) => self.modify(modify, reports),
        }
    }

    /// An acknowledgement, a trade for each fill, and a cancel of what may not rest.
    pub fn new_order(&mut self, new: &NewOrder, reports: &mut impl Reports) {
        let &NewOrder { order, sequence, price, qty, side, ioc } = new;
        let report = |kind, qty| Report { kind, side, qty, sequence, order, price, taker: 0 };
        reports.push(report(Kind::OrderAck, qty));
        let (Some(limit), Ok(lots), None) = (to_kernel(price), Qty::new(qty), self.live.get(order))
        else {
            reports.push(report(Kind::CancelAck, qty));
            return;
        };
        let place = Place {
            client: CLIENT,
            reference: Reference(order),
            side,
            qty: lots,
            kind: OrderKind::Limit { price: limit, post_only: false },
            tif: if ioc { TimeInForce::Ioc } else { TimeInForce::Gtc },
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        };
        self.events.clear();
        self.engine.apply(&Command::Place(place), &mut self.events);
        for event in &self.events {
            match *event {
                Event::Traded { maker, maker_reference, price, qty, .. } => {
                    reports.push(trade(sequence, maker_reference, order, price, qty));
                    self.live.forget_filled(&self.engine, maker, maker_reference);
                }
                Event::Rested { order: placed, side, price, .. } => {
                    self.live.insert(order, Named { order: placed, price, side });
                }
                Event::Cancelled { qty, .. } => {
                    reports.push(report(Kind::CancelAck, qty.lots()));
                }
                Event::Rejected { .. } => reports.push(report(Kind::CancelAck, qty)),
                Event::Accepted { .. }
                | Event::Decremented { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
    }

    /// An acknowledgement, or a refusal when the order does not rest.
    pub fn cancel(&mut self, cancel: &Cancel, reports: &mut impl Reports) {
        let &Cancel { order, sequence } = cancel;
        let Some(Named { order: named, price, side }) = self.live.remove(order) else {
            reports.push(Report::refusal(Kind::CancelReject, sequence, order));
            return;
        };
        self.events.clear();
        self.engine.apply(&Command::Cancel { client: CLIENT, order: named }, &mut self.events);
        let [Event::Cancelled { qty, .. }] = self.events[..] else {
            unreachable!("an id names an order that rests")
        };
        let (kind, qty, price) = (Kind::CancelAck, qty.lots(), from_kernel(price));
        reports.push(Report { kind, side, qty, sequence, order, price, taker: 0 });
    }

    /// An acknowledgement and a trade for each fill, or a refusal when the order does not rest.
    pub fn modify(&mut self, modify: &Modify, reports: &mut impl Reports) {
        let &Modify { order, sequence, price, qty } = modify;
        let (Some(limit), Ok(lots), Some(Named { order: named, side, .. })) =
            (to_kernel(price), Qty::new(qty), self.live.get(order))
        else {
            reports.push(Report::refusal(Kind::ModifyReject, sequence, order));
            return;
        };
        let replace = Command::Replace { client: CLIENT, order: named, price: limit, qty: lots };
        self.events.clear();
        self.engine.apply(&replace, &mut self.events);
        for event in &self.events {
            match *event {
                Event::Replaced { kept_priority, .. } => {
                    let kind = Kind::ModifyAck;
                    reports.push(Report { kind, side, qty, sequence, order, price, taker: 0 });
                    if !kept_priority {
                        self.live.remove(order);
                    }
                }
                Event::Traded { maker, maker_reference, price, qty, .. } => {
                    reports.push(trade(sequence, maker_reference, order, price, qty));
                    self.live.forget_filled(&self.engine, maker, maker_reference);
                }
                Event::Rested { order: placed, side, price, .. } => {
                    self.live.insert(order, Named { order: placed, price, side });
                }
                Event::Rejected { .. } => {
                    reports.push(Report::refusal(Kind::ModifyReject, sequence, order));
                }
                Event::Accepted { .. }
                | Event::Cancelled { .. }
                | Event::Decremented { .. }
                | Event::Reduced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
    }

    /// The price of a side that trades first.
    pub fn best(&self, side: Side) -> Option<i64> {
        self.engine.best(side).map(from_kernel)
    }

    /// Open lots at a price.
    pub fn depth(&self, side: Side, price: i64) -> u64 {
        let Some(price) = to_kernel(price) else { return 0 };
        self.engine.levels(side).find(|level| level.price == price).map_or(0, |level| level.qty)
    }

    /// The market itself.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Default for Adapter {
    fn default() -> Self {
        Self::new()
    }
}

fn trade(sequence: u64, maker: Reference, taker: u64, price: Price, qty: Qty) -> Report {
    Report {
        kind: Kind::Trade,
        side: Side::Buy,
        qty: qty.lots(),
        sequence,
        order: maker.0,
        price: from_kernel(price),
        taker,
    }
}

fn to_kernel(price: i64) -> Option<Price> {
    let ticks = u32::try_from(price.checked_add(PRICE_OFFSET)?).ok()?;
    Price::new(ticks).ok()
}

fn from_kernel(price: Price) -> i64 {
    i64::from(price.ticks()) - PRICE_OFFSET
}
