//! A modify is a cancel and a new arrival: it trades, it keeps others' places, it can be refused.

use crate::case;

#[test]
fn a_modify_into_the_other_side_trades() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 10 @99
          taken buy 2 10 @99
          99 x10 | 100 x10
        modify 2 10 @100
          changed buy 2 10 @100
          2 meets 1: 10 @100
          - | -
        ",
    );
}

#[test]
fn a_modify_past_the_maker_trades_at_the_makers_price() {
    // Both directions; the new limit is better than the maker's price.
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 10 @90
          taken buy 2 10 @90
          90 x10 | 100 x10
        modify 2 10 @105
          changed buy 2 10 @105
          2 meets 1: 10 @100
          - | -
        buy 3 10 @200
          taken buy 3 10 @200
          200 x10 | -
        sell 4 10 @210
          taken sell 4 10 @210
          200 x10 | 210 x10
        modify 4 10 @195
          changed sell 4 10 @195
          4 meets 3: 10 @200
          - | -
        ",
    );
}

#[test]
fn modifying_one_of_two_leaves_the_other() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        modify 1 10 @99
          changed buy 1 10 @99
          100 x10 | -
        sell 3 10 @100 ioc
          taken sell 3 10 @100
          3 meets 2: 10 @100
          99 x10 | -
        ",
    );
}

#[test]
fn a_partly_filled_order_can_be_modified() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 4 @100
          taken buy 2 4 @100
          2 meets 1: 4 @100
          - | 100 x6
        modify 1 6 @101
          changed sell 1 6 @101
          - | 101 x6
        buy 3 6 @101 ioc
          taken buy 3 6 @101
          3 meets 1: 6 @101
          - | -
        ",
    );
}

#[test]
fn a_larger_order_goes_to_the_back() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        modify 1 11 @100
          changed buy 1 11 @100
          100 x21 | -
        sell 3 12 @100 ioc
          taken sell 3 12 @100
          3 meets 2: 10 @100
          3 meets 1: 2 @100
          100 x9 | -
        ",
    );
}

#[test]
fn a_modify_that_trades_in_full_ends_the_order() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 4 @99
          taken buy 2 4 @99
          99 x4 | 100 x10
        modify 2 5 @100
          changed buy 2 5 @100
          2 meets 1: 5 @100
          - | 100 x5
        cancel 2
          no 2 to cancel
          - | 100 x5
        modify 2 6 @101
          no 2 to modify
          - | 100 x5
        ",
    );
}

#[test]
fn a_modify_that_trades_in_part_rests_with_the_remainder() {
    case(
        "
        sell 1 4 @100
          taken sell 1 4 @100
          - | 100 x4
        buy 2 10 @99
          taken buy 2 10 @99
          99 x10 | 100 x4
        modify 2 11 @100
          changed buy 2 11 @100
          2 meets 1: 4 @100
          100 x7 | -
        cancel 2
          gone buy 2 7 @100
          - | -
        ",
    );
}

#[test]
fn a_filled_order_cannot_be_modified() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 10 @100
          taken buy 2 10 @100
          2 meets 1: 10 @100
          - | -
        modify 1 5 @101
          no 1 to modify
          - | -
        ",
    );
}

#[test]
fn a_modify_that_cannot_be_held_changes_nothing() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        modify 1 0 @100
          no 1 to modify
          100 x10 | -
        modify 1 11 @9000000000
          no 1 to modify
          100 x10 | -
        sell 2 10 @100 ioc
          taken sell 2 10 @100
          2 meets 1: 10 @100
          - | -
        ",
    );
}
