//! `replay scenario execution`: what fixed policies of an informed trader cost, and how well they hide.

mod carry;
mod json;
mod plan;
mod results;
mod text;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use cli::{Exit, Failure, NewFile};

use self::carry::Ran;
use self::plan::Plan;
use self::results::Results;
use super::super::{pool, print, print_json};
use crate::args::Execution;

/// The tables among the logs that are kept.
const TABLE: &str = "table.json";

pub(crate) fn run(args: &Execution) -> Result<Exit, Failure> {
    let plan = plan::plan(args)?;
    if let Some(folder) = &args.output {
        super::make(folder)?;
    }
    let found = work(&plan, args).inspect_err(|_| {
        // The logs went with their runs: nothing is left of a folder that holds nothing else.
        if let Some(folder) = &args.output {
            let _ = fs::remove_dir(folder);
        }
    })?;
    if args.json {
        print_json(&json::object(&plan, &found))?;
    } else {
        print(&text::tables(&plan, &found))?;
    }
    Ok(Exit::Ok)
}

/// Carries out all runs, and compares them.
fn work(plan: &Plan, args: &Execution) -> Result<Results, Failure> {
    let threads = pool::threads(args.threads);
    let steps = |run: &plan::Run| run.episodes.saturating_mul(run.settings.steps());
    let steps = plan.runs.iter().map(steps).fold(0, u64::saturating_add);
    let places: Vec<usize> = (0..plan.runs.len()).collect();
    let folder = args.output.as_deref();
    let mut runs = pool::for_each(&places, (threads, steps), |place, pace| {
        carry::carry(&plan.runs[place], plan, folder, pace)
    })?;
    let found = Results::of(plan, &runs, threads)?;
    if let Some(folder) = folder {
        keep(plan, &found, &mut runs, folder)?;
    }
    Ok(found)
}

/// Gives logs and tables their final names.
fn keep(plan: &Plan, found: &Results, runs: &mut [Ran], folder: &Path) -> Result<(), Failure> {
    let path = folder.join(TABLE);
    let mut table = NewFile::create(&path, false)?;
    let written = writeln!(table, "{:#}", json::object(plan, found));
    written.map_err(|error| Failure::io(&path, &error))?;
    for (ran, run) in runs.iter_mut().zip(&plan.runs) {
        if let Some(((log, ..), file)) = ran.log.take().zip(run.file.as_ref()) {
            log.commit()?;
            cli::write_note(&folder.join(file))?;
        }
    }
    table.commit()
}
