//! A query on its way through a log.

use kernel::Engine;
use replay::{Entry, MarkName, Moment};

use crate::counters::Counters;
use crate::look::{Look, Trade};
use crate::query::Query;
use crate::tree::Truth;

/// Says of each moment of a log whether a query is true there.
///
/// It is shown every entry, in order. It remembers what only the past knows: the counters and the
/// marks that have come.
#[derive(Clone, Debug)]
pub struct Evaluator {
    truth: Truth,
    /// Names that `after` asks about, and whether they have come, by slot.
    marks: Vec<MarkName>,
    seen: Vec<bool>,
    counters: Counters,
    counts: bool,
    asks_of_trades: bool,
}

impl Evaluator {
    /// An evaluator that is shown a log from its first entry.
    pub fn new(query: &Query) -> Self {
        Self::resume(query, Counters::default(), [])
    }

    /// An evaluator that is shown a log from a later entry: with what was counted before it, and the
    /// names of the marks that came before it. What the query does not ask about may be left out,
    /// and all of it unless [`Query::needs_history`].
    pub fn resume<'a>(
        query: &Query,
        counters: Counters,
        marks_seen: impl IntoIterator<Item = &'a MarkName>,
    ) -> Self {
        let mut seen = vec![false; query.marks.len()];
        for name in marks_seen {
            note(&query.marks, &mut seen, name);
        }
        Self {
            truth: query.truth.clone(),
            marks: query.marks.clone(),
            seen,
            counters,
            counts: query.counts,
            asks_of_trades: query.asks_of_trades,
        }
    }

    /// Whether the query is true of the state before the first entry, when nothing has been counted.
    pub fn start(&self, engine: &Engine) -> bool {
        let look = Look {
            engine,
            number: 0,
            entry: None,
            trade: None,
            counters: &self.counters,
            seen: &self.seen,
        };
        !self.asks_of_trades && self.truth.holds(&look)
    }

    /// Whether the query is true right after this entry, which follows the one shown before.
    ///
    /// Cost: some nanoseconds for each term; `depth` pays for its levels; a query about trades is
    /// evaluated once for each trade of the entry until it is true. Nothing is allocated.
    pub fn see(&mut self, moment: &Moment<'_>) -> bool {
        if self.counts {
            self.counters.count(moment);
        }
        if let Entry::Mark(mark) = moment.entry {
            note(&self.marks, &mut self.seen, &mark.name);
        }
        let mut look = Look {
            engine: moment.engine,
            number: moment.number,
            entry: Some(moment.entry),
            trade: None,
            counters: &self.counters,
            seen: &self.seen,
        };
        if !self.asks_of_trades {
            return self.truth.holds(&look);
        }
        moment.events.iter().filter_map(Trade::of).any(|trade| {
            look.trade = Some(trade);
            self.truth.holds(&look)
        })
    }
}

/// Notes that a mark has come, if the query asks about it.
fn note(marks: &[MarkName], seen: &mut [bool], name: &MarkName) {
    for (mark, seen) in marks.iter().zip(seen) {
        *seen |= mark == name;
    }
}
