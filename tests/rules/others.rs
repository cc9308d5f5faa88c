//! Rule 8 without `Replace`: the other commands.

use tests::check;

#[test]
fn only_live_orders_of_the_owner_can_be_touched() {
    check(
        "
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        // Never was; id 0 too.
        1 cancel #2
          rejected #2: unknown order
        1 cancel #0
          rejected #0: unknown order
        1 reduce #2 by 1
          rejected #2: unknown order
        1 replace #2 1 @100
          rejected #2: unknown order
        1 cancel #18446744073709551615
          rejected #18446744073709551615: unknown order
        // Another's.
        2 cancel #1
          rejected #1: not owner
        2 reduce #1 by 1
          rejected #1: not owner
        2 replace #1 1 @100
          rejected #1: not owner
        4294967295 cancel #1
          rejected #1: not owner
        // Dead by a trade, by a decrement, by a cancel, on arrival.
        2 buy 5 @100
          accepted #2 of 2
          #2 of 2 buys 5 @100 from #1 of 1
        1 cancel #1
          rejected #1: unknown order
        2 cancel #2
          rejected #2: unknown order
        1 sell 1 @100
          accepted #3 of 1
          rested #3 sell 1 @100
        1 buy 1 @100 decrement
          accepted #4 of 1
          decremented #4 and #3 by 1
        1 reduce #3 by 1
          rejected #3: unknown order
        1 sell 1 @100
          accepted #5 of 1
          rested #5 sell 1 @100
        1 cancel #5
          cancelled #5 of 1: 1, requested
        1 cancel #5
          rejected #5: unknown order
        // Whether it lives is asked before whose it is.
        2 replace #5 1 @100
          rejected #5: unknown order
        1 buy 1 @100 ioc
          accepted #6 of 1
          cancelled #6 of 1: 1, remainder
        1 cancel #6
          rejected #6: unknown order
        ",
    );
}

#[test]
fn reduce_keeps_the_place_and_may_cancel() {
    check(
        "
        genesis rule lot 2
        1 sell 8 @100
          accepted #1 of 1
          rested #1 sell 8 @100
        2 sell 8 @100
          accepted #2 of 2
          rested #2 sell 8 @100
        1 reduce #1 by 7
          rejected #1: lot size
        1 reduce #1 by 1
          rejected #1: lot size
        1 reduce #1 by 6
          reduced #1 by 6 to 2
        book
          sell 2 @100 #1 of 1, priority 1
          sell 8 @100 #2 of 2, priority 2
        account 1
          position 0, cash 0, open buys 0, open sells 2
        // All that is open, and more, cancels; more need not be whole lots.
        1 reduce #1 by 2
          cancelled #1 of 1: 2, requested
        2 reduce #2 by 9
          cancelled #2 of 2: 8, requested
        book
        ",
    );
}

#[test]
fn mass_cancel_takes_every_order_of_the_client() {
    check(
        "
        genesis clients_max 3
        1 sell 1 @103
          accepted #1 of 1
          rested #1 sell 1 @103
        1 buy 1 @98
          accepted #2 of 1
          rested #2 buy 1 @98
        1 sell 1 @102
          accepted #3 of 1
          rested #3 sell 1 @102
        2 sell 1 @102
          accepted #4 of 2
          rested #4 sell 1 @102
        1 buy 1 @99
          accepted #5 of 1
          rested #5 buy 1 @99
        1 sell 1 @102 ref 8
          accepted #6 of 1 ref 8
          rested #6 sell 1 @102
        // Stops come last, by id; the other client's stays.
        1 sell 1 @102 stop 90
          accepted #7 of 1
        2 sell 1 @102 stop 90
          accepted #8 of 2
        1 buy 1 market ioc stop 110
          accepted #9 of 1
        // To the back of its level: #3 stands behind #6 now.
        1 replace #3 1 @102
          replaced #3 1 @102, place lost
          rested #3 sell 1 @102
        1 mass-cancel
          mass-cancelled 1: 7 orders
          cancelled #5 of 1: 1, mass cancel
          cancelled #2 of 1: 1, mass cancel
          cancelled #6 of 1 ref 8: 1, mass cancel
          cancelled #3 of 1: 1, mass cancel
          cancelled #1 of 1: 1, mass cancel
          cancelled #7 of 1: 1, mass cancel
          cancelled #9 of 1: 1, mass cancel
        book
          sell 1 @102 #4 of 2, priority 4
        stops
          sell 1 @102 stop 90 #8 of 2
        1 mass-cancel
          mass-cancelled 1: 0 orders
        0 mass-cancel
          mass-cancelled 0: 0 orders
        3 mass-cancel
          mass-cancelled 3: 0 orders
        4294967295 mass-cancel
          mass-cancelled 4294967295: 0 orders
        ",
    );
}

#[test]
fn the_clock_never_goes_back() {
    check(
        "
        clock 0 step 0
          clock 0 step 0
        clock 10 step 5
          clock 10 step 5
        clock 9 step 5
          rejected: time backwards
        clock 10 step 4
          rejected: time backwards
        clock 11 step 4
          rejected: time backwards
        clock 9 step 6
          rejected: time backwards
        clock 10 step 5
          clock 10 step 5
        clock 11 step 5
          clock 11 step 5
        clock 11 step 6
          clock 11 step 6
        clock 18446744073709551615 step 18446744073709551615
          clock 18446744073709551615 step 18446744073709551615
        clock 0 step 0
          rejected: time backwards
        now
          time 18446744073709551615, step 18446744073709551615, placed 0
        ",
    );
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    check(
        "
        genesis clients_max 3
        rule prices 10..9
          rejected: bad rule
        rule prices 10..10
          changed prices 10..10
        1 buy 1 @11
          rejected #1: price range
        1 buy 1 @10
          accepted #2 of 1
          rested #2 buy 1 @10
        rule position_max -1
          rejected: bad rule
        // 2^62 + 1, 2^62
        rule position_max 4611686018427387905
          rejected: bad rule
        rule position_max 4611686018427387904
          changed position_max 4611686018427387904
        rule position_max 0
          changed position_max 0
        rule exempt 3 on
          rejected: bad rule
        rule exempt 3 off
          rejected: bad rule
        rule exempt 2 off
          changed exempt 2 off
        rule exempt 2 on
          changed exempt 2 on
        // The present value.
        rule exempt 2 on
          changed exempt 2 on
        rule continuous
          changed continuous
        rule prices 10..10
          changed prices 10..10
        // A tick under which no price is left, and a lot above the largest quantity, are no
        // contradictions.
        rule tick 7
          changed tick 7
        rule lot 2147483647
          changed lot 2147483647
        rule qty_max 1
          changed qty_max 1
        rule tax 4294967295
          changed tax 4294967295
        rule fees -1000000 1000000
          changed fees -1000000 1000000
        rule halted
          changed halted
        rule ban on
          changed ban on
        ",
    );
}

#[test]
fn a_new_tick_leaves_resting_orders_alone() {
    check(
        "
        1 sell 7 @101
          accepted #1 of 1
          rested #1 sell 7 @101
        1 sell 7 @103
          accepted #2 of 1
          rested #2 sell 7 @103
        rule tick 10
          changed tick 10
        rule lot 2
          changed lot 2
        rule qty_max 4
          changed qty_max 4
        rule prices 110..200
          changed prices 110..200
        book
          sell 7 @101 #1 of 1, priority 1
          sell 7 @103 #2 of 1, priority 2
        2 buy 4 market ioc
          accepted #3 of 2
          #3 of 2 buys 4 @101 from #1 of 1
        1 reduce #2 by 2
          reduced #2 by 2 to 5
        1 replace #2 4 @103
          replaced #2 4 @103, place kept
        1 replace #2 4 @105
          rejected #2: price range
        1 replace #2 4 @115
          rejected #2: tick size
        1 cancel #1
          cancelled #1 of 1: 3, requested
        1 replace #2 4 @110
          replaced #2 4 @110, place lost
          rested #2 sell 4 @110
        ",
    );
}
