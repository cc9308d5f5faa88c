//! `rust_ob`: a tree of orders for each side, hash map of ids, decimal numbers.
//!
//! Ids are the stream's. Cancels and market orders have functions of their own. The last match of
//! an answer is the taker's own and sums the others; it is left out.

use ::rust_ob::{Decimal, OrderBook, OrderMatch};
use streams::Operation;

use super::{Book, Made};

pub(crate) const NAME: &str = "rust_ob 2.5.3";

struct Peer(OrderBook<u32>);

pub(crate) fn open(_live: u32) -> Box<dyn Book> {
    Box::new(Peer(OrderBook::new()))
}

impl Book for Peer {
    fn apply(&mut self, operation: Operation, made: &mut Made) {
        let matches = match operation {
            Operation::Limit { id, side, price, qty } => {
                let (price, qty) = (Decimal::from(price), Decimal::from(qty));
                self.0.process_limit_order(id, to_theirs(side), price, qty).ok()
            }
            Operation::Market { id, side, qty } => {
                self.0.process_market_order(id, to_theirs(side), Decimal::from(qty)).ok()
            }
            Operation::Cancel { id } => self.0.cancel_order(id).ok().map(|()| Vec::new()),
        };
        let Some(matches) = matches else {
            made.refused += 1;
            return;
        };
        if let Some((_taker, makers)) = matches.split_last() {
            for maker in makers {
                count(maker, made);
            }
        }
    }
}

/// Adds a trade from what a maker was filled for, and at what cost.
fn count(maker: &OrderMatch<u32>, made: &mut Made) {
    made.traded.trades += 1;
    made.traded.volume += whole(maker.quantity);
    made.traded.notional += whole(maker.cost.abs());
}

/// A number without fraction, as all are here.
fn whole(number: Decimal) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn to_theirs(side: kernel::Side) -> ::rust_ob::Side {
    match side {
        kernel::Side::Buy => ::rust_ob::Side::Buy,
        kernel::Side::Sell => ::rust_ob::Side::Sell,
    }
}
