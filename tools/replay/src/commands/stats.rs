//! `replay stats`: what the orders and prices of logs are like.

mod episodes;
mod json;
pub(crate) mod plan;

use std::fmt::Write as _;
use std::path::Path;

use agents::stats::report::{self, Report, Reporting};
use agents::stats::{Resampling, text};
use cli::{Exit, Failure, Interrupt};
use kernel::TimeNs;

use super::observers::Observers;
use super::simulate::adversarial::is_adversarial;
use super::words::quoted;
use super::{adversarial, open, play, player, print, print_json};
use crate::args::{Log, Stats};

use plan::{Kind, Plan};

/// What was made of some logs.
struct Seen {
    plan: Plan,
    logs: Vec<SeenLog>,
    report: Report,
}

/// A log that was replayed.
struct SeenLog {
    path: String,
    entries: u64,
    head: String,
    fills: u64,
}

pub(crate) fn run(args: &Stats) -> Result<Exit, Failure> {
    // Nothing is written, so there is nothing to save.
    Interrupt::at_once("replay");
    let mut logs = Vec::new();
    for path in &args.logs {
        logs.push(log(args, path));
    }
    // Whatever cannot work is found before the first replay.
    if let Some(settings) = adversarial::market(&logs)? {
        return episodes::run(args, &logs, settings);
    }
    let plan = Plan::new(args, &logs)?;
    let against = match &args.against {
        Some(path) => Some(beside(args, &plan, path)?),
        None => None,
    };
    let this = see(args, plan, &logs)?;
    let real = against.map(|(plan, log)| see(args, plan, &[log])).transpose()?;
    if args.json {
        print_json(&json::object(args, &this, real.as_ref()))?;
    } else {
        print(&words(args, &this, real.as_ref()))?;
    }
    Ok(Exit::Ok)
}

fn log(args: &Stats, path: &Path) -> Log {
    Log { path: path.to_owned(), limits: args.limits.clone() }
}

/// The log to set beside: sampled as often as the others, all of it.
fn beside(args: &Stats, plan: &Plan, path: &Path) -> Result<(Plan, Log), Failure> {
    let log = log(args, path);
    if is_adversarial(&open(&log)?.header().genesis) {
        let message = format!("--against {}: it is of an adversarial market", path.display());
        let hint = format!(
            "it has measures of its own: replay stats {}",
            quoted(&path.display().to_string())
        );
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    let mut beside = Plan::of(Kind::of(&log)?);
    beside.sampling.interval = plan.sampling.interval;
    beside.options.levels = args.shown.levels;
    Ok((beside, log))
}

/// Replays logs and makes one report of all.
fn see(args: &Stats, plan: Plan, logs: &[Log]) -> Result<Seen, Failure> {
    let resampling = Resampling { resamples: args.resamples(), ..Resampling::USUAL };
    let reporting = Reporting { bands: plan.bands.bands(), resampling };
    let (mut reports, mut seen) = (Vec::new(), Vec::new());
    for log in logs {
        let mut player = player(log)?;
        let mut observers = Observers::new(plan.sampling, plan.options);
        play(log, &mut player, |moment| {
            observers.observe(moment);
            Ok(())
        })?;
        let (series, flow) = observers.finish(player.engine());
        let samples = series.mids.len();
        if samples < 2 {
            return Err(too_short(&plan, log, samples));
        }
        let make = if logs.len() == 1 { report::report } else { report::report_to_pool };
        reports.push(make(&series, &flow, reporting));
        let summary = player.summary();
        seen.push(SeenLog {
            path: log.path.display().to_string(),
            entries: summary.entries,
            head: summary.head.to_string(),
            fills: flow.messages.fills,
        });
    }
    let Some(report) = report::pool(&reports) else {
        unreachable!("there is a log, and all are sampled alike")
    };
    Ok(Seen { plan, logs: seen, report })
}

fn too_short(plan: &Plan, log: &Log, samples: usize) -> Failure {
    let path = log.path.display();
    let message = format!(
        "{path}: {samples} samples of a book with two sides, and every figure takes two ({})",
        plan.window()
    );
    Failure::new(Exit::Damaged, message)
        .with_hint("sample more: a smaller --every, --burn-in 0, or another --from and --to")
}

/// The report as text.
fn words(args: &Stats, this: &Seen, real: Option<&Seen>) -> String {
    let mut text = heading(args, "", this);
    if let Some(real) = real {
        text += &heading(args, "against ", real);
        text.push('\n');
        text += &text::render_beside(&this.report, &real.report, false);
        if args.shown.wants_orders() {
            text.push('\n');
            text += &text::render_beside(&this.report, &real.report, true);
        }
        return text;
    }
    text.push('\n');
    text += &text::render(&this.report, args.shown.each);
    if args.shown.wants_orders() {
        text.push('\n');
        text += &text::render_orders(&this.report, args.shown.each);
        if this.plan.kind.is_recorded() {
            text.push('\n');
            text += &text::render_untold();
        }
    }
    text
}

/// Which logs, and how they were sampled.
fn heading(args: &Stats, word: &str, seen: &Seen) -> String {
    // Writing to a string cannot fail.
    let mut text = String::new();
    for (log, samples) in seen.logs.iter().zip(&seen.report.samples) {
        let SeenLog { path, entries, fills, .. } = log;
        let _ = writeln!(text, "{word}{path}: {entries} entries, {fills} fills, {samples} samples");
    }
    let plan = &seen.plan;
    let _ = writeln!(text, "  by {}; {}", plan.kind.producer.escape_debug(), plan.window());
    let intervals = match (seen.logs.len(), args.resamples()) {
        (2.., _) => "means of the logs ± standard errors".to_owned(),
        (_, 0) => "no intervals".to_owned(),
        (_, n) => format!("intervals from {n} resamples in blocks of {}", Resampling::USUAL.block),
    };
    let _ = writeln!(text, "  bands {}; {intervals}", plan.bands.name());
    if seen.report.is_cut {
        text.push_str("  cut: there were more samples than are taken\n");
    }
    text
}

/// A time of day.
fn clock(time: TimeNs) -> String {
    let seconds = time.0 / 1_000_000_000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
