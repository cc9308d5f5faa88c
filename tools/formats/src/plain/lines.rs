//! Lines with their numbers, bounded in length.

use std::io::{BufRead, Read};

use super::error::{PlainError, Wrong};

/// Longest line, its end included.
const LINE_BYTES_MAX: u64 = 4096;

/// One line without its end.
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    pub(super) text: String,
}

/// Reads lines; blank ones are passed over.
pub(super) struct Lines<R> {
    source: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, number: 0 }
    }

    /// The next line that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line>, PlainError> {
        loop {
            let mut bytes = Vec::new();
            self.number += 1;
            let fail = |what| PlainError { line: self.number, what };
            let mut bounded = Read::take(&mut self.source, LINE_BYTES_MAX);
            bounded
                .read_until(b'\n', &mut bytes)
                .map_err(|error| fail(Wrong::Unreadable(error)))?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let text = String::from_utf8(bytes).map_err(|_| fail(Wrong::NotUtf8))?;
            let Some(line) = text.strip_suffix('\n') else {
                let is_long = text.len() as u64 == LINE_BYTES_MAX;
                let what =
                    if is_long { Wrong::TooLong(LINE_BYTES_MAX) } else { Wrong::Unterminated };
                return Err(fail(what));
            };
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !line.is_empty() {
                return Ok(Some(Line { number: self.number, text: line.to_owned() }));
            }
        }
    }
}
