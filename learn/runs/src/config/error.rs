//! Why a configuration is refused: where, which setting, and what would be accepted.

use std::fmt;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A preset, or nowhere: the configuration as a whole.
    Whole,
    /// A line of a file.
    File {
        /// The file, as its reader called it.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// An override, `key=value`.
    Override(String),
    /// A parameter of a log's genesis.
    Genesis,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::File { name, line } => write!(f, "{name}: line {line}: "),
            Self::Override(text) => write!(f, "override `{text}`: "),
            Self::Genesis => f.write_str("genesis: "),
        }
    }
}

/// A configuration that was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{what}")]
pub struct ConfigError {
    /// Where.
    pub place: Place,
    /// Why.
    pub what: Fault,
}

impl ConfigError {
    pub(crate) const fn whole(what: Fault) -> Self {
        Self { place: Place::Whole, what }
    }
}

/// What is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Not UTF-8, or longer than any configuration.
    #[error("{0}")]
    NoText(&'static str),
    /// The file is no TOML.
    #[error("{}", clean(.0))]
    Toml(String),
    /// There is no preset of this name.
    #[error("no preset `{}`{}; there are: {}", shown(name), suggestion(near), preset_names())]
    UnknownPreset {
        /// The name.
        name: String,
        /// The nearest names.
        near: Vec<&'static str>,
    },
    /// There is no setting of this name.
    #[error("no setting `{}`{}", shown(key), suggestion(near))]
    UnknownKey {
        /// The name.
        key: String,
        /// The nearest names, nearest first.
        near: Vec<&'static str>,
    },
    /// A text sets nothing.
    #[error("`{}` is not of the form KEY=VALUE", shown(.0))]
    NoSetting(String),
    /// A setting cannot have this value.
    #[error("`{}` is no value of `{key}`: {accepted}", shown(value))]
    BadValue {
        /// The setting.
        key: String,
        /// The value as given.
        value: String,
        /// What would be accepted.
        accepted: String,
    },
    /// A parameter of the market is none, or cannot have its value.
    #[error("market.parameters: {}", clean(&.0.to_string()))]
    Market(agents::ConfigError),
    /// The length of markets is set elsewhere.
    #[error(
        "`market.parameters.steps` is set by `train.life` and, in evaluations, `evaluate.steps`"
    )]
    Steps,
    /// A list of all settings lacks one.
    #[error("the setting `{0}` is missing")]
    Missing(String),
    /// Settings that cannot all hold.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

/// Settings that cannot all hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` contradicts `{other}`: {why}")]
pub struct Contradiction {
    /// The setting to change.
    pub key: &'static str,
    /// The one that it does not fit.
    pub other: &'static str,
    /// Why, with the numbers.
    pub why: String,
}

/// A text out of a file or a command line without control characters, and not too long.
fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 80;
    let is_longer = CHARS_MAX < text.chars().count();
    let kept: String = text.chars().take(CHARS_MAX).collect();
    let mut shown = clean(&kept);
    if is_longer {
        shown.push('…');
    }
    shown
}

/// A text without control characters.
fn clean(text: &str) -> String {
    let clean = |char: char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char };
    text.chars().map(clean).collect()
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) }
}

fn preset_names() -> String {
    let names: Vec<_> = super::PRESETS.iter().map(|preset| preset.name).collect();
    names.join(", ")
}
