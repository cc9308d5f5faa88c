//! The differences of two logs as one JSON object.

use formats::render::{entry_json, event_json};
use serde_json::{Map, Value, json};

use super::Found;
use super::accounts::{Account, Holding};
use super::difference::{Count, Difference, Field, Finding, OrderName, Subject, Which};
use super::figures::Figures;
use super::genesis::Kinship;
use super::lockstep::{Part, Parting};
use crate::commands::names::Names;

pub(super) fn object(found: &Found, is_stat: bool) -> Value {
    let shown = found.limit.unwrap_or(usize::MAX);
    let accounts = found.accounts.iter().take(shown);
    let accounts = accounts.map(|account| account_json(account, found.names)).collect::<Vec<_>>();
    let mut object = json!({
        "schema": "replay.diff/1",
        "equal": found.is_equal(),
        "logs": sides(Which::BOTH.map(|which| log(found, which))),
        "genesis": fields(&found.genesis),
        "kinship": found.kinship.map(kinship),
        "parting": found.parting.as_ref().map(|parting| parting_json(parting, found.names)),
        "counts": counts(found),
        "accounts": { "differing": found.accounts.len(), "list": accounts },
        "sections": found.sections.iter().map(|section| section.name()).collect::<Vec<_>>(),
        "statistics": sides(found.figures.each_ref().map(figures)),
        "differences": { "total": found.differences.total() },
    });
    if !is_stat {
        let list = found.differences.list();
        object["differences"]["list"] = list.map(|it| difference(it, found.names)).collect();
    }
    object
}

fn sides<T: Into<Value>>([a, b]: [T; 2]) -> Value {
    json!({ "a": a.into(), "b": b.into() })
}

fn log(found: &Found, which: Which) -> Value {
    let place = which.index();
    let (genesis, summary) = (&found.geneses[place], &found.summaries[place]);
    json!({
        "path": found.paths[place],
        "producer": genesis.producer,
        "seed": genesis.seed,
        "entries": summary.entries,
        "blocks": summary.blocks,
        "ended": summary.is_ended,
        "head": summary.head.to_string(),
        "outcome": summary.outcome.to_string(),
        "seal": summary.seal.to_string(),
        "state": summary.state.to_string(),
    })
}

fn fields(fields: &[Field]) -> Value {
    let object = |Field { name, values: [a, b] }: &Field| json!({ "field": name, "a": a, "b": b });
    fields.iter().map(object).collect()
}

fn kinship(kinship: Kinship) -> Value {
    match kinship {
        Kinship::Fork { child: Which::A, entry } => json!({ "kind": "a_forks_b", "entry": entry }),
        Kinship::Fork { child: Which::B, entry } => json!({ "kind": "b_forks_a", "entry": entry }),
        Kinship::Siblings { entry } => json!({ "kind": "siblings", "entry": entry }),
    }
}

fn parting_json(parting: &Parting, names: Names) -> Value {
    let Parting { entry, clock: (time, step), sides: parts } = parting;
    let part = |part: &Option<Part>| {
        part.as_ref().map_or(Value::Null, |Part { entry, events }| {
            json!({
                "entry": entry_json(entry),
                "agent": names.author(entry),
                "events": events.iter().map(event_json).collect::<Vec<_>>(),
            })
        })
    };
    json!({
        "entry": entry,
        "time_ns": time,
        "step": step,
        "of_events": parting.is_of_events(),
        "sides": sides(parts.each_ref().map(part)),
    })
}

fn counts(found: &Found) -> Value {
    let (counts, notes) = (&found.counts, &found.counts.notes);
    let list = [
        ("orders", counts.orders),
        ("trades", counts.trades),
        ("cancels", counts.cancels),
        ("decisions", notes.decisions),
        ("rules", notes.rules),
        ("marks", notes.marks),
        ("updates", notes.updates),
        ("auctions", notes.auctions),
        ("halts", notes.halts),
    ];
    let object = |Count { equal, different, only: [a, b] }: Count| {
        json!({
            "equal": equal,
            "different": different,
            "only_a": a,
            "only_b": b,
        })
    };
    list.into_iter()
        .map(|(name, count)| (name.to_owned(), object(count)))
        .collect::<Map<_, _>>()
        .into()
}

fn account_json(Account { client, holdings }: &Account, names: Names) -> Value {
    // As text: cash can exceed what JSON readers keep exactly.
    let holding = |Holding { position, cash, equity }: &Holding| {
        json!({
            "position": position,
            "cash": cash.to_string(),
            "equity": equity.map(|equity| equity.to_string()),
        })
    };
    let [a, b] = holdings.each_ref().map(holding);
    json!({ "client": client.0, "agent": names.agent(*client), "a": a, "b": b })
}

fn figures(figures: &Figures) -> Value {
    json!({
        "orders": figures.orders,
        "trades": figures.trades,
        "volume": u64::try_from(figures.volume).unwrap_or(u64::MAX),
        "cancels": figures.cancels,
        "refused": figures.refused,
        "mean_spread": figures.mean_spread,
        "last_price": figures.last_price,
        "interval_ns": figures.interval,
        "samples": figures.samples,
        "return_deviation": figures.volatility,
        "excess_kurtosis": figures.excess_kurtosis,
        "largest_drawdown": figures.drawdown,
    })
}

fn difference(difference: &Difference, names: Names) -> Value {
    let Difference { clock: (time, step), entries: [a, b], subject, finding } = difference;
    let mut object = json!({
        "time_ns": time,
        "step": step,
        "entry_a": a,
        "entry_b": b,
    });
    let order = |(client, reference): OrderName| {
        json!({
            "client": client.0,
            "agent": names.agent(client),
            "order": reference.0,
        })
    };
    let (kind, about) = match subject {
        Subject::Order(name) => ("order", order(*name)),
        Subject::Trade { taker, maker } => {
            ("trade", json!({ "taker": order(*taker), "maker": order(*maker) }))
        }
        Subject::Decision { agent } => ("decision", json!({ "agent": agent })),
        Subject::Note(key) => ("note", json!({ "name": key.to_string() })),
    };
    object["kind"] = kind.into();
    object["subject"] = about;
    match finding {
        Finding::Fields(list) => {
            object["in"] = "both".into();
            object["fields"] = fields(list);
        }
        Finding::Only(which, text) => {
            object["in"] = match which {
                Which::A => "a".into(),
                Which::B => "b".into(),
            };
            object["text"] = text.as_str().into();
        }
    }
    object
}
