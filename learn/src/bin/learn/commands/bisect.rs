//! `learn bisect`: the first update in which two runs part, and through what.

use cli::{Exit, Failure};
use runs::checkpoint::{Difference, differences};
use runs::train_log::{Parting, What, differing_parameters, first_parting_update, is_setting};
use serde_json::{Value, json};

use super::{print, print_json, table};
use crate::args::Bisect;
use crate::keeper::failure;
use crate::past::{Past, described, digests};

mod spot;

use spot::{Spot, spot};

/// What was learned differs in a checkpoint that both have.
struct Weights {
    update: u64,
    differences: Vec<Difference>,
    /// Of either run: whether the checkpoint has the weights that its log of updates tells.
    are_told: [bool; 2],
}

struct Found {
    /// Settings that differ.
    settings: Vec<String>,
    /// Updates that are equal, from 0.
    equal: u64,
    parting: Option<Parting>,
    weights: Option<Weights>,
    /// Whether both have a checkpoint of the update before they part, with equal weights.
    is_same_before: bool,
    /// Where in the markets, or why that cannot be said.
    spot: Option<Result<Spot, String>>,
}

pub(crate) fn run(args: &Bisect) -> Result<Exit, Failure> {
    let [a, b] = [Past::open(&args.a)?, Past::open(&args.b)?];
    let parting = first_parting_update(&a.log.updates, &b.log.updates);
    let weights = weights(&a, &b, parting.as_ref())?;
    let spot = match &parting {
        Some(Parting { what: What::Market, .. }) => Some(spot(&a, &b)?),
        Some(_) | None => None,
    };
    let common = |update: &u64| {
        [&a, &b].iter().all(|past| past.run.manifest().checkpoints.contains_key(update))
    };
    let before = parting.as_ref().and_then(|it| it.update.checked_sub(1));
    let is_changed = weights.as_ref().is_some_and(|it| Some(it.update) == before);
    let settings = differing_parameters(&a.log, &b.log).into_iter();
    let found = Found {
        settings: settings.filter(|key| is_setting(key)).collect(),
        equal: before.unwrap_or_else(|| a.last().min(b.last())),
        is_same_before: before.is_some_and(|it| common(&it)) && !is_changed,
        parting,
        weights,
        spot,
    };
    if args.json {
        print_json(&found.json(args))?;
    } else {
        print(&found.text(args))?;
    }
    Ok(if found.is_equal() { Exit::Ok } else { Exit::Differs })
}

/// The first checkpoint that both have and that differs in what was learned, up to the update in
/// which the logs part.
fn weights(a: &Past, b: &Past, parting: Option<&Parting>) -> Result<Option<Weights>, Failure> {
    let last = parting.map_or(u64::MAX, |it| it.update);
    let (of_a, of_b) = (&a.run.manifest().checkpoints, &b.run.manifest().checkpoints);
    for (update, digest) in of_a.range(..=last) {
        let is_equal = of_b.get(update) == Some(digest);
        if is_equal || !of_b.contains_key(update) {
            continue;
        }
        let checkpoint = |past: &Past| past.run.checkpoint(*update).map_err(failure);
        let (one, other) = (checkpoint(a)?, checkpoint(b)?);
        let differences = differences(&one, &other);
        if differences.is_empty() {
            continue;
        }
        let mut are_told = [true; 2];
        for (is_told, (past, checkpoint)) in are_told.iter_mut().zip([(a, &one), (b, &other)]) {
            let told = past.record(*update).map(|it| &it.gradient);
            *is_told = told == Some(&digests(past.run.config(), checkpoint)?);
        }
        return Ok(Some(Weights { update: *update, differences, are_told }));
    }
    Ok(None)
}

impl Found {
    const fn is_equal(&self) -> bool {
        self.settings.is_empty() && self.parting.is_none() && self.weights.is_none()
    }

    /// Weights that were changed behind an update that is the same in both logs.
    fn changed(&self) -> Option<&Weights> {
        let is_before =
            |it: &&Weights| self.parting.as_ref().is_none_or(|at| it.update < at.update);
        self.weights.as_ref().filter(is_before)
    }

    fn text(&self, args: &Bisect) -> String {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut put = |name: &str, text: String| rows.push((name.to_owned(), text));
        if self.is_equal() {
            return format!("equal: updates 0 to {}\n", self.equal);
        }
        put(
            "settings",
            match &self.settings[..] {
                [] => "equal".to_owned(),
                keys => format!("differ: {}", keys.join(", ")),
            },
        );
        if self.parting.as_ref().is_none_or(|it| 0 < it.update) {
            put("equal", format!("updates 0 to {}, as train.log tells them", self.equal));
        }
        match (self.changed(), &self.parting) {
            (Some(Weights { update, .. }), _) => {
                put("part at", format!("update {update}: weights were changed behind it"));
            }
            (None, Some(parting)) => put("part at", Self::words(parting)),
            (None, None) => put("part at", "no update: settings alone differ".to_owned()),
        }
        if let (Some(_), Some(parting)) = (self.changed(), &self.parting) {
            put("then", format!("{} in train.log", described(parting)));
        }
        if let Some(spot) = &self.spot {
            match spot {
                Ok(spot) => {
                    rows.extend(spot.rows());
                    if spot.is_drawn() {
                        rows.push((String::new(), self.of_draws()));
                    }
                }
                Err(why) => rows.push(("market".to_owned(), why.clone())),
            }
        }
        if let Some(weights) = &self.weights {
            rows.extend(weights.rows(args.arrays));
        } else if let Some(Parting { what: What::Gradient, update, .. }) = &self.parting {
            let hint = format!(
                "no checkpoint of update {update} in both: learn rewind --update {update} makes one"
            );
            rows.push(("weights".to_owned(), hint));
        }
        table(&rows)
    }

    fn words(parting: &Parting) -> String {
        let mut what = parting.what.to_string();
        what.extend(parting.kind.map(|kind| format!(" ({})", kind.name())));
        what.extend(parting.name.as_ref().map(|name| format!(" `{name}`")));
        let why = match parting.what {
            What::Market => "market logs have other heads",
            What::Sampling => {
                "in equal markets something else was seen, or the same was drawn with other \
                 probabilities"
            }
            What::Gradient if parting.update == 0 => "they start with other weights",
            What::Gradient => "from equal weights and samples other weights were learned",
            What::Metric => "all digests are equal, this figure is not",
            What::Length => "one of the runs has no such update",
            What::Genesis => "they start from other settings",
        };
        format!("update {}: {what}: {why}", parting.update)
    }

    /// Why somebody who saw the same drew something else.
    fn of_draws(&self) -> String {
        let before = self.equal;
        if self.changed().is_some_and(|it| it.update == before) {
            return format!("the weights behind update {before} differ: so do probabilities");
        }
        let told = format!("the weights behind update {before} are equal in train.log");
        if self.is_same_before {
            format!("{told} and in both checkpoints: the draws differ")
        } else {
            format!("{told}; no checkpoint of them in both")
        }
    }

    fn json(&self, args: &Bisect) -> Value {
        let spot = self.spot.as_ref().map(|spot| match spot {
            Ok(spot) => spot.json(),
            Err(why) => json!({ "unknown": why }),
        });
        let update =
            self.changed().map(|it| it.update).or(self.parting.as_ref().map(|it| it.update));
        json!({
            "schema": "learn.bisect/1",
            "a": args.a.display().to_string(),
            "b": args.b.display().to_string(),
            "equal": self.is_equal(),
            "settings": self.settings,
            "equal_updates_to": self.equal,
            "update": update,
            "weights_changed": self.changed().is_some(),
            "parting": self.parting.as_ref().map(parting_json),
            "market": spot,
            "weights": self.weights.as_ref().map(Weights::json),
        })
    }
}

/// What two runs part through.
pub(super) fn parting_json(parting: &Parting) -> Value {
    json!({
        "update": parting.update,
        "what": parting.what.word(),
        "type": parting.kind.map(agents::Kind::name),
        "name": parting.name,
    })
}

impl Weights {
    fn rows(&self, are_all_shown: bool) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let shown = if are_all_shown { self.differences.len() } else { 1 };
        let mut name = format!("weights {}", self.update);
        for difference in self.differences.iter().take(shown) {
            rows.push((std::mem::take(&mut name), array_words(difference)));
        }
        let hidden = self.differences.len() - shown.min(self.differences.len());
        if 0 < hidden {
            rows.push((name, format!("{hidden} more arrays differ: --arrays lists them")));
        }
        for (is_told, run) in self.are_told.iter().zip(["A", "B"]) {
            if !is_told {
                let words =
                    format!("{run}'s checkpoint has not the weights that its train.log tells");
                rows.push((String::new(), words));
            }
        }
        rows
    }

    fn json(&self) -> Value {
        let arrays: Vec<_> = self
            .differences
            .iter()
            .map(|it| {
                let distance = it.distance.as_ref().map(|it| {
                    let [a, b] = it.numbers;
                    json!({
                        "first": it.first,
                        "a": a,
                        "b": b,
                        "bits": { "a": a.to_bits(), "b": b.to_bits() },
                        "differing": it.differing,
                        "of": it.len,
                        "l2": it.l2,
                        "max": it.max,
                    })
                });
                json!({
                    "type": it.kind.name(),
                    "is_weight": it.is_weight,
                    "array": it.name,
                    "distance": distance,
                })
            })
            .collect();
        let [a, b] = self.are_told;
        json!({ "update": self.update, "is_as_logged": { "a": a, "b": b }, "arrays": arrays })
    }
}

fn array_words(difference: &Difference) -> String {
    let part = if difference.is_weight { "" } else { "optimiser " };
    let name = format!("{} {part}{}", difference.kind.name(), difference.name);
    let Some(distance) = &difference.distance else {
        return format!("{name}: in one run alone, or of another shape");
    };
    let index: Vec<_> = distance.first.iter().map(u64::to_string).collect();
    let [a, b] = distance.numbers;
    format!(
        "{name} [{}]: {a} -> {b} (bits {:08x} -> {:08x}); {} of {} numbers, L2 {:.3e}",
        index.join(", "),
        a.to_bits(),
        b.to_bits(),
        distance.differing,
        distance.len,
        distance.l2
    )
}
