//! Measures of adversarial markets as JSON.

use agents::adversarial::measures::{
    BeliefScore, Bounds, Detection, Estimate, Guess, HORIZONS, JudgeScore, Maker, Measures,
};
use serde_json::{Map, Value, json};

pub(crate) fn estimate(found: Option<Estimate>) -> Value {
    found.map_or(Value::Null, |Estimate { value, error, episodes }| {
        json!({ "value": value, "error": error, "episodes": episodes })
    })
}

pub(crate) fn by_horizon(found: &[Option<Estimate>; HORIZONS.len()]) -> Value {
    let each = HORIZONS.iter().zip(found).map(|(steps, it)| (steps.to_string(), estimate(*it)));
    Value::Object(each.collect::<Map<_, _>>())
}

pub(crate) fn measures(found: &Measures) -> Value {
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

fn guess(found: Option<Guess>) -> Value {
    found.map_or(Value::Null, |Guess { accuracy, interval: (low, high), episodes }| {
        json!({ "accuracy": accuracy, "low": low, "high": high, "episodes": episodes })
    })
}

pub(crate) fn detection(found: &Detection) -> Value {
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

pub(crate) fn bounds(found: &Bounds) -> Value {
    json!({
        "shift": found.normal.map(|it| it.shift),
        "normal": found.normal.map(|it| it.accuracy),
        "exact": found.exact.map(|it| it.accuracy),
        "camouflage": found.camouflage.map(|it| it.accuracy),
    })
}
