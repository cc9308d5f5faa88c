//! Integers as floats, and floats as places in a list: each conversion once, with its reason.

/// A number of things.
#[expect(clippy::cast_precision_loss, reason = "no list holds 2^53 things")]
pub(crate) const fn count(things: usize) -> f64 {
    things as f64
}

/// A sum or a price difference; rounded to the nearest float beyond 2^53.
#[expect(clippy::cast_precision_loss, reason = "rounding to nearest is meant")]
pub(crate) const fn real(number: i64) -> f64 {
    number as f64
}

/// A time, a volume or a sum of them; rounded to the nearest float beyond 2^53.
#[expect(clippy::cast_precision_loss, reason = "rounding to nearest is meant")]
pub(crate) const fn whole(number: u128) -> f64 {
    number as f64
}

/// An exact sum of powers, rounded once.
#[expect(clippy::cast_precision_loss, reason = "the one rounding of an exact sum")]
pub(crate) const fn rounded(number: i128) -> f64 {
    number as f64
}

/// The whole part of a place in a list; 0 for what is negative or no number.
#[expect(clippy::cast_possible_truncation, reason = "the whole part is meant")]
#[expect(clippy::cast_sign_loss, reason = "clamped to 0 first")]
pub(crate) fn place(position: f64) -> usize {
    position.max(0.0) as usize
}
