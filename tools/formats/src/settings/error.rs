//! Why a configuration file cannot be read.

use crate::settings::{DEPTH_MAX, FILE_BYTES_MAX, NODES_MAX, Spot};

/// A file that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {what}", spot.line, spot.column)]
pub struct SettingsError {
    /// Where.
    pub spot: Spot,
    /// Why.
    pub what: Fault,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Longer than any configuration.
    #[error("longer than {FILE_BYTES_MAX} bytes: no configuration")]
    TooLong,
    /// No text.
    #[error("not UTF-8")]
    NotUtf8,
    /// Not YAML.
    #[error("not YAML: {}", shown(.0))]
    Yaml(String),
    /// Not TOML.
    #[error("not TOML: {}", shown(.0))]
    Toml(String),
    /// A key that is there already.
    #[error("`{}` is set twice", shown(.0))]
    Twice(String),
    /// An anchor, an alias or a merge key: no setting needs one, and few make a file huge.
    #[error("anchors, aliases and merge keys are not read; write the value out")]
    Anchor,
    /// Tables and lists within each other.
    #[error("more than {DEPTH_MAX} tables and lists within each other")]
    TooDeep,
    /// More settings than there are.
    #[error("more than {NODES_MAX} keys and values")]
    TooMany,
    /// A further document.
    #[error("a second document; one file holds one")]
    Documents,
    /// A file that is a scalar or a list.
    #[error("no table of settings, such as `seed: 42`")]
    NoTable,
    /// A list in a list, or a table in one.
    #[error("`{}` is a list with a list or a table in it; only numbers and words can be", shown(.0))]
    Nested(String),
    /// A value of no kind that a setting has.
    #[error("`{}` is {what}: no setting is", shown(key))]
    NoScalar {
        /// The setting.
        key: String,
        /// What it is instead.
        what: &'static str,
    },
}

/// A text out of a file without control characters, and not too long.
fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 120;
    let clean = |char: char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char };
    let mut shown: String = text.trim().chars().take(CHARS_MAX).map(clean).collect();
    if CHARS_MAX < text.chars().count() {
        shown.push('…');
    }
    shown
}
