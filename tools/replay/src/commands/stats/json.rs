//! The report as one JSON object.

use agents::stats::report::reason;
use agents::stats::text::are_apart;
use agents::stats::{Band, Figure, Verdict, words};
use serde_json::{Value, json};

use super::Seen;
use crate::args::Stats;

pub(super) fn object(args: &Stats, this: &Seen, real: Option<&Seen>) -> Value {
    let facts = &this.report.facts;
    let count = |verdict| facts.iter().filter(|figure| figure.verdict() == verdict).count();
    let failed = facts.iter().filter(|figure| figure.verdict() == Verdict::Fail);
    let mut object = json!({
        "schema": "replay.stats/1",
        "logs": logs(this),
        "sampling": sampling(this),
        "bands": this.plan.bands.name(),
        "resamples": args.resamples(),
        "passed": count(Verdict::Pass),
        "failed": failed.map(|figure| figure.key.as_str()).collect::<Vec<_>>(),
        "without_value": count(Verdict::NoValue),
        "facts": figures(facts, real.map(|real| &real.report.facts[..])),
    });
    if args.shown.wants_orders() {
        let others = real.map(|real| &real.report.orders[..]);
        object["orders"] = figures(&this.report.orders, others);
    }
    if let Some(real) = real {
        object["against"] = json!({ "logs": logs(real), "sampling": sampling(real) });
    }
    object
}

fn logs(seen: &Seen) -> Value {
    let logs = seen.logs.iter().zip(&seen.report.samples);
    logs.map(|(log, samples)| {
        json!({
            "path": log.path,
            "entries": log.entries,
            "head": log.head,
            "fills": log.fills,
            "samples": samples,
        })
    })
    .collect()
}

fn sampling(seen: &Seen) -> Value {
    let (plan, report) = (&seen.plan, &seen.report);
    json!({
        "producer": plan.kind.producer,
        "preset": plan.kind.preset,
        "interval_ns": report.interval,
        "from_ns": plan.sampling.start.0,
        "to_ns": plan.sampling.end.map(|end| end.0),
        "burn_in": plan.sampling.burn_in,
        "tick": plan.sampling.tick,
        "spread_cap": plan.sampling.spread_cap,
        "cut": report.is_cut,
    })
}

fn figures(figures: &[Figure], others: Option<&[Figure]>) -> Value {
    let object = |figure: &Figure| {
        let mut object = figure_json(figure);
        if let Some(others) = others {
            let other = others.iter().find(|other| other.key == figure.key);
            object["real"] = other.map_or(Value::Null, |other| {
                json!({
                    "value": other.value(),
                    "interval": ends(other),
                    "samples": other.samples,
                    "apart": are_apart(figure, other),
                })
            });
        }
        object
    };
    figures.iter().map(object).collect()
}

fn figure_json(figure: &Figure) -> Value {
    let value = figure.value();
    let mut object = json!({
        "key": figure.key,
        "name": figure.name,
        "unit": figure.unit,
        "value": value,
        "error": figure.error(),
        "interval": ends(figure),
        "values": figure.values,
        "samples": figure.samples,
        "verdict": figure.verdict().name(),
    });
    if figure.fact != 0 {
        object["fact"] = figure.fact.into();
        object["title"] = words::title(figure.fact).into();
    }
    if let Some(band) = band(figure.band) {
        object["band"] = band;
    }
    if value.is_none() {
        object["why"] = reason(figure).into();
    }
    object
}

fn ends(figure: &Figure) -> Value {
    figure.interval.map_or(Value::Null, |(low, high)| json!([low, high]))
}

/// The ends of a band and whether they belong to it; `None` where nothing is judged.
fn band(band: Band) -> Option<Value> {
    let (low, high) = match band {
        Band::Any => return None,
        Band::Below(high) => (None, Some(high)),
        Band::Above(low) => (Some(low), None),
        Band::Between(low, high) | Band::Within(low, high) => (Some(low), Some(high)),
    };
    let is_closed = matches!(band, Band::Within(..));
    Some(json!({ "low": low, "high": high, "closed": is_closed }))
}
