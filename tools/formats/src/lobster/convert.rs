//! The walk over the rows of a day: one message becomes its commands, corrections and a mark.

use kernel::{OrderId, Price, Qty, Side, TimeInForce};

use super::day::Day;
use super::foresight::Foresight;
use super::message::{Body, OrderLine};
use super::mirror::{Mirror, Resting};
use super::queue::Deletion;
use super::stream::{Item, LimitOrder, Stream};
use super::summary::Summary;

/// What a conversion infers beyond the rows themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Take executions of one nanosecond on one side for one taker. Otherwise each is a taker of
    /// its own, and every row is comparable.
    pub group: bool,
    /// Plain price-time priority, without the two habits of the recorded venue.
    pub plain: bool,
}

impl Options {
    /// Grouped takers and the venue's habits: what recorded days need.
    pub const RECORDED: Self = Self { group: true, plain: false };
}

/// A converted day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Commands and marks in order.
    pub items: Vec<Item>,
    /// What was counted.
    pub summary: Summary,
}

/// Turns a day into commands of client 0 for an empty kernel, and marks.
///
/// The result is open loop: no command depends on what a kernel answers. A mark follows the last
/// command of each comparable row; executions of the rows after one mark up to the next are the
/// fills of the commands between them. Row 0 only says what the book looks like.
///
/// Cost: O(rows · depth · log) and as much memory as the rows.
pub fn convert(day: &Day, options: Options) -> Conversion {
    let mut converter = Converter::new(day, options);
    converter.run();
    Conversion { items: converter.stream.into_items(), summary: converter.summary }
}

pub(super) struct Converter<'a> {
    pub(super) day: &'a Day,
    pub(super) options: Options,
    pub(super) foresight: Foresight<'a>,
    pub(super) mirror: Mirror,
    pub(super) stream: Stream,
    pub(super) summary: Summary,
    /// Levels that contradicted the last row; they are repaired before the next one.
    pub(super) repairs: Vec<(Side, Price)>,
    pub(super) deletion: Option<Deletion>,
}

impl<'a> Converter<'a> {
    fn new(day: &'a Day, options: Options) -> Self {
        Self {
            day,
            options,
            foresight: Foresight::new(day),
            mirror: Mirror::new(),
            stream: Stream::new(),
            summary: Summary::default(),
            repairs: Vec::new(),
            deletion: None,
        }
    }

    fn run(&mut self) {
        self.summary.rows = self.day.rows() as u64;
        self.count_dropped();
        let mut row = 0;
        while let Some(message) = self.day.message(row) {
            self.stream.set_time(message.time);
            self.repair(row);
            let last = if row == 0 {
                self.correct(row);
                row
            } else {
                self.convert_row(row, message.body)
            };
            self.stream.mark(last);
            self.summary.rows_comparable += 1;
            row = last + 1;
        }
    }

    fn count_dropped(&mut self) {
        let dropped = &mut self.summary.dropped;
        for message in self.day.messages() {
            match message.body {
                Body::HiddenExecuted(_) => dropped.hidden_executions += 1,
                Body::Crossed => dropped.auction_trades += 1,
                Body::StatusChanged => dropped.status_changes += 1,
                Body::Submitted(_) | Body::Reduced(_) | Body::Deleted(_) | Body::Executed(_) => {}
            }
        }
    }

    /// Converts the message of a row, and of those after it that belong to the same taker.
    /// Returns the last row converted.
    fn convert_row(&mut self, row: usize, body: Body) -> usize {
        match body {
            Body::Submitted(line) => {
                self.submit(line);
                self.correct(row);
                self.apply_queue_habits(row, line);
            }
            Body::Reduced(line) => {
                self.reduce(line);
                self.correct(row);
            }
            Body::Deleted(line) => {
                self.delete(row, line);
                self.correct(row);
            }
            Body::Executed(line) => return self.aggress(row, line),
            Body::HiddenExecuted(_) | Body::Crossed | Body::StatusChanged => self.correct(row),
        }
        row
    }

    fn submit(&mut self, line: OrderLine) {
        let order = LimitOrder {
            reference: line.reference,
            side: line.side,
            price: line.price,
            qty: line.qty,
            tif: TimeInForce::Gtc,
        };
        self.summary.commands.limits += 1;
        self.rest(order, line.qty);
    }

    /// Places an order of which `open` lots come to rest.
    pub(super) fn rest(&mut self, order: LimitOrder, open: Qty) -> OrderId {
        if let Some((side, price)) = self.mirror.find(order.reference) {
            self.summary.anomalies.reference_reused += 1;
            self.purge(side, price, |resting| resting.reference == order.reference);
        }
        let opposite = self.mirror.prices(order.side.opposite()).next();
        if opposite.is_some_and(|best| order.side.crosses(order.price, best)) {
            self.summary.anomalies.unexpected_cross += 1;
        }
        let id = self.stream.place(order);
        let resting = Resting { reference: order.reference, order: id, open };
        self.mirror.add(order.side, order.price, resting);
        id
    }

    fn reduce(&mut self, line: OrderLine) {
        match self.mirror.take(line.side, line.price, line.reference, line.qty) {
            Some(taken) => {
                self.summary.commands.reduces += 1;
                self.stream.reduce(taken.before.order, line.qty);
            }
            None => self.summary.anomalies.unknown_order += 1,
        }
    }

    fn delete(&mut self, row: usize, line: OrderLine) {
        let Some(taken) = self.mirror.take(line.side, line.price, line.reference, Qty::MAX) else {
            self.summary.anomalies.unknown_order += 1;
            return;
        };
        if taken.before.open != line.qty {
            self.summary.anomalies.deleted_size += 1;
        }
        self.summary.commands.cancels += 1;
        self.stream.cancel(taken.before.order);
        self.deletion = Some(Deletion { row, line, position: taken.position });
    }

    /// Takes from the mirror what an execution took. The command is the taker's.
    pub(super) fn execute(&mut self, line: OrderLine) {
        match self.mirror.take(line.side, line.price, line.reference, line.qty) {
            Some(taken) if taken.before.open < line.qty => {
                self.summary.anomalies.executed_too_much += 1;
            }
            Some(_) => {}
            None => self.summary.anomalies.unknown_order += 1,
        }
    }

    /// Cancels the orders of a level that `is_gone` picks.
    pub(super) fn purge(&mut self, side: Side, price: Price, is_gone: impl Fn(&Resting) -> bool) {
        let queue = self.mirror.queue(side, price);
        let gone: Vec<Resting> = queue.iter().copied().filter(is_gone).collect();
        for resting in gone {
            self.mirror.take(side, price, resting.reference, Qty::MAX);
            self.stream.cancel(resting.order);
            self.summary.commands.purges += 1;
        }
    }
}
