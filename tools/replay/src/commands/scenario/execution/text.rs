//! The tables, as text of at most 100 columns.

use std::fmt::Write as _;

use agents::adversarial::Mode;
use agents::adversarial::measures::{Bounds, Estimate, Guess, Twins};

use super::plan::{MakerPlan, ModePlan, Plan};
use super::results::{ModeResults, Results, TraderResults};
use crate::commands::adversarial::value;
use crate::commands::adversarial::words::{fixed, sequence, shortest};
use crate::commands::wrap::add_wrapped;

/// Standard errors of half a 95 % interval.
const HALF: f64 = 1.96;

/// A section for each mode.
pub(super) fn tables(plan: &Plan, found: &Results) -> String {
    let settings = &plan.settings;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{} episodes of each type, seed {}, preset {}: {} lots in {} steps; noise orders a step: {}",
        plan.episodes,
        plan.seed,
        plan.preset,
        settings.lots(),
        settings.steps(),
        shortest(settings.noise_orders()),
    );
    text.push_str("after \u{b1}: half of a 95 % interval\n");
    for (mode, results) in plan.modes.iter().zip(&found.modes) {
        text.push('\n');
        add_mode(&mut text, mode, results);
    }
    text
}

fn add_mode(text: &mut String, plan: &ModePlan, found: &ModeResults) {
    let lots = plan.settings.lots();
    let what = match plan.mode {
        Mode::Uninformed => {
            let pays = found.zero.execution.shortfall;
            let done = found.zero.execution.completion;
            format!(
                "type z = 0 is an uninformed buyer of {lots} lots, whose IS is {} bps, {} % done",
                pm(pays, 2),
                percent(done)
            )
        }
        Mode::Silent => "type z = 0 is noise alone".to_owned(),
        Mode::Noise => format!("type z = 0 sends {lots} lots of noise on both sides"),
    };
    add_wrapped(text, "", &format!("{}: {what}", plan.mode.name()));
    add_costs(text, plan, found);
    text.push('\n');
    add_judges(text, plan, found);
    if let Some(bounds) = &found.bounds {
        add_bounds(text, plan, bounds);
    }
    if !plan.makers.is_empty() {
        text.push('\n');
        add_makers(text, plan, found);
    }
}

fn add_costs(text: &mut String, plan: &ModePlan, found: &ModeResults) {
    let _ = writeln!(
        text,
        "{:10} {:>11} {:>11} {:>11} {:>6} {:>6} {:>11} {:>12} {:>6} {:>5}",
        "",
        "IS bps",
        "executed",
        "less z = 0",
        "done",
        "part.",
        "KL nats",
        "KL publ.",
        "orders",
        "gap"
    );
    for ((trader, _), row) in plan.traders.iter().zip(&found.traders) {
        let TraderResults { measures, twins, .. } = row;
        let (execution, flow) = (&measures.execution, &measures.flow);
        let line = format!(
            "{:10} {:>11} {:>11} {:>11} {:>6} {:>6} {:>11} {:>12} {:>6} {:>5}",
            trader.name(),
            pm(execution.shortfall, 2),
            pm(execution.executed_shortfall, 2),
            pm(twins.shortfall, 2),
            percent(execution.completion),
            percent(execution.participation),
            pm(flow.divergence, 3),
            pm(flow.published, 2),
            number(measures.splitting.orders.map(|it| it.value), 1),
            number(measures.splitting.gap_variation, 2),
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn add_judges(text: &mut String, plan: &ModePlan, found: &ModeResults) {
    let _ = writeln!(
        text,
        "{:10} {:>11} {:>11} {:>8} {:>8} {:>11} {:>11} {:>11}",
        "right in %",
        "ridge",
        "logistic",
        "MI nats",
        "KL seq.",
        "net > N/2",
        "net > best",
        "belief"
    );
    for ((trader, _), row) in plan.traders.iter().zip(&found.traders) {
        let judged = &row.detection;
        let line = format!(
            "{:10} {:>11} {:>11} {:>8} {:>8} {:>11} {:>11} {:>11}",
            trader.name(),
            right(judged.ridge),
            right(judged.logistic.map(|it| it.guess)),
            number(judged.logistic.map(|it| it.information), 3),
            judged.logistic.map_or_else(|| "-".to_owned(), sequence),
            right(judged.net_half),
            right(judged.net_best),
            right(judged.belief.as_ref().map(|it| it.last)),
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn add_bounds(text: &mut String, plan: &ModePlan, bounds: &Bounds) {
    let share = |accuracy: Option<f64>| number(accuracy.map(|it| 100.0 * it), 1);
    let leans = value(&plan.settings, "noise.elasticity") != "0";
    let but = if leans { "; indicative, since noise leans on the price" } else { "" };
    let words = format!(
        "whoever sends all {} lots is told at least: Phi(d/2) {} %, exactly {} %; orders of the noise's \
         own law are told {} %{but}",
        plan.settings.lots(),
        share(bounds.normal.map(|it| it.accuracy)),
        share(bounds.exact.map(|it| it.accuracy)),
        share(bounds.camouflage.map(|it| it.accuracy)),
    );
    add_wrapped(text, "", &words);
}

fn add_makers(text: &mut String, plan: &ModePlan, found: &ModeResults) {
    let _ = writeln!(
        text,
        "{:18} {:4} {:>12} {:>11} {:>6} {:>11} {:>8} {:>11} {:>11}",
        "maker", "vs", "PnL", "adv. sel.", "spread", "rho", "arb.none", "prints", "belief"
    );
    for (maker, rules) in plan.makers.iter().zip(&found.makers) {
        add_maker(text, maker, rules);
    }
}

fn add_maker(text: &mut String, plan: &MakerPlan, rules: &[Twins]) {
    let Some(usual) = rules.get(plan.usual) else { return };
    let [_, adverse, _] = usual.adverse_selection;
    let _ = write!(
        text,
        "{:18} {:4} {:>12} {:>11} {:>6} {:>11}",
        plan.maker.name(),
        plan.trader.name(),
        pm(usual.maker_pnl, 1),
        pm(adverse, 1),
        number(usual.spread.map(|it| it.value), 2),
        pm(usual.spread_belief, 2),
    );
    for (rule, width) in rules.iter().zip([8, 11, 11]) {
        let _ = write!(text, " {:>width$}", pm(rule.arbitrageur_pnl, 1));
    }
    text.push('\n');
}

/// A number and half of its 95 % interval.
fn pm(estimate: Option<Estimate>, digits: usize) -> String {
    let Some(Estimate { value, error, .. }) = estimate else { return "-".to_owned() };
    let value = fixed(value, digits);
    match error {
        Some(error) => format!("{value} \u{b1}{}", fixed(HALF * error, digits)),
        None => value,
    }
}

/// A share in %, and half of its interval.
fn right(guess: Option<Guess>) -> String {
    let Some(Guess { accuracy, interval: (low, high), .. }) = guess else { return "-".to_owned() };
    format!("{} \u{b1}{}", fixed(100.0 * accuracy, 1), fixed(50.0 * (high - low), 1))
}

fn percent(estimate: Option<Estimate>) -> String {
    number(estimate.map(|it| 100.0 * it.value), 1)
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| fixed(value, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_has_half_its_interval() {
        let estimate = Estimate { value: 2.0, error: Some(0.5), episodes: 9 };
        assert_eq!(pm(Some(estimate), 2), "2.00 \u{b1}0.98");
        assert_eq!(pm(Some(Estimate { error: None, ..estimate }), 1), "2.0");
        assert_eq!(pm(None, 1), "-");
    }
}
