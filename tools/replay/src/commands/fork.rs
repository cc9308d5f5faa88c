//! `replay fork`: another future of a log, from one of its entries on.

mod agents_on;
mod open_loop;

use std::fs::File;

use agents::{Config, Fork};
use cli::{Exit, Failure, Interrupt, NewLog};
use kernel::Venue;
use replay::state::state_digest;
use replay::{Digest, Genesis, Parent, Position, Recorder, Seeker, SyncPolicy};
use serde_json::json;

use super::{print, print_json, producer, refuse_in_place, seeking, simulate, table};
use crate::args::{Fork as Args, Log};

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    refuse_in_place(&args.log.path, &args.output)?;
    Interrupt::at_once("replay");
    let (place, genesis) = Place::find(&args.log, &args.at)?;
    if genesis.producer == simulate::LEARN {
        let path = args.log.path.display();
        let message = format!("{path}: the producer `learn` cannot be re-run here");
        let hint = "policies decide there: learn fork RUN --update K goes on with a run, learn verify RUN \
                    trains it again";
        return Err(Failure::new(Exit::CannotTest, message).with_hint(hint));
    }
    let config = producer::configured(&args.log, &genesis)?;
    let made = match &config {
        Some(config) => agents_on::record(args, &place, genesis, config)?,
        None => open_loop::record(args, &place, genesis)?,
    };
    report(args, &place, &made)?;
    Ok(Exit::Ok)
}

/// Where a log is left.
struct Place {
    parent: Parent,
    /// The step in which that entry stands.
    step: u64,
    /// Whether the log has its end.
    is_ended: bool,
}

impl Place {
    /// The place, and what the log starts from.
    fn find(log: &Log, at: &Position) -> Result<(Self, Genesis), Failure> {
        let fail = |error| Failure::log(&log.path, &error);
        let archive = seeking::archive(log)?;
        let (is_ended, genesis) = (archive.is_ended(), archive.header().genesis.clone());
        let mut entry = seeking::resolve(&log.path, &archive, at)?;
        // No future follows an end: the last entry that can be shared is the one before.
        entry -= u64::from(is_ended && entry == archive.entries());
        let before = archive.find(entry).map_err(fail)?.unwrap_or(1) - 1;
        let mut reader = archive.reader_behind(before).map_err(fail)?;
        let Some(parent) = Parent::find(&mut reader, entry).map_err(fail)? else {
            unreachable!("the log has that entry")
        };
        let mut seeker = Seeker::new(archive, None);
        let step = seeking::go(&log.path, &mut seeker, entry)?.engine().step().0;
        Ok((Self { parent, step, is_ended }, genesis))
    }
}

/// A log that was made.
struct Made {
    /// What changed, as text.
    changes: Vec<String>,
    /// How the future came about.
    how: &'static str,
    /// Entries of the parent that were left out.
    dropped: u64,
    entries: u64,
    is_ended: bool,
    head: Digest,
    /// Of the last sealed block.
    seal: Digest,
    state: Digest,
}

/// A fork being written.
struct Writing {
    new: NewLog,
    recorder: Recorder<File>,
}

impl Writing {
    fn start(args: &Args, genesis: &Genesis) -> Result<Self, Failure> {
        let new = NewLog::create(&args.output, args.force)?;
        let (log, tail) = (new.log()?, new.tail()?);
        // Nothing is acknowledged before the whole fork is durable.
        let recorder = Recorder::create(genesis, log, tail, SyncPolicy::None);
        let recorder = recorder.map_err(|error| Failure::log(&args.output, &error))?;
        Ok(Self { new, recorder })
    }

    /// Makes the log durable under its final name, with an end or without.
    fn finish(self, args: &Args, is_ended: bool) -> Result<Made, Failure> {
        let fail = |error| Failure::log(&args.output, &error);
        let Self { new, mut recorder } = self;
        let (changes, how, dropped) = (Vec::new(), "", 0);
        let made = if is_ended {
            let replay::recorder::Finished { entries, head, seal, state } =
                recorder.finish().map_err(fail)?;
            Made { changes, how, dropped, entries, is_ended, head, seal, state }
        } else {
            recorder.sync().map_err(fail)?;
            let (entries, head, seal) =
                (recorder.entries(), recorder.head(), recorder.seal_so_far());
            let state = state_digest(recorder.engine());
            Made { changes, how, dropped, entries, is_ended, head, seal, state }
        };
        new.commit()?;
        cli::write_note(&args.output)?;
        Ok(made)
    }
}

/// The genesis of the child, but for what a fork at entry 0 changes.
fn child(mut genesis: Genesis, place: &Place, fork: &Fork) -> Result<Genesis, Failure> {
    genesis.parent = Some(place.parent);
    let number = genesis.parameters.keys().filter(|key| Fork::has_key(key)).count() + 1;
    if agents::fork::FORKS_MAX < number {
        let message = format!("a log has at most {} forks behind it", agents::fork::FORKS_MAX);
        return Err(Failure::new(Exit::Usage, message));
    }
    genesis.parameters.insert(Fork::key(number), fork.to_string());
    Ok(genesis)
}

/// Key and value of a setting.
fn split(setting: &str) -> Result<(&str, &str), Failure> {
    let Some((key, value)) = setting.split_once('=') else {
        let message = format!("--set {setting}: it takes KEY=VALUE, such as tax=1");
        return Err(Failure::new(Exit::Usage, message));
    };
    Ok((key.trim(), value.trim()))
}

/// A change that cannot be had.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn usage(error: agents::ForkError) -> Failure {
    let hint = "replay fork --help names the rules; replay simulate --list shows every parameter";
    Failure::new(Exit::Usage, error.to_string()).with_hint(hint)
}

/// The parameters of a configuration in place of those that a genesis has.
fn configure(genesis: &mut Genesis, config: &Config) {
    genesis.parameters.retain(|key, _| !key.starts_with("schedule."));
    genesis.parameters.extend(config.parameters());
    genesis.market = config.genesis();
}

fn report(args: &Args, place: &Place, made: &Made) -> Result<(), Failure> {
    let Parent { seal, entry, head } = place.parent;
    if args.json {
        return print_json(&json!({
            "schema": "replay.fork/1",
            "log": args.output.display().to_string(),
            "parent": args.log.path.display().to_string(),
            "parent_seal": seal.to_string(),
            "entry": entry,
            "step": place.step,
            "fork_head": head.to_string(),
            "changes": made.changes,
            "future": made.how,
            "dropped": made.dropped,
            "entries": made.entries,
            "ended": made.is_ended,
            "head": made.head.to_string(),
            "seal": made.seal.to_string(),
            "state": made.state.to_string(),
        }));
    }
    let mut rows = vec![
        ("log", args.output.display().to_string()),
        ("parent", args.log.path.display().to_string()),
        ("leaves at", format!("entry {entry}, step {}, head {head}", place.step)),
    ];
    rows.extend(made.changes.iter().map(|change| ("change", change.clone())));
    if made.changes.is_empty() {
        rows.push(("change", "none".to_owned()));
    }
    rows.push(("future", made.how.to_owned()));
    if 0 < made.dropped {
        rows.push(("left out", format!("{} entries of the parent", made.dropped)));
    }
    let end = if made.is_ended { "" } else { " (open, without an end entry)" };
    rows.extend([
        ("entries", format!("{}{end}", made.entries)),
        ("head", made.head.to_string()),
        ("seal", made.seal.to_string()),
        ("state", made.state.to_string()),
    ]);
    print(&table(&rows))
}
