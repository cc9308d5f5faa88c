//! A market for tests of observers: short commands, shown to an observer one by one.

use kernel::{
    ClientId, Command, Engine, Event, Genesis, Limits, OrderId, OrderKind, Place, Price, Qty,
    Reference, Rules, SelfTrade, Side, Step, TimeInForce, TimeNs,
};

use super::Observer;

/// A second.
pub(crate) const SECOND: u64 = 1_000_000_000;

pub(crate) struct Script<O> {
    pub(crate) engine: Engine,
    pub(crate) observer: O,
    events: Vec<Event>,
    next_reference: u64,
}

impl<O: Observer> Script<O> {
    pub(crate) fn new(observer: O) -> Self {
        let limits = Limits { orders_max: 1000, clients_max: 10, levels_max: 1000 };
        let (exempt, endowments) = (Vec::new(), Vec::new());
        let genesis = Genesis { limits, rules: Rules::OPEN, exempt, endowments };
        let engine = Engine::new(&genesis).unwrap();
        Self { engine, observer, events: Vec::new(), next_reference: 100 }
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.events.clear();
        self.engine.apply(&command, &mut self.events);
        self.observer.applied(&command, &self.events, &self.engine);
    }

    /// Moves the clock to this time, in seconds.
    pub(crate) fn at(&mut self, seconds: u64) {
        self.command(Command::Clock { time: TimeNs(seconds * SECOND), step: Step(seconds) });
    }

    pub(crate) fn mark(&mut self, number: u64) {
        self.observer.mark("row", number, &self.engine);
    }

    /// Places an order; its id. Its reference is its id plus 99.
    pub(crate) fn place(&mut self, side: Side, qty: u32, price: u32, tif: TimeInForce) -> OrderId {
        let reference = Reference(self.next_reference);
        self.next_reference += 1;
        self.place_as(reference, side, qty, price, tif)
    }

    pub(crate) fn place_as(
        &mut self,
        reference: Reference,
        side: Side,
        qty: u32,
        price: u32,
        tif: TimeInForce,
    ) -> OrderId {
        self.command(Command::Place(Place {
            client: ClientId(0),
            reference,
            side,
            qty: Qty::new(qty).unwrap(),
            kind: OrderKind::Limit { price: Price::new(price).unwrap(), post_only: false },
            tif,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }));
        OrderId(self.engine.placed())
    }

    pub(crate) fn buy(&mut self, qty: u32, price: u32) -> OrderId {
        self.place(Side::Buy, qty, price, TimeInForce::Gtc)
    }

    pub(crate) fn sell(&mut self, qty: u32, price: u32) -> OrderId {
        self.place(Side::Sell, qty, price, TimeInForce::Gtc)
    }

    pub(crate) fn cancel(&mut self, order: OrderId) {
        self.command(Command::Cancel { client: ClientId(0), order });
    }

    pub(crate) fn replace(&mut self, order: OrderId, qty: u32, price: u32) {
        let (price, qty) = (Price::new(price).unwrap(), Qty::new(qty).unwrap());
        self.command(Command::Replace { client: ClientId(0), order, price, qty });
    }

    pub(crate) fn reduce(&mut self, order: OrderId, by: u32) {
        let by = Qty::new(by).unwrap();
        self.command(Command::Reduce { client: ClientId(0), order, by });
    }
}
