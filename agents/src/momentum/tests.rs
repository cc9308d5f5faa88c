//! Momentum traders on books made by hand.

use kernel::{RuleChange, Side, TimeInForce};

use super::Momentum;
use crate::agent::stage::{Played, Stage};
use crate::market::Market;

/// Draws that make everything with a probability above 0 happen.
const YES: [u64; 2] = [0, 0];
const NO: [u64; 2] = [u64::MAX, u64::MAX];
/// A horizon so long that the average stays at 10,000, and thresholds that do not scale.
const PLAIN: &[(&str, &str)] = &[
    ("momentum.horizon", "100000"),
    ("momentum.volatility_power", "0"),
    ("momentum.threshold", "4"),
    ("momentum.gain", "0.5"),
];

fn turn(stage: &mut Stage, trader: &mut Momentum, bid: u32, ask: u32) -> Played {
    stage.book(bid, ask, 100);
    stage.close();
    trader.begin(&stage.market, YES);
    assert!(trader.acts());
    stage.play(|sight, turn| trader.decide(sight, turn))
}

#[test]
fn it_buys_what_rises_and_sells_what_falls() {
    let mut stage = Stage::new(PLAIN);
    let mut trader = Momentum::new(&stage.config, 0);
    let played = turn(&mut stage, &mut trader, 10_019, 10_021);
    let order = (Side::Buy, 10_024, 10, TimeInForce::Ioc);
    assert_eq!(played.only_order(), order, "2 + 0.5 · (20 − 4) lots at 10,020 + 4");
    assert_eq!(played.action, [10_024, 10]);
    assert_eq!(stage.position(), 10);
    let played = turn(&mut stage, &mut trader, 9_989, 9_991);
    assert_eq!(played.only_order(), (Side::Sell, 9_986, 5, TimeInForce::Ioc));
    assert_eq!(played.action, [9_986, -5]);
}

#[test]
fn a_trend_within_the_threshold_is_none() {
    let mut stage = Stage::new(PLAIN);
    let mut trader = Momentum::new(&stage.config, 0);
    assert_eq!(turn(&mut stage, &mut trader, 10_003, 10_005).commands, []);
    let mut later = Momentum::new(&stage.config, 3);
    let played = turn(&mut stage, &mut later, 10_005, 10_007);
    assert_eq!(played.commands, [], "the fourth trader's threshold is 4 · 1.75 = 7");
    assert!(!turn(&mut stage, &mut later, 10_007, 10_009).commands.is_empty());
}

#[test]
fn the_threshold_scales_with_a_power_of_the_volatility() {
    let mut stage = Stage::new(PLAIN);
    stage.config.set("momentum.volatility_power", "1").unwrap();
    stage.config.set("market.volatility_decay", "0").unwrap();
    stage.market = Market::new(&stage.config);
    let mut trader = Momentum::new(&stage.config, 0);
    assert_eq!(turn(&mut stage, &mut trader, 10_019, 10_021).commands, [], "20 < 4 · 20");
    assert_eq!(turn(&mut stage, &mut trader, 10_020, 10_022).only_order().2, 10, "21 > 4 · 1");
}

#[test]
fn a_tax_raises_the_threshold() {
    let mut stage = Stage::new(PLAIN);
    let mut trader = Momentum::new(&stage.config, 0);
    stage.rule(RuleChange::Tax(20_000));
    assert_eq!(turn(&mut stage, &mut trader, 10_004, 10_006).commands, [], "5 < 4 + 2");
    assert!(!turn(&mut stage, &mut trader, 10_006, 10_008).commands.is_empty());
}

#[test]
fn it_unwinds_when_the_trend_is_over() {
    let mut stage = Stage::new(PLAIN);
    let mut trader = Momentum::new(&stage.config, 0);
    turn(&mut stage, &mut trader, 10_019, 10_021);
    let played = turn(&mut stage, &mut trader, 10_000, 10_002);
    assert_eq!(played.only_order(), (Side::Sell, 9_997, 2, TimeInForce::Ioc));
    assert_eq!(stage.position(), 8);
    trader.begin(&stage.market, [0, u64::MAX]);
    assert!(trader.acts());
    let played = stage.play(|sight, turn| trader.decide(sight, turn));
    assert_eq!(played.commands, [], "not this time");
    trader.begin(&stage.market, NO);
    assert!(!trader.acts());
}

#[test]
fn its_inventory_stays_within_its_limit() {
    let mut stage = Stage::new(PLAIN);
    stage.config.set("momentum.inventory_max", "12").unwrap();
    let mut trader = Momentum::new(&stage.config, 0);
    turn(&mut stage, &mut trader, 10_019, 10_021);
    assert_eq!(turn(&mut stage, &mut trader, 10_019, 10_021).only_order().2, 2);
    assert_eq!(turn(&mut stage, &mut trader, 10_019, 10_021).commands, []);
    assert_eq!(stage.position(), 12);
}

#[test]
fn under_a_ban_it_sells_what_it_holds() {
    let mut stage = Stage::endowed(3, PLAIN);
    let mut trader = Momentum::new(&stage.config, 0);
    stage.rule(RuleChange::ShortBan(true));
    assert_eq!(turn(&mut stage, &mut trader, 9_979, 9_981).only_order().2, 3);
    assert_eq!(turn(&mut stage, &mut trader, 9_979, 9_981).commands, []);
}
