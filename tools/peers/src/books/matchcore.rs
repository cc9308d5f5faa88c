//! `matchcore`: a tree of price levels, slabs, hash maps.
//!
//! The id of an order is the number of its command, cancels counted too, so the adapter keeps them
//! by the stream's ids, which are dense. A market order is one that never becomes a limit order.
//! The crate's clock stands still: nothing in the streams expires.

use ::matchcore::{
    CancelCmd, Command, CommandKind, CommandMeta, CommandOutcome, CommandReport, LimitOrder,
    MarketOrder, NewOrder, OrderBook, OrderFlags, OrderId, OrderKind, Price, Quantity,
    QuantityPolicy, SequenceNumber, SubmitCmd, TimeInForce, Timestamp,
};
use streams::Operation;

use super::{Book, Made};

pub(crate) const NAME: &str = "matchcore 0.4.0";

struct Peer {
    book: OrderBook,
    next: u64,
    /// By the stream's id, whose first is 1.
    ids: Vec<OrderId>,
}

pub(crate) fn open(_live: u32) -> Box<dyn Book> {
    Box::new(Peer { book: OrderBook::new("stream"), next: 0, ids: vec![OrderId(u64::MAX)] })
}

impl Peer {
    fn submit(&mut self, order: NewOrder) -> CommandKind {
        self.ids.push(OrderId(self.next));
        CommandKind::Submit(SubmitCmd { order })
    }
}

impl Book for Peer {
    fn apply(&mut self, operation: Operation, made: &mut Made) {
        let kind = match operation {
            Operation::Limit { side, price, qty, .. } => {
                let policy = QuantityPolicy::Standard { quantity: Quantity(qty.into()) };
                let flags = OrderFlags::new(to_theirs(side), false, TimeInForce::Gtc);
                self.submit(NewOrder::Limit(LimitOrder::new(Price(price.into()), policy, flags)))
            }
            Operation::Market { side, qty, .. } => {
                let order = MarketOrder::new(Quantity(qty.into()), to_theirs(side), false);
                self.submit(NewOrder::Market(order))
            }
            Operation::Cancel { id } => CommandKind::Cancel(CancelCmd {
                order_id: self.ids[id as usize],
                order_kind: OrderKind::Limit,
            }),
        };
        let meta =
            CommandMeta { sequence_number: SequenceNumber(self.next), timestamp: Timestamp(0) };
        self.next += 1;
        match self.book.execute(&Command { meta, kind }) {
            CommandOutcome::Applied(
                CommandReport::Submit(effects) | CommandReport::Amend(effects),
            ) => {
                for trade in effects.target_order().match_result().iter().flat_map(|it| it.trades())
                {
                    made.trade(trade.price().0, trade.quantity().0);
                }
            }
            CommandOutcome::Applied(CommandReport::Cancel) => {}
            CommandOutcome::Rejected(_) => made.refused += 1,
        }
    }
}

fn to_theirs(side: kernel::Side) -> ::matchcore::Side {
    match side {
        kernel::Side::Buy => ::matchcore::Side::Buy,
        kernel::Side::Sell => ::matchcore::Side::Sell,
    }
}
