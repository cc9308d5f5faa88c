//! The measures as text of at most 100 columns.

use std::fmt::Write as _;

use agents::adversarial::Mode;
use agents::adversarial::measures::{BeliefScore, Bounds, Detection, Estimate, Guess};

use super::Found;
use crate::commands::adversarial::words::{fixed, sequence, shortest};
use crate::commands::adversarial::{INFORMED, Seen, value};
use crate::commands::simulate::PRESET;
use crate::commands::wrap::add_wrapped;

/// Measures of both types, how well they are told apart, and the calibration of the belief.
pub(super) fn words(found: &Found) -> String {
    let mut text = String::new();
    for log in &found.logs {
        add_log(&mut text, log);
    }
    add_market(&mut text, found);
    text.push('\n');
    add_measures(&mut text, found);
    text.push('\n');
    let [zero, one] = found.measures.each_ref().map(|it| it.episodes);
    if zero == 0 || one == 0 {
        add_wrapped(&mut text, "", &one_type(found, u8::from(one == 0)));
        return text;
    }
    add_detection(&mut text, found, zero.min(one));
    text
}

/// What a type without episodes costs, and how to get some.
fn one_type(found: &Found, missing: u8) -> String {
    let share = value(&found.settings, INFORMED);
    let way = match (missing, share.as_str()) {
        (1, "0") | (0, "1") => "take a log of that type too",
        _ => "record more",
    };
    format!(
        "no closed episode of type z = {missing}: its column is empty, and nothing tells the types apart \
         (judges, belief, calibration): {way}"
    )
}

fn add_log(text: &mut String, log: &Seen) {
    let Seen { path, entries, fills, episodes: [zero, one], unclosed, .. } = log;
    // Writing to a string cannot fail.
    let _ =
        write!(text, "{path}: {entries} entries, {fills} fills, {} closed episodes", zero + one);
    let _ = match unclosed {
        0 => writeln!(text),
        1 => writeln!(text, ", 1 not closed and left out"),
        more => writeln!(text, ", {more} not closed and left out"),
    };
}

fn add_market(text: &mut String, found: &Found) {
    let settings = &found.settings;
    let parameters = found.logs.first().map(|log| &log.genesis.parameters);
    let preset = parameters.and_then(|it| it.get(PRESET)).map_or("none", String::as_str);
    let producer = found.logs.first().map_or("", |log| log.genesis.producer.as_str());
    let words = format!(
        "by {}, preset {}, mode {}: {} lots in {} steps; noise orders a step: {}",
        producer.escape_debug(),
        preset.escape_debug(),
        settings.mode().name(),
        settings.lots(),
        settings.steps(),
        shortest(settings.noise_orders()),
    );
    add_wrapped(text, "  ", &words);
    let named = ["trader", "maker", "arbitrageur", "belief"];
    let policies = named.map(|who| format!("{who} {}", value(settings, &format!("{who}.policy"))));
    add_wrapped(text, "  ", &format!("policies: {}", policies.join(", ")));
    let zero = match settings.mode() {
        Mode::Uninformed => "buys the same lots uninformed",
        Mode::Silent => "is noise alone",
        Mode::Noise => "sends as many lots of noise on both sides",
    };
    let words =
        format!("z = 1: an informed buyer; z = 0 {zero}; \u{b1} standard errors over episodes");
    add_wrapped(text, "  ", &words);
}

/// Columns of a name.
const NAME: usize = 38;

fn add_measures(text: &mut String, found: &Found) {
    let [zero, one] = &found.measures;
    let head = |episodes: usize, z: u8| format!("z = {z} ({episodes})");
    let (left, right) = (head(one.episodes, 1), head(zero.episodes, 0));
    let _ = writeln!(text, "{:NAME$} {left:<23} {right:<23} unit", "measure (episodes)");
    let mut last = None;
    for (one, zero) in one.named().into_iter().zip(zero.named()) {
        if last.replace(one.subject) != Some(one.subject) {
            let _ = writeln!(text, "{}", one.subject.title());
        }
        let [left, right] = [one.estimate, zero.estimate].map(cell);
        let line = format!("  {:36} {left:<23} {right:<23} {}", one.name, one.unit);
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// A number with its error, to two digits of the error.
fn cell(estimate: Option<Estimate>) -> String {
    let Some(Estimate { value, error, .. }) = estimate else { return "-".to_owned() };
    match error.filter(|error| 0.0 < *error) {
        Some(error) => {
            let digits = digits(error, 2);
            format!("{} \u{b1} {}", fixed(value, digits), fixed(error, digits))
        }
        None => fixed(value, digits(value, 4)),
    }
}

/// Digits behind the point with which a number has so many that count.
fn digits(value: f64, wanted: usize) -> usize {
    const MOST: usize = 6;
    let (mut size, mut more) = (value.abs(), wanted.saturating_sub(1));
    while 9.95 <= size && 0 < more {
        (size, more) = (size / 10.0, more - 1);
    }
    while size < 0.995 && more < MOST && 0.0 < size {
        (size, more) = (size * 10.0, more + 1);
    }
    more
}

/// Columns of who tells the types apart.
const WHO: usize = 33;

fn add_detection(text: &mut String, found: &Found, each: usize) {
    let judged: &Detection = &found.detection;
    let trained = judged.trained;
    let words = format!(
        "Told apart, of {each} episodes of each type; judges learn from {trained} of each and are tested on the \
         others",
    );
    add_wrapped(text, "", &words);
    let _ = writeln!(text, "  {:WHO$} {:>7}  {:16} more", "who", "right %", "95 % interval");
    let logistic = judged.logistic.map(|it| {
        format!(
            "MI {}, KL {} nats, Brier {}",
            fixed(it.information, 3),
            sequence(it),
            fixed(it.brier, 3)
        )
    });
    let threshold = judged.net_threshold.map(|it| format!("threshold {} lots", shortest(it)));
    let half = format!("threshold {} lots", shortest(0.5 * lots(found)));
    let rows = [
        ("ridge regression of the flow", judged.ridge, String::new()),
        (
            "logistic regression of the flow",
            judged.logistic.map(|it| it.guess),
            logistic.unwrap_or_default(),
        ),
        ("net lots above half the order", judged.net_half, half),
        ("net lots above the best threshold", judged.net_best, threshold.unwrap_or_default()),
    ];
    for (name, guess, more) in rows {
        add_guess(text, name, guess, &more);
    }
    if judged.ridge.is_none() {
        add_wrapped(text, "  ", "too few episodes for judges: they take 2 of each type at least");
    }
    if let Some(bounds) = &found.bounds {
        add_bounds(text, found, bounds);
    }
    match &judged.belief {
        Some(belief) => add_belief(text, belief),
        None => text.push_str("  the belief never moved: it tells nothing\n"),
    }
}

fn lots(found: &Found) -> f64 {
    f64::from(u32::try_from(found.settings.lots()).unwrap_or(u32::MAX))
}

fn add_guess(text: &mut String, name: &str, guess: Option<Guess>, more: &str) {
    let Some(Guess { accuracy, interval: (low, high), .. }) = guess else {
        let _ = writeln!(text, "  {name:WHO$} {:>7}", "-");
        return;
    };
    let share = |share: f64| fixed(100.0 * share, 1);
    let interval = format!("{} to {}", share(low), share(high));
    let line = format!("  {name:WHO$} {:>7}  {interval:16} {more}", share(accuracy));
    let _ = writeln!(text, "{}", line.trim_end());
}

fn add_bounds(text: &mut String, found: &Found, bounds: &Bounds) {
    let share = |accuracy: Option<f64>| {
        accuracy.map_or_else(|| "-".to_owned(), |it| format!("{} %", fixed(100.0 * it, 1)))
    };
    let leans = value(&found.settings, "noise.elasticity") != "0";
    let but = if leans { "; indicative, since noise leans on the price" } else { "" };
    let words = format!(
        "who trades the whole parent order is told at least: Phi(d/2) {}, exactly {}; orders of the noise's \
         own law are told {}{but}",
        share(bounds.normal.map(|it| it.accuracy)),
        share(bounds.exact.map(|it| it.accuracy)),
        share(bounds.camouflage.map(|it| it.accuracy)),
    );
    add_wrapped(text, "  ", &words);
}

fn add_belief(text: &mut String, belief: &BeliefScore) {
    let forecasts = &belief.forecasts;
    let more = format!(
        "Brier {}, calibration error {}",
        fixed(forecasts.brier, 3),
        fixed(forecasts.calibration_error, 3)
    );
    add_guess(text, "the belief at the end", Some(belief.last), &more);
    let _ = writeln!(
        text,
        "  {:WHO$} {:>7}  {:16} Brier {}",
        "the belief over all steps",
        fixed(100.0 * belief.accuracy_over_time, 1),
        "",
        fixed(belief.brier_over_time, 3),
    );
    text.push_str("\nCalibration of the belief at the end\n");
    let _ =
        writeln!(text, "  {:>10} {:>9} {:>10} {:>10}", "belief", "episodes", "mean", "informed");
    for (tenth, bin) in forecasts.curve.iter().enumerate() {
        let range = format!("{}-{} %", 10 * tenth, 10 * (tenth + 1));
        if bin.forecasts == 0 {
            let _ = writeln!(text, "  {range:>10} {:>9} {:>10} {:>10}", 0, "-", "-");
            continue;
        }
        let [said, happened] = [bin.said, bin.happened].map(|it| fixed(100.0 * it, 1));
        let _ = writeln!(text, "  {range:>10} {:>9} {said:>8} % {happened:>8} %", bin.forecasts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_two_digits_and_its_number_as_many() {
        let cell = |value, error| cell(Some(Estimate { value, error, episodes: 9 }));
        assert_eq!(cell(12.3456, Some(0.4321)), "12.35 \u{b1} 0.43");
        assert_eq!(cell(-0.5, Some(0.099_7)), "-0.50 \u{b1} 0.10");
        assert_eq!(cell(12_345.6, Some(432.1)), "12346 \u{b1} 432");
        assert_eq!(cell(0.2, Some(0.0)), "0.2000");
        assert_eq!(cell(9999.4, None), "9999");
        assert_eq!(cell(0.0, None), "0.000");
        assert_eq!(super::cell(None), "-");
    }
}
