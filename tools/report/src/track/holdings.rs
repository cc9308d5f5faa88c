//! What everybody holds, at some hundred moments of a run.

use std::collections::BTreeMap;

use kernel::{CASH_PER_TICK_LOT, Cash, Engine, Genesis, Position};

/// What one client holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Lots.
    pub position: Position,
    /// Cash and position at the mid less what the client began with at the first mid, in 1/10,000
    /// price unit·lot.
    pub gain: Cash,
}

/// What everybody holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Times of the looks, nanoseconds.
    pub times: Vec<u64>,
    /// Each client's holdings at the looks, as long as the times.
    pub clients: BTreeMap<u32, Vec<Holding>>,
    /// Whether there are more clients than are followed, and so none is.
    pub is_crowded: bool,
    /// What each began with: lots and cash.
    endowed: BTreeMap<u32, (Position, Cash)>,
    /// The first mid and the last one, twice.
    mids: Option<(i64, i64)>,
    /// Looks at the market between two looks at holdings, and since the last.
    stride: usize,
    since: usize,
}

/// Most clients that are followed.
const CLIENTS_MAX: usize = 64;
/// Most looks: every other one is dropped there.
const LOOKS_MAX: usize = 512;

impl Holdings {
    pub(super) fn new(genesis: &Genesis) -> Self {
        let endowments = genesis.endowments.iter();
        let endowed = endowments.map(|it| (it.client.0, (it.position, it.cash))).collect();
        Self { endowed, stride: 1, ..Self::default() }
    }

    /// Looks at everybody, when it is time to.
    ///
    /// * `mid` - bid plus ask, where there are both.
    pub(super) fn look(&mut self, time: u64, mid: Option<i64>, engine: &Engine) {
        self.mids = match (self.mids, mid) {
            (Some((first, _)), Some(mid)) => Some((first, mid)),
            (None, Some(mid)) => Some((mid, mid)),
            (known, None) => known,
        };
        self.since += 1;
        if self.stride <= self.since {
            self.since = 0;
            self.take(time, engine);
        }
    }

    /// Looks at everybody for the last time.
    pub(super) fn end(&mut self, engine: &Engine) {
        let time = engine.time().0;
        if self.times.last().is_some_and(|last| *last < time) {
            self.take(time, engine);
        }
    }

    fn take(&mut self, time: u64, engine: &Engine) {
        let Some((first, mid)) = self.mids.filter(|_| !self.is_crowded) else { return };
        let len = self.times.len();
        self.times.push(time);
        for account in engine.accounts() {
            let client = account.client.0;
            // There is room for all that the limits allow; who never held anything is nobody.
            let holds = account.position != 0 || account.cash != 0;
            if !holds && !self.clients.contains_key(&client) {
                continue;
            }
            let (lots, cash) = self.endowed.get(&client).copied().unwrap_or_default();
            let gain = account.cash.saturating_sub(cash);
            let gain = gain.saturating_add(value(account.position, mid));
            let holding = Holding {
                position: account.position,
                gain: gain.saturating_sub(value(lots, first)),
            };
            let list = self.clients.entry(client).or_default();
            list.resize(len, Holding::default());
            list.push(holding);
        }
        if CLIENTS_MAX < self.clients.len() {
            self.is_crowded = true;
            self.clients.clear();
            self.times.clear();
        }
        if LOOKS_MAX <= self.times.len() {
            self.stride *= 2;
            self.times = self.times.iter().copied().step_by(2).collect();
            for list in self.clients.values_mut() {
                *list = list.iter().copied().step_by(2).collect();
            }
        }
    }
}

/// What lots are worth at a mid of half of this.
fn value(lots: Position, twice_mid: i64) -> Cash {
    let half = CASH_PER_TICK_LOT / 2;
    Cash::from(lots).saturating_mul(Cash::from(twice_mid)).saturating_mul(half)
}
