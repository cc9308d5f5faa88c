//! Follows the orders of a log: sizes, prices, times, and what takers do.
//!
//! A *message* is what a venue's feed would report: a submission that comes to rest, a reduction, a
//! deletion, a fill. An order that is replaced and loses its place is deleted and submitted.
//!
//! A log of recorded data that marks each `row` ([`FlowOptions::rows`]) holds corrections beside
//! messages, which are told apart by their place: an order that trades is the taker of its row; of
//! a row without taker the first command is the message; whatever else stands before the mark
//! corrects the book out of view. The first row says what the book looks like.

mod births;
mod book;
mod options;
mod tally;
#[cfg(test)]
mod tests;

use kernel::{Command, Engine, Event, OrderId, Price, Reference, Side};

pub use book::BookTimes;
pub use options::{FlowOptions, Messages};
pub use tally::{Durations, Tally};

use self::births::Births;
use super::Observer;
use super::arrivals::{Lifetimes, count_age};

/// Messages after a taker at which the mid is looked at.
pub const RESPONSE_AFTER: [usize; 3] = [1, 10, 50];

/// Messages that are remembered, to look back [`RESPONSE_AFTER`] of them.
const RECENT: usize = 64;

/// What was seen of a log's orders. An [`Observer`].
///
/// Cost: O(1) for an order, with rows O(log(live orders)); for a move of the clock O(1), or O(10
/// levels) where they are followed.
#[derive(Clone, Debug)]
pub struct Flow {
    options: FlowOptions,
    /// The book over time.
    pub book: BookTimes,
    /// How many of each message.
    pub messages: Messages,
    /// Lots of submissions; what they traded on arrival is left out.
    pub limit_lots: Tally,
    /// Submissions by place, seen from the best price of their side: inside the spread, at it, 1–5,
    /// 6–20 and more than 20 ticks behind. Those to an empty side are left out.
    pub placed: [u64; 5],
    /// Lots that each taker traded.
    pub taker_lots: Tally,
    /// Fills of each taker.
    pub taker_fills: Tally,
    /// Takers that traded at more than one price.
    pub walks: u64,
    /// Time between messages; the fills of one taker are messages of one time.
    pub gaps: Durations,
    /// Time between takers.
    pub taker_gaps: Durations,
    /// Age at which orders were deleted or expired.
    pub deleted_after: Durations,
    /// Ends of orders by age in whole intervals, the last for 4,095 and more.
    pub lifetimes: Lifetimes,
    /// Sign of each taker: 1 for a buy.
    pub signs: Vec<i8>,
    /// Bid plus ask right after each taker.
    pub mids_after: Vec<i64>,
    /// For each of [`RESPONSE_AFTER`]: signed moves of bid plus ask, from just before a taker to so
    /// many messages after it, added up; and how many. A taker is one message here.
    pub responses: [(i128, u64); 3],
    /// Number of the last `row` mark.
    pub last_row: Option<u64>,
    births: Births,
    time: u64,
    best: [Option<u32>; 2],
    /// Bid plus ask after the last message.
    mid: i64,
    /// The last messages: sign of a taker or 0, and bid plus ask before it.
    recent: [(i8, i64); RECENT],
    settled: usize,
    last_message: Option<u64>,
    last_taker: Option<u64>,
    row: Row,
}

/// What is known of a row ahead of its mark.
#[derive(Clone, Copy, Debug)]
enum Row {
    Empty,
    Taken { sign: i8 },
    First { message: Option<Message>, time: u64 },
}

#[derive(Clone, Copy, Debug)]
enum Message {
    Submission { key: u64, lots: u32, placement: Option<usize> },
    Reduction,
    Deletion { key: u64 },
}

impl Flow {
    /// A follower ahead of the first entry.
    pub fn new(options: FlowOptions) -> Self {
        let options =
            FlowOptions { tick: options.tick.max(1), interval: options.interval.max(1), ..options };
        Self {
            options,
            book: BookTimes::new(options),
            messages: Messages::default(),
            limit_lots: Tally::default(),
            placed: [0; 5],
            taker_lots: Tally::default(),
            taker_fills: Tally::default(),
            walks: 0,
            gaps: Durations::default(),
            taker_gaps: Durations::default(),
            deleted_after: Durations::default(),
            lifetimes: Lifetimes::default(),
            signs: Vec::new(),
            mids_after: Vec::new(),
            responses: [(0, 0); 3],
            last_row: None,
            births: if options.rows { Births::sparse() } else { Births::dense() },
            time: 0,
            best: [None; 2],
            mid: 0,
            recent: [(0, 0); RECENT],
            settled: 0,
            last_message: None,
            last_taker: None,
            row: Row::Empty,
        }
    }

    /// The options, none of them 0.
    pub const fn options(&self) -> FlowOptions {
        self.options
    }

    /// Counts the orders that are still alive, behind the last entry.
    #[must_use]
    pub fn finish(mut self) -> Self {
        for born in self.births.alive() {
            let age = self.time.saturating_sub(born) / self.options.interval;
            count_age(&mut self.lifetimes.alive, age);
        }
        self
    }

    /// The message that an event is, if it is one and no fill.
    fn read(&self, event: &Event) -> Option<Message> {
        let known_by =
            |order: u64, reference: u64| if self.options.rows { reference } else { order };
        if let Event::Rested { order, side, price, qty, .. } = *event {
            let placement = self.placement(side, price.ticks());
            // A reference is put in its place by the caller, who knows it.
            return Some(Message::Submission { key: order.0, lots: qty.lots(), placement });
        }
        if let Event::Cancelled { order, reference, .. } = *event {
            return Some(Message::Deletion { key: known_by(order.0, reference.0) });
        }
        if let Event::Replaced { order, kept_priority: false, .. } = *event {
            return Some(Message::Deletion { key: order.0 });
        }
        let is_smaller = matches!(event, Event::Reduced { .. } | Event::Replaced { .. });
        is_smaller.then_some(Message::Reduction)
    }

    /// The message among a command's events, as rows know orders.
    fn read_row(&self, events: &[Event]) -> Option<Message> {
        let mut accepted = None;
        for event in events {
            if let Event::Accepted { reference, .. } = *event {
                accepted = Some(reference.0);
            }
            match (self.read(event), accepted) {
                (Some(Message::Submission { lots, placement, .. }), Some(key)) => {
                    return Some(Message::Submission { key, lots, placement });
                }
                (Some(message), _) => return Some(message),
                (None, _) => {}
            }
        }
        None
    }

    /// Which of [`Flow::placed`] a submission belongs to.
    fn placement(&self, side: Side, price: u32) -> Option<usize> {
        let [bid, ask] = self.best;
        let behind = match side {
            Side::Buy => i64::from(bid?) - i64::from(price),
            Side::Sell => i64::from(price) - i64::from(ask?),
        };
        let tick = i64::from(self.options.tick);
        let bounds = [-1, 0, 5 * tick, 20 * tick];
        Some(bounds.iter().filter(|bound| **bound < behind).count())
    }

    /// Counts a message; false for the end of an order that was never in the book, which is none.
    fn count(&mut self, message: Message, time: u64) -> bool {
        match message {
            Message::Submission { key, lots, placement } => {
                self.messages.submissions += 1;
                self.limit_lots.add(u64::from(lots), 1);
                if let Some(counter) = placement.and_then(|index| self.placed.get_mut(index)) {
                    *counter += 1;
                }
                self.births.come(key, time);
            }
            Message::Reduction => self.messages.reductions += 1,
            Message::Deletion { key } => {
                let age = self.births.go(key, time);
                // Orders that a row deletes may have been there from the start.
                if age.is_none() && !self.options.rows {
                    return false;
                }
                self.messages.deletions += 1;
                if let Some(age) = age {
                    self.deleted_after.add(age);
                    count_age(&mut self.lifetimes.cancelled, age / self.options.interval);
                }
            }
        }
        self.pass(time);
        true
    }

    /// A message happens at this time.
    fn pass(&mut self, time: u64) {
        if let Some(last) = self.last_message.replace(time) {
            self.gaps.add(time.saturating_sub(last));
        }
    }

    /// Counts the fills of a command and the takers in it; the sign of the first taker, 0 without
    /// one.
    fn take(&mut self, events: &[Event], engine: &Engine) -> i8 {
        let mut first = 0;
        let mut rest = events;
        while let Some(position) = rest.iter().position(|event| taker(event).is_some()) {
            let (_, from) = rest.split_at(position);
            let id = from.first().and_then(taker);
            let len = from.iter().position(|event| !is_of(event, id)).unwrap_or(from.len());
            let (fills, behind) = from.split_at(len);
            let sign = self.take_one(fills, engine);
            if first == 0 {
                first = sign;
            }
            rest = behind;
        }
        first
    }

    /// Counts one taker.
    fn take_one(&mut self, events: &[Event], engine: &Engine) -> i8 {
        let time = engine.time().0;
        let (mut lots, mut fills, mut sign) = (0, 0, 0);
        let mut ends = None;
        for event in events {
            let Event::Traded { maker, maker_reference, taker_side, price, qty, .. } = *event
            else {
                continue;
            };
            sign = if taker_side == Side::Buy { 1 } else { -1 };
            lots += u64::from(qty.lots());
            fills += 1;
            let (first, _) = ends.unwrap_or((price, price));
            ends = Some((first, price));
            self.messages.fills += 1;
            self.pass(time);
            self.end_filled((maker, maker_reference), engine);
        }
        self.taker_lots.add(lots, 1);
        self.taker_fills.add(fills, 1);
        self.walks += u64::from(ends.is_some_and(|(first, last)| first != last));
        if let Some(last) = self.last_taker.replace(time) {
            self.taker_gaps.add(time.saturating_sub(last));
        }
        sign
    }

    /// Counts the fills of an auction, which has no takers.
    fn clear(&mut self, events: &[Event], engine: &Engine) {
        for event in events {
            let Event::Traded { maker, taker, maker_reference, taker_reference, .. } = *event
            else {
                continue;
            };
            self.messages.fills += 1;
            self.pass(engine.time().0);
            self.end_filled((maker, maker_reference), engine);
            self.end_filled((taker, taker_reference), engine);
        }
    }

    /// Ends the life of an order that had a fill, if nothing of it is left.
    fn end_filled(&mut self, (order, reference): (OrderId, Reference), engine: &Engine) {
        if engine.order(order).is_some() {
            return;
        }
        let key = if self.options.rows { reference.0 } else { order.0 };
        if let Some(age) = self.births.go(key, engine.time().0) {
            count_age(&mut self.lifetimes.filled, age / self.options.interval);
        }
    }

    /// A message is over, `sign` that of a taker or 0: looks at the mid.
    fn settle(&mut self, sign: i8, engine: &Engine) {
        let before = self.mid;
        self.look(engine);
        for (after, (sum, len)) in RESPONSE_AFTER.into_iter().zip(&mut self.responses) {
            let Some(index) = self.settled.checked_sub(after) else { continue };
            let Some((sign, from)) = self.recent.get(index % RECENT) else { continue };
            if *sign != 0 {
                *sum += i128::from(*sign) * i128::from(self.mid - from);
                *len += 1;
            }
        }
        if let Some(slot) = self.recent.get_mut(self.settled % RECENT) {
            *slot = (sign, before);
        }
        self.settled = self.settled.wrapping_add(1);
        if sign != 0 {
            self.signs.push(sign);
            self.mids_after.push(self.mid);
        }
    }

    fn look(&mut self, engine: &Engine) {
        self.best = best(engine);
        if let [Some(bid), Some(ask)] = self.best {
            self.mid = i64::from(bid) + i64::from(ask);
        }
    }

    /// A command of a log without rows: each of its events is a message.
    fn follow(&mut self, events: &[Event], sign: i8, engine: &Engine) {
        let time = engine.time().0;
        let mut messages = u64::from(sign != 0);
        for event in events {
            if let Some(message) = self.read(event) {
                messages += u64::from(self.count(message, time));
            }
        }
        if 0 < messages {
            self.settle(sign, engine);
        } else {
            self.look(engine);
        }
    }
}

/// The best prices: bid, ask.
fn best(engine: &Engine) -> [Option<u32>; 2] {
    [Side::Buy, Side::Sell].map(|side| engine.best(side).map(Price::ticks))
}

/// The taker of a fill.
const fn taker(event: &Event) -> Option<OrderId> {
    if let Event::Traded { taker, .. } = event { Some(*taker) } else { None }
}

/// Whether an event is a fill of this taker, or no fill at all.
fn is_of(event: &Event, id: Option<OrderId>) -> bool {
    taker(event).is_none_or(|found| Some(found) == id)
}

impl Observer for Flow {
    fn applied(&mut self, command: &Command, events: &[Event], engine: &Engine) {
        let time = engine.time().0;
        if let Command::Clock { .. } = command {
            if self.time < time {
                self.book.elapse(time - self.time, self.best, engine);
                self.time = time;
            }
            if events.len() <= 1 {
                return;
            }
        }
        let mut sign = 0;
        if let Command::Uncross = command {
            self.clear(events, engine);
        } else if 1 < events.len() {
            sign = self.take(events, engine);
        }
        if !self.options.rows {
            self.follow(events, sign, engine);
            return;
        }
        if sign != 0 {
            let remainder = self.read_row(events);
            if let Some(remainder @ Message::Submission { .. }) = remainder {
                self.count(remainder, time);
            }
            self.row = Row::Taken { sign };
        } else if let Row::Empty = self.row {
            self.row = Row::First { message: self.read_row(events), time };
        }
        self.best = best(engine);
    }

    fn mark(&mut self, name: &str, number: u64, engine: &Engine) {
        if !self.options.rows || name != "row" {
            return;
        }
        match core::mem::replace(&mut self.row, Row::Empty) {
            Row::Taken { sign } => self.settle(sign, engine),
            Row::First { message: Some(message), time } if self.last_row.is_some() => {
                self.count(message, time);
                self.settle(0, engine);
            }
            Row::First { .. } | Row::Empty => self.look(engine),
        }
        self.last_row = Some(number);
    }
}
