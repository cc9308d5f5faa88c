//! The few places where a float becomes an integer or the other way round: exact on every target.

/// The largest integer that is not above `x`, within the range of an `i64`; 0 for NaN.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and NaN becomes 0")]
pub(crate) fn floor(x: f64) -> i64 {
    let whole = x as i64;
    whole.saturating_sub(i64::from(x < from_integer(whole)))
}

/// The smallest integer that is not below `x`; otherwise as [`floor`].
pub(crate) fn ceil(x: f64) -> i64 {
    floor(-x).saturating_neg()
}

/// The nearest integer, the upper one of two; otherwise as [`floor`].
pub(crate) fn round(x: f64) -> i64 {
    floor(x + 0.5)
}

/// An integer as a float: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "no caller's integers reach 2^53")]
pub(crate) fn from_integer(x: i64) -> f64 {
    x as f64
}

/// An integer as 32 bits, the nearest one there is.
pub(crate) fn narrow(x: i64) -> i32 {
    let nearest = if x < 0 { i32::MIN } else { i32::MAX };
    i32::try_from(x).unwrap_or(nearest)
}

#[cfg(test)]
mod tests {
    use super::{ceil, floor, narrow, round};

    #[test]
    fn integers_beside_a_float() {
        for (x, below, above, nearest) in [
            (0.0, 0, 0, 0),
            (0.5, 0, 1, 1),
            (-0.5, -1, 0, 0),
            (-2.0, -2, -2, -2),
            (-2.25, -3, -2, -2),
            (7.75, 7, 8, 8),
        ] {
            assert_eq!((floor(x), ceil(x), round(x)), (below, above, nearest), "{x}");
        }
    }

    #[test]
    fn what_no_integer_can_hold_is_the_nearest() {
        assert_eq!(floor(1e30), i64::MAX);
        assert_eq!(ceil(-1e30), -i64::MAX);
        assert_eq!(floor(f64::NAN), 0);
        assert_eq!(narrow(1 << 40), i32::MAX);
        assert_eq!(narrow(-(1 << 40)), i32::MIN);
    }
}
