//! Rule 7: what a fill moves.

use tests::check;

#[test]
fn a_fill_moves_lots_and_cash() {
    check(
        "
        endow 1 7 30000000
        1 sell 3 @101
          accepted #1 of 1
          rested #1 sell 3 @101
        2 buy 2 @105
          accepted #2 of 2
          #2 of 2 buys 2 @101 from #1 of 1
        // 2 · 101 · 10,000. Cash may be negative.
        account 1
          position 5, cash 32020000, open buys 0, open sells 1
        account 2
          position 2, cash -2020000, open buys 0, open sells 0
        // The largest fill: (2^31 - 1)^2 · 10,000.
        3 sell 2147483647 @2147483647
          accepted #3 of 3
          rested #3 sell 2147483647 @2147483647
        1 cancel #1
          cancelled #1 of 1: 1, requested
        4 buy 2147483647 market fok
          accepted #4 of 4
          #4 of 4 buys 2147483647 @2147483647 from #3 of 3
        account 3
          position -2147483647, cash 46116860141324206090000, open buys 0, open sells 0
        account 4
          position 2147483647, cash -46116860141324206090000, open buys 0, open sells 0
        pots
          taxes 0, fees 0
        ",
    );
}

#[test]
fn the_tax_is_exact() {
    check(
        "
        genesis rule tax 7
        1 sell 3 @1
          accepted #1 of 1
          rested #1 sell 3 @1
        2 buy 3 @1
          accepted #2 of 2
          #2 of 2 buys 3 @1 from #1 of 1
        account 1
          position -3, cash 29979, open buys 0, open sells 0
        account 2
          position 3, cash -30021, open buys 0, open sells 0
        pots
          taxes 42, fees 0
        // The tax of the fill, not of the order's day.
        rule tax 4294967295
          changed tax 4294967295
        3 buy 1 @1
          accepted #3 of 3
          rested #3 buy 1 @1
        4 sell 1 @1
          accepted #4 of 4
          #4 of 4 sells 1 @1 to #3 of 3
        pots
          taxes 8589934632, fees 0
        account 4
          position -1, cash -4294957295, open buys 0, open sells 0
        ",
    );
}

#[test]
fn fees_round_up_and_rebates_down() {
    // The notional of one lot at one tick is 10,000, so one ppm is a hundredth of a unit of cash.
    check(
        "
        genesis rule fees 1 150
        1 sell 9 @1
          accepted #1 of 1
          rested #1 sell 9 @1
        2 buy 1 @1
          accepted #2 of 2
          #2 of 2 buys 1 @1 from #1 of 1
        // Maker 0.01 is 1, taker 1.5 is 2.
        account 1
          position -1, cash 9999, open buys 0, open sells 8
        account 2
          position 1, cash -10002, open buys 0, open sells 0
        pots
          taxes 0, fees 3
        rule fees -1 -199
          changed fees -1 -199
        3 buy 1 @1
          accepted #3 of 3
          #3 of 3 buys 1 @1 from #1 of 1
        // Maker -0.01 is 0, taker -1.99 is -1: a rebate is rounded down.
        account 1
          position -2, cash 19999, open buys 0, open sells 7
        account 3
          position 1, cash -9999, open buys 0, open sells 0
        pots
          taxes 0, fees 2
        // Whole units stay what they are.
        rule fees -200 200
          changed fees -200 200
        4 buy 1 @1
          accepted #4 of 4
          #4 of 4 buys 1 @1 from #1 of 1
        account 1
          position -3, cash 30001, open buys 0, open sells 6
        account 4
          position 1, cash -10002, open buys 0, open sells 0
        pots
          taxes 0, fees 2
        // Each fill is rounded by itself; the pot may go below zero.
        rule fees -1000000 1000000
          changed fees -1000000 1000000
        5 buy 1 @1
          accepted #5 of 5
          #5 of 5 buys 1 @1 from #1 of 1
        account 1
          position -4, cash 50001, open buys 0, open sells 5
        account 5
          position 1, cash -20000, open buys 0, open sells 0
        rule fees -300 0
          changed fees -300 0
        6 buy 1 @1
          accepted #6 of 6
          #6 of 6 buys 1 @1 from #1 of 1
        pots
          taxes 0, fees -1
        ",
    );
}
