//! Curves of `replay inevitable` as figures are drawn from them: read from what it wrote.

use std::io::{BufReader, Read as _};
use std::path::Path;

use cli::{Exit, Failure};
use report::{Chance, Curve, OutcomeCurve};
use serde::Deserialize;
use serde_json::Value;

/// The schema of a curve.
pub(super) const SCHEMA: &str = "replay.inevitable/1";
/// Longest file that is read: curves of half a million forks. What is kept of it takes twice as much
/// at the most.
const BYTES_MAX: u64 = 1 << 26;
/// Most outcomes: a figure has a look for each.
pub(super) const OUTCOMES_MAX: usize = 6;

/// A curve and the log that it is about.
#[derive(Debug)]
pub(super) struct Named {
    /// Head over all entries of the log, as hexadecimal digits.
    pub(super) head: String,
    pub(super) curve: Curve,
}

/// What is missing is found where it is needed; the schema first, because it says what else is there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    schema: String,
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
    let refused = |what: String| {
        let hint = "such files are written by replay inevitable -o";
        Failure::new(Exit::Damaged, format!("{}: {what}", path.display())).with_hint(hint)
    };
    let mut text = BufReader::new(cli::open_input(path)?).take(BYTES_MAX);
    // Read as it comes: the forks, most of the text, are passed over.
    let wire = serde_json::from_reader(&mut text);
    if text.limit() == 0 {
        return Err(refused(format!("has {BYTES_MAX} bytes or more")));
    }
    let wire = wire.map_err(|error| {
        if error.is_io() {
            return Failure::new(Exit::Io, format!("{}: {error}", path.display()));
        }
        refused(not_one(&error))
    })?;
    of_wire(&path.display().to_string(), wire).map_err(refused)
}

/// The curve that an object holds.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn of_value(name: &str, value: Value) -> Result<Named, String> {
    of_wire(name, serde_json::from_value(value).map_err(|error| not_one(&error))?)
}

/// What was found may be anything, and goes to a terminal.
fn not_one(error: &serde_json::Error) -> String {
    format!("is no curve: {}", error.to_string().escape_debug())
}

fn of_wire(name: &str, wire: Wire) -> Result<Named, String> {
    if wire.schema != SCHEMA {
        let schema = wire.schema.escape_debug();
        return Err(format!("its schema is `{schema}`, not `{SCHEMA}`"));
    }
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
