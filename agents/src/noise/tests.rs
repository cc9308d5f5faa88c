//! Noise traders on books made by hand.

use kernel::{RuleChange, Side, TimeInForce, TimeNs};

use super::Noise;
use crate::agent::stage::{Played, Stage};
use crate::market::Market;

/// Acts, buys one lot, rests, one tick from the mid, one step.
const REST: [u64; 7] = [0, 0, u64::MAX, u64::MAX, 0, u64::MAX, u64::MAX];
/// Acts, buys one lot, at once.
const NOW: [u64; 7] = [0, 0, u64::MAX, 0, 0, 0, 0];

fn turn(stage: &mut Stage, trader: &mut Noise, words: [u64; 7]) -> Played {
    trader.begin(&stage.market, words);
    assert!(trader.acts());
    stage.play(|sight, turn| trader.decide(sight, turn))
}

#[test]
fn its_draws_are_side_size_distance_and_life() {
    let mut stage = Stage::new(&[]);
    let mut trader = Noise::new(&stage.config);
    stage.book(9_990, 10_011, 5);
    let life = |steps: u64| TimeInForce::Gtt(TimeNs(steps * 1_000_000_000));
    let played = turn(&mut stage, &mut trader, REST);
    assert_eq!(played.only_order(), (Side::Buy, 9_999, 1, life(1)), "⌊10,000.5 − 1⌋");
    assert_eq!(played.action, [9_999, 1, 1]);
    let mut other = REST;
    other[1] = u64::MAX;
    other[2] = 1 << 61;
    other[5] = 1 << 62;
    other[6] = 1 << 62;
    let played = turn(&mut stage, &mut trader, other);
    // u = 1/8 and 1/4: ⌊ln 8 / ln 1.5⌋, ⌊ln 4 / ln(60/59)⌋ and ⌊ln 4 / ln 1.4⌋; the mid is 10,005
    // now.
    assert_eq!(played.only_order(), (Side::Sell, 10_088, 6, life(5)));
}

#[test]
fn some_orders_trade_at_once() {
    let mut stage = Stage::new(&[]);
    let mut trader = Noise::new(&stage.config);
    stage.book(9_990, 10_010, 5);
    let played = turn(&mut stage, &mut trader, NOW);
    assert_eq!(played.only_order(), (Side::Buy, 10_014, 1, TimeInForce::Ioc));
    assert_eq!(played.action, [10_014, 1, 0]);
    assert_eq!(stage.position(), 1);
}

#[test]
fn a_tax_keeps_some_of_them_away() {
    let mut stage = Stage::new(&[("noise.tax_aversion", "0.5")]);
    let mut trader = Noise::new(&stage.config);
    stage.book(9_990, 10_010, 5);
    let with = |word: u64| [0, 0, u64::MAX, 0, word, 0, 0];
    assert!(!turn(&mut stage, &mut trader, with(u64::MAX)).commands.is_empty(), "no tax");
    stage.rule(RuleChange::Tax(20_000));
    // e^(−1) = 0.368
    assert!(!turn(&mut stage, &mut trader, with(u64::MAX / 100 * 36)).commands.is_empty());
    assert!(turn(&mut stage, &mut trader, with(u64::MAX / 100 * 37)).commands.is_empty());
}

#[test]
fn a_moving_mid_excites_it() {
    let mut stage = Stage::new(&[
        ("noise.act", "0.5"),
        ("noise.activity_decay", "0"),
        ("noise.excitement", "1"),
    ]);
    stage.market = Market::new(&stage.config);
    let mut trader = Noise::new(&stage.config);
    let acts = |stage: &Stage, trader: &mut Noise, percent: u64| {
        trader.begin(&stage.market, [u64::MAX / 100 * percent; 7]);
        trader.acts()
    };
    stage.book(9_990, 10_010, 5);
    stage.close();
    assert!(acts(&stage, &mut trader, 4) && !acts(&stage, &mut trader, 6), "0.5 · 0.1, at rest");
    stage.book(9_990, 10_013, 5);
    stage.close();
    assert!(acts(&stage, &mut trader, 74) && !acts(&stage, &mut trader, 76), "0.5 · 1.5 ticks");
    stage.book(9_990, 10_113, 5);
    stage.close();
    assert!(acts(&stage, &mut trader, 99), "0.5 · 3 at most");
}

#[test]
fn under_a_ban_its_open_sales_count() {
    let mut stage = Stage::endowed(2, &[]);
    let mut trader = Noise::new(&stage.config);
    stage.rule(RuleChange::ShortBan(true));
    stage.book(9_990, 10_010, 5);
    let mut sale = REST;
    sale[1] = u64::MAX;
    sale[2] = 1 << 63; // u = 1/2: 1 + ⌊ln 2 / ln 1.5⌋ = 2 lots
    let one = [0, u64::MAX, u64::MAX, u64::MAX, 0, u64::MAX, u64::MAX];
    assert_eq!(turn(&mut stage, &mut trader, one).only_order().2, 1);
    assert_eq!(turn(&mut stage, &mut trader, sale).only_order().2, 1);
    assert_eq!(turn(&mut stage, &mut trader, sale).commands, [], "all it has is offered");
}
