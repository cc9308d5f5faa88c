//! Forks as text: read exactly, written canonically.

use std::fmt;
use std::str::FromStr;

use super::{Change, Fork, ForkError};
use crate::schedule::{Happening, Schedule};

impl FromStr for Fork {
    type Err = ForkError;

    fn from_str(text: &str) -> Result<Self, ForkError> {
        let none = || ForkError::Text { text: text.to_owned() };
        let (head, changes) = match text.split_once(':') {
            Some((head, changes)) => (head, Some(changes)),
            None => (text, None),
        };
        let words: Vec<_> = head.split_whitespace().collect();
        let ["entry", entry, "step", step] = words[..] else { return Err(none()) };
        let (entry, step) = digits(entry).zip(digits(step)).ok_or_else(none)?;
        let changes = changes.into_iter().flat_map(|changes| changes.split(';'));
        let changes = changes.map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { entry, step, changes })
    }
}

fn digits(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl FromStr for Change {
    type Err = ForkError;

    fn from_str(text: &str) -> Result<Self, ForkError> {
        let text = text.trim();
        let none = || ForkError::Change { text: text.to_owned() };
        let words: Vec<_> = text.split_whitespace().collect();
        match words[..] {
            ["seed", seed] => digits(seed).map(Self::Seed).ok_or_else(none),
            ["schedule", "none"] => Ok(Self::NoSchedule),
            ["without", client] => Self::without(client),
            ["population", kind, count] => Self::population(kind, count),
            ["set", setting] if setting.contains('=') => {
                let (key, value) = setting.split_once('=').ok_or_else(none)?;
                Self::set(key, value)
            }
            ["set", name, ref value @ ..] => Ok(Self::Rule(Happening::set_rule(name, value)?)),
            _ => match text.split_once('=') {
                Some((key, value)) if Schedule::has_key(key) => Self::set(key, value),
                Some(_) | None => Err(none()),
            },
        }
    }
}

/// Canonical text, which [`str::parse`] reads as this fork.
impl fmt::Display for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} step {}", self.entry, self.step)?;
        for (change, mark) in
            self.changes.iter().zip([":"].into_iter().chain(std::iter::repeat(";")))
        {
            write!(f, "{mark} {change}")?;
        }
        Ok(())
    }
}

/// Canonical text, which [`str::parse`] reads as this change.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seed(seed) => write!(f, "seed {seed}"),
            Self::Rule(rule) => write!(f, "{rule}"),
            Self::Parameter(parameter, value) => write!(f, "set {}={value}", parameter.key),
            Self::NoSchedule => f.write_str("schedule none"),
            Self::Scheduled { number, entry } => write!(f, "{}={entry}", Schedule::key(*number)),
            Self::Without(client) => write!(f, "without {client}"),
            Self::Population(kind, count) => write!(f, "population {} {count}", kind.plural()),
        }
    }
}
