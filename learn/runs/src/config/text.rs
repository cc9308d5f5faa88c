//! The configuration as TOML: read with lines, written in one form.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::ops::Range;

use agents::config::Decimal;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::config::error::{ConfigError, Fault, Place};
use crate::config::layers::Given;
use crate::config::{Config, Domain, MARKET, SETTINGS, Setting};

/// Longest file that is read.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// The table of the market's parameters.
const MARKET_TABLE: &str = "market.parameters";

/// Reads the values of a file, each with its line; their texts are not looked at yet.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Given>, ConfigError> {
    let at = |line, what| ConfigError { place: Place::File { name: name.to_owned(), line }, what };
    if FILE_BYTES_MAX < bytes.len() {
        return Err(at(1, Fault::NoText("too long for a configuration")));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| at(line(bytes, error.valid_up_to()), Fault::NoText("not UTF-8")))?;
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        at(line(bytes, start), Fault::Toml(error.message().trim().to_owned()))
    })?;
    let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let breaks = breaks.map(|(at, _)| at).collect();
    let mut walk = Walk { name, text, breaks, given: Vec::new(), keys: BTreeSet::new() };
    walk.table(table.get_ref(), "")?;
    walk.given.sort_by_key(|(at, _)| *at);
    Ok(walk.given.into_iter().map(|(_, given)| given).collect())
}

fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// A walk over the tables of a file.
struct Walk<'a> {
    name: &'a str,
    text: &'a str,
    /// Where its lines end.
    breaks: Vec<usize>,
    /// By offset.
    given: Vec<(usize, Given)>,
    keys: BTreeSet<String>,
}

impl Walk<'_> {
    fn table(&mut self, table: &DeTable<'_>, path: &str) -> Result<(), ConfigError> {
        for (key, value) in table {
            let full = if path.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{path}.{}", key.get_ref())
            };
            let Some(inner) = value.get_ref().as_table() else {
                self.value(full, key.span(), value)?;
                continue;
            };
            let is_parameter = full.starts_with(MARKET) && !inner.is_empty();
            if !is_parameter && !is_table(&full) {
                let near = near(&full);
                return Err(self.error(&key.span(), Fault::UnknownKey { key: full, near }));
            }
            self.table(inner, &full)?;
        }
        Ok(())
    }

    fn value(
        &mut self,
        key: String,
        span: Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), ConfigError> {
        if !self.keys.insert(key.clone()) {
            return Err(self.error(&span, Fault::Toml(format!("`{key}` is set twice"))));
        }
        let text = if key.starts_with(MARKET) {
            scalar(value.get_ref()).ok_or_else(|| "a number or a text".to_owned())
        } else if let Some(setting) = Setting::find(&key) {
            text_of(value.get_ref(), &setting.domain).ok_or_else(|| setting.domain.accepted())
        } else if is_table(&key) {
            let value = self.text.get(value.span()).unwrap_or_default().to_owned();
            let accepted = format!("a table of settings, [{key}]");
            return Err(self.error(&span, Fault::BadValue { key, value, accepted }));
        } else {
            let near = near(&key);
            return Err(self.error(&span, Fault::UnknownKey { key, near }));
        };
        match text {
            Ok(text) => {
                let place = self.place(&span);
                self.given.push((span.start, Given { key, text, place }));
                Ok(())
            }
            Err(accepted) => {
                let value = self.text.get(value.span()).unwrap_or_default().to_owned();
                Err(self.error(&span, Fault::BadValue { key, value, accepted }))
            }
        }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let line = 1 + self.breaks.partition_point(|at| *at < span.start);
        Place::File { name: self.name.to_owned(), line }
    }

    fn error(&self, span: &Range<usize>, what: Fault) -> ConfigError {
        ConfigError { place: self.place(span), what }
    }
}

/// Whether settings stand in a table of this name.
fn is_table(name: &str) -> bool {
    name == MARKET_TABLE || SETTINGS.iter().any(|setting| setting.group() == name)
}

/// The settings and tables whose names are nearest to an unknown one.
fn near(key: &str) -> Vec<&'static str> {
    let groups = SETTINGS.iter().map(Setting::group).filter(|group| !group.is_empty());
    let mut names: Vec<_> = groups.chain([MARKET_TABLE]).collect();
    names.dedup();
    names.extend(SETTINGS.iter().map(|setting| setting.key));
    agents::config::near_among(key, names.into_iter())
}

/// The text of a value of the type that a domain asks for.
fn text_of(value: &DeValue<'_>, domain: &Domain) -> Option<String> {
    match (domain, value) {
        (Domain::Whole { .. }, DeValue::Integer(number)) => integer(number),
        (Domain::Number { .. }, DeValue::Integer(_) | DeValue::Float(_))
        | (Domain::Flag, DeValue::Boolean(_))
        | (Domain::Choice(_), DeValue::String(_)) => scalar(value),
        (Domain::Wholes { .. } | Domain::Seeds { .. }, DeValue::Array(values)) => {
            let texts = values.iter().map(|value| integer(value.get_ref().as_integer()?));
            Some(texts.collect::<Option<Vec<_>>>()?.join(" "))
        }
        (Domain::Kinds, DeValue::Array(values)) => {
            let is_word = |word: &&str| !word.contains([' ', ',', '"', '[', ']']);
            let words = values.iter().map(|value| value.get_ref().as_str().filter(is_word));
            Some(words.collect::<Option<Vec<_>>>()?.join(" "))
        }
        _ => None,
    }
}

/// The text of a number, a word or a flag.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => integer(number),
        DeValue::Float(number) => {
            let number: f64 = number.as_str().parse().ok()?;
            Some((number + 0.0).to_string())
        }
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn integer(number: &DeInteger<'_>) -> Option<String> {
    let number = i128::from_str_radix(number.as_str(), number.radix()).ok()?;
    Some(number.to_string())
}

/// The canonical TOML: every setting and parameter, in one order and form.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = "";
        for setting in SETTINGS {
            if setting.group() != group {
                if group == "market" {
                    self.write_market(f)?;
                }
                group = setting.group();
                write!(f, "\n[{group}]\n")?;
            }
            let name = setting.key.rsplit('.').next().unwrap_or(setting.key);
            writeln!(f, "{name} = {}", setting.domain.toml(&(setting.get)(self)))?;
        }
        Ok(())
    }
}

impl Config {
    fn write_market(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n[{MARKET_TABLE}]\n")?;
        for (name, text) in self.market_parameters() {
            write!(f, "\"{name}\" = ")?;
            if Decimal::parse(&text).is_some() {
                writeln!(f, "{text}")?;
            } else {
                writeln!(f, "{}", quoted(&text))?;
            }
        }
        Ok(())
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            // Writing to a string does not fail.
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
