//! When good-till-time orders end.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::units::{OrderId, TimeNs};

/// Every live order with an expiry, resting or waiting for its stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expiries {
    by_order: BTreeMap<OrderId, TimeNs>,
    by_time: BTreeSet<(TimeNs, OrderId)>,
}

impl Expiries {
    pub(crate) fn insert(&mut self, order: OrderId, expiry: TimeNs) {
        self.by_order.insert(order, expiry);
        self.by_time.insert((expiry, order));
    }

    /// Forgets an order that is gone; returns its expiry if it had one.
    pub(crate) fn remove(&mut self, order: OrderId) -> Option<TimeNs> {
        let expiry = self.by_order.remove(&order)?;
        self.by_time.remove(&(expiry, order));
        Some(expiry)
    }

    pub(crate) fn get(&self, order: OrderId) -> Option<TimeNs> {
        self.by_order.get(&order).copied()
    }

    /// The order that ends first, if its time has come.
    pub(crate) fn due(&self, now: TimeNs) -> Option<OrderId> {
        self.by_time.first().filter(|(expiry, _)| *expiry <= now).map(|(_, order)| *order)
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.by_order.len()).unwrap_or(u32::MAX)
    }
}
