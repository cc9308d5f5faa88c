//! What seeds came to, as one JSON object and as a table.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::plan::{Plan, Section};
use super::results::{self, Pair, Recovered, Row, Trial};
use super::text;

/// The object of the schema `replay.scenario/1`.
pub(super) fn object(plan: &Plan, seeds: &[Trial]) -> Value {
    let arms = plan.arms.iter().map(|arm| {
        let schedule = arm.config.schedule().entries().iter().map(ToString::to_string);
        json!({
            "name": arm.name,
            "preset": arm.preset,
            "steps": arm.config.steps(),
            "schedule": schedule.collect::<Vec<_>>(),
        })
    });
    let arms: Vec<_> = arms.collect();
    let sections = plan.sections.iter().enumerate().map(|place| section(place, plan, seeds));
    json!({
        "schema": "replay.scenario/1",
        "name": plan.name,
        "seeds": seeds.iter().map(|seed| seed.seed).collect::<Vec<_>>(),
        "runs": arms,
        "heads": seeds.iter().map(heads).collect::<Vec<_>>(),
        "scenarios": sections.collect::<Vec<_>>(),
    })
}

/// Heads of a seed's logs, in the order of the runs.
fn heads(seed: &Trial) -> Vec<String> {
    seed.logs.iter().map(|(_, head)| head.to_string()).collect()
}

fn section((place, section): (usize, &Section), plan: &Plan, seeds: &[Trial]) -> Value {
    let cases = text::cases((place, section), seeds);
    let rows = section.cases.iter().zip(&cases).enumerate().map(|(at, (case, rows))| {
        let effects = rows.iter().enumerate().map(|(measure, row)| {
            let pairs: Vec<_> = seeds.iter().map(|seed| seed.pairs[place][at][measure]).collect();
            effect(row, &pairs)
        });
        json!({
            "label": case.label,
            "without": plan.arms[case.without].name,
            "with": plan.arms[case.with].name,
            "effects": effects.collect::<Vec<_>>(),
        })
    });
    let rows: Vec<_> = rows.collect();
    let verdicts = results::verdicts(section, &cases);
    let verdicts = verdicts.iter().map(|verdict| {
        json!({
            "claim": verdict.claim.text,
            "case": section.cases[verdict.case].label,
            "measure": verdict.row.measure.key(),
            "supported": verdict.is_supported,
            "text": text::sentence(section, verdict),
        })
    });
    let recovery = results::recoveries(place, seeds).map(|found| {
        let steps = seeds.iter().map(|seed| match seed.recoveries[place] {
            Some(Recovered::After(steps)) => Some(steps),
            Some(Recovered::Never) | None => None,
        });
        let steps: Vec<_> = steps.collect();
        json!({
            "seeds": found.seeds,
            "never": found.never,
            "quartiles": found.quartiles,
            "steps": steps,
        })
    });
    json!({
        "name": section.name,
        "about": section.about,
        "preset": section.preset,
        "first_step": section.window.first,
        "last_step": section.window.last,
        "cases": rows,
        "recovery": recovery,
        "verdicts": verdicts.collect::<Vec<_>>(),
    })
}

fn effect(row: &Row, pairs: &[Pair]) -> Value {
    let found = row.effect.map(|effect| {
        json!({
            "pairs": effect.pairs,
            "mean": effect.mean,
            "sd": effect.deviation,
            "low": effect.low,
            "high": effect.high,
            "p_t": effect.p_t,
            "p_wilcoxon": effect.p_ranks,
        })
    });
    json!({
        "measure": row.measure.key(),
        "scale": row.measure.scale().key(),
        "without": row.without,
        "with": row.with,
        "effect": found,
        "without_each": pairs.iter().map(|pair| pair.without).collect::<Vec<_>>(),
        "with_each": pairs.iter().map(|pair| pair.with).collect::<Vec<_>>(),
    })
}

/// One line for each seed, case and measure; empty where something could not be measured.
pub(super) fn table(plan: &Plan, seeds: &[Trial]) -> String {
    let mut text =
        String::from("seed,scenario,case,measure,scale,without_log,with_log,without,with,effect\n");
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for seed in seeds {
        for (section, cases) in plan.sections.iter().zip(&seed.pairs) {
            for (case, pairs) in section.cases.iter().zip(cases) {
                let file = |arm: usize| plan.arms[arm].file(seed.seed);
                for (measure, pair) in section.measures.iter().zip(pairs) {
                    let scale = measure.scale();
                    let both = pair.without.zip(pair.with);
                    let effect = both.and_then(|(without, with)| scale.effect(without, with));
                    // Writing to a string cannot fail.
                    let _ = writeln!(
                        text,
                        "{},{},{},{},{},{},{},{},{},{}",
                        seed.seed,
                        quoted(&section.name),
                        case.label,
                        measure.key(),
                        scale.key(),
                        file(case.without),
                        file(case.with),
                        number(pair.without),
                        number(pair.with),
                        number(effect),
                    );
                }
            }
        }
    }
    text
}

/// A field of a CSV table.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}
