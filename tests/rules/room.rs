//! Rules 3.10 to 3.13: what the book as it stands refuses.

use tests::check;

#[test]
fn market_to_limit_needs_an_opposite_side() {
    check(
        "
        genesis rule position_max 10
        1 buy 11 to-limit
          rejected #1: position limit
        1 buy 10 to-limit
          rejected #2: no liquidity
        1 buy 10 to-limit ioc
          rejected #3: no liquidity
        1 buy 10 to-limit fok
          rejected #4: no liquidity
        1 buy 1 @100
          accepted #5 of 1
          rested #5 buy 1 @100
        // Its own side does not help.
        2 buy 1 to-limit
          rejected #6: no liquidity
        2 sell 1 to-limit
          accepted #7 of 2
          #7 of 2 sells 1 @100 to #5 of 1
        2 sell 1 to-limit gtt 1
          rejected #8: no liquidity
        // Stops are no liquidity.
        1 buy 1 @100 stop 105
          accepted #9 of 1
        2 sell 1 to-limit
          rejected #10: no liquidity
        ",
    );
}

#[test]
fn post_only_never_takes() {
    check(
        "
        genesis orders_max 2
        1 sell 5 @101
          accepted #1 of 1
          rested #1 sell 5 @101
        2 buy 1 @101 post
          rejected #2: would trade
        2 buy 1 @102 post
          rejected #3: would trade
        // Its own client's orders count, whatever the self-trade choice.
        1 buy 1 @101 post oldest
          rejected #4: would trade
        2 buy 1 @100 post
          accepted #5 of 2
          rested #5 buy 1 @100
        1 sell 1 @100 post
          rejected #6: would trade
        1 sell 1 @99 post
          rejected #7: would trade
        // The number of orders is the next check.
        1 sell 1 @101 post
          rejected #8: order limit
        2 cancel #5
          cancelled #5 of 2: 1, requested
        1 sell 1 @100 post
          accepted #9 of 1
          rested #9 sell 1 @100
        1 cancel #9
          cancelled #9 of 1: 1, requested
        2 buy 1 @101 post gtt 9 display 1
          rejected #10: would trade
        // Nothing trades in an auction.
        rule auction
          changed auction
        2 buy 1 @101 post
          accepted #11 of 2
          rested #11 buy 1 @101
        2 buy 1 @101 post
          rejected #12: order limit
        ",
    );
}

#[test]
fn the_book_holds_so_many_orders_and_levels() {
    check(
        "
        genesis orders_max 3
        genesis levels_max 2
        1 buy 1 @100
          accepted #1 of 1
          rested #1 buy 1 @100
        1 sell 1 @102
          accepted #2 of 1
          rested #2 sell 1 @102
        // Both levels are occupied; a bid at 102 would be a third, though it would trade.
        1 buy 1 @101
          rejected #3: level limit
        2 buy 1 @102
          rejected #4: level limit
        2 buy 1 to-limit
          rejected #5: level limit
        // What never rests needs no level, and what joins a level no new one.
        2 buy 1 @101 ioc
          accepted #6 of 2
          cancelled #6 of 2: 1, remainder
        2 buy 1 @100
          accepted #7 of 2
          rested #7 buy 1 @100
        // Now three orders rest. The number of orders is checked before that of levels.
        1 buy 1 @101
          rejected #8: order limit
        2 buy 1 @100
          rejected #9: order limit
        2 sell 1 @100
          rejected #10: order limit
        2 sell 1 to-limit
          rejected #11: order limit
        2 buy 1 @102 fok
          accepted #12 of 2
          #12 of 2 buys 1 @102 from #2 of 1
        // Two orders, one level.
        2 sell 1 to-limit
          accepted #13 of 2
          #13 of 2 sells 1 @100 to #1 of 1
        2 sell 1 @101
          accepted #14 of 2
          rested #14 sell 1 @101
        2 sell 1 @101
          accepted #15 of 2
          rested #15 sell 1 @101
        2 sell 1 @101
          rejected #16: order limit
        // A replaced order rests again though as many as may be do.
        2 replace #15 2 @101
          replaced #15 2 @101, place lost
          rested #15 sell 2 @101
        // What waits for its stop counts among the orders, whether it may rest or not, and is
        // not asked for its level.
        2 cancel #15
          cancelled #15 of 2: 2, requested
        3 buy 1 @90 gtt 9 stop 110
          accepted #17 of 3
        3 buy 1 market ioc stop 110
          rejected #18: order limit
        3 buy 1 @90 ioc stop 110
          rejected #19: order limit
        3 buy 1 @90 gtt 9
          rejected #20: order limit
        3 buy 1 @90 gtt 9 stop 110
          rejected #21: order limit
        3 cancel #17
          cancelled #17 of 3: 1, requested
        3 buy 1 @90 gtt 9
          rejected #22: level limit
        3 buy 1 market ioc stop 110
          accepted #23 of 3
        ",
    );
}
