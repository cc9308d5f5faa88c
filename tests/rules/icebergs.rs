//! Rules 10 and 5.4: orders that show a part of themselves.

use tests::check;

#[test]
fn an_iceberg_shows_its_display_only() {
    check(
        "
        1 sell 9 @100 display 4
          accepted #1 of 1
          rested #1 sell 9 @100, shows 4
        2 sell 3 @100
          accepted #2 of 2
          rested #2 sell 3 @100
        book
          sell 9 @100 #1 of 1, priority 1, shows 4
          sell 3 @100 #2 of 2, priority 2
        levels
          sell 7 @100
        // Open is what is displayed and the reserve.
        account 1
          position 0, cash 0, open buys 0, open sells 9
        // On arrival it trades with its whole quantity: 12 of 20, and 5 of the other 8 are shown.
        3 buy 20 @100 display 5
          accepted #3 of 3
          #3 of 3 buys 4 @100 from #1 of 1
          refilled #1, shows 4 of 5
          #3 of 3 buys 3 @100 from #2 of 2
          #3 of 3 buys 4 @100 from #1 of 1
          refilled #1, shows 1 of 1
          #3 of 3 buys 1 @100 from #1 of 1
          rested #3 buy 8 @100, shows 5
        levels
          buy 5 @100
        // Less than the display, and exactly the display, is shown in full.
        3 cancel #3
          cancelled #3 of 3: 8, requested
        3 sell 5 @100 post gtt 9 display 5
          accepted #4 of 3
          rested #4 sell 5 @100
        1 buy 8 @100 display 4
          accepted #5 of 1
          #5 of 1 buys 5 @100 from #4 of 3
          rested #5 buy 3 @100
        // Without a reserve nothing comes back.
        3 sell 2 @100
          accepted #6 of 3
          #6 of 3 sells 2 @100 to #5 of 1
        3 sell 2 @100
          accepted #7 of 3
          #7 of 3 sells 1 @100 to #5 of 1
          rested #7 sell 1 @100
        ",
    );
}

#[test]
fn a_refill_loses_priority() {
    check(
        "
        1 sell 5 @100 display 2
          accepted #1 of 1
          rested #1 sell 5 @100, shows 2
        2 sell 4 @100
          accepted #2 of 2
          rested #2 sell 4 @100
        // A part of the displayed lots: the place is kept and nothing comes back.
        3 buy 1 @100
          accepted #3 of 3
          #3 of 3 buys 1 @100 from #1 of 1
        book
          sell 4 @100 #1 of 1, priority 1, shows 1
          sell 4 @100 #2 of 2, priority 2
        // The last displayed lot: others come at once, though the arriving order is done.
        3 buy 1 @100
          accepted #4 of 3
          #4 of 3 buys 1 @100 from #1 of 1
          refilled #1, shows 2 of 3
        book
          sell 4 @100 #2 of 2, priority 2
          sell 3 @100 #1 of 1, priority 3, shows 2
        levels
          sell 6 @100
        3 buy 4 @100
          accepted #5 of 3
          #5 of 3 buys 4 @100 from #2 of 2
        // The refill shows what is left when that is less than the display.
        3 buy 2 @100
          accepted #6 of 3
          #6 of 3 buys 2 @100 from #1 of 1
          refilled #1, shows 1 of 1
        // The number of the refill is counted.
        2 sell 4 @100
          accepted #7 of 2
          rested #7 sell 4 @100
        book
          sell 1 @100 #1 of 1, priority 4
          sell 4 @100 #7 of 2, priority 5
        3 buy 1 @100
          accepted #8 of 3
          #8 of 3 buys 1 @100 from #1 of 1
        book
          sell 4 @100 #7 of 2, priority 5
        ",
    );
}

#[test]
fn a_taker_meets_a_refilled_iceberg_again() {
    check(
        "
        1 sell 5 @100 display 2
          accepted #1 of 1
          rested #1 sell 5 @100, shows 2
        2 sell 7 @100 display 3
          accepted #2 of 2
          rested #2 sell 7 @100, shows 3
        3 sell 1 @100
          accepted #3 of 3
          rested #3 sell 1 @100
        3 sell 9 @101
          accepted #4 of 3
          rested #4 sell 9 @101
        // Round after round through the level, then on to the next one.
        4 buy 14 @101
          accepted #5 of 4
          #5 of 4 buys 2 @100 from #1 of 1
          refilled #1, shows 2 of 3
          #5 of 4 buys 3 @100 from #2 of 2
          refilled #2, shows 3 of 4
          #5 of 4 buys 1 @100 from #3 of 3
          #5 of 4 buys 2 @100 from #1 of 1
          refilled #1, shows 1 of 1
          #5 of 4 buys 3 @100 from #2 of 2
          refilled #2, shows 1 of 1
          #5 of 4 buys 1 @100 from #1 of 1
          #5 of 4 buys 1 @100 from #2 of 2
          #5 of 4 buys 1 @101 from #4 of 3
        book
          sell 8 @101 #4 of 3, priority 4
        // Alone in its level it stands in front again each time.
        1 buy 3 @100 display 1
          accepted #6 of 1
          rested #6 buy 3 @100, shows 1
        4 sell 2 market ioc
          accepted #7 of 4
          #7 of 4 sells 1 @100 to #6 of 1
          refilled #6, shows 1 of 2
          #7 of 4 sells 1 @100 to #6 of 1
          refilled #6, shows 1 of 1
        // Four refills above, one rest, two refills here.
        book
          buy 1 @100 #6 of 1, priority 11
          sell 8 @101 #4 of 3, priority 4
        ",
    );
}

#[test]
fn an_iceberg_is_reduced_from_its_reserve() {
    check(
        "
        1 sell 9 @100 display 4
          accepted #1 of 1
          rested #1 sell 9 @100, shows 4
        2 sell 1 @100
          accepted #2 of 2
          rested #2 sell 1 @100
        // 4 displayed, 5 in reserve.
        1 reduce #1 by 4
          reduced #1 by 4 to 5
        book
          sell 5 @100 #1 of 1, priority 1, shows 4
          sell 1 @100 #2 of 2, priority 2
        // The last of the reserve, then two displayed lots.
        1 reduce #1 by 3
          reduced #1 by 3 to 2
        book
          sell 2 @100 #1 of 1, priority 1
          sell 1 @100 #2 of 2, priority 2
        levels
          sell 3 @100
        account 1
          position 0, cash 0, open buys 0, open sells 2
        // A replace that keeps the place does the same; one that does not shows the display anew.
        1 replace #1 9 @100
          replaced #1 9 @100, place lost
          rested #1 sell 9 @100, shows 4
        1 replace #1 5 @100
          replaced #1 5 @100, place kept
        book
          sell 1 @100 #2 of 2, priority 2
          sell 5 @100 #1 of 1, priority 3, shows 4
        1 replace #1 3 @100
          replaced #1 3 @100, place kept
        book
          sell 1 @100 #2 of 2, priority 2
          sell 3 @100 #1 of 1, priority 3
        1 replace #1 8 @101
          replaced #1 8 @101, place lost
          rested #1 sell 8 @101, shows 4
        2 buy 4 @101 oldest
          accepted #3 of 2
          cancelled #2 of 2: 1, self trade
          #3 of 2 buys 4 @101 from #1 of 1
          refilled #1, shows 4 of 4
        1 replace #1 9 @101
          replaced #1 9 @101, place lost
          rested #1 sell 9 @101, shows 4
        // With three of the displayed lots gone: the reserve of 5, and the last displayed one stays.
        2 buy 3 @101
          accepted #4 of 2
          #4 of 2 buys 3 @101 from #1 of 1
        1 reduce #1 by 5
          reduced #1 by 5 to 1
        book
          sell 1 @101 #1 of 1, priority 6
        // All that is open cancels it, reserve and all.
        1 replace #1 9 @101
          replaced #1 9 @101, place lost
          rested #1 sell 9 @101, shows 4
        1 reduce #1 by 8
          reduced #1 by 8 to 1
        1 replace #1 9 @101
          replaced #1 9 @101, place lost
          rested #1 sell 9 @101, shows 4
        1 reduce #1 by 9
          cancelled #1 of 1: 9, requested
        ",
    );
}

#[test]
fn self_trade_prevention_and_icebergs() {
    an_iceberg_that_is_cancelled_goes_as_a_whole();
    a_decrement_takes_displayed_lots();
}

fn an_iceberg_that_is_cancelled_goes_as_a_whole() {
    check(
        "
        1 sell 9 @100 display 4
          accepted #1 of 1
          rested #1 sell 9 @100, shows 4
        1 cancel #1
          cancelled #1 of 1: 9, requested
        1 sell 9 @100 display 4
          accepted #2 of 1
          rested #2 sell 9 @100, shows 4
        1 buy 2 @100 oldest
          accepted #3 of 1
          cancelled #2 of 1: 9, self trade
          rested #3 buy 2 @100
        1 mass-cancel
          mass-cancelled 1: 1 orders
          cancelled #3 of 1: 2, mass cancel
        1 sell 9 @100 display 4
          accepted #4 of 1
          rested #4 sell 9 @100, shows 4
        1 buy 2 @100 display 1 both
          accepted #5 of 1
          cancelled #4 of 1: 9, self trade
          cancelled #5 of 1: 2, self trade
        1 sell 9 @100 display 4
          accepted #6 of 1
          rested #6 sell 9 @100, shows 4
        // The arriving one is an iceberg, and its reserve goes with it.
        1 buy 20 @100 display 3 newest
          accepted #7 of 1
          cancelled #7 of 1: 20, self trade
        book
          sell 9 @100 #6 of 1, priority 5, shows 4
        1 mass-cancel
          mass-cancelled 1: 1 orders
          cancelled #6 of 1: 9, mass cancel
        account 1
          position 0, cash 0, open buys 0, open sells 0
        ",
    );
}

fn a_decrement_takes_displayed_lots() {
    check(
        "
        1 sell 9 @100 display 4
          accepted #1 of 1
          rested #1 sell 9 @100, shows 4
        2 sell 1 @100
          accepted #2 of 2
          rested #2 sell 1 @100
        1 buy 3 @100 decrement
          accepted #3 of 1
          decremented #3 and #1 by 3
        book
          sell 6 @100 #1 of 1, priority 1, shows 1
          sell 1 @100 #2 of 2, priority 2
        // The last displayed lot: it refills behind the other order, which trades next.
        1 buy 7 @100 decrement
          accepted #4 of 1
          decremented #4 and #1 by 1
          refilled #1, shows 4 of 5
          #4 of 1 buys 1 @100 from #2 of 2
          decremented #4 and #1 by 4
          refilled #1, shows 1 of 1
          decremented #4 and #1 by 1
        book
        // The arriving iceberg loses from its whole quantity.
        1 sell 5 @100
          accepted #5 of 1
          rested #5 sell 5 @100
        1 buy 9 @100 display 3 decrement
          accepted #6 of 1
          decremented #6 and #5 by 5
          rested #6 buy 4 @100, shows 3
        ",
    );
}

#[test]
fn fill_or_kill_counts_reserves() {
    check(
        "
        1 sell 9 @100 display 4
          accepted #1 of 1
          rested #1 sell 9 @100, shows 4
        2 buy 10 @100 fok
          rejected #2: unfillable
        2 buy 9 @100 fok
          accepted #3 of 2
          #3 of 2 buys 4 @100 from #1 of 1
          refilled #1, shows 4 of 5
          #3 of 2 buys 4 @100 from #1 of 1
          refilled #1, shows 1 of 1
          #3 of 2 buys 1 @100 from #1 of 1
        // A better level counts in full; in the level of the own order only what is shown.
        1 sell 5 @99 display 1
          accepted #4 of 1
          rested #4 sell 5 @99, shows 1
        1 sell 9 @100 display 2
          accepted #5 of 1
          rested #5 sell 9 @100, shows 2
        2 sell 6 @100 display 3
          accepted #6 of 2
          rested #6 sell 6 @100, shows 3
        2 buy 8 @100 fok newest
          rejected #7: unfillable
        2 buy 8 @100 fok both
          rejected #8: unfillable
        2 buy 8 @100 fok decrement
          rejected #9: unfillable
        // Without prevention, 20; passing over the own one, 14.
        2 buy 21 @100 fok
          rejected #10: unfillable
        2 buy 15 @100 fok oldest
          rejected #11: unfillable
        2 buy 7 @100 fok newest
          accepted #12 of 2
          #12 of 2 buys 1 @99 from #4 of 1
          refilled #4, shows 1 of 4
          #12 of 2 buys 1 @99 from #4 of 1
          refilled #4, shows 1 of 3
          #12 of 2 buys 1 @99 from #4 of 1
          refilled #4, shows 1 of 2
          #12 of 2 buys 1 @99 from #4 of 1
          refilled #4, shows 1 of 1
          #12 of 2 buys 1 @99 from #4 of 1
          #12 of 2 buys 2 @100 from #5 of 1
          refilled #5, shows 2 of 7
        // Now the own order is in front: nothing, or, passing over it, 7.
        2 buy 1 @100 fok newest
          rejected #13: unfillable
        2 buy 7 @100 fok oldest
          accepted #14 of 2
          cancelled #6 of 2: 6, self trade
          #14 of 2 buys 2 @100 from #5 of 1
          refilled #5, shows 2 of 5
          #14 of 2 buys 2 @100 from #5 of 1
          refilled #5, shows 2 of 3
          #14 of 2 buys 2 @100 from #5 of 1
          refilled #5, shows 1 of 1
          #14 of 2 buys 1 @100 from #5 of 1
        book
        ",
    );
}
