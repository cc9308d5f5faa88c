//! Decimal numbers of parameters: exact in text and in memory, so that no float is ever printed or
//! parsed.

use std::fmt;

use crate::number;

/// A number in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i64);

/// Digits after the point.
const DIGITS: usize = 6;
/// Millionths in 1.
const ONE: i64 = 1_000_000;
/// Digits before the point that a text may have.
const WHOLE_DIGITS_MAX: usize = 12;

impl Decimal {
    /// 0.
    pub const ZERO: Self = Self(0);

    /// A number of millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// A whole number below 10^12.
    pub const fn from_whole(whole: i64) -> Self {
        Self(whole * ONE)
    }

    /// The number in millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The number without what stands after its point.
    pub const fn whole(self) -> i64 {
        self.0 / ONE
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        number::from_integer(self.0) / number::from_integer(ONE)
    }

    /// Reads `12`, `0.35` or `-4.5`: digits, then if wanted a point and one to six digits.
    /// `None` for any other text, such as `.5`, `+1` or `1e3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        if WHOLE_DIGITS_MAX < whole.len() || DIGITS < part.len() {
            return None;
        }
        let scale = part.bytes().fold(ONE, |scale, _| scale / 10);
        Some(Self(sign * (parse_digits(whole)? * ONE + parse_digits(part)? * scale)))
    }
}

fn parse_digits(text: &str) -> Option<i64> {
    let are_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.bytes().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')))
}

/// The shortest text that [`Decimal::parse`] reads as this number.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, part) = (size / ONE.unsigned_abs(), size % ONE.unsigned_abs());
        write!(f, "{sign}{whole}")?;
        if part == 0 {
            return Ok(());
        }
        write!(f, ".{}", format!("{part:0DIGITS$}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn decimals_are_read_exactly_and_written_shortest() {
        for (text, millionths, shortest) in [
            ("0", 0, "0"),
            ("-0", 0, "0"),
            ("12", 12_000_000, "12"),
            ("0.35", 350_000, "0.35"),
            ("0.350", 350_000, "0.35"),
            ("-4.5", -4_500_000, "-4.5"),
            ("0.000001", 1, "0.000001"),
            ("999999999999.999999", 999_999_999_999_999_999, "999999999999.999999"),
        ] {
            let decimal = Decimal::parse(text).unwrap();
            assert_eq!(decimal.millionths(), millionths, "{text}");
            assert_eq!(decimal.to_string(), shortest);
        }
    }

    #[test]
    fn what_is_not_a_decimal() {
        for text in
            ["", "-", ".", ".5", "5.", "+1", "1e3", "1,5", " 1", "1.2.3", "0.1234567", "٣", "--1"]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse("1000000000000"), None, "thirteen digits");
    }
}
