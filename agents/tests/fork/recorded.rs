//! Runs that are recorded in memory and read back.

use agents::{Config, Ecology, Fork, Run};
use kernel::{ClientId, Command, Engine, Venue};
use replay::{Digest, Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

pub(crate) const SEED: u64 = 3;

/// A recorded run, read back.
pub(crate) struct Recorded {
    pub(crate) entries: Vec<Entry>,
    /// Step of each entry.
    steps: Vec<u64>,
    pub(crate) digests: [Digest; 3],
    pub(crate) engine: Engine,
}

/// Records a configuration with its forks to the end; `look` sees the market after each step.
pub(crate) fn record(
    config: &Config,
    forks: &[Fork],
    look: impl FnMut(&Ecology, &Engine),
) -> Recorded {
    record_from(SEED, config, forks, look)
}

pub(crate) fn record_from(
    seed: u64,
    config: &Config,
    forks: &[Fork],
    mut look: impl FnMut(&Ecology, &Engine),
) -> Recorded {
    let genesis = Genesis::new(config.genesis(), "ecology");
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut run = Run::new(config, seed, forks).unwrap();
    while run.step(&mut recorder).unwrap() {
        look(run.ecology(), recorder.engine());
    }
    assert_eq!(run.entries(), recorder.entries());
    recorder.finish().unwrap();
    read(&log)
}

/// Reads a whole log back.
pub(crate) fn read(log: &[u8]) -> Recorded {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let (mut entries, mut steps) = (Vec::new(), Vec::new());
    while let Some(moment) = player.advance().unwrap() {
        entries.push(moment.entry.clone());
        steps.push(moment.engine.step().0);
    }
    let summary = player.summary();
    let digests = [summary.head, summary.outcome, summary.state];
    Recorded { entries, steps, digests, engine: player.engine().clone() }
}

pub(crate) fn config(steps: u64, changes: &[(&str, &str)]) -> Config {
    let mut config = Config::preset("realistic").unwrap();
    config.set("steps", &steps.to_string()).unwrap();
    for (key, value) in changes {
        config.set(key, value).unwrap();
    }
    config
}

impl Recorded {
    pub(crate) fn of(config: &Config) -> Self {
        record(config, &[], |_, _| ())
    }

    /// A fork of this run behind an entry.
    pub(crate) fn fork(&self, entry: usize, changes: &str) -> Fork {
        let step = if entry == 0 { 0 } else { self.steps[entry - 1] };
        let mark = if changes.is_empty() { "" } else { ": " };
        format!("entry {entry} step {step}{mark}{changes}").parse().unwrap()
    }

    /// How many entries stand up to the clock of a step, that included.
    pub(crate) fn up_to_clock(&self, step: u64) -> usize {
        self.steps.iter().position(|of| *of == step).unwrap() + 1
    }

    /// How many entries stand before a step.
    pub(crate) fn before(&self, step: u64) -> usize {
        self.up_to_clock(step) - 1
    }

    pub(crate) fn without_marks(&self) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| !matches!(entry, Entry::Mark(_))).collect()
    }

    /// Commands of a client from an entry on.
    pub(crate) fn commands_of(&self, client: u32, from: usize) -> Vec<Command> {
        let commands = self.entries[from..].iter().filter_map(|entry| match entry {
            Entry::Command(command) => Some(*command),
            Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => None,
        });
        commands.filter(|command| owner(command) == Some(ClientId(client))).collect()
    }
}

fn owner(command: &Command) -> Option<ClientId> {
    match command {
        Command::Place(place) => Some(place.client),
        Command::Cancel { client, .. }
        | Command::Reduce { client, .. }
        | Command::Replace { client, .. }
        | Command::MassCancel { client } => Some(*client),
        Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => None,
    }
}
