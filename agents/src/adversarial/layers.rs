//! Preset, files and overrides on top of each other, and where each value came from.
//!
//! Layers count in their order: the preset, files as they are given, overrides as they are given. Each
//! may use keys of the published system ([`PUBLISHED`]) and native ones ([`SETTINGS`]). A published key sets the native settings that it becomes, in its layer; a native
//! key in the same layer counts more. Where a unit changes later, such as
//! [`TICK_SIZE`](super::published::TICK_SIZE), what published keys became is made anew.

use std::collections::BTreeMap;
use std::fmt;

use super::published::{Becomes, DEBUG, Does, PUBLISHED, Published};
use super::{SETTINGS, Setting, Settings, SettingsError};

mod check;
mod error;
mod shown;
#[cfg(test)]
mod tests;

pub use error::{Fault, LayersError};
pub use shown::{PublishedRow, Row};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The preset of this name.
    Preset(&'static str),
    /// A line of a file.
    File {
        /// The file, as its reader called it.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// An override, `key=value`.
    Override(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preset(name) => write!(f, "preset {name}"),
            Self::File { name, line } => write!(f, "{} line {line}", error::shown(name)),
            Self::Override(_) => f.write_str("--override"),
        }
    }
}

/// A value that a layer gives.
#[derive(Clone, Debug)]
struct Given {
    key: String,
    text: String,
    origin: Origin,
}

/// The layers of a market's settings.
#[derive(Clone, Debug)]
pub struct Layers {
    preset: &'static str,
    base: Settings,
    /// In the order in which they count.
    given: Vec<Vec<Given>>,
}

/// What layers come to, and where each value came from.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    preset: &'static str,
    natives: BTreeMap<&'static str, Native>,
    published: BTreeMap<&'static str, Value>,
}

/// The value of a native setting so far.
#[derive(Clone, Debug)]
struct Native {
    text: String,
    origin: Origin,
    /// The layer, from 1; 0 for the preset.
    rank: usize,
    /// The published key that became this.
    from: Option<&'static str>,
}

/// The value of a published key so far.
#[derive(Clone, Debug)]
struct Value {
    text: String,
    origin: Origin,
    /// As of [`Native`].
    rank: usize,
}

impl Layers {
    /// A preset alone.
    ///
    /// # Errors
    /// [`Fault::Preset`].
    pub fn new(preset: &str) -> Result<Self, LayersError> {
        let named = super::PRESETS.iter().find(|name| **name == preset).copied();
        let origin = Origin::Preset(named.unwrap_or_default());
        let base = Settings::preset(preset)
            .map_err(|error| LayersError::new(origin, Fault::Preset(error)))?;
        Ok(Self { preset: named.unwrap_or_default(), base, given: Vec::new() })
    }

    /// Adds a file.
    ///
    /// * `name` - what messages call it;
    /// * `pairs` - its keys and values as texts, each with its line.
    #[must_use]
    pub fn file(
        mut self,
        name: &str,
        pairs: impl IntoIterator<Item = (String, String, usize)>,
    ) -> Self {
        let given = |(key, text, line)| {
            let origin = Origin::File { name: name.to_owned(), line };
            Given { key, text, origin }
        };
        self.given.push(pairs.into_iter().map(given).collect());
        self
    }

    /// Adds an override, `KEY=VALUE`. Every one counts, of two with one key the later.
    ///
    /// # Errors
    /// [`Fault::NoSetting`].
    pub fn set(mut self, setting: &str) -> Result<Self, LayersError> {
        let origin = Origin::Override(setting.to_owned());
        let Some((key, text)) = setting.split_once('=') else {
            let what = Fault::NoSetting(setting.to_owned());
            return Err(LayersError::new(Origin::Preset(self.preset), what));
        };
        let (key, text) = (key.trim().to_owned(), text.trim().to_owned());
        self.given.push(vec![Given { key, text, origin }]);
        Ok(self)
    }

    /// The settings that come out.
    ///
    /// # Errors
    /// With the place: [`Fault::UnknownKey`] with the nearest names, [`Fault::BadValue`],
    /// [`Fault::Table`], [`Fault::Convert`], [`Fault::Becomes`], [`Fault::Contradiction`],
    /// [`Fault::Settings`].
    pub fn resolve(&self) -> Result<Resolved, LayersError> {
        let mut resolved = Resolved::of_preset(self.preset, &self.base);
        for (rank, layer) in (1..).zip(&self.given) {
            resolved.apply(layer, rank)?;
        }
        resolved.settle()?;
        resolved.check_published()?;
        Ok(resolved)
    }
}

/// Each native setting that a published key becomes, with the conversion.
fn conversions() -> impl Iterator<Item = (&'static Published, &'static str, Becomes)> {
    PUBLISHED.iter().flat_map(|published| {
        let sets = match published.does {
            Does::Sets(sets) => sets,
            Does::Scales | Does::Seeds | Does::Learning | Does::Nothing(_) => &[],
        };
        sets.iter().map(move |(native, becomes)| (published, *native, *becomes))
    })
}

/// Whether a preset is one of the published system's files.
fn is_published(preset: &str) -> bool {
    matches!(preset, "published" | "debug")
}

impl Resolved {
    fn of_preset(preset: &'static str, base: &Settings) -> Self {
        let origin = Origin::Preset(preset);
        let changed: &[_] = if preset == "debug" { DEBUG } else { &[] };
        let text_of = |published: &Published| {
            let changed = changed.iter().find(|(key, _)| *key == published.key);
            changed.map_or(published.default, |(_, text)| text).to_owned()
        };
        let value = |it: &Published| Value { text: text_of(it), origin: origin.clone(), rank: 0 };
        let from = |key: &str| {
            let by = conversions().find(|(_, native, _)| *native == key);
            by.filter(|_| is_published(preset)).map(|(published, ..)| published.key)
        };
        let native = |key: &str, text: String| Native {
            text,
            origin: origin.clone(),
            rank: 0,
            from: from(key),
        };
        Self {
            settings: base.clone(),
            preset,
            natives: base.values().map(|(it, text)| (it.key, native(it.key, text))).collect(),
            published: PUBLISHED.iter().map(|it| (it.key, value(it))).collect(),
        }
    }

    /// Puts a layer on top.
    fn apply(&mut self, layer: &[Given], rank: usize) -> Result<(), LayersError> {
        let mut natives: Vec<(&'static Setting, &Given)> = Vec::new();
        for given in layer {
            let fail = |what| LayersError::new(given.origin.clone(), what);
            if let Some(published) = Published::find(&given.key) {
                let Some(text) = published.kind.canonical(&given.text) else {
                    return Err(fail(Fault::BadValue {
                        key: published.key,
                        value: given.text.clone(),
                        accepted: published.kind.accepted(),
                    }));
                };
                let value = Value { text, origin: given.origin.clone(), rank };
                self.published.insert(published.key, value);
            } else if let Some(setting) = SETTINGS.iter().find(|it| it.key == given.key) {
                natives.push((setting, given));
            } else if !Published::is_table(&given.key) {
                let near = Published::near(&given.key);
                return Err(fail(Fault::UnknownKey { key: given.key.clone(), near }));
            } else if given.text != EMPTY_TABLE {
                return Err(fail(Fault::Table(given.key.clone())));
            }
        }
        for (published, native, becomes) in conversions() {
            self.convert(published, native, becomes, rank)?;
        }
        for (setting, given) in natives {
            let (text, origin) = (given.text.clone(), given.origin.clone());
            self.natives.insert(setting.key, Native { text, origin, rank, from: None });
        }
        Ok(())
    }

    /// Makes a native setting out of a published key, when this layer gives a reason to.
    fn convert(
        &mut self,
        published: &'static Published,
        native: &'static str,
        becomes: Becomes,
        rank: usize,
    ) -> Result<(), LayersError> {
        let given = |key: &str| self.published.get(key).filter(|value| value.rank == rank);
        let is_from = self.natives.get(native).is_some_and(|it| it.from == Some(published.key));
        let by_scale = || becomes.scales().iter().find_map(|key| given(key)).filter(|_| is_from);
        let Some(reason) = given(published.key).or_else(by_scale) else { return Ok(()) };
        let origin = reason.origin.clone();
        let text_of = |key: &str| self.published.get(key).map_or("", |value| value.text.as_str());
        let (value, setting) = (text_of(published.key), setting_of(native));
        let text = becomes.convert(value, setting, text_of).map_err(|why| {
            let (key, value) = (published.key, value.to_owned());
            LayersError::new(origin.clone(), Fault::Convert { key, value, native, why })
        })?;
        self.natives.insert(native, Native { text, origin, rank, from: Some(published.key) });
        Ok(())
    }

    /// Looks whether settings take their values, each and together.
    fn settle(&mut self) -> Result<(), LayersError> {
        let texts = self.natives.iter().map(|(key, native)| (*key, native.text.as_str()));
        let texts: Vec<_> = texts.collect();
        let mut settings = self.settings.clone();
        if let Err(error) = settings.set_all(texts) {
            return Err(self.locate(error));
        }
        self.settings = settings;
        Ok(())
    }

    /// Finds what a fault of native settings is about.
    fn locate(&self, error: SettingsError) -> LayersError {
        let named: &[&str] = match &error {
            SettingsError::BadValue { setting, .. } => {
                let key = setting.key;
                if let Some(native) = self.natives.get(key) {
                    return self.bad_value(setting, native);
                }
                &[]
            }
            SettingsError::Contradiction { low, high } => &[*low, *high],
            SettingsError::Latency => &[
                "latency.customers_ms",
                "latency.maker_ms",
                "latency.arbitrageur_ms",
                "episode.step_ms",
            ],
            SettingsError::UnknownPreset { .. }
            | SettingsError::UnknownKey { .. }
            | SettingsError::NoSetting { .. }
            | SettingsError::Missing { .. } => &[],
        };
        // Of those that do not fit together, the one that was given last.
        let last = named.iter().filter_map(|key| self.natives.get(key)).max_by_key(|it| it.rank);
        let origin = last.map_or(Origin::Preset(self.preset), |native| native.origin.clone());
        LayersError::new(origin, Fault::Settings(error))
    }

    fn bad_value(&self, setting: &'static Setting, native: &Native) -> LayersError {
        let accepted = setting.accepted();
        let what = match native.from {
            None => Fault::BadValue { key: setting.key, value: native.text.clone(), accepted },
            Some(key) => Fault::Becomes {
                key,
                value: self.published.get(key).map_or_else(String::new, |it| it.text.clone()),
                native: setting.key,
                becomes: native.text.clone(),
                accepted,
            },
        };
        LayersError::new(native.origin.clone(), what)
    }
}

/// The value of a table that sets nothing.
const EMPTY_TABLE: &str = "{}";

fn setting_of(key: &'static str) -> &'static Setting {
    match super::setting(key) {
        Ok(setting) => setting,
        Err(_) => unreachable!("published keys become native settings, which a test holds"),
    }
}
