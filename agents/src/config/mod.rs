//! What an ecology is made of: named parameters in canonical text, and the market they ask for.

use std::collections::BTreeMap;

use kernel::{CASH_PER_TICK_LOT, ClientId, Endowment, Limits, Rules};

mod decimal;
mod error;
mod parameters;
mod presets;

pub use decimal::Decimal;
pub use error::ConfigError;
pub use parameters::{Config, PARAMETERS, Parameter};
pub(crate) use parameters::{FINE, WHOLE, millionths};
pub use presets::PRESETS;

use crate::agent::Kind;
use crate::schedule::Schedule;

impl Config {
    /// A parameter set by name: one of [`PRESETS`].
    ///
    /// # Errors
    /// [`ConfigError::UnknownPreset`].
    pub fn preset(name: &str) -> Result<Self, ConfigError> {
        presets::find(name).ok_or_else(|| ConfigError::UnknownPreset { name: name.to_owned() })
    }

    /// Sets one parameter from its text. Of the schedule, an entry that is there or the next.
    ///
    /// # Errors
    /// [`ConfigError::UnknownKey`] with the nearest names; [`ConfigError::BadValue`] with the
    /// values that the parameter takes; [`ConfigError::Schedule`]; [`ConfigError::Contradiction`] and
    /// [`ConfigError::TooMany`]. Nothing has changed then.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        let mut changed = self.clone();
        changed.put(key, value)?;
        changed.check()?;
        *self = changed;
        Ok(())
    }

    /// What happens at which step.
    pub const fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Replaces the schedule.
    ///
    /// # Errors
    /// [`ConfigError::TooMany`]; nothing has changed then.
    pub fn set_schedule(&mut self, schedule: Schedule) -> Result<(), ConfigError> {
        let changed = Self { schedule, ..self.clone() };
        changed.check()?;
        *self = changed;
        Ok(())
    }

    /// Sets several parameters from `KEY=VALUE KEY=VALUE …`, one after the other; words without `=`
    /// belong to the value before them.
    ///
    /// # Errors
    /// As [`Config::set`]; [`ConfigError::NoSetting`]. Nothing has changed then.
    pub fn set_all(&mut self, text: &str) -> Result<(), ConfigError> {
        let mut settings: Vec<(&str, String)> = Vec::new();
        for word in text.split_whitespace() {
            match (word.split_once('='), settings.last_mut()) {
                (Some((key, value)), _) => settings.push((key, value.to_owned())),
                (None, Some((_, value))) => *value = format!("{value} {word}"),
                (None, None) => return Err(ConfigError::NoSetting { text: word.to_owned() }),
            }
        }
        let mut changed = self.clone();
        settings.iter().try_for_each(|(key, value)| changed.set(key, value))?;
        *self = changed;
        Ok(())
    }

    /// Every parameter as canonical text, those of the schedule included: what a log's header
    /// carries.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        self.values()
            .map(|(parameter, value)| (parameter.key.to_owned(), value.to_string()))
            .chain(self.schedule.parameters())
            .collect()
    }

    /// The configuration that [`Config::parameters`] wrote.
    ///
    /// # Errors
    /// As [`Config::set`]; [`ConfigError::Missing`] unless every parameter is given.
    pub fn from_parameters(parameters: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut config = Self::BASE;
        for (key, value) in parameters {
            config.put(key, value)?;
        }
        let is_missing = |parameter: &&Parameter| !parameters.contains_key(parameter.key);
        if let Some(parameter) = PARAMETERS.iter().find(is_missing) {
            return Err(ConfigError::Missing { key: parameter.key });
        }
        config.check()?;
        Ok(config)
    }

    /// The market of the ecology: its rules from the start, and what each agent holds.
    pub fn genesis(&self) -> kernel::Genesis {
        let tax = self.tax.millionths() * i64::try_from(CASH_PER_TICK_LOT).unwrap_or(0) / 1_000_000;
        let rules = Rules {
            short_ban: self.short_ban != Decimal::ZERO,
            tax: u32::try_from(tax).unwrap_or(u32::MAX),
            ..Rules::OPEN
        };
        let endow =
            |client: ClientId| Endowment { client, position: self.endowment.whole(), cash: 0 };
        let holds_something = self.endowment != Decimal::ZERO;
        let endowments = self.agents().map(|agent| endow(agent.kind.client(agent.index)));
        kernel::Genesis {
            limits: Limits { clients_max: Kind::CLIENTS_MAX, ..Limits::DEFAULT },
            rules,
            exempt: Vec::new(),
            endowments: endowments.filter(|_| holds_something).collect(),
        }
    }

    /// Length of a run, in steps.
    pub fn steps(&self) -> u64 {
        self.steps.whole().unsigned_abs()
    }

    /// Fair value and mid before the first step, in ticks.
    pub fn price(&self) -> f64 {
        self.price.to_f64()
    }

    /// How many agents of a type there are from the start.
    pub fn count(&self, kind: Kind) -> u32 {
        let count = match kind {
            Kind::Maker => self.market_makers,
            Kind::Momentum => self.momentum,
            Kind::Value => self.value,
            Kind::Noise => self.noise,
        };
        u32::try_from(count.whole()).unwrap_or(0)
    }

    /// How many agents of a type there ever are, those that join included.
    pub(crate) fn count_ever(&self, kind: Kind) -> u32 {
        self.count(kind).saturating_add(self.schedule.joiners(kind))
    }

    /// Every agent that there ever is, ascending by client.
    pub(crate) fn agents(&self) -> impl Iterator<Item = Member> {
        self.agents_among(Kind::ALL.map(|kind| self.count_ever(kind)))
    }

    /// So many agents of each type, ascending by client.
    pub(crate) fn agents_among(
        &self,
        counts: [u32; Kind::ALL.len()],
    ) -> impl Iterator<Item = Member> {
        Kind::ALL.into_iter().zip(counts).flat_map(|(kind, count)| {
            let at_once = self.count(kind);
            (0..count).map(move |index| Member { kind, index, joins: at_once <= index })
        })
    }

    /// Sets one parameter without looking at the others.
    fn put(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        if Schedule::has_key(key) {
            return Ok(self.schedule.put(key, value)?);
        }
        let Some(parameter) = PARAMETERS.iter().find(|parameter| parameter.key == key) else {
            return Err(ConfigError::UnknownKey { key: key.to_owned(), near: near(key) });
        };
        let bad = || ConfigError::BadValue { parameter, value: value.to_owned() };
        let number = Decimal::parse(value).filter(|number| parameter.accepts(*number));
        let number = number.ok_or_else(bad)?;
        if let Some(slot) = self.slot(key) {
            *slot = number;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), ConfigError> {
        for (low, high, holds) in [
            ("fair.floor", "market.price", self.fair_floor <= self.price),
            (
                "noise.activity_min",
                "noise.activity_max",
                self.noise_activity_min <= self.noise_activity_max,
            ),
        ] {
            if !holds {
                return Err(ConfigError::Contradiction { low, high });
            }
        }
        self.schedule.check()?;
        for kind in Kind::ALL {
            if Kind::AGENTS_MAX < self.count_ever(kind) {
                return Err(ConfigError::TooMany { key: kind.parameter() });
            }
        }
        Ok(())
    }
}

/// An agent of a population.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) kind: Kind,
    /// Its number within the type.
    pub(crate) index: u32,
    /// Whether it is not there from the start.
    pub(crate) joins: bool,
}

/// Most names that a message suggests.
const NEAR_MAX: usize = 3;

/// The parameters whose names are nearest to an unknown one: those that hold it or differ by few
/// letters.
fn near(key: &str) -> Vec<&'static str> {
    near_among(key, PARAMETERS.iter().map(|parameter| parameter.key))
}

/// The names that are nearest to an unknown one, nearest first: those that hold it, or whose last
/// word does, up to few letters.
pub fn near_among(key: &str, names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut ranked: Vec<_> = names
        .map(|name| {
            let last = name.rsplit('.').next().unwrap_or(name);
            (distance(key, name).min(distance(key, last)), name)
        })
        .filter(|(distance, _)| *distance <= key.len() / 3 + 1)
        .collect();
    ranked.sort_unstable();
    ranked.truncate(NEAR_MAX);
    ranked.into_iter().map(|(_, key)| key).collect()
}

/// How many letters must be added, taken away or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, found) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(letter != found);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests;
