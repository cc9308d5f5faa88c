//! Ids: dead, never seen, free again, taken twice, far apart.

use crate::case;

#[test]
fn a_filled_order_cannot_be_cancelled() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 10 @100
          taken buy 2 10 @100
          2 meets 1: 10 @100
          - | -
        cancel 1
          no 1 to cancel
          - | -
        cancel 2
          no 2 to cancel
          - | -
        ",
    );
}

#[test]
fn a_cancelled_order_cannot_be_touched_again() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        cancel 1
          gone buy 1 10 @100
          - | -
        cancel 1
          no 1 to cancel
          - | -
        modify 1 5 @101
          no 1 to modify
          - | -
        ",
    );
}

#[test]
fn an_ioc_order_is_never_there_to_be_touched() {
    case(
        "
        buy 1 10 @100 ioc
          taken buy 1 10 @100
          gone buy 1 10 @100
          - | -
        cancel 1
          no 1 to cancel
          - | -
        modify 1 11 @100
          no 1 to modify
          - | -
        ",
    );
}

#[test]
fn an_id_never_seen_is_refused_on_an_empty_book() {
    case(
        "
        cancel 999
          no 999 to cancel
          - | -
        modify 999 5 @100
          no 999 to modify
          - | -
        cancel 0
          no 0 to cancel
          - | -
        cancel 2000000
          no 2000000 to cancel
          - | -
        cancel 18446744073709551615
          no 18446744073709551615 to cancel
          - | -
        ",
    );
}

#[test]
fn a_cancelled_orders_id_is_free() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        cancel 1
          gone buy 1 10 @100
          - | -
        sell 1 10 @200
          taken sell 1 10 @200
          - | 200 x10
        buy 2 10 @200 ioc
          taken buy 2 10 @200
          2 meets 1: 10 @200
          - | -
        ",
    );
}

#[test]
fn a_filled_orders_id_is_free() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        sell 2 10 @100
          taken sell 2 10 @100
          2 meets 1: 10 @100
          - | -
        sell 1 10 @200
          taken sell 1 10 @200
          - | 200 x10
        buy 3 10 @200 ioc
          taken buy 3 10 @200
          3 meets 1: 10 @200
          - | -
        ",
    );
}

#[test]
fn an_id_in_use_is_not_given_twice() {
    // The second order is dropped; the first keeps its id and its place.
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 1 7 @101
          taken buy 1 7 @101
          gone buy 1 7 @101
          100 x10 | -
        sell 2 4 @100 ioc
          taken sell 2 4 @100
          2 meets 1: 4 @100
          100 x6 | -
        cancel 1
          gone buy 1 6 @100
          - | -
        buy 1 7 @101
          taken buy 1 7 @101
          101 x7 | -
        cancel 1
          gone buy 1 7 @101
          - | -
        ",
    );
}

#[test]
fn ids_may_lie_anywhere() {
    case(
        "
        buy 18446744073709551615 10 @100
          taken buy 18446744073709551615 10 @100
          100 x10 | -
        sell 0 4 @101
          taken sell 0 4 @101
          100 x10 | 101 x4
        modify 0 5 @100
          changed sell 0 5 @100
          0 meets 18446744073709551615: 5 @100
          100 x5 | -
        cancel 0
          no 0 to cancel
          100 x5 | -
        cancel 18446744073709551615
          gone buy 18446744073709551615 5 @100
          - | -
        ",
    );
}
