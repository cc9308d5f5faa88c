//! A report in words, for terminals and files.

use std::fmt::Write as _;

use super::bands::{Figure, Verdict};
use super::report::{Report, UNTOLD};

/// The report as a text of aligned columns: fact, figure, value, what surrounds it (the bootstrap's
/// interval of a single log, the standard error of several), samples, band and verdict. The
/// values of each log follow a figure of several. Ends with how many passed.
pub fn render(report: &Report) -> String {
    let mut text = heading(report);
    let judged = [Verdict::Pass, Verdict::Fail, Verdict::NoValue]
        .map(|verdict| report.facts.iter().filter(|it| it.verdict() == verdict).count());
    let [passed, failed, without] = judged;
    for figure in &report.facts {
        push_line(&mut text, figure);
    }
    push(&mut text, format_args!("\n{passed} passed, {failed} failed, {without} without value\n"));
    let failures = report.facts.iter().filter(|figure| figure.verdict() == Verdict::Fail);
    let names: Vec<&str> = failures.map(|figure| figure.key.as_str()).collect();
    if !names.is_empty() {
        push(&mut text, format_args!("failed: {}\n", names.join(", ")));
    }
    text
}

/// The orders' figures as a text like [`render`]'s, then what a log cannot tell and why.
pub fn render_orders(report: &Report) -> String {
    let mut text = String::new();
    for figure in &report.orders {
        push_line(&mut text, figure);
    }
    push(&mut text, format_args!("\nnot told by a log:\n"));
    for (what, why) in UNTOLD {
        push(&mut text, format_args!("  {what}: {why}\n"));
    }
    text
}

fn heading(report: &Report) -> String {
    let nanos = report.interval;
    let mut text = String::new();
    push(
        &mut text,
        format_args!("interval {}.{:03} s", nanos / 1_000_000_000, nanos / 1_000_000 % 1000),
    );
    let samples: Vec<String> = report.samples.iter().map(u64::to_string).collect();
    push(&mut text, format_args!(", samples {}\n", samples.join(" + ")));
    if report.is_cut {
        text.push_str("cut: a log had more samples than are taken\n");
    }
    text.push('\n');
    text
}

fn push_line(text: &mut String, figure: &Figure) {
    let fact = if figure.fact == 0 { String::new() } else { figure.fact.to_string() };
    let value = number(figure.value());
    let around = match (figure.interval, figure.error()) {
        (Some((low, high)), _) => format!("{} .. {}", number(Some(low)), number(Some(high))),
        (None, Some(error)) => format!("+- {}", number(Some(error))),
        (None, None) => String::new(),
    };
    let (band, verdict) = (figure.band.to_string(), figure.verdict().name());
    let Figure { key, name, samples, .. } = figure;
    let line = format!(
        "{fact:>2} {key:<24} {value:>12}  {around:<24} {samples:>9}  {band:<14} {verdict:<8} {name}"
    );
    push(text, format_args!("{}\n", line.trim_end()));
    if 1 < figure.values.len() {
        let values: Vec<String> = figure.values.iter().map(|value| number(*value)).collect();
        push(text, format_args!("{:>28}{}\n", "", values.join(" ")));
    }
}

/// A number in five digits or more; `-` for none.
fn number(value: Option<f64>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if size < 0.0005 {
        format!("{value:.3e}")
    } else if size < 10.0 {
        format!("{value:.4}")
    } else if size < 1e6 {
        format!("{value:.2}")
    } else {
        format!("{value:.4e}")
    }
}

/// Writing to a string cannot fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::bands::{Band, Bands};

    fn report(values: &[f64]) -> Report {
        let figure = Figure {
            fact: 3,
            key: "hill".to_owned(),
            name: "tail index".to_owned(),
            values: values.iter().copied().map(Some).collect(),
            samples: 5_000,
            interval: (values.len() == 1).then_some((2.5, 3.25)),
            band: Bands::Realistic.of("hill"),
        };
        let orders = vec![Figure { fact: 0, band: Band::Any, ..figure.clone() }];
        let (interval, samples) = (500_000_000, vec![5_001; values.len()]);
        Report { interval, samples, facts: vec![figure], orders, is_cut: false }
    }

    #[test]
    fn one_log_is_shown_with_its_interval() {
        let text = render(&report(&[3.0]));
        assert!(text.starts_with("interval 0.500 s, samples 5001\n"), "{text}");
        assert!(
            text.contains("3 hill                           3.0000  2.5000 .. 3.2500"),
            "{text}"
        );
        assert!(text.contains("(2, 5)         pass     tail index\n"), "{text}");
        assert!(text.ends_with("\n1 passed, 0 failed, 0 without value\n"), "{text}");
    }

    #[test]
    fn several_logs_are_shown_each_and_failures_named() {
        let text = render(&report(&[5.0, 7.0]));
        assert!(text.contains("samples 5001 + 5001"), "{text}");
        assert!(text.contains("6.0000  +- 1.0000"), "{text}");
        assert!(text.contains("5.0000 7.0000\n"), "{text}");
        assert!(text.ends_with("0 passed, 1 failed, 0 without value\nfailed: hill\n"), "{text}");
    }

    #[test]
    fn orders_are_not_judged_and_gaps_are_told() {
        let text = render_orders(&report(&[9.0]));
        assert!(!text.contains("fail"), "{text}");
        assert!(text.contains("hidden share of volume: hidden orders"), "{text}");
    }

    #[test]
    fn numbers_keep_their_digits() {
        let texts = [0.0, 0.000_012_3, 0.125, 12.345, 1e9].map(|value| number(Some(value)));
        assert_eq!(texts, ["0", "1.230e-5", "0.1250", "12.35", "1.0000e9"]);
        assert_eq!(number(None), "-");
    }
}
