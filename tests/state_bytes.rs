//! Rule 9: what the state bytes say, byte by byte and difference by difference.

use kernel::Section::{self, Accounts, Asks, Bids, Clock, Rules, Stops};
use tests::script::run;
use tests::twin::StateBytes;

/// The sections in which the states of two scripts differ.
#[track_caller]
fn differing(one: &str, other: &str) -> Vec<Section> {
    let (one, other) = (run(one).state_bytes(), run(other).state_bytes());
    let pairs = one.iter().zip(&other).zip(Section::ALL);
    pairs.filter(|((one, other), _)| one != other).map(|(_, section)| section).collect()
}

/// Two scripts and the sections in which they differ.
type Case = (&'static str, &'static str, &'static [Section]);

const ORDERS: &[Case] = &[
    ("1 buy 5 @100", "1 buy 5 @100", &[]),
    // An order's price, side, owner, reference, quantity and conduct.
    ("1 buy 5 @100", "1 buy 5 @101", &[Bids]),
    ("1 buy 5 @100", "1 buy 6 @100", &[Bids]),
    ("1 buy 5 @100", "2 buy 5 @100", &[Bids]),
    ("1 buy 5 @100", "1 buy 5 @100 ref 1", &[Bids]),
    ("1 buy 5 @100", "1 buy 5 @100 post", &[Bids]),
    ("1 buy 5 @100", "1 buy 5 @100 newest", &[Bids]),
    ("1 buy 5 @100 oldest", "1 buy 5 @100 newest", &[Bids]),
    ("1 buy 5 @100 oldest", "1 buy 5 @100 both", &[Bids]),
    ("1 buy 5 @100 decrement", "1 buy 5 @100 both", &[Bids]),
    ("1 buy 5 @100", "1 sell 5 @100", &[Bids, Asks]),
    ("1 sell 5 @100", "1 sell 5 @101", &[Asks]),
    // Its display, its reserve, its expiry.
    ("1 buy 5 @100", "1 buy 5 @100 display 2", &[Bids]),
    ("1 buy 5 @100", "1 buy 5 @100 display 5", &[Bids]),
    ("1 buy 5 @100 display 3", "1 buy 5 @100 display 2", &[Bids]),
    ("1 buy 5 @100 display 2", "1 buy 6 @100 display 2", &[Bids]),
    ("1 sell 6 @100 display 2", "1 sell 9 @100 display 2\n1 reduce #1 by 3", &[]),
    ("1 buy 5 @100", "1 buy 5 @100 gtt 5", &[Bids]),
    ("1 buy 5 @100 gtt 6", "1 buy 5 @100 gtt 5", &[Bids]),
    ("1 sell 5 @100 gtt 4294967301", "1 sell 5 @100 gtt 5", &[Asks]),
    // Its id: the refused one comes first or last.
    ("1 buy 1 market\n1 buy 5 @100", "1 buy 5 @100\n1 buy 1 market", &[Bids]),
    // Its priority number and its place.
    (
        "1 buy 5 @100\n1 replace #1 5 @101\n1 replace #1 5 @100\n1 sell 1 @200",
        "1 buy 5 @100\n1 sell 1 @201\n1 replace #2 1 @202\n1 replace #2 1 @200",
        &[Bids],
    ),
    (
        "1 buy 5 @100\n1 buy 5 @100",
        "1 buy 5 @100\n1 buy 5 @100\n1 replace #1 5 @100",
        &[Bids, Clock],
    ),
];

const STOPS: &[Case] = &[
    // A stop: owner, reference, quantity, side, stop, choice, limit, what rests, expiry.
    ("1 buy 5 @100 stop 90", "1 buy 5 @100", &[Bids, Stops, Clock]),
    ("1 buy 5 @100 stop 90", "2 buy 5 @100 stop 90", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 5 @100 stop 90 ref 1", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 4 @100 stop 90", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 sell 5 @100 stop 90", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 5 @100 stop 91", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 5 @100 stop 90 both", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 5 @101 stop 90", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 5 @100 ioc stop 90", &[Stops]),
    ("1 buy 5 @100 ioc stop 90", "1 buy 5 market ioc stop 90", &[Stops]),
    ("1 buy 5 @100 stop 90", "1 buy 5 @100 gtt 9 stop 90", &[Stops]),
    ("1 buy 5 @100 gtt 8 stop 90", "1 buy 5 @100 gtt 9 stop 90", &[Stops]),
    ("1 buy 1 market\n1 buy 5 @9 stop 9", "1 buy 5 @9 stop 9\n1 buy 1 market", &[Stops]),
];

const HOLDINGS_RULES_AND_CLOCK: &[Case] = &[
    // An account: client, position, cash, exemption.
    ("endow 1 5 0", "endow 1 6 0", &[Accounts]),
    ("endow 1 5 0", "endow 1 -5 0", &[Accounts]),
    ("endow 1 5 0", "endow 2 5 0", &[Accounts]),
    ("endow 1 5 0", "endow 1 5 1", &[Accounts]),
    ("endow 1 0 0", "", &[]),
    ("exempt 1", "", &[Accounts]),
    ("exempt 1", "exempt 2", &[Accounts]),
    ("exempt 1", "rule exempt 1 on", &[]),
    ("rule exempt 1 off", "", &[]),
    // The pots: the same cash taken as a tax and as a fee.
    (
        "rule tax 100\n1 buy 1 @1\n2 sell 1 @1\nrule tax 0",
        "rule fees 10000 10000\n1 buy 1 @1\n2 sell 1 @1\nrule fees 0 0",
        &[Accounts],
    ),
    // The rules.
    ("rule tick 2", "", &[Rules]),
    ("rule lot 2", "", &[Rules]),
    ("rule lot 2", "rule tick 2", &[Rules]),
    ("rule qty_max 2", "rule lot 2", &[Rules]),
    ("rule prices 2..2147483647", "", &[Rules]),
    ("rule prices 1..2147483646", "", &[Rules]),
    ("rule prices 2..3", "rule prices 2..4", &[Rules]),
    ("rule position_max 2", "rule position_max 3", &[Rules]),
    ("rule position_max 4611686018427387904", "", &[]),
    ("rule halted", "", &[Rules]),
    ("rule halted", "rule ban on", &[Rules]),
    ("rule ban on", "genesis rule ban on", &[]),
    ("rule tax 1", "", &[Rules]),
    ("rule fees 1 0", "", &[Rules]),
    ("rule fees 1 0", "rule fees 0 1", &[Rules]),
    ("rule fees 1 0", "rule fees -1 0", &[Rules]),
    ("rule auction", "", &[Rules]),
    ("rule auction", "rule halted", &[Rules]),
    ("rule auction", "genesis rule auction", &[]),
    ("rule band 1", "", &[Rules]),
    ("rule band 1", "rule band 2", &[Rules]),
    ("rule band 1", "rule tax 1", &[Rules]),
    // The clock and the counters.
    ("clock 1 step 0", "", &[Clock]),
    ("clock 1 step 0", "clock 0 step 1", &[Clock]),
    ("1 buy 1 market", "", &[Clock]),
    // The last trade: of its price only.
    (
        "1 sell 1 @5\n1 sell 1 @6\n1 buy 1 @6\n1 buy 1 @6",
        "1 sell 1 @6\n1 sell 1 @5\n1 buy 1 @6\n1 buy 1 @6",
        &[],
    ),
    ("1 sell 2 @5\n1 buy 2 @5", "1 sell 2 @6\n1 buy 2 @6", &[Clock]),
    ("1 buy 1 @1\n1 cancel #1", "1 buy 1 market", &[Clock]),
    // What is gone leaves only its number.
    ("1 buy 1 @1\n1 cancel #1", "1 sell 1 @9\n1 reduce #1 by 2", &[]),
];

#[test]
fn state_bytes_tell_every_difference() {
    let cases = [ORDERS, STOPS, HOLDINGS_RULES_AND_CLOCK].concat();
    for (one, other, expected) in cases {
        assert_eq!(differing(one, other), expected, "{one}\n-- and --\n{other}");
    }
}

#[test]
fn limits_of_the_genesis_are_no_state() {
    for limit in ["orders_max", "clients_max", "levels_max"] {
        let one = format!("genesis {limit} 7\n1 buy 5 @100");
        assert_eq!(differing(&one, "1 buy 5 @100"), [], "{limit}");
    }
}

/// Every byte of a small state, by hand from the page.
fn small_state() -> StateBytes {
    let market = run("
        endow 3 -2 -1
        exempt 3
        1 buy 1 market
        1 buy 258 @772 ref 1286 both post
        2 sell 5 @4096
        4 buy 2 @4096 decrement
        clock 513 step 2
        rule tick 2
        rule lot 3
        rule qty_max 4
        rule prices 5..6
        rule position_max 7
        rule halted
        rule ban on
        rule tax 8
        rule fees -1 9
        ");
    market.state_bytes()
}

#[test]
fn book_bytes_are_those_of_the_page() {
    let [bids, asks, ..] = small_state();
    #[rustfmt::skip]
    let bids_expected = [
        4, 3, 0, 0, // price
        2, 0, 0, 0, 0, 0, 0, 0, // id
        1, 0, 0, 0, // client
        6, 5, 0, 0, 0, 0, 0, 0, // reference
        2, 1, 0, 0, // open quantity
        1, 0, 0, 0, 0, 0, 0, 0, // priority
        3, 1, // self-trade choice, post-only
    ];
    assert_eq!(bids, bids_expected);
    #[rustfmt::skip]
    let asks_expected = [
        0, 16, 0, 0,
        3, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        3, 0, 0, 0,
        2, 0, 0, 0, 0, 0, 0, 0,
        0, 0,
    ];
    assert_eq!(asks, asks_expected);
}

#[test]
fn the_bytes_of_what_is_new_are_those_of_the_page() {
    let market = run("
        1 sell 258 @772 post gtt 513 display 256 both ref 9
        1 sell 7 @772 display 7
        2 buy 3 @700 stop 771 gtt 5 newest ref 8
        2 sell 4 market ioc stop 700
        rule auction
        rule band 772
        ");
    let [bids, asks, stops, _, rules, clock] = market.state_bytes();
    assert_eq!(bids, []);
    #[rustfmt::skip]
    let asks_expected = [
        4, 3, 0, 0,
        1, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 0, 0,
        9, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 0, 0, // displayed
        1, 0, 0, 0, 0, 0, 0, 0,
        3, 7, // self-trade choice; post-only, iceberg, good till time
        0, 1, 0, 0, // display
        2, 0, 0, 0, // reserve
        1, 2, 0, 0, 0, 0, 0, 0, // expiry
        4, 3, 0, 0,
        2, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        7, 0, 0, 0,
        2, 0, 0, 0, 0, 0, 0, 0,
        0, 2,
        7, 0, 0, 0,
        0, 0, 0, 0,
    ];
    assert_eq!(asks, asks_expected);
    #[rustfmt::skip]
    let stops_expected = [
        3, 0, 0, 0, 0, 0, 0, 0, // id
        2, 0, 0, 0, // client
        8, 0, 0, 0, 0, 0, 0, 0, // reference
        3, 0, 0, 0, // open quantity
        0, // side
        3, 3, 0, 0, // stop price
        1, 7, // self-trade choice; limit, may rest, good till time
        188, 2, 0, 0, // limit
        5, 0, 0, 0, 0, 0, 0, 0, // expiry
        4, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        4, 0, 0, 0,
        1,
        188, 2, 0, 0,
        0, 0,
    ];
    assert_eq!(stops, stops_expected);
    assert_eq!(rules, [12, 13, 4, 3, 0, 0]);
    assert_eq!(clock.len(), 32, "no trade, no price");
}

#[test]
fn a_triggered_stop_says_so() {
    let market = run("
        genesis rule band 1
        1 sell 1 @100
        2 buy 1 @100
        1 sell 1 @101
        1 sell 1 @103
        2 buy 1 market ioc stop 101
        2 buy 1 @99 ioc stop 101
        2 buy 1 @101
        ");
    let [_, _, stops, _, rules, clock] = market.state_bytes();
    // One limit, and triggered.
    assert_eq!(stops.len(), 35);
    assert_eq!(stops[30], 9);
    assert_eq!(rules, [7, 13, 1, 0, 0, 0]);
    assert_eq!(clock[32..], [101, 0, 0, 0]);
}

#[test]
fn account_rule_and_clock_bytes_are_those_of_the_page() {
    let [_, _, _, accounts, rules, clock] = small_state();
    // 2 lots at 4096 ticks move 2 · 4096 · 10,000 = 81,920,000 = 0x04E2_0000.
    let zeros = |count: usize| vec![0; count];
    let ones = |count: usize| vec![255; count];
    let accounts_expected = [
        zeros(32), // taxes, fees
        vec![2, 0, 0, 0, 254],
        ones(7),
        vec![0, 0, 226, 4],
        zeros(12),
        vec![0],
        vec![3, 0, 0, 0, 254],
        ones(7),
        ones(16),
        vec![1],
        vec![4, 0, 0, 0, 2],
        zeros(7),
        vec![0, 0, 30, 251],
        ones(12),
        vec![0],
    ];
    assert_eq!(accounts, accounts_expected.concat());
    #[rustfmt::skip]
    let rules_expected = [
        1, 2, 0, 0, 0,
        2, 3, 0, 0, 0,
        3, 4, 0, 0, 0,
        4, 5, 0, 0, 0,
        5, 6, 0, 0, 0,
        6, 7, 0, 0, 0, 0, 0, 0, 0,
        7,
        8,
        9, 8, 0, 0, 0,
        10, 255, 255, 255, 255,
        11, 9, 0, 0, 0,
    ];
    assert_eq!(rules, rules_expected);
    #[rustfmt::skip]
    let clock_expected = [
        1, 2, 0, 0, 0, 0, 0, 0,
        2, 0, 0, 0, 0, 0, 0, 0,
        4, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 0, 0, 0, 0, 0, 0,
        0, 16, 0, 0, // last trade
    ];
    assert_eq!(clock, clock_expected);
}
