//! What forks come to, worked out before the run: configurations, commands, who is there.

use kernel::{ClientId, Command};

use super::{Change, Fork, ForkError};
use crate::agent::Kind;
use crate::config::Config;
use crate::schedule::{Happening, Schedule};

/// What one fork does to a run.
#[derive(Clone, Debug)]
pub(crate) struct Amendment {
    /// Behind this entry.
    pub(crate) entry: u64,
    /// Changes of rules.
    pub(crate) commands: Vec<Command>,
    /// What holds from then on.
    pub(crate) config: Config,
    pub(crate) has_new_schedule: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) memberships: Vec<Membership>,
    /// How many agents of each type take part by now or may later.
    pub(crate) known: [u32; Kind::ALL.len()],
}

/// A change of who is there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Membership {
    Without(ClientId),
    Population(Kind, u32),
}

/// What the forks of a run come to, in the order in which they take effect.
///
/// # Errors
/// [`ForkError`] for what cannot be had.
pub(super) fn plan(config: &Config, forks: &[Fork]) -> Result<Vec<Amendment>, ForkError> {
    let mut forks: Vec<_> = forks.iter().collect();
    // Stable: of forks at one entry the older one comes first.
    forks.sort_by_key(|fork| fork.entry);
    let mut walk = Walk {
        config: config.clone(),
        roll: Kind::ALL.map(|kind| vec![true; index(config.count(kind))]),
        known: Kind::ALL.map(|kind| config.count_ever(kind)),
        step: 0,
    };
    forks.into_iter().map(|fork| walk.take(fork)).collect()
}

/// The run as far as it can be told without carrying it out.
struct Walk {
    config: Config,
    /// Of every number of a type that was given out, whether its agent is there.
    roll: [Vec<bool>; Kind::ALL.len()],
    known: [u32; Kind::ALL.len()],
    /// Joiners up to this step are on the roll.
    step: u64,
}

impl Walk {
    fn take(&mut self, fork: &Fork) -> Result<Amendment, ForkError> {
        self.call_joiners(fork.step);
        let (mut seed, mut memberships, mut rules) = (None, Vec::new(), Vec::new());
        let mut has_new_schedule = false;
        for change in &fork.changes {
            match change {
                Change::Seed(other) => seed = Some(*other),
                Change::Rule(rule) => rules.push(rule),
                Change::Parameter(parameter, value) => {
                    self.config.set(parameter.key, &value.to_string())?;
                }
                Change::NoSchedule => {
                    self.config.set_schedule(Schedule::EMPTY)?;
                    has_new_schedule = true;
                }
                Change::Scheduled { number, entry } => {
                    if entry.step <= fork.step {
                        return Err(ForkError::Past { step: entry.step, now: fork.step });
                    }
                    self.config.set(&Schedule::key(*number), &entry.to_string())?;
                    has_new_schedule = true;
                }
                Change::Without(client) => {
                    self.dismiss(*client)?;
                    memberships.push(Membership::Without(*client));
                }
                Change::Population(kind, count) => {
                    self.populate(*kind, *count);
                    memberships.push(Membership::Population(*kind, *count));
                }
            }
        }
        if self.config.steps() < fork.step {
            return Err(ForkError::Short { steps: self.config.steps(), now: fork.step });
        }
        self.count()?;
        let commands = rules.into_iter().flat_map(|rule| rule.commands(self.seats())).collect();
        Ok(Amendment {
            entry: fork.entry,
            commands,
            config: self.config.clone(),
            has_new_schedule,
            seed,
            memberships,
            known: self.known,
        })
    }

    /// Takes those on the roll that have joined by a step.
    fn call_joiners(&mut self, step: u64) {
        let passed = self.step + 1..=step;
        for entry in self.config.schedule().entries() {
            if let Happening::Join(kind, count) = entry.what
                && passed.contains(&entry.step)
            {
                self.roll[kind as usize].extend((0..count).map(|_| true));
            }
        }
        self.step = self.step.max(step);
    }

    fn dismiss(&mut self, client: ClientId) -> Result<(), ForkError> {
        let found = Kind::ALL.into_iter().zip(&mut self.roll).find_map(|(kind, roll)| {
            let number = client.0.checked_sub(kind.client(0).0)?;
            roll.get_mut(index(number)).filter(|is_here| **is_here)
        });
        match found {
            Some(is_here) => {
                *is_here = false;
                Ok(())
            }
            None => Err(ForkError::NoAgent { client, there: self.there() }),
        }
    }

    fn populate(&mut self, kind: Kind, count: u32) {
        let roll = &mut self.roll[kind as usize];
        let here = roll.iter().filter(|is_here| **is_here).count();
        let surplus = here.saturating_sub(index(count));
        roll.iter_mut().rev().filter(|is_here| **is_here).take(surplus).for_each(|is| *is = false);
        roll.extend((here..index(count)).map(|_| true));
    }

    /// Counts those who are known now: all on the roll and those yet to join.
    fn count(&mut self) -> Result<(), ForkError> {
        let entries = self.config.schedule().entries().iter();
        let later =
            Schedule::new(entries.filter(|entry| self.step < entry.step).cloned().collect())?;
        for (kind, known) in Kind::ALL.into_iter().zip(&mut self.known) {
            let given = u32::try_from(self.roll[kind as usize].len()).unwrap_or(u32::MAX);
            let count = given.saturating_add(later.joiners(kind));
            if Kind::AGENTS_MAX < count {
                return Err(ForkError::TooMany { kind });
            }
            *known = count.max(*known);
        }
        Ok(())
    }

    fn seats(&self) -> impl Iterator<Item = (Kind, ClientId)> {
        let counts = Kind::ALL.into_iter().zip(self.known);
        counts.flat_map(|(kind, count)| (0..count).map(move |number| (kind, kind.client(number))))
    }

    /// Who is there, in words.
    fn there(&self) -> String {
        let agents = Kind::ALL.into_iter().zip(&self.roll).flat_map(|(kind, roll)| {
            let here = (0..).zip(roll).filter(|(_, is_here)| **is_here);
            here.map(move |(number, _)| kind.client(number).to_string())
        });
        let agents: Vec<_> = agents.collect();
        if agents.is_empty() { "none".to_owned() } else { agents.join(", ") }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
