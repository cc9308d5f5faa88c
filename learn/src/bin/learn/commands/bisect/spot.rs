//! Where, in the markets of two runs, the first thing differs.

use agents::Kind;
use cli::{Exit, Failure};
use formats::render::{entry_json, entry_text};
use kernel::{ClientId, Command};
use learn::environment::World;
use replay::bisect::{Parting, compare};
use replay::block::Cursor;
use replay::{Archive, Entry, LogError};
use runs::folder::MarketId;
use serde_json::{Value, json};

use crate::keeper::failure;
use crate::past::Past;

/// The first entry of two markets' logs that differs.
pub(super) struct Spot {
    market: MarketId,
    entry: u64,
    /// The step of this life.
    step: u64,
    /// Steps of the environment before it, over all its lives: what comes first in time.
    since_start: u64,
    entries: [Option<Entry>; 2],
}

/// What an entry that differs tells of its cause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// Somebody saw the same and did something else.
    Draw,
    /// Somebody saw something else.
    Observation,
    /// The market itself: a command, or somebody else's turn.
    Market,
}

/// The earliest difference over all environments; in words why there is none that can be seen.
///
/// # Errors
/// Exit 65 for logs that are damaged or do not belong to their run.
pub(super) fn spot(a: &Past, b: &Past) -> Result<Result<Spot, String>, Failure> {
    let world = World::new(a.run.config());
    let world = world.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let mut first: Option<Spot> = None;
    let (mut missing, mut foreign) = (0, None);
    let other = &b.run.manifest().markets;
    for (id, known) in &a.run.manifest().markets {
        let is_kept = other.get(id).is_some_and(|it| it.is_kept && known.is_kept);
        if !is_kept {
            missing += 1;
            continue;
        }
        let log = |past: &Past| past.run.market_archive(*id).map_err(failure);
        let (one, other) = (log(a)?, log(b)?);
        let fail = |error: LogError| Failure::log(&a.run.market_path(*id), &error);
        let comparison = compare(&one, &other).map_err(fail)?;
        if !comparison.has_equal_genesis {
            foreign = foreign.or(Some(*id));
            continue;
        }
        let Some(parting) = comparison.parting else { continue };
        if parting.entries.iter().any(|it| it.as_ref().is_none_or(|it| *it == Entry::End)) {
            // One of them was ended, or is not longer: nothing is said of what would have come.
            continue;
        }
        let step = step_of(&one, &parting).map_err(fail)?;
        let lives = (1..id.life).map(|life| world.steps(id.environment, life));
        let since_start = lives.sum::<u64>() + step;
        if first.as_ref().is_none_or(|it| since_start < it.since_start) {
            let Parting { entry, entries, .. } = parting;
            first = Some(Spot { market: *id, entry, step, since_start, entries });
        }
    }
    Ok(first.ok_or_else(|| match foreign {
        Some(id) => format!("market {id} and others start from another genesis"),
        None => format!("of {missing} markets not both logs were kept; the others do not differ"),
    }))
}

/// The step in which an entry was made: that of the block before, and the clocks since.
fn step_of<S: replay::source::Source + Clone>(
    log: &Archive<S>,
    parting: &Parting,
) -> Result<u64, LogError> {
    let mut step = match parting.block {
        0 | 1 => 0,
        block => log.block_header(block - 1)?.step.0,
    };
    let Some(block) = log.block(parting.block)? else { return Ok(step) };
    let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
    for _ in block.first..parting.entry {
        // What cannot be read was refused when the logs were compared.
        if !cursor.next(&block, &mut entry).unwrap_or(false) {
            break;
        }
        if let Entry::Command(Command::Clock { step: now, .. }) = &entry {
            step = now.0;
        }
    }
    Ok(step)
}

impl Spot {
    fn cause(&self) -> Cause {
        match &self.entries {
            [Some(Entry::Decision(a)), Some(Entry::Decision(b))] if a.agent == b.agent => {
                if a.observation == b.observation { Cause::Draw } else { Cause::Observation }
            }
            _ => Cause::Market,
        }
    }

    /// Whether somebody drew something else, having seen the same.
    pub(super) fn is_drawn(&self) -> bool {
        self.cause() == Cause::Draw
    }

    fn agent(&self) -> Option<String> {
        self.entries.iter().flatten().find_map(author)
    }

    pub(super) fn rows(&self) -> Vec<(String, String)> {
        let Self { market, entry, step, entries, .. } = self;
        let MarketId { environment, life } = market;
        let agent = self.agent().map(|agent| format!(", {agent}")).unwrap_or_default();
        let mut rows = vec![(
            "market".to_owned(),
            format!("environment {environment}, life {life}: entry {entry}, step {step}{agent}"),
        )];
        for (name, entry) in ["  A", "  B"].into_iter().zip(entries) {
            let text = entry.as_ref().map_or_else(|| "nothing".to_owned(), entry_text);
            rows.push((name.to_owned(), text));
        }
        let words = match self.cause() {
            Cause::Draw => "sampling: it saw the same and drew another action",
            Cause::Observation => "market: it saw something else",
            Cause::Market => "market: what happened is another thing, before anybody decided",
        };
        rows.push(("cause".to_owned(), words.to_owned()));
        rows
    }

    pub(super) fn json(&self) -> Value {
        let [a, b] = self.entries.each_ref().map(|it| it.as_ref().map(entry_json));
        let cause = match self.cause() {
            Cause::Draw => "sampling",
            Cause::Observation => "observation",
            Cause::Market => "market",
        };
        json!({
            "environment": self.market.environment,
            "life": self.market.life,
            "entry": self.entry,
            "step": self.step,
            "agent": self.agent(),
            "cause": cause,
            "a": a,
            "b": b,
        })
    }
}

/// The name of whoever made an entry.
fn author(entry: &Entry) -> Option<String> {
    let client = match entry {
        Entry::Decision(decision) => ClientId(decision.agent),
        Entry::Command(command) => match *command {
            Command::Place(ref place) => place.client,
            Command::Cancel { client, .. }
            | Command::Reduce { client, .. }
            | Command::Replace { client, .. }
            | Command::MassCancel { client } => client,
            Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => return None,
        },
        Entry::Mark(_) | Entry::Update(_) | Entry::End => return None,
    };
    Kind::agent_name(client)
}
