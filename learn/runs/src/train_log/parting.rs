//! Where two runs part, and through what.

use std::collections::BTreeMap;
use std::fmt;

use agents::Kind;
use replay::Digest;

use crate::train_log::{TrainLog, UpdateRecord, is_setting};

/// What two runs part through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// They start from different seeds or settings.
    Genesis,
    /// The markets came to different heads. What was seen and drawn there may differ too: which was
    /// first, the market logs tell.
    Market,
    /// In equal markets, from equal weights, something else was seen, drawn or computed.
    Sampling,
    /// From equal weights and samples, other weights were learned.
    Gradient,
    /// Everything is equal but a figure.
    Metric,
    /// One of the runs has no such update.
    Length,
}

impl What {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Market => "market",
            Self::Sampling => "sampling",
            Self::Gradient => "gradient",
            Self::Metric => "metric",
            Self::Length => "length",
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The first difference of two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The update; 0 for the genesis and for what was there before the first.
    pub update: u64,
    /// Through what.
    pub what: What,
    /// The type, of sampling and gradient.
    pub kind: Option<Kind>,
    /// The setting of a genesis or the name of a figure.
    pub name: Option<String>,
}

/// The first difference of two runs: their settings, not the machine's kind or a parent, then as
/// [`first_parting_update`]. `None` for equal runs.
pub fn first_parting(a: &TrainLog, b: &TrainLog) -> Option<Parting> {
    let setting = differing_parameters(a, b).into_iter().find(|it| is_setting(it));
    let is_of_genesis = setting.is_some();
    let of_genesis = Parting { update: 0, what: What::Genesis, kind: None, name: setting };
    is_of_genesis.then_some(of_genesis).or_else(|| first_parting_update(&a.updates, &b.updates))
}

/// The parameters of the genesis that differ, by name; `seed` too where only the genesis' own does.
pub fn differing_parameters(a: &TrainLog, b: &TrainLog) -> Vec<String> {
    let (one, other) = (&a.genesis.parameters, &b.genesis.parameters);
    let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
    let mut keys: Vec<_> = keys.filter(|key| one.get(*key) != other.get(*key)).cloned().collect();
    if a.genesis.seed != b.genesis.seed && !keys.iter().any(|key| key == "seed") {
        keys.push("seed".to_owned());
    }
    keys.sort_unstable();
    keys
}

/// The first difference of two runs' updates in the order of causes: update k draws with the weights
/// of update k − 1, in markets that it moves, and learns from that. Cost: in proportion to updates.
pub fn first_parting_update(a: &[UpdateRecord], b: &[UpdateRecord]) -> Option<Parting> {
    if let Some(parting) = a.iter().zip(b).find_map(|(a, b)| part(a, b)) {
        return Some(parting);
    }
    let longer = if a.len() < b.len() { b } else { a };
    let first = longer.get(a.len().min(b.len()))?;
    Some(Parting { update: first.update, what: What::Length, kind: None, name: None })
}

fn part(a: &UpdateRecord, b: &UpdateRecord) -> Option<Parting> {
    let parting = |what, kind, name| {
        let update = a.update.min(b.update);
        Some(Parting { update, what, kind, name })
    };
    if a.update != b.update {
        // Only one of them tells what was there before the first update.
        return parting(What::Length, None, None);
    }
    if a.market != b.market {
        return parting(What::Market, None, None);
    }
    for (what, a, b) in
        [(What::Sampling, &a.sampling, &b.sampling), (What::Gradient, &a.gradient, &b.gradient)]
    {
        if let Some(kind) = differing_kind(a, b) {
            return parting(what, Some(kind), None);
        }
    }
    let bits = |record: &UpdateRecord, name: &str| record.metrics.get(name).map(|it| it.to_bits());
    let mut names: Vec<_> = a.metrics.keys().chain(b.metrics.keys()).collect();
    names.sort_unstable();
    let name = names.into_iter().find(|name| bits(a, name) != bits(b, name))?;
    parting(What::Metric, None, Some(name.clone()))
}

fn differing_kind(a: &BTreeMap<Kind, Digest>, b: &BTreeMap<Kind, Digest>) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| a.get(kind) != b.get(kind))
}
