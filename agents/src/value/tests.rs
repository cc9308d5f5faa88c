//! Value traders on books made by hand.

use kernel::{RuleChange, Side, TimeInForce, TimeNs};

use super::Value;
use crate::agent::stage::{Played, Stage};
use crate::fair_value::FairValue;

/// Acts, and an error of 0.
const YES: [u64; 2] = [0, 1 << 63];
/// Knows the fair value exactly and at once; threshold 20, profit 2.
const PLAIN: &[(&str, &str)] = &[
    ("value.learning", "1"),
    ("value.threshold", "20"),
    ("value.gain", "0.5"),
    ("value.size", "1"),
    ("value.reach", "30"),
    ("value.life", "6"),
    ("fair.volatility", "0"),
];

fn fair(stage: &Stage, above: f64) -> FairValue {
    let mut fair = FairValue::new(&stage.config, 1);
    fair.shock(1.0, above);
    fair
}

fn turn(stage: &mut Stage, trader: &mut Value, fair: &FairValue) -> Played {
    trader.begin(fair, YES);
    assert!(trader.acts());
    stage.play(|sight, turn| trader.decide(sight, turn))
}

#[test]
fn it_buys_below_and_sells_above_the_fair_value() {
    let mut stage = Stage::new(PLAIN);
    let mut trader = Value::new(&stage.config, 0);
    stage.book(9_999, 10_001, 5);
    let life = TimeInForce::Gtt(TimeNs(6_000_000_000));
    let rich = fair(&stage, 30.0);
    let played = turn(&mut stage, &mut trader, &rich);
    assert_eq!(played.only_order(), (Side::Buy, 10_028, 6, life), "30 − 0.1 · 20 above");
    assert_eq!(played.action, [10_028, 6, 6]);
    assert_eq!(stage.position(), 5);
    stage.book(9_999, 10_001, 5);
    let poor = fair(&stage, -100.0);
    let played = turn(&mut stage, &mut trader, &poor);
    assert_eq!(played.only_order(), (Side::Sell, 9_970, 25, life), "the mid − reach, at most 25");
}

#[test]
fn its_reach_limits_how_far_it_pays_up() {
    let mut stage = Stage::new(PLAIN);
    stage.config.set("value.reach", "5").unwrap();
    let mut trader = Value::new(&stage.config, 0);
    stage.book(9_999, 10_001, 5);
    let rich = fair(&stage, 30.0);
    assert_eq!(turn(&mut stage, &mut trader, &rich).only_order().1, 10_005);
}

#[test]
fn at_a_fair_price_it_keeps_far_orders() {
    let mut stage = Stage::new(PLAIN);
    let mut trader = Value::new(&stage.config, 0);
    stage.book(9_999, 10_001, 5);
    let close = fair(&stage, 10.0);
    let played = turn(&mut stage, &mut trader, &close);
    assert_eq!(played.action, [9_950, 4, 10_070, 4]);
    assert_eq!(stage.orders(Side::Buy), [(9_950, 4)]);
    assert_eq!(stage.orders(Side::Sell), [(10_070, 4)]);
    turn(&mut stage, &mut trader, &close);
    assert_eq!(stage.orders(Side::Buy), [(9_950, 4)], "instead of, not beside the former ones");
}

#[test]
fn later_traders_and_taxes_have_higher_thresholds() {
    let mut stage = Stage::new(PLAIN);
    let mut third = Value::new(&stage.config, 2);
    stage.book(9_999, 10_001, 50);
    let close = fair(&stage, 39.0);
    assert_eq!(turn(&mut stage, &mut third, &close).action.len(), 4, "39 < 20 · 2: backstops");
    let rich = fair(&stage, 41.0);
    assert_eq!(turn(&mut stage, &mut third, &rich).action.len(), 3);
    stage.rule(RuleChange::Tax(20_000));
    assert_eq!(turn(&mut stage, &mut third, &rich).action.len(), 4);
}

#[test]
fn it_learns_with_a_delay_and_errs() {
    let stage = Stage::new(&[("value.learning", "0.3"), ("fair.volatility", "0")]);
    let mut trader = Value::new(&stage.config, 0);
    let rich = fair(&stage, 100.0);
    trader.begin(&rich, YES);
    assert!((trader.estimate() - 10_030.0).abs() < 1e-9);
    trader.begin(&rich, [0, u64::MAX]);
    let error = 3.5 * crate::draws::normal(u64::MAX);
    assert!((trader.estimate() - (10_051.0 + error)).abs() < 1e-9);
    trader.begin(&rich, YES);
    assert!((trader.estimate() - (10_065.7 + 0.9 * error)).abs() < 1e-9);
}

#[test]
fn its_inventory_stays_within_its_limit() {
    let mut stage = Stage::new(PLAIN);
    stage.config.set("value.inventory_max", "10").unwrap();
    let mut trader = Value::new(&stage.config, 0);
    let rich = fair(&stage, 60.0);
    stage.book(9_999, 10_001, 50);
    assert_eq!(turn(&mut stage, &mut trader, &rich).only_order().2, 10);
    assert_eq!(turn(&mut stage, &mut trader, &rich).commands, [], "full");
    assert_eq!(stage.position(), 10);
}

#[test]
fn under_a_ban_it_sells_what_it_holds() {
    let mut stage = Stage::endowed(3, PLAIN);
    let mut trader = Value::new(&stage.config, 0);
    stage.rule(RuleChange::ShortBan(true));
    stage.book(9_999, 10_001, 1);
    let poor = fair(&stage, -60.0);
    assert_eq!(turn(&mut stage, &mut trader, &poor).only_order().2, 3);
    assert_eq!((stage.position(), stage.orders(Side::Sell)), (2, vec![(9_970, 2)]));
    assert_eq!(
        turn(&mut stage, &mut trader, &poor).only_order().2,
        2,
        "its own order is gone first"
    );
}
