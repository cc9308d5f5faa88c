//! Rules 12 and 3.3a: orders that are good till a time.

use tests::check;

#[test]
fn an_order_may_not_be_born_expired() {
    check(
        "
        genesis rule qty_max 5
        1 buy 6 @100 gtt 0
          rejected #1: expired
        1 buy 6 @100 gtt 1
          rejected #2: quantity limit
        clock 10 step 7
          clock 10 step 7
        1 buy 6 @100 gtt 9
          rejected #3: expired
        1 buy 6 @100 gtt 10
          rejected #4: expired
        // The quantity is the next check, kind and time the one before.
        1 buy 6 @100 gtt 11
          rejected #5: quantity limit
        1 buy 6 market gtt 9
          rejected #6: unsupported
        // A stop, a post-only order, an iceberg, a market-to-limit order.
        1 buy 6 @100 gtt 10 stop 9
          rejected #7: expired
        1 buy 6 @100 post gtt 10 display 1
          rejected #8: expired
        1 buy 6 to-limit gtt 10
          rejected #9: expired
        1 buy 5 @100 gtt 11
          accepted #10 of 1
          rested #10 buy 5 @100
        1 buy 5 @100 gtt 18446744073709551615
          accepted #11 of 1
          rested #11 buy 5 @100
        ",
    );
}

#[test]
fn a_gtt_order_trades_until_its_time() {
    check(
        "
        1 sell 5 @100 gtt 10
          accepted #1 of 1
          rested #1 sell 5 @100
        2 buy 1 @100 gtt 10
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        clock 9 step 99
          clock 9 step 99
        2 buy 1 @100
          accepted #3 of 2
          #3 of 2 buys 1 @100 from #1 of 1
        // Replaced, it keeps its time, with and without its place.
        1 replace #1 2 @100
          replaced #1 2 @100, place kept
        1 replace #1 2 @101
          replaced #1 2 @101, place lost
          rested #1 sell 2 @101
        // A refused clock moves nothing.
        clock 10 step 98
          rejected: time backwards
        clock 10 step 99
          clock 10 step 99
          cancelled #1 of 1: 2, expired
        1 cancel #1
          rejected #1: unknown order
        account 1
          position -2, cash 2000000, open buys 0, open sells 0
        // What is left of a market-to-limit order rests till its time.
        1 sell 1 @100
          accepted #4 of 1
          rested #4 sell 1 @100
        2 buy 3 to-limit gtt 12
          accepted #5 of 2
          #5 of 2 buys 1 @100 from #4 of 1
          rested #5 buy 2 @100
        // In a halt and in an auction too.
        rule halted
          changed halted
        clock 11 step 99
          clock 11 step 99
        clock 12 step 99
          clock 12 step 99
          cancelled #5 of 2: 2, expired
        rule auction
          changed auction
        2 buy 9 @100 gtt 14 display 2
          accepted #6 of 2
          rested #6 buy 9 @100, shows 2
        clock 13 step 99
          clock 13 step 99
        // An iceberg goes with its reserve, however far the clock jumps.
        clock 1000 step 99
          clock 1000 step 99
          cancelled #6 of 2: 9, expired
        ",
    );
}

#[test]
fn orders_expire_by_time_then_id() {
    check(
        "
        1 sell 1 @100 gtt 7
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @90 gtt 5
          accepted #2 of 2
          rested #2 buy 1 @90
        3 buy 1 @110 gtt 6 stop 105 ref 8
          accepted #3 of 3 ref 8
        1 sell 1 @99 gtt 5
          accepted #4 of 1
          rested #4 sell 1 @99
        1 buy 1 @95 gtt 6
          accepted #5 of 1
          rested #5 buy 1 @95
        2 buy 1 @96 gtt 8
          accepted #6 of 2
          rested #6 buy 1 @96
        1 buy 1 @97
          accepted #7 of 1
          rested #7 buy 1 @97
        // To the back of its level: the id counts, not the priority.
        2 replace #2 1 @90
          replaced #2 1 @90, place lost
          rested #2 buy 1 @90
        clock 7 step 0
          clock 7 step 0
          cancelled #2 of 2: 1, expired
          cancelled #4 of 1: 1, expired
          cancelled #3 of 3 ref 8: 1, expired
          cancelled #5 of 1: 1, expired
          cancelled #1 of 1: 1, expired
        book
          buy 1 @97 #7 of 1, priority 6
          buy 1 @96 #6 of 2, priority 5
        clock 7 step 1
          clock 7 step 1
        clock 8 step 1
          clock 8 step 1
          cancelled #6 of 2: 1, expired
        ",
    );
}
