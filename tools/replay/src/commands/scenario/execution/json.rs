//! The tables as one JSON object.

use agents::adversarial::measures::Twins;
use serde_json::{Value, json};

use super::plan::{MakerPlan, ModePlan, Plan};
use super::results::{ModeResults, Results};
use crate::commands::adversarial::json::{bounds, by_horizon, detection, estimate, measures};

/// The object of the schema `replay.execution/1`.
pub(super) fn object(plan: &Plan, found: &Results) -> Value {
    let logs = plan.runs.iter().zip(&found.logs).filter_map(|(run, log)| {
        let (entries, head) = log.as_ref()?;
        Some(json!({ "log": run.file, "entries": entries, "head": head.to_string() }))
    });
    let modes = plan.modes.iter().zip(&found.modes).map(|(plan, found)| mode(plan, found));
    json!({
        "schema": "replay.execution/1",
        "preset": plan.preset,
        "seed": plan.seed,
        "episodes": plan.episodes,
        "settings": plan.settings.parameters(),
        "logs": logs.collect::<Vec<_>>(),
        "modes": modes.collect::<Vec<_>>(),
    })
}

fn mode(plan: &ModePlan, found: &ModeResults) -> Value {
    let traders = plan.traders.iter().zip(&found.traders).map(|((policy, _), row)| {
        json!({
            "policy": policy.name(),
            "measures": measures(&row.measures),
            "twins": twins(&row.twins),
            "detection": detection(&row.detection),
        })
    });
    let traders: Vec<_> = traders.collect();
    let makers = plan.makers.iter().zip(&found.makers).map(|(plan, rules)| maker(plan, rules));
    json!({
        "mode": plan.mode.name(),
        "zero": measures(&found.zero),
        "bounds": found.bounds.as_ref().map(bounds),
        "traders": traders,
        "makers": makers.collect::<Vec<_>>(),
    })
}

fn maker(plan: &MakerPlan, rules: &[Twins]) -> Value {
    let rules = plan
        .rules
        .iter()
        .zip(rules)
        .map(|((rule, _), found)| json!({ "arbitrageur": rule.name(), "twins": twins(found) }));
    json!({
        "policy": plan.maker.name(),
        "trader": plan.trader.name(),
        "rules": rules.collect::<Vec<_>>(),
    })
}

fn twins(found: &Twins) -> Value {
    json!({
        "shortfall_less_zero_bps": estimate(found.shortfall),
        "executed_shortfall_less_zero_bps": estimate(found.executed_shortfall),
        "maker_pnl": estimate(found.maker_pnl),
        "adverse_selection": by_horizon(&found.adverse_selection),
        "arbitrageur_pnl": estimate(found.arbitrageur_pnl),
        "spread_ticks": estimate(found.spread),
        "spread_belief": estimate(found.spread_belief),
        "spread_belief_within": estimate(found.spread_belief_within),
    })
}
