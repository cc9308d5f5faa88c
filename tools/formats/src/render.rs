//! Entries and events as people and programs read them: a line of text, a JSON object.

use std::fmt::Write;

use kernel::{Command, Event, OrderKind, Place, RuleChange, SelfTrade, TimeInForce};
use replay::Entry;
use serde_json::{Value, json};

use crate::words::{MARKET_STATES, SELF_TRADES, SIDES, tif_word, word_of};

/// An entry in one line, without its number.
pub fn entry_text(entry: &Entry) -> String {
    match entry {
        Entry::Command(command) => command_text(command),
        Entry::Decision(decision) => {
            let action: Vec<_> = decision.action.iter().map(ToString::to_string).collect();
            format!(
                "decision of agent {} by policy {}: [{}], {} commands from order {}",
                decision.agent,
                decision.policy,
                action.join(" "),
                decision.commands,
                decision.first_reference
            )
        }
        Entry::Mark(mark) => format!("mark {} {}", mark.name, mark.number),
        Entry::Update(update) => {
            format!(
                "update {} of learner {}: {}",
                update.number,
                update.learner,
                hex(&update.digest)
            )
        }
        Entry::End => "end".to_owned(),
    }
}

fn command_text(command: &Command) -> String {
    match command {
        Command::Place(place) => place_text(place),
        Command::Cancel { client, order } => format!("cancel #{order} by client {client}"),
        Command::Reduce { client, order, by } => {
            format!("reduce #{order} by {by} by client {client}")
        }
        Command::Replace { client, order, price, qty } => {
            format!("replace #{order} with {qty} @ {price} by client {client}")
        }
        Command::MassCancel { client } => format!("mass cancel by client {client}"),
        Command::Clock { time, step } => format!("clock {time} ns, step {step}"),
        Command::SetRule(change) => format!("set rule {}", rule_text(change)),
        Command::Uncross => "uncross".to_owned(),
    }
}

fn place_text(place: &Place) -> String {
    let Place { client, reference, .. } = place;
    format!("{} by client {client}, order {reference}", order_text(place))
}

/// What an order asks for in words, without its owner and number.
pub fn order_text(place: &Place) -> String {
    let Place { side, qty, kind, tif, display, stop, self_trade, .. } = place;
    let price = match kind {
        OrderKind::Limit { price, post_only: false } => format!("@ {price}"),
        OrderKind::Limit { price, post_only: true } => format!("@ {price} post-only"),
        OrderKind::Market => "at market".to_owned(),
        OrderKind::MarketToLimit => "market-to-limit".to_owned(),
    };
    let tif = match tif {
        TimeInForce::Gtc => String::new(),
        TimeInForce::Gtt(expiry) => format!(" until {expiry} ns"),
        TimeInForce::Ioc | TimeInForce::Fok => format!(" {}", tif_word(*tif)),
    };
    let display = display.map_or_else(String::new, |display| format!(" showing {display}"));
    let stop = stop.map_or_else(String::new, |stop| format!(" stop {stop}"));
    let is_prevented = *self_trade != SelfTrade::Allow;
    let self_trade = optional(is_prevented, "stp ", word_of(SELF_TRADES, *self_trade));
    format!("{side} {qty} {price}{tif}{display}{stop}{self_trade}")
}

/// What an order asks for, each field with its name: side, kind, price, quantity, time in force,
/// display, stop, self-trade choice, in this order. What it does not have is `none`.
pub fn order_fields(place: &Place) -> [(&'static str, String); 8] {
    let text = |number: Option<u32>| number.map_or_else(|| "none".to_owned(), |it| it.to_string());
    let (kind, price) = match place.kind {
        OrderKind::Limit { price, post_only: false } => ("limit", Some(price.ticks())),
        OrderKind::Limit { price, post_only: true } => ("post-only", Some(price.ticks())),
        OrderKind::Market => ("market", None),
        OrderKind::MarketToLimit => ("market-to-limit", None),
    };
    let tif = match place.tif {
        TimeInForce::Gtt(expiry) => format!("until {expiry} ns"),
        TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => tif_word(place.tif).to_owned(),
    };
    [
        ("side", place.side.to_string()),
        ("kind", kind.to_owned()),
        ("price", text(price)),
        ("qty", place.qty.to_string()),
        ("tif", tif),
        ("display", text(place.display.map(kernel::Qty::lots))),
        ("stop", text(place.stop.map(kernel::Price::ticks))),
        ("stp", word_of(SELF_TRADES, place.self_trade).to_owned()),
    ]
}

/// A rule change in words.
pub fn rule_text(change: &RuleChange) -> String {
    match change {
        RuleChange::Tick(tick) => format!("tick {tick}"),
        RuleChange::Lot(lot) => format!("lot {lot}"),
        RuleChange::QtyMax(qty) => format!("qty_max {qty}"),
        RuleChange::PriceRange { min, max } => format!("price_range {min} to {max}"),
        RuleChange::PositionMax(position) => format!("position_max {position}"),
        RuleChange::State(state) => format!("state {}", word_of(MARKET_STATES, *state)),
        RuleChange::ShortBan(ban) => format!("short_ban {}", if *ban { "on" } else { "off" }),
        RuleChange::Exempt { client, exempt } => {
            format!("client {client} {}", if *exempt { "exempt" } else { "not exempt" })
        }
        RuleChange::Tax(tax) => format!("tax {tax}"),
        RuleChange::Fees { maker, taker } => format!("fees maker {maker} ppm taker {taker} ppm"),
        RuleChange::Band(band) => format!("band {band}"),
    }
}

/// An event in one line.
pub fn event_text(event: &Event) -> String {
    match event {
        Event::Accepted { order, .. } => format!("accepted as #{order}"),
        Event::Rejected { order: Some(order), reason } => format!("rejected #{order}: {reason}"),
        Event::Rejected { order: None, reason } => format!("rejected: {reason}"),
        Event::Traded { maker, taker, price, qty, .. } => {
            format!("#{taker} traded {qty} @ {price} with #{maker}")
        }
        Event::Decremented { maker, taker, qty } => {
            format!("#{taker} and #{maker} lost {qty}: self trade")
        }
        Event::Rested { order, side, price, qty, displayed } => {
            let shown =
                if displayed == qty { String::new() } else { format!(", showing {displayed}") };
            format!("#{order} rests: {side} {qty} @ {price}{shown}")
        }
        Event::Refilled { order, displayed, open } => {
            format!("#{order} shows {displayed} of {open} again, at the back")
        }
        Event::Triggered { order } => format!("#{order} is triggered"),
        Event::Uncrossed { price: Some(price), qty } => format!("uncrossed: {qty} @ {price}"),
        Event::Uncrossed { price: None, .. } => "uncrossed: nothing crosses".to_owned(),
        Event::BandHit { order, price, reference } => {
            format!("#{order} would trade @ {price}, outside the band around {reference}: halted")
        }
        Event::Cancelled { order, qty, reason, .. } => {
            format!("#{order} cancelled with {qty} open: {reason}")
        }
        Event::Reduced { order, by, open } => format!("#{order} reduced by {by}, {open} open"),
        Event::Replaced { order, price, qty, kept_priority } => {
            let place = if *kept_priority { "keeps its place" } else { "loses its place" };
            format!("#{order} replaced: {qty} @ {price}, {place}")
        }
        Event::MassCancelled { client, orders } => {
            format!("orders of client {client} cancelled: {orders}")
        }
        Event::ClockMoved { time, step } => format!("time {time} ns, step {step}"),
        Event::RuleChanged(change) => format!("rule {}", rule_text(change)),
    }
}

/// An entry as a JSON object: `kind` and its fields, without its number.
pub fn entry_json(entry: &Entry) -> Value {
    match entry {
        Entry::Command(command) => command_json(command),
        Entry::Decision(decision) => json!({
            "kind": "decision",
            "agent": decision.agent,
            "policy": decision.policy,
            "action": decision.action,
            "first_reference": decision.first_reference.0,
            "commands": decision.commands,
            "observation": decision.observation.map(|bytes| hex(&bytes)),
        }),
        Entry::Mark(mark) => {
            json!({ "kind": "mark", "name": mark.name.as_str(), "number": mark.number })
        }
        Entry::Update(update) => json!({
            "kind": "update",
            "learner": update.learner,
            "number": update.number,
            "digest": hex(&update.digest),
        }),
        Entry::End => json!({ "kind": "end" }),
    }
}

fn command_json(command: &Command) -> Value {
    match command {
        Command::Place(place) => place_json(place),
        Command::Cancel { client, order } => {
            json!({ "kind": "cancel", "client": client.0, "id": order.0 })
        }
        Command::Reduce { client, order, by } => {
            json!({ "kind": "reduce", "client": client.0, "id": order.0, "by": by.lots() })
        }
        Command::Replace { client, order, price, qty } => json!({
            "kind": "replace", "client": client.0, "id": order.0,
            "price": price.ticks(), "qty": qty.lots(),
        }),
        Command::MassCancel { client } => json!({ "kind": "mass_cancel", "client": client.0 }),
        Command::Clock { time, step } => {
            json!({ "kind": "clock", "time_ns": time.0, "step": step.0 })
        }
        Command::SetRule(change) => json!({ "kind": "set_rule", "rule": rule_text(change) }),
        Command::Uncross => json!({ "kind": "uncross" }),
    }
}

fn place_json(place: &Place) -> Value {
    let (kind, price, post_only) = match place.kind {
        OrderKind::Limit { price, post_only } => ("limit", Some(price.ticks()), post_only),
        OrderKind::Market => ("market", None, false),
        OrderKind::MarketToLimit => ("market_to_limit", None, false),
    };
    json!({
        "kind": "place",
        "client": place.client.0,
        "order": place.reference.0,
        "side": word_of(SIDES, place.side),
        "type": kind,
        "tif": tif_word(place.tif),
        "expire_ns": match place.tif {
            TimeInForce::Gtt(expiry) => Some(expiry.0),
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => None,
        },
        "display": place.display.map(kernel::Qty::lots),
        "stop": place.stop.map(kernel::Price::ticks),
        "price": price,
        "qty": place.qty.lots(),
        "post_only": post_only,
        "stp": word_of(SELF_TRADES, place.self_trade),
    })
}

/// An event as a JSON object.
pub fn event_json(event: &Event) -> Value {
    match event {
        Event::Accepted { order, client, reference } => json!({
            "kind": "accepted", "id": order.0, "client": client.0, "order": reference.0,
        }),
        Event::Rejected { order, reason } => json!({
            "kind": "rejected", "id": order.map(|order| order.0), "reason": reason.name(),
        }),
        Event::Traded {
            maker, taker, maker_client, taker_client, taker_side, price, qty, ..
        } => {
            json!({
                "kind": "traded", "maker": maker.0, "taker": taker.0,
                "maker_client": maker_client.0, "taker_client": taker_client.0,
                "taker_side": word_of(SIDES, *taker_side), "price": price.ticks(), "qty": qty.lots(),
            })
        }
        Event::Decremented { maker, taker, qty } => json!({
            "kind": "decremented", "maker": maker.0, "taker": taker.0, "qty": qty.lots(),
        }),
        Event::Rested { order, side, price, qty, displayed } => json!({
            "kind": "rested", "id": order.0, "side": word_of(SIDES, *side),
            "price": price.ticks(), "qty": qty.lots(), "displayed": displayed.lots(),
        }),
        Event::Refilled { order, displayed, open } => json!({
            "kind": "refilled", "id": order.0, "displayed": displayed.lots(), "open": open.lots(),
        }),
        Event::Triggered { order } => json!({ "kind": "triggered", "id": order.0 }),
        Event::Uncrossed { price, qty } => json!({
            "kind": "uncrossed", "price": price.map(kernel::Price::ticks), "qty": qty,
        }),
        Event::BandHit { order, price, reference } => json!({
            "kind": "band_hit", "id": order.0, "price": price.ticks(),
            "reference": reference.ticks(),
        }),
        Event::Cancelled { order, client, reference, qty, reason } => json!({
            "kind": "cancelled", "id": order.0, "client": client.0, "order": reference.0,
            "qty": qty.lots(), "reason": reason.name(),
        }),
        Event::Reduced { order, by, open } => json!({
            "kind": "reduced", "id": order.0, "by": by.lots(), "open": open.lots(),
        }),
        Event::Replaced { order, price, qty, kept_priority } => json!({
            "kind": "replaced", "id": order.0, "price": price.ticks(), "qty": qty.lots(),
            "kept_priority": kept_priority,
        }),
        Event::MassCancelled { client, orders } => {
            json!({ "kind": "mass_cancelled", "client": client.0, "orders": orders })
        }
        Event::ClockMoved { time, step } => {
            json!({ "kind": "clock_moved", "time_ns": time.0, "step": step.0 })
        }
        Event::RuleChanged(change) => {
            json!({ "kind": "rule_changed", "rule": rule_text(change) })
        }
    }
}

/// A word with a space before it, or nothing.
fn optional(is_there: bool, prefix: &str, word: &str) -> String {
    if is_there { format!(" {prefix}{word}") } else { String::new() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
