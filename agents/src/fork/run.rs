//! A run with its forks: the ecology, and what is changed behind which entry.

use std::collections::VecDeque;

use kernel::{Command, Decision, Engine, Event, Venue};

use super::plan::{Amendment, plan};
use super::{Change, Fork, ForkError};
use crate::agent::Kind;
use crate::config::Config;
use crate::ecology::Ecology;

/// An ecology from its first step to its last, whatever forks change on the way.
///
/// It counts the entries that it makes, from 1, as a log does. Without forks it is the ecology and
/// nothing else.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it began under, before any fork.
    config: Config,
    forks: Vec<Fork>,
    ecology: Ecology,
    amendments: Vec<Amendment>,
    /// Amendments that hold by now.
    amended: usize,
    progress: Progress,
}

/// What stands between the ecology and the venue.
#[derive(Clone, Debug, Default)]
struct Progress {
    /// Entries made so far.
    entries: u64,
    /// Amendments whose commands were taken up.
    begun: usize,
    /// Commands that come before anything else.
    due: VecDeque<Command>,
    /// Events of such commands, which the ecology is yet to see.
    unseen: Vec<Event>,
    events: Vec<Event>,
}

impl Run {
    /// A run under a configuration, from this master seed, with these forks: those of a genesis.
    ///
    /// # Errors
    /// [`ForkError`] for changes that cannot be had.
    pub fn new(config: &Config, seed: u64, forks: &[Fork]) -> Result<Self, ForkError> {
        let amendments = plan(config, forks)?;
        let counts = match amendments.last() {
            Some(last) => last.known,
            None => Kind::ALL.map(|kind| config.count_ever(kind)),
        };
        Ok(Self {
            config: config.clone(),
            forks: forks.to_vec(),
            ecology: Ecology::with_room(config, seed, counts),
            amendments,
            amended: 0,
            progress: Progress::default(),
        })
    }

    /// Another future of this run, which stands between two steps: as if a fork behind the entries
    /// made so far had been known from the start. Forks behind later entries belong to the future that
    /// is left, and are forgotten.
    ///
    /// Cost: that of a clone.
    ///
    /// # Errors
    /// As [`Run::new`]; [`ForkError::Room`] for agents who would have followed the market from the
    /// start.
    pub fn forked(&self, changes: Vec<Change>) -> Result<Self, ForkError> {
        let (entry, step) = (self.progress.entries, self.ecology.steps());
        let past = self.forks.iter().filter(|fork| fork.entry <= entry).cloned();
        let forks: Vec<_> = past.chain([Fork { entry, step, changes }]).collect();
        // Those that have taken effect come first, as before.
        let amendments = plan(&self.config, &forks)?;
        if let Some(last) = amendments.last() {
            let mut needed = Kind::ALL.into_iter().zip(last.known).zip(self.ecology.room());
            if let Some(((kind, _), room)) = needed.find(|((_, known), room)| room < known) {
                return Err(ForkError::Room { kind, room });
            }
        }
        Ok(Self { forks, amendments, ..self.clone() })
    }

    /// The agents and their world.
    pub const fn ecology(&self) -> &Ecology {
        &self.ecology
    }

    /// Entries made so far.
    pub const fn entries(&self) -> u64 {
        self.progress.entries
    }

    /// Carries out what forks change of the rules right behind the entries so far, with which the next
    /// step would begin.
    ///
    /// # Errors
    /// The venue's; the run cannot go on then.
    pub fn catch_up<V: Venue>(&mut self, venue: &mut V) -> Result<(), V::Error> {
        let amendments = &self.amendments;
        Counted { venue, progress: &mut self.progress, amendments }.catch_up()
    }

    /// Carries out the next step, and what forks change around it; false when all steps are done.
    ///
    /// Nobody else may submit, note or mark anything: the entries would be miscounted.
    ///
    /// # Errors
    /// The venue's; the run has then stopped in the middle of a step and cannot go on.
    pub fn step<V: Venue>(&mut self, venue: &mut V) -> Result<bool, V::Error> {
        let mut venue =
            Counted { venue, progress: &mut self.progress, amendments: &self.amendments };
        venue.catch_up()?;
        while let Some(amendment) = self.amendments.get(self.amended)
            && amendment.entry <= venue.progress.entries
        {
            self.ecology.amend(amendment);
            self.amended += 1;
        }
        if self.ecology.length() <= self.ecology.steps() {
            return Ok(false);
        }
        self.ecology.step(&mut venue)?;
        Ok(true)
    }
}

/// A venue that counts entries and slips in what is due.
struct Counted<'a, V> {
    venue: &'a mut V,
    progress: &'a mut Progress,
    amendments: &'a [Amendment],
}

impl<V: Venue> Counted<'_, V> {
    /// Submits the commands that are due behind the entries so far.
    fn catch_up(&mut self) -> Result<(), V::Error> {
        loop {
            while let Some(amendment) = self.amendments.get(self.progress.begun)
                && amendment.entry <= self.progress.entries
            {
                self.progress.due.extend(&amendment.commands);
                self.progress.begun += 1;
            }
            let Some(command) = self.progress.due.pop_front() else { return Ok(()) };
            self.progress.entries += 1;
            let events = self.venue.submit(command)?;
            self.progress.unseen.extend_from_slice(events);
        }
    }
}

impl<V: Venue> Venue for Counted<'_, V> {
    type Error = V::Error;

    /// The events of a command, behind those of commands that were slipped in since the last one:
    /// an uncross may have traded.
    fn submit(&mut self, command: Command) -> Result<&[Event], V::Error> {
        self.catch_up()?;
        let Progress { entries, unseen, events: seen, .. } = &mut *self.progress;
        *entries += 1;
        let events = self.venue.submit(command)?;
        if unseen.is_empty() {
            return Ok(events);
        }
        seen.clear();
        seen.append(unseen);
        seen.extend_from_slice(events);
        Ok(seen)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), V::Error> {
        self.catch_up()?;
        self.progress.entries += 1;
        self.venue.note(decision)
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), V::Error> {
        self.catch_up()?;
        self.progress.entries += 1;
        self.venue.mark(name, number)
    }

    fn engine(&self) -> &Engine {
        self.venue.engine()
    }
}
