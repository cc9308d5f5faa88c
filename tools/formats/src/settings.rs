//! Settings out of configuration files: YAML or TOML in, dotted keys with texts and lines out.
//!
//! Both formats come to the same list, so whoever knows what a setting accepts needs to look at
//! texts alone, as of a command line. A table is only a way to write keys: `a: {b: 1}`, `a.b: 1` and
//! `[a]`, `b = 1` are one setting, `a.b`.
//!
//! * numbers: whole ones in decimal digits (`3_000_000` is 3000000, `0x10` is 16), others as the
//!   shortest decimal text of the nearest float, never with an exponent (`3.0e-4` is 0.0003);
//! * `true`, `false`, `null`; texts as they are;
//! * a list of scalars: `[market, limit]`; words that are more than letters, digits and `_ - + . /`
//!   in quotes;
//! * an empty table, which sets nothing: `{}`.

use std::collections::BTreeSet;

mod error;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

pub use error::{Fault, SettingsError};

/// Longest file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = 1 << 20;
/// Most keys, values and items of lists in a file.
pub const NODES_MAX: usize = 10_000;
/// Most tables and lists within each other.
pub const DEPTH_MAX: usize = 16;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML, of one document, without anchors and merge keys.
    Yaml,
    /// TOML.
    Toml,
}

impl Format {
    /// The format of a file's name: `.yaml`, `.yml` or `.toml`.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Line, from 1.
    pub line: usize,
    /// Character of the line, from 1.
    pub column: usize,
}

/// What a file sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Dotted key.
    pub key: String,
    /// The value as text.
    pub text: String,
    /// Where the key stands.
    pub spot: Spot,
}

/// Reads what a file sets, in its order.
///
/// # Errors
/// With line and column: [`Fault::TooLong`], [`Fault::NotUtf8`], [`Fault::Yaml`] or [`Fault::Toml`],
/// [`Fault::Twice`], [`Fault::Anchor`], [`Fault::TooDeep`], [`Fault::TooMany`],
/// [`Fault::Documents`], [`Fault::NoTable`], [`Fault::Nested`], [`Fault::NoScalar`].
pub fn read(format: Format, bytes: &[u8]) -> Result<Vec<Pair>, SettingsError> {
    let first = Spot { line: 1, column: 1 };
    if FILE_BYTES_MAX < bytes.len() {
        return Err(SettingsError { spot: first, what: Fault::TooLong });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let spot = end_of(&String::from_utf8_lossy(before));
        SettingsError { spot, what: Fault::NotUtf8 }
    })?;
    match format {
        Format::Yaml => yaml::read(text),
        Format::Toml => toml::read(text),
    }
}

/// The place behind a text.
fn end_of(text: &str) -> Spot {
    let last = text.rsplit('\n').next().unwrap_or_default();
    Spot { line: 1 + text.matches('\n').count(), column: 1 + last.chars().count() }
}

/// What was read so far.
#[derive(Debug, Default)]
struct Pairs {
    pairs: Vec<Pair>,
    keys: BTreeSet<String>,
}

impl Pairs {
    fn add(&mut self, key: String, text: String, spot: Spot) -> Result<(), SettingsError> {
        if self.keys.insert(key.clone()) {
            self.pairs.push(Pair { key, text, spot });
            return Ok(());
        }
        Err(SettingsError { spot, what: Fault::Twice(key) })
    }
}

/// A key within a table.
fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The text of a list of texts of scalars.
fn list(items: &[String]) -> String {
    let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", items.join(", "))
}

fn quoted(item: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "_-+./".contains(char);
    if !item.is_empty() && item.chars().all(is_plain) {
        item.to_owned()
    } else {
        format!("{item:?}")
    }
}
