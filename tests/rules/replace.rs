//! Rules 8.4 and 8.5: `Replace`.

use tests::check;

#[test]
fn replace_is_checked_like_a_new_order() {
    the_checks_of_replace_come_in_order();
    the_checks_of_replace_at_their_bounds();
    the_checks_of_replace_in_an_auction();
    what_replace_does_not_change_is_not_asked();
}

fn the_checks_of_replace_come_in_order() {
    check(
        "
        genesis levels_max 3
        genesis rule lot 2
        genesis rule qty_max 10
        genesis rule tick 5
        genesis rule prices 50..150
        endow 1 10 0
        1 sell 4 @100 post
          accepted #1 of 1
          rested #1 sell 4 @100
        1 sell 2 @105
          accepted #2 of 1
          rested #2 sell 2 @105
        2 buy 2 @90
          accepted #3 of 2
          rested #3 buy 2 @90
        // The quantity, whether or not it changes: 8.4 asks before the price.
        1 replace #1 11 @1
          rejected #1: quantity limit
        1 replace #1 5 @1
          rejected #1: lot size
        1 replace #1 4 @49
          rejected #1: price range
        1 replace #1 4 @151
          rejected #1: price range
        1 replace #1 4 @101
          rejected #1: tick size
        // The holdings only when the quantity grows; without the order's own open quantity.
        rule ban on
          changed ban on
        1 replace #1 10 @90
          rejected #1: short sale
        rule position_max 7
          changed position_max 7
        // 10 held: the ban is asked before the limit, and both let smaller orders be.
        1 replace #1 10 @90
          rejected #1: short sale
        2 replace #3 8 @100
          rejected #3: position limit
        2 replace #3 6 @100
          rejected #3: level limit
        rule ban off
          changed ban off
        // 10 held, 2 open in #2: a sell of 10 leaves -2.
        1 replace #1 10 @90
          rejected #1: would trade
        rule position_max 1
          changed position_max 1
        1 replace #1 10 @90
          rejected #1: position limit
        rule position_max 2
          changed position_max 2
        1 replace #1 10 @90
          rejected #1: would trade
        // Levels come last; the order's own old level counts, a level of its side is free.
        1 replace #1 10 @95
          rejected #1: level limit
        1 replace #1 10 @100
          replaced #1 10 @100, place lost
          rested #1 sell 10 @100
        1 replace #1 10 @105
          replaced #1 10 @105, place lost
          rested #1 sell 10 @105
        1 replace #1 8 @95
          replaced #1 8 @95, place lost
          rested #1 sell 8 @95
        ",
    );
}

fn the_checks_of_replace_at_their_bounds() {
    check(
        "
        genesis rule qty_max 10
        genesis rule prices 50..150
        genesis rule position_max 10
        endow 1 4 0
        1 buy 3 @50
          accepted #1 of 1
          rested #1 buy 3 @50
        1 buy 2 @60
          accepted #2 of 1
          rested #2 buy 2 @60
        // 4 held, 2 open elsewhere: up to 4.
        1 replace #1 5 @50
          rejected #1: position limit
        1 replace #1 4 @151
          rejected #1: price range
        1 replace #1 4 @150
          replaced #1 4 @150, place lost
          rested #1 buy 4 @150
        rule halted
          changed halted
        1 replace #1 11 @151
          rejected #1: halted
        2 replace #1 11 @151
          rejected #1: not owner
        1 replace #9 11 @151
          rejected #9: unknown order
        ",
    );
}

fn the_checks_of_replace_in_an_auction() {
    check(
        "
        genesis levels_max 2
        genesis rule auction
        1 sell 5 @105 post
          accepted #1 of 1
          rested #1 sell 5 @105
        2 buy 5 @100 post
          accepted #2 of 2
          rested #2 buy 5 @100
        // It would trade, were this no auction; then levels are the next check.
        2 replace #2 5 @105
          rejected #2: level limit
        2 cancel #2
          cancelled #2 of 2: 5, requested
        2 buy 5 @105 post
          accepted #3 of 2
          rested #3 buy 5 @105
        2 replace #3 6 @105
          replaced #3 6 @105, place lost
          rested #3 buy 6 @105
        rule continuous
          changed continuous
          uncrossed 5 @105
          #3 of 2 buys 5 @105 from #1 of 1
        ",
    );
}

fn what_replace_does_not_change_is_not_asked() {
    check(
        "
        endow 1 4 0
        1 buy 4 @150
          accepted #1 of 1
          rested #1 buy 4 @150
        rule position_max 0
          changed position_max 0
        // Neither larger nor at another price: neither the limits nor the range are asked.
        rule prices 1..2
          changed prices 1..2
        1 replace #1 4 @150
          replaced #1 4 @150, place lost
          rested #1 buy 4 @150
        1 replace #1 3 @150
          replaced #1 3 @150, place kept
        1 replace #1 3 @149
          rejected #1: price range
        1 replace #1 4 @150
          rejected #1: position limit
        // A smaller one elsewhere is no growth either.
        1 replace #1 2 @2
          replaced #1 2 @2, place lost
          rested #1 buy 2 @2
        // The ban, with the order's own open quantity left out.
        rule ban on
          changed ban on
        rule position_max 10
          changed position_max 10
        rule prices 1..200
          changed prices 1..200
        1 sell 4 @200
          accepted #2 of 1
          rested #2 sell 4 @200
        1 replace #2 5 @200
          rejected #2: short sale
        1 replace #2 4 @199
          replaced #2 4 @199, place lost
          rested #2 sell 4 @199
        1 replace #2 3 @199
          replaced #2 3 @199, place kept
        1 replace #2 4 @199
          replaced #2 4 @199, place lost
          rested #2 sell 4 @199
        ",
    );
}

#[test]
fn replace_keeps_the_place_only_when_it_shrinks_in_place() {
    check(
        "
        1 sell 5 @100 oldest ref 7
          accepted #1 of 1 ref 7
          rested #1 sell 5 @100
        2 sell 5 @100
          accepted #2 of 2
          rested #2 sell 5 @100
        1 replace #1 4 @100
          replaced #1 4 @100, place kept
        book
          sell 4 @100 #1 of 1 ref 7, priority 1 oldest
          sell 5 @100 #2 of 2, priority 2
        account 1
          position 0, cash 0, open buys 0, open sells 4
        // The same quantity, a larger one, and a smaller one elsewhere lose it.
        1 replace #1 4 @100
          replaced #1 4 @100, place lost
          rested #1 sell 4 @100
        2 replace #2 6 @100
          replaced #2 6 @100, place lost
          rested #2 sell 6 @100
        book
          sell 4 @100 #1 of 1 ref 7, priority 3 oldest
          sell 6 @100 #2 of 2, priority 4
        1 replace #1 3 @101
          replaced #1 3 @101, place lost
          rested #1 sell 3 @101
        1 replace #1 2 @100
          replaced #1 2 @100, place lost
          rested #1 sell 2 @100
        book
          sell 6 @100 #2 of 2, priority 4
          sell 2 @100 #1 of 1 ref 7, priority 6 oldest
        ",
    );
}

#[test]
fn a_replaced_order_can_trade() {
    check(
        "
        1 buy 5 @90 oldest ref 7
          accepted #1 of 1 ref 7
          rested #1 buy 5 @90
        2 sell 2 @100
          accepted #2 of 2
          rested #2 sell 2 @100
        1 sell 2 @100
          accepted #3 of 1
          rested #3 sell 2 @100
        2 sell 2 @101
          accepted #4 of 2
          rested #4 sell 2 @101
        1 replace #1 7 @101
          replaced #1 7 @101, place lost
          #1 of 1 ref 7 buys 2 @100 from #2 of 2
          cancelled #3 of 1: 2, self trade
          #1 of 1 ref 7 buys 2 @101 from #4 of 2
          rested #1 buy 3 @101
        // In full: the order is gone.
        2 sell 9 @105 newest
          accepted #5 of 2
          rested #5 sell 9 @105
        1 replace #1 1 @105
          replaced #1 1 @105, place lost
          #1 of 1 ref 7 buys 1 @105 from #5 of 2
        1 cancel #1
          rejected #1: unknown order
        // Its own choice prevents self trade, not that of the order it meets.
        2 buy 1 @90
          accepted #6 of 2
          rested #6 buy 1 @90
        2 replace #5 8 @90
          replaced #5 8 @90, place lost
          cancelled #5 of 2: 8, self trade
        book
          buy 1 @90 #6 of 2, priority 7
        now
          time 0, step 0, placed 6
        ",
    );
}
