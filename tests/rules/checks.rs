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
        // Stops are refused and may leave too; an auction is no halt.
        2 buy 5 @100 stop 120
          accepted #7 of 2
        2 buy 5 @100 stop 120
          accepted #8 of 2
        rule halted
          changed halted
        2 buy 5 @100 stop 120
          rejected #9: halted
        2 cancel #7
          cancelled #7 of 2: 5, requested
        2 reduce #8 by 1
          reduced #8 by 1 to 4
        rule auction
          changed auction
        2 reduce #8 by 1
          reduced #8 by 1 to 3
        2 reduce #6 by 1
          reduced #6 by 1 to 4
        2 cancel #6
          cancelled #6 of 2: 4, requested
        2 mass-cancel
          mass-cancelled 2: 1 orders
          cancelled #8 of 2: 3, mass cancel
        2 buy 5 @100
          accepted #10 of 2
          rested #10 buy 5 @100
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
        // Range and tick of the limit, then range and tick of the stop.
        rule prices 100..104
          changed prices 100..104
        rule tick 2
          changed tick 2
        1 buy 1 @99 stop 101
          rejected #9: price range
        1 buy 1 @101 stop 99
          rejected #10: tick size
        1 buy 1 @104 stop 99
          rejected #11: price range
        1 buy 1 @104 stop 106
          rejected #12: price range
        1 buy 1 market ioc stop 99
          rejected #13: price range
        1 buy 1 market ioc stop 104
          accepted #14 of 1
        1 buy 1 @100 stop 104
          accepted #15 of 1
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
        // A stop's price too.
        1 buy 1 @100 stop 101
          rejected #5: tick size
        1 buy 1 market ioc stop 104
          rejected #6: tick size
        1 buy 1 @100 ioc stop 105
          accepted #7 of 1
        // The tick is asked before the ban.
        1 sell 1 @101
          rejected #8: tick size
        1 sell 1 @105 stop 101
          rejected #9: tick size
        1 sell 1 @105
          rejected #10: short sale
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
