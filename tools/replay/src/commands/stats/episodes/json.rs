//! The measures as one JSON object.

use serde_json::{Value, json};

use super::Found;
use crate::commands::adversarial::Seen;
use crate::commands::adversarial::json::{bounds, detection, measures};

/// The object of the schema `replay.adversarial-stats/1`.
pub(super) fn object(found: &Found) -> Value {
    let [zero, one] = &found.measures;
    json!({
        "schema": "replay.adversarial-stats/1",
        "logs": found.logs.iter().map(log).collect::<Vec<_>>(),
        "settings": found.settings.parameters(),
        "mode": found.settings.mode().name(),
        "informed": measures(one),
        "zero": measures(zero),
        "detection": detection(&found.detection),
        "bounds": found.bounds.as_ref().map(bounds),
    })
}

fn log(seen: &Seen) -> Value {
    let [zero, informed] = seen.episodes;
    json!({
        "path": seen.path,
        "producer": seen.genesis.producer,
        "seed": seen.genesis.seed,
        "entries": seen.entries,
        "head": seen.head,
        "fills": seen.fills,
        "informed": informed,
        "zero": zero,
        "unclosed": seen.unclosed,
    })
}
