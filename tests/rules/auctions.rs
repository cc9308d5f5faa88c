//! Rule 13 without the clearing price.

use tests::check;

#[test]
fn an_auction_collects_and_uncrosses() {
    check(
        "
        uncross
          rejected: wrong state
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        rule auction
          changed auction
        // However they cross, own orders and post-only ones too.
        2 buy 3 @102
          accepted #2 of 2
          rested #2 buy 3 @102
        1 buy 3 @101 post newest
          accepted #3 of 1
          rested #3 buy 3 @101
        2 sell 9 @99 display 2
          accepted #4 of 2
          rested #4 sell 9 @99, shows 2
        // A replaced order goes to the back unmatched; one that shrinks in place keeps it.
        2 replace #2 4 @103
          replaced #2 4 @103, place lost
          rested #2 buy 4 @103
        1 replace #1 4 @100
          replaced #1 4 @100, place kept
        1 replace #3 3 @105
          replaced #3 3 @105, place lost
          rested #3 buy 3 @105
        1 replace #3 3 @101
          replaced #3 3 @101, place lost
          rested #3 buy 3 @101
        book
          buy 4 @103 #2 of 2, priority 5
          buy 3 @101 #3 of 1, priority 7 post newest
          sell 9 @99 #4 of 2, priority 4, shows 2
          sell 4 @100 #1 of 1, priority 1
        // Orders may leave.
        1 reduce #1 by 1
          reduced #1 by 1 to 3
        1 cancel #1
          cancelled #1 of 1: 3, requested
        // 7 at 99 to 101, with 2 too many asks: the middle. The older of each pair is the maker.
        uncross
          uncrossed 7 @100
          #2 of 2 buys 4 @100 from #4 of 2
          #3 of 1 buys 3 @100 from #4 of 2
        book
          sell 2 @99 #4 of 2, priority 4
        // The state stays: the next one is a batch later.
        2 buy 1 @110
          accepted #5 of 2
          rested #5 buy 1 @110
        uncross
          uncrossed 1 @100
          #5 of 2 buys 1 @100 from #4 of 2
        uncross
          uncrossed 0
        last
          @100
        1 buy 1 market ioc
          rejected #6: unsupported
        rule continuous
          changed continuous
        uncross
          rejected: wrong state
        1 buy 1 market ioc
          accepted #7 of 1
          #7 of 1 buys 1 @99 from #4 of 2
        ",
    );
}

#[test]
fn an_uncross_allocates_by_price_and_time() {
    the_front_bid_trades_with_the_front_ask();
    icebergs_trade_with_their_reserve();
}

fn the_front_bid_trades_with_the_front_ask() {
    check(
        "
        genesis rule auction
        1 buy 4 @102
          accepted #1 of 1
          rested #1 buy 4 @102
        2 buy 5 @102
          accepted #2 of 2
          rested #2 buy 5 @102
        3 buy 5 @103
          accepted #3 of 3
          rested #3 buy 5 @103
        4 sell 6 @101
          accepted #4 of 4
          rested #4 sell 6 @101
        5 sell 6 @100
          accepted #5 of 5
          rested #5 sell 6 @100
        1 sell 3 @104
          accepted #6 of 1
          rested #6 sell 3 @104
        2 buy 7 @99
          accepted #7 of 2
          rested #7 buy 7 @99
        // 12 at 101 and 102: D 14, S 12. The bid at 103 comes first, then #1 before #2.
        uncross
          uncrossed 12 @101
          #5 of 5 sells 5 @101 to #3 of 3
          #5 of 5 sells 1 @101 to #1 of 1
          #4 of 4 sells 3 @101 to #1 of 1
          #4 of 4 sells 3 @101 to #2 of 2
        book
          buy 2 @102 #2 of 2, priority 2
          buy 7 @99 #7 of 2, priority 7
          sell 3 @104 #6 of 1, priority 6
        // The maker is the one with the lower priority number, not the lower id; no self-trade
        // choice counts.
        1 sell 2 @90 newest
          accepted #8 of 1
          rested #8 sell 2 @90
        2 replace #2 2 @101
          replaced #2 2 @101, place lost
          rested #2 buy 2 @101
        2 sell 7 @98 oldest
          accepted #9 of 2
          rested #9 sell 7 @98
        2 replace #7 7 @98
          replaced #7 7 @98, place lost
          rested #7 buy 7 @98
        // 9 at 98.
        uncross
          uncrossed 9 @98
          #2 of 2 buys 2 @98 from #8 of 1
          #7 of 2 buys 7 @98 from #9 of 2
        // At one price by priority: #10 has fallen behind #11.
        1 buy 2 @100
          accepted #10 of 1
          rested #10 buy 2 @100
        2 buy 2 @100
          accepted #11 of 2
          rested #11 buy 2 @100
        1 replace #10 2 @100
          replaced #10 2 @100, place lost
          rested #10 buy 2 @100
        3 sell 3 @100
          accepted #12 of 3
          rested #12 sell 3 @100
        uncross
          uncrossed 3 @100
          #12 of 3 sells 2 @100 to #11 of 2
          #12 of 3 sells 1 @100 to #10 of 1
        ",
    );
}

fn icebergs_trade_with_their_reserve() {
    check(
        "
        // One of four displayed lots is left when the auction begins.
        1 sell 9 @100 display 4
          accepted #1 of 1
          rested #1 sell 9 @100, shows 4
        2 buy 3 @100
          accepted #2 of 2
          #2 of 2 buys 3 @100 from #1 of 1
        2 sell 2 @100
          accepted #3 of 2
          rested #3 sell 2 @100
        book
          sell 6 @100 #1 of 1, priority 1, shows 1
          sell 2 @100 #3 of 2, priority 2
        rule auction
          changed auction
        3 buy 1 @100
          accepted #4 of 3
          rested #4 buy 1 @100
        // It keeps its place and shows min(4, 5).
        uncross
          uncrossed 1 @100
          #4 of 3 buys 1 @100 from #1 of 1
        book
          sell 5 @100 #1 of 1, priority 1, shows 4
          sell 2 @100 #3 of 2, priority 2
        3 buy 2 @100
          accepted #5 of 3
          rested #5 buy 2 @100
        uncross
          uncrossed 2 @100
          #5 of 3 buys 2 @100 from #1 of 1
        book
          sell 3 @100 #1 of 1, priority 1
          sell 2 @100 #3 of 2, priority 2
        levels
          sell 5 @100
        account 1
          position -6, cash 6000000, open buys 0, open sells 3
        // Both sides icebergs: whole quantities in one trade, no refill.
        1 replace #1 9 @100
          replaced #1 9 @100, place lost
          rested #1 sell 9 @100, shows 4
        3 buy 20 @101 display 3
          accepted #6 of 3
          rested #6 buy 20 @101, shows 3
        uncross
          uncrossed 11 @100
          #6 of 3 buys 2 @100 from #3 of 2
          #6 of 3 buys 9 @100 from #1 of 1
        book
          buy 9 @101 #6 of 3, priority 6, shows 3
        // As before afterwards.
        rule continuous
          changed continuous
        1 sell 4 @101
          accepted #7 of 1
          #7 of 1 sells 3 @101 to #6 of 3
          refilled #6, shows 3 of 6
          #7 of 1 sells 1 @101 to #6 of 3
        ",
    );
}

#[test]
fn an_uncross_triggers_stops() {
    check(
        "
        genesis rule auction
        genesis rule tax 3
        genesis rule fees 100 200
        1 buy 2 @102
          accepted #1 of 1
          rested #1 buy 2 @102
        2 sell 2 @98
          accepted #2 of 2
          rested #2 sell 2 @98
        3 buy 1 @101 stop 101
          accepted #3 of 3
        3 sell 1 @99 ioc stop 100
          accepted #4 of 3
        3 buy 1 @97 gtt 9 stop 100
          accepted #5 of 3
        3 sell 1 @97 stop 99
          accepted #6 of 3
        last
          none
        // At 100; bids at 102 do not trigger. In the auction they rest unmatched.
        uncross
          uncrossed 2 @100
          #2 of 2 sells 2 @100 to #1 of 1
          triggered #4
          cancelled #4 of 3: 1, remainder
          triggered #5
          rested #5 buy 1 @97
        last
          @100
        // 2 · 100 · 10,000 = 2,000,000: fees 200 of the maker, 400 of the taker, tax 6 of each.
        account 1
          position 2, cash -2000206, open buys 0, open sells 0
        account 2
          position -2, cash 1999594, open buys 0, open sells 0
        pots
          taxes 12, fees 600
        // No trade, no trigger.
        uncross
          uncrossed 0
        stops
          buy 1 @101 stop 101 #3 of 3
          sell 1 @97 stop 99 #6 of 3
        // One after the other: what is triggered by an uncross waits for the next one.
        1 sell 3 @90
          accepted #7 of 1
          rested #7 sell 3 @90
        uncross
          uncrossed 1 @97
          #7 of 1 sells 1 @97 to #5 of 3
          triggered #6
          rested #6 sell 1 @97
        2 buy 3 @105
          accepted #8 of 2
          rested #8 buy 3 @105
        uncross
          uncrossed 3 @97
          #8 of 2 buys 2 @97 from #7 of 1
          #8 of 2 buys 1 @97 from #6 of 3
        ",
    );
}

#[test]
fn a_crossed_book_is_uncrossed_before_trading() {
    check(
        "
        genesis rule auction
        1 buy 3 @105
          accepted #1 of 1
          rested #1 buy 3 @105
        2 sell 2 @95
          accepted #2 of 2
          rested #2 sell 2 @95
        3 sell 5 @105
          accepted #3 of 3
          rested #3 sell 5 @105
        4 buy 1 market ioc stop 104
          accepted #4 of 4
        4 buy 1 @94 stop 100
          accepted #5 of 4
        // 3 at 105, 2 below. The market is continuous when the stops become active.
        rule continuous
          changed continuous
          uncrossed 3 @105
          #2 of 2 sells 2 @105 to #1 of 1
          #3 of 3 sells 1 @105 to #1 of 1
          triggered #4
          #4 of 4 buys 1 @105 from #3 of 3
          triggered #5
          rested #5 buy 1 @94
        book
          buy 1 @94 #5 of 4, priority 4
          sell 3 @105 #3 of 3, priority 3
        // The present state again, or a book that is not crossed: nothing to uncross.
        rule continuous
          changed continuous
        rule auction
          changed auction
        rule continuous
          changed continuous
        // From a halt as well; neither a halt nor an auction uncrosses.
        rule auction
          changed auction
        1 buy 2 @106
          accepted #6 of 1
          rested #6 buy 2 @106
        rule auction
          changed auction
        rule halted
          changed halted
        book
          buy 2 @106 #6 of 1, priority 5
          buy 1 @94 #5 of 4, priority 4
          sell 3 @105 #3 of 3, priority 3
        rule continuous
          changed continuous
          uncrossed 2 @105
          #6 of 1 buys 2 @105 from #3 of 3
        2 buy 1 market ioc
          accepted #7 of 2
          #7 of 2 buys 1 @105 from #3 of 3
        ",
    );
}
