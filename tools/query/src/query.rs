//! A query: read from a text once, then asked of every moment of a log.

use std::fmt;
use std::str::FromStr;

use kernel::ClientId;
use replay::MarkName;

use crate::error::{Fault, Problem, QueryError};
use crate::help;
use crate::parse::parse;
use crate::tree::{Capture, Truth};

/// Longest text of a query, in bytes.
pub(crate) const BYTES_MAX: usize = 4096;
/// How deep brackets, `not` and `-` may stand inside each other: no text fills the stack.
pub(crate) const NESTING_MAX: usize = 64;

/// A question that is true or false at each moment of a log. [`Query::help`] gives the language.
///
/// Its `Display` is canonical: equal queries have equal texts, and the text parses to an equal
/// query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub(crate) truth: Truth,
    /// Marks that `after` asks about, by slot.
    pub(crate) marks: Vec<MarkName>,
    /// Numbers that `at` asks about, by slot.
    pub(crate) captures: Vec<Capture>,
    /// Clients whose accounts it asks about, each once.
    pub(crate) clients: Vec<ClientId>,
    /// Whether it asks about what is counted.
    pub(crate) counts: bool,
    /// Whether it asks about a trade.
    pub(crate) asks_of_trades: bool,
}

impl Query {
    /// Reads a query. Cost: O(length).
    ///
    /// # Errors
    /// [`QueryError`] with the first thing that is wrong and its place.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let too_long = |bytes| {
            let fault = Fault { offset: BYTES_MAX, problem: Problem::TooLong { bytes } };
            fault.within(text)
        };
        if BYTES_MAX < text.len() {
            return Err(too_long(text.len()));
        }
        let query = parse(text).map_err(|fault| fault.within(text))?;
        // The canonical text may be longer, and must be a query too.
        let canonical = query.to_string().len();
        if BYTES_MAX < canonical { Err(too_long(canonical)) } else { Ok(query) }
    }

    /// Whether the query, once true, stays true whatever the market does, so that the first moment
    /// of its truth can be searched for by halving. False when that is not certain.
    ///
    /// It is certain of `after(NAME)`, of `exists(last_trade)`, of `>` and `>=` between `time`,
    /// `step`, `entry`, `placed`, `trades`, `volume`, `cancelled`, `rejected` or `taxes` and a
    /// number, and of what `and` and `or` make of these.
    pub fn monotone(&self) -> bool {
        self.truth.only_rises()
    }

    /// Whether its truth depends on entries before the present one, other than through the state of
    /// the market: on `trades`, `volume`, `cancelled`, `rejected`, `after` or `at`.
    pub fn needs_history(&self) -> bool {
        self.counts || !self.marks.is_empty() || !self.captures.is_empty()
    }

    /// Whether it is about trades: evaluated once for each trade of an entry, and false where there
    /// is none.
    pub fn asks_of_trades(&self) -> bool {
        self.asks_of_trades
    }

    /// The marks that `after` asks about, each once.
    pub fn marks(&self) -> &[MarkName] {
        &self.marks
    }

    /// The language on one page, at most 100 columns wide.
    pub fn help() -> String {
        help::page()
    }
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        Self::parse(text)
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.truth.fmt(f)
    }
}
