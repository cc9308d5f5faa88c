//! Questions about a market that are true or false after each entry of a log: `spread > 20`.
//!
//! [`Query::parse`] reads a text; an [`Evaluator`] is shown the moments of a replay, in order, and
//! says of each whether the query is true there. [`Query::help`] is the whole language on one page.
//! A [`Survey`] says of whole blocks what the query must be there, from their [`Zone`]s.
//!
//! **Invariants:** no I/O, clock, thread or float. Every text is a query or an error that says what
//! is wrong and where; none makes the parser panic or fill the stack. Evaluation cannot fail and
//! allocates nothing: what has no value (the spread of an empty book, a sum beyond 127 bits) is
//! absent, and a comparison with something absent is false.
//!
//! Reading order: `tree`, `words`, `look`, `evaluator`, `zone`; then `token`, `parse`, `error`.

mod counters;
mod error;
mod evaluator;
mod help;
mod look;
mod monotone;
mod nearest;
mod parse;
mod query;
#[cfg(test)]
mod tests;
mod text;
mod token;
mod tree;
mod words;
mod zone;

pub use counters::Counters;
pub use error::{Problem, QueryError};
pub use evaluator::Evaluator;
pub use query::Query;
pub use zone::{Expectation, NotAZone, Survey, Zone, ZoneReader, ZoneWriter, Zoner, ZonesError};
