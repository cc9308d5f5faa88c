//! One fork, carried on to its end without a log, or until nothing is left to wait for.

use agents::fork::Change;
use cli::{Exit, Failure};
use kernel::{Command, Decision, Engine, Event, Venue};
use replay::Entry;

use super::carry::Standing;
use super::outcome::{First, Watch};
use crate::commands::pool::{Pace, Stopped};
use crate::commands::producer::marked;

/// Steps between two looks at whether to go on.
const PACE: u64 = 512;

/// The first moment of each outcome in the fork of this seed, what both share included.
///
/// # Errors
/// `None` when other work failed; exit 130 when the user interrupted.
pub(super) fn firsts(
    standing: &Standing,
    seed: u64,
    pace: &Pace<'_>,
) -> Result<Vec<Option<First>>, Stopped> {
    let run = standing.run.forked(vec![Change::Seed(seed)]);
    // Another seed needs nothing that the log's own run does not have.
    let mut run = run.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let mut venue = Alone {
        engine: standing.engine.clone(),
        events: Vec::new(),
        watch: standing.watch.clone(),
    };
    let (length, mut told) = (run.ecology().length(), run.ecology().steps());
    loop {
        match run.step(&mut venue) {
            Ok(true) => {}
            Ok(false) => {
                venue.watch.see(&Entry::End, &[], &venue.engine);
                break;
            }
            Err(AllThere) => break,
        }
        let steps = run.ecology().steps();
        if steps.is_multiple_of(PACE) {
            pace.advance(steps - told)?;
            told = steps;
        }
    }
    // Steps that nobody needs are done too.
    pace.advance(length.saturating_sub(told))?;
    Ok(venue.watch.firsts())
}

/// Every outcome has been there: nothing that follows can matter.
struct AllThere;

/// A market that nobody records.
struct Alone {
    engine: Engine,
    events: Vec<Event>,
    watch: Watch,
}

impl Alone {
    const fn stop(is_over: bool) -> Result<(), AllThere> {
        if is_over { Err(AllThere) } else { Ok(()) }
    }
}

impl Venue for Alone {
    type Error = AllThere;

    fn submit(&mut self, command: Command) -> Result<&[Event], AllThere> {
        self.events.clear();
        self.engine.apply(&command, &mut self.events);
        self.watch.see(&Entry::Command(command), &self.events, &self.engine);
        Self::stop(self.watch.has_all())?;
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), AllThere> {
        self.watch.see_decision(decision, &self.engine);
        Self::stop(self.watch.has_all())
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), AllThere> {
        self.watch.see(&marked(name, number), &[], &self.engine);
        Self::stop(self.watch.has_all())
    }

    fn engine(&self) -> &Engine {
        &self.engine
    }
}
