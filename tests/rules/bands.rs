//! Rule 14: the price band.

use tests::check;

#[test]
fn the_band_stops_a_sweep() {
    the_band_around_the_last_trade();
    the_band_for_sells_and_own_orders();
    what_the_band_leaves_alone();
}

fn the_band_around_the_last_trade() {
    check(
        "
        genesis rule band 5
        // Before any trade there is no band.
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 1 @900
          accepted #2 of 1
          rested #2 sell 1 @900
        2 buy 2 @900
          accepted #3 of 2
          #3 of 2 buys 1 @100 from #1 of 1
          #3 of 2 buys 1 @900 from #2 of 1
        1 sell 2 @905
          accepted #4 of 1
          rested #4 sell 2 @905
        1 sell 2 @906
          accepted #5 of 1
          rested #5 sell 2 @906
        // Five ticks away is inside. The reference is that of before the command.
        2 buy 5 @910
          accepted #6 of 2
          #6 of 2 buys 2 @905 from #4 of 1
          band hit by #6 @906, reference 900
          cancelled #6 of 2: 3, band
        book
          sell 2 @906 #5 of 1, priority 4
        2 buy 1 @1
          rejected #7: halted
        rule continuous
          changed continuous
        // Around 905 it is inside.
        2 buy 1 @910 ioc
          accepted #8 of 2
          #8 of 2 buys 1 @906 from #5 of 1
        rule band 4
          changed band 4
        1 sell 1 @911
          accepted #9 of 1
          rested #9 sell 1 @911
        // Market orders and market-to-limit orders alike; nothing of them trades.
        2 buy 2 market ioc
          accepted #10 of 2
          #10 of 2 buys 1 @906 from #5 of 1
          band hit by #10 @911, reference 906
          cancelled #10 of 2: 1, band
        rule continuous
          changed continuous
        2 buy 2 to-limit
          accepted #11 of 2
          band hit by #11 @911, reference 906
          cancelled #11 of 2: 2, band
        rule continuous
          changed continuous
        2 buy 9 @911 gtt 5 display 2
          accepted #12 of 2
          band hit by #12 @911, reference 906
          cancelled #12 of 2: 9, band
        rule continuous
          changed continuous
        rule band 0
          changed band 0
        2 buy 1 @911
          accepted #13 of 2
          #13 of 2 buys 1 @911 from #9 of 1
        ",
    );
}

fn the_band_for_sells_and_own_orders() {
    check(
        "
        genesis rule band 2
        1 buy 1 @100
          accepted #1 of 1
          rested #1 buy 1 @100
        2 sell 1 @100
          accepted #2 of 2
          #2 of 2 sells 1 @100 to #1 of 1
        1 buy 1 @98
          accepted #3 of 1
          rested #3 buy 1 @98
        2 buy 1 @97
          accepted #4 of 2
          rested #4 buy 1 @97
        // The meeting that self-trade prevention would decide counts as a trade.
        2 sell 3 @90 oldest
          accepted #5 of 2
          #5 of 2 sells 1 @98 to #3 of 1
          band hit by #5 @97, reference 100
          cancelled #5 of 2: 2, band
        book
          buy 1 @97 #4 of 2, priority 3
        rule continuous
          changed continuous
        // Around 98 it is inside; the prevention does not make it a trade.
        2 sell 3 @90 newest
          accepted #6 of 2
          cancelled #6 of 2: 3, self trade
        last
          @98
        1 buy 1 @96
          accepted #7 of 1
          rested #7 buy 1 @96
        1 buy 1 @95
          accepted #8 of 1
          rested #8 buy 1 @95
        2 sell 3 @95 decrement
          accepted #9 of 2
          decremented #9 and #4 by 1
          #9 of 2 sells 1 @96 to #7 of 1
          band hit by #9 @95, reference 98
          cancelled #9 of 2: 1, band
        rule continuous
          changed continuous
        // A replaced order is one that arrives, and is gone too.
        2 sell 4 @105
          accepted #10 of 2
          rested #10 sell 4 @105
        rule band 0
          changed band 0
        1 sell 1 @96
          accepted #11 of 1
          rested #11 sell 1 @96
        2 buy 1 @96
          accepted #12 of 2
          #12 of 2 buys 1 @96 from #11 of 1
        rule band 2
          changed band 2
        1 buy 1 @93
          accepted #13 of 1
          rested #13 buy 1 @93
        2 replace #10 6 @93
          replaced #10 6 @93, place lost
          #10 of 2 sells 1 @95 to #8 of 1
          band hit by #10 @93, reference 96
          cancelled #10 of 2: 5, band
        2 cancel #10
          rejected #10: unknown order
        account 2
          position -3, cash 2930000, open buys 0, open sells 0
        ",
    );
}

fn what_the_band_leaves_alone() {
    check(
        "
        genesis rule band 2
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @100
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        // Orders that do not trade, however far away.
        1 sell 1 @110
          accepted #3 of 1
          rested #3 sell 1 @110
        2 buy 1 @1
          accepted #4 of 2
          rested #4 buy 1 @1
        2 buy 1 @109
          accepted #5 of 2
          rested #5 buy 1 @109
        // A call auction.
        rule auction
          changed auction
        2 buy 2 @110
          accepted #6 of 2
          rested #6 buy 2 @110
        uncross
          uncrossed 1 @110
          #6 of 2 buys 1 @110 from #3 of 1
        rule continuous
          changed continuous
        // The band is around the clearing price now.
        1 sell 3 @100
          accepted #7 of 1
          #7 of 1 sells 1 @110 to #6 of 2
          #7 of 1 sells 1 @109 to #5 of 2
          rested #7 sell 1 @100
        ",
    );
}

#[test]
fn the_band_holds_for_a_whole_cascade() {
    check(
        "
        genesis rule band 5
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @100
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        1 sell 1 @103
          accepted #3 of 1
          rested #3 sell 1 @103
        1 sell 1 @105
          accepted #4 of 1
          rested #4 sell 1 @105
        1 sell 1 @106
          accepted #5 of 1
          rested #5 sell 1 @106
        3 buy 1 market ioc stop 103
          accepted #6 of 3
        3 buy 1 market ioc stop 105
          accepted #7 of 3
        3 buy 1 @105 stop 105
          accepted #8 of 3
        // 105 is five ticks from 100, though two from the trade just before; 106 is too far from
        // 100, though one from the last trade.
        2 buy 1 @103
          accepted #9 of 2
          #9 of 2 buys 1 @103 from #3 of 1
          triggered #6
          #6 of 3 buys 1 @105 from #4 of 1
          triggered #7
          band hit by #7 @106, reference 100
          cancelled #7 of 3: 1, band
        stops
          buy 1 @105 stop 105 #8 of 3, triggered
        rule continuous
          changed continuous
          triggered #8
          rested #8 buy 1 @105
        // The uncross that comes with a rule does not move the reference of its cascade either.
        rule auction
          changed auction
        2 buy 1 @111
          accepted #10 of 2
          rested #10 buy 1 @111
        1 sell 1 @111
          accepted #11 of 1
          rested #11 sell 1 @111
        1 cancel #5
          cancelled #5 of 1: 1, requested
        3 buy 1 market ioc stop 111
          accepted #12 of 3
        1 sell 1 @112
          accepted #13 of 1
          rested #13 sell 1 @112
        rule continuous
          changed continuous
          uncrossed 1 @111
          #11 of 1 sells 1 @111 to #10 of 2
          triggered #12
          band hit by #12 @112, reference 105
          cancelled #12 of 3: 1, band
        ",
    );
}

#[test]
fn the_band_stops_a_fill_or_kill_order_half_way() {
    check(
        "
        genesis rule band 5
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @100
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        1 sell 2 @105
          accepted #3 of 1
          rested #3 sell 2 @105
        1 sell 2 @106
          accepted #4 of 1
          rested #4 sell 2 @106
        // Quantities only.
        2 buy 5 @106 fok
          rejected #5: unfillable
        2 buy 3 @106 fok
          accepted #6 of 2
          #6 of 2 buys 2 @105 from #3 of 1
          band hit by #6 @106, reference 100
          cancelled #6 of 2: 1, band
        rule continuous
          changed continuous
        2 buy 2 @106 fok
          accepted #7 of 2
          #7 of 2 buys 2 @106 from #4 of 1
        ",
    );
}
