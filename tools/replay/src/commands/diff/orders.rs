//! The life of an order in one log, and of the same order in both.

use std::collections::VecDeque;

use formats::render::{order_fields, order_text};
use kernel::{CancelReason, Event, OrderId, Place, Price, Qty, RejectReason};

use super::difference::{At, Field, Finding, OrderName, Which, clock_fields};
use crate::commands::names::mean_price;

/// Something that happens to an order after it was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Traded {
        price: Price,
        qty: Qty,
    },
    /// Lost lots to an order of its own client.
    Decremented {
        qty: Qty,
    },
    Reduced {
        by: Qty,
        open: Qty,
    },
    Replaced {
        price: Price,
        qty: Qty,
        kept_priority: bool,
    },
    Triggered,
    Cancelled {
        qty: Qty,
        reason: CancelReason,
    },
}

/// That, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) at: At,
    pub(super) what: What,
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Refused(RejectReason),
    /// Its last lots were traded.
    Filled,
    /// Its last lots were lost to an order of its own client.
    SelfTrade,
    Cancelled {
        qty: Qty,
        reason: CancelReason,
    },
}

/// What is known of an order in one log.
#[derive(Clone, Debug)]
pub(super) struct Life {
    placed: At,
    place: Place,
    open: u32,
    traded: u64,
    /// Sum of price times lots over its trades.
    notional: u128,
    replaced: u64,
    reduced: u64,
    /// Where it came to rest last.
    rested: Option<Price>,
    end: Option<(At, End)>,
}

/// What an event does to orders, two at the most.
pub(super) fn changes(event: &Event) -> [Option<(OrderId, What)>; 2] {
    match *event {
        Event::Traded { maker, taker, price, qty, .. } => {
            let what = What::Traded { price, qty };
            [Some((maker, what)), Some((taker, what))]
        }
        Event::Decremented { maker, taker, qty } => {
            let what = What::Decremented { qty };
            [Some((maker, what)), Some((taker, what))]
        }
        Event::Cancelled { order, qty, reason, .. } => {
            [Some((order, What::Cancelled { qty, reason })), None]
        }
        Event::Reduced { order, by, open } => [Some((order, What::Reduced { by, open })), None],
        Event::Replaced { order, price, qty, kept_priority } => {
            [Some((order, What::Replaced { price, qty, kept_priority })), None]
        }
        Event::Triggered { order } => [Some((order, What::Triggered)), None],
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Rested { .. }
        | Event::Refilled { .. }
        | Event::MassCancelled { .. }
        | Event::ClockMoved { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. }
        | Event::BandHit { .. } => [None, None],
    }
}

impl What {
    fn text(self) -> String {
        match self {
            Self::Traded { price, qty } => format!("traded {qty} @ {price}"),
            Self::Decremented { qty } => format!("lost {qty} to its own client"),
            Self::Reduced { by, open } => format!("reduced by {by} to {open}"),
            Self::Replaced { price, qty, kept_priority: true } => {
                format!("replaced with {qty} @ {price} in its place")
            }
            Self::Replaced { price, qty, kept_priority: false } => {
                format!("replaced with {qty} @ {price}")
            }
            Self::Triggered => "triggered".to_owned(),
            Self::Cancelled { qty, reason } => format!("cancelled with {qty} open, {reason}"),
        }
    }
}

impl End {
    fn text(self) -> String {
        match self {
            Self::Refused(reason) => format!("refused, {reason}"),
            Self::Filled => "filled".to_owned(),
            Self::SelfTrade => "self trade".to_owned(),
            Self::Cancelled { qty, reason } => format!("cancelled with {qty} open, {reason}"),
        }
    }
}

impl Life {
    pub(super) const fn new(place: Place, placed: At) -> Self {
        let open = place.qty.lots();
        let (rested, end) = (None, None);
        Self { placed, place, open, traded: 0, notional: 0, replaced: 0, reduced: 0, rested, end }
    }

    /// An order that was refused.
    pub(super) const fn refused(place: Place, placed: At, reason: RejectReason) -> Self {
        let mut life = Self::new(place, placed);
        life.end = Some((placed, End::Refused(reason)));
        life
    }

    pub(super) const fn name(&self) -> OrderName {
        (self.place.client, self.place.reference)
    }

    pub(super) const fn placed(&self) -> At {
        self.placed
    }

    pub(super) const fn is_ended(&self) -> bool {
        self.end.is_some()
    }

    /// It came to rest at this price.
    pub(super) const fn rest(&mut self, price: Price) {
        self.rested = Some(price);
    }

    pub(super) fn take(&mut self, change: &Change) {
        let Change { at, what } = *change;
        let end = match what {
            What::Traded { price, qty } => {
                self.traded += u64::from(qty.lots());
                self.notional += u128::from(qty.lots()) * u128::from(price.ticks());
                self.open = self.open.saturating_sub(qty.lots());
                (self.open == 0).then_some(End::Filled)
            }
            What::Decremented { qty } => {
                self.open = self.open.saturating_sub(qty.lots());
                (self.open == 0).then_some(End::SelfTrade)
            }
            What::Reduced { open, .. } => {
                self.reduced += 1;
                self.open = open.lots();
                None
            }
            What::Replaced { qty, .. } => {
                self.replaced += 1;
                self.open = qty.lots();
                None
            }
            What::Triggered => None,
            What::Cancelled { qty, reason } => Some(End::Cancelled { qty, reason }),
        };
        self.end = end.map(|end| (at, end));
    }

    /// Why and when the order was cancelled, and with how much open.
    pub(super) const fn cancel(&self) -> Option<(At, Qty, CancelReason)> {
        match self.end {
            Some((at, End::Cancelled { qty, reason })) => Some((at, qty, reason)),
            Some((_, End::Refused(_) | End::Filled | End::SelfTrade)) | None => None,
        }
    }

    /// What was asked and what became of it.
    pub(super) fn text(&self) -> String {
        let mut parts = Vec::new();
        if 0 < self.traded {
            parts.push(format!("traded {} @ {}", self.traded, self.average()));
        }
        if 0 < self.replaced {
            parts.push(format!("replaced {} times", self.replaced));
        }
        parts.push(self.end_text());
        format!("{}; {}", order_text(&self.place), parts.join(", "))
    }

    fn end_text(&self) -> String {
        self.end.map_or_else(|| format!("open with {}", self.open), |(_, end)| end.text())
    }

    /// Mean price of its trades.
    fn average(&self) -> String {
        mean_price(self.notional, self.traded)
    }
}

/// Where the lives of an order part, and what happens to it there in each log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parted([Option<Change>; 2]);

/// An order in both logs, or in one so far.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) lives: [Option<Life>; 2],
    /// Whether it took a trade since the logs parted.
    pub(super) has_taken: bool,
    /// Changes that only one of the logs has had yet: all of one step.
    ahead: VecDeque<Change>,
    ahead_of: Which,
    parted: Option<Box<Parted>>,
}

impl Pair {
    /// An order that only one log has yet.
    pub(super) fn one(which: Which, life: Life) -> Self {
        Self::new(which.pair(Some(life), None))
    }

    /// An order of the common past.
    pub(super) fn common(life: Life) -> Self {
        Self::new([Some(life.clone()), Some(life)])
    }

    const fn new(lives: [Option<Life>; 2]) -> Self {
        Self { lives, has_taken: false, ahead: VecDeque::new(), ahead_of: Which::A, parted: None }
    }

    pub(super) fn life_mut(&mut self, which: Which) -> Option<&mut Life> {
        self.lives[which.index()].as_mut()
    }

    /// Whether nothing can happen to it any more.
    pub(super) fn is_over(&self) -> bool {
        self.lives.iter().all(|life| life.as_ref().is_some_and(Life::is_ended))
    }

    /// Something happens to it in a log. The other log has passed every earlier clock.
    pub(super) fn take(&mut self, which: Which, change: &Change) {
        let (this, other) = (which.index(), which.other().index());
        if let Some(life) = &mut self.lives[this] {
            life.take(change);
        }
        if self.parted.is_some() {
            return;
        }
        let is_earlier = |front: &Change| front.at.clock < change.at.clock;
        if self.ahead.front().is_some_and(is_earlier) {
            return self.part_at_front();
        }
        if self.ahead.is_empty() || self.ahead_of == which {
            // What the other log places later differs by its clock already.
            let is_too_late = self.lives[other].is_none()
                && self.lives[this]
                    .as_ref()
                    .is_some_and(|life| life.placed.clock < change.at.clock);
            if !is_too_late {
                self.ahead_of = which;
                self.ahead.push_back(*change);
            }
            return;
        }
        if let Some(front) = self.ahead.pop_front()
            && (front.what, front.at.clock) != (change.what, change.at.clock)
        {
            self.parted = Some(Box::new(Parted(which.pair(Some(*change), Some(front)))));
            self.ahead.clear();
        }
    }

    /// The log that is behind has not had what the other had.
    fn part_at_front(&mut self) {
        if let Some(front) = self.ahead.pop_front() {
            self.parted = Some(Box::new(Parted(self.ahead_of.pair(Some(front), None))));
            self.ahead.clear();
        }
    }

    /// What came of it, once both logs are done with it.
    pub(super) fn verdict(&mut self) -> Verdict<'_> {
        if self.parted.is_none() {
            self.part_at_front();
        }
        match &self.lives {
            [Some(a), Some(b)] => compare(a, b, self.parted.as_deref()),
            [Some(life), None] => Verdict::Only(Which::A, life),
            [None, Some(life)] => Verdict::Only(Which::B, life),
            [None, None] => unreachable!("a pair begins with an order"),
        }
    }
}

/// What came of an order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict<'a> {
    Equal(&'a Life),
    Different(Different<'a>),
    Only(Which, &'a Life),
}

/// An order of both logs that differs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Different<'a> {
    pub(super) lives: [&'a Life; 2],
    /// Where the difference begins.
    pub(super) places: [Option<At>; 2],
    parted: Option<&'a Parted>,
}

fn compare<'a>(a: &'a Life, b: &'a Life, parted: Option<&'a Parted>) -> Verdict<'a> {
    let is_asked_alike = (a.place, a.placed.clock) == (b.place, b.placed.clock);
    let parted = parted.filter(|_| is_asked_alike);
    let is_ended_alike = match (a.end, b.end) {
        // When they ended is told by where they part.
        (Some((_, a)), Some((_, b))) => a == b,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if is_asked_alike && parted.is_none() && is_ended_alike && a.rested == b.rested {
        return Verdict::Equal(a);
    }
    let places = parted.map_or([Some(a.placed), Some(b.placed)], |Parted(changes)| {
        changes.map(|change| change.map(|change| change.at))
    });
    Verdict::Different(Different { lives: [a, b], places, parted })
}

impl Different<'_> {
    /// What the difference is, in words.
    pub(super) fn finding(&self) -> Finding {
        let [a, b] = self.lives;
        let mut fields: Vec<Field> =
            clock_fields(["step", "time_ns"], a.placed.clock, b.placed.clock).into_iter().collect();
        for ((name, a), (_, b)) in order_fields(&a.place).into_iter().zip(order_fields(&b.place)) {
            fields.extend(Field::between(name, &a, &b));
        }
        if let Some(Parted(changes)) = self.parted {
            let [a, b] = changes
                .map(|change| change.map_or_else(|| "nothing".to_owned(), |it| it.what.text()));
            fields.extend(Field::between("first", &a, &b));
        }
        fields.extend(Field::between("traded", &a.traded, &b.traded));
        fields.extend(Field::between("average", &a.average(), &b.average()));
        fields.extend(Field::between("replaced", &a.replaced, &b.replaced));
        fields.extend(Field::between("reduced", &a.reduced, &b.reduced));
        let rested = |life: &Life| {
            life.rested.map_or_else(|| "nowhere".to_owned(), |price| price.to_string())
        };
        fields.extend(Field::between("rested at", &rested(a), &rested(b)));
        fields.extend(Field::between("end", &a.end_text(), &b.end_text()));
        if let (Some((a, _)), Some((b, _))) = (a.end, b.end) {
            fields.extend(clock_fields(["ended in step", "ended at time_ns"], a.clock, b.clock));
        }
        Finding::Fields(fields)
    }
}
