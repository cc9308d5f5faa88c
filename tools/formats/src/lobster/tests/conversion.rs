//! What rows become: one test for each inference.

use super::{Options, SINGLE, check};

/// One ask of 10 at 105, one bid of 10 at 95, nothing else.
const START: &str = "105,10,95,10,9999999999,0,-9999999999,0";

#[test]
fn row_0_is_seeded_and_its_message_is_not_converted() {
    let summary = check(
        Options::RECORDED,
        "1,4,7,5,95,1",
        START,
        "clock 1000000000
         #1 sell 10x105 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0",
    );
    assert_eq!((summary.commands.seeds, summary.executions, summary.rows), (2, 0, 1));
}

#[test]
fn orders_named_later_are_seeded_by_ascending_id_before_the_anonymous_rest() {
    check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,3,9,3,105,-1
         3,2,8,2,105,-1",
        "105,10,95,10,9999999999,0,-9999999999,0
         105,7,95,10,9999999999,0,-9999999999,0
         105,5,95,10,9999999999,0,-9999999999,0",
        "clock 1000000000
         #1 sell 2x105 ref 8
         #2 sell 3x105 ref 9
         #3 sell 5x105 anonymous 1
         #4 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #2 gone
         = row 1
         clock 3000000000
         #1 -2
         = row 2",
    );
}

#[test]
fn submissions_reductions_and_deletions_become_their_commands() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         1,1,20,6,104,-1
         1,2,20,2,104,-1
         2.5,3,20,4,104,-1",
        "105,10,95,10
         104,6,95,10
         104,4,95,10
         105,10,95,10",
        "clock 1000000000
         #1 sell 10x105 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0
         #3 sell 6x104 ref 20
         = row 1
         #3 -2
         = row 2
         clock 2500000000
         #3 gone
         = row 3",
    );
    assert_eq!(summary.levels.revealed_unchanged, 1, "the ask at 105 came back as it was");
}

const SWEEP: &str = "1,5,0,1,100,1
                     2,4,7,10,105,-1
                     2,5,0,50,105,-1
                     2,4,8,3,106,-1
                     3,5,0,1,100,1";
const SWEEP_BOOK: &str = "105,10,95,10,106,8,94,10
                          106,8,95,10,107,2,94,10
                          106,8,95,10,107,2,94,10
                          106,5,95,10,107,2,94,10
                          106,5,95,10,107,2,94,10";

#[test]
fn executions_of_one_nanosecond_are_one_taker_across_hidden_ones() {
    let summary = check(
        Options::RECORDED,
        SWEEP,
        SWEEP_BOOK,
        "clock 1000000000
         #1 sell 10x105 ref 7
         #2 sell 3x106 ref 8
         #3 sell 5x106 anonymous 1
         #4 buy 10x95 anonymous 2
         #5 buy 10x94 anonymous 3
         = row 0
         clock 2000000000
         #6 sell 2x107 anonymous 4
         #7 buy 13x106 ref 0 ioc
         = row 3
         = row 4",
    );
    let counts = (summary.aggressors, summary.aggressors_multi_fill, summary.executions);
    assert_eq!(counts, (1, 1, 2));
    assert_eq!((summary.dropped.hidden_executions, summary.rows_comparable), (3, 3));
}

#[test]
fn without_grouping_each_execution_is_a_taker_and_each_row_comparable() {
    let summary = check(
        SINGLE,
        SWEEP,
        SWEEP_BOOK,
        "clock 1000000000
         #1 sell 10x105 ref 7
         #2 sell 3x106 ref 8
         #3 sell 5x106 anonymous 1
         #4 buy 10x95 anonymous 2
         #5 buy 10x94 anonymous 3
         = row 0
         clock 2000000000
         #6 sell 2x107 anonymous 4
         #7 buy 10x105 ref 0 ioc
         = row 1
         = row 2
         #8 buy 3x106 ref 0 ioc
         = row 3
         = row 4",
    );
    assert_eq!((summary.aggressors, summary.aggressors_multi_fill), (2, 0));
}

#[test]
fn a_price_that_improves_begins_another_taker() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,4,7,4,95,1
         2,4,8,2,94,1
         2,1,9,5,95,1
         2,4,9,5,95,1",
        "105,10,95,4,106,8,94,10
         105,10,94,10,106,8,93,1
         105,10,94,8,106,8,93,1
         105,10,95,5,106,8,94,8
         105,10,94,8,106,8,93,1",
        "clock 1000000000
         #1 sell 10x105 anonymous 1
         #2 sell 8x106 anonymous 2
         #3 buy 4x95 ref 7
         #4 buy 2x94 ref 8
         #5 buy 8x94 anonymous 3
         = row 0
         clock 2000000000
         #6 buy 1x93 anonymous 4
         #7 sell 6x94 ref 0 ioc
         = row 2
         #8 buy 5x95 ref 9
         = row 3
         #9 sell 5x95 ref 0 ioc
         = row 4",
    );
    assert_eq!(summary.aggressors, 2);
}

#[test]
fn a_remainder_that_covers_the_fills_rests_under_its_id() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,4,7,10,105,-1
         2,1,9,4,105,1",
        "105,10,95,10,106,8,-9999999999,0
         106,8,95,10,9999999999,0,-9999999999,0
         106,8,105,4,9999999999,0,95,10",
        "clock 1000000000
         #1 sell 10x105 ref 7
         #2 sell 8x106 anonymous 1
         #3 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #4 buy 14x105 ref 9
         = row 2",
    );
    assert_eq!((summary.aggressors_resting, summary.commands.limits), (1, 1));
}

#[test]
fn a_submission_that_does_not_cover_the_fills_is_another_order() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,4,7,10,105,-1
         2,1,9,4,104,1",
        "105,10,95,10,106,8,-9999999999,0
         106,8,95,10,9999999999,0,-9999999999,0
         106,8,104,4,9999999999,0,95,10",
        "clock 1000000000
         #1 sell 10x105 ref 7
         #2 sell 8x106 anonymous 1
         #3 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #4 buy 10x105 ref 0 ioc
         = row 1
         #5 buy 4x104 ref 9
         = row 2",
    );
    assert_eq!(summary.aggressors_resting, 0);
}

#[test]
fn executions_that_no_single_order_can_hold_are_two_takers() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,4,7,2147483647,105,-1
         2,4,8,1,106,-1
         2,1,9,2147483647,106,1",
        "105,2147483647,95,10,106,1,94,1
         106,1,95,10,107,1,94,1
         107,1,95,10,108,1,94,1
         107,1,106,2147483647,108,1,95,10",
        "clock 1000000000
         #1 sell 2147483647x105 ref 7
         #2 sell 1x106 ref 8
         #3 buy 10x95 anonymous 1
         #4 buy 1x94 anonymous 2
         = row 0
         clock 2000000000
         #5 sell 1x107 anonymous 3
         #6 buy 2147483647x105 ref 0 ioc
         = row 1
         #7 sell 1x108 anonymous 4
         #8 buy 1x106 ref 0 ioc
         = row 2
         #9 buy 2147483647x106 ref 9
         = row 3",
    );
    assert_eq!((summary.aggressors, summary.aggressors_resting), (2, 0));
}
