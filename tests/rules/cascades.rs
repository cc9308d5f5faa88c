//! Rule 11.4: stops that trigger stops.

use tests::check;

/// Five cascades.
#[test]
fn stops_cascade_by_id() {
    the_lowest_id_goes_first_whatever_its_stop();
    what_a_stop_triggers_joins_the_others();
    a_cascade_runs_down_the_bids();
    a_cascade_turns_round();
    a_cascade_waits_for_the_end_of_the_command();
}

fn the_lowest_id_goes_first_whatever_its_stop() {
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 9 @105
          accepted #2 of 1
          rested #2 sell 9 @105
        2 buy 1 @105 stop 100
          accepted #3 of 2
        3 buy 1 @105 stop 98
          accepted #4 of 3
        2 buy 1 @105 stop 99
          accepted #5 of 2
        3 buy 1 @100
          accepted #6 of 3
          #6 of 3 buys 1 @100 from #1 of 1
          triggered #3
          #3 of 2 buys 1 @105 from #2 of 1
          triggered #4
          #4 of 3 buys 1 @105 from #2 of 1
          triggered #5
          #5 of 2 buys 1 @105 from #2 of 1
        ",
    );
}

fn what_a_stop_triggers_joins_the_others() {
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 1 @102
          accepted #2 of 1
          rested #2 sell 1 @102
        1 sell 9 @104
          accepted #3 of 1
          rested #3 sell 9 @104
        // Needs 102.
        2 buy 2 @110 stop 102
          accepted #4 of 2
        // Needs 100, as the one after the next.
        2 buy 1 @110 stop 100
          accepted #5 of 2
        // Needs 104.
        2 buy 3 @110 stop 104
          accepted #6 of 2
        2 buy 4 @110 stop 100
          accepted #7 of 2
        // The trade at 100 triggers #5 and #7; #5 trades at 102 and triggers #4, which has a lower
        // id than #7 and trades at 104 and triggers #6, which has one too.
        3 buy 1 @100
          accepted #8 of 3
          #8 of 3 buys 1 @100 from #1 of 1
          triggered #5
          #5 of 2 buys 1 @102 from #2 of 1
          triggered #4
          #4 of 2 buys 2 @104 from #3 of 1
          triggered #6
          #6 of 2 buys 3 @104 from #3 of 1
          triggered #7
          #7 of 2 buys 4 @104 from #3 of 1
        stops
        book
        ",
    );
}

fn a_cascade_runs_down_the_bids() {
    check(
        "
        1 buy 2 @100
          accepted #1 of 1
          rested #1 buy 2 @100
        1 buy 2 @99
          accepted #2 of 1
          rested #2 buy 2 @99
        1 buy 2 @97
          accepted #3 of 1
          rested #3 buy 2 @97
        2 sell 9 @90 stop 97
          accepted #4 of 2
        2 sell 2 market ioc stop 99
          accepted #5 of 2
        2 sell 2 market ioc stop 100
          accepted #6 of 2
        2 sell 9 market ioc stop 96
          accepted #7 of 2
        3 sell 1 @100
          accepted #8 of 3
          #8 of 3 sells 1 @100 to #1 of 1
          triggered #6
          #6 of 2 sells 1 @100 to #1 of 1
          #6 of 2 sells 1 @99 to #2 of 1
          triggered #5
          #5 of 2 sells 1 @99 to #2 of 1
          #5 of 2 sells 1 @97 to #3 of 1
          triggered #4
          #4 of 2 sells 1 @97 to #3 of 1
          rested #4 sell 8 @90
        // No trade at 96 or below.
        stops
          sell 9 market stop 96 #7 of 2
        // One with what rests at 90 is: the buyer's own remainder is what the stop meets.
        1 buy 9 @90
          accepted #9 of 1
          #9 of 1 buys 8 @90 from #4 of 2
          rested #9 buy 1 @90
          triggered #7
          #7 of 2 sells 1 @90 to #9 of 1
          cancelled #7 of 2: 8, remainder
        ",
    );
}

fn a_cascade_turns_round() {
    check(
        "
        1 buy 1 @90
          accepted #1 of 1
          rested #1 buy 1 @90
        1 buy 1 @100
          accepted #2 of 1
          rested #2 buy 1 @100
        2 sell 2 @95 stop 100
          accepted #3 of 2
        2 buy 1 market ioc stop 100
          accepted #4 of 2
        3 sell 1 market ioc stop 95
          accepted #5 of 3
        3 buy 1 market ioc stop 99
          accepted #6 of 3
        3 buy 1 market ioc stop 101
          accepted #7 of 3
        // A sell stop rests, a buy stop takes from it, which triggers a sell stop, which trades
        // lower still; then the next buy stop is back at 95.
        4 sell 1 @100
          accepted #8 of 4
          #8 of 4 sells 1 @100 to #2 of 1
          triggered #3
          rested #3 sell 2 @95
          triggered #4
          #4 of 2 buys 1 @95 from #3 of 2
          triggered #5
          #5 of 3 sells 1 @90 to #1 of 1
          triggered #6
          #6 of 3 buys 1 @95 from #3 of 2
        stops
          buy 1 market stop 101 #7 of 3
        last
          @95
        ",
    );
}

fn a_cascade_waits_for_the_end_of_the_command() {
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 sell 3 market ioc stop 100
          accepted #2 of 2
        2 sell 1 @101
          accepted #3 of 2
          rested #3 sell 1 @101
        // What is left rests first, then the stop meets it: a better price than before.
        3 buy 5 @100
          accepted #4 of 3
          #4 of 3 buys 1 @100 from #1 of 1
          rested #4 buy 4 @100
          triggered #2
          #2 of 2 sells 3 @100 to #4 of 3
        // A replaced order and one that was cut by self-trade prevention trigger as well.
        1 buy 1 market ioc stop 101
          accepted #5 of 1
        3 replace #4 2 @101
          replaced #4 2 @101, place lost
          #4 of 3 buys 1 @101 from #3 of 2
          rested #4 buy 1 @101
          triggered #5
          cancelled #5 of 1: 1, remainder
        1 buy 1 @101
          accepted #6 of 1
          rested #6 buy 1 @101
        1 sell 1 market ioc stop 101
          accepted #7 of 1
          triggered #7
          #7 of 1 sells 1 @101 to #4 of 3
        2 sell 1 market ioc stop 100
          accepted #8 of 2
        3 buy 1 @100
          accepted #9 of 3
          rested #9 buy 1 @100
        2 buy 1 @99
          accepted #10 of 2
          rested #10 buy 1 @99
        3 sell 9 @90 newest
          accepted #11 of 3
          #11 of 3 sells 1 @101 to #6 of 1
          cancelled #11 of 3: 8, self trade
        1 sell 1 @100
          accepted #12 of 1
          #12 of 1 sells 1 @100 to #9 of 3
          triggered #8
          #8 of 2 sells 1 @99 to #10 of 2
        ",
    );
}
