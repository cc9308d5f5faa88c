//! The future that agents make: re-run up to the entry, every decision checked, and on from there.

use std::fs::File;

use agents::fork::Change;
use agents::schedule::{RULES, Schedule};
use agents::{Config, Fork, Run};
use cli::{Exit, Failure, LogFile, Progress};
use kernel::{Command, Decision, Engine, Event, Venue};
use replay::{Entry, Genesis, LogError, Recorder, Repeat, RepeatError};

use super::{Args, Made, Place, Writing, child, configure, split, usage};
use crate::commands::player;
use crate::commands::producer::{self, marked};

/// Records the fork of an ecology's log.
///
/// # Errors
/// Exit 2 for changes that cannot be had; 1 where the agents decide otherwise than the log says.
pub(super) fn record(
    args: &Args,
    place: &Place,
    mut genesis: Genesis,
    config: &Config,
) -> Result<Made, Failure> {
    let old = Fork::all(&genesis.parameters);
    let mut forks = old.map_err(|error| producer::refused(&args.log, &error))?;
    Run::new(config, genesis.seed, &forks).map_err(|error| producer::refused(&args.log, &error))?;
    // What the parent became behind this entry is another future than this one.
    forks.retain(|fork| fork.entry <= place.parent.entry);
    genesis.parameters.retain(|key, _| !Fork::has_key(key));
    for (number, fork) in (1..).zip(&forks) {
        genesis.parameters.insert(Fork::key(number), fork.to_string());
    }
    let mut config = config.clone();
    let changes = if place.parent.entry == 0 {
        begin_otherwise(args, &mut genesis, &mut config)?
    } else {
        changes(args)?
    };
    let fork = Fork { entry: place.parent.entry, step: place.step, changes };
    forks.push(fork.clone());
    let run = Run::new(&config, genesis.seed, &forks).map_err(usage)?;
    let genesis = child(genesis, place, &fork)?;
    let mut writing = Writing::start(args, &genesis)?;
    carry_out(args, place, run, &mut writing.recorder)?;
    let mut made = writing.finish(args, true)?;
    made.how = "agents re-run and going on";
    made.changes = told(args, place, &fork);
    Ok(made)
}

/// What the options ask for.
fn changes(args: &Args) -> Result<Vec<Change>, Failure> {
    let mut changes: Vec<_> = args.seed.map(Change::Seed).into_iter().collect();
    for setting in &args.set {
        let (key, value) = split(setting)?;
        changes.push(Change::set(key, value).map_err(usage)?);
    }
    for client in &args.without {
        changes.push(Change::without(&client.to_string()).map_err(usage)?);
    }
    for setting in &args.population {
        changes.push(population(setting)?);
    }
    Ok(changes)
}

fn population(setting: &str) -> Result<Change, Failure> {
    let (kind, count) = setting.split_once('=').unwrap_or((setting, ""));
    Change::population(kind.trim(), count.trim()).map_err(usage)
}

/// Before the first entry all but rules and those who leave is the child's own start, as if it had
/// been simulated so.
fn begin_otherwise(
    args: &Args,
    genesis: &mut Genesis,
    config: &mut Config,
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    genesis.seed = args.seed.unwrap_or(genesis.seed);
    let refused = |error: agents::ConfigError| usage(error.into());
    for setting in &args.set {
        let (key, value) = split(setting)?;
        if RULES.iter().any(|rule| rule.name == key) {
            changes.push(Change::set(key, value).map_err(usage)?);
        } else if (key, value) == ("schedule", "none") {
            config.set_schedule(Schedule::EMPTY).map_err(refused)?;
        } else if config.set(key, value).is_err() {
            // The same names and values as behind any other entry, and two more.
            Change::set(key, value).map_err(usage)?;
            config.set(key, value).map_err(refused)?;
        }
    }
    for client in &args.without {
        changes.push(Change::without(&client.to_string()).map_err(usage)?);
    }
    for setting in &args.population {
        if let Change::Population(kind, count) = population(setting)? {
            config.set(kind.parameter(), &count.to_string()).map_err(refused)?;
        }
    }
    configure(genesis, config);
    Ok(changes)
}

/// The changes as they are reported: those in the genesis too.
fn told(args: &Args, place: &Place, fork: &Fork) -> Vec<String> {
    if 0 < place.parent.entry {
        return fork.changes.iter().map(ToString::to_string).collect();
    }
    let mut told: Vec<_> = args.seed.iter().map(|seed| format!("seed {seed}")).collect();
    told.extend(args.set.iter().map(|setting| format!("set {setting}")));
    told.extend(args.without.iter().map(|client| format!("without {client}")));
    told.extend(args.population.iter().map(|setting| format!("population {setting}")));
    told
}

fn carry_out(
    args: &Args,
    place: &Place,
    mut run: Run,
    recorder: &mut Recorder<File>,
) -> Result<(), Failure> {
    let mut player = player(&args.log)?;
    let mut progress = Progress::new("going on", 0);
    let mut venue =
        Forking { logged: Repeat::new(&mut player), shared: place.parent.entry, recorder };
    loop {
        let stop = match run.step(&mut venue) {
            Ok(true) => {
                progress.at(run.entries());
                continue;
            }
            // A run that is over before the entry differs from the log.
            Ok(false) if 0 < venue.shared => venue.check(&Entry::End).err(),
            Ok(false) => None,
            Err(stop) => Some(stop),
        };
        return match stop {
            None => Ok(()),
            Some(Ended::Written(error)) => Err(Failure::log(&args.output, &error)),
            Some(Ended::Logged(stop)) => {
                let otherwise = producer::stopped(&args.log, stop)?;
                let message = format!("{}: {otherwise}", args.log.path.display());
                let hint = "only agents that decide again what the log says can go on from it";
                Err(Failure::new(Exit::Differs, message).with_hint(hint))
            }
        };
    }
}

/// Why the agents stopped.
enum Ended {
    Logged(RepeatError),
    Written(LogError),
}

/// A market that is recorded, and compared with a log as long as both share their entries.
struct Forking<'a> {
    logged: Repeat<'a, LogFile>,
    /// Entries of the log that are yet to be made again.
    shared: u64,
    recorder: &'a mut Recorder<File>,
}

impl Forking<'_> {
    fn check(&mut self, made: &Entry) -> Result<(), Ended> {
        self.logged.expect(made).map_err(Ended::Logged)?;
        self.shared -= 1;
        Ok(())
    }
}

impl Venue for Forking<'_> {
    type Error = Ended;

    fn submit(&mut self, command: Command) -> Result<&[Event], Ended> {
        if 0 < self.shared {
            self.check(&Entry::Command(command))?;
        }
        self.recorder.submit(command).map_err(Ended::Written)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Ended> {
        if 0 < self.shared {
            self.check(&Entry::Decision(decision.into()))?;
        }
        self.recorder.note(decision).map_err(Ended::Written)
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), Ended> {
        if 0 < self.shared {
            self.check(&marked(name, number))?;
        }
        Venue::mark(self.recorder, name, number).map_err(Ended::Written)
    }

    fn engine(&self) -> &Engine {
        self.recorder.engine()
    }
}
