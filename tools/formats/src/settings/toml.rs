//! TOML.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{DEPTH_MAX, Fault, NODES_MAX, Pair, Pairs, SettingsError, Spot};

pub(super) fn read(text: &str) -> Result<Vec<Pair>, SettingsError> {
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let spot = super::end_of(text.get(..start).unwrap_or_default());
        SettingsError { spot, what: Fault::Toml(error.message().to_owned()) }
    })?;
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let breaks = breaks.map(|(at, _)| at).collect();
    let mut walk = Walk { text, breaks, nodes: 0, pairs: Pairs::default() };
    walk.table(table.get_ref(), "", 1)?;
    let mut pairs = walk.pairs.pairs;
    // Tables come by name; a file is told in its order.
    pairs.sort_by_key(|pair| (pair.spot.line, pair.spot.column));
    Ok(pairs)
}

/// A walk over the tables of a file.
struct Walk<'a> {
    text: &'a str,
    /// Where its lines end.
    breaks: Vec<usize>,
    nodes: usize,
    pairs: Pairs,
}

impl Walk<'_> {
    fn table(
        &mut self,
        table: &DeTable<'_>,
        path: &str,
        depth: usize,
    ) -> Result<(), SettingsError> {
        for (name, value) in table {
            let (key, spot) = (super::join(path, name.get_ref()), self.spot(&name.span()));
            self.count(spot)?;
            if DEPTH_MAX < depth {
                return Err(SettingsError { spot, what: Fault::TooDeep });
            }
            match value.get_ref() {
                DeValue::Table(inner) if inner.is_empty() => {
                    self.pairs.add(key, "{}".to_owned(), spot)?;
                }
                DeValue::Table(inner) => self.table(inner, &key, depth + 1)?,
                DeValue::Array(items) => {
                    let text = self.list(items, &key, spot)?;
                    self.pairs.add(key, text, spot)?;
                }
                DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_) => {
                    let text = scalar(value.get_ref(), &key, spot)?;
                    self.pairs.add(key, text, spot)?;
                }
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        items: &[Spanned<DeValue<'_>>],
        key: &str,
        spot: Spot,
    ) -> Result<String, SettingsError> {
        let mut texts = Vec::new();
        for item in items {
            self.count(spot)?;
            texts.push(scalar(item.get_ref(), key, spot)?);
        }
        Ok(super::list(&texts))
    }

    fn count(&mut self, spot: Spot) -> Result<(), SettingsError> {
        self.nodes += 1;
        let is_within = self.nodes <= NODES_MAX;
        is_within.then_some(()).ok_or(SettingsError { spot, what: Fault::TooMany })
    }

    fn spot(&self, span: &Range<usize>) -> Spot {
        let line = self.breaks.partition_point(|at| *at < span.start);
        let start = line.checked_sub(1).and_then(|line| self.breaks.get(line));
        let start = start.map_or(0, |at| at + 1);
        let before = self.text.get(start..span.start).unwrap_or_default();
        Spot { line: line + 1, column: before.chars().count() + 1 }
    }
}

fn scalar(value: &DeValue<'_>, key: &str, spot: Spot) -> Result<String, SettingsError> {
    let no_scalar =
        |what| SettingsError { spot, what: Fault::NoScalar { key: key.to_owned(), what } };
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => integer(number).ok_or_else(|| no_scalar("too large a number")),
        DeValue::Float(number) => {
            let number: Result<f64, _> = number.as_str().parse();
            Ok((number.map_err(|_| no_scalar("no number"))? + 0.0).to_string())
        }
        DeValue::Boolean(flag) => Ok(flag.to_string()),
        DeValue::Datetime(_) => Err(no_scalar("a date")),
        DeValue::Array(_) | DeValue::Table(_) => {
            Err(SettingsError { spot, what: Fault::Nested(key.to_owned()) })
        }
    }
}

fn integer(number: &DeInteger<'_>) -> Option<String> {
    let number = i128::from_str_radix(number.as_str(), number.radix()).ok()?;
    Some(number.to_string())
}
