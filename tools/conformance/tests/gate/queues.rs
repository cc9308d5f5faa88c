//! One price, many orders: who stands where after cancels, fills and partial fills.

use crate::case;

#[test]
fn cancelling_inside_a_queue_keeps_those_behind() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        buy 3 10 @100
          taken buy 3 10 @100
          100 x30 | -
        cancel 2
          gone buy 2 10 @100
          100 x20 | -
        sell 4 20 @100 ioc
          taken sell 4 20 @100
          4 meets 1: 10 @100
          4 meets 3: 10 @100
          - | -
        ",
    );
}

#[test]
fn cancelling_the_front_of_a_queue_keeps_the_rest() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        buy 3 10 @100
          taken buy 3 10 @100
          100 x30 | -
        cancel 1
          gone buy 1 10 @100
          100 x20 | -
        sell 4 20 @100 ioc
          taken sell 4 20 @100
          4 meets 2: 10 @100
          4 meets 3: 10 @100
          - | -
        ",
    );
}

#[test]
fn scattered_cancels_keep_the_order_of_the_others() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        buy 3 10 @100
          taken buy 3 10 @100
          100 x30 | -
        buy 4 10 @100
          taken buy 4 10 @100
          100 x40 | -
        buy 5 10 @100
          taken buy 5 10 @100
          100 x50 | -
        buy 6 10 @100
          taken buy 6 10 @100
          100 x60 | -
        buy 7 10 @100
          taken buy 7 10 @100
          100 x70 | -
        buy 8 10 @100
          taken buy 8 10 @100
          100 x80 | -
        cancel 2
          gone buy 2 10 @100
          100 x70 | -
        cancel 5
          gone buy 5 10 @100
          100 x60 | -
        cancel 7
          gone buy 7 10 @100
          100 x50 | -
        sell 9 50 @100 ioc
          taken sell 9 50 @100
          9 meets 1: 10 @100
          9 meets 3: 10 @100
          9 meets 4: 10 @100
          9 meets 6: 10 @100
          9 meets 8: 10 @100
          - | -
        ",
    );
}

#[test]
fn the_first_of_a_queue_trades_first() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        sell 3 10 @100
          taken sell 3 10 @100
          3 meets 1: 10 @100
          100 x10 | -
        ",
    );
}

#[test]
fn a_maker_used_in_part_stays_in_front_for_the_next_taker() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        buy 3 10 @100
          taken buy 3 10 @100
          100 x30 | -
        buy 4 10 @100
          taken buy 4 10 @100
          100 x40 | -
        sell 5 15 @100 ioc
          taken sell 5 15 @100
          5 meets 1: 10 @100
          5 meets 2: 5 @100
          100 x25 | -
        sell 6 15 @100 ioc
          taken sell 6 15 @100
          6 meets 2: 5 @100
          6 meets 3: 10 @100
          100 x10 | -
        ",
    );
}

#[test]
fn a_taker_filled_by_the_first_maker_leaves_the_second_alone() {
    // No second trade, and none of zero lots.
    case(
        "
        sell 1 5 @100
          taken sell 1 5 @100
          - | 100 x5
        sell 2 5 @100
          taken sell 2 5 @100
          - | 100 x10
        buy 3 5 @100 ioc
          taken buy 3 5 @100
          3 meets 1: 5 @100
          - | 100 x5
        ",
    );
}

#[test]
fn a_rest_is_used_up_to_the_lot() {
    case(
        "
        sell 1 20 @100
          taken sell 1 20 @100
          - | 100 x20
        buy 2 8 @100 ioc
          taken buy 2 8 @100
          2 meets 1: 8 @100
          - | 100 x12
        buy 3 12 @100 ioc
          taken buy 3 12 @100
          3 meets 1: 12 @100
          - | -
        buy 4 5 @100 ioc
          taken buy 4 5 @100
          gone buy 4 5 @100
          - | -
        ",
    );
}

#[test]
fn a_partly_filled_order_can_be_cancelled() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 6 @100
          taken buy 2 6 @100
          2 meets 1: 6 @100
          - | 100 x4
        cancel 1
          gone sell 1 4 @100
          - | -
        ",
    );
}
