//! A query on its way through a log.

use kernel::Engine;
use replay::{Entry, MarkName, Moment};

use crate::counters::Counters;
use crate::look::{Look, Trade};
use crate::query::Query;

/// Says of each moment of a log whether a query is true there.
///
/// It is shown every entry, in order, or is told of blocks that it need not be shown
/// ([`Survey`](crate::Survey)). It remembers what only the past knows: the counters, the marks that
/// have come, and what was to be remembered behind them.
#[derive(Clone, Debug)]
pub struct Evaluator {
    query: Query,
    past: Past,
}

/// What a query must know of the entries before the present one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Past {
    pub(crate) counters: Counters,
    /// Whether the marks that `after` asks about have come, by slot.
    pub(crate) seen: Vec<bool>,
    /// Whether the marks of the captures have come, by slot.
    pub(crate) has_come: Vec<bool>,
    /// What the captures came to, by slot.
    pub(crate) captured: Vec<Option<i128>>,
}

impl Evaluator {
    /// An evaluator that is shown a log from its first entry. For a query that needs no history
    /// ([`Query::needs_history`]), from any entry.
    pub fn new(query: &Query) -> Self {
        let captures = query.captures.len();
        let past = Past {
            counters: Counters::default(),
            seen: vec![false; query.marks.len()],
            has_come: vec![false; captures],
            captured: vec![None; captures],
        };
        Self { query: query.clone(), past }
    }

    /// The query.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// Whether the query is true of the state before the first entry, when nothing has been counted.
    pub fn start(&self, engine: &Engine) -> bool {
        let look = self.past.look(engine, 0, None);
        !self.query.asks_of_trades && self.query.truth.holds(&look)
    }

    /// Whether the query is true right after this entry, which follows the one shown before.
    ///
    /// Cost: some nanoseconds for each term; `depth` pays for its levels; a query about trades is
    /// evaluated once for each trade of the entry until it is true. Nothing is allocated.
    pub fn see(&mut self, moment: &Moment<'_>) -> bool {
        if self.query.counts {
            self.past.counters.count(moment);
        }
        if let Entry::Mark(mark) = moment.entry {
            self.note(&mark.name);
            self.capture(&mark.name, moment);
        }
        let mut look = self.past.look(moment.engine, moment.number, Some(moment.entry));
        if !self.query.asks_of_trades {
            return self.query.truth.holds(&look);
        }
        moment.events.iter().filter_map(Trade::of).any(|trade| {
            look.trade = Some(trade);
            self.query.truth.holds(&look)
        })
    }

    /// Goes on without having been shown some entries, none of which is the first mark that a capture
    /// waits for.
    pub(crate) fn pass<'a>(
        &mut self,
        counters: Counters,
        marks: impl IntoIterator<Item = &'a MarkName>,
    ) {
        self.past.counters = counters;
        marks.into_iter().for_each(|name| self.note(name));
    }

    pub(crate) const fn past(&self) -> &Past {
        &self.past
    }

    /// Notes that a mark has come, if the query asks about it.
    fn note(&mut self, name: &MarkName) {
        for (mark, seen) in self.query.marks.iter().zip(&mut self.past.seen) {
            *seen |= mark == name;
        }
    }

    /// Takes the numbers that are to be remembered behind this mark.
    fn capture(&mut self, name: &MarkName, moment: &Moment<'_>) {
        for (slot, capture) in self.query.captures.iter().enumerate() {
            if capture.name == *name && !self.past.has_come[slot] {
                let look = self.past.look(moment.engine, moment.number, Some(moment.entry));
                let value = capture.number.value(&look);
                self.past.has_come[slot] = true;
                self.past.captured[slot] = value;
            }
        }
    }
}

impl Past {
    fn look<'a>(&'a self, engine: &'a Engine, number: u64, entry: Option<&'a Entry>) -> Look<'a> {
        Look {
            engine,
            number,
            entry,
            trade: None,
            counters: &self.counters,
            seen: &self.seen,
            captured: &self.captured,
        }
    }
}
