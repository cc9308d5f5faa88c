//! `replay demo`: the main job in one go: simulate a market, replay it, verify it, show its facts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use agents::Config;
use agents::stats::report::{self, Report, Reporting};
use agents::stats::{Figure, FlowOptions, Resampling};
use cli::{Exit, Failure};
use formats::state::ladder_text;
use replay::recorder::Finished;

use super::observers::{self, Observers};
use super::tally::Tally;
use super::{play, print, producer, simulate, table};
use crate::args::{Demo, Limits, Log};

const PRESET: &str = "realistic";
/// The facts that are shown: key, name, and a word on what they should be.
const FACTS: [(&str, &str, &str); 8] = [
    ("kurtosis", "excess kurtosis of returns", "0 for a Gaussian: the tails are fat"),
    ("hill", "tail index", "markets have 2 to 5"),
    ("acf_r_1", "autocorrelation of returns", "near 0: one does not tell the next"),
    ("acf_abs_1", "of their sizes, 1 step apart", "above 0: large moves come together,"),
    ("acf_abs_5", "5 steps", "and it fades"),
    ("acf_abs_20", "20 steps", "slowly"),
    ("spread_mean", "spread, ticks", ""),
    ("tracking_error", "distance from the fair value, ticks", ""),
];

pub(crate) fn run(args: &Demo) -> Result<Exit, Failure> {
    let mut config = Config::preset(PRESET).and_then(|mut config| {
        config.set("steps", &args.steps.to_string())?;
        Ok(config)
    });
    let config = match &mut config {
        Ok(config) => config,
        Err(error) => return Err(Failure::new(Exit::Usage, error.to_string())),
    };
    let folder = make_folder(args.output.as_deref())?;
    let path = folder.join("day.log");
    let (seed, shown) = (args.seed, path.display());
    let options = if seed == 42 { String::new() } else { format!("--seed {seed} ") };
    print(&format!(
        "1. simulate a market: replay simulate --steps {} {options}-o {shown}\n",
        args.steps
    ))?;
    let genesis = simulate::genesis(config, PRESET, seed);
    let run = simulate::ecology_run(config, seed);
    let finished = simulate::record(&path, &genesis, run, None)?;
    print(&format!("   {} entries, head {}\n\n", finished.entries, finished.head))?;

    print(&format!("2. replay it and re-run its agents: replay verify --producer {shown}\n"))?;
    let log = Log { path, limits: Limits::default() };
    let (report, book) = replay(&log, &finished)?;

    print(&format!("3. its facts: replay stats {}\n", log.path.display()))?;
    print(&indent(&facts(&report)))?;
    print("\n4. the book at the end\n")?;
    print(&indent(&book))?;
    Ok(Exit::Ok)
}

/// Replays the log and re-runs its producer; both must come to what was recorded.
fn replay(log: &Log, finished: &Finished) -> Result<(Report, String), Failure> {
    let mut player = super::player(log)?;
    let sampling = observers::ecology(&player.reader().header().genesis);
    let (mut tally, mut observers) =
        (Tally::default(), Observers::new(sampling, FlowOptions::SIMULATED));
    play(log, &mut player, |moment| {
        tally.observe(moment);
        observers.observe(moment);
        Ok(())
    })?;
    let summary = player.summary();
    let mut rows = vec![("head", summary.head.to_string()), ("state", summary.state.to_string())];
    rows.extend(tally.rows());
    print(&indent(&table(&rows)))?;
    let replayed = (summary.head, summary.seal, summary.state);
    if replayed != (finished.head, finished.seal, finished.state) {
        let message = "recording and replay of the same log disagree";
        return Err(Failure::new(Exit::Nondeterministic, message));
    }
    if let Some(otherwise) = producer::check(log)? {
        return Err(Failure::new(Exit::Nondeterministic, otherwise.to_string()));
    }
    print("   every event, state and decision as recorded\n\n")?;
    let (series, flow) = observers.finish(player.engine());
    let resampling = Resampling { resamples: 0, ..Resampling::USUAL };
    let reporting = Reporting { resampling, ..Reporting::USUAL };
    Ok((report::report(&series, &flow, reporting), ladder_text(player.engine(), 5)))
}

/// The best-known facts; `-` for one that so short a run does not tell.
fn facts(report: &Report) -> String {
    let find = |key: &str| report.facts.iter().find(|figure| figure.key == key);
    let lines = FACTS.map(|(key, name, remark)| {
        let value = find(key).and_then(Figure::value);
        let value = value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
        format!("{name:<35}  {value:>8}  {remark}")
    });
    lines.join("\n")
}

/// The folder asked for, or the first free one; never one that exists.
fn make_folder(wanted: Option<&Path>) -> Result<PathBuf, Failure> {
    let create = |folder: &Path| {
        fs::create_dir(folder).map_err(|error| {
            let path = folder.display();
            if error.kind() == io::ErrorKind::AlreadyExists {
                let hint = "a demo makes its folder: name one that does not exist";
                let message = format!("{path}: exists already");
                return Failure::new(Exit::CannotCreate, message).with_hint(hint);
            }
            Failure::new(Exit::CannotCreate, format!("{path}: {error}"))
        })
    };
    if let Some(folder) = wanted {
        return create(folder).map(|()| folder.to_owned());
    }
    let names = (1..).map(|number| match number {
        1 => PathBuf::from("replay-demo"),
        _ => PathBuf::from(format!("replay-demo-{number}")),
    });
    for folder in names.take(10_000) {
        if !folder.exists() {
            return create(&folder).map(|()| folder);
        }
    }
    Err(Failure::new(Exit::CannotCreate, "replay-demo to replay-demo-10000 exist already"))
}

fn indent(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("   {}", line.trim_end())).collect();
    lines.join("\n") + "\n"
}
