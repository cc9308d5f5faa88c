//! What happens to a market of agents at which step.
//!
//! A schedule is a list of entries, ascending by step. It is part of the
//! [`Config`](crate::Config) and stands in a log's genesis as the parameters `schedule.0001`,
//! `schedule.0002`, …, each a line of text:
//!
//! ```text
//! step 10000: makers leave
//! step 10100: makers return
//! step 500: 3 noise join
//! step 700: fair value times 0.9 plus -20
//! step 800: set tax 1.5
//! step 900: mark lunch
//! ```
//!
//! [`RULES`] lists what can be set; besides, `uncross` carries a call auction out.
//!
//! An entry is carried out right after the clock of its step and before anybody's turn, those of one
//! step in their order. It leaves a mark in the log, named after what happens and numbered as in
//! the schedule; a change of rules follows its mark as a command. Twin runs with and without an
//! entry are therefore equal up to the clock of its step.
//!
//! * Agents that leave cancel what rests in their next turn, and do nothing until they return. They
//!   keep what they hold and go on following the market.
//! * Agents that join take the next numbers of their type. They have followed the market from the
//!   start, hold the endowment, and have drawn as if they had been there.
//! * A shock multiplies the fair value of the step, then adds ticks to it.

use std::fmt;

use kernel::{ClientId, Command, RuleChange};

use crate::agent::Kind;
use crate::config::Decimal;

mod error;
mod rules;
mod text;

pub use error::ScheduleError;
pub use rules::{RULES, RuleName};

/// Last step that an entry can have.
pub const STEP_MAX: u64 = 1_000_000_000;
/// Most entries of a schedule.
pub const ENTRIES_MAX: usize = 9_999;

/// What happens, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    entries: Vec<Scheduled>,
}

/// One entry of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// The step, 1..=[`STEP_MAX`].
    pub step: u64,
    /// What happens.
    pub what: Happening,
}

/// Something that happens to a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// All agents of a type leave.
    Leave(Kind),
    /// They come back.
    Return(Kind),
    /// So many more agents of a type come.
    Join(Kind, u32),
    /// The fair value changes from outside.
    Shock {
        /// It is multiplied by this.
        factor: Decimal,
        /// Then these ticks are added.
        ticks: Decimal,
    },
    /// A rule changes.
    Rule(RuleChange),
    /// The short-sale ban and the position limit leave all agents of a type alone, those yet to
    /// join included, or no longer.
    Exempt(Kind, bool),
    /// A call auction is carried out.
    Uncross,
    /// A named moment: 1 to 64 characters of `A-Z a-z 0-9 - _ .`.
    Mark(String),
}

impl Schedule {
    /// Nothing happens.
    pub const EMPTY: Self = Self { entries: Vec::new() };

    /// A schedule of these entries.
    ///
    /// # Errors
    /// [`ScheduleError::Order`] and [`ScheduleError::TooMany`].
    pub fn new(entries: Vec<Scheduled>) -> Result<Self, ScheduleError> {
        let schedule = Self { entries };
        schedule.check()?;
        Ok(schedule)
    }

    /// The entries, ascending by step.
    pub fn entries(&self) -> &[Scheduled] {
        &self.entries
    }

    /// How many agents of a type ever join.
    pub fn joiners(&self, kind: Kind) -> u32 {
        self.entries.iter().fold(0, |sum: u32, entry| match entry.what {
            Happening::Join(joining, count) if joining == kind => sum.saturating_add(count),
            Happening::Join(..)
            | Happening::Leave(_)
            | Happening::Return(_)
            | Happening::Shock { .. }
            | Happening::Rule(_)
            | Happening::Exempt(..)
            | Happening::Uncross
            | Happening::Mark(_) => sum,
        })
    }

    /// The name of the parameter that holds entry `number`, from 1.
    pub fn key(number: usize) -> String {
        format!("{KEY}{number:04}")
    }

    /// Every entry as the parameter that holds it.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (String, String)> {
        (1..).zip(&self.entries).map(|(number, entry)| (Self::key(number), entry.to_string()))
    }

    /// Whether this is a name of one of its parameters, right or wrong.
    pub(crate) fn has_key(key: &str) -> bool {
        key.starts_with(KEY)
    }

    /// Sets the entry of this parameter: one that is there, or the next.
    pub(crate) fn put(&mut self, key: &str, text: &str) -> Result<(), ScheduleError> {
        let next = self.entries.len() + 1;
        let number = (1..=next).rev().find(|number| key == Self::key(*number));
        let Some(number) = number else {
            return Err(ScheduleError::Key { key: key.to_owned(), next: Self::key(next) });
        };
        let entry = text.parse()?;
        if number == next {
            self.entries.push(entry);
        } else {
            self.entries[number - 1] = entry;
        }
        Ok(())
    }

    /// Whether the entries are in order.
    pub(crate) fn check(&self) -> Result<(), ScheduleError> {
        if ENTRIES_MAX < self.entries.len() {
            return Err(ScheduleError::TooMany);
        }
        for pair in self.entries.windows(2) {
            if pair[1].step < pair[0].step {
                return Err(ScheduleError::Order { step: pair[1].step, before: pair[0].step });
            }
        }
        Ok(())
    }
}

/// How names of parameters begin.
const KEY: &str = "schedule.";

impl Happening {
    /// The name of its mark.
    pub fn mark(&self) -> &str {
        match self {
            Self::Leave(Kind::Maker) => "makers-leave",
            Self::Leave(Kind::Momentum) => "momentum-leave",
            Self::Leave(Kind::Value) => "value-leave",
            Self::Leave(Kind::Noise) => "noise-leave",
            Self::Return(Kind::Maker) => "makers-return",
            Self::Return(Kind::Momentum) => "momentum-return",
            Self::Return(Kind::Value) => "value-return",
            Self::Return(Kind::Noise) => "noise-return",
            Self::Join(..) => "agents-join",
            Self::Shock { .. } => "fair-value-shock",
            Self::Rule(change) => rules::mark(change),
            Self::Exempt(..) => rules::EXEMPT_MARK,
            Self::Uncross => "uncross",
            Self::Mark(name) => name,
        }
    }

    /// The commands that it takes in a market of these agents.
    pub(crate) fn commands(
        &self,
        agents: impl Iterator<Item = (Kind, ClientId)>,
    ) -> impl Iterator<Item = Command> {
        let (one, exemption) = match *self {
            Self::Rule(change) => (Some(Command::SetRule(change)), None),
            Self::Uncross => (Some(Command::Uncross), None),
            Self::Exempt(kind, exempt) => (None, Some((kind, exempt))),
            Self::Leave(_)
            | Self::Return(_)
            | Self::Join(..)
            | Self::Shock { .. }
            | Self::Mark(_) => (None, None),
        };
        let exempted = agents.filter_map(move |(kind, client)| {
            let (_, exempt) = exemption.filter(|(exempted, _)| *exempted == kind)?;
            Some(Command::SetRule(RuleChange::Exempt { client, exempt }))
        });
        one.into_iter().chain(exempted)
    }
}

impl Kind {
    /// The agents of this type, as a schedule names them.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Maker => "makers",
            Self::Momentum | Self::Value | Self::Noise => self.name(),
        }
    }

    /// The type that a schedule names so.
    pub fn from_plural(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.plural() == text)
    }
}

/// Canonical text, which [`str::parse`] reads as this entry.
impl fmt::Display for Scheduled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {}", self.step, self.what)
    }
}

#[cfg(test)]
mod tests;
