//! When good-till-time orders end.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::units::{OrderId, TimeNs};

/// Every live order with an expiry, resting or waiting for its stop, in the order of their ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expiries {
    ends: BTreeSet<(TimeNs, OrderId)>,
}

impl Expiries {
    /// Those of a market that is restored, all at once: several times faster than one by one.
    pub(crate) fn restore(ends: Vec<(TimeNs, OrderId)>) -> Self {
        Self { ends: ends.into_iter().collect() }
    }

    pub(crate) fn insert(&mut self, order: OrderId, expiry: TimeNs) {
        self.ends.insert((expiry, order));
    }

    /// Forgets an order that is gone.
    pub(crate) fn remove(&mut self, order: OrderId, expiry: TimeNs) {
        self.ends.remove(&(expiry, order));
    }

    /// The order that ends first, if its time has come.
    pub(crate) fn due(&self, now: TimeNs) -> Option<OrderId> {
        self.ends.first().filter(|(expiry, _)| *expiry <= now).map(|(_, order)| *order)
    }

    /// Whether an order is to end then.
    pub(crate) fn holds(&self, order: OrderId, expiry: TimeNs) -> bool {
        self.ends.contains(&(expiry, order))
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }
}
