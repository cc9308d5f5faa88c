//! What is measured within a stretch of time.

use super::*;
use crate::run::tests::run;

const SECOND: u64 = 1_000_000_000;

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
}

#[test]
fn a_window_begins_at_its_time_and_ends_before_the_other() {
    let run = run("a", &[Some((10, 12)), Some((10, 14)), None, Some((10, 20)), Some((9, 10))]);
    let window = Window::new(&run, 2 * SECOND, 5 * SECOND);
    assert_eq!(window.len(), 3);
    near(window.spread(), 7.0);
    near(window.widest(), 10.0);
    near(window.volume(), 1.0);
    assert_eq!(Window::new(&run, 9 * SECOND, u64::MAX).spread(), None);
    assert_eq!(Window::new(&run, 5 * SECOND, 2 * SECOND).len(), 0);
}

#[test]
fn the_last_mid_is_carried_while_a_side_is_empty() {
    let mut run = run("a", &[Some((9, 11)), None, Some((13, 15))]);
    run.track.fair = vec![10 * 256, 12 * 256, 12 * 256];
    let window = Window::new(&run, 2 * SECOND, u64::MAX);
    // Mids of 10, carried, and 14 against 12.
    near(window.tracking(), 2.0);
    near(Window::new(&run, 0, u64::MAX).volatility(), 2.0);
}

#[test]
fn behind_a_spread_above_the_cap_there_is_no_mid() {
    let mut run = run("a", &[Some((9, 11)), Some((1, 99)), Some((13, 15))]);
    near(Window::new(&run, 2 * SECOND, u64::MAX).drawdown(), 0.0);
    near(Window::new(&run, 0, u64::MAX).volatility(), 38.0);
    run.track.spread_cap = Some(97);
    near(Window::new(&run, 0, u64::MAX).volatility(), 2.0);
    assert_eq!(run.mids()[1].1, None);
}

#[test]
fn a_drawdown_is_against_the_look_before() {
    let run = run("a", &[Some((99, 101)), Some((109, 111)), Some((94, 96)), Some((100, 102))]);
    near(Window::new(&run, 2 * SECOND, u64::MAX).drawdown(), 0.05);
    near(Window::new(&run, 4 * SECOND, u64::MAX).drawdown(), 0.0);
    assert_eq!(Window::new(&run, SECOND, u64::MAX).drawdown(), None);
}

#[test]
fn recovery_takes_calm_looks_in_a_row() {
    let tops = [9, 1, 1, 9, 1, 1, 1, 9].map(|spread| Some((10, 10 + spread)));
    let run = run("a", &tops);
    let window = Window::new(&run, SECOND, u64::MAX);
    assert_eq!(window.recovery(2.0, 3), Some(4));
    assert_eq!(window.recovery(2.0, 4), None);
    assert_eq!(window.recovery(1.0, 1), None, "below, not at");
}
