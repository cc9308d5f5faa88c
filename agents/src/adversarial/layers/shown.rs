//! What layers come to, for tables and warnings.

use std::fmt::Write as _;

use super::{Origin, Resolved, conversions, is_published};
use crate::adversarial::published::{Becomes, Does, PUBLISHED, Published};

/// Why a unit does nothing.
const NOTHING_SCALED: &str = "prices are in ticks, and none is given in the currency";

/// A native setting as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The setting.
    pub key: &'static str,
    /// Its canonical text.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// The published key that became this.
    pub from: Option<&'static str>,
    /// What it counts, or `1`.
    pub unit: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// A published key as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRow {
    /// The key.
    pub key: &'static str,
    /// Its canonical text.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// What it became, or why nothing.
    pub becomes: String,
}

impl Resolved {
    /// The preset.
    pub const fn preset(&self) -> &'static str {
        self.preset
    }

    /// Every native setting, in the order of the table.
    pub fn rows(&self) -> Vec<Row> {
        let rows = self.settings.values().filter_map(|(setting, value)| {
            let native = self.natives.get(setting.key)?;
            Some(Row {
                key: setting.key,
                value,
                origin: native.origin.clone(),
                from: native.from,
                unit: setting.unit,
                about: setting.about,
            })
        });
        rows.collect()
    }

    /// The published keys that have a say, in the order of their table: all that have a value when the
    /// preset is one of the published system's, otherwise those that were given.
    pub fn published_rows(&self) -> Vec<PublishedRow> {
        let rows = PUBLISHED.iter().filter_map(|published| {
            let value = self.published.get(published.key)?;
            let is_there = is_published(self.preset) && !value.text.is_empty();
            (is_there || 0 < value.rank).then(|| PublishedRow {
                key: published.key,
                value: value.text.clone(),
                origin: value.origin.clone(),
                becomes: self.becomes(published),
            })
        });
        rows.collect()
    }

    /// The seed, when a file or an override has one.
    pub fn seed(&self) -> Option<u64> {
        let seeds = PUBLISHED.iter().find(|it| matches!(it.does, Does::Seeds))?;
        let value = self.published.get(seeds.key).filter(|value| 0 < value.rank)?;
        value.text.parse().ok()
    }

    /// The value of a published key as canonical text, for whoever learns; `None` for one that has
    /// none.
    pub fn published(&self, key: &str) -> Option<&str> {
        let value = self.published.get(key)?;
        (!value.text.is_empty() || 0 < value.rank).then_some(value.text.as_str())
    }

    /// The given keys that do nothing here, each with its reason, in one text.
    pub fn warning(&self) -> Option<String> {
        let (mut count, mut learning, mut lines) = (0, Vec::new(), String::new());
        for published in PUBLISHED {
            let Some(value) = self.published.get(published.key).filter(|it| 0 < it.rank) else {
                continue;
            };
            match published.does {
                Does::Nothing(reason) => {
                    let (key, origin) = (published.key, &value.origin);
                    // Writing to a string does not fail.
                    let _ = write!(lines, "\n  {key} ({origin}): {reason}");
                    count += 1;
                }
                Does::Scales if self.scaled(published.key).is_empty() => {
                    let (key, origin) = (published.key, &value.origin);
                    let _ = write!(lines, "\n  {key} ({origin}): {NOTHING_SCALED}");
                    count += 1;
                }
                Does::Learning => learning.push(published.key),
                Does::Sets(_) | Does::Scales | Does::Seeds => {}
            }
        }
        if !learning.is_empty() {
            count += learning.len();
            let mut names: Vec<_> = learning.iter().map(|key| learning_name(key)).collect();
            names.dedup();
            let _ = write!(
                lines,
                "\n  {}: only training reads {}; policies are fixed here",
                names.join(", "),
                if learning.len() == 1 { "it" } else { "them" },
            );
        }
        let (keys, are) = if count == 1 { ("key", "is") } else { ("keys", "are") };
        (0 < count).then(|| format!("{count} {keys} {are} not used here:{lines}"))
    }

    /// The native settings that are made of values in this unit.
    fn scaled(&self, key: &str) -> Vec<&'static str> {
        let is_from = |published: &Published, native: &str| {
            self.natives.get(native).is_some_and(|it| it.from == Some(published.key))
        };
        let scaled = conversions().filter(|(published, native, becomes)| {
            becomes.scales().contains(&key) && is_from(published, native)
        });
        scaled.map(|(_, native, _)| native).collect()
    }

    /// What a published key became.
    fn becomes(&self, published: &Published) -> String {
        match published.does {
            Does::Nothing(reason) => format!("not used: {reason}"),
            Does::Learning => "read by training".to_owned(),
            Does::Seeds => "seed of all draws".to_owned(),
            Does::Scales => {
                let scaled = self.scaled(published.key);
                if scaled.is_empty() {
                    return format!("not used: {NOTHING_SCALED}");
                }
                format!("the unit of {}", scaled.join(", "))
            }
            Does::Sets(sets) => {
                let told = sets.iter().map(|(native, how)| self.became(published, native, *how));
                told.collect::<Vec<_>>().join("; ")
            }
        }
    }

    fn became(&self, published: &Published, native: &'static str, how: Becomes) -> String {
        let words = how.words();
        let words = if words.is_empty() { String::new() } else { format!(" ({words})") };
        match self.natives.get(native) {
            Some(it) if it.from == Some(published.key) => {
                format!("{native} = {}{words}", it.text)
            }
            Some(it) => format!("{native}, which {} sets to {}", it.origin, it.text),
            None => native.to_owned(),
        }
    }
}

/// A key of learning, or its table where all keys are of learning.
fn learning_name(key: &str) -> String {
    let (table, _) = key.split_once('.').unwrap_or((key, ""));
    let is_within = |it: &&Published| it.key.split('.').next() == Some(table);
    let mut within = PUBLISHED.iter().filter(is_within);
    let is_whole = table != key && within.all(|it| matches!(it.does, Does::Learning));
    if is_whole { format!("{table}.*") } else { key.to_owned() }
}
