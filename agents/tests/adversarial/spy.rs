//! A venue that remembers everything, and games in front of it.

use std::convert::Infallible;

use agents::adversarial::{Game, Pay, Settings};
use kernel::{Command, Decision, Engine, Event, Unlogged, Venue};

/// One entry of a game and what the kernel answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    Command(Command, Vec<Event>),
    Decision { agent: u32, policy: u32, action: Vec<i32>, observation: Option<[u8; 8]> },
    Mark(String, u64),
}

/// A venue over the bare kernel that keeps its entries.
pub(crate) struct Spy {
    inner: Unlogged,
    pub(crate) entries: Vec<Entry>,
}

impl Spy {
    pub(crate) fn new(settings: &Settings) -> Self {
        let engine = Engine::new(&settings.genesis()).unwrap();
        Self { inner: Unlogged::new(engine), entries: Vec::new() }
    }

    /// Commands with their events, in order.
    pub(crate) fn commands(&self) -> impl Iterator<Item = (&Command, &[Event])> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Command(command, events) => Some((command, &events[..])),
            Entry::Decision { .. } | Entry::Mark(..) => None,
        })
    }

    /// Actions of one policy, in order.
    pub(crate) fn actions(&self, policy: u32) -> impl Iterator<Item = &[i32]> {
        self.entries.iter().filter_map(move |entry| match entry {
            Entry::Decision { policy: found, action, .. } if *found == policy => Some(&action[..]),
            Entry::Decision { .. } | Entry::Command(..) | Entry::Mark(..) => None,
        })
    }
}

impl Venue for Spy {
    type Error = Infallible;

    fn submit(&mut self, command: Command) -> Result<&[Event], Infallible> {
        let events = self.inner.submit(command)?.to_vec();
        self.entries.push(Entry::Command(command, events));
        match self.entries.last() {
            Some(Entry::Command(_, events)) => Ok(events),
            _ => unreachable!("it was pushed just now"),
        }
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Infallible> {
        let Decision { agent, policy, action, observation, .. } = decision;
        self.entries.push(Entry::Decision { agent, policy, action: action.to_vec(), observation });
        Ok(())
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), Infallible> {
        self.entries.push(Entry::Mark(name.to_owned(), number));
        Ok(())
    }

    fn engine(&self) -> &Engine {
        self.inner.engine()
    }
}

/// Settings of a preset with changes.
pub(crate) fn settings(preset: &str, set: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::preset(preset).unwrap();
    settings.set_all(set.iter().copied()).unwrap();
    settings
}

/// A whole game in front of a spy, and what each step paid.
pub(crate) fn play(settings: &Settings, seed: u64) -> (Spy, Game, Vec<Pay>) {
    let mut spy = Spy::new(settings);
    let mut game = Game::new(settings, seed);
    let mut pays = Vec::new();
    while let Some(pay) = game.advance(&mut spy).unwrap() {
        pays.push(pay);
    }
    spy.engine().check().unwrap();
    (spy, game, pays)
}
