//! Logs of adversarial markets: which are of one market, and the episodes that a replay finds in them.

pub(crate) mod json;
pub(crate) mod words;

use std::collections::BTreeMap;

use agents::adversarial::watch::{Episode, Watch};
use agents::adversarial::{EPISODE_MARK, Settings};
use cli::{Exit, Failure};
use kernel::Event;
use replay::{Entry, Genesis, Moment};

use super::observers::show;
use super::simulate::PRESET;
use super::simulate::adversarial::PRODUCER;
use super::{open, play, player};
use crate::args::Log;

/// The producer of the logs that `scenario execution` keeps, as their genesis names it.
pub(crate) const EXECUTION: &str = "execution";
/// The parameter that tells the type of all episodes of such a log.
pub(crate) const TYPE: &str = "type.z";
/// The setting that decides nothing but how long a log is.
const EPISODES: &str = "episodes";
/// The setting that decides nothing where nobody is informed.
const TRADER: &str = "trader.policy";

/// What a log was found to be.
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) genesis: Genesis,
    pub(crate) entries: u64,
    pub(crate) head: String,
    pub(crate) fills: u64,
    /// Closed episodes of type z = 0 and of type z = 1.
    pub(crate) episodes: [u64; 2],
    /// Episodes that began and were never closed.
    pub(crate) unclosed: u64,
}

/// Whether a log is of an adversarial market, whoever recorded it.
pub(crate) fn is_of(genesis: &Genesis) -> bool {
    genesis.producer == PRODUCER || genesis.producer == EXECUTION
}

/// Settings of the one market that all logs are of; `None` if none is of an adversarial market.
///
/// # Errors
/// Exit 2 for logs of several systems, of several markets, or with the same episodes; 65 for settings
/// that there are not; whatever opening a log gives.
pub(crate) fn market(logs: &[Log]) -> Result<Option<Settings>, Failure> {
    let genesis = |log: &Log| Ok((name(log), open(log)?.header().genesis.clone()));
    let all = logs.iter().map(genesis).collect::<Result<Vec<_>, Failure>>()?;
    let Some((one, first)) = all.first() else { return Ok(None) };
    if let Some((other, _)) = all.iter().find(|(_, other)| is_of(other) != is_of(first)) {
        let message = format!("logs of adversarial and of other markets: {one} and {other}");
        let hint = "nothing is measured of both alike: take them one after the other";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    if !is_of(first) {
        return Ok(None);
    }
    // In a log of type z = 0 alone, the trader's policy decides nothing.
    let usual = all.iter().find(|(_, genesis)| !is_zero(genesis));
    let (path, usual) = usual.map_or((one, first), |(path, genesis)| (path, genesis));
    let found = settings(path, usual)?;
    for (other, genesis) in &all {
        settings(other, genesis)?;
        if let Some(key) = first_difference(usual, genesis) {
            let message = format!("{path} and {other} are of two markets: `{key}` differs");
            let hint = "take them one after the other; replay scenario execution compares policies";
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        }
    }
    refuse_twice(&all)?;
    Ok(Some(found))
}

/// Logs of one market and seed hold the same episodes, however many, unless they are of two types.
fn refuse_twice(all: &[(String, Genesis)]) -> Result<(), Failure> {
    for (place, (one, genesis)) in all.iter().enumerate() {
        let mut others = all.iter().skip(place + 1);
        let Some((other, _)) = others.find(|(_, other)| shares_draws(genesis, other)) else {
            continue;
        };
        let seed = genesis.seed;
        let message = format!("{one} and {other} hold the same episodes: both have seed {seed}");
        let hint = "take the longer one alone, or record another seed: --seed N";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    Ok(())
}

fn shares_draws(one: &Genesis, other: &Genesis) -> bool {
    let types = type_of(one).zip(type_of(other));
    one.seed == other.seed && types.is_none_or(|(one, other)| one == other)
}

/// The type of all episodes of a log, where it tells one.
fn type_of(genesis: &Genesis) -> Option<&str> {
    genesis.parameters.get(TYPE).map(String::as_str)
}

fn settings(path: &str, genesis: &Genesis) -> Result<Settings, Failure> {
    let mut parameters: BTreeMap<_, _> = genesis.parameters.clone();
    parameters.retain(|key, _| key != PRESET && key != TYPE);
    Settings::from_parameters(&parameters).map_err(|error| {
        Failure::new(Exit::Damaged, format!("{path}: settings of no adversarial market: {error}"))
    })
}

/// The first setting of a log that is not as usual.
fn first_difference(usual: &Genesis, other: &Genesis) -> Option<String> {
    let counts = |key: &&String| {
        let is_free = matches!(key.as_str(), PRESET | TYPE | EPISODES);
        !is_free && !(key.as_str() == TRADER && is_zero(other))
    };
    let mut keys = usual.parameters.keys().chain(other.parameters.keys()).filter(counts);
    keys.find(|key| usual.parameters.get(*key) != other.parameters.get(*key)).cloned()
}

/// Whether all episodes of a log are of type z = 0, by what it says.
fn is_zero(genesis: &Genesis) -> bool {
    type_of(genesis) == Some("0")
}

/// The text of a setting.
pub(crate) fn value(settings: &Settings, key: &str) -> String {
    let found = settings.values().find(|(setting, _)| setting.key == key);
    found.map_or_else(String::new, |(_, value)| value)
}

/// Replays logs of one market and shows every closed episode, with the place of its log.
///
/// # Errors
/// Whatever reading and replaying a log gives; exit 130.
pub(crate) fn replay(
    logs: &[Log],
    settings: &Settings,
    mut each: impl FnMut(usize, &Episode),
) -> Result<Vec<Seen>, Failure> {
    let mut seen = Vec::new();
    for (place, log) in logs.iter().enumerate() {
        seen.push(one(log, settings, &mut |episode| each(place, episode))?);
    }
    Ok(seen)
}

fn one(log: &Log, settings: &Settings, each: &mut dyn FnMut(&Episode)) -> Result<Seen, Failure> {
    let mut player = player(log)?;
    let genesis = player.reader().header().genesis.clone();
    let mut watch = Watch::new(settings);
    let (mut fills, mut begun, mut episodes) = (0_u64, 0_u64, [0_u64; 2]);
    play(log, &mut player, |moment: &Moment<'_>| {
        show(&mut watch, moment);
        let traded = moment.events.iter().filter(|it| matches!(it, Event::Traded { .. }));
        fills += u64::try_from(traded.count()).unwrap_or(u64::MAX);
        if let Entry::Mark(mark) = moment.entry {
            begun += u64::from(mark.name.as_str() == EPISODE_MARK);
        }
        while let Some(episode) = watch.take() {
            episodes[usize::from(episode.is_informed)] += 1;
            each(&episode);
        }
        Ok(())
    })?;
    let summary = player.summary();
    Ok(Seen {
        path: name(log),
        genesis,
        entries: summary.entries,
        head: summary.head.to_string(),
        fills,
        episodes,
        unclosed: begun.saturating_sub(episodes.iter().sum()),
    })
}

fn name(log: &Log) -> String {
    log.path.display().to_string()
}

#[cfg(test)]
mod tests;
