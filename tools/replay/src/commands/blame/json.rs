//! The graph as one JSON object: every node and every link.

use formats::render::{entry_json, event_json};
use formats::state::rules_json;
use kernel::{Event, Price};
use serde_json::{Value, json};

use super::super::names::{Names, client_of};
use super::graph::{Fact, Graph, Key, Level, Node, Told, Trade, Why};
use super::life::{End, Life};
use super::phrases::side_name;

/// * `entries` - entries of the log.
pub(super) fn object(graph: &Graph, names: Names, entries: u64) -> Value {
    let nodes: Vec<_> = graph.nodes().iter().map(|node| node_json(node, names)).collect();
    let mut links = Vec::new();
    for node in graph.nodes() {
        for link in &node.links {
            let Some(to) = graph.node(link.to) else { continue };
            let mut object = why_json(&link.why);
            object["from"] = key_text(node.key).into();
            object["to"] = key_text(to.key).into();
            links.push(object);
        }
    }
    let roots = graph.roots.iter().filter_map(|root| graph.node(*root));
    let roots: Vec<_> = roots.map(|node| key_text(node.key)).collect();
    json!({
        "schema": "replay.blame/1",
        "entries": entries,
        "roots": roots,
        "nodes": nodes,
        "links": links,
    })
}

fn key_text(key: Key) -> String {
    match key {
        Key::Entry(number) => format!("entry/{number}"),
        Key::Order(order) => format!("order/{order}"),
        Key::Level(side, price, at) => {
            let price = price.map_or_else(|| "none".to_owned(), |price| price.to_string());
            format!("{}/{price}/{at}", side_name(side))
        }
        Key::Trade(entry, place) => format!("trade/{entry}/{place}"),
        Key::Genesis => "genesis".to_owned(),
    }
}

fn node_json(node: &Node, names: Names) -> Value {
    let mut object = match &node.fact {
        Fact::Entry(told) => told_json(told, names),
        Fact::Order(life) => life_json(life, names),
        Fact::Level(level) => level_json(level),
        Fact::Trade(trade) => trade_json(trade, names),
        Fact::Genesis => json!({ "kind": "genesis" }),
    };
    object["node"] = key_text(node.key).into();
    object
}

fn told_json(told: &Told, names: Names) -> Value {
    let ticks = |price: Option<Price>| price.map(Price::ticks);
    let client = match &told.entry {
        replay::Entry::Command(command) => client_of(command).map(|client| client.0),
        replay::Entry::Decision(_)
        | replay::Entry::Mark(_)
        | replay::Entry::Update(_)
        | replay::Entry::End => None,
    };
    json!({
        "kind": "entry",
        "entry": told.number,
        "time_ns": told.clock.0,
        "step": told.clock.1,
        "client": client,
        "agent": names.author(&told.entry),
        "what": entry_json(&told.entry),
        "answer": told.answer.as_ref().map(event_json),
        "saw": told.sight.map(|sight| json!({
            "best_bid": ticks(sight.bid),
            "best_ask": ticks(sight.ask),
            "position": sight.position,
        })),
    })
}

fn life_json(life: &Life, names: Names) -> Value {
    let end = life.end.map(|(entry, (time, step), end)| {
        let (how, lots, reason) = match end {
            End::Refused(reason) => ("refused", None, Some(reason.name())),
            End::Filled => ("filled", None, None),
            End::Decremented => ("decremented", None, None),
            End::Cancelled { lots, reason } => ("cancelled", Some(lots), Some(reason.name())),
        };
        json!({
            "entry": entry, "time_ns": time, "step": step,
            "how": how, "qty": lots, "reason": reason,
        })
    });
    let since = life
        .rested
        .map(|(entry, (time, step))| json!({ "entry": entry, "time_ns": time, "step": step }));
    json!({
        "kind": "order",
        "id": life.order.0,
        "client": life.place.client.0,
        "agent": names.agent(life.place.client),
        "order": life.place.reference.0,
        "side": side_word(life.place.side),
        "qty": life.place.qty.lots(),
        "placed": life.placed.number,
        "until": life.until.0,
        "open": life.open,
        "traded": life.traded,
        // Beyond 2^53 for the largest orders: text, so that every reader keeps it.
        "notional": life.notional.to_string(),
        "raised": life.raised,
        "lowered": life.lowered,
        "lost": life.lost,
        "cancelled": life.cancelled,
        "waiting": life.is_waiting && life.end.is_none(),
        "price": life.price.map(Price::ticks),
        "rested": since,
        "end": end,
        "changes_left_out": life.changes.missing(),
        "notes_left_out": life.notes.missing(),
    })
}

fn level_json(level: &Level) -> Value {
    json!({
        "kind": "level",
        "side": side_name(level.side),
        "price": level.price.map(Price::ticks),
        "at": level.at,
        "qty": level.lots,
        "orders": level.orders,
        "orders_left_out": level.more,
        "levels_before": level.better,
        "best": level.best.map(Price::ticks),
        "best_of_other_side": level.opposite.map(Price::ticks),
        "was_occupied": level.was_occupied,
    })
}

fn trade_json(trade: &Trade, names: Names) -> Value {
    let agents = if let Event::Traded { maker_client, taker_client, .. } = trade.event {
        json!([names.agent(maker_client), names.agent(taker_client)])
    } else {
        Value::Null
    };
    json!({
        "kind": "trade",
        "entry": trade.entry,
        "time_ns": trade.clock.0,
        "step": trade.clock.1,
        "number": trade.number,
        "what": event_json(&trade.event),
        "agents": agents,
        "auction_price": trade.cleared.map(Price::ticks),
        "best_before": trade.before.map(Price::ticks),
        "rules": rules_json(&trade.rules),
    })
}

const fn side_word(side: kernel::Side) -> &'static str {
    match side {
        kernel::Side::Buy => "buy",
        kernel::Side::Sell => "sell",
    }
}

fn why_json(why: &Why) -> Value {
    match why {
        Why::Placed => json!({ "why": "placed_by" }),
        Why::Did(event) => json!({ "why": "changed_by", "event": event_json(event) }),
        Why::Note => json!({ "why": "note" }),
        Why::Decided => json!({ "why": "decided_by" }),
        Why::Context => json!({ "why": "context" }),
        Why::Met(entry) => json!({ "why": "met", "entry": entry }),
        Why::Trigger(event) => json!({ "why": "triggered_by", "event": event_json(event) }),
        Why::Rule => json!({ "why": "rule" }),
        Why::Rests { order, client, lots, displayed } => json!({
            "why": "rests", "id": order.0, "client": client.0,
            "qty": lots, "displayed": displayed,
        }),
        Why::Changed { lots, event } => {
            json!({ "why": "level_changed_by", "qty": lots, "event": event_json(event) })
        }
        Why::BestSince { before, event } => json!({
            "why": "best_since", "before": before.map(Price::ticks), "event": event_json(event),
        }),
        Why::Maker => json!({ "why": "maker" }),
        Why::Taker => json!({ "why": "taker" }),
        Why::During => json!({ "why": "during" }),
    }
}
