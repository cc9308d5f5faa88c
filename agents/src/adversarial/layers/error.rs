//! Why layers are refused: where, which key, and what would be accepted.

use std::fmt;

use crate::adversarial::SettingsError;
use crate::adversarial::layers::Origin;
use crate::adversarial::published::ConvertError;

/// Layers that were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}", Place(origin))]
pub struct LayersError {
    /// Where; a preset, when it is about the whole.
    pub origin: Origin,
    /// Why.
    pub what: Box<Fault>,
}

impl LayersError {
    pub(super) fn new(origin: Origin, what: Fault) -> Self {
        Self { origin, what: Box::new(what) }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is no preset of this name.
    #[error("{}", shown(&.0.to_string()))]
    Preset(SettingsError),
    /// A text sets nothing.
    #[error("`{}` is not of the form KEY=VALUE", shown(.0))]
    NoSetting(String),
    /// There is no key of this name, published or native.
    #[error("no key `{}`{}", shown(key), suggestion(near))]
    UnknownKey {
        /// The name.
        key: String,
        /// The nearest names, nearest first.
        near: Vec<&'static str>,
    },
    /// A key cannot have this value.
    #[error("`{}` is no value of `{key}`: {accepted}", shown(value))]
    BadValue {
        /// The key.
        key: &'static str,
        /// The value as given.
        value: String,
        /// What would be accepted.
        accepted: String,
    },
    /// A value stands where a table is due.
    #[error("`{}` is a table of settings and has no value of its own", shown(.0))]
    Table(String),
    /// A value has no counterpart in native units.
    #[error("`{key}` of {value} becomes no `{native}`: {why}")]
    Convert {
        /// The published key.
        key: &'static str,
        /// Its value.
        value: String,
        /// The native setting.
        native: &'static str,
        /// Why.
        why: ConvertError,
    },
    /// A value becomes one that the native setting does not take.
    #[error("`{key}` of {value} comes to `{native}` of {becomes}, which takes {accepted}")]
    Becomes {
        /// The published key.
        key: &'static str,
        /// Its value.
        value: String,
        /// The native setting.
        native: &'static str,
        /// What it would become.
        becomes: String,
        /// What the native setting accepts.
        accepted: String,
    },
    /// Published keys that cannot all hold.
    #[error("`{key}` of {value} contradicts `{other}` of {bound}: {why}")]
    Contradiction {
        /// The key that was given last.
        key: &'static str,
        /// Its value.
        value: String,
        /// The one that it does not fit.
        other: &'static str,
        /// The other's value.
        bound: String,
        /// The rule.
        why: &'static str,
    },
    /// Native settings that cannot all hold.
    #[error(transparent)]
    Settings(SettingsError),
}

/// Where, as a message begins.
struct Place<'a>(&'a Origin);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Origin::Preset(_) => Ok(()),
            Origin::File { name, line } => write!(f, "{}: line {line}: ", shown(name)),
            Origin::Override(text) => write!(f, "--override {}: ", shown(text)),
        }
    }
}

/// A text out of a file or a command line without control characters, and not too long.
pub(super) fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 160;
    let clean = |char: char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char };
    let mut shown: String = text.chars().take(CHARS_MAX).map(clean).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) }
}
