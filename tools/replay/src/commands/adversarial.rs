//! Logs of adversarial markets: which are of one market, and the episodes that a replay finds in them.

pub(crate) mod json;
pub(crate) mod words;

use agents::adversarial::watch::{Episode, Watch};
use agents::adversarial::{EPISODE_MARK, Settings};
use cli::{Exit, Failure};
use kernel::Event;
use replay::{Entry, Genesis, Moment};

use super::observers::show;
use super::simulate::PRESET;
use super::simulate::adversarial::{self, is_adversarial};
use super::{open, play, player};
use crate::args::Log;

/// The setting that decides which types there are, and nothing within an episode.
pub(crate) const INFORMED: &str = "type.informed";
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

/// Settings of the one market that all logs are of; `None` if none is of an adversarial market.
///
/// # Errors
/// Exit 2 for logs of several systems, of several markets, or with the same episodes; 65 for settings
/// that there are not; whatever opening a log gives.
pub(crate) fn market(logs: &[Log]) -> Result<Option<Settings>, Failure> {
    let genesis = |log: &Log| Ok((name(log), open(log)?.header().genesis.clone()));
    let all = logs.iter().map(genesis).collect::<Result<Vec<_>, Failure>>()?;
    let Some((one, first)) = all.first() else { return Ok(None) };
    if let Some((other, _)) =
        all.iter().find(|(_, other)| is_adversarial(other) != is_adversarial(first))
    {
        let message = format!("logs of adversarial and of other markets: {one} and {other}");
        let hint = "nothing is measured of both alike: take them one after the other";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    if !is_adversarial(first) {
        return Ok(None);
    }
    // Where nobody is informed, the trader's policy decides nothing.
    let usual = all.iter().find(|(_, genesis)| is_played(genesis));
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
    let mut shares = [informed(one), informed(other)];
    shares.sort_unstable();
    one.seed == other.seed && shares != [Some("0"), Some("1")]
}

/// The share of the episodes of type z = 1, as the genesis has it.
fn informed(genesis: &Genesis) -> Option<&str> {
    genesis.parameters.get(INFORMED).map(String::as_str)
}

/// Whether a log may hold an episode whose trader is informed.
fn is_played(genesis: &Genesis) -> bool {
    informed(genesis) != Some("0")
}

fn settings(path: &str, genesis: &Genesis) -> Result<Settings, Failure> {
    match adversarial::settings(genesis) {
        Some(Ok(settings)) => Ok(settings),
        Some(Err(error)) => {
            let message = format!("{path}: settings of no adversarial market: {error}");
            Err(Failure::new(Exit::Damaged, message))
        }
        None => unreachable!("only such logs come here"),
    }
}

/// The first setting of a log that is not as usual.
fn first_difference(usual: &Genesis, other: &Genesis) -> Option<String> {
    let counts = |key: &&String| {
        let is_free = matches!(key.as_str(), PRESET | INFORMED | EPISODES);
        !is_free && (key.as_str() != TRADER || is_played(other))
    };
    let mut keys = usual.parameters.keys().chain(other.parameters.keys()).filter(counts);
    keys.find(|key| usual.parameters.get(*key) != other.parameters.get(*key)).cloned()
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
