//! Orders that wait for a trade at their stop price. RULES.md §11.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::digest::StopRecord;
use crate::invariant::{Invariant, holds};
use crate::units::{OrderId, Price, Qty, Side};

/// All orders that wait, and in which order trades find them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stops {
    waiting: BTreeMap<OrderId, StopRecord>,
    /// Buys that no trade has triggered, by stop price: the lowest is triggered first.
    buys: BTreeSet<(Price, OrderId)>,
    /// Sells that no trade has triggered, by stop price: the highest is triggered first.
    sells: BTreeSet<(Price, OrderId)>,
    /// Orders that a trade has triggered and that are not active yet.
    triggered: BTreeSet<OrderId>,
}

impl Stops {
    /// Those of a market that is restored, all at once.
    pub(crate) fn restore(stops: Vec<StopRecord>) -> Self {
        let untriggered = |side| {
            let stops = stops.iter().filter(|stop| stop.side == side && !stop.is_triggered);
            stops.map(|stop| (stop.stop, stop.order)).collect()
        };
        let triggered = stops.iter().filter(|stop| stop.is_triggered);
        Self {
            buys: untriggered(Side::Buy),
            sells: untriggered(Side::Sell),
            triggered: triggered.map(|stop| stop.order).collect(),
            waiting: stops.into_iter().map(|stop| (stop.order, stop)).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.waiting.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn get(&self, order: OrderId) -> Option<&StopRecord> {
        self.waiting.get(&order)
    }

    /// By id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &StopRecord> {
        self.waiting.values()
    }

    pub(crate) fn insert(&mut self, stop: StopRecord) {
        if stop.is_triggered {
            self.triggered.insert(stop.order);
        } else {
            self.untriggered(stop.side).insert((stop.stop, stop.order));
        }
        self.waiting.insert(stop.order, stop);
    }

    pub(crate) fn remove(&mut self, order: OrderId) -> Option<StopRecord> {
        let stop = self.waiting.remove(&order)?;
        if stop.is_triggered {
            self.triggered.remove(&order);
        } else {
            self.untriggered(stop.side).remove(&(stop.stop, order));
        }
        Some(stop)
    }

    /// Lowers the open quantity of an order that waits.
    pub(crate) fn set_qty(&mut self, order: OrderId, qty: Qty) {
        if let Some(stop) = self.waiting.get_mut(&order) {
            stop.qty = qty;
        }
    }

    /// Triggers what trades between these prices trigger.
    pub(crate) fn trigger(&mut self, low: Price, high: Price) {
        let last = OrderId(u64::MAX);
        let rest = self.buys.split_off(&(high, last));
        let buys = core::mem::replace(&mut self.buys, rest);
        let sells = self.sells.split_off(&(low, OrderId(0)));
        for (_, order) in buys.into_iter().chain(sells) {
            if let Some(stop) = self.waiting.get_mut(&order) {
                stop.is_triggered = true;
                self.triggered.insert(order);
            }
        }
    }

    /// The triggered order that becomes active next.
    pub(crate) fn next_triggered(&self) -> Option<OrderId> {
        self.triggered.first().copied()
    }

    /// Checks invariant 10: the sets agree with the orders.
    pub(crate) fn check(&self) -> Result<(), Invariant> {
        let stands = |(order, stop): (&OrderId, &StopRecord)| {
            let key = (stop.stop, *order);
            stop.order == *order
                && match (stop.is_triggered, stop.side) {
                    (true, _) => self.triggered.contains(order),
                    (false, Side::Buy) => self.buys.contains(&key),
                    (false, Side::Sell) => self.sells.contains(&key),
                }
        };
        let found = self.buys.len() + self.sells.len() + self.triggered.len();
        let is_so = self.waiting.iter().all(stands) && found == self.waiting.len();
        holds(is_so, Invariant::Stops)
    }

    /// Whether a trade at this price would trigger an order of this side and stop.
    pub(crate) fn is_triggered_by(side: Side, stop: Price, trade: Price) -> bool {
        match side {
            Side::Buy => stop <= trade,
            Side::Sell => trade <= stop,
        }
    }

    const fn untriggered(&mut self, side: Side) -> &mut BTreeSet<(Price, OrderId)> {
        match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::SelfTrade;
    use crate::units::{ClientId, Reference};

    fn stop(id: u64, side: Side, is_triggered: bool) -> StopRecord {
        StopRecord {
            order: OrderId(id),
            client: ClientId(0),
            reference: Reference(0),
            side,
            qty: Qty::MIN,
            limit: None,
            rests: false,
            expiry: None,
            self_trade: SelfTrade::Allow,
            stop: Price::MIN,
            is_triggered,
        }
    }

    #[track_caller]
    fn check(breakage: impl FnOnce(&mut Stops)) {
        let mut stops = Stops::default();
        for stop in
            [stop(1, Side::Buy, false), stop(2, Side::Sell, false), stop(3, Side::Buy, true)]
        {
            stops.insert(stop);
        }
        assert_eq!(stops.check(), Ok(()));
        breakage(&mut stops);
        assert_eq!(stops.check(), Err(Invariant::Stops));
    }

    #[test]
    fn what_is_broken_is_named() {
        let (price, order) = (Price::MIN, OrderId);
        check(|stops| assert!(stops.buys.remove(&(price, order(1)))));
        check(|stops| assert!(stops.sells.remove(&(price, order(2)))));
        check(|stops| assert!(stops.triggered.remove(&order(3))));
        check(|stops| assert!(stops.triggered.insert(order(1))));
        check(|stops| assert!(stops.buys.insert((Price::MAX, order(1)))));
        check(|stops| assert!(stops.waiting.remove(&order(2)).is_some()));
    }
}
