//! Small worlds, explored whole: every sequence of commands over an alphabet, up to a length.
//!
//! A world is a genesis and at most twenty commands on three ticks, for two clients; sequences share
//! their beginnings, so each command is carried out once for each sequence that ends with it. After
//! each one events and state bytes of both kernels are compared, every invariant is checked, and a
//! refusal must have changed nothing (RULES.md 1.1).

use std::ops::AddAssign;

use kernel::reference::ReferenceMarket;
use kernel::{Command, Engine, Event, Genesis, Section};

use crate::census::Census;
use crate::parse::{self, Line};
use crate::render;

mod alphabets;

pub use alphabets::WORLDS;

/// Most commands of an alphabet.
pub const COMMANDS_MAX: usize = 20;

/// A start, and the commands that may follow, as lines of a [script](crate::script).
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// What it is about.
    pub name: &'static str,
    /// Its lines.
    pub script: &'static str,
}

/// What was explored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Sequences of the full length.
    pub sequences: u64,
    /// Commands that were carried out, in both kernels.
    pub commands: u64,
    /// Of these, refused ones.
    pub refused: u64,
}

impl AddAssign for Explored {
    fn add_assign(&mut self, more: Self) {
        self.sequences += more.sequences;
        self.commands += more.commands;
        self.refused += more.refused;
    }
}

/// A command that differs, and those before it.
#[derive(Debug)]
struct Difference {
    words: String,
    /// Letters of the sequence, the last one first.
    letters: Vec<usize>,
}

type Sections = [Vec<u8>; 6];

/// Both kernels, with what they said last.
#[derive(Clone)]
struct Pair {
    engine: Engine,
    reference: ReferenceMarket,
    /// State bytes of the engine; the same as the reference's.
    state: Sections,
}

/// A world that was read.
pub struct Atlas {
    start: Pair,
    commands: Vec<Command>,
}

impl World {
    /// Reads the lines.
    ///
    /// # Errors
    /// A line that is none, or too many commands.
    pub fn read(&self) -> Result<Atlas, String> {
        let (mut genesis, mut commands) = (Genesis::open(), Vec::new());
        for line in self.script.lines() {
            match parse::line(line).map_err(|error| format!("{}: {error}: {line}", self.name))? {
                Line::Free => {}
                Line::Genesis(change) => change.apply(&mut genesis),
                Line::Command(command) => commands.push(command),
                Line::Question(_) => return Err(format!("{}: a question: {line}", self.name)),
            }
        }
        if COMMANDS_MAX < commands.len() {
            return Err(format!("{}: {} commands", self.name, commands.len()));
        }
        let engine = Engine::new(&genesis).map_err(|error| error.to_string())?;
        let reference = ReferenceMarket::new(&genesis).map_err(|error| error.to_string())?;
        let mut state = Sections::default();
        write(&engine, &mut state);
        Ok(Atlas { start: Pair { engine, reference, state }, commands })
    }
}

impl Atlas {
    /// How many commands the alphabet has.
    pub const fn letters(&self) -> usize {
        self.commands.len()
    }

    /// Explores the sequences that begin with one of the commands, by its place in the alphabet;
    /// those of length 1 and more. Cost: about 5 µs a command.
    ///
    /// # Errors
    /// The first difference, with the commands that lead to it.
    pub fn explore(
        &self,
        first: usize,
        length: u32,
        census: &mut Census,
    ) -> Result<Explored, String> {
        let mut explored = Explored::default();
        let mut scratch = Scratch::default();
        let step = self.step(&self.start, first, &mut scratch, census, &mut explored);
        step.and_then(|pair| self.deeper(&pair, length - 1, &mut scratch, census, &mut explored))
            .map_err(|mut difference| {
            if difference.letters.last() != Some(&first) || 1 < length {
                difference.letters.push(first);
            }
            self.tell(&difference)
        })?;
        Ok(explored)
    }

    fn deeper(
        &self,
        pair: &Pair,
        left: u32,
        scratch: &mut Scratch,
        census: &mut Census,
        explored: &mut Explored,
    ) -> Result<(), Difference> {
        if left == 0 {
            explored.sequences += 1;
            return Ok(());
        }
        for letter in 0..self.commands.len() {
            self.step(pair, letter, scratch, census, explored)
                .and_then(|next| self.deeper(&next, left - 1, scratch, census, explored))
                .map_err(|mut difference| {
                    difference.letters.push(letter);
                    difference
                })?;
        }
        Ok(())
    }

    /// Both kernels after one more command.
    fn step(
        &self,
        before: &Pair,
        letter: usize,
        scratch: &mut Scratch,
        census: &mut Census,
        explored: &mut Explored,
    ) -> Result<Pair, Difference> {
        let command = self.commands[letter];
        let mut pair = before.clone();
        let Scratch { fast, slow, state } = scratch;
        fast.clear();
        slow.clear();
        pair.engine.apply(&command, fast);
        pair.reference.apply(&command, slow);
        explored.commands += 1;
        census.count(&command, before.engine.rules().state, fast);
        let fail = |words: String| Difference { words, letters: Vec::new() };
        if fast != slow {
            return Err(fail(format!("the engine: {}\nthe reference: {}", told(fast), told(slow))));
        }
        write(&pair.engine, &mut pair.state);
        for ((section, slow), fast) in Section::ALL.iter().zip(state).zip(&pair.state) {
            slow.clear();
            pair.reference.write_section(*section, slow);
            if slow != fast {
                return Err(fail(format!("state bytes of {} differ", section.name())));
            }
        }
        pair.engine.check().map_err(|broken| fail(broken.to_string()))?;
        if let [Event::Rejected { .. }] = fast[..] {
            explored.refused += 1;
            let is_unchanged = before.state[..5] == pair.state[..5];
            let placed = u64::from(matches!(command, Command::Place(_)));
            let is_counted = before.engine.placed() + placed == pair.engine.placed();
            if !is_unchanged || !is_counted {
                return Err(fail("a refusal changed the state".to_owned()));
            }
        }
        Ok(pair)
    }

    fn tell(&self, difference: &Difference) -> String {
        let letters = difference.letters.iter().rev();
        let lines: Vec<_> =
            letters.map(|letter| render::command(&self.commands[*letter])).collect();
        format!("{}\nafter:\n{}", difference.words, lines.join("\n"))
    }
}

/// Memory that every step uses again.
#[derive(Default)]
struct Scratch {
    fast: Vec<Event>,
    slow: Vec<Event>,
    state: Sections,
}

fn write(engine: &Engine, state: &mut Sections) {
    for (section, bytes) in Section::ALL.iter().zip(state) {
        bytes.clear();
        engine.write_section(*section, bytes);
    }
}

fn told(events: &[Event]) -> String {
    let lines = events.iter().map(|event| format!("\n  {}", render::event(event)));
    lines.collect::<Vec<_>>().concat()
}
