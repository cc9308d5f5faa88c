//! Rule 13.2: the price that clears a book.

use kernel::Command;
use tests::render;
use tests::script::run;

/// What an uncross says first. Bids are client 1's, asks client 2's: `buy 5 @103`.
#[track_caller]
fn clears(orders: &[&str], rules: &[&str]) -> String {
    let mut script = vec!["genesis rule auction".to_owned()];
    for order in orders {
        let client = if order.starts_with("buy") { 1 } else { 2 };
        script.push(format!("{client} {order}"));
    }
    script.extend(rules.iter().map(|rule| format!("rule {rule}")));
    uncrossed(&script.join("\n"))
}

/// The same after a trade at `reference`.
#[track_caller]
fn clears_after(reference: u32, orders: &[&str], rules: &[&str]) -> String {
    let mut script = vec![format!("8 sell 1 @{reference}\n9 buy 1 @{reference}\nrule auction")];
    for order in orders {
        let client = if order.starts_with("buy") { 1 } else { 2 };
        script.push(format!("{client} {order}"));
    }
    script.extend(rules.iter().map(|rule| format!("rule {rule}")));
    uncrossed(&script.join("\n"))
}

#[track_caller]
fn uncrossed(script: &str) -> String {
    let events = run(script).apply(Command::Uncross).unwrap_or_else(|error| panic!("{error}"));
    render::event(&events[0])
}

#[test]
fn the_clearing_price_of_worked_examples() {
    the_largest_volume_decides();
    the_smallest_imbalance_decides();
    the_reference_decides();
    the_tick_decides();
    icebergs_count_in_full();
    nothing_clears();
    prices_far_apart();
}

fn the_largest_volume_decides() {
    // D and S: 101: 10, 4. 102: 10, 10. 103: 5, 10. 104: 0, 20.
    let orders =
        ["buy 5 @103", "buy 5 @102", "buy 10 @100", "sell 4 @101", "sell 6 @102", "sell 10 @104"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @102");
    assert_eq!(clears_after(103, &orders, &[]), "uncrossed 10 @102");
    assert_eq!(clears_after(1, &orders, &["tick 50"]), "uncrossed 10 @102");
    // 12 at 101, though 102 is balanced better: 100: 20, 8. 101: 16, 12. 102: 9, 12.
    let orders = ["buy 9 @102", "buy 7 @101", "buy 4 @100", "sell 8 @100", "sell 4 @101"];
    assert_eq!(clears(&orders, &[]), "uncrossed 12 @101");
}

fn the_smallest_imbalance_decides() {
    // The volume is 10 from 100 to 103. D: 15 up to 102, then 10. S: 10.
    let orders = ["buy 10 @103", "buy 5 @102", "sell 10 @100"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @103");
    assert_eq!(clears_after(100, &orders, &[]), "uncrossed 10 @103");
    // The mirror image. D: 10. S: 10 at 100, then 15.
    let orders = ["buy 10 @103", "sell 10 @100", "sell 5 @101"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @100");
    assert_eq!(clears_after(103, &orders, &[]), "uncrossed 10 @100");
    // Five too many bids up to 101, five too many asks from 102 on: 100 to 103 are alike.
    let orders = ["buy 10 @103", "buy 5 @101", "sell 10 @100", "sell 5 @102"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @101");
    assert_eq!(clears_after(100, &orders, &[]), "uncrossed 10 @100");
    assert_eq!(clears_after(103, &orders, &[]), "uncrossed 10 @103");
    // Six too many bids up to 101, five too many asks from 102 on: 102 and 103.
    let orders = ["buy 10 @103", "buy 6 @101", "sell 10 @100", "sell 5 @102"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @102");
    assert_eq!(clears_after(90, &orders, &[]), "uncrossed 10 @102");
    assert_eq!(clears_after(103, &orders, &[]), "uncrossed 10 @103");
    // And the other way round: 100 and 101.
    let orders = ["buy 10 @103", "buy 5 @101", "sell 10 @100", "sell 6 @102"];
    assert_eq!(clears_after(200, &orders, &[]), "uncrossed 10 @101");
}

fn the_reference_decides() {
    // Balanced from 103 to 107.
    let orders = ["buy 10 @107", "sell 10 @103"];
    for (reference, expected) in [
        (1, "uncrossed 10 @103"),
        (102, "uncrossed 10 @103"),
        (103, "uncrossed 10 @103"),
        (104, "uncrossed 10 @104"),
        (106, "uncrossed 10 @106"),
        (107, "uncrossed 10 @107"),
        (108, "uncrossed 10 @107"),
        (2_147_483_647, "uncrossed 10 @107"),
    ] {
        assert_eq!(clears_after(reference, &orders, &[]), expected, "reference {reference}");
    }
    // Before any trade the middle, rounded down.
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @105");
    assert_eq!(clears(&["buy 10 @106", "sell 10 @103"], &[]), "uncrossed 10 @104");
    assert_eq!(clears(&["buy 10 @104", "sell 10 @103"], &[]), "uncrossed 10 @103");
    assert_eq!(clears(&["buy 10 @103", "sell 10 @103"], &[]), "uncrossed 10 @103");
    // The interval ends beside orders: below the ask at 110, above the bid at 105.
    let orders = ["buy 10 @115", "sell 10 @100", "sell 10 @110"];
    assert_eq!(clears_after(200, &orders, &[]), "uncrossed 10 @109");
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @104");
    let orders = ["buy 10 @110", "buy 10 @105", "sell 10 @100"];
    assert_eq!(clears_after(1, &orders, &[]), "uncrossed 10 @106");
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @108");
}

fn the_tick_decides() {
    // From 103 to 107; orders keep the prices that a new tick would not take.
    let orders = ["buy 10 @107", "sell 10 @103"];
    // Multiples of 2: 104 and 106, the lower of two.
    for (reference, expected) in [
        (1, "uncrossed 10 @104"),
        (103, "uncrossed 10 @104"),
        (105, "uncrossed 10 @104"),
        (106, "uncrossed 10 @106"),
        (107, "uncrossed 10 @106"),
        (200, "uncrossed 10 @106"),
    ] {
        assert_eq!(clears_after(reference, &orders, &["tick 2"]), expected, "{reference}");
    }
    assert_eq!(clears(&orders, &["tick 2"]), "uncrossed 10 @104");
    // One multiple, wherever the reference is.
    assert_eq!(clears_after(107, &orders, &["tick 5"]), "uncrossed 10 @105");
    assert_eq!(clears_after(1, &orders, &["tick 7"]), "uncrossed 10 @105");
    assert_eq!(clears_after(105, &orders, &["tick 103"]), "uncrossed 10 @103");
    assert_eq!(clears_after(105, &orders, &["tick 107"]), "uncrossed 10 @107");
    // None: 100 and 110 lie outside.
    for (reference, expected) in [
        (90, "uncrossed 10 @103"),
        (104, "uncrossed 10 @104"),
        (106, "uncrossed 10 @106"),
        (120, "uncrossed 10 @107"),
    ] {
        assert_eq!(clears_after(reference, &orders, &["tick 10"]), expected, "{reference}");
    }
    assert_eq!(clears(&orders, &["tick 10"]), "uncrossed 10 @105");
    // 104 and 108 between 101 and 109.
    let orders = ["buy 10 @109", "sell 10 @101"];
    assert_eq!(clears_after(105, &orders, &["tick 4"]), "uncrossed 10 @104");
    assert_eq!(clears_after(106, &orders, &["tick 4"]), "uncrossed 10 @104");
    assert_eq!(clears_after(107, &orders, &["tick 4"]), "uncrossed 10 @108");
    // The volume comes before the tick.
    let orders = ["buy 10 @103", "buy 5 @102", "sell 10 @100"];
    assert_eq!(clears_after(100, &orders, &["tick 2"]), "uncrossed 10 @103");
}

fn icebergs_count_in_full() {
    // With reserves D is 15 up to 102 and 10 up to 105; with what is shown the volume would be 6.
    let orders = ["buy 10 @105 display 1", "buy 5 @102", "sell 10 @100"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @104");
    let orders = ["buy 10 @105", "sell 5 @102 display 2", "sell 5 @100 display 1"];
    assert_eq!(clears(&orders, &[]), "uncrossed 10 @103");
}

fn nothing_clears() {
    assert_eq!(clears(&[], &[]), "uncrossed 0");
    assert_eq!(clears(&["buy 10 @105"], &[]), "uncrossed 0");
    assert_eq!(clears(&["sell 10 @105", "sell 1 @1"], &[]), "uncrossed 0");
    assert_eq!(clears(&["buy 10 @104", "sell 10 @105"], &[]), "uncrossed 0");
    assert_eq!(clears_after(104, &["buy 10 @104", "sell 10 @105"], &[]), "uncrossed 0");
    assert_eq!(clears(&["buy 10 @105", "sell 10 @105"], &[]), "uncrossed 10 @105");
}

fn prices_far_apart() {
    // (1 + 2,147,483,647) / 2.
    let orders = ["buy 5 @2147483647", "sell 5 @1"];
    assert_eq!(clears(&orders, &[]), "uncrossed 5 @1073741824");
    assert_eq!(clears_after(2_147_483_647, &orders, &[]), "uncrossed 5 @2147483647");
    assert_eq!(clears_after(2_147_483_647, &orders, &["tick 2"]), "uncrossed 5 @2147483646");
    assert_eq!(clears_after(1, &orders, &["tick 2147483647"]), "uncrossed 5 @2147483647");
    assert_eq!(clears_after(1, &orders, &["tick 2147483646"]), "uncrossed 5 @2147483646");
    // 2^31 - 2 is the nearest one to 2^31 - 1; 5 to 1.
    assert_eq!(
        clears_after(2_147_483_647, &orders, &["tick 1073741823"]),
        "uncrossed 5 @2147483646"
    );
    assert_eq!(clears_after(1, &orders, &["tick 5"]), "uncrossed 5 @5");
    // The volume of three largest orders a side.
    let most = ["buy 2147483647 @9"; 3].into_iter().chain(["sell 2147483647 @9"; 3]);
    let most: Vec<&str> = most.collect();
    assert_eq!(clears(&most, &[]), "uncrossed 6442450941 @9");
}
