//! Rules 5.4 and 6: orders that meet orders of their own client.

use tests::check;

#[test]
fn fill_or_kill_against_own_orders() {
    check(
        "
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        2 sell 3 @100
          accepted #2 of 2
          rested #2 sell 3 @100
        1 sell 4 @101
          accepted #3 of 1
          rested #3 sell 4 @101
        // Ends at #2: 2 lots.
        2 buy 3 @101 fok newest
          rejected #4: unfillable
        2 buy 3 @101 fok both
          rejected #5: unfillable
        2 buy 3 @101 fok decrement
          rejected #6: unfillable
        // Passes over #2: 6 lots. The refusal has cancelled nothing.
        2 buy 7 @101 fok oldest
          rejected #7: unfillable
        // Counts #2: 9 lots.
        2 buy 10 @101 fok
          rejected #8: unfillable
        book
          sell 2 @100 #1 of 1, priority 1
          sell 3 @100 #2 of 2, priority 2
          sell 4 @101 #3 of 1, priority 3
        2 buy 1 @101 fok decrement
          accepted #9 of 2
          #9 of 2 buys 1 @100 from #1 of 1
        2 buy 1 @101 fok newest
          accepted #10 of 2
          #10 of 2 buys 1 @100 from #1 of 1
        // Now the own order is the first.
        2 buy 1 @101 fok both
          rejected #11: unfillable
        2 buy 4 @101 fok oldest
          accepted #12 of 2
          cancelled #2 of 2: 3, self trade
          #12 of 2 buys 4 @101 from #3 of 1
        2 sell 3 @100
          accepted #13 of 2
          rested #13 sell 3 @100
        2 buy 3 @100 fok
          accepted #14 of 2
          #14 of 2 buys 3 @100 from #13 of 2
        book
        ",
    );
}

#[test]
fn own_orders_may_trade_when_allowed() {
    check(
        "
        genesis rule tax 3
        genesis rule fees 100 200
        // The resting order's choice does not matter.
        1 sell 2 @100 newest
          accepted #1 of 1
          rested #1 sell 2 @100
        1 buy 3 @100
          accepted #2 of 1
          #2 of 1 buys 2 @100 from #1 of 1
          rested #2 buy 1 @100
        // 2 · 100 · 10,000 = 2,000,000: fees 200 and 400; tax 6 twice.
        account 1
          position 0, cash -612, open buys 1, open sells 0
        pots
          taxes 12, fees 600
        ",
    );
}

#[test]
fn cancel_newest_drops_the_arriving_order() {
    check(
        "
        2 sell 1 @100
          accepted #1 of 2
          rested #1 sell 1 @100
        1 sell 2 @100
          accepted #2 of 1
          rested #2 sell 2 @100
        2 sell 1 @100
          accepted #3 of 2
          rested #3 sell 1 @100
        1 buy 9 @100 newest
          accepted #4 of 1
          #4 of 1 buys 1 @100 from #1 of 2
          cancelled #4 of 1: 8, self trade
        1 buy 1 @100 ioc newest
          accepted #5 of 1
          cancelled #5 of 1: 1, self trade
        1 buy 1 market ioc newest
          accepted #6 of 1
          cancelled #6 of 1: 1, self trade
        book
          sell 2 @100 #2 of 1, priority 2
          sell 1 @100 #3 of 2, priority 3
        // Strangers trade under any choice.
        3 buy 2 @100 newest
          accepted #7 of 3
          #7 of 3 buys 2 @100 from #2 of 1
        ",
    );
}

#[test]
fn cancel_oldest_drops_the_resting_order() {
    check(
        "
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        2 sell 1 @100
          accepted #2 of 2
          rested #2 sell 1 @100
        1 sell 2 @101
          accepted #3 of 1
          rested #3 sell 2 @101
        1 sell 2 @102
          accepted #4 of 1
          rested #4 sell 2 @102
        1 buy 1 @101 oldest
          accepted #5 of 1
          cancelled #1 of 1: 2, self trade
          #5 of 1 buys 1 @100 from #2 of 2
        1 buy 1 @101 oldest
          accepted #6 of 1
          cancelled #3 of 1: 2, self trade
          rested #6 buy 1 @101
        book
          buy 1 @101 #6 of 1, priority 5 oldest
          sell 2 @102 #4 of 1, priority 4
        account 1
          position 1, cash -1000000, open buys 1, open sells 2
        ",
    );
}

#[test]
fn cancel_both_drops_both() {
    check(
        "
        2 sell 1 @100
          accepted #1 of 2
          rested #1 sell 1 @100
        1 sell 2 @100
          accepted #2 of 1
          rested #2 sell 2 @100
        2 sell 1 @100
          accepted #3 of 2
          rested #3 sell 1 @100
        1 buy 9 @100 both
          accepted #4 of 1
          #4 of 1 buys 1 @100 from #1 of 2
          cancelled #2 of 1: 2, self trade
          cancelled #4 of 1: 8, self trade
        book
          sell 1 @100 #3 of 2, priority 3
        ",
    );
}

#[test]
fn decrement_takes_the_smaller_from_both() {
    check(
        "
        genesis rule tax 3
        genesis rule fees 100 200
        1 sell 2 @100
          accepted #1 of 1
          rested #1 sell 2 @100
        1 sell 5 @101
          accepted #2 of 1
          rested #2 sell 5 @101
        2 sell 1 @101
          accepted #3 of 2
          rested #3 sell 1 @101
        // The resting order is the smaller, then the arriving one.
        1 buy 3 @101 decrement
          accepted #4 of 1
          decremented #4 and #1 by 2
          decremented #4 and #2 by 1
        book
          sell 4 @101 #2 of 1, priority 2
          sell 1 @101 #3 of 2, priority 3
        // Equal: both are gone.
        1 buy 4 @101 decrement
          accepted #5 of 1
          decremented #5 and #2 by 4
        account 1
          position 0, cash 0, open buys 0, open sells 0
        pots
          taxes 0, fees 0
        // Matching goes on behind it.
        2 replace #3 2 @101
          replaced #3 2 @101, place lost
          rested #3 sell 2 @101
        2 buy 3 @101 decrement
          accepted #6 of 2
          decremented #6 and #3 by 2
          rested #6 buy 1 @101
        ",
    );
}
