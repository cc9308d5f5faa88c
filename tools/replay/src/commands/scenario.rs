//! `replay scenario`: twin runs, with and without a change, paired by seed.

mod arm;
mod effect;
mod execution;
mod file;
mod json;
mod measure;
mod path;
mod plan;
mod results;
mod student;
mod text;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use cli::{Exit, Failure, NewFile};

use self::arm::Store;
use self::plan::Plan;
use self::results::Trial;
use super::{pool, print, print_json};
use crate::args::{OtherScenario, Scenario, ScenarioKind};

/// The table among the logs that are kept.
const TABLE: &str = "table.csv";

pub(crate) fn run(args: &Scenario) -> Result<Exit, Failure> {
    if let Some(OtherScenario::Execution(args)) = &args.other {
        return execution::run(args);
    }
    let plan = match (args.kind(), args.path()) {
        (Some(kind), _) => plan::plan(kind, args)?,
        (None, Some(path)) => {
            check_name(args)?;
            file::plan(&path, args)?
        }
        (None, None) => unreachable!("one of them is asked for"),
    };
    let seeds = seeds(args)?;
    let store = match &args.output {
        Some(folder) => Store::Kept(make(folder)?),
        None => Store::Passing(std::env::temp_dir()),
    };
    let found = work(&plan, &seeds, &store, args);
    let found = match &args.output {
        Some(folder) => found.and_then(|found| keep(&plan, found, folder)),
        None => found,
    };
    let found = found.inspect_err(|_| {
        // The logs went with their runs: nothing is left of a folder that holds nothing else.
        if let Store::Kept(folder) = &store {
            let _ = fs::remove_dir(folder);
        }
    })?;
    if args.json {
        print_json(&json::object(&plan, &found))?;
    } else {
        print(&text::sections(&plan, &found))?;
        if 1 < plan.sections.len() {
            print(&format!("\n{}", text::side_by_side(&plan, &found)))?;
        }
    }
    Ok(Exit::Ok)
}

impl Scenario {
    /// The built-in scenario that is asked for.
    pub(crate) fn kind(&self) -> Option<ScenarioKind> {
        let by_name = |what: &String| ScenarioKind::from_str(what, false).ok();
        self.kind.or_else(|| self.what.as_ref().and_then(by_name))
    }

    /// The file that is asked for.
    fn path(&self) -> Option<PathBuf> {
        self.file.clone().or_else(|| self.what.as_ref().map(PathBuf::from))
    }
}

/// A mistyped name is not a file that is missing.
fn check_name(args: &Scenario) -> Result<(), Failure> {
    let Some(what) = args.what.as_ref().filter(|what| !Path::new(what).exists()) else {
        return Ok(());
    };
    if what.contains(['.', '/', '\\']) {
        return Ok(());
    }
    if what == "execution" {
        let hint = "such as replay scenario execution --episodes 200";
        let message = "options of execution stand behind it: it has its own";
        return Err(plan::bad(message).with_hint(hint));
    }
    let message = format!("no scenario `{what}`, and no such file");
    let hint = "there are flash-crash, short-ban, tobin-tax, compare, execution, or a TOML file";
    Err(plan::bad(message).with_hint(hint))
}

fn seeds(args: &Scenario) -> Result<Vec<u64>, Failure> {
    let last = args.seed_from.checked_add(u64::from(args.seeds) - 1);
    let Some(last) = last else {
        return Err(plan::bad("--seed-from: the last seed is beyond 2^64 - 1"));
    };
    Ok((args.seed_from..=last).collect())
}

/// Runs every arm of every seed.
fn work(plan: &Plan, seeds: &[u64], store: &Store, args: &Scenario) -> Result<Vec<Trial>, Failure> {
    let steps: u64 = plan.arms.iter().map(|arm| arm.config.steps()).sum();
    let steps = steps.saturating_mul(args.seeds.into());
    pool::for_each(seeds, (pool::threads(args.threads), steps), |seed, pace| {
        let runs = plan.arms.iter().map(|arm| arm.run(seed, store, pace));
        Ok(Trial::of(seed, plan, runs.collect::<Result<_, _>>()?))
    })
}

fn make(folder: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir(folder).map_err(|error| {
        let path = folder.display();
        if error.kind() == io::ErrorKind::AlreadyExists {
            let hint = "the logs get a folder of their own: name one that does not exist";
            let message = format!("{path}: exists already");
            return Failure::new(Exit::CannotCreate, message).with_hint(hint);
        }
        Failure::new(Exit::CannotCreate, format!("{path}: {error}"))
    })?;
    Ok(folder.to_owned())
}

/// Gives logs and table their final names.
fn keep(plan: &Plan, mut found: Vec<Trial>, folder: &Path) -> Result<Vec<Trial>, Failure> {
    let path = folder.join(TABLE);
    let mut table = NewFile::create(&path, false)?;
    let written = table.write_all(json::table(plan, &found).as_bytes());
    written.map_err(|error| Failure::io(&path, &error))?;
    for seed in &mut found {
        for (log, arm) in seed.kept.drain(..).zip(&plan.arms) {
            log.commit()?;
            cli::write_note(&folder.join(arm.file(seed.seed)))?;
        }
    }
    table.commit()?;
    Ok(found)
}
