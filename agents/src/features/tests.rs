//! What an agent sees, on books made by hand.

use kernel::{ClientId, Qty, Side};

use super::{Features, Holdings, share};
use crate::agent::stage::{SELF, Stage};

#[test]
fn imbalance_and_spread_are_those_of_the_book() {
    let mut stage = Stage::new(&[]);
    let empty = stage.look(Features::of_market);
    assert_eq!((empty.spread, empty.imbalance, empty.imbalance_deep), (None, 0, 0));
    stage.book(9_998, 10_001, 30);
    for price in [9_999, 9_990, 9_980, 9_970, 9_960] {
        stage.place(SELF, Side::Buy, price, 10);
    }
    let seen = stage.look(Features::of_market);
    assert_eq!(seen.spread, Some(2));
    assert_eq!(seen.imbalance, -512, "(10 − 30) / 40");
    assert_eq!(seen.imbalance_deep, 409, "(70 − 30) / 100: the sixth level is too deep");
}

#[test]
fn shares_are_rounded_towards_nothing() {
    assert_eq!((share(1, 3), share(-1, 3), share(5, 5)), (341, -341, 1024));
    assert_eq!(share(i128::MAX >> 20, 1), i32::MAX);
}

#[test]
fn fills_are_forgotten_after_their_step() {
    let mut holdings = Holdings::new();
    let fill = Qty::new(3).unwrap();
    holdings.trade(1, (ClientId(5), Side::Sell), ClientId(6), fill);
    holdings.trade(1, (ClientId(5), Side::Buy), ClientId(999_999), fill);
    let (taker, maker) = (holdings.of(ClientId(5), 1), holdings.of(ClientId(6), 1));
    assert_eq!((taker.bought, taker.sold, taker.rested), (3, 3, 0));
    assert_eq!((maker.bought, maker.sold, maker.rested), (3, 0, 3));
    assert_eq!(holdings.of(ClientId(5), 2).sold, 0);
    holdings.trade(2, (ClientId(5), Side::Sell), ClientId(6), fill);
    assert_eq!(holdings.of(ClientId(6), 2).bought, 3, "not six");
}
