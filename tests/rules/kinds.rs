//! Rules 3.3, 3.5 and 5.1: what goes together in a `Place`.

use tests::check;

#[test]
fn kinds_and_times_that_do_not_go_together() {
    kinds_and_times();
    displays_and_stops();
}

fn kinds_and_times() {
    check(
        "
        genesis rule qty_max 5
        // Market: immediate or cancel, fill or kill. The quantity is the next check.
        1 buy 6 market
          rejected #1: unsupported
        1 buy 6 market ioc
          rejected #2: quantity limit
        1 buy 6 market fok
          rejected #3: quantity limit
        // Post-only: good till cancelled.
        1 buy 6 @100 post ioc
          rejected #4: unsupported
        1 buy 6 @100 post fok
          rejected #5: unsupported
        1 buy 6 @100 post
          rejected #6: quantity limit
        // Limit and market-to-limit: all three.
        1 buy 6 @100
          rejected #7: quantity limit
        1 buy 6 @100 ioc
          rejected #8: quantity limit
        1 buy 6 @100 fok
          rejected #9: quantity limit
        1 buy 6 to-limit
          rejected #10: quantity limit
        1 buy 6 to-limit ioc
          rejected #11: quantity limit
        1 buy 6 to-limit fok
          rejected #12: quantity limit
        // Good till time: where good till cancelled is.
        1 buy 6 @100 gtt 1
          rejected #13: quantity limit
        1 buy 6 @100 post gtt 1
          rejected #14: quantity limit
        1 buy 6 to-limit gtt 1
          rejected #15: quantity limit
        1 buy 6 market gtt 1
          rejected #16: unsupported
        ",
    );
}

fn displays_and_stops() {
    check(
        "
        genesis rule qty_max 5
        // A display: with limit orders that may rest.
        1 buy 6 @100 display 1
          rejected #1: quantity limit
        1 buy 6 @100 post gtt 1 display 1
          rejected #2: quantity limit
        1 buy 6 @100 ioc display 1
          rejected #3: unsupported
        1 buy 6 @100 fok display 1
          rejected #4: unsupported
        1 buy 6 market ioc display 1
          rejected #5: unsupported
        1 buy 6 to-limit display 1
          rejected #6: unsupported
        // A stop: with limit orders but fill or kill, and with market orders immediate or cancel.
        1 buy 6 @100 stop 1
          rejected #7: quantity limit
        1 buy 6 @100 gtt 1 stop 1
          rejected #8: quantity limit
        1 buy 6 @100 ioc stop 1
          rejected #9: quantity limit
        1 buy 6 market ioc stop 1
          rejected #10: quantity limit
        1 buy 6 @100 fok stop 1
          rejected #11: unsupported
        1 buy 6 market fok stop 1
          rejected #12: unsupported
        1 buy 6 market stop 1
          rejected #13: unsupported
        1 buy 6 to-limit stop 1
          rejected #14: unsupported
        1 buy 6 to-limit ioc stop 1
          rejected #15: unsupported
        1 buy 6 @100 post stop 1
          rejected #16: unsupported
        // Not both.
        1 buy 6 @100 display 1 stop 1
          rejected #17: unsupported
        1 buy 6 @100 gtt 1 display 1 stop 1
          rejected #18: unsupported
        ",
    );
}

#[test]
fn an_auction_takes_resting_orders_only() {
    check(
        "
        genesis rule auction
        genesis rule qty_max 5
        // The quantity is the next check.
        1 buy 6 @100
          rejected #1: quantity limit
        1 buy 6 @100 gtt 1
          rejected #2: quantity limit
        1 buy 6 @100 post
          rejected #3: quantity limit
        1 buy 6 @100 post gtt 1 display 1
          rejected #4: quantity limit
        1 buy 6 @100 display 1
          rejected #5: quantity limit
        1 buy 6 @100 stop 100
          rejected #6: quantity limit
        1 buy 6 @100 gtt 1 stop 100
          rejected #7: quantity limit
        1 buy 6 @100 ioc stop 100
          rejected #8: quantity limit
        1 buy 6 market ioc stop 100
          rejected #9: quantity limit
        1 buy 6 @100 ioc
          rejected #10: unsupported
        1 buy 6 @100 fok
          rejected #11: unsupported
        1 buy 6 market ioc
          rejected #12: unsupported
        1 buy 6 market fok
          rejected #13: unsupported
        1 buy 6 to-limit
          rejected #14: unsupported
        1 buy 6 to-limit gtt 1
          rejected #15: unsupported
        1 buy 6 to-limit ioc
          rejected #16: unsupported
        1 buy 6 to-limit fok
          rejected #17: unsupported
        1 buy 6 @100 fok stop 100
          rejected #18: unsupported
        // A halt refuses whatever it is.
        rule halted
          changed halted
        1 buy 6 to-limit
          rejected #19: halted
        uncross
          rejected: wrong state
        ",
    );
}

#[test]
fn a_display_is_checked() {
    check(
        "
        genesis rule lot 2
        genesis rule qty_max 10
        genesis rule prices 50..150
        1 buy 12 @100 display 3
          rejected #1: quantity limit
        1 buy 5 @100 display 2
          rejected #2: lot size
        // Off the lot, inside and above the quantity; the lot is asked first.
        1 buy 6 @10 display 3
          rejected #3: lot size
        1 buy 6 @10 display 7
          rejected #4: lot size
        1 buy 6 @10 display 8
          rejected #5: display
        // The price is the next check.
        1 buy 6 @10 display 6
          rejected #6: price range
        1 buy 6 @100 display 6
          accepted #7 of 1
          rested #7 buy 6 @100
        1 buy 6 @100 display 4
          accepted #8 of 1
          rested #8 buy 6 @100, shows 4
        // Not asked of a replace: the display may exceed the new quantity, or be off a new lot.
        1 replace #8 2 @101
          replaced #8 2 @101, place lost
          rested #8 buy 2 @101
        rule lot 3
          changed lot 3
        1 replace #8 9 @101
          replaced #8 9 @101, place lost
          rested #8 buy 9 @101, shows 4
        ",
    );
}

#[test]
fn an_iceberg_has_twenty_displays_at_the_most() {
    check(
        "
        1 buy 41 @100 display 2
          rejected #1: display
        1 buy 40 @100 display 2
          accepted #2 of 1
          rested #2 buy 40 @100, shows 2
        1 replace #2 41 @100
          rejected #2: display
        1 replace #2 41 @99
          rejected #2: display
        1 replace #2 40 @99
          replaced #2 40 @99, place lost
          rested #2 buy 40 @99, shows 2
        // Other orders have no display to be asked of.
        1 buy 41 @98
          accepted #3 of 1
          rested #3 buy 41 @98
        1 replace #3 500 @98
          replaced #3 500 @98, place lost
          rested #3 buy 500 @98
        ",
    );
}
