//! What a step of the ecology costs: nanoseconds of CPU time, unrecorded and recorded to memory, the
//! least of so many runs (first argument, else 5) of 20,000 steps of each preset.

#![expect(clippy::print_stdout, reason = "figures are its output")]

mod common;

use agents::config::PRESETS;
use agents::{Config, Ecology};
use kernel::{Command, Decision, Engine, Event, Unlogged, Venue};
use replay::{Recorder, SyncPolicy};

use common::cpu_nanoseconds;

const SEED: u64 = 42;
const STEPS: u32 = 20_000;
const LOG_BYTES: usize = 1 << 26;

/// Counts what reaches a venue.
struct Counted<V> {
    venue: V,
    commands: u32,
    decisions: u32,
}

impl<V: Venue> Venue for Counted<V> {
    type Error = V::Error;

    fn submit(&mut self, command: Command) -> Result<&[Event], Self::Error> {
        self.commands += 1;
        self.venue.submit(command)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Self::Error> {
        self.decisions += 1;
        self.venue.note(decision)
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), Self::Error> {
        self.venue.mark(name, number)
    }

    fn engine(&self) -> &Engine {
        self.venue.engine()
    }
}

fn main() {
    let runs = std::env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(5_u32);
    println!(
        "{:10} {:>14} {:>14} {:>10} {:>10}",
        "preset", "ns/step", "recorded", "commands", "decisions"
    );
    for name in PRESETS {
        let config = match Config::preset(name) {
            Ok(config) => config,
            Err(error) => unreachable!("{error}"),
        };
        let (mut bare, mut recorded) = (f64::MAX, f64::MAX);
        let mut counts = (0.0, 0.0);
        for _ in 0..runs {
            let (time, commands, decisions) = unrecorded(&config);
            bare = bare.min(time);
            counts = (commands, decisions);
            recorded = recorded.min(to_memory(&config));
        }
        let (commands, decisions) = counts;
        println!("{name:10} {bare:14.0} {recorded:14.0} {commands:10.1} {decisions:10.1}");
    }
}

/// Nanoseconds, commands and decisions of a step.
fn unrecorded(config: &Config) -> (f64, f64, f64) {
    let venue = match Engine::new(&config.genesis()) {
        Ok(engine) => Unlogged::new(engine),
        Err(error) => unreachable!("{error}"),
    };
    let mut venue = Counted { venue, commands: 0, decisions: 0 };
    let time = run(config, &mut venue);
    let each = |count: u32| f64::from(count) / f64::from(STEPS);
    (time, each(venue.commands), each(venue.decisions))
}

/// Nanoseconds of a step.
fn to_memory(config: &Config) -> f64 {
    let genesis = replay::Genesis::new(config.genesis(), "ecology");
    // Room for the whole log: growing is the memory's business.
    let log = Vec::with_capacity(LOG_BYTES);
    match Recorder::create(&genesis, log, Vec::new(), SyncPolicy::None) {
        Ok(mut recorder) => run(config, &mut recorder),
        Err(error) => unreachable!("{error}"),
    }
}

fn run<V: Venue>(config: &Config, venue: &mut V) -> f64 {
    let mut ecology = Ecology::new(config, SEED);
    let start = cpu_nanoseconds();
    for _ in 0..STEPS {
        assert!(ecology.step(venue).is_ok(), "memory takes everything");
    }
    let time = cpu_nanoseconds() - start;
    f64::from(u32::try_from(time).unwrap_or(u32::MAX)) / f64::from(STEPS)
}
