//! `orderbook-rs`: lock-free skip lists of price levels, concurrent hash maps, shared orders.
//!
//! Ids are the stream's, in the crate's sequential form. Limits are added with the function that
//! answers with their trades; market orders and cancels have functions of their own. Users, fees,
//! journal and listeners are off, as they are by default. The crate reads a clock for every order.

use orderbook_rs::{Id, OrderBook, Side, TimeInForce};
use streams::Operation;

use super::{Book, Made};

pub(crate) const NAME: &str = "orderbook-rs 0.15.3";

struct Peer(OrderBook<()>);

pub(crate) fn open(_live: u32) -> Box<dyn Book> {
    Box::new(Peer(OrderBook::new("stream")))
}

impl Book for Peer {
    fn apply(&mut self, operation: Operation, made: &mut Made) {
        let result = match operation {
            Operation::Limit { id, side, price, qty } => {
                let (id, price, qty) = (Id::Sequential(id.into()), price.into(), qty.into());
                let (side, tif) = (to_theirs(side), TimeInForce::Gtc);
                let added = self.0.add_limit_order_with_result(id, price, qty, side, tif, None);
                added.map(|(_, traded)| traded.map(|it| it.match_result))
            }
            Operation::Market { id, side, qty } => {
                let id = Id::Sequential(id.into());
                self.0.submit_market_order(id, qty.into(), to_theirs(side)).map(Some)
            }
            Operation::Cancel { id } => {
                let cancelled = self.0.cancel_order(Id::Sequential(id.into()));
                made.refused += u64::from(matches!(cancelled, Ok(None)));
                cancelled.map(|_| None)
            }
        };
        match result {
            Ok(Some(result)) => {
                for trade in result.trades().as_vec() {
                    let price = u64::try_from(trade.price().as_u128()).unwrap_or(0);
                    made.trade(price, trade.quantity().as_u64());
                }
            }
            Ok(None) => {}
            Err(_) => made.refused += 1,
        }
    }
}

fn to_theirs(side: kernel::Side) -> Side {
    match side {
        kernel::Side::Buy => Side::Buy,
        kernel::Side::Sell => Side::Sell,
    }
}
