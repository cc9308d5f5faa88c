//! A market at one moment, as people and programs read it: ladder, accounts, rules, orders.

use std::fmt::Write as _;

use kernel::{
    AccountView, CASH_PER_TICK_LOT, Cash, ClientId, Engine, OrderView, Rules, Side, StopView,
};
use replay::state::section_digest;
use serde_json::{Value, json};

use crate::words::{MARKET_STATES, SIDES, word_of};

/// What of a state is shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Levels of each side.
    pub levels: usize,
    /// This client's account and orders instead of all accounts.
    pub client: Option<ClientId>,
    /// Most accounts in a text.
    pub accounts: usize,
}

/// The rules in force, in one line: those that differ from an open market's.
pub fn rules_text(rules: &Rules) -> String {
    let (open, mut words) = (Rules::OPEN, Vec::new());
    let mut put = |differs: bool, text: String| words.extend(differs.then_some(text));
    put(rules.state != open.state, word_of(MARKET_STATES, rules.state).to_owned());
    put(rules.tick != open.tick, format!("tick {}", rules.tick));
    put(rules.lot != open.lot, format!("lot {}", rules.lot));
    put(rules.qty_max != open.qty_max, format!("qty_max {}", rules.qty_max));
    let range = (rules.price_min, rules.price_max);
    put(range != (open.price_min, open.price_max), format!("prices {} to {}", range.0, range.1));
    put(rules.position_max != open.position_max, format!("position_max {}", rules.position_max));
    put(rules.short_ban, "short-sale ban".to_owned());
    put(rules.tax != open.tax, format!("tax {}", cash_text(rules.tax.into())));
    let fees = (rules.maker_fee, rules.taker_fee);
    let fees_text = format!("fees maker {} ppm taker {} ppm", fees.0, fees.1);
    put(fees != (open.maker_fee, open.taker_fee), fees_text);
    put(rules.band != open.band, format!("band {}", rules.band));
    if words.is_empty() { "open".to_owned() } else { words.join(", ") }
}

/// The rules in force, all of them.
pub fn rules_json(rules: &Rules) -> Value {
    json!({
        "tick": rules.tick.ticks(),
        "lot": rules.lot.lots(),
        "qty_max": rules.qty_max.lots(),
        "price_min": rules.price_min.ticks(),
        "price_max": rules.price_max.ticks(),
        "position_max": rules.position_max,
        "state": word_of(MARKET_STATES, rules.state),
        "band": rules.band,
        "short_ban": rules.short_ban,
        "tax": rules.tax,
        "maker_fee_ppm": rules.maker_fee.parts(),
        "taker_fee_ppm": rules.taker_fee.parts(),
    })
}

/// Cash in tick·lots: the kernel counts in 1/10,000 of one.
pub fn cash_text(cash: Cash) -> String {
    let (whole, part) = (cash / CASH_PER_TICK_LOT, (cash % CASH_PER_TICK_LOT).unsigned_abs());
    if part == 0 {
        return whole.to_string();
    }
    let sign = if cash < 0 && whole == 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{part:04}");
    text.trim_end_matches('0').to_owned()
}

/// Spread in ticks and mid, where both sides have orders.
pub fn spread_text(engine: &Engine) -> String {
    let (bid, ask) = (engine.best(Side::Buy), engine.best(Side::Sell));
    match (bid, ask) {
        (Some(bid), Some(ask)) => {
            let (bid, ask) = (i64::from(bid.ticks()), i64::from(ask.ticks()));
            let half = if (bid + ask) % 2 == 0 { "" } else { ".5" };
            format!("spread {}, mid {}{half}", ask - bid, i64::midpoint(bid, ask))
        }
        (Some(bid), None) => format!("best bid {bid}, no ask"),
        (None, Some(ask)) => format!("best ask {ask}, no bid"),
        (None, None) => "empty".to_owned(),
    }
}

/// The best levels, asks above bids, best price in the middle.
pub fn ladder_text(engine: &Engine, levels: usize) -> String {
    let mut text = format!("{:>10}  {:>8}  {}\n", "bid lots", "price", "ask lots");
    let mut asks: Vec<_> = engine.levels(Side::Sell).take(levels).collect();
    asks.reverse();
    // Writing to a string cannot fail.
    for level in asks {
        let _ = writeln!(text, "{:>10}  {:>8}  {}", "", level.price, level.qty);
    }
    for level in engine.levels(Side::Buy).take(levels) {
        let _ = writeln!(text, "{:>10}  {:>8}", level.qty, level.price);
    }
    text
}

/// Ladder, then all accounts or the orders of one client.
pub fn state_text(engine: &Engine, shown: Shown) -> String {
    let mut text = ladder_text(engine, shown.levels);
    let accounts = match shown.client {
        Some(client) => vec![engine.account(client)],
        None => engine.accounts().filter(is_used).collect(),
    };
    let _ = write!(
        text,
        "\n{:>8}  {:>12}  {:>18}  {:>9}  {:>9}\n",
        "client", "position", "cash", "open buy", "open sell"
    );
    for account in accounts.iter().take(shown.accounts) {
        let exempt = if account.exempt { "  exempt" } else { "" };
        let _ = writeln!(
            text,
            "{:>8}  {:>12}  {:>18}  {:>9}  {:>9}{exempt}",
            account.client.0,
            account.position,
            cash_text(account.cash),
            account.open_buy,
            account.open_sell,
        );
    }
    let more = accounts.len().saturating_sub(shown.accounts);
    if 0 < more {
        let _ = writeln!(text, "{more:>8} more: --client N, or --json for all");
    }
    if let Some(client) = shown.client {
        text += &orders_text(engine, client);
    }
    text
}

/// The orders of a client that rest or wait for their stop.
fn orders_text(engine: &Engine, client: ClientId) -> String {
    let mut text = format!(
        "\n{:>10}  {:>10}  {:<4}  {:>8}  {:>8}  {:>8}\n",
        "id", "order", "side", "lots", "showing", "price"
    );
    let mut is_none = true;
    for order in resting(engine, client) {
        is_none = false;
        let OrderView { order, reference, side, qty, displayed, price, .. } = order;
        let _ = writeln!(
            text,
            "{:>10}  {:>10}  {:<4}  {qty:>8}  {displayed:>8}  {price:>8}",
            order.0,
            reference.0,
            word_of(SIDES, side),
        );
    }
    for stop in waiting(engine, client) {
        is_none = false;
        let StopView { order, reference, side, qty, stop, limit, .. } = stop;
        let limit = limit.map_or_else(|| "at market".to_owned(), |limit| format!("@ {limit}"));
        let _ = writeln!(
            text,
            "{:>10}  {:>10}  {:<4}  {qty:>8}  {:>8}  stop {stop} {limit}",
            order.0,
            reference.0,
            word_of(SIDES, side),
            "-",
        );
    }
    if is_none {
        text.push_str("no open orders\n");
    }
    text
}

/// A state as one JSON object, without its place in a log. `cash` is in 1/10,000 tick·lot, as text: it
/// can exceed what JSON readers keep exactly.
pub fn state_json(engine: &Engine, shown: Shown) -> Value {
    let side = |side| {
        let levels = engine.levels(side).take(shown.levels);
        let level = |level: kernel::LevelView| json!([level.price.ticks(), level.qty]);
        levels.map(level).collect::<Vec<_>>()
    };
    let best = |side| engine.best(side).map(kernel::Price::ticks);
    let (bid, ask) = (best(Side::Buy), best(Side::Sell));
    let spread = bid.zip(ask).map(|(bid, ask)| i64::from(ask) - i64::from(bid));
    let accounts: Vec<_> = engine
        .accounts()
        .filter(is_used)
        .filter(|account| shown.client.is_none_or(|client| account.client == client))
        .map(|account| account_json(&account))
        .collect();
    let sections: serde_json::Map<_, _> = kernel::Section::ALL
        .into_iter()
        .map(|section| {
            let digest = section_digest(engine, section).to_string();
            (section.name().to_owned(), digest.into())
        })
        .collect();
    let mut object = json!({
        "time_ns": engine.time().0,
        "step": engine.step().0,
        "best_bid": bid,
        "best_ask": ask,
        "spread": spread,
        "last_trade": engine.last_trade().map(kernel::Price::ticks),
        "bids": side(Side::Buy),
        "asks": side(Side::Sell),
        "orders_live": engine.orders_live(),
        "orders_waiting": engine.orders_waiting(),
        "levels_live": engine.levels_live(),
        "accounts": accounts,
        "taxes": engine.taxes().to_string(),
        "fees": engine.fees().to_string(),
        "rules": rules_json(engine.rules()),
        "sections": sections,
    });
    if let Some(client) = shown.client
        && let Some(fields) = object.as_object_mut()
    {
        fields.insert("orders".to_owned(), orders_json(engine, client));
    }
    object
}

fn account_json(account: &AccountView) -> Value {
    json!({
        "client": account.client.0,
        "position": account.position,
        "cash": account.cash.to_string(),
        "open_buy": account.open_buy,
        "open_sell": account.open_sell,
        "exempt": account.exempt,
    })
}

fn orders_json(engine: &Engine, client: ClientId) -> Value {
    let resting = resting(engine, client).map(|order| {
        json!({
            "id": order.order.0,
            "order": order.reference.0,
            "side": word_of(SIDES, order.side),
            "qty": order.qty.lots(),
            "displayed": order.displayed.lots(),
            "price": order.price.ticks(),
            "priority": order.priority,
        })
    });
    let waiting = waiting(engine, client).map(|stop| {
        json!({
            "id": stop.order.0,
            "order": stop.reference.0,
            "side": word_of(SIDES, stop.side),
            "qty": stop.qty.lots(),
            "stop": stop.stop.ticks(),
            "price": stop.limit.map(kernel::Price::ticks),
            "triggered": stop.is_triggered,
        })
    });
    Value::Array(resting.chain(waiting).collect())
}

fn resting(engine: &Engine, client: ClientId) -> impl Iterator<Item = OrderView> {
    let both = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
    both.filter(move |order| order.client == client)
}

fn waiting(engine: &Engine, client: ClientId) -> impl Iterator<Item = StopView> {
    engine.stops().filter(move |stop| stop.client == client)
}

/// Whether there is anything in an account.
pub const fn is_used(account: &AccountView) -> bool {
    account.position != 0
        || account.cash != 0
        || account.open_buy != 0
        || account.open_sell != 0
        || account.exempt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_is_told_in_tick_lots() {
        let check = |cash, text| assert_eq!(cash_text(cash), text);
        check(0, "0");
        check(10_000, "1");
        check(-10_000, "-1");
        check(12_340, "1.234");
        check(-1, "-0.0001");
        check(-15_000, "-1.5");
        check(100_000_000, "10000");
    }
}
