//! `replay demo`: the main job in one go, on a small synthetic day.

mod day;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cli::{Exit, Failure, Interrupt, Progress, Recording};
use kernel::{Engine, Side, Venue};
use replay::{LogError, ReadLimits, SyncPolicy};

use super::tally::Tally;
use super::{play, print, table};
use crate::args::{Demo, Log};
use day::SyntheticDay;

pub(crate) fn run(args: &Demo) -> Result<Exit, Failure> {
    let folder = make_folder(args.output.as_deref())?;
    let path = folder.join("day.log");
    print(&format!("1. record a synthetic day, seed {}: {}\n", args.seed, path.display()))?;
    let finished = record(args, &path)?;
    print(&format!("   {} entries, head {}\n\n", finished.entries, finished.head))?;

    print(&format!("2. replay it: replay run {}\n", path.display()))?;
    let log = Log { path, max_orders: ReadLimits::DEFAULT.orders_max };
    let mut player = super::player(&log)?;
    let mut tally = Tally::default();
    play(&log, &mut player, |moment| {
        tally.observe(moment);
        Ok(())
    })?;
    let summary = player.summary();
    let mut rows = vec![("head", summary.head.to_string()), ("state", summary.state.to_string())];
    rows.extend(tally.rows());
    print(&indent(&table(&rows)))?;
    if (summary.head, summary.seal, summary.state) != (finished.head, finished.seal, finished.state)
    {
        let message = "recording and replay of the same log disagree";
        return Err(Failure::new(Exit::Nondeterministic, message));
    }
    print("   every event and state as recorded\n\n")?;
    print("3. the book at the end\n")?;
    print(&indent(&book(player.engine(), 5)))?;
    Ok(Exit::Ok)
}

/// Records the day; an interrupted one stays open and valid.
fn record(args: &Demo, path: &Path) -> Result<replay::recorder::Finished, Failure> {
    let interrupt = Interrupt::listen();
    let mut day = SyntheticDay::new(args.seed, args.steps);
    let fail = |error: LogError| Failure::log(path, &error);
    let mut recording = Recording::create(path, &day.genesis(), SyncPolicy::Block)?;
    cli::write_note(path)?;
    let mut progress = Progress::new("recording", args.steps.into());
    for step in 1..=args.steps {
        day.step(step, recording.recorder()).map_err(fail)?;
        progress.at(step.into());
        if let Err(interrupted) = interrupt.check() {
            recording.recorder().sync().map_err(fail)?;
            let hint = format!("what was recorded stays: replay run {}", path.display());
            return Err(interrupted.with_hint(hint));
        }
    }
    debug_assert_eq!(recording.recorder().engine().check(), Ok(()));
    recording.finish().map_err(fail)
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

/// The best levels, asks above bids, as a ladder.
fn book(engine: &Engine, levels: usize) -> String {
    let mut asks: Vec<_> = engine.levels(Side::Sell).take(levels).collect();
    asks.reverse();
    let mut lines = vec![format!("{:>10}  {:>8}  {:<10}", "bid lots", "price", "ask lots")];
    lines.extend(asks.iter().map(|level| format!("{:>10}  {:>8}  {}", "", level.price, level.qty)));
    let bids = engine.levels(Side::Buy).take(levels);
    lines.extend(bids.map(|level| format!("{:>10}  {:>8}", level.qty, level.price)));
    lines.join("\n")
}

fn indent(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("   {}", line.trim_end())).collect();
    lines.join("\n") + "\n"
}
