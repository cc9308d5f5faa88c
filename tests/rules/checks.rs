//! Rule 3: what refuses a `Place`, and in which order.

use tests::check;

#[test]
fn a_client_beyond_the_limit_is_unknown() {
    check(
        "
        genesis clients_max 3
        genesis rule halted
        // The halt is the second check.
        3 buy 5 @100
          rejected #1: unknown client
        4294967295 buy 5 market
          rejected #2: unknown client
        2 buy 5 @100
          rejected #3: halted
        rule continuous
          changed continuous
        2 buy 5 @100
          accepted #4 of 2
          rested #4 buy 5 @100
        0 buy 5 @100
          accepted #5 of 0
          rested #5 buy 5 @100
        ",
    );
}

#[test]
fn a_halt_refuses_orders_and_lets_them_leave() {
    check(
        "
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        1 sell 5 @101
          accepted #2 of 1
          rested #2 sell 5 @101
        1 sell 5 @102
          accepted #3 of 1
          rested #3 sell 5 @102
        rule halted
          changed halted
        2 buy 5 @100
          rejected #4: halted
        // Before the check of kinds and times.
        2 buy 5 market
          rejected #5: halted
        1 replace #1 4 @100
          rejected #1: halted
        1 reduce #1 by 1
          reduced #1 by 1 to 4
        1 reduce #1 by 4
          cancelled #1 of 1: 4, requested
        1 cancel #2
          cancelled #2 of 1: 5, requested
        1 mass-cancel
          mass-cancelled 1: 1 orders
          cancelled #3 of 1: 5, mass cancel
        rule continuous
          changed continuous
        2 buy 5 @100
          accepted #6 of 2
          rested #6 buy 5 @100
        ",
    );
}

#[test]
fn kinds_and_times_that_do_not_go_together() {
    check(
        "
        genesis rule qty_max 5
        // Market: immediate or cancel, fill or kill. The quantity is the next check.
        1 buy 6 market
          rejected #1: unsupported
        1 buy 6 market ioc
          rejected #2: quantity limit
        1 buy 6 market fok
          rejected #3: quantity limit
        // Post-only: good till cancelled.
        1 buy 6 @100 post ioc
          rejected #4: unsupported
        1 buy 6 @100 post fok
          rejected #5: unsupported
        1 buy 6 @100 post
          rejected #6: quantity limit
        // Limit and market-to-limit: all three.
        1 buy 6 @100
          rejected #7: quantity limit
        1 buy 6 @100 ioc
          rejected #8: quantity limit
        1 buy 6 @100 fok
          rejected #9: quantity limit
        1 buy 6 to-limit
          rejected #10: quantity limit
        1 buy 6 to-limit ioc
          rejected #11: quantity limit
        1 buy 6 to-limit fok
          rejected #12: quantity limit
        ",
    );
}

#[test]
fn an_order_may_be_too_large() {
    check(
        "
        genesis rule qty_max 10
        genesis rule lot 4
        // 11 is no multiple of the lot either.
        1 buy 11 @100
          rejected #1: quantity limit
        1 buy 12 @100
          rejected #2: quantity limit
        1 buy 10 @100
          rejected #3: lot size
        1 buy 8 @100
          accepted #4 of 1
          rested #4 buy 8 @100
        rule qty_max 8
          changed qty_max 8
        1 buy 8 @100
          accepted #5 of 1
          rested #5 buy 8 @100
        rule qty_max 7
          changed qty_max 7
        1 buy 8 @100
          rejected #6: quantity limit
        1 buy 8 market ioc
          rejected #7: quantity limit
        rule qty_max 2147483647
          changed qty_max 2147483647
        1 buy 2147483644 @100
          accepted #8 of 1
          rested #8 buy 2147483644 @100
        ",
    );
}

#[test]
fn quantities_are_multiples_of_the_lot() {
    check(
        "
        genesis rule lot 5
        genesis rule prices 100..200
        1 buy 4 @100
          rejected #1: lot size
        1 buy 6 @100
          rejected #2: lot size
        1 buy 4 @99
          rejected #3: lot size
        1 buy 4 market ioc
          rejected #4: lot size
        1 buy 5 @99
          rejected #5: price range
        1 buy 5 @100
          accepted #6 of 1
          rested #6 buy 5 @100
        1 buy 10 @100
          accepted #7 of 1
          rested #7 buy 10 @100
        ",
    );
}

#[test]
fn limit_prices_lie_in_the_range() {
    check(
        "
        genesis rule prices 100..104
        genesis rule tick 2
        // 99 and 105 are no multiples of the tick either.
        1 buy 1 @99
          rejected #1: price range
        1 buy 1 @98
          rejected #2: price range
        1 buy 1 @105
          rejected #3: price range
        1 sell 1 @106 post
          rejected #4: price range
        1 buy 1 @100
          accepted #5 of 1
          rested #5 buy 1 @100
        1 sell 1 @104
          accepted #6 of 1
          rested #6 sell 1 @104
        rule prices 1..2147483647
          changed prices 1..2147483647
        rule tick 1
          changed tick 1
        1 buy 1 @1
          accepted #7 of 1
          rested #7 buy 1 @1
        1 sell 1 @2147483647
          accepted #8 of 1
          rested #8 sell 1 @2147483647
        ",
    );
}

#[test]
fn limit_prices_are_multiples_of_the_tick() {
    check(
        "
        genesis rule tick 5
        genesis rule ban on
        1 buy 1 @99
          rejected #1: tick size
        1 buy 1 @101
          rejected #2: tick size
        1 buy 1 @101 ioc
          rejected #3: tick size
        1 buy 1 @100
          accepted #4 of 1
          rested #4 buy 1 @100
        // The tick is asked before the ban.
        1 sell 1 @101
          rejected #5: tick size
        1 sell 1 @105
          rejected #6: short sale
        ",
    );
}

#[test]
fn market_to_limit_needs_an_opposite_side() {
    check(
        "
        genesis rule position_max 10
        1 buy 11 to-limit
          rejected #1: position limit
        1 buy 10 to-limit
          rejected #2: no liquidity
        1 buy 10 to-limit ioc
          rejected #3: no liquidity
        1 buy 10 to-limit fok
          rejected #4: no liquidity
        1 buy 1 @100
          accepted #5 of 1
          rested #5 buy 1 @100
        // Its own side does not help.
        2 buy 1 to-limit
          rejected #6: no liquidity
        2 sell 1 to-limit
          accepted #7 of 2
          #7 of 2 sells 1 @100 to #5 of 1
        ",
    );
}

#[test]
fn post_only_never_takes() {
    check(
        "
        genesis orders_max 2
        1 sell 5 @101
          accepted #1 of 1
          rested #1 sell 5 @101
        2 buy 1 @101 post
          rejected #2: would trade
        2 buy 1 @102 post
          rejected #3: would trade
        // Its own client's orders count, whatever the self-trade choice.
        1 buy 1 @101 post oldest
          rejected #4: would trade
        2 buy 1 @100 post
          accepted #5 of 2
          rested #5 buy 1 @100
        1 sell 1 @100 post
          rejected #6: would trade
        1 sell 1 @99 post
          rejected #7: would trade
        // The number of orders is the next check.
        1 sell 1 @101 post
          rejected #8: order limit
        2 cancel #5
          cancelled #5 of 2: 1, requested
        1 sell 1 @100 post
          accepted #9 of 1
          rested #9 sell 1 @100
        ",
    );
}

#[test]
fn the_book_holds_so_many_orders_and_levels() {
    check(
        "
        genesis orders_max 3
        genesis levels_max 2
        1 buy 1 @100
          accepted #1 of 1
          rested #1 buy 1 @100
        1 sell 1 @102
          accepted #2 of 1
          rested #2 sell 1 @102
        // Both levels are occupied; a bid at 102 would be a third, though it would trade.
        1 buy 1 @101
          rejected #3: level limit
        2 buy 1 @102
          rejected #4: level limit
        2 buy 1 to-limit
          rejected #5: level limit
        // What never rests needs no level, and what joins a level no new one.
        2 buy 1 @101 ioc
          accepted #6 of 2
          cancelled #6 of 2: 1, remainder
        2 buy 1 @100
          accepted #7 of 2
          rested #7 buy 1 @100
        // Now three orders rest. The number of orders is checked before that of levels.
        1 buy 1 @101
          rejected #8: order limit
        2 buy 1 @100
          rejected #9: order limit
        2 sell 1 @100
          rejected #10: order limit
        2 sell 1 to-limit
          rejected #11: order limit
        2 buy 1 @102 fok
          accepted #12 of 2
          #12 of 2 buys 1 @102 from #2 of 1
        // Two orders, one level.
        2 sell 1 to-limit
          accepted #13 of 2
          #13 of 2 sells 1 @100 to #1 of 1
        2 sell 1 @101
          accepted #14 of 2
          rested #14 sell 1 @101
        2 sell 1 @101
          accepted #15 of 2
          rested #15 sell 1 @101
        2 sell 1 @101
          rejected #16: order limit
        // A replaced order rests again though as many as may be do.
        2 replace #15 2 @101
          replaced #15 2 @101, place lost
          rested #15 sell 2 @101
        ",
    );
}

#[test]
fn tick_and_range_bind_only_stated_prices() {
    check(
        "
        1 sell 2 @101
          accepted #1 of 1
          rested #1 sell 2 @101
        rule tick 10
          changed tick 10
        rule prices 200..300
          changed prices 200..300
        2 buy 1 market ioc
          accepted #2 of 2
          #2 of 2 buys 1 @101 from #1 of 1
        2 buy 3 to-limit
          accepted #3 of 2
          #3 of 2 buys 1 @101 from #1 of 1
          rested #3 buy 2 @101
        2 buy 3 @101
          rejected #4: price range
        1 sell 1 @200 ioc
          accepted #5 of 1
          cancelled #5 of 1: 1, remainder
        ",
    );
}
