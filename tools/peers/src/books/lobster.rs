//! `lobster`: trees of price levels, vectors of indices into an arena of orders.
//!
//! Ids are the stream's. Market and cancel are kinds of its own order type; a cancel is answered
//! alike whether it found an order or not, so refusals are not known.

use ::lobster::{OrderBook, OrderEvent, OrderType};
use streams::Operation;

use super::{Book, Made};

pub(crate) const NAME: &str = "lobster 0.7.0";

/// Room in the vector of a new level; the crate's own default.
const QUEUE: usize = 10;

struct Peer(OrderBook);

pub(crate) fn open(live: u32) -> Box<dyn Book> {
    Box::new(Peer(OrderBook::new(live as usize, QUEUE, false)))
}

impl Book for Peer {
    fn apply(&mut self, operation: Operation, made: &mut Made) {
        let order = match operation {
            Operation::Limit { id, side, price, qty } => OrderType::Limit {
                id: id.into(),
                side: to_theirs(side),
                qty: qty.into(),
                price: price.into(),
            },
            Operation::Market { id, side, qty } => {
                OrderType::Market { id: id.into(), side: to_theirs(side), qty: qty.into() }
            }
            Operation::Cancel { id } => OrderType::Cancel { id: id.into() },
        };
        match self.0.execute(order) {
            OrderEvent::Filled { fills, .. } | OrderEvent::PartiallyFilled { fills, .. } => {
                for fill in fills {
                    made.trade(fill.price, fill.qty);
                }
            }
            OrderEvent::Unfilled { .. } => made.refused += 1,
            OrderEvent::Placed { .. } | OrderEvent::Canceled { .. } => {}
        }
    }
}

fn to_theirs(side: kernel::Side) -> ::lobster::Side {
    match side {
        kernel::Side::Buy => ::lobster::Side::Bid,
        kernel::Side::Sell => ::lobster::Side::Ask,
    }
}
