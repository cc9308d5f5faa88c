//! The tables as one JSON object.

use agents::adversarial::measures::{
    BeliefScore, Bounds, Detection, Estimate, Guess, HORIZONS, JudgeScore, Maker, Measures, Twins,
};
use serde_json::{Map, Value, json};

use super::plan::{MakerPlan, ModePlan, Plan};
use super::results::{ModeResults, Results};

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

fn estimate(found: Option<Estimate>) -> Value {
    found.map_or(Value::Null, |Estimate { value, error, episodes }| {
        json!({ "value": value, "error": error, "episodes": episodes })
    })
}

fn by_horizon(found: &[Option<Estimate>; HORIZONS.len()]) -> Value {
    let each = HORIZONS.iter().zip(found).map(|(steps, it)| (steps.to_string(), estimate(*it)));
    Value::Object(each.collect::<Map<_, _>>())
}

fn measures(found: &Measures) -> Value {
    let Measures { episodes, execution, splitting, flow, market, maker, arbitrageur } = found;
    json!({
        "episodes": episodes,
        "shortfall_bps": estimate(execution.shortfall),
        "executed_shortfall_bps": estimate(execution.executed_shortfall),
        "completion": estimate(execution.completion),
        "participation": estimate(execution.participation),
        "slippage_bps": estimate(execution.slippage),
        "slippage_quartiles_bps": execution.slippage_quartiles,
        "orders": estimate(splitting.orders),
        "order_lots": estimate(splitting.lots),
        "market_orders": estimate(splitting.market_orders),
        "gap_steps": estimate(splitting.gap),
        "gap_variation": splitting.gap_variation,
        "kl_features": estimate(flow.divergence),
        "kl_published": estimate(flow.published),
        "total_variation": estimate(flow.variation),
        "jensen_shannon": estimate(flow.shannon),
        "flow_entropy": flow.entropy,
        "volatility_ticks": estimate(market.volatility),
        "volume_lots": estimate(market.volume),
        "spread_ticks": estimate(market.spread),
        "spread_belief": estimate(market.spread_belief),
        "spread_belief_within": estimate(market.spread_belief_within),
        "maker": of_maker(maker),
        "arbitrageur_pnl": estimate(arbitrageur.pnl),
        "snipes": estimate(arbitrageur.snipes),
        "closings": estimate(arbitrageur.closings),
        "snipe_cycle_steps": estimate(arbitrageur.cycle),
    })
}

fn of_maker(found: &Maker) -> Value {
    json!({
        "pnl": estimate(found.pnl),
        "inventory_lots": estimate(found.inventory),
        "lots": estimate(found.lots),
        "adverse_selection": by_horizon(&found.adverse_selection),
        "adverse_selection_per_lot": by_horizon(&found.adverse_selection_per_lot),
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

fn guess(found: Option<Guess>) -> Value {
    found.map_or(Value::Null, |Guess { accuracy, interval: (low, high), episodes }| {
        json!({ "accuracy": accuracy, "low": low, "high": high, "episodes": episodes })
    })
}

fn detection(found: &Detection) -> Value {
    let logistic =
        found.logistic.map(|JudgeScore { guess: it, information, divergence, brier }| {
            json!({
                "guess": guess(Some(it)),
                "information": information,
                "divergence": divergence,
                "brier": brier,
            })
        });
    json!({
        "trained": found.trained,
        "ridge": guess(found.ridge),
        "logistic": logistic,
        "net_half": guess(found.net_half),
        "net_best": guess(found.net_best),
        "net_threshold_lots": found.net_threshold,
        "belief": found.belief.as_ref().map(belief),
    })
}

fn belief(found: &BeliefScore) -> Value {
    let forecasts = &found.forecasts;
    let curve = forecasts.curve.iter().map(
        |bin| json!({ "forecasts": bin.forecasts, "said": bin.said, "happened": bin.happened }),
    );
    json!({
        "last": guess(Some(found.last)),
        "brier": forecasts.brier,
        "calibration_error": forecasts.calibration_error,
        "curve": curve.collect::<Vec<_>>(),
        "accuracy_over_time": found.accuracy_over_time,
        "brier_over_time": found.brier_over_time,
    })
}

fn bounds(found: &Bounds) -> Value {
    json!({
        "shift": found.normal.map(|it| it.shift),
        "normal": found.normal.map(|it| it.accuracy),
        "exact": found.exact.map(|it| it.accuracy),
        "camouflage": found.camouflage.map(|it| it.accuracy),
    })
}
