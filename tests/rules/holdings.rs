//! Rules 3.8, 3.9, 8.10 and 8.11: what positions allow.

use tests::check;

#[test]
fn the_ban_counts_open_sells() {
    check(
        "
        endow 1 10 0
        genesis rule ban on
        genesis rule position_max 0
        // Clients without a position cannot sell at all; the ban is asked before the limit.
        2 sell 1 @100
          rejected #1: short sale
        rule position_max 100
          changed position_max 100
        1 sell 11 @100
          rejected #2: short sale
        1 sell 11 market ioc
          rejected #3: short sale
        1 sell 6 @100
          accepted #4 of 1
          rested #4 sell 6 @100
        1 sell 5 @101
          rejected #5: short sale
        1 sell 5 @101 ioc
          rejected #6: short sale
        1 sell 4 @101
          accepted #7 of 1
          rested #7 sell 4 @101
        1 sell 1 @101
          rejected #8: short sale
        // Open buys promise nothing.
        1 buy 5 @90
          accepted #9 of 1
          rested #9 buy 5 @90
        1 sell 1 @101
          rejected #10: short sale
        // A fill moves lots from the position and from the open sells alike.
        3 buy 2 @100
          accepted #11 of 3
          #11 of 3 buys 2 @100 from #4 of 1
        1 sell 1 @101
          rejected #12: short sale
        1 reduce #4 by 1
          reduced #4 by 1 to 3
        1 sell 2 @101
          rejected #13: short sale
        1 sell 1 @101
          accepted #14 of 1
          rested #14 sell 1 @101
        // A stop that waits is an open sell, and so is the reserve of an iceberg.
        1 reduce #14 by 1
          cancelled #14 of 1: 1, requested
        1 sell 2 market ioc stop 90
          rejected #15: short sale
        1 sell 1 market ioc stop 90
          accepted #16 of 1
        1 sell 1 @101
          rejected #17: short sale
        1 cancel #16
          cancelled #16 of 1: 1, requested
        1 cancel #7
          cancelled #7 of 1: 4, requested
        1 sell 5 @101 display 1
          accepted #18 of 1
          rested #18 sell 5 @101, shows 1
        1 sell 1 @101
          rejected #19: short sale
        rule ban off
          changed ban off
        1 sell 1 @101
          accepted #20 of 1
          rested #20 sell 1 @101
        ",
    );
}

#[test]
fn no_order_may_carry_a_position_past_the_limit() {
    check(
        "
        endow 1 4 0
        endow 3 -4 0
        genesis rule position_max 10
        // 4 held, so 6 may be bought and 14 sold.
        1 buy 7 @90
          rejected #1: position limit
        1 buy 7 market ioc
          rejected #2: position limit
        1 buy 5 @90
          accepted #3 of 1
          rested #3 buy 5 @90
        1 buy 2 @90
          rejected #4: position limit
        1 buy 1 @90
          accepted #5 of 1
          rested #5 buy 1 @90
        1 buy 1 @90 ioc
          rejected #6: position limit
        // Open buys do not count against sells.
        1 sell 15 @100
          rejected #7: position limit
        1 sell 14 @100
          accepted #8 of 1
          rested #8 sell 14 @100
        1 sell 1 @100
          rejected #9: position limit
        // The next check.
        1 buy 1 to-limit
          rejected #10: position limit
        1 cancel #5
          cancelled #5 of 1: 1, requested
        1 buy 1 @100 post
          rejected #11: would trade
        // One more lot may be bought: a stop that waits takes it, until it is reduced or gone.
        1 buy 2 @90 stop 110
          rejected #12: position limit
        1 buy 1 @90 stop 110
          accepted #13 of 1
        1 buy 1 @90
          rejected #14: position limit
        1 cancel #13
          cancelled #13 of 1: 1, requested
        rule position_max 0
          changed position_max 0
        2 buy 1 @80
          rejected #15: position limit
        2 sell 1 @80
          rejected #16: position limit
        // Orders that rest are left alone by a new limit.
        account 1
          position 4, cash 0, open buys 5, open sells 14
        // -4 held, so 6 may be sold and 14 bought.
        rule position_max 10
          changed position_max 10
        3 sell 7 @100
          rejected #17: position limit
        3 sell 6 @100
          accepted #18 of 3
          rested #18 sell 6 @100
        3 buy 15 @90
          rejected #19: position limit
        3 buy 14 @90
          accepted #20 of 3
          rested #20 buy 14 @90
        ",
    );
}

#[test]
fn a_ban_leaves_open_sells_alone() {
    check(
        "
        endow 1 3 0
        1 sell 5 @100
          accepted #1 of 1
          rested #1 sell 5 @100
        rule ban on
          changed ban on
        book
          sell 5 @100 #1 of 1, priority 1
        1 sell 1 @101
          rejected #2: short sale
        2 buy 4 @100
          accepted #3 of 2
          #3 of 2 buys 4 @100 from #1 of 1
        account 1
          position -1, cash 4000000, open buys 0, open sells 1
        // -1 held and 1 open: 3 lots more cover a new sell of one lot, 2 do not.
        2 sell 3 @99
          accepted #4 of 2
          rested #4 sell 3 @99
        1 buy 2 @99
          accepted #5 of 1
          #5 of 1 buys 2 @99 from #4 of 2
        1 sell 1 @101
          rejected #6: short sale
        1 buy 1 @99
          accepted #7 of 1
          #7 of 1 buys 1 @99 from #4 of 2
        1 sell 2 @101
          rejected #8: short sale
        1 sell 1 @101
          accepted #9 of 1
          rested #9 sell 1 @101
        ",
    );
}

#[test]
fn exempt_clients_may_sell_short() {
    check(
        "
        exempt 1
        genesis rule ban on
        genesis rule position_max 5
        endow 2 5 0
        1 sell 100 @100
          accepted #1 of 1
          rested #1 sell 100 @100
        1 buy 100 @90
          accepted #2 of 1
          rested #2 buy 100 @90
        2 sell 6 @100
          rejected #3: short sale
        2 buy 1 @90
          rejected #4: position limit
        account 1
          position 0, cash 0, open buys 100, open sells 100, exempt
        rule exempt 1 off
          changed exempt 1 off
        1 sell 1 @100
          rejected #5: short sale
        1 buy 1 @90
          rejected #6: position limit
        rule exempt 2 on
          changed exempt 2 on
        2 sell 6 @100
          accepted #7 of 2
          rested #7 sell 6 @100
        2 buy 1 @90
          accepted #8 of 2
          rested #8 buy 1 @90
        ",
    );
}
