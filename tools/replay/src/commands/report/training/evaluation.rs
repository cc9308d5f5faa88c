//! `RUN/evaluation.json`: what `learn evaluate --json` printed.

use std::path::PathBuf;

use cli::{Exit, Failure};
use report::{Contender, Evaluation};
use runs::folder::Run;
use serde_json::Value;

use crate::commands::words::quoted;

/// What it is.
const SCHEMA: &str = "learn.evaluate/1";
/// Longest file that is read: thousands of markets.
const BYTES_MAX: usize = 1 << 26;
/// Most contenders: each has a line in every figure.
const CONTENDERS_MAX: usize = 16;

/// Where it is.
pub(super) fn path(run: &Run) -> PathBuf {
    run.root().join("evaluation.json")
}

/// Reads it; why there is nothing to show where there is none.
///
/// # Errors
/// Exit 65 for a file of another kind.
pub(super) fn read(run: &Run) -> Result<Result<Evaluation, String>, Failure> {
    let path = path(run);
    if !path.exists() {
        let (root, file) = (run.root().display().to_string(), path.display().to_string());
        return Ok(Err(format!(
            "the run has no evaluation.json (learn evaluate {} --against fixed --json > {})",
            quoted(&root),
            quoted(&file)
        )));
    }
    let bytes = cli::read_small(&path, BYTES_MAX)?;
    let refused = |what: String| {
        let hint = "learn evaluate RUN --against fixed --json > RUN/evaluation.json writes it anew";
        Failure::new(Exit::Damaged, format!("{}: {what}", path.display())).with_hint(hint)
    };
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
    if value.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
        return Err(refused(format!("not of the schema {SCHEMA}")));
    }
    let all = value.get("contenders").and_then(Value::as_array);
    let all = all.ok_or_else(|| refused("no `contenders`".to_owned()))?;
    if all.is_empty() || CONTENDERS_MAX < all.len() {
        return Err(refused(format!(
            "{} contenders; 1 to {CONTENDERS_MAX} can be shown",
            all.len()
        )));
    }
    let contenders = all.iter().zip(1..).map(|(it, place): (_, usize)| {
        contender(it).ok_or_else(|| refused(format!("contender {place} has no name or markets")))
    });
    let number = |key: &str| {
        value.get(key).and_then(Value::as_u64).ok_or_else(|| refused(format!("no `{key}`")))
    };
    Ok(Ok(Evaluation {
        steps: number("steps")?,
        warm_up: number("warm_up")?,
        contenders: contenders.collect::<Result<_, _>>()?,
    }))
}

fn contender(value: &Value) -> Option<Contender> {
    let markets = value.get("markets")?.as_array()?.iter().map(|market| {
        let figures = market.get("figures")?.as_object()?.iter();
        // What is no number there was none: an infinity, say.
        Some(figures.filter_map(|(name, it)| Some((name.clone(), it.as_f64()?))).collect())
    });
    Some(Contender {
        name: value.get("name")?.as_str()?.to_owned(),
        markets: markets.collect::<Option<_>>()?,
    })
}
