//! A wrong book: price-time priority with time turned round. What it does not fail, proves nothing.

use std::collections::BTreeMap;

use kernel::{
    ClientId, Command, Event, LevelView, OrderId, OrderKind, Place, Price, Qty, Reference, Side,
    TimeInForce,
};

struct Order {
    id: OrderId,
    reference: Reference,
    qty: Qty,
}

/// Orders by price; at each price the newest trades first.
#[derive(Default)]
pub(crate) struct LifoBook {
    bids: BTreeMap<Price, Vec<Order>>,
    asks: BTreeMap<Price, Vec<Order>>,
    placed: u64,
}

impl LifoBook {
    /// Carries out the commands that an imported day consists of; returns its trades.
    pub(crate) fn apply(&mut self, command: Command) -> Vec<Event> {
        match command {
            Command::Place(place) => self.place(&place),
            Command::Cancel { order, .. } => self.take(order, Qty::MAX),
            Command::Reduce { order, by, .. } => self.take(order, by),
            Command::Replace { .. }
            | Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::SetRule(_)
            | Command::Uncross => Vec::new(),
        }
    }

    /// Levels of a side, best first.
    pub(crate) fn levels(&self, side: Side) -> impl Iterator<Item = LevelView> {
        let view = |(price, orders): (&Price, &Vec<Order>)| LevelView {
            price: *price,
            qty: orders.iter().map(|order| u64::from(order.qty.lots())).sum(),
        };
        let mut levels: Vec<_> = match side {
            Side::Buy => self.bids.iter().map(view).collect(),
            Side::Sell => self.asks.iter().map(view).collect(),
        };
        if side == Side::Buy {
            levels.reverse();
        }
        levels.into_iter()
    }

    fn side(&mut self, side: Side) -> &mut BTreeMap<Price, Vec<Order>> {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }

    fn place(&mut self, place: &Place) -> Vec<Event> {
        self.placed += 1;
        let OrderKind::Limit { price: limit, .. } = place.kind else { return Vec::new() };
        let taker = OrderId(self.placed);
        let opposite = self.side(place.side.opposite());
        let mut events = Vec::new();
        let mut open = Some(place.qty);
        while let Some(wanted) = open {
            let best = match place.side {
                Side::Buy => opposite.first_entry(),
                Side::Sell => opposite.last_entry(),
            };
            let Some(mut level) = best else { break };
            let price = *level.key();
            if !place.side.crosses(limit, price) {
                break;
            }
            let Some(mut maker) = level.get_mut().pop() else { break };
            let qty = wanted.min(maker.qty);
            events.push(Event::Traded {
                maker: maker.id,
                taker,
                maker_client: ClientId(0),
                taker_client: ClientId(0),
                maker_reference: maker.reference,
                taker_reference: place.reference,
                taker_side: place.side,
                price,
                qty,
            });
            open = wanted.minus(qty);
            if let Some(left) = maker.qty.minus(qty) {
                maker.qty = left;
                level.get_mut().push(maker);
            } else if level.get().is_empty() {
                level.remove();
            }
        }
        if let (Some(qty), TimeInForce::Gtc) = (open, place.tif) {
            let order = Order { id: taker, reference: place.reference, qty };
            self.side(place.side).entry(limit).or_default().push(order);
        }
        events
    }

    fn take(&mut self, order: OrderId, qty: Qty) -> Vec<Event> {
        for levels in [&mut self.bids, &mut self.asks] {
            for level in levels.values_mut() {
                if let Some(at) = level.iter().position(|resting| resting.id == order) {
                    match level[at].qty.minus(qty) {
                        Some(left) => level[at].qty = left,
                        None => drop(level.remove(at)),
                    }
                }
            }
            levels.retain(|_, level| !level.is_empty());
        }
        Vec::new()
    }
}
