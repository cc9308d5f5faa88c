//! Episodes of an adversarial market as a page: one of each type, what was believed, how the trader's
//! orders look beside noise, what it cost, what the maker lost, and every measure.

use std::fmt::Write as _;

use agents::adversarial::measures::{Detection, Measures};
use agents::adversarial::{Mode, Settings};

use crate::html::{Column, Table, escape};
use crate::number::{fixed, grouped, magnitude, power_of_ten, short};
use crate::page::{Page, document};

mod adverse;
mod beliefs;
mod calibration;
mod examples;
mod flow;
mod gathering;
mod measures;
mod shortfall;
mod spreads;
#[cfg(test)]
mod tests;

pub use gathering::Gathering;

/// A log of an adversarial market.
#[derive(Clone, Debug)]
pub struct EpisodeLog {
    /// What the page calls it: its path.
    pub name: String,
    /// The program that decided: the genesis names it.
    pub producer: String,
    /// What its settings started from.
    pub preset: Option<String>,
    /// Seed of every draw.
    pub seed: u64,
    /// How many entries.
    pub entries: u64,
    /// Head over all entries, as hexadecimal digits.
    pub head: String,
    /// Closed episodes of type z = 0 and of type z = 1.
    pub episodes: [u64; 2],
    /// Episodes that began and were never closed.
    pub unclosed: u64,
    /// The command that records the log again; `None` where none does.
    pub command: Option<String>,
}

/// Logs of one adversarial market, and what was found in them.
#[derive(Clone, Debug)]
pub struct Episodes {
    /// Of the market.
    pub settings: Settings,
    /// In the order in which their episodes were gathered.
    pub logs: Vec<EpisodeLog>,
    /// Their closed episodes.
    pub found: Gathering,
    /// The command that shows the measures.
    pub command: String,
}

/// What panels are drawn from.
struct Seen<'a> {
    all: &'a Episodes,
    /// Of type z = 0 and of type z = 1.
    measures: [Measures; 2],
    detection: Detection,
}

/// The HTML of a page about an adversarial market: a document of its own.
///
/// Cost: that of [`Measures::of`] and [`Detection::of`], and O(episodes · steps).
pub fn episodes_page(page: &Page, episodes: &Episodes) -> String {
    let [zero, one] = &episodes.found.samples;
    let seen = Seen {
        all: episodes,
        measures: [Measures::of(zero), Measures::of(one)],
        detection: Detection::of(zero, one, episodes.settings.lots()),
    };
    let panels = [
        examples::panel(&seen),
        beliefs::panel(&seen),
        flow::panel(&seen),
        calibration::panel(&seen),
        spreads::panel(&seen),
        shortfall::panel(&seen),
        adverse::panel(&seen),
        measures::panel(&seen),
    ];
    let mut head = String::new();
    push_logs(&mut head, episodes);
    push_commands(&mut head, page, episodes);
    document(page, &head, &panels)
}

/// What the episodes of a type are called, in legends.
const fn type_name(place: usize) -> &'static str {
    if place == 1 { "z\u{a0}=\u{a0}1, informed" } else { "z\u{a0}=\u{a0}0" }
}

/// The types, the informed one first, with the look of each.
const TYPES: [(usize, usize); 2] = [(1, 0), (0, 1)];

/// What type z = 0 does.
const fn other_type(mode: Mode) -> &'static str {
    match mode {
        Mode::Uninformed => "an uninformed buyer of as many lots takes the trader's place",
        Mode::Silent => "nobody takes the trader's place, and all orders are noise",
        Mode::Noise => "the trader's place sends as many lots of noise on both sides",
    }
}

/// A number and its standard error, if it has one above 0, to two digits of the error.
fn estimate(value: f64, error: Option<f64>) -> String {
    /// Most digits behind the point.
    const MOST: i32 = 6;
    match error.filter(|error| 0.0 < *error) {
        Some(error) => {
            // Rounded first, so that 0.0996 has the digits of 0.10.
            let scale = power_of_ten(1 - magnitude(error));
            let digits = 1 - magnitude(libm::round(error * scale) / scale);
            let digits = digits.clamp(0, MOST).unsigned_abs();
            format!("{}\u{a0}± {}", fixed(value, digits), fixed(error, digits))
        }
        None => short(value),
    }
}

fn push_logs(text: &mut String, episodes: &Episodes) {
    let (settings, logs) = (&episodes.settings, &episodes.logs);
    let which = if let [_] = logs.as_slice() {
        "One log was".to_owned()
    } else {
        format!("{} logs were", logs.len())
    };
    let about = format!(
        "{which} replayed, every outcome and state digest checked. All that is shown was measured in the \
         replay, over closed episodes; the head commits to every entry of its log. In episodes of type z\u{a0}=\u{a0}1 \
         an informed trader buys {} lots in {} steps; in those of type z\u{a0}=\u{a0}0 {}. The belief is the chance \
         of z\u{a0}=\u{a0}1 that the maker infers from the public flow.",
        settings.lots(),
        settings.steps(),
        other_type(settings.mode()),
    );
    // Writing to a string cannot fail.
    let _ = writeln!(text, "<p>{}</p>", escape(&about));
    let mut table = Table::new(&[
        ("log", Column::Words),
        ("made by", Column::Words),
        ("seed", Column::Number),
        ("z\u{a0}=\u{a0}1", Column::Number),
        ("z\u{a0}=\u{a0}0", Column::Number),
        ("not closed", Column::Number),
        ("entries", Column::Number),
        ("head", Column::Words),
    ]);
    for log in logs {
        let preset = log.preset.as_ref().map(|preset| format!(", preset {preset}"));
        let [zero, one] = log.episodes;
        table.rows.push(vec![
            log.name.clone(),
            format!("{}{}", log.producer, preset.unwrap_or_default()),
            log.seed.to_string(),
            grouped(one),
            grouped(zero),
            grouped(log.unclosed),
            grouped(log.entries),
            log.head.clone(),
        ]);
    }
    text.push_str(&table.html());
}

fn push_commands(text: &mut String, page: &Page, episodes: &Episodes) {
    text.push_str("<h3>Made again by</h3>\n<pre>");
    for log in &episodes.logs {
        let line = log.command.clone().unwrap_or_else(|| {
            format!("# {}, by {}: no options of replay simulate", log.name, log.producer)
        });
        // Line by line: an escaped line has no end of its own.
        let _ = writeln!(text, "{}", escape(&line));
    }
    let _ = writeln!(text, "{}\n</pre>", escape(&page.command));
}
