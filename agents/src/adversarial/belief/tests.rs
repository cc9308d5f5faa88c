//! Tests: calibrated on its own model, as accurate as theory says, bad input.

use super::*;
use crate::adversarial::bound::camouflage;
use crate::adversarial::calibration::Forecasts;
use crate::draws::exponential;
use crate::draws::samples::close;
use crate::streams::Stream;

const KNOWN: Knowledge =
    Knowledge { lots: 20, mean_size: 5.012_224_472_655_045, rate: 1.0, steps: 50, prior: 0.5 };

/// Arrivals in a step of a Poisson process.
fn arrivals(stream: &mut Stream, rate: f64) -> u32 {
    let (mut time, mut number) = (0.0, 0);
    loop {
        let [word] = stream.words();
        time += exponential(word);
        if rate < time {
            return number;
        }
        number += 1;
    }
}

/// Beliefs at the end of an episode of its own model, and after 20 steps.
fn episode(stream: &mut Stream, known: &Knowledge, is_there: bool) -> [(f64, bool); 2] {
    let mut belief = Belief::new(known).unwrap();
    let own = f64::from(known.lots) / known.mean_size / f64::from(known.steps);
    let rate = 0.5 * known.rate + if is_there { own } else { 0.0 };
    let mut early = belief.probability();
    for step in 0..known.steps {
        for _ in 0..arrivals(stream, rate) {
            belief.buy();
        }
        belief.step();
        if step == 19 {
            early = belief.probability();
        }
    }
    [(early, is_there), (belief.probability(), is_there)]
}

const EPISODES: u32 = 4000;
const SEEDS: u64 = 5;

#[test]
fn the_belief_is_calibrated_and_as_accurate_as_the_optimal_test() {
    let theory = camouflage(KNOWN.lots, KNOWN.mean_size, KNOWN.rate, KNOWN.steps).unwrap();
    let mut all = [Vec::new(), Vec::new()];
    for seed in 0..SEEDS {
        let mut stream = Stream::new(seed, "flow");
        for number in 0..EPISODES {
            let [early, late] = episode(&mut stream, &KNOWN, number % 2 == 0);
            all[0].push(early);
            all[1].push(late);
        }
    }
    for forecasts in &all {
        let found = Forecasts::of(forecasts).unwrap();
        for bin in found.curve.iter().filter(|bin| 100 < bin.forecasts) {
            let n = f64::from(u32::try_from(bin.forecasts).unwrap());
            let error = libm::sqrt(bin.said * (1.0 - bin.said) / n);
            // Ten bins of two curves, at 3.5 standard errors: one of 100 seeds would fail.
            assert!((bin.said - bin.happened).abs() < 3.5 * error, "{bin:?}");
        }
    }
    let found = Forecasts::of(&all[1]).unwrap().accuracy;
    let n = f64::from(EPISODES) * 5.0;
    let error = libm::sqrt(theory.accuracy * (1.0 - theory.accuracy) / n);
    close(found, theory.accuracy, 3.0 * error);
    assert!(error < 0.004);
    // What is known at the end is the information of the optimal test.
    let surprise = |(b, is): &(f64, bool)| -libm::log(if *is { *b } else { 1.0 - *b });
    let entropy = all[1].iter().map(surprise).sum::<f64>() / n;
    close(core::f64::consts::LN_2 - entropy, theory.information, 0.01);
}

#[test]
fn evidence_is_the_ratio_of_two_poisson_laws() {
    let mut belief = Belief::new(&KNOWN).unwrap();
    (0..30).for_each(|_| belief.buy());
    (0..50).for_each(|_| belief.step());
    // SciPy: poisson.logpmf(30, 25 + 20/5.012224472655045) - poisson.logpmf(30, 25).
    close(belief.logit(), 0.452_262_051_290_322_4, 1e-13);
    let mut known = KNOWN;
    known.prior = 0.1;
    close(Belief::new(&known).unwrap().probability(), 0.1, 1e-15);
    known.lots = 0;
    let mut none = Belief::new(&known).unwrap();
    none.buy();
    none.step();
    close(none.probability(), 0.1, 1e-15);
}

#[test]
fn a_clipped_belief_keeps_what_it_knows() {
    let mut belief = Belief::new(&KNOWN).unwrap();
    (0..500).for_each(|_| belief.buy());
    assert!(70.0 < belief.logit());
    close(belief.clipped(6.0), logistic(6.0), 0.0);
    close(belief.probability(), 1.0, 1e-15);
    (0..10_000).for_each(|_| belief.step());
    close(belief.clipped(6.0), logistic(-6.0), 0.0);
    close(logistic(-800.0), 0.0, 0.0);
    close(logistic(800.0), 1.0, 0.0);
    close(logistic(1.0) + logistic(-1.0), 1.0, 1e-15);
}

#[test]
fn what_cannot_be_known_is_named() {
    let with = |change: fn(&mut Knowledge)| {
        let mut known = KNOWN;
        change(&mut known);
        Belief::new(&known).unwrap_err().to_string()
    };
    assert!(with(|it| it.rate = 0.0).starts_with("the rate is 0"));
    assert!(with(|it| it.rate = 1e-320).starts_with("the rate is "));
    assert!(with(|it| it.mean_size = f64::NAN).starts_with("the mean size is NaN"));
    assert!(with(|it| it.steps = 0).starts_with("the steps is 0"));
    assert!(with(|it| it.prior = 1.0).starts_with("a prior of 1"));
    assert!(with(|it| it.prior = f64::NAN).starts_with("a prior of NaN"));
}
