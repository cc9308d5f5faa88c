//! Orders that rest and orders that wait.

use kernel::Genesis;
use tests::restore::{restore, state_bytes};
use tests::script::run;

use crate::Change::{self, Add, Again, All, Cut, Put};
use crate::{ASKS, BIDS, CLOCK, ONES, RULES, STOPS, ZEROS, refused};

/// A book that is full: seven orders, four levels. Records of bids begin at 0, 38, 76; of asks at 0,
/// 38; of stops at 0, 35.
const BOOK: &str = "
    genesis clients_max 5
    genesis orders_max 7
    genesis levels_max 4
    1 buy 5 @100
    2 buy 6 @100
    3 buy 7 @99 gtt 50
    1 sell 8 @110
    2 sell 9 @111 display 3
    1 buy 3 @200 stop 150
    1 sell 3 market ioc stop 50
    clock 10 step 0
    ";

#[test]
fn orders_that_are_none_are_refused() {
    let cases: &[(usize, Change<'_>, &str)] = &[
        (BIDS, Cut(37), "section bids, record at byte 0: the section ends inside the record"),
        (BIDS, Cut(121), "section bids, record at byte 76: the section ends inside the record"),
        (ASKS, Cut(83), "section asks, record at byte 38: the section ends inside the record"),
        (ASKS, Add(&[1]), "section asks, record at byte 84: the section ends inside the record"),
        (
            BIDS,
            Put(0, &ZEROS[..4]),
            "section bids, record at byte 0: price is outside 1..=2147483647",
        ),
        (BIDS, Put(3, &[128]), "section bids, record at byte 0: price is outside 1..=2147483647"),
        (BIDS, Put(24, &[0]), "section bids, record at byte 0: quantity is outside 1..=2147483647"),
        (BIDS, Put(36, &[5]), "section bids, record at byte 0: 5 is no self-trade choice"),
        (BIDS, Put(37, &[8]), "section bids, record at byte 0: 8 is no set of flags"),
    ];
    for (section, change, message) in cases {
        refused(BOOK, &[(*section, *change)], message);
    }
}

#[test]
fn orders_that_do_not_fit_the_market_are_refused() {
    let cases: &[(usize, Change<'_>, &str)] = &[
        (
            ASKS,
            Put(4, &[0]),
            "section asks, record at byte 0: the id 0 is 0 or above the count of Place commands",
        ),
        (
            ASKS,
            Put(4, &[8]),
            "section asks, record at byte 0: the id 8 is 0 or above the count of Place commands",
        ),
        (BIDS, Put(12, &[5]), "section bids, record at byte 0: client 5 is not below clients_max"),
        (
            BIDS,
            Put(28, &[0]),
            "section bids, record at byte 0: the priority of order 1 is 0 or was never given",
        ),
        (
            ASKS,
            Put(66, &[6]),
            "section asks, record at byte 38: the priority of order 5 is 0 or was never given",
        ),
        (
            BIDS,
            Put(66, &[1]),
            "section bids, record at byte 38: the priority of order 2 does not rise within its level",
        ),
        (
            BIDS,
            Put(28, &[3]),
            "section bids, record at byte 38: the priority of order 2 does not rise within its level",
        ),
        (
            BIDS,
            Put(0, &[98]),
            "section bids, record at byte 38: order 2 has a better price than the one before it",
        ),
        (
            ASKS,
            Put(0, &[112]),
            "section asks, record at byte 38: order 5 has a better price than the one before it",
        ),
        (BIDS, Put(114, &[10]), "section bids, record at byte 76: order 3 has outlived its expiry"),
    ];
    for (section, change, message) in cases {
        refused(BOOK, &[(*section, *change)], message);
    }
}

#[test]
fn icebergs_that_are_none_are_refused() {
    let cases: &[(usize, Change<'_>, &str)] = &[
        // The display, 3 lots: too small for the lots shown, for 20 displays, and none at all.
        (
            ASKS,
            Put(76, &[2]),
            "section asks, record at byte 38: iceberg 5 shows more than its display or is larger than 20 displays",
        ),
        (
            ASKS,
            Put(80, &[58]),
            "section asks, record at byte 38: iceberg 5 shows more than its display or is larger than 20 displays",
        ),
        (
            ASKS,
            Put(80, &ONES[..4]),
            "section asks, record at byte 38: iceberg 5 shows more than its display or is larger than 20 displays",
        ),
        (
            ASKS,
            Put(76, &[255, 255, 255, 127, 255, 255, 255, 127]),
            "section asks, record at byte 38: iceberg 5 shows more than its display or is larger than 20 displays",
        ),
        (
            ASKS,
            Put(76, &[0]),
            "section asks, record at byte 38: quantity is outside 1..=2147483647",
        ),
    ];
    for (section, change, message) in cases {
        refused(BOOK, &[(*section, *change)], message);
    }
}

#[test]
fn priorities_rise_where_an_order_joins_a_level() {
    // The second bid in the level of the third, under a higher priority.
    refused(
        BOOK,
        &[(BIDS, Put(38, &[99])), (BIDS, Put(66, &[4]))],
        "section bids, record at byte 76: the priority of order 3 does not rise within its level",
    );
}

#[test]
fn what_stands_twice_is_refused() {
    refused(BOOK, &[(BIDS, Put(80, &[1]))], "section bids: two live orders have the id 1");
    refused(BOOK, &[(ASKS, Put(4, &[2]))], "section asks: two live orders have the id 2");
    refused(BOOK, &[(ASKS, Put(42, &[4]))], "section asks: two live orders have the id 4");
    refused(
        BOOK,
        &[(BIDS, Put(104, &[2]))],
        "section bids: two resting orders have the priority 2",
    );
    refused(BOOK, &[(ASKS, Put(28, &[3]))], "section asks: two resting orders have the priority 3");
    let stop = "section stops, record at byte 0: two live orders have the id 5";
    refused(BOOK, &[(STOPS, Put(0, &[5]))], stop);
}

#[test]
fn a_book_with_too_many_orders_or_levels_is_refused() {
    // One ask more, the fourth order placed.
    let more = [(ASKS, Again(38, 76)), (CLOCK, Put(16, &[4])), (CLOCK, Put(24, &[4]))];
    let three = "genesis orders_max 3\n1 sell 1 @9\n1 sell 1 @9\n";
    refused(
        &format!("{three}1 sell 1 @9"),
        &[&more[..], &[(ASKS, Put(118, &[4])), (ASKS, Put(142, &[4]))]].concat(),
        "section asks, record at byte 114: more orders are live than orders_max",
    );
    refused(
        &format!("{three}1 buy 1 @2 stop 9"),
        &[&more[..], &[(ASKS, Put(80, &[4])), (ASKS, Put(104, &[4]))]].concat(),
        "section stops, record at byte 0: more orders are live than orders_max",
    );
    let level = "section asks, record at byte 38: more levels are occupied than levels_max";
    refused(
        "genesis levels_max 2\n1 buy 1 @1\n1 sell 1 @9\n1 sell 1 @9",
        &[(ASKS, Put(38, &[10]))],
        level,
    );
    let level = "section asks, record at byte 0: more levels are occupied than levels_max";
    refused(
        "genesis levels_max 2\n1 buy 1 @1\n1 sell 1 @9\n1 buy 1 @1",
        &[(BIDS, Put(0, &[2]))],
        level,
    );
}

#[test]
fn a_continuous_market_is_not_crossed() {
    for ask in [100, 99] {
        let crossed = "section asks: the book of a continuous market is crossed";
        refused(BOOK, &[(ASKS, Put(0, &[ask]))], crossed);
    }
    // An auction, and a halt after one, may be.
    for state in ["", "rule halted"] {
        let script = format!("rule auction\n1 buy 1 @9\n2 sell 1 @8\n{state}");
        let bytes = run(&script).state_bytes();
        assert_eq!(state_bytes(&restore(&Genesis::open(), &bytes).unwrap()), bytes);
        refused(
            &script,
            &[(RULES, All(&[]))],
            "section asks: the book of a continuous market is crossed",
        );
    }
}

#[test]
fn stops_that_are_none_are_refused() {
    let cases: &[(Change<'_>, &str)] = &[
        (Cut(34), "section stops, record at byte 0: the section ends inside the record"),
        (Put(24, &[2]), "section stops, record at byte 0: 2 is no side"),
        (Put(25, &[0]), "section stops, record at byte 0: price is outside 1..=2147483647"),
        (Put(20, &[0]), "section stops, record at byte 0: quantity is outside 1..=2147483647"),
        (Put(29, &[5]), "section stops, record at byte 0: 5 is no self-trade choice"),
        (Put(30, &[16]), "section stops, record at byte 0: 16 is no set of flags"),
        (Put(31, &[0]), "section stops, record at byte 0: price is outside 1..=2147483647"),
        (
            Put(0, &[0]),
            "section stops, record at byte 0: the id 0 is 0 or above the count of Place commands",
        ),
        (
            Put(35, &[8]),
            "section stops, record at byte 35: the id 8 is 0 or above the count of Place commands",
        ),
        (Put(0, &[7]), "section stops, record at byte 35: order 7 is out of order or stands twice"),
        (
            Put(35, &[6]),
            "section stops, record at byte 35: order 6 is out of order or stands twice",
        ),
        (Put(8, &[5]), "section stops, record at byte 0: client 5 is not below clients_max"),
        // A market order that may rest, or has an expiry; a limit order with an expiry that may not.
        (
            Put(65, &[2]),
            "section stops, record at byte 35: limit, rest and expiry of waiting order 7 do not go together",
        ),
        (
            All(&[&STOP[..30], &[4], ONES, ONES].concat()[..39]),
            "section stops, record at byte 0: limit, rest and expiry of waiting order 6 do not go together",
        ),
        (
            All(&[&STOP[..30], &[5, 1, 0, 0, 0], ONES].concat()[..43]),
            "section stops, record at byte 0: limit, rest and expiry of waiting order 6 do not go together",
        ),
        (
            All(&[&STOP[..30], &[7, 1, 0, 0, 0, 10], ZEROS].concat()[..43]),
            "section stops, record at byte 0: order 6 has outlived its expiry",
        ),
        // Triggered without a trade, and without a halt.
        (
            Put(30, &[11]),
            "section stops, record at byte 0: order 6 is triggered, which needs a trade and a halt",
        ),
    ];
    for (change, message) in cases {
        refused(BOOK, &[(STOPS, *change)], message);
    }
    let triggered =
        "section stops, record at byte 0: order 6 is triggered, which needs a trade and a halt";
    let trade = (CLOCK, Add(&[120, 0, 0, 0]));
    refused(BOOK, &[(STOPS, Put(30, &[11])), trade], triggered);
    refused(BOOK, &[(STOPS, Put(30, &[11])), (RULES, All(&[7]))], triggered);
    // The last trade would have triggered the buy at 150, the sell at 50.
    for (last, offset, order) in [(150, 0, 6), (50, 35, 7)] {
        let waits = format!(
            "section stops, record at byte {offset}: order {order} waits though the last trade reaches its stop"
        );
        refused(BOOK, &[(CLOCK, Add(&[last, 0, 0, 0]))], &waits);
    }
}

/// The first stop of [`BOOK`] up to its flags, but with id 6, client 1, 3 lots, buy, stop 150.
const STOP: [u8; 30] =
    [6, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 150, 0, 0, 0, 0];
