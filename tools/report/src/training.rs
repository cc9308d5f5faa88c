//! A training run as a page: what was asked for, how learning went, what the market became, how the
//! learned makers quote, what they are worth.

use std::collections::BTreeMap;

use crate::html::{Column, Panel, Table, escape};
use crate::number::grouped;
use crate::page::{Page, document};
use crate::quotes::Quotes;

mod choices;
mod evaluation;
mod offsets;
mod progress;

/// What was found of a training run.
#[derive(Clone, Debug)]
pub struct Training {
    /// What the page calls it: its directory.
    pub name: String,
    /// How far it has come, in words.
    pub state: String,
    /// The configuration in short: a subject and its settings.
    pub settings: Vec<(String, String)>,
    /// Commands that check the run and make it again.
    pub commands: Vec<String>,
    /// The types that learn, by name.
    pub learners: Vec<String>,
    /// The log of its updates, and those of its markets.
    pub logs: Vec<TrainingLog>,
    /// Every update and its figures.
    pub updates: Vec<(u64, BTreeMap<String, f64>)>,
    /// How its makers quote; or why that is not known.
    pub makers: Result<Makers, String>,
    /// What its policies are worth; or why that is not known.
    pub evaluation: Result<Evaluation, String>,
}

/// A log of a run as its MANIFEST knows it.
#[derive(Clone, Debug)]
pub struct TrainingLog {
    /// Its name in the run's directory.
    pub name: String,
    /// Seed of its market.
    pub seed: Option<u64>,
    /// How many entries.
    pub entries: u64,
    /// Head over them, as hexadecimal digits.
    pub head: String,
    /// Its last seal; `None` of a log without its end.
    pub seal: Option<String>,
    /// Whether it is still there.
    pub is_kept: bool,
}

/// How learned makers and such as follow the fixed rule quote.
#[derive(Clone, Debug)]
pub struct Makers {
    /// By policies, and from which logs.
    pub learned: Quotes,
    /// What these were.
    pub learned_in: String,
    /// By the fixed rule.
    pub fixed: Quotes,
    /// What these were.
    pub fixed_in: String,
}

/// What contenders came to in markets that training never saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Steps of each market, and how many of its first ones counted for nothing.
    pub steps: u64,
    /// The latter.
    pub warm_up: u64,
    /// Who decided, in their order.
    pub contenders: Vec<Contender>,
}

/// One who decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Contender {
    /// Its name.
    pub name: String,
    /// Figures of each market, by name.
    pub markets: Vec<BTreeMap<String, f64>>,
}

/// The HTML of a page about a training run: a document of its own.
///
/// Cost: O(updates + quotes · log quotes).
pub fn training_page(page: &Page, training: &Training) -> String {
    let panels = [
        progress::learning(training),
        progress::market(training),
        choices::panel(training),
        offsets::panel(training),
        evaluation::panel(training),
        logs(training),
    ];
    document(page, &head(page, training), &panels)
}

/// What the run is, and how it is made and checked again.
fn head(page: &Page, training: &Training) -> String {
    let Training { state, settings, logs, .. } = training;
    let kept = logs.iter().filter(|log| log.is_kept).count();
    let mut text = format!(
        "<p>A training run, {}. {} of its {} logs are kept. Figures over updates are those of its \
         metrics.jsonl; how makers quote was measured in a replay of market logs, every outcome and state \
         digest checked.</p>\n",
        escape(state),
        kept,
        logs.len(),
    );
    let mut table = Table::new(&[("setting", Column::Words), ("value", Column::Words)]);
    let rows = settings.iter().map(|(name, value)| vec![name.clone(), value.clone()]);
    table.rows.extend(rows);
    text.push_str(&table.html());
    if let Some(train) = logs.first() {
        let seal = train.seal.as_deref().unwrap_or("none yet");
        let mut table = Table::new(&[("its updates", Column::Words), ("", Column::Words)]);
        let row = |name: &str, value: &str| vec![name.to_owned(), value.to_owned()];
        table.rows = vec![
            row("log", &format!("{}, {} entries", train.name, grouped(train.entries))),
            row("head", &train.head),
            row("seal", seal),
        ];
        text.push_str(&table.html());
    }
    text.push_str("<h3>Checked and made again by</h3>\n<pre>");
    for line in &training.commands {
        text.push_str(&escape(line));
        text.push('\n');
    }
    text.push_str(&escape(&page.command));
    text.push_str("</pre>\n");
    text
}

/// Every log with what commits to it.
fn logs(training: &Training) -> Panel {
    let about = "The head of a log commits to every entry, its seal to all that it holds. Logs that were \
                 not kept are made again by learn verify, which compares their heads.";
    let mut panel = Panel::new("logs", "Logs of the run", about);
    let mut table = Table::new(&[
        ("log", Column::Words),
        ("seed", Column::Number),
        ("entries", Column::Number),
        ("kept", Column::Words),
        ("head", Column::Words),
        ("seal", Column::Words),
    ]);
    for log in &training.logs {
        table.rows.push(vec![
            log.name.clone(),
            log.seed.map_or_else(String::new, |seed| seed.to_string()),
            grouped(log.entries),
            if log.is_kept { "yes" } else { "no" }.to_owned(),
            log.head.clone(),
            log.seal.clone().unwrap_or_else(|| "none yet".to_owned()),
        ]);
    }
    panel.below = format!(
        "<details><summary>{} logs</summary>\n{}</details>\n",
        training.logs.len(),
        table.html()
    );
    panel
}

#[cfg(test)]
pub(crate) mod tests;
