//! `metrics.jsonl`: the figures of every update, an object a line.
//!
//! ```text
//! {"schema":"learn.metrics/1","update":12,"maker/entropy":0.93,"market/spread":3.75}
//! ```
//!
//! Names follow in their order. A number is the shortest that is read as the same; one that JSON has
//! not (infinity, no number) is `null`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Number, Value};

/// What every line is.
pub const SCHEMA: &str = "learn.metrics/1";
/// Longest file that is read.
pub const BYTES_MAX: usize = 1 << 28;
/// Longest name.
pub const NAME_BYTES_MAX: usize = 64;

/// The figures of an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The update, from 1.
    pub update: u64,
    /// Figures by name: `A-Z a-z 0-9 - _ . /`, but `schema` and `update`.
    pub figures: BTreeMap<String, f64>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The rows, ascending by update.
    pub rows: Vec<Row>,
    /// Bytes of them.
    pub bytes: usize,
    /// Bytes behind them of a line whose end was never written.
    pub torn_bytes: usize,
}

/// Why rows cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricsError {
    /// A line that is no row.
    #[error("line {line}: {what}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A name that a figure cannot have.
    #[error(
        "a figure's name is 1 to 64 characters of A-Z a-z 0-9 - _ . / and not schema or update"
    )]
    Name,
    /// A longer file than any run writes.
    #[error("{0} bytes of metrics; at most {BYTES_MAX}")]
    TooLong(usize),
}

impl Row {
    /// The line, with its end.
    ///
    /// # Errors
    /// [`MetricsError::Name`].
    pub fn line(&self) -> Result<String, MetricsError> {
        let mut line = format!("{{\"schema\":\"{SCHEMA}\",\"update\":{}", self.update);
        for (name, figure) in &self.figures {
            if !is_name(name) {
                return Err(MetricsError::Name);
            }
            let figure = Number::from_f64(*figure).map_or(Value::Null, Value::Number);
            // Writing to a string does not fail.
            let _ = write!(line, ",\"{name}\":{figure}");
        }
        line.push_str("}\n");
        Ok(line)
    }

    fn parse(line: &str) -> Result<Self, &'static str> {
        let Ok(Value::Object(members)) = serde_json::from_str(line) else {
            return Err("no JSON object");
        };
        if members.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
            return Err("not of the schema learn.metrics/1");
        }
        let update = members.get("update").and_then(Value::as_u64).ok_or("no `update`")?;
        let mut row = Self { update, figures: BTreeMap::new() };
        for (name, value) in members {
            if name == "schema" || name == "update" {
                continue;
            }
            let number = if value.is_null() { Some(f64::NAN) } else { value.as_f64() };
            let figure = number.ok_or("a figure that is no number")?;
            if !is_name(&name) {
                return Err("a name that no figure has");
            }
            row.figures.insert(name, figure);
        }
        Ok(row)
    }
}

/// Reads a file.
///
/// # Errors
/// [`MetricsError::Line`] for a whole line that is no row, or whose update does not follow;
/// [`MetricsError::TooLong`].
pub fn read(bytes: &[u8]) -> Result<Rows, MetricsError> {
    if BYTES_MAX < bytes.len() {
        return Err(MetricsError::TooLong(bytes.len()));
    }
    let mut read = Rows::default();
    for (line, text) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        let refused = |what| MetricsError::Line { line, what };
        let Some(whole) = text.strip_suffix(b"\n") else {
            read.torn_bytes = text.len();
            break;
        };
        let whole = std::str::from_utf8(whole).map_err(|_| refused("not UTF-8"))?;
        let row = Row::parse(whole).map_err(refused)?;
        if read.rows.last().is_some_and(|last| row.update <= last.update) {
            return Err(refused("its update does not follow the one before"));
        }
        read.bytes += text.len();
        read.rows.push(row);
    }
    Ok(read)
}

/// The rows of a file up to an update, as bytes.
///
/// # Errors
/// As [`read`].
pub fn until(bytes: &[u8], update: u64) -> Result<&[u8], MetricsError> {
    let read = read(bytes)?;
    let count = read.rows.iter().filter(|row| row.update <= update).count();
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(count);
    let kept = lines.map(<[u8]>::len).sum();
    Ok(bytes.get(..kept).unwrap_or_default())
}

fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    let is_reserved = name == "schema" || name == "update";
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.bytes().all(is_allowed) && !is_reserved
}

#[cfg(test)]
mod tests;
