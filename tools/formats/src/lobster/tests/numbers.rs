//! Fields: text to integers, at the ends of every range.

use kernel::{Price, TimeNs};

use crate::lobster::text;
use crate::lobster::{Column, Problem};

const NOT_A_TIME: Problem = Problem::NotANumber { column: Column::Time };

#[test]
fn times_are_exact_with_and_without_trailing_zeros() {
    for (field, nanos) in [
        ("0", 0),
        ("0.000000001", 1),
        ("34200", 34_200_000_000_000),
        ("34200.0", 34_200_000_000_000),
        ("34200.00426064", 34_200_004_260_640),
        ("34200.004260640", 34_200_004_260_640),
        ("57599.999999999", 57_599_999_999_999),
        // An f64 has no room for this one: it would end in 808.
        ("9223372036.854775807", 9_223_372_036_854_775_807),
    ] {
        assert_eq!(text::time(field), Ok(TimeNs(nanos)), "{field}");
    }
}

#[test]
fn times_that_are_not_decimal_numbers() {
    for field in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1 ", "0x1", "1.2.3", "1.-5"]
    {
        assert_eq!(text::time(field), Err(NOT_A_TIME), "{field:?}");
    }
}

#[test]
fn times_finer_than_a_nanosecond_or_later_than_the_range() {
    let too_fine = Problem::TooFine { column: Column::Time };
    assert_eq!(text::time("34200.0000000000"), Err(too_fine));
    let out_of_range = Problem::OutOfRange { column: Column::Time, min: 0, max: i64::MAX };
    for field in ["9223372036.854775808", "18446744073709551616", "99999999999999999999999"] {
        assert_eq!(text::time(field), Err(out_of_range), "{field}");
    }
}

#[test]
fn prices_and_sizes_are_1_to_2_pow_31_less_1() {
    let column = Column::Price;
    let out_of_range = Err(Problem::OutOfRange { column, min: 1, max: 2_147_483_647 });
    assert_eq!(text::price("1", column), Ok(Price::MIN));
    assert_eq!(text::price("2147483647", column), Ok(Price::MAX));
    for field in ["0", "-1", "2147483648", "4294967297", "-99999999999999999999"] {
        assert_eq!(text::price(field, column), out_of_range, "{field}");
        assert!(text::qty(field, column).is_err(), "{field}");
    }
    for field in ["", "1.0", "+1", "1e2", "ten", " 1", "--1"] {
        assert_eq!(text::price(field, column), Err(Problem::NotANumber { column }), "{field:?}");
    }
}
