//! Daily closes as FRED and Yahoo Finance give them: CSV with a header line and a date first.
//!
//! FRED: `observation_date,SP500` (or `DATE,…`), one value, `.` or nothing where there is none.
//! Yahoo: `Date,Open,High,Low,Close,Adj Close,Volume`, `null` where there is none; the adjusted close
//! is taken where there is one. Days without a value are passed over.

use std::io::{self, BufRead};

/// A series of closes.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Date of the first close, as the file has it.
    pub first: String,
    /// Date of the last.
    pub last: String,
    /// Closes in the order of time, all above 0.
    pub closes: Vec<f64>,
}

/// Why a file is no series of daily closes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DailyError {
    /// The device failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A line is wrong.
    #[error("line {line}: {what}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it, and what would be right.
        what: String,
    },
    /// There is no close.
    #[error("no close in the file")]
    Empty,
}

/// Longest line.
const LINE_BYTES_MAX: u64 = 4_096;
/// Most closes: several centuries of days.
const CLOSES_MAX: usize = 100_000;

/// Reads a series.
///
/// # Errors
/// [`DailyError`], with the line.
pub fn read(mut source: impl BufRead) -> Result<Series, DailyError> {
    let wrong = |line, what: String| DailyError::Line { line, what };
    let header = next_line(&mut source, 1)?.ok_or(DailyError::Empty)?;
    let columns: Vec<_> = header.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
    let column = column_of(&columns).map_err(|what| wrong(1, what))?;
    let mut series = Series { first: String::new(), last: String::new(), closes: Vec::new() };
    for number in 2.. {
        let Some(line) = next_line(&mut source, number)? else { break };
        if line.trim().is_empty() {
            continue;
        }
        let fields: Vec<_> = line.split(',').map(str::trim).collect();
        if fields.len() != columns.len() {
            let (have, want) = (fields.len(), columns.len());
            return Err(wrong(number, format!("{have} fields, the header has {want}")));
        }
        let date = fields[0];
        if !is_date(date) {
            return Err(wrong(number, format!("`{date}` is no date YYYY-MM-DD")));
        }
        if !series.last.is_empty() && date <= series.last.as_str() {
            let last = &series.last;
            return Err(wrong(number, format!("{date} does not come after {last}")));
        }
        let field = fields[column];
        if ["", ".", "null"].contains(&field) {
            continue;
        }
        let close = field.parse().ok().filter(|close: &f64| close.is_finite() && 0.0 < *close);
        let Some(close) = close else {
            return Err(wrong(number, format!("`{field}` is no close: a number above 0")));
        };
        if series.closes.len() == CLOSES_MAX {
            return Err(wrong(number, format!("more than {CLOSES_MAX} closes")));
        }
        if series.first.is_empty() {
            date.clone_into(&mut series.first);
        }
        date.clone_into(&mut series.last);
        series.closes.push(close);
    }
    if series.closes.is_empty() { Err(DailyError::Empty) } else { Ok(series) }
}

fn next_line(source: &mut impl BufRead, number: usize) -> Result<Option<String>, DailyError> {
    let mut bytes = Vec::new();
    let read = io::Read::take(source, LINE_BYTES_MAX + 1).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if LINE_BYTES_MAX < read as u64 {
        let what = format!("longer than {LINE_BYTES_MAX} bytes");
        return Err(DailyError::Line { line: number, what });
    }
    match String::from_utf8(bytes) {
        Ok(line) => Ok(Some(line)),
        Err(_) => Err(DailyError::Line { line: number, what: "not UTF-8".to_owned() }),
    }
}

/// Which column has the close.
fn column_of(columns: &[String]) -> Result<usize, String> {
    if !["date", "observation_date"].contains(&columns[0].trim_start_matches('\u{feff}')) {
        return Err("a header begins with `date` or `observation_date`".to_owned());
    }
    let find = |name| columns.iter().position(|column| column == name);
    match (find("adj close"), find("close"), columns.len()) {
        (Some(column), _, _) | (None, Some(column), _) => Ok(column),
        (None, None, 2) => Ok(1),
        (None, None, _) => Err("no column `close`, and more than one value".to_owned()),
    }
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        match read(text.as_bytes()) {
            Ok(Series { first, last, closes }) => format!("{first} to {last}: {closes:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn fred_and_yahoo_are_read() {
        let fred = "observation_date,SP500\n2024-01-02,4742.83\n2024-01-03,.\n2024-01-04,4688.68\n";
        assert_eq!(check(fred), "2024-01-02 to 2024-01-04: [4742.83, 4688.68]");
        let yahoo = "Date,Open,High,Low,Close,Adj Close,Volume\r\n2024-01-02,1,2,1,10,9.5,100\r\n\
                     2024-01-03,null,null,null,null,null,null\r\n2024-01-04,1,2,1,11,10.5,100\r\n";
        assert_eq!(check(yahoo), "2024-01-02 to 2024-01-04: [9.5, 10.5]");
        assert_eq!(check("DATE,X\n2024-01-02,1"), "2024-01-02 to 2024-01-02: [1.0]");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, expected) in [
            ("", "no close in the file"),
            ("date,close\n", "no close in the file"),
            ("day,close\n", "line 1: a header begins with `date` or `observation_date`"),
            ("date,open,high\n", "line 1: no column `close`, and more than one value"),
            ("date,close\n2024-01-02\n", "line 2: 1 fields, the header has 2"),
            ("date,close\n02/01/2024,5\n", "line 2: `02/01/2024` is no date YYYY-MM-DD"),
            ("date,close\n2024-01-02,five\n", "line 2: `five` is no close: a number above 0"),
            ("date,close\n2024-01-02,0\n", "line 2: `0` is no close: a number above 0"),
            ("date,close\n2024-01-02,NaN\n", "line 2: `NaN` is no close: a number above 0"),
            (
                "date,close\n2024-01-03,5\n\n2024-01-02,5\n",
                "line 4: 2024-01-02 does not come after 2024-01-03",
            ),
        ] {
            assert_eq!(check(text), expected, "{text:?}");
        }
        let long = format!("date,close\n2024-01-02,{}\n", "1".repeat(5_000));
        assert_eq!(check(&long), "line 2: longer than 4096 bytes");
        let bytes = b"date,close\n2024-01-02,\xff\n";
        assert!(read(&bytes[..]).is_err_and(|error| error.to_string() == "line 2: not UTF-8"));
    }
}
