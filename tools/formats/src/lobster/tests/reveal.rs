//! Levels that come into view, come back, or have vanished meanwhile.

use super::{Options, check};

#[test]
fn a_level_that_comes_back_changed_is_seeded_again_and_keeps_what_is_still_right() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,3,20,6,104,-1
         4,4,7,4,105,-1",
        "105,10,95,10
         104,6,95,10
         105,7,95,10
         105,3,95,10",
        "clock 1000000000
         #1 sell 10x105 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #3 sell 6x104 ref 20
         = row 1
         clock 3000000000
         #3 gone
         #1 gone
         #4 sell 4x105 ref 7
         #5 sell 3x105 anonymous 3
         = row 2
         clock 4000000000
         #6 buy 4x105 ref 0 ioc
         = row 3",
    );
    assert_eq!((summary.levels.revealed_seeded, summary.commands.purges), (3, 1));
}

/// Two orders at 105 that go out of view behind 104 and come back in the last row.
const HIDE: &str = "1,5,0,1,100,1
                    2,1,30,5,105,-1
                    2,1,31,5,105,-1
                    3,1,40,6,104,-1
                    4,3,40,6,104,-1";
const HIDE_BOOK: &str = "106,10,95,10
                         105,5,95,10
                         105,10,95,10
                         104,6,95,10";

#[track_caller]
fn check_after_hiding(message: &str, rows: &str, expected: &str) {
    let before = "clock 1000000000
                  #1 sell 10x106 anonymous 1
                  #2 buy 10x95 anonymous 2
                  = row 0
                  clock 2000000000
                  #3 sell 5x105 ref 30
                  = row 1
                  #4 sell 5x105 ref 31
                  = row 2
                  clock 3000000000
                  #5 sell 6x104 ref 40
                  = row 3
                  clock 4000000000
                  #5 gone";
    let (messages, book) = (format!("{HIDE}\n{message}"), format!("{HIDE_BOOK}\n{rows}"));
    check(Options::RECORDED, &messages, &book, &format!("{before}\n{expected}"));
}

#[test]
fn a_level_that_comes_back_as_later_rows_need_it_is_left_alone() {
    check_after_hiding(
        "5,4,30,2,105,-1",
        "105,10,95,10\n105,8,95,10",
        "= row 4
        clock 5000000000
        #6 buy 2x105 ref 0 ioc
        = row 5",
    );
}

#[test]
fn an_order_that_nothing_touches_again_makes_way_for_one_that_trades() {
    check_after_hiding(
        "5,4,31,5,105,-1",
        "105,10,95,10\n105,5,95,10",
        "#3 gone
        #6 sell 5x105 anonymous 3
        = row 4
        clock 5000000000
        #7 buy 5x105 ref 0 ioc
        = row 5",
    );
}

#[test]
fn an_order_that_shrank_out_of_view_is_seeded_with_what_its_deletion_says() {
    check_after_hiding(
        "5,3,30,2,105,-1",
        "105,10,95,10\n105,8,95,10",
        "#3 gone
        #4 gone
        #6 sell 2x105 ref 30
        #7 sell 8x105 anonymous 3
        = row 4
        clock 5000000000
        #6 gone
        = row 5",
    );
}

#[test]
fn a_level_that_vanished_out_of_view_is_purged_when_the_view_passes_it() {
    let summary = check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,3,20,6,104,-1",
        "105,10,95,10
         104,6,95,10
         107,5,95,10",
        "clock 1000000000
         #1 sell 10x105 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #3 sell 6x104 ref 20
         = row 1
         clock 3000000000
         #3 gone
         #1 gone
         #4 sell 5x107 anonymous 3
         = row 2",
    );
    assert_eq!(summary.levels.stale, 1);
}

#[test]
fn a_side_without_levels_has_no_orders() {
    check(
        Options::RECORDED,
        "1,5,0,1,100,1
         2,1,20,6,104,-1
         3,3,20,6,104,-1",
        "105,10,95,10
         104,6,95,10
         9999999999,0,95,10",
        "clock 1000000000
         #1 sell 10x105 anonymous 1
         #2 buy 10x95 anonymous 2
         = row 0
         clock 2000000000
         #3 sell 6x104 ref 20
         = row 1
         clock 3000000000
         #3 gone
         #1 gone
         = row 2",
    );
}

#[test]
fn an_order_that_trades_in_part_keeps_what_it_had_where_the_level_has_room() {
    check_after_hiding(
        "5,4,30,2,105,-1",
        "105,12,95,10\n105,10,95,10",
        "#4 gone
         #6 sell 7x105 anonymous 3
         = row 4
         clock 5000000000
         #7 buy 2x105 ref 0 ioc
         = row 5",
    );
    check_after_hiding(
        "5,4,30,2,105,-1",
        "105,3,95,10\n105,1,95,10",
        "#3 gone
         #4 gone
         #6 sell 2x105 ref 30
         #7 sell 1x105 anonymous 3
         = row 4
         clock 5000000000
         #8 buy 2x105 ref 0 ioc
         = row 5",
    );
}
