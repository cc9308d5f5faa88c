//! The follower on sequences made by hand.

use kernel::{MarketState, OrderId, Reference, RuleChange, TimeInForce, TimeNs};

use super::*;
use crate::stats::arrivals::End;
use crate::stats::script::{SECOND, Script};

fn script(options: FlowOptions) -> Script<Flow> {
    Script::new(Flow::new(options))
}

fn simulated() -> Script<Flow> {
    script(FlowOptions { levels: true, ..FlowOptions::SIMULATED })
}

/// Rows of a market with ticks of 1.
fn rows() -> Script<Flow> {
    script(FlowOptions { tick: 1, ..FlowOptions::RECORDED_DAY })
}

#[test]
fn states_weigh_as_long_as_they_last() {
    let mut it = simulated();
    it.at(1);
    it.buy(4, 98);
    it.sell(2, 100);
    it.sell(6, 101);
    it.at(2);
    let bid = it.buy(3, 99);
    it.buy(5, 90);
    it.at(5);
    it.cancel(bid);
    let book = it.observer.finish().book;
    assert_eq!(book.spread.total(), u128::from(4 * SECOND));
    assert_eq!(book.spread.mean(), Some(5.0 / 4.0));
    assert_eq!(book.spread.weighted_quantile(0.75), Some(1.0));
    assert_eq!(book.spread.weighted_quantile(0.76), Some(2.0));
    // One second of 4 and 2 lots, three of 3 and 2.
    assert_eq!(book.lots(1), Some((3.0 + 3.0 * 2.5) / 4.0));
    // Level 2 has both sides in the last three seconds: bids at 98, asks at 101.
    assert_eq!(book.lots(2), Some(5.0));
    assert_eq!(book.distance(2), Some(1.5));
    assert_eq!((book.lots(3), book.lots(0)), (None, None));
    let relative = (2.0 / 99.0 + 3.0 / 99.5) / 4.0;
    assert!((book.spread_relative().unwrap() - relative).abs() < 1e-15);
}

#[test]
fn submissions_are_placed_from_the_best_price_before_them() {
    let mut it = script(FlowOptions { tick: 10, ..FlowOptions::SIMULATED });
    it.buy(1, 1000);
    it.sell(1, 1100);
    for price in [1010, 1010, 960, 900, 810, 800] {
        it.buy(1, price);
    }
    for price in [1101, 1050, 2000] {
        it.sell(1, price);
    }
    let flow = it.observer.finish();
    // Buys: inside, at the new best, 5, 11, 20 and 21 ticks behind it. Sells: a tenth of a tick
    // behind, inside, far behind.
    assert_eq!(flow.placed, [2, 1, 2, 2, 2]);
    assert_eq!(flow.messages.submissions, 11);
    assert_eq!(flow.limit_lots.total(), 11);
}

#[test]
fn takers_are_told_by_lots_fills_and_walks() {
    let mut it = simulated();
    it.at(1);
    it.sell(2, 100);
    it.sell(3, 100);
    it.sell(4, 101);
    it.buy(9, 98);
    it.at(3);
    it.place(Side::Buy, 4, 100, TimeInForce::Ioc);
    it.at(7);
    it.place(Side::Buy, 9, 101, TimeInForce::Gtc);
    let flow = it.observer.finish();
    assert_eq!(flow.signs, [1, 1]);
    assert_eq!((flow.taker_lots.total(), flow.taker_lots.mean()), (2, Some(4.5)));
    assert_eq!((flow.taker_fills.mean(), flow.walks), (Some(2.0), 1));
    assert_eq!(flow.messages.fills, 4);
    assert_eq!(flow.messages.submissions, 5, "four, and what is left of the second taker");
    assert_eq!(flow.limit_lots.share(4), Some(0.4), "an ask, and that remainder");
    assert_eq!(flow.taker_gaps.mean(), Some(4.0));
    // Gaps: 0 0 0, 2 0, 4 0 0.
    assert_eq!((flow.gaps.len(), flow.gaps.mean()), (8, Some(0.75)));
    assert_eq!(flow.mids_after, [198, 198], "after the second only bids are left: the mid stays");
}

#[test]
fn orders_live_until_they_are_filled_deleted_or_expire() {
    let mut it = simulated();
    it.at(1);
    let deleted = it.buy(1, 90);
    let reduced = it.buy(3, 91);
    it.sell(2, 100);
    it.place(Side::Sell, 1, 105, TimeInForce::Gtt(TimeNs(4 * SECOND)));
    it.buy(1, 80);
    it.at(3);
    it.cancel(deleted);
    it.reduce(reduced, 1);
    it.place(Side::Buy, 1, 100, TimeInForce::Ioc);
    it.at(4);
    it.place(Side::Buy, 7, 100, TimeInForce::Ioc);
    it.reduce(reduced, 2);
    it.at(6);
    let flow = it.observer.finish();
    let lives = &flow.lifetimes;
    assert_eq!(lives.cancelled, [0, 0, 1, 2], "2 s; 3 s: expired, and reduced to nothing");
    assert_eq!(lives.filled, [0, 0, 0, 1]);
    assert_eq!(lives.alive, [0, 0, 0, 0, 0, 1]);
    assert_eq!((flow.messages.deletions, flow.messages.reductions), (3, 1));
    assert_eq!(flow.deleted_after.len(), 3, "the taker's remainder was never in the book");
    assert!((lives.survival(End::Fill)[3] - 0.75).abs() < 1e-12, "one of four at risk");
}

#[test]
fn an_order_that_is_replaced_is_deleted_and_submitted_unless_it_keeps_its_place() {
    let mut it = simulated();
    it.at(1);
    let order = it.buy(5, 90);
    it.at(3);
    it.replace(order, 4, 90);
    it.at(4);
    it.replace(order, 4, 91);
    it.at(9);
    it.cancel(order);
    let flow = it.observer.finish();
    let expected = Messages { submissions: 2, reductions: 1, deletions: 2, fills: 0 };
    assert_eq!(flow.messages, expected);
    assert_eq!(flow.lifetimes.cancelled, [0, 0, 0, 1, 0, 1], "3 s, and 5 s at its new place");
}

#[test]
fn auctions_fill_orders_of_both_sides_and_have_no_takers() {
    let mut it = simulated();
    it.at(1);
    it.command(Command::SetRule(RuleChange::State(MarketState::Auction)));
    it.buy(3, 101);
    it.sell(3, 100);
    it.at(3);
    it.command(Command::Uncross);
    let flow = it.observer.finish();
    assert_eq!((flow.messages.fills, flow.signs.len()), (1, 0));
    assert_eq!((&flow.lifetimes.filled[..], &flow.lifetimes.alive[..]), (&[0, 0, 2][..], &[][..]));
}

#[test]
fn responses_are_signed_and_counted_in_messages() {
    let mut it = simulated();
    it.at(1);
    it.buy(9, 90);
    it.sell(2, 100);
    it.sell(9, 104);
    it.place(Side::Buy, 2, 100, TimeInForce::Ioc);
    it.buy(1, 92);
    it.place(Side::Sell, 1, 92, TimeInForce::Ioc);
    it.sell(1, 102);
    let flow = it.observer.finish();
    // Mids before the takers: 190, 196. One message after them: 196 and 192.
    assert_eq!(flow.responses[0], (6 + 4, 2));
    assert_eq!(flow.responses[1], (0, 0));
}

#[test]
fn the_first_row_seeds_the_book_and_is_no_message() {
    let mut it = rows();
    it.at(1);
    it.buy(5, 98);
    it.sell(5, 100);
    it.mark(0);
    it.mark(1);
    let flow = it.observer.finish();
    assert_eq!(flow.messages, Messages::default());
    assert_eq!((flow.last_row, flow.signs.len()), (Some(1), 0));
}

/// A book of two sides, seeded in row 0.
fn seeded() -> (Script<Flow>, OrderId) {
    let mut it = rows();
    it.at(1);
    it.buy(5, 98);
    let ask = it.sell(5, 100);
    it.mark(0);
    (it, ask)
}

#[test]
fn only_the_first_command_of_a_row_is_a_message() {
    let (mut it, ask) = seeded();
    it.at(2);
    it.cancel(ask);
    it.sell(7, 103);
    it.mark(1);
    it.at(3);
    it.buy(2, 99);
    it.cancel(OrderId(1));
    it.mark(2);
    let flow = it.observer.finish();
    let expected = Messages { submissions: 1, deletions: 1, ..Messages::default() };
    assert_eq!(flow.messages, expected);
    assert_eq!(flow.limit_lots.max(), Some(2), "the seed of 7 is no submission");
    assert_eq!(flow.placed, [1, 0, 0, 0, 0]);
    assert_eq!(flow.deleted_after.len(), 0, "a seeded order has no submission to count from");
}

#[test]
fn the_taker_of_a_row_may_follow_corrections() {
    let (mut it, _) = seeded();
    it.at(2);
    it.sell(3, 101);
    it.place(Side::Buy, 9, 101, TimeInForce::Gtc);
    it.sell(4, 104);
    it.mark(3);
    it.at(3);
    it.sell(1, 103);
    it.mark(4);
    let flow = it.observer.finish();
    let expected = Messages { submissions: 2, fills: 2, ..Messages::default() };
    assert_eq!(flow.messages, expected, "two fills, the remainder, and the next row");
    assert_eq!((flow.signs.as_slice(), flow.walks), (&[1][..], 1));
    assert_eq!(flow.mids_after, [101 + 104], "the row's corrections included");
    assert_eq!(flow.responses[0], (204 - 198, 1));
}

#[test]
fn an_order_that_left_the_view_keeps_its_submission() {
    let (mut it, _) = seeded();
    it.at(2);
    let order = it.place_as(Reference(7), Side::Buy, 3, 97, TimeInForce::Gtc);
    it.mark(1);
    it.at(4);
    it.buy(1, 98);
    it.cancel(order);
    it.mark(2);
    it.at(5);
    it.buy(1, 98);
    let again = it.place_as(Reference(7), Side::Buy, 3, 97, TimeInForce::Gtc);
    it.mark(3);
    it.at(9);
    it.cancel(again);
    it.mark(4);
    let flow = it.observer.finish();
    assert_eq!((flow.deleted_after.len(), flow.deleted_after.mean()), (1, Some(7.0)));
}
