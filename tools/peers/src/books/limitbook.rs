//! `limitbook`: trees of price levels, queues of orders, hash map of ids, decimal numbers.
//!
//! The book gives the ids, and a market order that it refuses takes none, so the adapter keeps them
//! by the stream's ids, which are dense. Cancels and market orders have functions of their own.

use ::limitbook::{Fill, OrderBook, OrderId, OrderSide};
use rust_decimal::Decimal;
use streams::Operation;

use super::{Book, Made};

pub(crate) const NAME: &str = "limitbook 0.1.0";

struct Peer {
    book: OrderBook,
    /// By the stream's id, whose first is 1; markets have none.
    ids: Vec<OrderId>,
}

pub(crate) fn open(_live: u32) -> Box<dyn Book> {
    let Ok(book) = OrderBook::new(Decimal::ONE) else { unreachable!("one is a tick size") };
    Box::new(Peer { book, ids: vec![OrderId::MAX] })
}

impl Book for Peer {
    fn apply(&mut self, operation: Operation, made: &mut Made) {
        let fills = match operation {
            Operation::Limit { side, price, qty, .. } => {
                let (price, qty) = (Decimal::from(price), Decimal::from(qty));
                let added = self.book.add_limit_order(to_theirs(side), price, qty).ok();
                self.ids.push(added.as_ref().map_or(OrderId::MAX, |(id, _)| *id));
                added.map(|(_, fills)| fills)
            }
            Operation::Market { side, qty, .. } => {
                self.ids.push(OrderId::MAX);
                self.book.execute_market_order(to_theirs(side), Decimal::from(qty)).ok()
            }
            Operation::Cancel { id } => {
                let cancelled = self.book.cancel_limit_order(self.ids[id as usize]);
                cancelled.ok().map(|()| Vec::new())
            }
        };
        match fills {
            Some(fills) => fills.iter().for_each(|fill| count(fill, made)),
            None => made.refused += 1,
        }
    }
}

fn count(fill: &Fill, made: &mut Made) {
    made.trade(whole(fill.price), whole(fill.quantity));
}

/// A number without fraction, as all are here.
fn whole(number: Decimal) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn to_theirs(side: kernel::Side) -> OrderSide {
    match side {
        kernel::Side::Buy => OrderSide::Buy,
        kernel::Side::Sell => OrderSide::Sell,
    }
}
