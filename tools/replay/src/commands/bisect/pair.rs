//! Where two logs part: genesis, entries, and what the kernel did.

use std::path::Path;

use cli::{Exit, Failure};
use formats::render::{entry_json, entry_text};
use kernel::{Engine, Section};
use replay::bisect::{Behaviour, Comparison, Parting, compare};
use replay::block::{Block, Cursor};
use replay::state::section_digest;
use replay::{Entry, LogError};
use serde_json::{Value, json};

use super::super::diff::difference::Field;
use super::super::diff::genesis::differences;
use super::super::names::Names;
use super::super::seeking::{self, LogArchive, LogSeeker};
use super::super::{open, print, print_json, table};
use crate::args::{Bisect, Log, SoughtLog};

/// Entries behind the parting in which a difference of the states is looked for.
const LOOKED_AT: u64 = 256;

/// Everything that is told of two logs.
struct Found {
    genesis: Vec<Field>,
    names: Names,
    comparison: Comparison,
    /// Of the two logs.
    entries: [u64; 2],
    scene: Option<Scene>,
}

/// The market where two logs part.
struct Scene {
    step: u64,
    /// The first entry behind which the states differ, and in which sections; `None` where none was
    /// found in the block.
    differ: Option<(u64, Vec<Section>)>,
}

pub(super) fn run(args: &Bisect, other: &Path) -> Result<Exit, Failure> {
    let path = &args.sought.log.path;
    let mut seekers = [seeking::seeker(&args.sought)?, seeking::seeker(&beside(args, other))?];
    let [a, b] = &seekers;
    let fail = |error: LogError| Failure::log(path, &error);
    let comparison = compare(a.archive(), b.archive()).map_err(fail)?;
    let starts = [a, b].map(|seeker| seeker.archive().header().genesis.clone());
    let genesis = differences(&starts[0], &starts[1]);
    let entries = [a.archive().entries(), b.archive().entries()];
    let scene = match &comparison.parting {
        Some(parting) => scene(&mut seekers, [path, other], &comparison, parting)?,
        None => None,
    };
    let found = Found { genesis, names: Names::of(&starts), comparison, entries, scene };
    let is_equal = found.genesis.is_empty()
        && found.comparison.parting.is_none()
        && found.comparison.behaviour.is_none();
    if is_equal {
        // Headers say so; that the blocks are what they say is seen before it is told.
        for path in [path, other] {
            read_through(&Log { path: path.to_owned(), limits: args.sought.log.limits.clone() })?;
        }
    }
    if args.json {
        print_json(&found.json(is_equal))?;
    } else {
        print(&found.text(is_equal, [path, other]))?;
    }
    Ok(if is_equal { Exit::Ok } else { Exit::Differs })
}

/// Checks the chain of a log.
fn read_through(log: &Log) -> Result<(), Failure> {
    let mut reader = open(log)?;
    loop {
        match reader.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(error) => return Err(Failure::log(&log.path, &error)),
        }
    }
}

/// The other log, opened like the first.
fn beside(args: &Bisect, other: &Path) -> SoughtLog {
    let log = Log { path: other.to_owned(), limits: args.sought.log.limits.clone() };
    SoughtLog { log, no_snapshots: args.sought.no_snapshots }
}

/// Replays both logs to where they part and a little farther.
fn scene(
    seekers: &mut [LogSeeker; 2],
    paths: [&Path; 2],
    comparison: &Comparison,
    parting: &Parting,
) -> Result<Option<Scene>, Failure> {
    let before = parting.entry - 1;
    let [a, b] = seekers;
    let market = |seeker: &LogSeeker| seeker.archive().header().genesis.market.clone();
    let is_one_market = market(a) == market(b) && comparison.behaviour.is_none();
    let Some(engine_a) = state(paths[0], a, before)? else { return Ok(None) };
    let engine_b = if is_one_market { Some(engine_a.clone()) } else { state(paths[1], b, before)? };
    let Some(engine_b) = engine_b else { return Ok(None) };
    let mut onward = [
        Onward::new(a.archive(), parting, engine_a)
            .map_err(|error| Failure::log(paths[0], &error))?,
        Onward::new(b.archive(), parting, engine_b)
            .map_err(|error| Failure::log(paths[1], &error))?,
    ];
    let mut scene = Scene { step: onward[0].engine.step().0, differ: None };
    for number in parting.entry..parting.entry + LOOKED_AT {
        let is_on = onward.each_mut().map(Onward::advance);
        if number == parting.entry {
            let [a, b] = &onward;
            scene.step = a.engine.step().0.max(b.engine.step().0);
        }
        let [a, b] = &onward;
        let differ = differing(&a.engine, &b.engine);
        if !differ.is_empty() {
            scene.differ = Some((number, differ));
            break;
        }
        if is_on == [false, false] {
            break;
        }
    }
    Ok(Some(scene))
}

/// The market behind an entry; `None` where this build does not reproduce the log up to there.
fn state(path: &Path, seeker: &mut LogSeeker, entry: u64) -> Result<Option<Engine>, Failure> {
    match seeking::go(path, seeker, entry) {
        Ok(player) => Ok(Some(player.engine().clone())),
        Err(failure) if failure.exit == Exit::Differs => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn differing(a: &Engine, b: &Engine) -> Vec<Section> {
    let differs = |section: &Section| section_digest(a, *section) != section_digest(b, *section);
    Section::ALL.into_iter().filter(differs).collect()
}

/// A market that goes on from where two logs part.
struct Onward<'a> {
    archive: &'a LogArchive,
    engine: Engine,
    number: u64,
    block: Option<Block>,
    cursor: Cursor,
    entry: Entry,
}

impl<'a> Onward<'a> {
    /// Right before the entry that differs, with the state that the log has there.
    fn new(archive: &'a LogArchive, parting: &Parting, engine: Engine) -> Result<Self, LogError> {
        let number = parting.block;
        let block = archive.block(number)?;
        let cursor = Cursor::default();
        let mut onward = Self { archive, engine, number, block, cursor, entry: Entry::End };
        let first = onward.block.as_ref().map_or(parting.entry, |block| block.first);
        for _ in first..parting.entry {
            onward.read();
        }
        Ok(onward)
    }

    /// False where nothing more is to be had.
    fn read(&mut self) -> bool {
        while let Some(block) = &self.block {
            match self.cursor.next(block, &mut self.entry) {
                Ok(true) => return true,
                Ok(false) => {
                    self.number += 1;
                    self.block = self.archive.block(self.number).ok().flatten();
                    self.cursor = Cursor::default();
                }
                Err(_) => return false,
            }
        }
        false
    }

    fn advance(&mut self) -> bool {
        let is_there = self.read();
        if let Entry::Command(command) = &self.entry
            && is_there
        {
            self.engine.apply(command, &mut Vec::new());
        }
        is_there
    }
}

impl Found {
    fn text(&self, is_equal: bool, paths: [&Path; 2]) -> String {
        let Comparison { equal_entries, equal_head, behaviour, .. } = &self.comparison;
        if is_equal {
            return format!("equal: {equal_entries} entries, head {equal_head}\n");
        }
        let mut rows: Vec<(&str, String)> = Vec::new();
        for (index, Field { name, values: [a, b] }) in self.genesis.iter().enumerate() {
            let words = format!("{name}: {a} -> {b}").escape_debug().to_string();
            rows.push((if index == 0 { "genesis" } else { "" }, words));
        }
        if self.genesis.is_empty() {
            rows.push(("genesis", "equal".to_owned()));
        }
        rows.push(("equal", format!("{equal_entries} entries, head {equal_head}")));
        match &self.comparison.parting {
            None => rows.push(("entries", "all equal".to_owned())),
            Some(parting) => self.parting_rows(parting, &mut rows),
        }
        rows.push(("kernel", behaviour.as_ref().map_or_else(same_behaviour, behaviour_text)));
        let hint = match &self.comparison.parting {
            Some(_) => {
                let [a, b] = paths.map(Path::display);
                format!("\nsee: replay diff {a} {b}\n")
            }
            None => String::new(),
        };
        table(&rows) + &hint
    }

    fn parting_rows(&self, parting: &Parting, rows: &mut Vec<(&str, String)>) {
        let step = self.scene.as_ref().map_or(0, |scene| scene.step);
        let Parting { entry, block, entries } = parting;
        rows.push(("part at", format!("entry {entry} (block {block}, step {step})")));
        for ((name, entry), len) in ["  A", "  B"].into_iter().zip(entries).zip(self.entries) {
            let words = match entry {
                Some(entry) => match self.names.author(entry) {
                    Some(author) => format!("{author}: {}", entry_text(entry)),
                    None => entry_text(entry),
                },
                None => format!("nothing: the log ends with entry {len}"),
            };
            rows.push((name, words));
        }
        let state = match self.scene.as_ref().and_then(|scene| scene.differ.as_ref()) {
            Some((number, sections)) => {
                let names: Vec<_> = sections.iter().map(|section| section.name()).collect();
                format!("differs behind entry {number}: {}", names.join(", "))
            }
            None => "does not differ soon".to_owned(),
        };
        rows.push(("state", state));
    }

    fn json(&self, is_equal: bool) -> Value {
        let Comparison { equal_entries, equal_head, parting, behaviour, .. } = &self.comparison;
        let genesis: Vec<_> = self
            .genesis
            .iter()
            .map(|Field { name, values: [a, b] }| json!({ "name": name, "a": a, "b": b }))
            .collect();
        let scene = self.scene.as_ref();
        let differ = scene.and_then(|scene| scene.differ.as_ref());
        let [a, b] = self.entries;
        json!({
            "schema": "replay.bisect/1",
            "equal": is_equal,
            "entries": { "a": a, "b": b },
            "genesis": genesis,
            "equal_entries": equal_entries,
            "equal_head": equal_head.to_string(),
            "parting": parting.as_ref().map(|parting| json!({
                "entry": parting.entry,
                "block": parting.block,
                "step": scene.map(|scene| scene.step),
                "a": parting.entries[0].as_ref().map(entry_json),
                "b": parting.entries[1].as_ref().map(entry_json),
                "agent": parting.entries.iter().flatten().find_map(|it| self.names.author(it)),
                "state_differs_behind": differ.map(|(number, _)| number),
                "sections": differ.map(|(_, sections)| {
                    sections.iter().map(|section| section.name()).collect::<Vec<_>>()
                }),
            })),
            "kernel": behaviour.as_ref().map(|behaviour| {
                let [a, b] = behaviour.headers;
                json!({
                    "block": a.number,
                    "first": a.first,
                    "last": a.last(),
                    "differs": behaviour.what.name(),
                    "outcome": { "a": a.outcome.to_string(), "b": b.outcome.to_string() },
                })
            }),
        })
    }
}

fn same_behaviour() -> String {
    "the same results for equal entries, as far as blocks record them".to_owned()
}

fn behaviour_text(behaviour: &Behaviour) -> String {
    let [a, _] = behaviour.headers;
    format!(
        "the {} differs first in block {} (entries {} to {}): two kernels, or a forgery; replay run \
         tells which log this build reproduces",
        behaviour.what.name(),
        a.number,
        a.first,
        a.last()
    )
}
