//! `learn diff`: settings, figures and weights of two runs.

use std::fmt::Write as _;

use agents::Kind;
use cli::{Exit, Failure};
use runs::checkpoint::{Checkpoint, Difference, differences};
use runs::train_log::{MACHINE, differing_parameters, is_setting};
use serde_json::{Value, json};

use super::{print, print_json, table};
use crate::args::Diff;
use crate::keeper::failure;
use crate::past::Past;

/// A figure in two runs.
struct Figure {
    name: String,
    /// In the last update that both have.
    values: [Option<f64>; 2],
    /// The first update in which it differs.
    since: Option<u64>,
}

/// How far apart the weights of a type are.
struct Weights {
    kind: Kind,
    /// Of actor or critic.
    net: &'static str,
    l2: f64,
    max: f64,
    /// Arrays that differ, and those of them that have no place in the other network.
    arrays: [usize; 2],
}

struct Found {
    settings: Vec<[String; 3]>,
    machine: Vec<[String; 3]>,
    updates: [u64; 2],
    common: u64,
    figures: Vec<Figure>,
    /// The checkpoint, and how far apart what was learned is there.
    weights: Option<(u64, Vec<Weights>)>,
}

pub(crate) fn run(args: &Diff) -> Result<Exit, Failure> {
    let [a, b] = [Past::open(&args.a)?, Past::open(&args.b)?];
    let all = parameters(&a, &b);
    let of = |is_wanted: fn(&str) -> bool| -> Vec<[String; 3]> {
        all.iter().filter(|[key, ..]| is_wanted(key)).cloned().collect()
    };
    let common = a.last().min(b.last());
    let found = Found {
        settings: of(is_setting),
        machine: of(|key| key.starts_with(MACHINE)),
        updates: [a.last(), b.last()],
        common,
        figures: figures(&a, &b, common),
        weights: weights(&a, &b)?,
    };
    if args.json {
        print_json(&found.json(args))?;
    } else {
        print(&found.text())?;
    }
    Ok(if found.is_equal() { Exit::Ok } else { Exit::Differs })
}

/// Parameters that differ, with their texts.
fn parameters(a: &Past, b: &Past) -> Vec<[String; 3]> {
    let text = |past: &Past, key: &str| {
        let text = past.log.genesis.parameters.get(key).cloned();
        text.unwrap_or_else(|| {
            if key == "seed" { past.log.genesis.seed.to_string() } else { "(none)".to_owned() }
        })
    };
    let keys = differing_parameters(&a.log, &b.log).into_iter();
    keys.map(|key| [key.clone(), text(a, &key), text(b, &key)]).collect()
}

fn figures(a: &Past, b: &Past, common: u64) -> Vec<Figure> {
    let value = |past: &Past, update: u64, name: &str| {
        past.record(update).and_then(|it| it.metrics.get(name).copied())
    };
    let records = [a, b].into_iter().filter_map(|past| past.record(common));
    let mut names: Vec<_> = records.flat_map(|it| it.metrics.keys().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    names
        .into_iter()
        .map(|name| {
            let differs =
                |update: &u64| bits(value(a, *update, &name)) != bits(value(b, *update, &name));
            let since = (1..=common).find(differs);
            let values = [a, b].map(|past| value(past, common, &name));
            Figure { name, values, since }
        })
        .collect()
}

/// How far apart weights are at the last checkpoint that both have.
fn weights(a: &Past, b: &Past) -> Result<Option<(u64, Vec<Weights>)>, Failure> {
    let [of_a, of_b] = [a, b].map(|past| &past.run.manifest().checkpoints);
    let Some(update) = of_a.keys().rev().find(|update| of_b.contains_key(*update)) else {
        return Ok(None);
    };
    let checkpoint = |past: &Past| -> Result<Checkpoint, Failure> {
        past.run.checkpoint(*update).map_err(failure)
    };
    let (a, b) = (checkpoint(a)?, checkpoint(b)?);
    let all = differences(&a, &b);
    let mut weights = Vec::new();
    for kind in Kind::ALL
        .into_iter()
        .filter(|it| a.learners.contains_key(it) || b.learners.contains_key(it))
    {
        for net in ["actor", "critic"] {
            let is_own =
                |it: &&Difference| it.is_weight && it.kind == kind && it.name.starts_with(net);
            let own: Vec<_> = all.iter().filter(is_own).collect();
            let distances = || own.iter().filter_map(|it| it.distance.as_ref());
            weights.push(Weights {
                kind,
                net,
                l2: distances().map(|it| it.l2 * it.l2).sum::<f64>().sqrt(),
                max: distances().map(|it| it.max).fold(0.0, f64::max),
                arrays: [own.len(), own.len() - distances().count()],
            });
        }
    }
    Ok(Some((*update, weights)))
}

impl Found {
    fn is_equal(&self) -> bool {
        let weights = self.weights.iter().flat_map(|(_, weights)| weights);
        self.settings.is_empty()
            && self.updates[0] == self.updates[1]
            && self.figures.iter().all(|it| it.since.is_none())
            && weights.into_iter().all(|it| it.arrays[0] == 0)
    }

    fn text(&self) -> String {
        let mut rows: Vec<(String, String)> = Vec::new();
        for (name, list) in [("settings", &self.settings), ("machine", &self.machine)] {
            if list.is_empty() {
                rows.push((name.to_owned(), "equal".to_owned()));
            }
            for (place, [key, a, b]) in list.iter().enumerate() {
                let name = if place == 0 { name } else { "" };
                rows.push((name.to_owned(), format!("{key}: {a} -> {b}")));
            }
        }
        let [a, b] = self.updates;
        rows.push((
            "updates".to_owned(),
            if a == b { format!("{a}") } else { format!("{a} -> {b}") },
        ));
        let mut text = table(&rows);
        text.push_str(&self.figures_text());
        match &self.weights {
            None => text.push_str("\nno checkpoint of the same update\n"),
            Some((update, weights)) => {
                let mut rows = vec![[
                    format!("weights behind update {update}"),
                    "L2".to_owned(),
                    "largest".to_owned(),
                    "arrays".to_owned(),
                ]];
                rows.extend(weights.iter().map(Weights::row));
                text.push('\n');
                text.push_str(&columns(&rows));
            }
        }
        text
    }

    fn figures_text(&self) -> String {
        let mut rows = vec![[
            format!("update {}", self.common),
            "A".to_owned(),
            "B".to_owned(),
            "differs from".to_owned(),
        ]];
        for Figure { name, values, since } in &self.figures {
            let [a, b] =
                values.map(|value| value.map_or_else(|| "-".to_owned(), |it| it.to_string()));
            let since = since.map_or_else(|| "never".to_owned(), |it| format!("update {it}"));
            rows.push([name.clone(), a, b, since]);
        }
        format!("\n{}", columns(&rows))
    }

    fn json(&self, args: &Diff) -> Value {
        let list = |list: &[[String; 3]]| -> Vec<Value> {
            list.iter().map(|[name, a, b]| json!({ "name": name, "a": a, "b": b })).collect()
        };
        let figures: Vec<_> = self
            .figures
            .iter()
            .map(|it| {
                let [a, b] = it.values;
                json!({ "name": it.name, "a": a, "b": b, "differs_from": it.since })
            })
            .collect();
        let weights = self.weights.as_ref().map(|(update, weights)| {
            let nets: Vec<_> = weights
                .iter()
                .map(|it| {
                    let [differing, foreign] = it.arrays;
                    json!({
                        "type": it.kind.name(),
                        "net": it.net,
                        "l2": it.l2,
                        "max": it.max,
                        "arrays_differing": differing,
                        "arrays_of_other_shape": foreign,
                    })
                })
                .collect();
            json!({ "update": update, "nets": nets })
        });
        json!({
            "schema": "learn.diff/1",
            "a": args.a.display().to_string(),
            "b": args.b.display().to_string(),
            "equal": self.is_equal(),
            "settings": list(&self.settings),
            "machine": list(&self.machine),
            "updates": { "a": self.updates[0], "b": self.updates[1] },
            "update": self.common,
            "figures": figures,
            "weights": weights,
        })
    }
}

impl Weights {
    fn row(&self) -> [String; 4] {
        let [differing, foreign] = self.arrays;
        let arrays = match (differing, foreign) {
            (0, _) => "equal".to_owned(),
            (_, 0) => format!("{differing} differ"),
            _ => format!("{differing} differ, {foreign} of another shape"),
        };
        let name = format!("{} {}", self.kind.name(), self.net);
        [name, format!("{:.6}", self.l2), format!("{:.6}", self.max), arrays]
    }
}

/// Rows in columns, all but the first and the last to the right.
fn columns(rows: &[[String; 4]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|it| it.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [name, a, b, last] in rows {
        let [first, second, third] = widths;
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:first$}  {a:>second$}  {b:>third$}  {last}");
    }
    text
}
