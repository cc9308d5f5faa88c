//! What seeds came to, as text of at most 100 columns.

use std::fmt::Write as _;

use super::effect::Effect;
use super::measure::Scale;
use super::plan::{Holds, OUTAGE, Plan, Section};
use super::results::{self, Recoveries, Row, Trial, Verdict};
use crate::commands::wrap::add_wrapped;

/// Most cells beside each other.
const CELLS_MAX: usize = 7;

/// A section for each scenario.
pub(super) fn sections(plan: &Plan, seeds: &[Trial]) -> String {
    let mut text = String::new();
    for (place, section) in plan.sections.iter().enumerate() {
        if 0 < place {
            text.push('\n');
        }
        add_section(&mut text, (place, section), seeds);
    }
    text
}

fn add_section(text: &mut String, (place, section): (usize, &Section), seeds: &[Trial]) {
    let (first, last) = (section.window.first, section.window.last);
    add_wrapped(text, "", &format!("{}: {}", section.name, section.about));
    let from = seeds.first().map_or(0, |seed| seed.seed);
    let to = seeds.last().map_or(0, |seed| seed.seed);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "preset {}, {} seeds {from} to {to}; steps {first} to {last} are measured",
        section.preset,
        seeds.len(),
    );
    let _ = writeln!(
        text,
        "{:21} {:>4} {:>8} {:>8} {:>9} {:>18} {:>7} {:>6} {:>6} {:>3}",
        "", "", "without", "with", "effect", "95 % interval", "sd", "p t", "p W", "n"
    );
    let cases = cases((place, section), seeds);
    for (at, measure) in section.measures.iter().enumerate() {
        for (case, rows) in section.cases.iter().zip(&cases) {
            let name = if case.label == section.cases[0].label { measure.name() } else { "" };
            add_row(text, (name, &case.label), &rows[at]);
        }
    }
    if let Some(found) = results::recoveries(place, seeds) {
        add_recoveries(text, &found);
    }
    for verdict in results::verdicts(section, &cases) {
        add_wrapped(text, "  ", &sentence(section, &verdict));
    }
}

/// The rows of every case.
pub(super) fn cases((place, section): (usize, &Section), seeds: &[Trial]) -> Vec<Vec<Row>> {
    (0..section.cases.len()).map(|case| results::rows(section, (place, case), seeds)).collect()
}

fn add_row(text: &mut String, (name, label): (&str, &str), row: &Row) {
    let level = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), short);
    let (without, with) = (level(row.without), level(row.with));
    let scale = row.measure.scale();
    let _ = match &row.effect {
        Some(effect) => writeln!(
            text,
            "{name:21} {label:>4} {without:>8} {with:>8} {:>9} {:>18} {:>7} {:>6} {:>6} {:>3}",
            told(scale, effect.mean),
            interval(scale, effect),
            short(effect.deviation),
            chance(effect.p_t),
            chance(effect.p_ranks),
            effect.pairs,
        ),
        None => writeln!(text, "{name:21} {label:>4} {without:>8} {with:>8} {:>9}", "-"),
    };
}

fn add_recoveries(text: &mut String, found: &Recoveries) {
    let steps = |value: Option<f64>| value.map_or_else(|| "never".to_owned(), short);
    let [low, median, high] = found.quartiles.map(steps);
    let Recoveries { seeds, never, .. } = found;
    let words = format!(
        "recovery after {OUTAGE} steps without makers: median {median} steps, quartiles {low} to {high}; \
         never in {never} of {seeds}"
    );
    add_wrapped(text, "", &words);
}

/// What became of a claim, in a sentence.
pub(super) fn sentence(section: &Section, verdict: &Verdict) -> String {
    let (row, label) = (&verdict.row, &section.cases[verdict.case].label);
    let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
    let word = if verdict.is_supported { "supported" } else { "not supported" };
    let found = match (row.effect, row.with.zip(row.without), verdict.claim.holds) {
        (Some(_), Some((with, without)), Holds::Reaches(..)) => {
            format!("{}, and {} without the change", short(with), short(without))
        }
        (Some(effect), ..) => {
            let (scale, p) = (row.measure.scale(), chance(effect.p_ranks));
            format!("{}, 95 % {}, p {p}", told(scale, effect.mean), interval(scale, &effect))
        }
        (None, ..) => "too few pairs to tell".to_owned(),
    };
    format!("{label}{}: {word}: {found}", verdict.claim.text)
}

/// Effects of all scenarios beside each other.
pub(super) fn side_by_side(plan: &Plan, seeds: &[Trial]) -> String {
    let mut columns: Vec<(String, Vec<Row>)> = Vec::new();
    for (place, section) in plan.sections.iter().enumerate() {
        for (case, rows) in section.cases.iter().zip(cases((place, section), seeds)) {
            columns.push((heading(&section.name, &case.label), rows));
        }
    }
    let mut text =
        String::from("side by side: effects; * where p of the signed ranks is below 0.05\n");
    for columns in columns.chunks(CELLS_MAX) {
        add_cells(&mut text, columns);
    }
    text
}

fn heading(section: &str, label: &str) -> String {
    let short = match section {
        "flash-crash" => "crash",
        "short-ban" => "ban",
        "tobin-tax" => "tax",
        name => name,
    };
    format!("{short} {label}").trim_end().to_owned()
}

fn add_cells(text: &mut String, columns: &[(String, Vec<Row>)]) {
    let _ = write!(text, "{:21}", "");
    for (name, _) in columns {
        let _ = write!(text, "{name:>11}");
    }
    text.push('\n');
    for key in ["volume", "tracking_error", "spread", "volatility", "drawdown"] {
        let find = |rows: &[Row]| rows.iter().find(|row| row.measure.key() == key).copied();
        let cells: Vec<_> = columns.iter().map(|(_, rows)| find(rows)).collect();
        let Some(row) = cells.iter().flatten().next() else { continue };
        let _ = write!(text, "{:21}", row.measure.name());
        for cell in cells {
            let cell = cell.and_then(|row| Some((row.measure.scale(), row.effect?)));
            let cell = cell.map_or_else(
                || "- ".to_owned(),
                |(scale, effect)| {
                    let star = if effect.p_ranks < 0.05 { '*' } else { ' ' };
                    format!("{}{star}", told(scale, effect.mean))
                },
            );
            let _ = write!(text, "{cell:>11}");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
}

/// A number with about four digits; no zero has a sign.
fn short(value: f64) -> String {
    let text = match value.abs() {
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 999.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    };
    let is_zero = text.bytes().all(|byte| b"-0.".contains(&byte));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// An effect with its sign or unit.
fn told(scale: Scale, effect: f64) -> String {
    let signed = |value: f64| {
        let text = short(value);
        if text.starts_with('-') { text } else { format!("+{text}") }
    };
    match scale {
        Scale::Difference => signed(effect),
        Scale::Percent => format!("{} %", signed(effect)),
        Scale::Factor => format!("{} x", short(libm::exp(effect))),
    }
}

fn interval(scale: Scale, effect: &Effect) -> String {
    let bound = |value: f64| match scale {
        Scale::Difference | Scale::Percent => short(value),
        Scale::Factor => short(libm::exp(value)),
    };
    format!("{} to {}", bound(effect.low), bound(effect.high))
}

fn chance(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_keep_about_four_digits() {
        for (value, text) in [
            (0.0, "0.00"),
            (-0.001, "0.00"),
            (1.234, "1.23"),
            (9.996, "10.0"),
            (-45.67, "-45.7"),
            (999.96, "1000"),
            (12_345.6, "12346"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
