//! Plain command CSV: a market's commands as a person would write them, one row each.
//!
//! `time_ns,op,client,order,side,type,tif,price,qty,extra`, where `order` is the producer's own number
//! and `extra` holds space-separated `key=value` pairs. The README documents it with an example.
//!
//! * Rows without a time come first and make the genesis: `set_rule`, `endow`.
//! * Every other row carries the time at which it happens; the reader moves the clock when it
//!   changes. A `clock` row stands only where no other row carries the new time.
//! * No field is quoted: no value needs it.
//! * Writing what was read gives a canonical file back byte for byte.

mod error;
mod fields;
mod genesis;
mod lines;
mod read;
mod rules;
mod write;

pub use error::{PlainError, Wrong};
pub use read::PlainReader;
pub use write::PlainWriter;

/// The columns, in order.
pub const COLUMNS: [&str; 10] =
    ["time_ns", "op", "client", "order", "side", "type", "tif", "price", "qty", "extra"];

#[cfg(test)]
mod tests;
