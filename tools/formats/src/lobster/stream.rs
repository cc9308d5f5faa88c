//! The stream of commands and marks, and the kernel's count of order ids.

use kernel::{
    ClientId, Command, OrderId, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side, Step,
    TimeInForce, TimeNs,
};

/// Anonymous orders have this reference plus 1, 2, 3 and so on; every order id of a file is lower.
pub const ANONYMOUS_BASE: u64 = 1 << 62;

/// One item of a converted day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The kernel's next input.
    Command(Command),
    /// The kernel's book must now equal this row of the orderbook file.
    Mark {
        /// The row, from 0.
        row: u64,
    },
}

/// The only client of the stream.
const CLIENT: ClientId = ClientId(0);

/// Items in order, and the counters that they imply.
pub(super) struct Stream {
    items: Vec<Item>,
    now: TimeNs,
    /// The time of the last `Clock`.
    clock: Option<TimeNs>,
    placed: u64,
    anonymous: u64,
}

/// A limit order for the stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct LimitOrder {
    pub(super) reference: Reference,
    pub(super) side: Side,
    pub(super) price: Price,
    pub(super) qty: Qty,
    pub(super) tif: TimeInForce,
}

impl Stream {
    pub(super) const fn new() -> Self {
        Self { items: Vec::new(), now: TimeNs(0), clock: None, placed: 0, anonymous: 0 }
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// Sets the time of the commands that follow; the first of them brings a `Clock` along.
    pub(super) const fn set_time(&mut self, now: TimeNs) {
        self.now = now;
    }

    pub(super) fn mark(&mut self, row: usize) {
        self.items.push(Item::Mark { row: row as u64 });
    }

    /// A reference that no order had before.
    pub(super) const fn next_anonymous(&mut self) -> Reference {
        self.anonymous += 1;
        Reference(ANONYMOUS_BASE + self.anonymous)
    }

    /// Places an order and says which id the kernel gives it.
    pub(super) fn place(&mut self, order: LimitOrder) -> OrderId {
        self.command(Command::Place(Place {
            client: CLIENT,
            reference: order.reference,
            side: order.side,
            qty: order.qty,
            kind: OrderKind::Limit { price: order.price, post_only: false },
            tif: order.tif,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }));
        self.placed += 1;
        OrderId(self.placed)
    }

    pub(super) fn cancel(&mut self, order: OrderId) {
        self.command(Command::Cancel { client: CLIENT, order });
    }

    pub(super) fn reduce(&mut self, order: OrderId, by: Qty) {
        self.command(Command::Reduce { client: CLIENT, order, by });
    }

    fn command(&mut self, command: Command) {
        if self.clock != Some(self.now) {
            self.clock = Some(self.now);
            self.items.push(Item::Command(Command::Clock { time: self.now, step: Step(0) }));
        }
        self.items.push(Item::Command(command));
    }
}
