//! The check of a replay against the files: books level by level at every mark, executions in
//! order between marks.

use kernel::view::LevelView;
use kernel::{Event, Price, Qty, Reference, Side, Venue};

use super::day::Day;
use super::mirror::SIDES;
use super::orderbook::BookRow;
use super::stream::Item;

/// An execution as the message file tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execution {
    /// The resting order.
    pub maker: Reference,
    /// Side of the order that arrived.
    pub taker_side: Side,
    /// Price of the resting order.
    pub price: Price,
    /// Lots traded.
    pub qty: Qty,
}

/// The first level at which two books differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelDifference {
    /// Sell for the asks, buy for the bids.
    pub side: Side,
    /// 1 is the best.
    pub level: usize,
    /// What the file shows; `None` for an empty level.
    pub expected: Option<LevelView>,
    /// What the kernel has.
    pub found: Option<LevelView>,
}

/// The first execution that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutionDifference {
    /// The marked row up to which the execution belongs, from 0.
    pub row: u64,
    /// What the file tells; `None` when the kernel traded once more.
    pub expected: Option<Execution>,
    /// What the kernel did; `None` when it traded once less.
    pub found: Option<Execution>,
}

/// Result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Marked rows.
    pub rows: u64,
    /// Of these, rows that are equal at all levels of both sides.
    pub rows_equal: u64,
    /// The first row that is not, from 0; with no level where the files do not have the row.
    pub first_row: Option<(u64, Option<LevelDifference>)>,
    /// Executions that the file tells.
    pub executions_expected: u64,
    /// Executions of the kernel.
    pub executions_found: u64,
    /// Of these, executions equal in place, maker, side, price and quantity.
    pub executions_equal: u64,
    /// Of these, executions equal in place, side, price and quantity, whoever the maker was.
    pub executions_alike: u64,
    /// The first execution that differs.
    pub first_execution: Option<ExecutionDifference>,
    /// Marked rows of which an execution differs, rising.
    pub execution_rows: Vec<u64>,
    /// Commands that the kernel refused.
    pub refused: u64,
}

impl Report {
    /// Whether every row and every execution is equal and no command was refused.
    pub const fn is_equal(&self) -> bool {
        self.rows == self.rows_equal
            && self.executions_expected == self.executions_equal
            && self.executions_found == self.executions_equal
            && self.refused == 0
    }
}

/// Compares a row of the orderbook file with a kernel's book, whose deeper levels do not matter.
///
/// * `depth` - levels of each side that the file has room for.
/// * `levels` - a kernel's levels of a side, best first.
///
/// Returns the first difference, asks before bids, or `None` when the books are equal.
pub fn first_difference<I: Iterator<Item = LevelView>>(
    expected: BookRow<'_>,
    depth: usize,
    mut levels: impl FnMut(Side) -> I,
) -> Option<LevelDifference> {
    for side in SIDES {
        let mut found = levels(side);
        for index in 0..depth {
            let expected = expected
                .levels(side)
                .get(index)
                .map(|level| LevelView { price: level.price, qty: u64::from(level.qty.lots()) });
            let found = found.next();
            if expected != found {
                return Some(LevelDifference { side, level: index + 1, expected, found });
            }
            if expected.is_none() {
                break;
            }
        }
    }
    None
}

/// Follows a kernel that is fed the items of a converted day.
#[derive(Clone, Debug)]
pub struct Comparer<'a> {
    day: &'a Day,
    report: Report,
    /// Executions since the last mark.
    found: Vec<Execution>,
    /// The first row that no mark has covered.
    next_row: usize,
}

impl<'a> Comparer<'a> {
    /// A comparer before the first item. Row 0 tells no execution: the stream starts after it.
    pub fn new(day: &'a Day) -> Self {
        Self { day, report: Report::default(), found: Vec::new(), next_row: 1 }
    }

    /// Takes the events of a command.
    pub fn observe(&mut self, events: &[Event]) {
        for event in events {
            match *event {
                Event::Traded { maker_reference: maker, taker_side, price, qty, .. } => {
                    self.found.push(Execution { maker, taker_side, price, qty });
                }
                Event::Rejected { .. } => self.report.refused += 1,
                Event::Accepted { .. }
                | Event::Decremented { .. }
                | Event::Rested { .. }
                | Event::Cancelled { .. }
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

    /// Compares at a mark.
    ///
    /// * `row` - the marked row, from 0.
    /// * `levels` - the kernel's levels of a side, best first.
    ///
    /// Returns whether book and executions are equal here.
    pub fn mark<I: Iterator<Item = LevelView>>(
        &mut self,
        row: u64,
        levels: impl FnMut(Side) -> I,
    ) -> bool {
        let executions_equal = self.compare_executions(row);
        self.report.rows += 1;
        let shown = usize::try_from(row).ok().and_then(|row| self.day.orderbook().row(row));
        let difference = match shown {
            Some(shown) => first_difference(shown, self.day.orderbook().depth(), levels).map(Some),
            None => Some(None),
        };
        match difference {
            None => self.report.rows_equal += 1,
            Some(level) => {
                self.report.first_row.get_or_insert((row, level));
            }
        }
        executions_equal && difference.is_none()
    }

    /// The result, once every item was fed. Executions of rows after the last mark are missing.
    pub fn finish(mut self) -> Report {
        if self.next_row < self.day.rows() || !self.found.is_empty() {
            let last = self.day.rows().saturating_sub(1);
            self.compare_executions(last as u64);
        }
        self.report
    }

    fn compare_executions(&mut self, row: u64) -> bool {
        let end = usize::try_from(row).map_or(usize::MAX, |row| row.saturating_add(1));
        let rows = self.next_row..end.min(self.day.rows()).max(self.next_row);
        self.next_row = rows.end;
        let messages = self.day.messages().get(rows).unwrap_or_default();
        let mut expected = messages.iter().filter_map(|message| {
            let line = message.body.executed()?;
            let (maker, taker_side) = (line.reference, line.side.opposite());
            Some(Execution { maker, taker_side, price: line.price, qty: line.qty })
        });
        let mut found = self.found.drain(..);
        let mut is_equal = true;
        loop {
            let pair = (expected.next(), found.next());
            if pair == (None, None) {
                break;
            }
            let report = &mut self.report;
            report.executions_expected += u64::from(pair.0.is_some());
            report.executions_found += u64::from(pair.1.is_some());
            let alike =
                |execution: Execution| (execution.taker_side, execution.price, execution.qty);
            report.executions_alike += u64::from(pair.0.map(alike) == pair.1.map(alike));
            if pair.0 == pair.1 {
                report.executions_equal += 1;
            } else {
                is_equal = false;
                let difference = ExecutionDifference { row, expected: pair.0, found: pair.1 };
                report.first_execution.get_or_insert(difference);
            }
        }
        if !is_equal {
            self.report.execution_rows.push(row);
        }
        is_equal
    }
}

/// Feeds the items of a converted day to a market that is still empty and compares at each mark.
///
/// # Errors
/// The venue's, when a command could not be recorded.
pub fn replay<V: Venue>(day: &Day, items: &[Item], venue: &mut V) -> Result<Report, V::Error> {
    let mut comparer = Comparer::new(day);
    for item in items {
        match *item {
            Item::Command(command) => comparer.observe(venue.submit(command)?),
            Item::Mark { row } => {
                comparer.mark(row, |side| venue.engine().levels(side));
            }
        }
    }
    Ok(comparer.finish())
}
