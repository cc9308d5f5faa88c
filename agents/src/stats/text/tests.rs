//! What a reader sees of reports.

use super::*;
use crate::stats::bands::Bands;

fn figure(values: &[f64]) -> Figure {
    Figure {
        fact: 3,
        key: "hill".to_owned(),
        name: "Hill, largest 2.5 %".to_owned(),
        unit: "",
        values: values.iter().copied().map(Some).collect(),
        samples: 5_000,
        interval: (values.len() == 1).then_some((2.5, 3.25)),
        band: Bands::Realistic.of("hill"),
    }
}

fn report(values: &[f64]) -> Report {
    let facts = vec![figure(values)];
    let orders = vec![Figure { fact: 0, band: Band::Any, ..figure(values) }];
    let samples = vec![5_001; values.len()];
    Report { interval: 500_000_000, samples, facts, orders, is_cut: false }
}

#[test]
fn one_log_is_shown_with_its_interval() {
    let text = render(&report(&[3.0]), true);
    assert!(text.contains("\n3. Tail index\n"), "{text}");
    let line = "  Hill, largest 2.5 %                  3.0000   2.5000 .. 3.2500       5000  (2, 5)         pass\n";
    assert!(text.contains(line), "{text}");
    assert!(text.ends_with("is in (2, 5)             3. Hill, largest 2.5 %\n"), "{text}");
}

#[test]
fn several_logs_are_shown_each_where_asked_and_failures_named() {
    let text = render(&report(&[5.0, 7.0]), true);
    assert!(text.contains("6.0000       ± 1.0000"), "{text}");
    assert!(text.contains("\n  each: 5.0000 7.0000\n"), "{text}");
    assert!(text.contains("0 pass, 1 fail\n"), "{text}");
    assert!(text.contains("6.0000  is not in (2, 5)"), "{text}");
    assert!(!render(&report(&[5.0, 7.0]), false).contains("each"));
}

#[test]
fn orders_are_not_judged_and_gaps_are_told() {
    let text = render_orders(&report(&[9.0]), false);
    assert!(!text.contains("fail") && !text.contains("band"), "{text}");
    assert!(render_untold().contains("hidden share of volume: hidden orders"));
}

#[test]
fn what_has_no_value_has_a_reason() {
    let mut report = report(&[3.0]);
    report.facts[0] = Figure { values: vec![None], samples: 30, interval: None, ..figure(&[]) };
    let text = render(&report, false);
    assert!(text.contains("0 pass, 0 fail, 1 without value"), "{text}");
    assert!(text.ends_with("  takes 40 returns, and there are 30: hill\n"), "{text}");
}

#[test]
fn two_reports_stand_side_by_side() {
    let mut real = report(&[6.0]);
    real.facts[0].interval = Some((5.5, 6.5));
    let text = render_beside(&report(&[3.0]), &real, false);
    assert!(text.contains("2.5000 .. 3.2500    *  6.0000   5.5000 .. 6.5000\n"), "{text}");
    real.facts[0].interval = Some((3.25, 6.5));
    let text = render_beside(&report(&[3.0]), &real, false);
    assert!(!text.contains("*  6"), "intervals that meet: {text}");
    real.facts.clear();
    assert!(render_beside(&report(&[3.0]), &real, false).contains("2.5000 .. 3.2500\n"));
}

#[test]
fn several_logs_are_apart_by_their_errors() {
    let (near, far) = (figure(&[5.0, 7.0]), figure(&[9.0, 9.1]));
    // 6 + 1.96 is below 9.05 − 0.098.
    assert!(are_apart(&near, &far));
    assert!(!are_apart(&near, &figure(&[7.0, 9.0])));
}
