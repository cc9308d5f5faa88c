//! `replay stats` of adversarial markets: measures of their episodes.

mod json;
mod text;

use agents::adversarial::Settings;
use agents::adversarial::measures::{Bounds, Detection, Measures, Sample};
use cli::{Exit, Failure};

use crate::args::{Log, Stats};
use crate::commands::adversarial::{self, Seen};
use crate::commands::{print, print_json};

/// What the episodes of some logs came to.
pub(super) struct Found {
    settings: Settings,
    logs: Vec<Seen>,
    /// Of type z = 0 and of type z = 1.
    measures: [Measures; 2],
    detection: Detection,
    bounds: Option<Bounds>,
}

/// Measures logs of one market.
///
/// # Errors
/// Exit 2 for options that mean nothing here, 65 where no episode is closed; whatever replaying gives.
pub(super) fn run(args: &Stats, logs: &[Log], settings: Settings) -> Result<Exit, Failure> {
    refuse_options(args)?;
    let mut samples = [Sample::new(&settings), Sample::new(&settings)];
    let seen = adversarial::replay(logs, &settings, |_, episode| {
        samples[usize::from(episode.is_informed)].add(episode);
    })?;
    let [zero, one] = &samples;
    if zero.is_empty() && one.is_empty() {
        return Err(nothing(&seen));
    }
    let found = Found {
        measures: [Measures::of(zero), Measures::of(one)],
        detection: Detection::of(zero, one, settings.lots()),
        bounds: Bounds::of(&settings),
        logs: seen,
        settings,
    };
    if args.json {
        print_json(&json::object(&found))?;
    } else {
        print(&text::words(&found))?;
    }
    Ok(Exit::Ok)
}

fn nothing(seen: &[Seen]) -> Failure {
    let names: Vec<_> = seen.iter().map(|log| log.path.as_str()).collect();
    let message =
        format!("{}: no episode is closed, and every measure takes one", names.join(", "));
    let hint = "record more: replay simulate --system adversarial --episodes 200";
    Failure::new(Exit::Damaged, message).with_hint(hint)
}

/// Options that mean nothing where nothing is sampled and nothing judged.
fn refuse_options(args: &Stats) -> Result<(), Failure> {
    const NOT_SAMPLED: &str = "it is measured step by step and over whole episodes, not sampled";
    const ALL_SHOWN: &str = "what its orders tell is among the measures that are always shown";
    let given = [
        ("--every", args.every.is_some(), NOT_SAMPLED),
        ("--spread-cap", args.spread_cap.is_some(), NOT_SAMPLED),
        ("--burn-in", args.burn_in.is_some(), NOT_SAMPLED),
        ("--from", args.from.is_some(), NOT_SAMPLED),
        ("--to", args.to.is_some(), NOT_SAMPLED),
        ("--bands", args.bands.is_some(), "no bands are known for its measures"),
        ("--orders", args.shown.orders, ALL_SHOWN),
        ("--levels", args.shown.levels, ALL_SHOWN),
        ("--each", args.shown.each, "episodes of all its logs are pooled: take one log at a time"),
        (
            "--against",
            args.against.is_some(),
            "its types stand beside each other; replay scenario execution compares policies",
        ),
        (
            "--resamples",
            args.resamples.is_some(),
            "errors are over episodes, which are independent: none are resampled",
        ),
    ];
    let Some((option, _, why)) = given.into_iter().find(|(_, is_given, _)| *is_given) else {
        return Ok(());
    };
    let message = format!("{option} is nothing to an adversarial market");
    Err(Failure::new(Exit::Usage, message).with_hint(why))
}
