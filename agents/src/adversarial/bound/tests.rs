//! Tests: the printed table, other ways to the same numbers, limits, bad arguments.

use super::*;

fn usual() -> SizeLaw {
    SizeLaw::truncated_normal(5.5, 2.0, 10).unwrap()
}

#[track_caller]
fn close(found: f64, expected: f64, allowed: f64) {
    assert!((found - expected).abs() <= allowed, "{found} is not {expected} ± {allowed}");
}
