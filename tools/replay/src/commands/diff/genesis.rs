//! What two logs start from, and whether one is a fork of the other.

use std::collections::BTreeMap;

use cli::Failure;
use kernel::ClientId;
use replay::{Genesis, Parent};
use serde_json::Value;

use super::difference::{Field, Which};
use crate::args::Log;
use crate::commands::info::genesis_json;
use crate::commands::open;

/// Every field in which two geneses differ. Texts are the producer's own, not escaped.
pub(crate) fn differences(a: &Genesis, b: &Genesis) -> Vec<Field> {
    let mut fields = Vec::new();
    fields.extend(Field::between("producer", &a.producer, &b.producer));
    fields.extend(Field::between("seed", &a.seed, &b.seed));
    fields.extend(by_key("parameter ", &a.parameters, &b.parameters));
    let (one, other) = (genesis_json(a), genesis_json(b));
    for (section, name) in [("limits", "limit "), ("rules", "rule ")] {
        fields.extend(by_key(name, &texts(&one[section]), &texts(&other[section])));
    }
    fields.extend(by_key("endowment of client ", &endowments(a), &endowments(b)));
    fields.extend(by_key("exemption of client ", &exempt(a), &exempt(b)));
    let parent = |genesis: &Genesis| {
        genesis.parent.map_or_else(
            || "none".to_owned(),
            |Parent { seal, entry, head }| format!("entry {entry}, head {head}, seal {seal}"),
        )
    };
    fields.extend(Field::between("parent", &parent(a), &parent(b)));
    fields
}

fn by_key<K: Ord + ToString>(
    name: &str,
    a: &BTreeMap<K, String>,
    b: &BTreeMap<K, String>,
) -> Vec<Field> {
    let mut keys: Vec<&K> = a.keys().chain(b.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let value = |map: &BTreeMap<K, String>, key: &K| {
        map.get(key).map_or_else(|| "none".to_owned(), Clone::clone)
    };
    let differ = keys.into_iter().filter(|key| a.get(key) != b.get(key));
    differ
        .map(|key| Field::new(&format!("{name}{}", key.to_string()), value(a, key), value(b, key)))
        .collect()
}

/// The fields of an object of numbers, flags and words.
fn texts(object: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fields = object.as_object().into_iter().flatten();
    fields.map(|(key, value)| (key.clone(), text(value))).collect()
}

fn endowments(genesis: &Genesis) -> BTreeMap<u32, String> {
    let text = |position: i64, cash: i128| format!("position {position}, cash {cash}");
    let list = genesis.market.endowments.iter();
    list.map(|it| (it.client.0, text(it.position, it.cash))).collect()
}

fn exempt(genesis: &Genesis) -> BTreeMap<u32, String> {
    genesis.market.exempt.iter().map(|ClientId(client)| (*client, "exempt".to_owned())).collect()
}

/// How two logs are related by the parents that they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinship {
    /// This log is a fork of the other: up to this entry they are one.
    Fork { child: Which, entry: u64 },
    /// Both left one log at the same entry.
    Siblings { entry: u64 },
}

/// How two logs are related; `None` when neither names the other or a common parent.
///
/// # Errors
/// Those of reading a log up to the entry of the parent.
pub(super) fn kinship(logs: &[Log; 2], geneses: [&Genesis; 2]) -> Result<Option<Kinship>, Failure> {
    for child in Which::BOTH {
        if let Some(parent) = geneses[child.index()].parent
            && is_at(&logs[child.other().index()], &parent)?
        {
            return Ok(Some(Kinship::Fork { child, entry: parent.entry }));
        }
    }
    let [a, b] = geneses.map(|genesis| genesis.parent);
    Ok(a.filter(|_| a == b).map(|parent| Kinship::Siblings { entry: parent.entry }))
}

/// Whether a log is what a fork names as its parent.
fn is_at(log: &Log, parent: &Parent) -> Result<bool, Failure> {
    let found = Parent::find(&mut open(log)?, parent.entry);
    let found = found.map_err(|error| Failure::log(&log.path, &error))?;
    Ok(found.as_ref() == Some(parent))
}
