//! Lines and numbers of the two files, read as text to integers: no float touches a field.

use std::io::{BufRead, Read};
use std::num::{IntErrorKind, NonZeroUsize, ParseIntError};

use kernel::{Price, Qty, TimeNs};

use super::error::{Column, File, LobsterError, Problem};

/// Most bytes of a line, its end included: more than 2,000 levels.
pub(super) const LINE_BYTES_MAX: usize = 1 << 16;

const NANOS_PER_SECOND: u64 = 1_000_000_000;
const DECIMALS_MAX: usize = 9;

/// Hands every line, without its end, to `take`, and says where a problem occurred.
///
/// * `rows_max` - lines after so many are not read at all.
pub(super) fn for_each_row(
    file: File,
    mut reader: impl BufRead,
    rows_max: Option<NonZeroUsize>,
    mut take: impl FnMut(&str) -> Result<(), Problem>,
) -> Result<(), LobsterError> {
    let mut bytes = Vec::new();
    let mut line = 0_u64;
    let mut rows = 0_usize;
    while rows_max.is_none_or(|max| rows < max.get()) {
        line += 1;
        bytes.clear();
        let mut bounded = Read::take(&mut reader, LINE_BYTES_MAX as u64);
        bounded.read_until(b'\n', &mut bytes).map_err(|source| LobsterError::Io {
            file,
            line,
            source,
        })?;
        if bytes.is_empty() && 0 < rows {
            break;
        }
        text_of(&bytes).and_then(&mut take).map_err(|problem| LobsterError::Malformed {
            file,
            line,
            problem,
        })?;
        rows += 1;
    }
    Ok(())
}

fn text_of(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    let Some(text) = bytes.strip_suffix(b"\n") else {
        return Err(if bytes.len() == LINE_BYTES_MAX {
            Problem::TooLong { max: LINE_BYTES_MAX }
        } else {
            Problem::Unterminated
        });
    };
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.is_empty() {
        return Err(Problem::Blank);
    }
    std::str::from_utf8(text).map_err(|_| Problem::NotUtf8)
}

/// A whole number between two bounds, both included.
pub(super) fn integer(text: &str, column: Column, min: i64, max: i64) -> Result<i64, Problem> {
    if text.starts_with('+') {
        return Err(Problem::NotANumber { column });
    }
    match text.parse::<i64>() {
        Ok(number) if min <= number && number <= max => Ok(number),
        Err(error) if !is_overflow(&error) => Err(Problem::NotANumber { column }),
        Ok(_) | Err(_) => Err(Problem::OutOfRange { column, min, max }),
    }
}

fn is_overflow(error: &ParseIntError) -> bool {
    matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow)
}

/// A price that an order can have.
pub(super) fn price(text: &str, column: Column) -> Result<Price, Problem> {
    let (min, max) = (i64::from(Price::MIN.ticks()), i64::from(Price::MAX.ticks()));
    let number = integer(text, column, min, max)?;
    let in_range = u32::try_from(number).ok().and_then(|ticks| Price::new(ticks).ok());
    in_range.ok_or(Problem::OutOfRange { column, min, max })
}

/// A size that an order or an occupied level can have.
pub(super) fn qty(text: &str, column: Column) -> Result<Qty, Problem> {
    let (min, max) = (i64::from(Qty::MIN.lots()), i64::from(Qty::MAX.lots()));
    let number = integer(text, column, min, max)?;
    let in_range = u32::try_from(number).ok().and_then(|lots| Qty::new(lots).ok());
    in_range.ok_or(Problem::OutOfRange { column, min, max })
}

/// Seconds with up to nine decimals, trailing zeros cut or not, as nanoseconds.
pub(super) fn time(text: &str) -> Result<TimeNs, Problem> {
    let column = Column::Time;
    let (seconds, decimals) = match text.split_once('.') {
        Some((seconds, decimals)) => (seconds, Some(decimals)),
        None => (text, None),
    };
    let is_digits =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_digits(seconds) || decimals.is_some_and(|decimals| !is_digits(decimals)) {
        return Err(Problem::NotANumber { column });
    }
    let decimals = decimals.unwrap_or("0");
    let Some(padding) = DECIMALS_MAX.checked_sub(decimals.len()) else {
        return Err(Problem::TooFine { column });
    };
    let max = i64::MAX;
    let too_large = Problem::OutOfRange { column, min: 0, max };
    let scale = (0..padding).fold(1, |scale, _| scale * 10);
    let nanos = decimals.parse::<u64>().map_err(|_| too_large)? * scale;
    let seconds = seconds.parse::<u64>().map_err(|_| too_large)?;
    let total = seconds.checked_mul(NANOS_PER_SECOND).and_then(|total| total.checked_add(nanos));
    total.filter(|total| *total <= max.unsigned_abs()).map(TimeNs).ok_or(too_large)
}
