//! Mid, volatility, flow and activity, on books made by hand.

use kernel::Side;

use crate::agent::stage::{SELF, Stage};
use crate::market::Market;

fn stage(changes: &[(&str, &str)]) -> Stage {
    let mut stage = Stage::new(changes);
    stage.market = Market::new(&stage.config);
    stage
}

#[test]
fn the_mid_stays_where_it_was_without_a_sound_book() {
    let mut stage = stage(&[("market.spread_cap", "150")]);
    stage.close();
    assert_eq!(stage.market.features().mid_half_ticks, 20_000, "an empty book");
    stage.place(SELF, Side::Buy, 10_100, 1);
    stage.close();
    assert_eq!(stage.market.features().mid_half_ticks, 20_000, "one side");
    stage.book(10_000, 10_151, 1);
    stage.close();
    assert_eq!(stage.market.features().mid_half_ticks, 20_251, "10,100 bid, 10,151 asked");
    stage.book(9_000, 10_251, 1);
    stage.close();
    assert_eq!(stage.market.features().mid_half_ticks, 20_251, "151 ticks are too many");
    stage.book(9_000, 10_250, 1);
    stage.close();
    assert_eq!(stage.market.features().mid_half_ticks, 20_350);
    assert_eq!(stage.market.features().change_half_ticks, 99);
}

#[test]
fn trends_and_volatility_are_moving_averages() {
    let mut stage = stage(&[("market.volatility_decay", "0.75")]);
    stage.book(10_099, 10_101, 1);
    stage.close();
    let seen = *stage.market.features();
    assert_eq!(seen.trends, [80 * 256, 95 * 256, 99 * 256], "100 less 1/5, 1/20, 1/100 of it");
    assert_eq!(seen.volatility, 25 * 256);
    stage.close();
    let seen = *stage.market.features();
    assert_eq!(seen.trends[0], 64 * 256);
    assert_eq!(seen.volatility, 4_800, "18.75 ticks");
    assert_eq!(seen.change_half_ticks, 0);
}

#[test]
fn flow_and_volume_are_those_of_one_step() {
    let mut stage = stage(&[]);
    stage.market.count(Side::Buy, 7);
    stage.market.count(Side::Sell, 10);
    stage.close();
    assert_eq!((stage.market.features().flow, stage.market.features().volume), (-3, 17));
    stage.close();
    assert_eq!((stage.market.features().flow, stage.market.features().volume), (0, 0));
}
