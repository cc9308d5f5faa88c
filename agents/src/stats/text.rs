//! A report in words, for terminals and files: at most 100 columns.

use std::fmt::Write as _;

use super::bands::{Band, Figure, Verdict};
use super::report::{Report, UNTOLD, reason};
use super::words::{section, title};

mod number;
mod wrap;

use number::number;
use wrap::wrapped;

/// Columns of a text.
const COLUMNS: usize = 100;

/// The facts as aligned columns under their titles: value, what surrounds it (the bootstrap's
/// interval of a single log, the standard error of several), samples, band and verdict. Ends with
/// which passed and which failed, and why some have no value.
///
/// * `each` - whether the values of each log follow a figure of several.
pub fn render(report: &Report, each: bool) -> String {
    let mut text = String::new();
    push_heads(&mut text, report, true);
    let mut last = None;
    for figure in &report.facts {
        if last.replace(figure.fact) != Some(figure.fact) {
            push_title(&mut text, figure.fact);
        }
        push_figure(&mut text, figure, each);
    }
    push_verdicts(&mut text, report);
    push_gaps(&mut text, "Without value", &report.facts);
    text
}

/// The orders' figures as a text like [`render`]'s.
pub fn render_orders(report: &Report, each: bool) -> String {
    let mut text = String::new();
    push_heads(&mut text, report, false);
    for figure in &report.orders {
        if let Some(title) = section(&figure.key) {
            let _ = writeln!(text, "{title}");
        }
        push_figure(&mut text, figure, each);
    }
    push_gaps(&mut text, "Without value", &report.orders);
    text
}

/// What no log can tell of a recorded day, and why.
pub fn render_untold() -> String {
    let mut text = String::from("Not told by a log:\n");
    for (what, why) in UNTOLD {
        text.push_str(&wrapped(&format!("{what}: {why}")));
    }
    text
}

/// Two reports side by side, figure by figure; the bands are those of the first. `*` marks
/// intervals that do not meet.
///
/// * `orders` - the orders' figures instead of the facts.
pub fn render_beside(this: &Report, real: &Report, orders: bool) -> String {
    let (figures, others) =
        if orders { (&this.orders, &real.orders) } else { (&this.facts, &real.facts) };
    let around = |report| if is_pooled(report) { "± standard error" } else { "95 % interval" };
    let mut text = String::new();
    let (left, right) = (around(this), around(real));
    push_line(
        &mut text,
        &format!("{:36} {:>8} {left:^20}   {:>8} {right:^20}", "figure", "this", "real"),
    );
    let mut last = None;
    for figure in figures {
        if orders {
            if let Some(title) = section(&figure.key) {
                let _ = writeln!(text, "{title}");
            }
        } else if last.replace(figure.fact) != Some(figure.fact) {
            push_title(&mut text, figure.fact);
        }
        let other = others.iter().find(|other| other.key == figure.key);
        let (beside, mark) = match other {
            Some(other) if are_apart(figure, other) => (columns(other), '*'),
            Some(other) => (columns(other), ' '),
            None => (String::new(), ' '),
        };
        push_line(
            &mut text,
            &format!("  {:34} {}  {mark}{beside}", named(figure), columns(figure)),
        );
    }
    text.push_str("\n* the intervals do not meet\n");
    if !orders {
        push_verdicts(&mut text, this);
    }
    push_gaps(&mut text, "Without value in this", figures);
    push_gaps(&mut text, "Without value in the real one", others);
    text
}

/// Whether two figures are surely different: their intervals, or 1.96 standard errors around them,
/// do not meet. `None` counts as no: without a range nothing is sure.
pub fn are_apart(one: &Figure, other: &Figure) -> bool {
    let range = |figure: &Figure| {
        let (value, error) = (figure.value(), figure.error());
        figure.interval.or_else(|| {
            value.zip(error).map(|(value, error)| (value - 1.96 * error, value + 1.96 * error))
        })
    };
    range(one).zip(range(other)).is_some_and(|(one, other)| one.1 < other.0 || other.1 < one.0)
}

fn is_pooled(report: &Report) -> bool {
    1 < report.samples.len()
}

fn push_heads(text: &mut String, report: &Report, is_judged: bool) {
    let around = if is_pooled(report) { "± standard error" } else { "95 % interval" };
    let (band, verdict) = if is_judged { ("band", "verdict") } else { ("", "") };
    push_line(
        text,
        &format!("{:36} {:>8} {around:^20} {:>8}  {band:14} {verdict}", "figure", "value", "n"),
    );
}

fn push_title(text: &mut String, fact: u8) {
    let _ = match fact {
        0 => writeln!(text, "{}", title(fact)),
        _ => writeln!(text, "{fact}. {}", title(fact)),
    };
}

fn named(figure: &Figure) -> String {
    match figure.unit {
        "" => figure.name.clone(),
        unit => format!("{}, {unit}", figure.name),
    }
}

/// Value, and what surrounds it.
fn columns(figure: &Figure) -> String {
    let around = match (figure.interval, figure.error()) {
        (Some((low, high)), _) => format!("{:>8} .. {:<8}", number(Some(low)), number(Some(high))),
        (None, Some(error)) => format!("± {}", number(Some(error))),
        (None, None) => String::new(),
    };
    format!("{:>8} {around:^20}", number(figure.value()))
}

fn push_figure(text: &mut String, figure: &Figure, each: bool) {
    let (band, verdict) = match (figure.band, figure.verdict()) {
        // Nothing is judged where there are no bands at all, so there is nothing to say of it.
        (Band::Any, _) if figure.fact == 0 => (String::new(), ""),
        (band, verdict) => (band.to_string(), verdict.name()),
    };
    let (name, columns, samples) = (named(figure), columns(figure), figure.samples);
    push_line(text, &format!("  {name:34} {columns} {samples:>8}  {band:14} {verdict}"));
    if each && 1 < figure.values.len() {
        let values: Vec<String> = figure.values.iter().map(|value| number(*value)).collect();
        text.push_str(&wrapped(&format!("each: {}", values.join(" "))));
    }
}

fn push_verdicts(text: &mut String, report: &Report) {
    let of = |verdict| report.facts.iter().filter(move |figure| figure.verdict() == verdict);
    let [passed, failed, without] =
        [Verdict::Pass, Verdict::Fail, Verdict::NoValue].map(|verdict| of(verdict).count());
    let _ = write!(text, "\n{passed} pass, {failed} fail");
    let _ = match without {
        0 => writeln!(text),
        _ => writeln!(text, ", {without} without value"),
    };
    for (verdict, word) in [(Verdict::Pass, "is"), (Verdict::Fail, "is not")] {
        for figure in of(verdict) {
            push_verdict(text, figure, word);
        }
    }
}

/// `hill  6.1  is not in (2, 5)  3. Hill, largest 2.5 %`
fn push_verdict(text: &mut String, figure: &Figure, word: &str) {
    let place = match figure.band {
        Band::Below(_) | Band::Above(_) | Band::Any => "",
        Band::Between(..) | Band::Within(..) => "in ",
    };
    let (key, value) = (&figure.key, number(figure.value()));
    let verdict = format!("{word} {place}{}", figure.band);
    let number = if figure.fact == 0 { String::new() } else { format!("{}.", figure.fact) };
    let name = &figure.name;
    push_line(text, &format!("  {key:24} {value:>8}  {verdict:23} {number:>3} {name}"));
}

/// Tells why figures have no value, those of one reason together.
fn push_gaps(text: &mut String, what: &str, figures: &[Figure]) {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for figure in figures.iter().filter(|figure| figure.value().is_none()) {
        let why = reason(figure);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, keys)) => keys.push(&figure.key),
            None => reasons.push((why, vec![&figure.key])),
        }
    }
    if !reasons.is_empty() {
        let _ = writeln!(text, "\n{what}:");
    }
    for (why, keys) in reasons {
        text.push_str(&wrapped(&format!("{why}: {}", keys.join(", "))));
    }
}

fn push_line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", line.trim_end());
}

#[cfg(test)]
mod tests;
