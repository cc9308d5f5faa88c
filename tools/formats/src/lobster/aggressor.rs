//! Takers: the file records only their fills, from which one order is put together again.

use kernel::{Price, Qty, Reference, Side, TimeInForce, TimeNs};

use super::convert::Converter;
use super::day::Day;
use super::message::{Body, OrderLine};
use super::stream::LimitOrder;

/// The reference of a taker whose id the file does not tell.
const UNKNOWN: Reference = Reference(0);

/// The rows of one taker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The last row of its executions.
    last: usize,
    /// How many executions there are.
    fills: u64,
    /// Its worst price.
    limit: Price,
    /// What it traded.
    traded: Qty,
    /// The row and order of its remainder.
    rest: Option<(usize, OrderLine)>,
}

impl Run {
    /// A taker of one execution.
    const fn single(row: usize, line: OrderLine) -> Self {
        Self { last: row, fills: 1, limit: line.price, traded: line.qty, rest: None }
    }

    /// The taker that begins with the execution `first` of row `row`.
    ///
    /// Hidden executions of the same nanosecond and side may stand between its rows.
    fn grouped(day: &Day, row: usize, time: TimeNs, first: OrderLine) -> Self {
        let mut run = Self::single(row, first);
        for next in row + 1..day.rows() {
            let Some(message) = day.message(next).filter(|message| message.time == time) else {
                break;
            };
            match message.body {
                Body::HiddenExecuted(side) if side == first.side => {}
                Body::Executed(line) if line.side == first.side => {
                    let Some(traded) = sum(run.traded, line.qty) else {
                        break;
                    };
                    if line.side.is_better(line.price, run.limit) {
                        break;
                    }
                    run.last = next;
                    run.fills += 1;
                    run.limit = line.price;
                    run.traded = traded;
                }
                Body::Submitted(line) if line.side != first.side => {
                    if line.side.crosses(line.price, run.limit)
                        && sum(run.traded, line.qty).is_some()
                    {
                        run.rest = Some((next, line));
                    }
                    break;
                }
                Body::Submitted(_)
                | Body::Reduced(_)
                | Body::Deleted(_)
                | Body::Executed(_)
                | Body::HiddenExecuted(_)
                | Body::Crossed
                | Body::StatusChanged => break,
            }
        }
        run
    }
}

/// The sum, if one order can have it.
fn sum(one: Qty, other: Qty) -> Option<Qty> {
    Qty::new(one.lots().checked_add(other.lots())?).ok()
}

impl Converter<'_> {
    /// Converts the taker that begins with the execution `line` of row `first`; returns its last
    /// row.
    ///
    /// What its executions reveal has to stand in the book before it arrives: it may trade there.
    pub(super) fn aggress(&mut self, first: usize, line: OrderLine) -> usize {
        let run = match self.day.message(first) {
            Some(message) if self.options.group => {
                Run::grouped(self.day, first, message.time, line)
            }
            Some(_) | None => Run::single(first, line),
        };
        for row in first..=run.last {
            if let Some(executed) =
                self.day.message(row).and_then(|message| message.body.executed())
            {
                self.execute(executed);
            }
            self.correct(row);
        }
        self.summary.aggressors += 1;
        self.summary.executions += run.fills;
        self.summary.aggressors_multi_fill += u64::from(1 < run.fills);
        if let Some((row, rest)) = run.rest {
            self.place_with_remainder(&run, rest);
            self.correct(row);
            row
        } else {
            self.place_without_remainder(&run, line.side.opposite());
            run.last
        }
    }

    fn place_without_remainder(&mut self, run: &Run, side: Side) {
        self.summary.commands.iocs += 1;
        self.stream.place(LimitOrder {
            reference: UNKNOWN,
            side,
            price: run.limit,
            qty: run.traded,
            tif: TimeInForce::Ioc,
        });
    }

    fn place_with_remainder(&mut self, run: &Run, rest: OrderLine) {
        let Some(qty) = sum(run.traded, rest.qty) else {
            return;
        };
        self.summary.commands.limits += 1;
        self.summary.aggressors_resting += 1;
        let order = LimitOrder {
            reference: rest.reference,
            side: rest.side,
            price: rest.price,
            qty,
            tif: TimeInForce::Gtc,
        };
        self.rest(order, rest.qty);
    }
}
