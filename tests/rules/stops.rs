//! Rules 11.1 to 11.3: orders that wait for their stop.

use tests::check;

#[test]
fn a_stop_waits_outside_the_book() {
    check(
        "
        1 buy 5 @110 stop 105
          accepted #1 of 1
        1 sell 5 market ioc stop 95 ref 7
          accepted #2 of 1 ref 7
        1 sell 4 @90 gtt 50 stop 95
          accepted #3 of 1
        1 sell 3 @90 ioc stop 95
          accepted #4 of 1
        book
        levels
        stops
          buy 5 @110 stop 105 #1 of 1
          sell 5 market stop 95 #2 of 1 ref 7
          sell 4 @90 stop 95 #3 of 1
          sell 3 @90 stop 95 #4 of 1
        account 1
          position 0, cash 0, open buys 5, open sells 12
        // Nothing meets it.
        2 sell 1 @100
          accepted #5 of 2
          rested #5 sell 1 @100
        2 buy 1 @96
          accepted #6 of 2
          rested #6 buy 1 @96
        // It is not replaced; a stranger and a halt are asked first, its quantity later.
        1 replace #1 5 @110
          rejected #1: unsupported
        2 replace #1 5 @110
          rejected #1: not owner
        2 cancel #1
          rejected #1: not owner
        rule halted
          changed halted
        1 replace #1 5 @110
          rejected #1: halted
        rule continuous
          changed continuous
        rule qty_max 4
          changed qty_max 4
        1 replace #1 5 @110
          rejected #1: unsupported
        rule lot 2
          changed lot 2
        1 reduce #1 by 1
          rejected #1: lot size
        1 reduce #1 by 2
          reduced #1 by 2 to 3
        account 1
          position 0, cash 0, open buys 3, open sells 12
        1 reduce #1 by 3
          cancelled #1 of 1: 3, requested
        1 cancel #2
          cancelled #2 of 1 ref 7: 5, requested
        1 cancel #2
          rejected #2: unknown order
        clock 49 step 0
          clock 49 step 0
        clock 50 step 0
          clock 50 step 0
          cancelled #3 of 1: 4, expired
        1 mass-cancel
          mass-cancelled 1: 1 orders
          cancelled #4 of 1: 3, mass cancel
        stops
        account 1
          position 0, cash 0, open buys 0, open sells 0
        ",
    );
}

#[test]
fn a_stop_is_triggered_by_any_trade() {
    check(
        "
        // Before any trade they all wait. Triggered market orders meet an empty book below.
        3 buy 1 market ioc stop 104
          accepted #1 of 3
        3 buy 1 market ioc stop 105
          accepted #2 of 3
        3 sell 1 market ioc stop 100
          accepted #3 of 3
        3 sell 1 market ioc stop 99
          accepted #4 of 3
        1 sell 1 @103
          accepted #5 of 1
          rested #5 sell 1 @103
        2 buy 1 @103
          accepted #6 of 2
          #6 of 2 buys 1 @103 from #5 of 1
        stops
          buy 1 market stop 104 #1 of 3
          buy 1 market stop 105 #2 of 3
          sell 1 market stop 100 #3 of 3
          sell 1 market stop 99 #4 of 3
        // The first trade of a sweep triggers the sell stop at 100, its last the buy stop at 104;
        // 99 and 105 are a tick away.
        1 sell 1 @100
          accepted #7 of 1
          rested #7 sell 1 @100
        1 sell 1 @104
          accepted #8 of 1
          rested #8 sell 1 @104
        2 buy 2 @104
          accepted #9 of 2
          #9 of 2 buys 1 @100 from #7 of 1
          #9 of 2 buys 1 @104 from #8 of 1
          triggered #1
          cancelled #1 of 3: 1, remainder
          triggered #3
          cancelled #3 of 3: 1, remainder
        last
          @104
        // Beyond the stop price.
        1 sell 1 @106
          accepted #10 of 1
          rested #10 sell 1 @106
        2 buy 1 @106
          accepted #11 of 2
          #11 of 2 buys 1 @106 from #10 of 1
          triggered #2
          cancelled #2 of 3: 1, remainder
        // Neither an order nor a decrement is a trade.
        2 buy 1 @98
          accepted #12 of 2
          rested #12 buy 1 @98
        2 sell 1 @98 decrement
          accepted #13 of 2
          decremented #13 and #12 by 1
        2 buy 1 @98
          accepted #14 of 2
          rested #14 buy 1 @98
        1 sell 1 @90
          accepted #15 of 1
          #15 of 1 sells 1 @98 to #14 of 2
          triggered #4
          cancelled #4 of 3: 1, remainder
        stops
        last
          @98
        ",
    );
}

#[test]
fn a_stop_may_be_triggered_on_arrival() {
    check(
        "
        genesis orders_max 3
        genesis levels_max 1
        last
          none
        2 buy 1 @1 stop 1
          accepted #1 of 2
        2 cancel #1
          cancelled #1 of 2: 1, requested
        1 sell 1 @100
          accepted #2 of 1
          rested #2 sell 1 @100
        2 buy 1 @100 ioc
          accepted #3 of 2
          #3 of 2 buys 1 @100 from #2 of 1
        last
          @100
        2 buy 1 @100 ioc stop 101
          accepted #4 of 2
        2 buy 1 @100 ioc stop 100
          accepted #5 of 2
          triggered #5
          cancelled #5 of 2: 1, remainder
        2 buy 1 @100 ioc stop 99
          accepted #6 of 2
          triggered #6
          cancelled #6 of 2: 1, remainder
        2 sell 1 market ioc stop 99
          accepted #7 of 2
        2 sell 1 market ioc stop 100
          accepted #8 of 2
          triggered #8
          cancelled #8 of 2: 1, remainder
        2 sell 1 @103 stop 101
          accepted #9 of 2
          triggered #9
          rested #9 sell 1 @103
        // One rests, two wait: a stop counts as one that waits, though it would arrive at once.
        1 buy 1 market ioc stop 100
          rejected #10: order limit
        2 cancel #7
          cancelled #7 of 2: 1, requested
        // The levels are asked when it becomes active.
        1 sell 1 @104 stop 100
          accepted #11 of 1
          triggered #11
          cancelled #11 of 1: 1, no room
        1 buy 1 @104
          rejected #12: level limit
        1 buy 1 @103 ioc stop 100
          accepted #13 of 1
          triggered #13
          #13 of 1 buys 1 @103 from #9 of 2
          triggered #4
          cancelled #4 of 2: 1, remainder
        ",
    );
}
