//! Tests: values of NumPy and scikit-learn, the identity of the parts, bad input.

use super::*;
use crate::draws::samples::{Draws, close};

fn forecasts() -> Vec<(f64, bool)> {
    let mut draws = Draws(13);
    let said: Vec<f64> = (0..300).map(|_| draws.uniform()).collect();
    // Less likely than it is said.
    let of = |said: f64| (said, draws.uniform() < said * libm::sqrt(said));
    let mut forecasts: Vec<_> = said.into_iter().map(of).collect();
    forecasts.extend([(0.5, true), (1.0, false), (0.0, false)]);
    forecasts
}

/// NumPy 2.4: with `k = minimum(10*p, 9)` the bins, n, s and h their sizes, means of p and of what
/// happened: `(n*abs(s - h)).sum()/len(p)` and so on; `sklearn.metrics.brier_score_loss`.
#[test]
fn scores_are_those_of_the_libraries() {
    let found = Forecasts::of(&forecasts()).unwrap();
    close(found.brier, 0.168_474_679_323_051_27, 1e-14);
    close(found.calibration_error, 0.096_167_993_558_134_28, 1e-14);
    close(found.reliability, 0.013_848_163_889_063_122, 1e-14);
    close(found.resolution, 0.087_468_385_435_141_42, 1e-14);
    close(found.uncertainty, 0.239_867_551_111_546_78, 1e-14);
    close(found.accuracy, 0.780_528_052_805_280_5, 1e-14);
    let sizes = found.curve.map(|bin| bin.forecasts);
    assert_eq!(sizes, [30, 26, 29, 37, 38, 27, 32, 32, 22, 30]);
}

#[test]
fn the_parts_make_up_the_score() {
    let found = Forecasts::of(&forecasts()).unwrap();
    let sum = found.reliability - found.resolution + found.uncertainty + found.within;
    close(sum, found.brier, 1e-14);
    assert!(1e-4 < found.within.abs(), "forecasts of a bin differ here");
    // Forecasts of one value a bin leave nothing within.
    let of = |(n, is_true): (u32, bool)| (f64::from(n % 10) / 10.0 + 0.05, is_true);
    let same: Vec<_> = (0..100).map(|n| of((n, n % 3 == 0))).collect();
    close(Forecasts::of(&same).unwrap().within, 0.0, 1e-15);
}

#[test]
fn a_coin_is_half_right() {
    let coin = [(0.5, true), (0.5, false), (0.5, true), (0.5, true)];
    let found = Forecasts::of(&coin).unwrap();
    assert_eq!(
        (found.accuracy.to_bits(), found.brier.to_bits()),
        (0.5_f64.to_bits(), 0.25_f64.to_bits())
    );
    let sure = Forecasts::of(&[(1.0, true), (0.0, false)]).unwrap();
    assert_eq!((sure.accuracy.to_bits(), sure.brier.to_bits()), (1.0_f64.to_bits(), 0));
    assert_eq!(sure.curve[9], Bin { forecasts: 1, said: 1.0, happened: 1.0 });
}

#[test]
fn what_is_no_probability_is_named() {
    assert_eq!(Forecasts::of(&[]), Err(ForecastError::None));
    for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let found = Forecasts::of(&[(0.5, true), (wrong, true)]).unwrap_err();
        assert!(found.to_string().starts_with("forecast 1 is "), "{found}");
    }
}
