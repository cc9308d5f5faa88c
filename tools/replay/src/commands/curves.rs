//! Curves of `replay inevitable` as figures are drawn from them: read from what it wrote.

use std::io::Read as _;
use std::path::Path;

use cli::{Exit, Failure};
use report::{Chance, Curve, OutcomeCurve};
use serde::Deserialize;
use serde_json::Value;

/// The schema of a curve.
pub(super) const SCHEMA: &str = "replay.inevitable/1";
/// Longest file that is read.
const BYTES_MAX: u64 = 1 << 28;
/// Most outcomes: a figure has a look for each.
pub(super) const OUTCOMES_MAX: usize = 6;

/// A curve and the log that it is about.
#[derive(Debug)]
pub(super) struct Named {
    /// Head over all entries of the log, as hexadecimal digits.
    pub(super) head: String,
    pub(super) curve: Curve,
}

#[derive(Deserialize)]
struct Wire {
    head: String,
    seeds: u32,
    points: Vec<At>,
    marks: Vec<Marked>,
    outcomes: Vec<WireOutcome>,
}

#[derive(Deserialize)]
struct At {
    step: u64,
}

#[derive(Deserialize)]
struct Marked {
    step: u64,
    name: String,
}

#[derive(Deserialize)]
struct WireOutcome {
    name: String,
    predicate: String,
    in_log: Option<At>,
    curve: Vec<WireChance>,
}

#[derive(Deserialize)]
struct WireChance {
    probability: f64,
    low: f64,
    high: f64,
}

/// Reads the file of a curve.
///
/// # Errors
/// Exit 66 for a file that is absent, 65 for one that is no curve.
pub(super) fn read(path: &Path) -> Result<Named, Failure> {
    let mut text = Vec::new();
    let read = cli::open_input(path)?.take(BYTES_MAX + 1).read_to_end(&mut text);
    read.map_err(|error| Failure::io(path, &error))?;
    let refused = |what: String| {
        let hint = "such files are written by replay inevitable -o";
        Failure::new(Exit::Damaged, format!("{}: {what}", path.display())).with_hint(hint)
    };
    if BYTES_MAX < text.len() as u64 {
        return Err(refused(format!("has more than {BYTES_MAX} bytes")));
    }
    let value: Value =
        serde_json::from_slice(&text).map_err(|error| refused(format!("is no curve: {error}")))?;
    of_value(&path.display().to_string(), value).map_err(refused)
}

/// The curve that an object holds.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn of_value(name: &str, value: Value) -> Result<Named, String> {
    let schema = value.get("schema").and_then(Value::as_str).unwrap_or_default();
    if schema != SCHEMA {
        let schema = schema.escape_debug();
        return Err(format!("its schema is `{schema}`, not `{SCHEMA}`"));
    }
    let wire: Wire = serde_json::from_value(value).map_err(|error| {
        // What was found may be anything, and goes to a terminal.
        format!("is no curve: {}", error.to_string().escape_debug())
    })?;
    let steps: Vec<_> = wire.points.iter().map(|point| point.step).collect();
    if steps.is_empty() || steps.windows(2).any(|pair| pair[1] <= pair[0]) {
        return Err("its points do not ascend".to_owned());
    }
    if wire.outcomes.is_empty() || OUTCOMES_MAX < wire.outcomes.len() {
        return Err(format!("it has {} outcomes, not 1 to {OUTCOMES_MAX}", wire.outcomes.len()));
    }
    let outcomes = wire.outcomes.into_iter().map(|outcome| of_outcome(outcome, steps.len()));
    let curve = Curve {
        name: name.to_owned(),
        forks: wire.seeds,
        outcomes: outcomes.collect::<Result<_, _>>()?,
        marks: wire.marks.into_iter().map(|mark| (mark.step, mark.name)).collect(),
        steps,
    };
    Ok(Named { head: wire.head, curve })
}

fn of_outcome(outcome: WireOutcome, points: usize) -> Result<OutcomeCurve, String> {
    let chances = outcome.curve.into_iter().map(|WireChance { probability, low, high }| Chance {
        probability,
        low,
        high,
    });
    let chances: Vec<_> = chances.collect();
    let is_sound = |it: &Chance| {
        0.0 <= it.low && it.low <= it.probability && it.probability <= it.high && it.high <= 1.0
    };
    if chances.len() != points || !chances.iter().all(is_sound) {
        let name = outcome.name.escape_debug();
        return Err(format!("`{name}` has no probability with its interval at each point"));
    }
    Ok(OutcomeCurve {
        name: outcome.name,
        predicate: outcome.predicate,
        in_log: outcome.in_log.map(|at| at.step),
        chances,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        let chance = json!({ "probability": 0.5, "low": 0.25, "high": 0.75, "hits": 1 });
        json!({
            "schema": SCHEMA,
            "head": "00ff",
            "seeds": 2,
            "points": [{ "step": 5, "entry": 50 }, { "step": 7, "entry": 70 }],
            "marks": [{ "step": 6, "name": "lunch", "entry": 61 }],
            "outcomes": [{
                "name": "wide",
                "predicate": "spread > 5",
                "in_log": { "step": 6, "entry": 61 },
                "curve": [chance, chance],
            }],
        })
    }

    #[test]
    fn a_curve_is_what_was_written() {
        let Named { head, curve } = of_value("c.json", whole()).unwrap();
        assert_eq!((head.as_str(), curve.name.as_str(), curve.forks), ("00ff", "c.json", 2));
        assert_eq!((curve.steps, curve.marks), (vec![5, 7], vec![(6, "lunch".to_owned())]));
        assert_eq!((curve.outcomes[0].in_log, curve.outcomes[0].chances.len()), (Some(6), 2));
    }

    #[test]
    fn what_is_no_curve_is_refused() {
        for (place, value, message) in [
            ("/schema", json!("replay.fork/1\u{1b}"), "its schema is `replay.fork/1\\u{1b}`"),
            ("/points/1/step", json!(5), "its points do not ascend"),
            ("/points", json!([]), "its points do not ascend"),
            ("/outcomes", json!([]), "it has 0 outcomes"),
            ("/outcomes/0/curve", json!([]), "`wide` has no probability"),
            ("/outcomes/0/curve/1/low", json!(0.6), "`wide` has no probability"),
            ("/outcomes/0/curve/1/high", json!(1.5), "`wide` has no probability"),
            ("/seeds", json!("\u{1b}"), "is no curve: invalid type"),
            ("/head", json!(null), "is no curve: invalid type"),
        ] {
            let mut wrong = whole();
            *wrong.pointer_mut(place).unwrap() = value;
            let error = of_value("c.json", wrong).unwrap_err();
            assert!(error.starts_with(message), "{place}: {error}");
            assert!(!error.contains('\u{1b}'), "{place}");
        }
    }
}
