//! What clients hold at the end of two logs.

use std::collections::BTreeSet;

use kernel::{CASH_PER_TICK_LOT, Cash, ClientId, Engine, Position};

/// What a client holds at the end of one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    pub(super) position: Position,
    pub(super) cash: Cash,
    /// Cash and the position at the price of the log's last trade; `None` before any trade of a
    /// market in which the client holds lots.
    pub(super) equity: Option<Cash>,
}

/// A client whose position or cash differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) client: ClientId,
    pub(super) holdings: [Holding; 2],
}

/// The clients whose position or cash differs, ascending.
pub(super) fn differing(engines: [&Engine; 2]) -> Vec<Account> {
    let clients: BTreeSet<ClientId> =
        engines.iter().flat_map(|engine| engine.accounts()).map(|account| account.client).collect();
    let both = |client| Account { client, holdings: engines.map(|engine| holding(engine, client)) };
    let differs = |account: &Account| {
        let [a, b] = account.holdings;
        (a.position, a.cash) != (b.position, b.cash)
    };
    clients.into_iter().map(both).filter(differs).collect()
}

fn holding(engine: &Engine, client: ClientId) -> Holding {
    let view = engine.account(client);
    let price = engine.last_trade().map_or(0, |price| Cash::from(price.ticks()));
    let worth = Cash::from(view.position) * price * CASH_PER_TICK_LOT;
    let is_known = view.position == 0 || engine.last_trade().is_some();
    let equity = is_known.then(|| view.cash.saturating_add(worth));
    Holding { position: view.position, cash: view.cash, equity }
}

/// Cash in ticks times lots, without zeros at the end.
pub(super) fn cash_text(cash: Cash) -> String {
    let per = CASH_PER_TICK_LOT.unsigned_abs();
    let (whole, part) = (cash.unsigned_abs() / per, cash.unsigned_abs() % per);
    let sign = if cash < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{part:04}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_is_told_in_ticks_times_lots() {
        for (cash, text) in [
            (0, "0"),
            (10_000, "1"),
            (-10_000, "-1"),
            (-5, "-0.0005"),
            (123_450, "12.345"),
            (1_000_000, "100"),
        ] {
            assert_eq!(cash_text(cash), text);
        }
    }
}
