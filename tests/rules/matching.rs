//! Rules 4 and 5: how an accepted order goes through the book.

use tests::check;

#[test]
fn a_taker_sweeps_levels_up_to_its_limit() {
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 1 @101
          accepted #2 of 1
          rested #2 sell 1 @101
        1 sell 1 @102
          accepted #3 of 1
          rested #3 sell 1 @102
        2 buy 9 @101
          accepted #4 of 2
          #4 of 2 buys 1 @100 from #1 of 1
          #4 of 2 buys 1 @101 from #2 of 1
          rested #4 buy 7 @101
        2 buy 1 @100
          accepted #5 of 2
          rested #5 buy 1 @100
        2 buy 1 @99
          accepted #6 of 2
          rested #6 buy 1 @99
        3 sell 9 @100
          accepted #7 of 3
          #7 of 3 sells 7 @101 to #4 of 2
          #7 of 3 sells 1 @100 to #5 of 2
          rested #7 sell 1 @100
        book
          buy 1 @99 #6 of 2, priority 6
          sell 1 @100 #7 of 3, priority 7
          sell 1 @102 #3 of 1, priority 3
        // A market order crosses everything.
        2 buy 9 market ioc
          accepted #8 of 2
          #8 of 2 buys 1 @100 from #7 of 3
          #8 of 2 buys 1 @102 from #3 of 1
          cancelled #8 of 2: 7, remainder
        ",
    );
}

#[test]
fn a_meeting_trades_the_smaller_quantity() {
    check(
        "
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        // Smaller taker, equal, smaller maker.
        2 buy 3 @100
          accepted #2 of 2
          #2 of 2 buys 3 @100 from #1 of 1
        2 buy 2 @100
          accepted #3 of 2
          #3 of 2 buys 2 @100 from #1 of 1
        1 sell 5 @100
          accepted #4 of 1
          rested #4 sell 5 @100
        2 buy 6 @100
          accepted #5 of 2
          #5 of 2 buys 5 @100 from #4 of 1
          rested #5 buy 1 @100
        book
          buy 1 @100 #5 of 2, priority 3
        ",
    );
}

#[test]
fn an_ioc_remainder_is_cancelled() {
    check(
        "
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        1 sell 2 @101
          accepted #2 of 1
          rested #2 sell 2 @101
        2 buy 3 @100 ioc
          accepted #3 of 2
          #3 of 2 buys 2 @100 from #1 of 1
          cancelled #3 of 2: 1, remainder
        2 buy 2 @101 ioc
          accepted #4 of 2
          #4 of 2 buys 2 @101 from #2 of 1
        2 buy 2 @101 ioc
          accepted #5 of 2
          cancelled #5 of 2: 2, remainder
        book
        ",
    );
}

#[test]
fn a_market_order_never_rests() {
    check(
        "
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        2 buy 3 market ioc
          accepted #2 of 2
          #2 of 2 buys 2 @100 from #1 of 1
          cancelled #2 of 2: 1, remainder
        1 sell 2 @100
          accepted #3 of 1
          rested #3 sell 2 @100
        2 buy 3 market fok
          rejected #4: unfillable
        2 buy 2 market fok
          accepted #5 of 2
          #5 of 2 buys 2 @100 from #3 of 1
        // Fill or kill that passes over its own orders is full when it is decided.
        2 sell 1 @100
          accepted #6 of 2
          rested #6 sell 1 @100
        1 sell 1 @101
          accepted #7 of 1
          rested #7 sell 1 @101
        2 buy 2 market fok oldest
          rejected #8: unfillable
        2 buy 2 market ioc oldest
          accepted #9 of 2
          cancelled #6 of 2: 1, self trade
          #9 of 2 buys 1 @101 from #7 of 1
          cancelled #9 of 2: 1, remainder
        book
        ",
    );
}

#[test]
fn market_to_limit_trades_one_level_and_rests_there() {
    check(
        "
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        1 sell 2 @101
          accepted #2 of 1
          rested #2 sell 2 @101
        2 buy 3 to-limit
          accepted #3 of 2
          #3 of 2 buys 2 @100 from #1 of 1
          rested #3 buy 1 @100
        3 buy 3 to-limit ioc
          accepted #4 of 3
          #4 of 3 buys 2 @101 from #2 of 1
          cancelled #4 of 3: 1, remainder
        3 sell 2 to-limit fok
          rejected #5: unfillable
        3 sell 1 to-limit fok
          accepted #6 of 3
          #6 of 3 sells 1 @100 to #3 of 2
        // The best price is that of its arrival, an own order's too, which it then cancels.
        2 sell 1 @100
          accepted #7 of 2
          rested #7 sell 1 @100
        1 sell 1 @101
          accepted #8 of 1
          rested #8 sell 1 @101
        2 buy 5 to-limit oldest
          accepted #9 of 2
          cancelled #7 of 2: 1, self trade
          rested #9 buy 5 @100
        book
          buy 5 @100 #9 of 2, priority 6 oldest
          sell 1 @101 #8 of 1, priority 5
        ",
    );
}

#[test]
fn a_market_order_meets_an_empty_side() {
    check(
        "
        1 buy 3 @100
          accepted #1 of 1
          rested #1 buy 3 @100
        2 buy 3 market ioc
          accepted #2 of 2
          cancelled #2 of 2: 3, remainder
        2 buy 3 market fok
          rejected #3: unfillable
        ",
    );
}

#[test]
fn fill_or_kill_is_all_or_nothing() {
    check(
        "
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        1 sell 3 @101
          accepted #2 of 1
          rested #2 sell 3 @101
        2 buy 3 @100 fok
          rejected #3: unfillable
        2 buy 6 @101 fok
          rejected #4: unfillable
        2 buy 6 market fok
          rejected #5: unfillable
        2 buy 1 @99 fok
          rejected #6: unfillable
        2 buy 2 @100 fok
          accepted #7 of 2
          #7 of 2 buys 2 @100 from #1 of 1
        1 sell 2 @100
          accepted #8 of 1
          rested #8 sell 2 @100
        2 buy 5 @101 fok
          accepted #9 of 2
          #9 of 2 buys 2 @100 from #8 of 1
          #9 of 2 buys 3 @101 from #2 of 1
        book
        ",
    );
}

#[test]
fn post_only_is_remembered_by_replace() {
    check(
        "
        1 sell 5 @105
          accepted #1 of 1
          rested #1 sell 5 @105
        2 buy 5 @100 post
          accepted #2 of 2
          rested #2 buy 5 @100
        2 replace #2 5 @105
          rejected #2: would trade
        2 replace #2 5 @104
          replaced #2 5 @104, place lost
          rested #2 buy 5 @104
        2 replace #2 5 @106
          rejected #2: would trade
        book
          buy 5 @104 #2 of 2, priority 3 post
          sell 5 @105 #1 of 1, priority 1
        // Others may trade.
        1 replace #1 5 @104
          replaced #1 5 @104, place lost
          #1 of 1 sells 5 @104 to #2 of 2
        ",
    );
}
