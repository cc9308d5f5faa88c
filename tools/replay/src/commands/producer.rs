//! Re-running the producer of a log: does it decide again what the log says that it decided?

use std::fmt;

use agents::adversarial::Game;
use agents::{Config, Fork, Run};
use cli::{Exit, Failure, Interrupt, Progress};
use formats::render::entry_text;
use kernel::Venue;
use replay::{Entry, Genesis, Mark, Repeat, RepeatError};

use super::{bytes_of, player, simulate};
use crate::args::Log;

/// Rules that carry a run out, step by step.
#[derive(Debug)]
pub(crate) enum Producer {
    /// The ecology, with its forks.
    Ecology(Box<Run>),
    /// Episodes of an adversarial market.
    Adversarial(Box<Game>),
}

impl Producer {
    /// Who wrote a log; `None` where nobody here did.
    ///
    /// # Errors
    /// Exit 65 for parameters that it does not take; 1 for a market that they do not ask for.
    fn of(log: &Log, genesis: &Genesis) -> Result<Option<Self>, Failure> {
        if let Some(settings) = simulate::adversarial::settings(genesis) {
            let settings = settings.map_err(|error| refused(log, &error))?;
            check_market(log, genesis, &settings.genesis())?;
            return Ok(Some(Self::Adversarial(Box::new(Game::new(&settings, genesis.seed)))));
        }
        let Some(config) = configured(log, genesis)? else { return Ok(None) };
        let refused = |error: agents::ForkError| refused(log, &error);
        let forks = Fork::all(&genesis.parameters).map_err(refused)?;
        let run = Run::new(&config, genesis.seed, &forks).map_err(refused)?;
        Ok(Some(Self::Ecology(Box::new(run))))
    }

    /// Steps carried out so far.
    pub(crate) fn steps(&self) -> u64 {
        match self {
            Self::Ecology(run) => run.ecology().steps(),
            Self::Adversarial(game) => game.steps(),
        }
    }

    /// Steps of the whole run.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Ecology(run) => run.ecology().length(),
            Self::Adversarial(game) => game.length(),
        }
    }

    /// Carries out the next step; false when all are done.
    ///
    /// # Errors
    /// The venue's; the run cannot go on then.
    pub(crate) fn step<V: Venue>(&mut self, venue: &mut V) -> Result<bool, V::Error> {
        match self {
            Self::Ecology(run) => run.step(venue),
            Self::Adversarial(game) => Ok(game.advance(venue)?.is_some()),
        }
    }
}

/// A decision or command that the producer makes otherwise now.
#[derive(Debug)]
pub(crate) struct Otherwise(replay::repeat::Otherwise);

impl Otherwise {
    /// Number of the entry.
    pub(crate) const fn number(&self) -> u64 {
        self.0.number
    }
}

impl fmt::Display for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let replay::repeat::Otherwise { number, step, logged, made } = &self.0;
        let (logged, made) = (entry_text(logged), entry_text(made));
        write!(f, "the producer differs at entry {number} (step {step}): ")?;
        write!(f, "logged `{logged}`, now `{made}`")
    }
}

/// Re-runs the producer of a log against it, which is replayed and checked on the way. `None` when
/// every entry is made again.
///
/// # Errors
/// Exit 125 for a producer that this build cannot re-run, 65 for parameters that it does not take;
/// those of a replay.
pub(crate) fn check(log: &Log) -> Result<Option<Otherwise>, Failure> {
    let mut player = player(log)?;
    let genesis = player.reader().header().genesis.clone();
    let Some(mut run) = Producer::of(log, &genesis)? else {
        let path = log.path.display();
        let name = genesis.producer.escape_debug();
        let message = format!("{path}: the producer `{name}` cannot be re-run here");
        let hint = if genesis.producer == simulate::LEARN {
            "policies decided: learn verify RUN trains them again; without --producer, chain and replay \
             are checked"
        } else {
            "without --producer, chain and replay are checked"
        };
        return Err(Failure::new(Exit::CannotTest, message).with_hint(hint));
    };
    let interrupt = Interrupt::listen();
    let mut progress = Progress::new("re-running", bytes_of(player.reader()));
    let mut venue = Repeat::new(&mut player);
    loop {
        let ended = match run.step(&mut venue) {
            Ok(true) => None,
            Ok(false) => Some(venue.expect(&Entry::End).err()),
            Err(stop) => Some(Some(stop)),
        };
        match ended {
            None => {}
            Some(None | Some(RepeatError::Short { .. })) => return Ok(None),
            Some(Some(stop)) => return stopped(log, stop).map(Some),
        }
        interrupt.check()?;
        progress.at(venue.player().reader().offset());
    }
}

/// Why a run that is carried out again got no further, before its log ended: the entry that it makes
/// otherwise.
///
/// # Errors
/// Those of a replay; exit 65 for a log that changed meanwhile.
pub(super) fn stopped(log: &Log, stop: RepeatError) -> Result<Otherwise, Failure> {
    match stop {
        RepeatError::Play(error) => Err(Failure::play(&log.path, &error)),
        RepeatError::Otherwise(otherwise) => Ok(Otherwise(*otherwise)),
        RepeatError::Short { .. } | RepeatError::Long { .. } | _ => Err(changed(log)),
    }
}

/// A log of which entries are no longer what they were.
pub(super) fn changed(log: &Log) -> Failure {
    let message = format!("{}: changed while it was read", log.path.display());
    Failure::new(Exit::Damaged, message)
}

/// What the ecology of a log was configured with before any fork; `None` for another producer.
///
/// # Errors
/// Exit 65 for parameters that it does not take; 1 for a market that they do not ask for.
pub(super) fn configured(log: &Log, genesis: &Genesis) -> Result<Option<Config>, Failure> {
    let Some(config) = simulate::config(genesis) else { return Ok(None) };
    let config = config.map_err(|error| refused(log, &error))?;
    check_market(log, genesis, &config.genesis())?;
    Ok(Some(config))
}

/// Sees that a log's market is the one that its parameters ask for.
fn check_market(log: &Log, genesis: &Genesis, asked: &kernel::Genesis) -> Result<(), Failure> {
    if *asked == genesis.market {
        return Ok(());
    }
    let path = log.path.display();
    let message = format!("{path}: its market is not the one that its parameters ask for");
    Err(Failure::new(Exit::Differs, message))
}

/// Parameters of a log that its producer does not take.
pub(super) fn refused(log: &Log, error: &dyn fmt::Display) -> Failure {
    // Texts of a foreign log are shown, never obeyed.
    let error = error.to_string();
    let message = format!("{}: its parameters: {}", log.path.display(), cli::line(&error));
    Failure::new(Exit::Damaged, message)
}

/// A mark as an entry.
pub(super) fn marked(name: &str, number: u64) -> Entry {
    let Ok(mark) = Mark::new(name, number) else { unreachable!("a schedule checks its names") };
    Entry::Mark(mark)
}
