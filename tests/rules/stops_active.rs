//! Rules 11.5 and 11.6: stops that become active, and those that a halt holds back.

use tests::check;

#[test]
fn an_active_stop_arrives_like_any_order() {
    an_active_stop_goes_by_its_own_terms();
    an_active_stop_is_asked_for_room_only();
    a_level_of_its_side_is_room_enough();
    an_active_stop_in_an_auction();
}

fn an_active_stop_goes_by_its_own_terms() {
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 3 @101 stop 100 ref 7
          accepted #2 of 2 ref 7
        2 buy 3 @101 gtt 9 stop 100 oldest
          accepted #3 of 2
        2 buy 3 @101 ioc stop 100 newest
          accepted #4 of 2
        2 buy 3 market ioc stop 100
          accepted #5 of 2
        2 sell 7 @101 stop 100 decrement
          accepted #6 of 2
        3 buy 1 @100
          accepted #7 of 3
          #7 of 3 buys 1 @100 from #1 of 1
          triggered #2
          rested #2 buy 3 @101
          triggered #3
          rested #3 buy 3 @101
          triggered #4
          cancelled #4 of 2: 3, remainder
          triggered #5
          cancelled #5 of 2: 3, remainder
          triggered #6
          decremented #6 and #2 by 3
          decremented #6 and #3 by 3
          rested #6 sell 1 @101
        book
          sell 1 @101 #6 of 2, priority 4 decrement
        // What rests keeps choice, reference and expiry.
        3 buy 1 @101
          accepted #8 of 3
          #8 of 3 buys 1 @101 from #6 of 2
        2 buy 3 @100 gtt 9 stop 100 oldest ref 7
          accepted #9 of 2 ref 7
          triggered #9
          rested #9 buy 3 @100
        book
          buy 3 @100 #9 of 2 ref 7, priority 5 oldest
        2 sell 1 @102
          accepted #10 of 2
          rested #10 sell 1 @102
        2 replace #9 3 @102
          replaced #9 3 @102, place lost
          cancelled #10 of 2: 1, self trade
          rested #9 buy 3 @102
        clock 9 step 0
          clock 9 step 0
          cancelled #9 of 2 ref 7: 3, expired
        ",
    );
}

fn an_active_stop_is_asked_for_room_only() {
    check(
        "
        genesis levels_max 2
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 1 @110
          accepted #2 of 1
          rested #2 sell 1 @110
        2 buy 9 @93 stop 100
          accepted #3 of 2
        2 buy 9 @91 stop 100
          accepted #4 of 2
        // It would trade with #2; still no order of its side rests at 110.
        2 buy 9 @110 stop 100
          accepted #5 of 2
        2 buy 9 @110 ioc stop 100
          accepted #6 of 2
        2 sell 9 @93 stop 100
          accepted #7 of 2
        // None of the rules that have changed since is asked.
        rule tick 10
          changed tick 10
        rule qty_max 1
          changed qty_max 1
        rule prices 100..110
          changed prices 100..110
        rule position_max 0
          changed position_max 0
        rule ban on
          changed ban on
        rule exempt 3 on
          changed exempt 3 on
        // After the first trade: the ask at 110 and the bid at 93. Then #7 finds no ask at 93.
        3 buy 1 @100 ioc
          accepted #8 of 3
          #8 of 3 buys 1 @100 from #1 of 1
          triggered #3
          rested #3 buy 9 @93
          triggered #4
          cancelled #4 of 2: 9, no room
          triggered #5
          cancelled #5 of 2: 9, no room
          triggered #6
          #6 of 2 buys 1 @110 from #2 of 1
          cancelled #6 of 2: 8, remainder
          triggered #7
          #7 of 2 sells 9 @93 to #3 of 2
        book
        ",
    );
}

fn a_level_of_its_side_is_room_enough() {
    check(
        "
        genesis levels_max 2
        // A level of its side that exists has room.
        3 sell 1 @110
          accepted #1 of 3
          rested #1 sell 1 @110
        3 buy 1 @100
          accepted #2 of 3
          rested #2 buy 1 @100
        3 buy 1 @100 stop 110
          accepted #3 of 3
        3 buy 1 @110 stop 110
          accepted #4 of 3
        3 sell 1 @110
          accepted #5 of 3
          rested #5 sell 1 @110
        3 sell 1 @100 ioc
          accepted #6 of 3
          #6 of 3 sells 1 @100 to #2 of 3
        3 buy 1 @100
          accepted #7 of 3
          rested #7 buy 1 @100
        3 buy 1 market ioc
          accepted #8 of 3
          #8 of 3 buys 1 @110 from #1 of 3
          triggered #3
          rested #3 buy 1 @100
          triggered #4
          cancelled #4 of 3: 1, no room
        ",
    );
}

fn an_active_stop_in_an_auction() {
    check(
        "
        genesis levels_max 3
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @100
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        rule auction
          changed auction
        1 sell 5 @100
          accepted #3 of 1
          rested #3 sell 5 @100
        // Triggered on arrival, and active at once: unmatched, however it crosses.
        2 buy 2 @105 stop 100
          accepted #4 of 2
          triggered #4
          rested #4 buy 2 @105
        2 buy 2 @105 ioc stop 100
          accepted #5 of 2
          triggered #5
          cancelled #5 of 2: 2, remainder
        2 buy 2 market ioc stop 100
          accepted #6 of 2
          triggered #6
          cancelled #6 of 2: 2, remainder
        2 buy 2 @106 gtt 7 stop 100
          accepted #7 of 2
          triggered #7
          rested #7 buy 2 @106
        2 buy 2 @107 stop 100
          accepted #8 of 2
          triggered #8
          cancelled #8 of 2: 2, no room
        book
          buy 2 @106 #7 of 2, priority 4
          buy 2 @105 #4 of 2, priority 3
          sell 5 @100 #3 of 1, priority 2
        ",
    );
}

#[test]
fn triggered_stops_outlive_a_halt() {
    a_halt_ends_a_cascade();
    triggered_stops_may_leave_or_expire_in_a_halt();
}

/// Last trade 100, a band of 3, and a cascade that leaves it at its first stop.
const HALTED: &str = "
        genesis rule band 3
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @100
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        1 sell 1 @102
          accepted #3 of 1
          rested #3 sell 1 @102
        1 sell 1 @104
          accepted #4 of 1
          rested #4 sell 1 @104
        1 sell 9 @105
          accepted #5 of 1
          rested #5 sell 9 @105
        2 buy 1 @110 stop 102
          accepted #6 of 2
        2 buy 2 @110 stop 101
          accepted #7 of 2
        3 buy 3 @105 gtt 20 stop 102
          accepted #8 of 3
        3 buy 4 @105 stop 103
          accepted #9 of 3
        2 buy 1 @102
          accepted #10 of 2
          #10 of 2 buys 1 @102 from #3 of 1
          triggered #6
          band hit by #6 @104, reference 100
          cancelled #6 of 2: 1, band
        stops
          buy 2 @110 stop 101 #7 of 2, triggered
          buy 3 @105 stop 102 #8 of 3, triggered
          buy 4 @105 stop 103 #9 of 3
        book
          sell 1 @104 #4 of 1, priority 3
          sell 9 @105 #5 of 1, priority 4
";

fn after_the_halt(script: &str) {
    check(&[HALTED, script].concat());
}

fn a_halt_ends_a_cascade() {
    // Around 102 both asks are within reach. The trade at 104 triggers #9, which joins the others.
    after_the_halt(
        "
        1 sell 1 @200 stop 200
          rejected #11: halted
        rule halted
          changed halted
        rule continuous
          changed continuous
          triggered #7
          #7 of 2 buys 1 @104 from #4 of 1
          #7 of 2 buys 1 @105 from #5 of 1
          triggered #8
          #8 of 3 buys 3 @105 from #5 of 1
          triggered #9
          #9 of 3 buys 4 @105 from #5 of 1
        stops
        ",
    );
    // In an auction they rest; the first uncross comes later.
    after_the_halt(
        "
        rule auction
          changed auction
          triggered #7
          rested #7 buy 2 @110
          triggered #8
          rested #8 buy 3 @105
        stops
          buy 4 @105 stop 103 #9 of 3
        ",
    );
}

fn triggered_stops_may_leave_or_expire_in_a_halt() {
    after_the_halt(
        "
        2 reduce #7 by 1
          reduced #7 by 1 to 1
        stops
          buy 1 @110 stop 101 #7 of 2, triggered
          buy 3 @105 stop 102 #8 of 3, triggered
          buy 4 @105 stop 103 #9 of 3
        2 cancel #7
          cancelled #7 of 2: 1, requested
        clock 20 step 0
          clock 20 step 0
          cancelled #8 of 3: 3, expired
        rule continuous
          changed continuous
        stops
          buy 4 @105 stop 103 #9 of 3
        ",
    );
    after_the_halt(
        "
        3 mass-cancel
          mass-cancelled 3: 2 orders
          cancelled #8 of 3: 3, mass cancel
          cancelled #9 of 3: 4, mass cancel
        2 replace #7 2 @110
          rejected #7: halted
        rule continuous
          changed continuous
          triggered #7
          #7 of 2 buys 1 @104 from #4 of 1
          #7 of 2 buys 1 @105 from #5 of 1
        ",
    );
    // A rule that does not end the halt, and a change of the band, wake nothing.
    after_the_halt(
        "
        rule band 1
          changed band 1
        rule tick 2
          changed tick 2
        clock 1 step 1
          clock 1 step 1
        // Around 102, the ask at 104 is too far now; the next stop stays triggered.
        rule continuous
          changed continuous
          triggered #7
          band hit by #7 @104, reference 102
          cancelled #7 of 2: 2, band
        stops
          buy 3 @105 stop 102 #8 of 3, triggered
          buy 4 @105 stop 103 #9 of 3
        ",
    );
}
