//! The fair value: walk, reversion, jumps, floor and shock.

use super::{FAIR_VALUE_PER_TICK, FairValue};
use crate::config::Config;
use crate::number;

fn config(changes: &[(&str, &str)]) -> Config {
    let mut config = Config::preset("realistic").unwrap();
    for (key, value) in changes {
        config.set(key, value).unwrap();
    }
    config
}

fn walk(config: &Config, seed: u64, steps: u32) -> Vec<i64> {
    let mut fair = FairValue::new(config, seed);
    (0..steps)
        .map(|_| {
            fair.advance();
            fair.value()
        })
        .collect()
}

fn changes(walk: &[i64]) -> impl Iterator<Item = f64> {
    walk.windows(2).map(|pair| number::from_integer(pair[1] - pair[0]) / 256.0)
}

#[test]
fn the_fair_value_is_a_random_walk_of_the_given_volatility() {
    let walk = walk(&config(&[("fair.volatility", "1.7")]), 3, 50_000);
    let variance = changes(&walk).map(|change| change * change).sum::<f64>() / 49_999.0;
    assert!((libm::sqrt(variance) - 1.7).abs() < 0.03, "{variance}");
    let mean = changes(&walk).sum::<f64>() / 49_999.0;
    assert!(mean.abs() < 0.04, "{mean}");
}

#[test]
fn a_drift_of_less_than_its_grain_adds_up() {
    let walk = walk(&config(&[("fair.volatility", "0"), ("fair.drift", "0.001")]), 3, 2_000);
    let start = 10_000 * FAIR_VALUE_PER_TICK;
    assert_eq!(walk[1_999], start + 2 * FAIR_VALUE_PER_TICK);
    assert_eq!(walk[0], start);
    assert!(walk.windows(2).all(|pair| (0..=1).contains(&(pair[1] - pair[0]))));
}

#[test]
fn it_reverts_to_its_start_when_asked() {
    let start = 10_000 * FAIR_VALUE_PER_TICK;
    let mut fair = FairValue::new(&config(&[("fair.reversion", "0.1")]), 3);
    fair.shock(1.0, 500.0);
    assert_eq!(fair.value(), start + 500 * FAIR_VALUE_PER_TICK);
    (0..200).for_each(|_| fair.advance());
    assert!((fair.value() - start).abs() < 30 * FAIR_VALUE_PER_TICK, "{}", fair.value());
}

#[test]
fn it_jumps_when_asked_and_the_walk_beneath_stays_the_same() {
    let jumpy = config(&[("fair.jump_rate", "0.01"), ("fair.jump_size", "100")]);
    let (with, without) = (walk(&jumpy, 3, 10_000), walk(&config(&[]), 3, 10_000));
    let differ = |(one, other): &(f64, f64)| 0.001 < (one - other).abs();
    let count = changes(&with).zip(changes(&without)).filter(differ).count();
    assert!((60..140).contains(&count), "{count}");
}

#[test]
fn it_never_falls_below_its_floor() {
    let floored = config(&[("fair.floor", "9990"), ("fair.volatility", "50")]);
    let walk = walk(&floored, 3, 1_000);
    assert_eq!(walk.iter().min(), Some(&(9_990 * FAIR_VALUE_PER_TICK)));
    let mut fair = FairValue::new(&config(&[]), 3);
    fair.shock(0.0, 0.0);
    assert_eq!(fair.value(), 500 * FAIR_VALUE_PER_TICK);
    fair.shock(100.0, 1e9);
    assert_eq!(fair.value(), i64::from(i32::MAX), "what one integer of an action holds");
}
