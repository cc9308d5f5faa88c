//! The life of an order: every entry that names it, from its placing until nothing of it is open.

use std::rc::Rc;

use kernel::{CancelReason, Event, OrderId, Place, Price, RejectReason, Side};

use super::graph::{Clock, Told};
use super::kept::Kept;

/// Marks and changes of rules that are kept of a life.
const NOTES: usize = 16;
/// Orders that it met which are kept.
const MET: usize = 16;

/// Something that happened to an order.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) told: Rc<Told>,
    pub(super) event: Event,
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Refused(RejectReason),
    /// Its last lots were traded.
    Filled,
    /// Its last lots were lost to an order of its own client.
    Decremented,
    Cancelled {
        lots: u32,
        reason: CancelReason,
    },
}

/// What is known of an order.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) order: OrderId,
    pub(super) place: Place,
    /// Whether its life is what was asked for, or only where it came from.
    pub(super) is_subject: bool,
    pub(super) placed: Rc<Told>,
    pub(super) changes: Kept<Change>,
    /// Marks and changes of rules while it lived.
    pub(super) notes: Kept<Rc<Told>>,
    /// Lots.
    pub(super) open: u32,
    pub(super) traded: u64,
    /// Sum of price times lots over its trades.
    pub(super) notional: u128,
    /// Lots by which replaces raised it.
    pub(super) raised: u64,
    /// Lots by which reduces and replaces lowered it.
    pub(super) lowered: u64,
    /// Lots lost to orders of its own client.
    pub(super) lost: u64,
    pub(super) cancelled: u64,
    /// Whether it waits for its stop.
    pub(super) is_waiting: bool,
    /// The trade that triggered its stop.
    pub(super) trigger: Option<Change>,
    /// When it first came to rest.
    pub(super) rested: Option<(u64, Clock)>,
    /// Where it came to rest last.
    pub(super) price: Option<Price>,
    pub(super) end: Option<(u64, Clock, End)>,
    /// The last entry that counted, and its clock.
    pub(super) until: (u64, Clock),
    /// Orders that it met, each with the entry.
    pub(super) met: Vec<(OrderId, u64)>,
}

impl Life {
    /// An order that is about to be placed.
    ///
    /// * `limit` - changes that are kept at the most.
    pub(super) fn new(
        (order, place): (OrderId, Place),
        placed: Rc<Told>,
        is_subject: bool,
        limit: Option<usize>,
    ) -> Self {
        let until = (placed.number, placed.clock);
        Self {
            order,
            place,
            is_subject,
            placed,
            changes: Kept::new(limit),
            notes: Kept::new(limit.map(|_| NOTES)),
            open: place.qty.lots(),
            traded: 0,
            notional: 0,
            raised: 0,
            lowered: 0,
            lost: 0,
            cancelled: 0,
            is_waiting: place.stop.is_some(),
            trigger: None,
            rested: None,
            price: None,
            end: None,
            until,
            met: Vec::new(),
        }
    }

    pub(super) const fn is_ended(&self) -> bool {
        self.end.is_some()
    }

    /// Takes an event of an entry; those that do not name the order do nothing, but for trades that
    /// trigger its stop.
    pub(super) fn take(&mut self, event: &Event, told: impl Fn() -> Rc<Told>) {
        if self.is_ended() {
            return;
        }
        if self.is_waiting && self.trigger.is_none() && self.is_triggered_by(event) {
            self.trigger = Some(Change { told: told(), event: *event });
        }
        if !names(event, self.order) {
            return;
        }
        let told = told();
        self.until = (told.number, told.clock);
        if let Some(end) = self.change(event, &told) {
            self.end = Some((told.number, told.clock, end));
        }
        self.changes.push(Change { told, event: *event });
    }

    /// Takes a mark or a change of a rule.
    pub(super) fn note(&mut self, told: Rc<Told>) {
        if !self.is_ended() {
            self.notes.push(told);
        }
    }

    fn is_triggered_by(&self, event: &Event) -> bool {
        let (Event::Traded { price, .. }, Some(stop)) = (event, self.place.stop) else {
            return false;
        };
        match self.place.side {
            Side::Buy => stop <= *price,
            Side::Sell => *price <= stop,
        }
    }

    /// What an event that names the order does to its lots; how it ends by that.
    fn change(&mut self, event: &Event, told: &Told) -> Option<End> {
        match *event {
            Event::Traded { maker, taker, price, qty, .. } => {
                let lots = qty.lots();
                self.traded += u64::from(lots);
                self.notional += u128::from(lots) * u128::from(price.ticks());
                self.meet(if maker == self.order { taker } else { maker }, told);
                self.leave(lots, End::Filled)
            }
            Event::Decremented { maker, taker, qty } => {
                self.lost += u64::from(qty.lots());
                self.meet(if maker == self.order { taker } else { maker }, told);
                self.leave(qty.lots(), End::Decremented)
            }
            Event::Rested { price, .. } => {
                self.rested.get_or_insert((told.number, told.clock));
                self.price = Some(price);
                None
            }
            Event::Cancelled { qty, reason, .. } => {
                self.cancelled += u64::from(qty.lots());
                self.open = self.open.saturating_sub(qty.lots());
                Some(End::Cancelled { lots: qty.lots(), reason })
            }
            Event::Reduced { by, open, .. } => {
                self.lowered += u64::from(by.lots());
                self.open = open.lots();
                None
            }
            Event::Replaced { price, qty, .. } => {
                let (old, new) = (self.open, qty.lots());
                self.raised += u64::from(new.saturating_sub(old));
                self.lowered += u64::from(old.saturating_sub(new));
                self.open = new;
                self.price = self.price.map(|_| price);
                None
            }
            Event::Triggered { .. } => {
                self.is_waiting = false;
                None
            }
            // A refused command that names a live order changes nothing.
            Event::Rejected { reason, .. } if told.number == self.placed.number => {
                self.cancelled += u64::from(self.open);
                self.open = 0;
                Some(End::Refused(reason))
            }
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Refilled { .. }
            | Event::BandHit { .. }
            | Event::MassCancelled { .. }
            | Event::ClockMoved { .. }
            | Event::RuleChanged(_)
            | Event::Uncrossed { .. } => None,
        }
    }

    fn leave(&mut self, lots: u32, end: End) -> Option<End> {
        self.open = self.open.saturating_sub(lots);
        (self.open == 0).then_some(end)
    }

    fn meet(&mut self, other: OrderId, told: &Told) {
        let is_known = self.met.iter().any(|(order, _)| *order == other);
        if !is_known && self.met.len() < MET {
            self.met.push((other, told.number));
        }
    }
}

/// Whether an event names an order.
pub(super) fn names(event: &Event, id: OrderId) -> bool {
    match *event {
        Event::Traded { maker, taker, .. } | Event::Decremented { maker, taker, .. } => {
            maker == id || taker == id
        }
        Event::Rejected { order, .. } => order == Some(id),
        Event::Accepted { order, .. }
        | Event::Rested { order, .. }
        | Event::Refilled { order, .. }
        | Event::Triggered { order }
        | Event::Cancelled { order, .. }
        | Event::Reduced { order, .. }
        | Event::Replaced { order, .. }
        | Event::BandHit { order, .. } => order == id,
        Event::MassCancelled { .. }
        | Event::ClockMoved { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. } => false,
    }
}
