//! Rules 1 and 2: what every command answers, and who trades first.

use tests::check;

#[test]
fn a_refused_command_yields_one_event_and_changes_nothing() {
    // That nothing changes is checked by `Twin` after every refusal of every test.
    check(
        "
        genesis clients_max 3
        1 buy 5 @100
          accepted #1 of 1
          rested #1 buy 5 @100
        3 buy 5 @100
          rejected #2: unknown client
        2 cancel #1
          rejected #1: not owner
        2 reduce #9 by 1
          rejected #9: unknown order
        2 replace #1 5 @100
          rejected #1: not owner
        rule prices 2..1
          rejected: bad rule
        clock 5 step 5
          clock 5 step 5
        clock 4 step 5
          rejected: time backwards
        book
          buy 5 @100 #1 of 1, priority 1
        now
          time 5, step 5, placed 2
        ",
    );
}

#[test]
fn refused_places_take_an_id_too() {
    check(
        "
        now
          time 0, step 0, placed 0
        1 buy 5 market
          rejected #1: unsupported
        1 buy 5 @100
          accepted #2 of 1
          rested #2 buy 5 @100
        1 buy 5 to-limit
          rejected #3: no liquidity
        1 cancel #3
          rejected #3: unknown order
        1 buy 5 @100
          accepted #4 of 1
          rested #4 buy 5 @100
        now
          time 0, step 0, placed 4
        ",
    );
}

#[test]
fn events_come_in_the_order_of_their_causes() {
    check(
        "
        2 sell 1 @100
          accepted #1 of 2
          rested #1 sell 1 @100
        1 sell 2 @100
          accepted #2 of 1
          rested #2 sell 2 @100
        3 sell 3 @101
          accepted #3 of 3
          rested #3 sell 3 @101
        1 buy 9 @101 oldest
          accepted #4 of 1
          #4 of 1 buys 1 @100 from #1 of 2
          cancelled #2 of 1: 2, self trade
          #4 of 1 buys 3 @101 from #3 of 3
          rested #4 buy 5 @101
        2 sell 9 @101 ioc
          accepted #5 of 2
          #5 of 2 sells 5 @101 to #4 of 1
          cancelled #5 of 2: 4, remainder
        1 buy 5 @100
          accepted #6 of 1
          rested #6 buy 5 @100
        1 reduce #6 by 1
          reduced #6 by 1 to 4
        1 replace #6 3 @100
          replaced #6 3 @100, place kept
        1 reduce #6 by 3
          cancelled #6 of 1: 3, requested
        1 buy 5 @100
          accepted #7 of 1
          rested #7 buy 5 @100
        1 cancel #7
          cancelled #7 of 1: 5, requested
        1 mass-cancel
          mass-cancelled 1: 0 orders
        clock 1 step 1
          clock 1 step 1
        rule tax 0
          changed tax 0
        1 cancel #7
          rejected #7: unknown order
        ",
    );
}

#[test]
fn references_are_ignored_by_matching() {
    check(
        "
        1 sell 2 @100 ref 7
          accepted #1 of 1 ref 7
          rested #1 sell 2 @100
        1 sell 2 @100 ref 7
          accepted #2 of 1 ref 7
          rested #2 sell 2 @100
        2 buy 3 @100 ref 8
          accepted #3 of 2 ref 8
          #3 of 2 ref 8 buys 2 @100 from #1 of 1 ref 7
          #3 of 2 ref 8 buys 1 @100 from #2 of 1 ref 7
        book
          sell 1 @100 #2 of 1 ref 7, priority 2
        1 sell 1 @101 ref 18446744073709551615
          accepted #4 of 1 ref 18446744073709551615
          rested #4 sell 1 @101
        1 cancel #4
          cancelled #4 of 1 ref 18446744073709551615: 1, requested
        ",
    );
}

#[test]
fn the_better_price_trades_first() {
    the_better_of_near_prices();
    the_better_of_prices_far_apart();
}

fn the_better_of_near_prices() {
    check(
        "
        1 sell 1 @102
          accepted #1 of 1
          rested #1 sell 1 @102
        1 sell 1 @100
          accepted #2 of 1
          rested #2 sell 1 @100
        1 sell 1 @101
          accepted #3 of 1
          rested #3 sell 1 @101
        1 buy 1 @97
          accepted #4 of 1
          rested #4 buy 1 @97
        1 buy 1 @99
          accepted #5 of 1
          rested #5 buy 1 @99
        1 buy 1 @98
          accepted #6 of 1
          rested #6 buy 1 @98
        book
          buy 1 @99 #5 of 1, priority 5
          buy 1 @98 #6 of 1, priority 6
          buy 1 @97 #4 of 1, priority 4
          sell 1 @100 #2 of 1, priority 2
          sell 1 @101 #3 of 1, priority 3
          sell 1 @102 #1 of 1, priority 1
        2 buy 3 market ioc
          accepted #7 of 2
          #7 of 2 buys 1 @100 from #2 of 1
          #7 of 2 buys 1 @101 from #3 of 1
          #7 of 2 buys 1 @102 from #1 of 1
        2 sell 3 market ioc
          accepted #8 of 2
          #8 of 2 sells 1 @99 to #5 of 1
          #8 of 2 sells 1 @98 to #6 of 1
          #8 of 2 sells 1 @97 to #4 of 1
        book
        ",
    );
}

fn the_better_of_prices_far_apart() {
    let before = "
        1 sell 1 @2000000000
          accepted #1 of 1
          rested #1 sell 1 @2000000000
        1 sell 1 @200
          accepted #2 of 1
          rested #2 sell 1 @200
        1 sell 1 @1000000
          accepted #3 of 1
          rested #3 sell 1 @1000000
        1 buy 1 @1
          accepted #4 of 1
          rested #4 buy 1 @1
        2 buy 1 market ioc
          accepted #5 of 2
          #5 of 2 buys 1 @200 from #2 of 1
        2 buy 1 @190
          accepted #6 of 2
          rested #6 buy 1 @190
        ";
    // So many visits elsewhere that the book lays out its levels anew.
    let visit = |order: u32| {
        format!(
            "
        1 sell 1 @500
          accepted #{order} of 1
          rested #{order} sell 1 @500
        1 cancel #{order}
          cancelled #{order} of 1: 1, requested
        "
        )
    };
    let visits: String = (7..150).map(visit).collect();
    let after = "
        1 buy 1 @199
          accepted #150 of 1
          rested #150 buy 1 @199
        book
          buy 1 @199 #150 of 1, priority 149
          buy 1 @190 #6 of 2, priority 5
          buy 1 @1 #4 of 1, priority 4
          sell 1 @1000000 #3 of 1, priority 3
          sell 1 @2000000000 #1 of 1, priority 1
        2 buy 2 market ioc
          accepted #151 of 2
          #151 of 2 buys 1 @1000000 from #3 of 1
          #151 of 2 buys 1 @2000000000 from #1 of 1
        1 sell 3 @1
          accepted #152 of 1
          #152 of 1 sells 1 @199 to #150 of 1
          #152 of 1 sells 1 @190 to #6 of 2
          #152 of 1 sells 1 @1 to #4 of 1
        ";
    check(&[before, &visits, after].concat());
}

#[test]
fn the_older_order_trades_first() {
    // The number counts rests, not places: #2 is refused, #4 never rests, #1 rests twice.
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        1 sell 1 market
          rejected #2: unsupported
        2 sell 1 @100
          accepted #3 of 2
          rested #3 sell 1 @100
        3 buy 1 @99 ioc
          accepted #4 of 3
          cancelled #4 of 3: 1, remainder
        3 buy 1 @99
          accepted #5 of 3
          rested #5 buy 1 @99
        1 replace #1 1 @100
          replaced #1 1 @100, place lost
          rested #1 sell 1 @100
        book
          buy 1 @99 #5 of 3, priority 3
          sell 1 @100 #3 of 2, priority 2
          sell 1 @100 #1 of 1, priority 4
        3 buy 2 @100
          accepted #6 of 3
          #6 of 3 buys 1 @100 from #3 of 2
          #6 of 3 buys 1 @100 from #1 of 1
        ",
    );
}

#[test]
fn a_trade_happens_at_the_makers_price() {
    check(
        "
        1 sell 1 @100
          accepted #1 of 1
          rested #1 sell 1 @100
        2 buy 1 @105
          accepted #2 of 2
          #2 of 2 buys 1 @100 from #1 of 1
        1 buy 1 @100
          accepted #3 of 1
          rested #3 buy 1 @100
        2 sell 1 @95
          accepted #4 of 2
          #4 of 2 sells 1 @100 to #3 of 1
        account 1
          position 0, cash 0, open buys 0, open sells 0
        ",
    );
}

#[test]
fn a_partly_filled_maker_keeps_its_place() {
    check(
        "
        1 sell 3 @100
          accepted #1 of 1
          rested #1 sell 3 @100
        2 sell 3 @100
          accepted #2 of 2
          rested #2 sell 3 @100
        3 buy 2 @100
          accepted #3 of 3
          #3 of 3 buys 2 @100 from #1 of 1
        book
          sell 1 @100 #1 of 1, priority 1
          sell 3 @100 #2 of 2, priority 2
        3 buy 2 @100
          accepted #4 of 3
          #4 of 3 buys 1 @100 from #1 of 1
          #4 of 3 buys 1 @100 from #2 of 2
        ",
    );
}
