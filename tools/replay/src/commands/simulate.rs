//! `replay simulate`: record a market of fixed-rule agents.

use std::fmt::Write as _;
use std::io::BufReader;
use std::path::Path;

use agents::config::PARAMETERS;
use agents::{Calibration, Config, Fork, Run, Schedule};
use cli::{Exit, Failure, Interrupt, Progress, Recording};
use formats::daily;
use kernel::Venue;
use replay::recorder::Finished;
use replay::{Genesis, LogError, SyncPolicy};
use serde_json::json;

use super::producer::Producer;
use super::{print, print_json, table};
use crate::args::{Simulate, System};

pub(crate) mod adversarial;

/// The producer of ecology logs, as their genesis names it.
pub(crate) const PRODUCER: &str = "ecology";
/// The producer of markets in which policies decide, and of a run's log of updates.
pub(crate) use runs::train_log::PRODUCER as LEARN;

/// Whether a log is of an ecology's market, with fixed rules or learned policies: its clients are
/// agents by their numbers, nature tells a fair value, a step is a second.
pub(crate) fn has_ecology(genesis: &Genesis) -> bool {
    genesis.producer == PRODUCER || is_learned(genesis)
}

/// Whether a log is of a market in which policies may decide.
pub(crate) fn is_learned(genesis: &Genesis) -> bool {
    genesis.producer == LEARN && genesis.parameters.contains_key(agents::Kind::Maker.parameter())
}
/// Parameters of a genesis that are no parameters of the ecology: they only tell where those are from.
const ORIGINS: [&str; 2] = [PRESET, CALIBRATION];
/// The preset that a run started from.
pub(crate) const PRESET: &str = "preset";
/// What the fair value was calibrated to.
const CALIBRATION: &str = "calibration";

/// The preset that runs start from unless another is named.
const STANDARD: &str = "realistic";

pub(crate) fn run(args: &Simulate) -> Result<Exit, Failure> {
    match args.system {
        System::Ecology => ecology(args),
        System::Adversarial => adversarial::run(args),
    }
}

fn ecology(args: &Simulate) -> Result<Exit, Failure> {
    refuse(
        args.system,
        &[
            ("--episodes", args.episodes.is_some()),
            ("--mode", args.mode.is_some()),
            ("--config", !args.layered.configs.is_empty()),
            ("--override", !args.layered.overrides.is_empty()),
        ],
    )?;
    let preset = args.preset.as_deref().unwrap_or(STANDARD);
    let mut config = Config::preset(preset).map_err(usage)?;
    let calibration = args.fair_value_csv.as_deref();
    let calibration = calibration.map(|path| calibrate(path, args.steps_per_day, &mut config));
    let calibration = calibration.transpose()?;
    settle(args, &mut config)?;
    if args.list {
        return list(&config, args.json);
    }
    let seed = args.seed.unwrap_or(SEED);
    let mut genesis = genesis(&config, preset, seed);
    if let Some(calibration) = calibration {
        genesis.parameters.insert(CALIBRATION.to_owned(), calibration);
    }
    carry_out(args, &genesis, preset, ecology_run(&config, seed))
}

/// Seed of every draw unless another is given.
const SEED: u64 = 42;

/// An ecology without forks.
pub(crate) fn ecology_run(config: &Config, seed: u64) -> Producer {
    let Ok(run) = Run::new(config, seed, &[]) else { unreachable!("nothing is changed") };
    Producer::Ecology(Box::new(run))
}

/// Refuses options that the system does not have.
fn refuse(system: System, given: &[(&str, bool)]) -> Result<(), Failure> {
    let Some((option, _)) = given.iter().find(|(_, is_given)| *is_given) else { return Ok(()) };
    let (name, other) = match system {
        System::Ecology => ("ecology", "adversarial"),
        System::Adversarial => ("adversarial", "ecology"),
    };
    let message = format!("{option} is nothing to --system {name}");
    let hint = format!("it belongs to --system {other}");
    Err(Failure::new(Exit::Usage, message).with_hint(hint))
}

/// Records what the options ask for, and tells what it came to.
fn carry_out(
    args: &Simulate,
    genesis: &Genesis,
    preset: &str,
    producer: Producer,
) -> Result<Exit, Failure> {
    let Some(path) = &args.output else { unreachable!("asked for unless there is a list") };
    if args.force {
        cli::remove_log(path)?;
    }
    let durable = args.durable_every.map(|every| Durable { every, is_json: args.json });
    let steps = producer.length();
    let finished = record(path, genesis, producer, durable)?;
    report(args, path, (preset, genesis.seed, steps), &finished)?;
    Ok(Exit::Ok)
}

/// Applies the options that change parameters, in the order in which they stand in the help.
fn settle(args: &Simulate, config: &mut Config) -> Result<(), Failure> {
    let counts = [
        ("market_makers", args.market_makers),
        ("momentum", args.momentum),
        ("value", args.value),
        ("noise", args.noise),
        ("steps", args.steps),
    ];
    for (key, count) in counts {
        if let Some(count) = count {
            config.set(key, &count.to_string()).map_err(usage)?;
        }
    }
    set(&args.set, config)
}

/// Applies settings of the form KEY=VALUE.
pub(super) fn set(settings: &[String], config: &mut Config) -> Result<(), Failure> {
    for setting in settings {
        let Some((key, value)) = setting.split_once('=') else {
            let message = format!("--set {setting}: it takes KEY=VALUE, such as market.tax=1");
            return Err(Failure::new(Exit::Usage, message));
        };
        config.set(key.trim(), value.trim()).map_err(usage)?;
    }
    Ok(())
}

/// A parameter that cannot be had.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn usage(error: agents::ConfigError) -> Failure {
    let hint = "replay simulate --list shows every parameter";
    Failure::new(Exit::Usage, error.to_string()).with_hint(hint)
}

/// Sets the fair value's drift and volatility from a file of daily closes; says what was found.
fn calibrate(path: &Path, steps_per_day: u32, config: &mut Config) -> Result<String, Failure> {
    let file = BufReader::new(cli::open_input(path)?);
    let series = daily::read(file)
        .map_err(|error| Failure::new(Exit::Damaged, format!("{}: {error}", path.display())))?;
    let refused = |error: agents::CalibrationError| {
        Failure::new(Exit::Damaged, format!("{}: {error}", path.display()))
    };
    let calibration = Calibration::of(&series.closes).map_err(refused)?;
    calibration.apply(steps_per_day, config).map_err(refused)?;
    Ok(format!(
        "{} daily returns from {} to {}, {steps_per_day} steps a day",
        series.closes.len() - 1,
        series.first,
        series.last,
    ))
}

fn list(config: &Config, is_json: bool) -> Result<Exit, Failure> {
    if is_json {
        let rows = config.values().map(|(parameter, value)| {
            json!({
                "key": parameter.key,
                "value": value.to_string(),
                "unit": parameter.unit,
                "min": parameter.min.to_string(),
                "max": parameter.max.to_string(),
                "about": parameter.about,
            })
        });
        let rows: Vec<_> = rows.collect();
        let schedule: Vec<_> =
            config.schedule().entries().iter().map(ToString::to_string).collect();
        print_json(&json!({
            "schema": "replay.parameters/1",
            "parameters": rows,
            "schedule": schedule,
        }))?;
        return Ok(Exit::Ok);
    }
    let width = PARAMETERS.iter().map(|parameter| parameter.key.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (parameter, value) in config.values() {
        let key = parameter.key;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{key:width$}  {:>9}  {}", value.to_string(), parameter.about);
        let _ = writeln!(text, "{:width$}             {}", "", parameter.accepted());
    }
    for (number, entry) in (1..).zip(config.schedule().entries()) {
        let _ = writeln!(text, "{:width$}  {entry}", Schedule::key(number));
    }
    print(&text)?;
    Ok(Exit::Ok)
}

fn report(
    args: &Simulate,
    path: &Path,
    (preset, seed, steps): (&str, u64, u64),
    finished: &Finished,
) -> Result<(), Failure> {
    if args.json {
        return print_json(&json!({
            "schema": "replay.simulate/1",
            "log": path.display().to_string(),
            "preset": preset,
            "seed": seed,
            "steps": steps,
            "entries": finished.entries,
            "head": finished.head.to_string(),
            "seal": finished.seal.to_string(),
            "state": finished.state.to_string(),
        }));
    }
    print(&table(&[
        ("log", path.display().to_string()),
        ("preset", format!("{preset}, seed {seed}")),
        ("steps", steps.to_string()),
        ("entries", finished.entries.to_string()),
        ("head", finished.head.to_string()),
        ("seal", finished.seal.to_string()),
        ("state", finished.state.to_string()),
    ]))
}

/// What an ecology's log starts from.
pub(crate) fn genesis(config: &Config, preset: &str, seed: u64) -> Genesis {
    let mut parameters = config.parameters();
    parameters.insert(PRESET.to_owned(), preset.to_owned());
    Genesis { seed, parameters, ..Genesis::new(config.genesis(), PRODUCER) }
}

/// The configuration in a log's genesis, before any fork; `None` when another producer wrote the log.
pub(crate) fn config(genesis: &Genesis) -> Option<Result<Config, agents::ConfigError>> {
    if genesis.producer != PRODUCER {
        return None;
    }
    let mut parameters = genesis.parameters.clone();
    parameters.retain(|key, _| !ORIGINS.contains(&key.as_str()) && !Fork::has_key(key));
    Some(Config::from_parameters(&parameters))
}

/// When all entries so far become durable, and how that is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Durable {
    /// Every so many steps.
    every: u32,
    is_json: bool,
}

impl Durable {
    /// Makes everything so far durable, and says so once it is.
    fn tell(self, path: &Path, recording: &mut Recording) -> Result<(), Failure> {
        let recorder = recording.recorder();
        recorder.sync().map_err(|error| Failure::log(path, &error))?;
        let (entry, head) = (recorder.acknowledged(), recorder.head().to_string());
        let told = if self.is_json {
            print_json(&json!({ "schema": "replay.durable/1", "entry": entry, "head": head }))
        } else {
            print(&format!("durable {entry} {head}\n"))
        };
        match told {
            // Nobody listens any more; the recording goes on.
            Err(failure) if failure.exit == Exit::Ok => Ok(()),
            told => told,
        }
    }
}

/// Records a whole run; an interrupted one stays open and valid.
pub(crate) fn record(
    path: &Path,
    genesis: &Genesis,
    mut producer: Producer,
    durable: Option<Durable>,
) -> Result<Finished, Failure> {
    let interrupt = Interrupt::listen();
    let fail = |error: LogError| Failure::log(path, &error);
    let mut recording = Recording::create(path, genesis, SyncPolicy::Block)?;
    cli::write_note(path)?;
    let mut progress = Progress::new("simulating", producer.length());
    while producer.step(recording.recorder()).map_err(fail)? {
        progress.at(producer.steps());
        if let Some(durable) = durable
            && producer.steps().is_multiple_of(durable.every.into())
        {
            durable.tell(path, &mut recording)?;
        }
        if let Err(interrupted) = interrupt.check() {
            recording.recorder().sync().map_err(fail)?;
            let hint = format!("what was recorded stays: replay run {}", path.display());
            return Err(interrupted.with_hint(hint));
        }
    }
    debug_assert_eq!(recording.recorder().engine().check(), Ok(()));
    recording.finish().map_err(fail)
}
