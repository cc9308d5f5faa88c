//! How the makers of a run quote: by the logs of its last markets, beside the fixed rule.

use std::convert::Infallible;
use std::path::PathBuf;

use agents::{Ecology, Kind};
use cli::{Exit, Failure, Progress};
use kernel::{Command, Decision, Engine, Event, Unlogged, Venue};
use replay::{Entry, Moment};
use report::{Makers, QuoteTracker, Quotes};
use runs::folder::Run;
use runs::folder::manifest::{Manifest, MarketId};

use super::failure;
use crate::args::{Log, Report};
use crate::commands::stats::plan::Kind as LogKind;
use crate::commands::{play, player, refuse_in_place};

/// Most markets that are replayed: the end of training, not all of it.
const MARKETS_MAX: usize = 8;

/// How they quote; why that cannot be told of this run.
///
/// * `logs` - of fixed makers; without any, the same markets are simulated with fixed rules.
pub(super) fn of(
    args: &Report,
    run: &Run,
    logs: &[PathBuf],
) -> Result<Result<Makers, String>, Failure> {
    let logs: Vec<_> = logs.iter().map(|path| log(args, path.clone())).collect();
    for log in &logs {
        refuse_in_place(&log.path, &args.output)?;
        crate::commands::open(log)?;
    }
    if !run.config().learners.contains(&Kind::Maker) {
        return Ok(Err("the makers of this run follow their fixed rule (learners)".to_owned()));
    }
    let markets = last(run.manifest());
    if markets.is_empty() {
        return Ok(Err(
            "the run kept no market logs; learn train --override train.keep_logs=last \
                       keeps those of the last lives"
                .to_owned(),
        ));
    }
    let (mut learned, mut fixed) = (Quotes::default(), Quotes::default());
    for id in &markets {
        // Compared with what the run knows of it before it is believed.
        drop(run.market_archive(*id).map_err(|error| failure(&error))?);
        let (quotes, steps) = quotes(&log(args, run.market_path(*id)))?;
        learned.add(quotes);
        if let (Some(market), true) = (run.manifest().markets.get(id), logs.is_empty()) {
            fixed.add(simulated(&run.config().ecology(steps.max(1)), market.seed, steps));
        }
    }
    let names: Vec<_> = markets.iter().map(ToString::to_string).collect();
    let mut fixed_in =
        "the same markets simulated with fixed rules, from the same seeds".to_owned();
    for log in &logs {
        let (quotes, _) = quotes(log)?;
        let path = log.path.display();
        if quotes.space.is_some() || quotes.list.is_empty() {
            let message = format!("{path}: no maker follows its fixed rule in it");
            let hint = "beside a run, a log of fixed rules: replay simulate -o FIXED.log; without \
                        one, the same markets are simulated";
            return Err(Failure::new(Exit::Differs, message).with_hint(hint));
        }
        fixed.add(quotes);
    }
    if !logs.is_empty() {
        let names: Vec<_> = logs.iter().map(|log| log.path.display().to_string()).collect();
        fixed_in = names.join(", ");
    }
    Ok(Ok(Makers { learned, learned_in: told(&names), fixed, fixed_in }))
}

fn told(names: &[String]) -> String {
    match names {
        [one] => format!("market {one}"),
        all => format!("markets {}", all.join(", ")),
    }
}

fn log(args: &Report, path: PathBuf) -> Log {
    Log { path, limits: args.limits.clone() }
}

/// Of each of the first environments the longer one of its last two kept lives: the last may have
/// just begun.
fn last(manifest: &Manifest) -> Vec<MarketId> {
    let kept = manifest.markets.iter().filter(|(_, market)| market.is_kept);
    let mut by_environment: Vec<Vec<(MarketId, u64)>> = Vec::new();
    for (id, market) in kept {
        let life = (*id, market.end.entries);
        match by_environment.last_mut() {
            Some(lives) if lives.iter().all(|(it, _)| it.environment == id.environment) => {
                lives.push(life);
            }
            _ => by_environment.push(vec![life]),
        }
    }
    let longest = by_environment.iter().filter_map(|lives| {
        let last = lives.get(lives.len().saturating_sub(2)..)?;
        last.iter().max_by_key(|(id, entries)| (*entries, id.life)).map(|(id, _)| *id)
    });
    longest.take(MARKETS_MAX).collect()
}

/// The quotes of makers in a log, and its steps.
fn quotes(log: &Log) -> Result<(Quotes, u64), Failure> {
    let mut player = player(log)?;
    let genesis = &player.reader().header().genesis;
    let cap = LogKind::of_genesis(genesis).spread_cap();
    let mut tracker = QuoteTracker::new(cap, &genesis.market);
    play(log, &mut player, |moment: &Moment<'_>| {
        match moment.entry {
            Entry::Decision(decision) => tracker.decided(&decision.view(), moment.engine),
            Entry::Command(command) => tracker.applied(command, moment.events, moment.engine),
            Entry::Mark(_) | Entry::Update(_) | Entry::End => {}
        }
        Ok(())
    })?;
    Ok((tracker.finish(), player.engine().step().0))
}

/// The quotes of fixed makers in a market of so many steps.
fn simulated(config: &agents::Config, seed: u64, steps: u64) -> Quotes {
    let market = config.genesis();
    let cap = config.parameters().get("market.spread_cap").and_then(|cap| cap.parse().ok());
    let Ok(engine) = Engine::new(&market) else { return Quotes::default() };
    let tracker = QuoteTracker::new(cap, &market);
    let mut venue = Watched { venue: Unlogged::new(engine), tracker, events: Vec::new() };
    let mut ecology = Ecology::new(config, seed);
    let mut progress = Progress::new("simulating", steps);
    while ecology.steps() < steps {
        let Ok(()) = ecology.step(&mut venue);
        progress.at(ecology.steps());
    }
    venue.tracker.finish()
}

/// A market that nobody records, watched.
struct Watched {
    venue: Unlogged,
    tracker: QuoteTracker,
    events: Vec<Event>,
}

impl Venue for Watched {
    type Error = Infallible;

    fn submit(&mut self, command: Command) -> Result<&[Event], Infallible> {
        self.events.clear();
        self.events.extend_from_slice(self.venue.submit(command)?);
        self.tracker.applied(&command, &self.events, self.venue.engine());
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Infallible> {
        self.tracker.decided(&decision, self.venue.engine());
        Ok(())
    }

    fn mark(&mut self, _: &str, _: u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn engine(&self) -> &Engine {
        self.venue.engine()
    }
}
