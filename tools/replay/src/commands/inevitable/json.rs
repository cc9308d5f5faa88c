//! The answer as one JSON object, of the schema `replay.inevitable/1`.

use std::path::Path;

use serde_json::{Value, json};

use super::curve::{Answer, Chance};
use super::outcome::First;
use super::question::Point;
use super::text;
use crate::commands::curves;
use crate::commands::words::quoted;

/// The whole answer, with every fork.
pub(super) fn object(answer: &Answer, log: &Path) -> Value {
    let question = &answer.question;
    let points = question.points.iter().map(|point| {
        json!({
            "entry": point.entry,
            "step": point.step,
            "first_fork": command(answer, log, *point, 1),
        })
    });
    let marks = answer
        .marks
        .iter()
        .map(|mark| json!({ "entry": mark.entry, "step": mark.step, "name": mark.name }));
    let outcomes = question.outcomes.iter().zip(&answer.curves).map(|(outcome, curve)| {
        let verdict = curve.verdict();
        json!({
            "name": outcome.name,
            "predicate": outcome.query.to_string(),
            "in_log": moment(curve.in_log),
            "curve": curve.chances.iter().map(chance).collect::<Vec<_>>(),
            "likely_from": verdict.likely_from.map(|place| at(answer, place)),
            "nearly_certain_from": verdict.nearly_certain_from.map(|place| at(answer, place)),
            "text": text::sentences(question, curve),
        })
    });
    let forks = answer.forks.iter().filter_map(|fork| {
        let (point, number) = (question.points.get(fork.task.point)?, fork.task.number);
        Some(json!({
            "entry": point.entry,
            "number": number,
            "seed": question.fork_seed(point.entry, number),
            "firsts": fork.firsts.iter().map(|first| moment(*first)).collect::<Vec<_>>(),
        }))
    });
    json!({
        "schema": curves::SCHEMA,
        "log": log.display().to_string(),
        "head": question.head.to_string(),
        "entries": question.entries,
        "spaced_over": "steps",
        "seed": question.seed,
        "seeds": question.seeds,
        "points": points.collect::<Vec<_>>(),
        "marks": marks.collect::<Vec<_>>(),
        "outcomes": outcomes.collect::<Vec<_>>(),
        "forks": forks.collect::<Vec<_>>(),
    })
}

/// The command that makes a log of a fork.
pub(super) fn command(answer: &Answer, log: &Path, point: Point, number: u32) -> String {
    let (entry, log) = (point.entry, quoted(&log.display().to_string()));
    let seed = answer.question.fork_seed(entry, number);
    format!("replay fork {log} --at {entry} --seed {seed} -o fork.log")
}

fn moment(first: Option<First>) -> Option<Value> {
    first.map(|first| json!({ "entry": first.entry, "step": first.step }))
}

fn at(answer: &Answer, place: usize) -> Option<Value> {
    let point = answer.question.points.get(place)?;
    Some(json!({ "point": place + 1, "entry": point.entry, "step": point.step }))
}

fn chance(chance: &Chance) -> Value {
    json!({
        "has_happened": chance.has_happened,
        "hits": chance.hits,
        "forks": chance.forks,
        "probability": chance.probability,
        "low": chance.low,
        "high": chance.high,
        "median_first": moment(chance.median),
    })
}
