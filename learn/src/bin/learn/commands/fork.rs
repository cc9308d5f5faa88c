//! `learn fork`: another future of a run from any update on.

use std::fs::File;

use agents::Kind;
use cli::{Exit, Failure, Interrupt};
use learn::environment::World;
use learn::trainer::{Heads, Trainer};
use replay::Recorder;
use runs::checkpoint::{Checkpoint, Environment, LogPlace};
use runs::config::Config;
use runs::folder::{MarketId, Writer};
use runs::train_log::{self, Parent};

use super::train::{Report, report, train};
use crate::args::Fork;
use crate::keeper::failure;
use crate::machine;
use crate::past::Past;
use crate::session::{Session, trouble, write_record};

mod changes;

use changes::{Changes, changed};

pub(crate) fn run(args: &Fork) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let past = Past::open(&args.run)?;
    past.check_made(args.update)?;
    let config = changed(past.run.config(), &args.overrides)?;
    let changes = Changes::between(past.run.config(), &config);
    changes.check(past.run.config(), &config, args.update)?;
    // Looked at first: nobody waits for updates to be made again, to hear that the name is taken.
    if args.output.symlink_metadata().is_ok() {
        return Err(failure(runs::folder::FolderError::Exists(args.output.clone())));
    }
    let mut checkpoint = past.at(args.update, &interrupt)?;
    if !changes.are_markets_new {
        for (environment, place) in (0..).zip(&checkpoint.environments) {
            past.run.market(MarketId { environment, life: place.life }).map_err(failure)?;
        }
    }
    join_new_learners(&config, &changes, &mut checkpoint)?;
    prepare(&past, &config, &changes, checkpoint, args)?;
    let session = Session::resume(&args.output, Some(args.update))?.session;
    let trained = train(session)?;
    report(&trained, &Report { root: &args.output, is_json: args.json, schema: "learn.fork/1" })?;
    Ok(Exit::Ok)
}

/// Types that learn from now on begin as those of a new run do.
fn join_new_learners(
    config: &Config,
    changes: &Changes,
    checkpoint: &mut Checkpoint,
) -> Result<(), Failure> {
    if changes.new_learners.is_empty() {
        return Ok(());
    }
    let fresh = Trainer::begin(config, Heads::default()).map_err(trouble)?;
    let fresh = fresh.checkpoint(LogPlace::START).map_err(trouble)?;
    let is_new = |kind: &Kind| changes.new_learners.contains(kind);
    let new = fresh.learners.into_iter().filter(|(kind, _)| is_new(kind));
    checkpoint.learners.extend(new);
    Ok(())
}

/// Writes the directory of the fork up to the update that both share.
fn prepare(
    past: &Past,
    config: &Config,
    changes: &Changes,
    mut checkpoint: Checkpoint,
    args: &Fork,
) -> Result<(), Failure> {
    let update = args.update;
    let mut writer = Writer::create(&args.output, config).map_err(failure)?;
    if changes.are_markets_new {
        checkpoint.environments = begin_markets(&mut writer, config, &checkpoint)?;
    } else {
        writer.adopt_markets(&past.run, &checkpoint.environments).map_err(failure)?;
    }
    let head = head_at(past, update)?;
    let parent = Parent { config: past.run.config().digest(), update, head };
    let genesis = train_log::genesis_of_fork(config, &machine::kind(), parent);
    let mut updates = writer.create_train_log(&genesis).map_err(failure)?;
    repeat(past, update, &mut updates)?;
    let path = writer.train_log_path();
    updates.sync().map_err(|error| Failure::log(&path, &error))?;
    writer.adopt_figures(&past.run, update).map_err(failure)?;
    checkpoint.config = config.digest();
    checkpoint.update = update;
    checkpoint.train_log = LogPlace { entry: updates.entries(), head: updates.head() };
    writer.save(&checkpoint).map_err(failure)
}

/// Begins the next life of every environment, in the market that it has now.
fn begin_markets(
    writer: &mut Writer,
    config: &Config,
    checkpoint: &Checkpoint,
) -> Result<Vec<Environment>, Failure> {
    let usage = |error: String| Failure::new(Exit::Usage, error);
    let world = World::new(config).map_err(|error| usage(error.to_string()))?;
    let mut environments = Vec::new();
    let mut lives = checkpoint.environments.iter().map(|it| it.life);
    for environment in 0..config.train.environments {
        let life = lives.next().map_or(1, |life| life.saturating_add(1));
        let seed = world.seed(environment, life);
        let genesis = world.genesis(seed, environment, life);
        let id = MarketId { environment, life };
        let mut recorder = writer.create_market(id, &genesis).map_err(failure)?;
        let path = writer.market_path(id);
        recorder.sync().map_err(|error| Failure::log(&path, &error))?;
        environments.push(Environment { life, seed, steps: 0, log: LogPlace::START });
    }
    Ok(environments)
}

/// Writes the parent's updates up to one.
fn repeat(past: &Past, update: u64, updates: &mut Recorder<File>) -> Result<(), Failure> {
    let shared = past.log.updates.iter().take_while(|it| it.update <= update);
    shared.into_iter().try_for_each(|record| write_record(updates, record))
}

/// Head of the parent's log of updates behind an update.
fn head_at(past: &Past, update: u64) -> Result<replay::Digest, Failure> {
    let path = past.run.train_log_path();
    let mut entries = 0;
    for record in past.log.updates.iter().take_while(|it| it.update <= update) {
        let made = record.entries();
        let made = made.map_err(|error| Failure::new(Exit::Damaged, error.to_string()))?;
        entries += made.len() as u64;
    }
    let cut = replay::cut::cut(past.run.train_log().map_err(failure)?, entries);
    Ok(cut.map_err(|error| Failure::log(&path, &error))?.head)
}
