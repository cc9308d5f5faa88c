//! Numbers as texts. Every float ends at an integer here, so that a page is the same on every target.

/// A sum, a price difference or a place; rounded to the nearest float beyond 2^53.
#[expect(clippy::cast_precision_loss, reason = "rounding to nearest is meant")]
pub(crate) const fn real(number: i64) -> f64 {
    number as f64
}

/// Cash and volumes; rounded to the nearest float beyond 2^53.
#[expect(clippy::cast_precision_loss, reason = "rounding to nearest is meant")]
pub(crate) const fn big(number: i128) -> f64 {
    number as f64
}

/// A number of things.
#[expect(clippy::cast_precision_loss, reason = "no list holds 2^53 things")]
pub(crate) const fn count(things: usize) -> f64 {
    things as f64
}

/// The nearest integer; the nearest there is for what lies beyond, 0 for no number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit becomes the nearest that does"
)]
pub(crate) fn nearest(value: f64) -> i64 {
    libm::round(value) as i64
}

/// The whole part of a place in a list; 0 for what is negative or no number.
#[expect(clippy::cast_possible_truncation, reason = "the whole part is meant")]
#[expect(clippy::cast_sign_loss, reason = "clamped to 0 first")]
pub(crate) fn place(position: f64) -> usize {
    position.max(0.0) as usize
}

/// 10 to a whole power.
pub(crate) fn power_of_ten(exponent: i32) -> f64 {
    let size = (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if exponent < 0 { 1.0 / size } else { size }
}

/// The power of ten that a size begins with; 0 for 0 and what is no number.
pub(crate) fn magnitude(value: f64) -> i32 {
    let size = value.abs();
    if !size.is_finite() || size == 0.0 {
        return 0;
    }
    i32::try_from(nearest(libm::floor(libm::log10(size)))).unwrap_or(0)
}

/// Digits in groups of three, from five digits on.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if 0 < place && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A number of units of 10^−`digits`.
pub(crate) fn decimal(units: i64, digits: u32) -> String {
    let sign = if units < 0 { "−" } else { "" };
    let scale = 10_u64.saturating_pow(digits);
    let (whole, part) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    let whole = grouped(whole);
    match digits as usize {
        0 => format!("{sign}{whole}"),
        width => format!("{sign}{whole}.{part:0width$}"),
    }
}

/// A number with so many digits after the point.
pub(crate) fn fixed(value: f64, digits: u32) -> String {
    let exponent = i32::try_from(digits).unwrap_or(0);
    decimal(nearest(value * power_of_ten(exponent)), digits)
}

/// A number to three digits, as a sentence wants it; `none` for no number.
pub(crate) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-5..1e15).contains(&value.abs()) {
        return format!("{value:.2e}").replace('-', "−");
    }
    // Rounded first, so that 9.996 has the digits of 10.
    let digits = 2 - magnitude(value);
    let scale = power_of_ten(digits);
    let digits = 2 - magnitude(libm::round(value * scale) / scale);
    fixed(value, u32::try_from(digits).unwrap_or(0))
}

/// A share as percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{}\u{a0}%", short(100.0 * share))
}

/// A change as percent, with its sign.
pub(crate) fn change(share: f64) -> String {
    let sign = if 0.0 < share { "+" } else { "" };
    format!("{sign}{}", percent(share))
}

/// A place in a drawing, in tenths of its unit.
pub(crate) fn tenths(value: f64) -> i64 {
    nearest(value * 10.0).clamp(-1_000_000, 1_000_000)
}

/// A place in a drawing as text.
pub(crate) fn coordinate(value: f64) -> String {
    of_tenths(tenths(value))
}

/// So many tenths, without a point where there are none.
pub(crate) fn of_tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, part) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    if part == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits() {
        let values = [0.0, 0.012_34, 0.5, 9.996, 12.345, -123.4, 1234.5, 12_345.0, 2e-9, 3e20];
        let expected = [
            "0",
            "0.0123",
            "0.500",
            "10.0",
            "12.3",
            "−123",
            "1235",
            "12\u{202f}345",
            "2.00e−9",
            "3.00e20",
        ];
        assert_eq!(values.map(short), expected);
        assert_eq!((short(f64::NAN), short(f64::INFINITY)), ("none".to_owned(), "none".to_owned()));
        assert_eq!(
            (change(0.0712), change(-0.5)),
            ("+7.12\u{a0}%".to_owned(), "−50.0\u{a0}%".to_owned())
        );
    }

    #[test]
    fn coordinates_are_tenths() {
        let values = [0.0, 1.04, 1.05, -0.04, -3.25, f64::NAN, f64::INFINITY];
        assert_eq!(values.map(coordinate), ["0", "1", "1.1", "0", "-3.3", "0", "100000"]);
    }

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!([999, 9_999, 10_000].map(grouped), ["999", "9999", "10\u{202f}000"]);
        assert_eq!((decimal(-5, 2), decimal(12_345, 1)), ("−0.05".to_owned(), "1234.5".to_owned()));
    }
}
