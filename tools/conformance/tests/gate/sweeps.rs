//! Takers that go through several orders and levels, and the book that they leave.

use conformance::adapter::{Adapter, Message, NewOrder};
use conformance::report::Kind;
use kernel::Side;

use crate::case;

#[test]
fn a_taker_goes_from_the_best_price_outward() {
    case(
        "
        sell 1 10 @102
          taken sell 1 10 @102
          - | 102 x10
        sell 2 10 @101
          taken sell 2 10 @101
          - | 101 x10
        sell 3 10 @100
          taken sell 3 10 @100
          - | 100 x10
        buy 4 30 @102 ioc
          taken buy 4 30 @102
          4 meets 3: 10 @100
          4 meets 2: 10 @101
          4 meets 1: 10 @102
          - | -
        ",
    );
}

#[test]
fn a_taker_as_large_as_three_levels_leaves_nothing() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        sell 2 20 @101
          taken sell 2 20 @101
          - | 100 x10
        sell 3 30 @102
          taken sell 3 30 @102
          - | 100 x10
        buy 4 60 @102 ioc
          taken buy 4 60 @102
          4 meets 1: 10 @100
          4 meets 2: 20 @101
          4 meets 3: 30 @102
          - | -
        ",
    );
}

#[test]
fn what_a_sweep_leaves_of_its_taker_is_the_new_best() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        sell 2 10 @101
          taken sell 2 10 @101
          - | 100 x10
        sell 3 10 @102
          taken sell 3 10 @102
          - | 100 x10
        buy 4 35 @102
          taken buy 4 35 @102
          4 meets 1: 10 @100
          4 meets 2: 10 @101
          4 meets 3: 10 @102
          102 x5 | -
        sell 5 5 @102 ioc
          taken sell 5 5 @102
          5 meets 4: 5 @102
          - | -
        ",
    );
}

#[test]
fn a_taker_stops_at_its_own_limit_and_rests_there() {
    case(
        "
        sell 1 5 @100
          taken sell 1 5 @100
          - | 100 x5
        sell 2 10 @105
          taken sell 2 10 @105
          - | 100 x5
        buy 3 12 @102
          taken buy 3 12 @102
          3 meets 1: 5 @100
          102 x7 | 105 x10
        sell 4 7 @102 ioc
          taken sell 4 7 @102
          4 meets 3: 7 @102
          - | 105 x10
        ",
    );
}

#[test]
fn one_taker_and_two_makers_of_a_price_are_two_trades() {
    case(
        "
        sell 1 30 @9
          taken sell 1 30 @9
          - | 9 x30
        sell 2 40 @9
          taken sell 2 40 @9
          - | 9 x70
        buy 3 100 @9
          taken buy 3 100 @9
          3 meets 1: 30 @9
          3 meets 2: 40 @9
          9 x30 | -
        sell 4 30 @9 ioc
          taken sell 4 30 @9
          4 meets 3: 30 @9
          - | -
        ",
    );
}

#[test]
fn a_swept_level_takes_new_orders() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        sell 2 10 @101
          taken sell 2 10 @101
          - | 100 x10
        sell 3 10 @102
          taken sell 3 10 @102
          - | 100 x10
        buy 4 30 @102 ioc
          taken buy 4 30 @102
          4 meets 1: 10 @100
          4 meets 2: 10 @101
          4 meets 3: 10 @102
          - | -
        sell 5 8 @101
          taken sell 5 8 @101
          - | 101 x8
        buy 6 8 @101 ioc
          taken buy 6 8 @101
          6 meets 5: 8 @101
          - | -
        sell 7 8 @103
          taken sell 7 8 @103
          - | 103 x8
        buy 8 8 @103 ioc
          taken buy 8 8 @103
          8 meets 7: 8 @103
          - | -
        ",
    );
}

#[test]
fn prices_outrank_arrival_on_both_sides() {
    case(
        "
        sell 1 10 @105
          taken sell 1 10 @105
          - | 105 x10
        sell 2 10 @100
          taken sell 2 10 @100
          - | 100 x10
        buy 3 10 @105 ioc
          taken buy 3 10 @105
          3 meets 2: 10 @100
          - | 105 x10
        buy 4 10 @90
          taken buy 4 10 @90
          90 x10 | 105 x10
        buy 5 10 @95
          taken buy 5 10 @95
          95 x10 | 105 x10
        buy 6 10 @92
          taken buy 6 10 @92
          95 x10 | 105 x10
        sell 7 30 @90 ioc
          taken sell 7 30 @90
          7 meets 5: 10 @95
          7 meets 6: 10 @92
          7 meets 4: 10 @90
          - | 105 x10
        ",
    );
}

#[test]
fn a_seller_takes_the_higher_bids_first() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 10 @100
          taken buy 2 10 @100
          100 x20 | -
        buy 3 10 @101
          taken buy 3 10 @101
          101 x10 | -
        buy 4 10 @101
          taken buy 4 10 @101
          101 x20 | -
        cancel 1
          gone buy 1 10 @100
          101 x20 | -
        cancel 4
          gone buy 4 10 @101
          101 x10 | -
        sell 5 20 @100 ioc
          taken sell 5 20 @100
          5 meets 3: 10 @101
          5 meets 2: 10 @100
          - | -
        ",
    );
}

#[test]
fn an_ioc_remainder_never_rests() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        buy 2 15 @100 ioc
          taken buy 2 15 @100
          2 meets 1: 10 @100
          gone buy 2 5 @100
          - | -
        sell 3 5 @100 ioc
          taken sell 3 5 @100
          gone sell 3 5 @100
          - | -
        ",
    );
}

#[test]
fn the_best_bid_falls_back_when_its_level_is_cancelled() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        buy 2 7 @99
          taken buy 2 7 @99
          100 x10 | -
        cancel 1
          gone buy 1 10 @100
          99 x7 | -
        sell 3 7 @99 ioc
          taken sell 3 7 @99
          3 meets 2: 7 @99
          - | -
        ",
    );
}

#[test]
fn the_best_ask_falls_back_when_its_level_is_cancelled() {
    case(
        "
        sell 1 10 @100
          taken sell 1 10 @100
          - | 100 x10
        sell 2 7 @101
          taken sell 2 7 @101
          - | 100 x10
        cancel 1
          gone sell 1 10 @100
          - | 101 x7
        buy 3 7 @101 ioc
          taken buy 3 7 @101
          3 meets 2: 7 @101
          - | -
        ",
    );
}

#[test]
fn a_side_that_was_emptied_fills_again() {
    case(
        "
        buy 1 10 @100
          taken buy 1 10 @100
          100 x10 | -
        cancel 1
          gone buy 1 10 @100
          - | -
        buy 2 8 @95
          taken buy 2 8 @95
          95 x8 | -
        sell 3 8 @95 ioc
          taken sell 3 8 @95
          3 meets 2: 8 @95
          - | -
        ",
    );
}

#[test]
fn five_thousand_makers_fall_to_one_taker() {
    let mut adapter = Adapter::new();
    let mut reports = Vec::new();
    let new = |order, side, qty, ioc| {
        Message::New(NewOrder { order, sequence: order, price: 100, qty, side, ioc })
    };
    for order in 1..=5_000 {
        adapter.message(&new(order, Side::Sell, 1, false), &mut reports);
    }
    reports.clear();
    adapter.message(&new(5_001, Side::Buy, 5_000, true), &mut reports);
    let makers: Vec<u64> = reports[1..].iter().map(|report| report.order).collect();
    assert_eq!(makers, (1..=5_000).collect::<Vec<u64>>());
    assert!(reports[1..].iter().all(|report| report.kind == Kind::Trade && report.qty == 1));
    assert_eq!((adapter.best(Side::Buy), adapter.best(Side::Sell)), (None, None));
}
