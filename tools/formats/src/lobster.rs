//! Order-book data in the LOBSTER layout, turned into a stream of kernel commands that can be
//! checked against the recorded book row by row.
//!
//! A day is two text files without a header and with equally many rows. A *message* row is
//! `time,type,order id,size,price,direction`: time in seconds with up to nine decimals, price in
//! 1/10,000 of the currency, direction 1 for a buy and -1 for a sell, always of the resting order.
//! An *orderbook* row is `ask price,ask size,bid price,bid size` for each level, best first, and
//! shows the book after the message of the same row; an empty level has size 0 and the price
//! 9999999999 (ask) or -9999999999 (bid).
//!
//! | type | meaning | becomes |
//! |---|---|---|
//! | 1 | a limit order is submitted | `Place`, limit, good till cancelled |
//! | 2 | part of an order is cancelled | `Reduce` |
//! | 3 | an order is deleted | `Cancel` |
//! | 4 | a visible order is executed | the taker's `Place` (below) |
//! | 5 | a hidden order is executed | nothing; counted |
//! | 6 | an auction trade | nothing; counted |
//! | 7 | a change of the trading status | nothing; counted |
//!
//! What the files leave out has to be inferred, and this is where a conversion can be wrong:
//!
//! 1. *Takers.* Only their fills are recorded. Executions of one nanosecond on one side, at prices
//!    that do not improve, are taken for one taker ([`Options::group`]): immediate or cancel, up to
//!    its worst price, for the sum of its fills; a submission that follows on the other side in
//!    the same nanosecond and covers that price is the taker's remainder.
//! 2. *Levels that come into view.* Their orders were never submitted within sight. A *seed*
//!    places each order that later rows name while the level stays in view, by ascending order id;
//!    what is left of the level's size is one anonymous order at the back.
//! 3. *Levels that changed out of sight.* Orders still in the stream at a price that the file
//!    shows to be empty are *purged*.
//! 4. *Two habits of the recorded venue* ([`Options::plain`] turns them off): an order released
//!    long after its id was given ranks by its id, and a deletion followed in the same nanosecond
//!    by a submission that is no larger, at the same price, keeps the old place in the queue.
//!
//! Where a message contradicts the book in view, the row is marked all the same, so that the
//! comparison fails there; the repair follows before the next row, and [`Anomalies`] counts it.
//!
//! Reading order: `message`, `orderbook`, [`Day`], `convert`, `aggressor`, `correct`, `queue`,
//! [`compare`].

mod aggressor;
pub mod compare;
mod convert;
mod correct;
mod day;
mod error;
mod foresight;
mod message;
mod mirror;
mod orderbook;
mod queue;
mod stream;
mod summary;
#[cfg(test)]
mod tests;
mod text;

pub use convert::{Conversion, Options, convert};
pub use day::Day;
pub use error::{Column, File, LobsterError, Problem};
pub use message::{Body, Message, OrderLine, read_messages};
pub use orderbook::{BookRow, Level, Orderbook, read_orderbook};
pub use stream::{ANONYMOUS_BASE, Item};
pub use summary::{Anomalies, CommandCounts, Dropped, LevelCounts, Summary};
