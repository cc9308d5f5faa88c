//! Reports of series made by rule, and pooling.

use super::*;
use crate::stats::bands::{Band, Verdict};
use crate::stats::flow::FlowOptions;
use crate::stats::impact::response;
use crate::stats::series::Taker;

/// Few resamples: what is tested does not depend on how many.
const QUICK: Reporting =
    Reporting { bands: Bands::Realistic, resampling: Resampling { block: 50, resamples: 20 } };

/// A market with heavy tails, whose volatility is high for 50 samples of 500.
fn clustered(seed: u64) -> Series {
    let mut state = seed;
    let mut draw = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        i64::try_from((state >> 33) % bound).unwrap()
    };
    let mut series = Series { interval: 1_000_000_000, tick: 1, ..Series::default() };
    let mut mid = 200_000;
    for index in 0..4_000 {
        let size = if index % 500 < 50 { 41 } else { 5 };
        let moved = draw(size) - i64::try_from(size / 2).unwrap();
        let sign = if moved < 0 { -1 } else { 1 };
        series.takers.push(Taker { sign, lots: draw(50).unsigned_abs() + 1, mid });
        mid += moved;
        series.mids.push(mid);
        series.spreads.push(4);
        series.volumes.push(moved.unsigned_abs());
        series.flows.push(moved);
        series.trades.push(1);
        series.fair.push(128 * mid + 256 * draw(3));
    }
    series
}

fn report_of(series: &Series) -> Report {
    report(series, &Flow::new(FlowOptions::SIMULATED), QUICK)
}

fn find<'a>(report: &'a Report, key: &str) -> &'a Figure {
    report.facts.iter().find(|figure| figure.key == key).unwrap()
}

#[test]
fn shuffling_takes_clusters_and_leaves_tails() {
    let report = report_of(&clustered(1));
    assert!(0.2 < find(&report, "acf_abs_1").value().unwrap());
    assert_eq!(find(&report, "shuffled_acf_abs_1").verdict(), Verdict::Pass);
    assert!(3.0 < find(&report, "kurtosis").value().unwrap());
    assert_eq!(find(&report, "shuffled_kurtosis_share").verdict(), Verdict::Pass);
}

#[test]
fn figures_know_what_they_are_from() {
    let report = report_of(&clustered(1));
    assert_eq!((report.interval, &report.samples[..]), (1_000_000_000, &[4_000][..]));
    assert_eq!(find(&report, "kurtosis").samples, 3_999);
    assert_eq!(find(&report, "kurtosis_50").samples, 79);
    assert_eq!(find(&report, "spread_mean").value(), Some(4.0));
    assert_eq!(find(&report, "spread_mean").verdict(), Verdict::Pass);
    assert_eq!(find(&report, "kyle_lambda").value().map(|it| (it * 1e9).round()), Some(5e8));
    let half_ticks = response(&clustered(1).takers, 10);
    assert_eq!(find(&report, "response_10").value(), half_ticks.map(|moved| moved / 2.0));
    // The fair value is 0, 1 or 2 ticks above the mid.
    assert!((find(&report, "tracking_error").value().unwrap() - 1.0).abs() < 0.05);
    let (low, high) = find(&report, "kurtosis").interval.unwrap();
    let value = find(&report, "kurtosis").value().unwrap();
    assert!(low < value && value < high);
}

#[test]
fn the_interval_of_an_autocorrelation_is_around_it() {
    let report = report_of(&clustered(2));
    for lag in [1, 20] {
        let figure = find(&report, &format!("acf_abs_{lag}"));
        let ((low, high), value) = (figure.interval.unwrap(), figure.value().unwrap());
        assert!(low < value && value < high, "{lag}: {low} {value} {high}");
    }
}

#[test]
fn pooled_figures_keep_every_log_and_are_judged_by_their_mean() {
    let reports = [1, 2, 3].map(|seed| report_of(&clustered(seed)));
    let pooled = pool(&reports).unwrap();
    let values = reports.each_ref().map(|report| find(report, "kurtosis").value());
    let figure = find(&pooled, "kurtosis");
    assert_eq!(figure.values, values);
    assert_eq!(figure.samples, 3 * 3_999);
    assert_eq!((pooled.samples.len(), figure.interval), (3, None));
    let expected = values.iter().flatten().sum::<f64>() / 3.0;
    assert!((figure.value().unwrap() - expected).abs() < 1e-12);
    assert!(0.0 < figure.error().unwrap());
}

#[test]
fn a_figure_that_one_log_lacks_has_no_pooled_value() {
    let mut without = clustered(2);
    without.fair.clear();
    let pooled = pool(&[report_of(&clustered(1)), report_of(&without)]).unwrap();
    let figure = find(&pooled, "tracking_error");
    assert_eq!((figure.values.len(), figure.values[1], figure.value()), (2, None, None));
    let mut poorer = report_of(&without);
    poorer.facts.retain(|figure| figure.key != "hill");
    let pooled = pool(&[report_of(&clustered(1)), poorer]).unwrap();
    assert_eq!(find(&pooled, "hill").verdict(), Verdict::NoValue);
}

#[test]
fn logs_of_different_intervals_are_not_pooled() {
    let (one, mut other) = (report_of(&clustered(1)), report_of(&clustered(1)));
    other.interval *= 10;
    assert_eq!(pool(&[one.clone(), other]), None);
    assert_eq!(pool(&[]), None);
    assert_eq!(pool(std::slice::from_ref(&one)), Some(one));
}

#[test]
fn an_empty_log_has_figures_without_values() {
    let report = report_of(&Series::default());
    assert!(report.facts.iter().all(|figure| figure.value().is_none()), "{:?}", report.facts);
    assert_eq!(find(&report, "kurtosis").verdict(), Verdict::NoValue);
}

#[test]
fn keys_are_unique_and_bands_have_figures() {
    let report = report_of(&clustered(1));
    let mut keys: Vec<&str> = report.facts.iter().map(|figure| figure.key.as_str()).collect();
    keys.extend(report.orders.iter().map(|figure| figure.key.as_str()));
    keys.sort_unstable();
    assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
    for bands in [Bands::Realistic, Bands::MarlMarket, Bands::None] {
        for key in bands.keys() {
            assert!(keys.contains(&key), "{key} has a band and no figure");
        }
    }
    let facts: Vec<u8> = report.facts.iter().map(|figure| figure.fact).collect();
    assert!((1..=23).all(|fact| facts.contains(&fact)), "{facts:?}");
    assert!(report.facts.iter().any(|figure| figure.band != Band::Any));
}

/// What is said of too short a log is true: below its need a figure has no value, from there on it
/// can have one.
#[test]
fn needs_are_those_of_the_estimators() {
    let series = clustered(3);
    let short = |len: u64| {
        let mut short = series.clone();
        short.mids.truncate(usize::try_from(len).unwrap() + 1);
        short.takers.truncate(usize::try_from(len).unwrap());
        let reporting =
            Reporting { resampling: Resampling { block: 1, resamples: 0 }, ..Reporting::USUAL };
        report(&short, &Flow::new(FlowOptions::SIMULATED), reporting)
    };
    for (need, _, keys) in missing::NEEDS {
        let (below, enough) = (short(need - 1), short(*need));
        for key in *keys {
            assert_eq!(find(&below, key).value(), None, "{key} of {}", need - 1);
            assert!(find(&enough, key).value().is_some(), "{key} of {need}");
            let why = reason(find(&below, key));
            assert!(*need == 1 || why.starts_with(&format!("takes {need} ")), "{key}: {why}");
        }
    }
}

#[test]
fn every_gap_has_its_reason() {
    let mut series = clustered(1);
    series.takers.clear();
    series.fair.clear();
    let report = report_of(&series);
    let why = |key| reason(find(&report, key));
    assert_eq!(why("sign_acf_1"), "no order traded on arrival");
    assert_eq!(why("tracking_error"), "the log tells no fair value");
    let mut one = find(&report, "hill").clone();
    one.values.push(None);
    assert_eq!(reason(&one), "not every log has one");
}

#[test]
fn reports_to_pool_have_the_same_values() {
    let series = clustered(2);
    let flow = Flow::new(FlowOptions::SIMULATED);
    let (whole, brief) = (report(&series, &flow, QUICK), report_to_pool(&series, &flow, QUICK));
    for (figure, brief) in whole.facts.iter().zip(&brief.facts) {
        assert_eq!((&figure.key, &figure.values), (&brief.key, &brief.values));
    }
    let kept = brief.facts.iter().filter(|figure| figure.interval.is_some());
    assert!(kept.count() <= 1, "only what another figure is made of");
}

#[test]
fn names_fit_their_column() {
    let report = report_of(&clustered(1));
    for figure in report.facts.iter().chain(&report.orders) {
        let unit = if figure.unit.is_empty() { 0 } else { figure.unit.len() + 2 };
        assert!(figure.name.len() + unit <= 34, "{}, {}", figure.name, figure.unit);
    }
}
