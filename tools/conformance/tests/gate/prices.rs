//! Whose price a trade has, and prices and quantities at the ends of their range.

use crate::case;

#[test]
fn a_trade_has_the_makers_price_in_both_directions() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 10 @105 ioc
          taken buy 2 10 @105
          2 meets 1: 10 @100
          - | -
        buy 3 10 @200
          taken buy 3 10 @200
          200 x10 | -
        sell 4 10 @195 ioc
          taken sell 4 10 @195
          4 meets 3: 10 @200
          - | -
        ",
    );
}

#[test]
fn a_price_far_from_all_others_is_kept() {
    case(
        "
        sell 1 10 @200000
          taken sell 1 10 @200000
          - | 200000 x10
        buy 2 10 @200000 ioc
          taken buy 2 10 @200000
          2 meets 1: 10 @200000
          - | -
        ",
    );
}

#[test]
fn prices_may_be_zero_and_negative() {
    // They are signed in the contract.
    case(
        "
        buy 1 10 @-7
          taken buy 1 10 @-7
          -7 x10 | -
        sell 2 10 @0
          taken sell 2 10 @0
          -7 x10 | 0 x10
        buy 3 3 @0 ioc
          taken buy 3 3 @0
          3 meets 2: 3 @0
          -7 x10 | 0 x7
        sell 4 4 @-7 ioc
          taken sell 4 4 @-7
          4 meets 1: 4 @-7
          -7 x6 | 0 x7
        ",
    );
}

#[test]
fn prices_reach_as_far_as_half_the_kernels_range() {
    case(
        "
        buy 1 1 @-1073741823
          taken buy 1 1 @-1073741823
          -1073741823 x1 | -
        sell 2 1 @1073741823
          taken sell 2 1 @1073741823
          -1073741823 x1 | 1073741823 x1
        buy 3 1 @1073741823 ioc
          taken buy 3 1 @1073741823
          3 meets 2: 1 @1073741823
          -1073741823 x1 | -
        sell 4 1 @-1073741823 ioc
          taken sell 4 1 @-1073741823
          4 meets 1: 1 @-1073741823
          - | -
        ",
    );
}

#[test]
fn an_order_that_cannot_be_held_is_dropped() {
    // There is no refusal of a new order in the contract.
    case(
        "
        buy 1 10 @-1073741824
          taken buy 1 10 @-1073741824
          gone buy 1 10 @-1073741824
          - | -
        sell 2 10 @1073741824
          taken sell 2 10 @1073741824
          gone sell 2 10 @1073741824
          - | -
        buy 3 0 @100
          taken buy 3 0 @100
          gone buy 3 0 @100
          - | -
        buy 4 4294967295 @100
          taken buy 4 4294967295 @100
          gone buy 4 4294967295 @100
          - | -
        sell 5 1 @-9223372036854775808
          taken sell 5 1 @-9223372036854775808
          gone sell 5 1 @-9223372036854775808
          - | -
        cancel 1
          no 1 to cancel
          - | -
        ",
    );
}
