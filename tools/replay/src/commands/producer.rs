//! Re-running the producer of a log: does it decide again what the log says that it decided?

use std::fmt;

use agents::{Config, Fork, Run};
use cli::{Exit, Failure, Interrupt, Progress};
use formats::render::entry_text;
use kernel::{Command, Decision, Engine, Event, Venue};
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis, Mark, PlayError};

use super::{LogPlayer, bytes_of, player, simulate};
use crate::args::Log;

/// A decision or command that the producer makes otherwise now.
#[derive(Debug)]
pub(crate) struct Otherwise {
    number: u64,
    step: u64,
    logged: String,
    made: String,
}

impl Otherwise {
    /// Number of the entry.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }
}

impl fmt::Display for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, step, logged, made } = self;
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
    let Some(config) = configured(log, &genesis)? else {
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
    let refused = |error: agents::ForkError| refused(log, &error);
    let forks = Fork::all(&genesis.parameters).map_err(refused)?;
    let mut run = Run::new(&config, genesis.seed, &forks).map_err(refused)?;
    let interrupt = Interrupt::listen();
    let mut progress = Progress::new("re-running", bytes_of(player.reader()));
    let mut venue = Logged::new(&mut player);
    loop {
        let stopped = match run.step(&mut venue) {
            Ok(true) => None,
            Ok(false) => Some(venue.expect(&Entry::End).err()),
            Err(stop) => Some(Some(stop)),
        };
        match stopped {
            None => {}
            Some(None | Some(Stop::Open)) => return Ok(None),
            Some(Some(Stop::Otherwise(otherwise))) => return Ok(Some(*otherwise)),
            Some(Some(Stop::Play(error))) => return Err(Failure::play(&log.path, &error)),
        }
        interrupt.check()?;
        progress.at(venue.player.reader().offset());
    }
}

/// What the ecology of a log was configured with before any fork; `None` for another producer.
///
/// # Errors
/// Exit 65 for parameters that it does not take; 1 for a market that they do not ask for.
pub(super) fn configured(log: &Log, genesis: &Genesis) -> Result<Option<Config>, Failure> {
    let Some(config) = simulate::config(genesis) else { return Ok(None) };
    let config = config.map_err(|error| refused(log, &error))?;
    if config.genesis() != genesis.market {
        let path = log.path.display();
        let message = format!("{path}: its market is not the one that its parameters ask for");
        return Err(Failure::new(Exit::Differs, message));
    }
    Ok(Some(config))
}

/// Parameters of a log that its producer does not take.
pub(super) fn refused(log: &Log, error: &dyn fmt::Display) -> Failure {
    // Texts of a foreign log are shown, never obeyed.
    let error = error.to_string();
    let message = format!("{}: its parameters: {}", log.path.display(), cli::line(&error));
    Failure::new(Exit::Damaged, message)
}

/// Why a re-run ends early.
pub(super) enum Stop {
    Otherwise(Box<Otherwise>),
    /// An open log ends here: its producer was interrupted.
    Open,
    Play(PlayError),
}

/// A venue that answers out of a log, as long as it is asked what the log says.
pub(super) struct Logged<'a> {
    player: &'a mut LogPlayer,
    events: Vec<Event>,
}

impl<'a> Logged<'a> {
    pub(super) const fn new(player: &'a mut LogPlayer) -> Self {
        Self { player, events: Vec::new() }
    }

    /// What the kernel answered to the entry taken last.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes the next entry of the log, which must be this one.
    pub(super) fn expect(&mut self, made: &Entry) -> Result<(), Stop> {
        let moment = match self.player.advance() {
            Ok(Some(moment)) => moment,
            Ok(None) => return Err(Stop::Open),
            Err(error) => return Err(Stop::Play(error)),
        };
        if moment.entry == made {
            self.events.clear();
            self.events.extend_from_slice(moment.events);
            return Ok(());
        }
        Err(Stop::Otherwise(Box::new(Otherwise {
            number: moment.number,
            step: moment.engine.step().0,
            logged: entry_text(moment.entry),
            made: entry_text(made),
        })))
    }
}

impl Venue for Logged<'_> {
    type Error = Stop;

    fn submit(&mut self, command: Command) -> Result<&[Event], Stop> {
        self.expect(&Entry::Command(command))?;
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Stop> {
        self.expect(&decided(decision))
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), Stop> {
        self.expect(&marked(name, number))
    }

    fn engine(&self) -> &Engine {
        self.player.engine()
    }
}

/// A decision as an entry.
pub(super) fn decided(decision: Decision<'_>) -> Entry {
    Entry::Decision(DecisionEntry {
        agent: decision.agent,
        policy: decision.policy,
        action: decision.action.to_vec(),
        first_reference: decision.first_reference,
        commands: decision.commands,
        observation: decision.observation,
    })
}

/// A mark as an entry.
pub(super) fn marked(name: &str, number: u64) -> Entry {
    let Ok(name) = name.parse() else { unreachable!("a schedule checks its names") };
    Entry::Mark(Mark { name, number })
}
