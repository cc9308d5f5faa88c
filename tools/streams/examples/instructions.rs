//! What `cargo xtask instructions` counts: the stages of a short `s4k`, one after the other.
//!
//! `instructions N` runs the first N stages and stops; the instructions of a stage are those of its
//! run less those of the run before. Prints the last stage's name and how many operations it did.
//! Everything is in memory, and nothing depends on the machine.

#![expect(clippy::print_stdout, reason = "what was counted is its output")]

use std::error::Error;

use divan::black_box;
use kernel::{ClientId, Engine, Event, Venue};
use replay::{Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};
use streams::{Operation, Recipe, S4K, generate};

const RECIPE: Recipe = Recipe { operations: 100_000, ..S4K };
const CLIENT: ClientId = ClientId(1);

fn main() -> Result<(), Box<dyn Error>> {
    let stages: u32 = std::env::args().nth(1).ok_or("which stage is the last?")?.parse()?;
    let stream = generate(RECIPE);
    let (untimed, timed) = stream.operations.split_at(stream.untimed);
    let genesis = Genesis::new(kernel::Genesis::open(), "instructions");
    let mut engine = Engine::new(&genesis.market).map_err(|error| error.to_string())?;
    let mut events = Vec::with_capacity(1 << 10);
    run(&mut engine, untimed, &mut events);
    let mut done = ("setup", 0);
    if 1 <= stages {
        run(&mut engine, timed, &mut events);
        done = ("match", timed.len());
    }
    let mut log = Vec::new();
    if 2 <= stages {
        log = record(&genesis, &stream.operations)?;
        done = ("record", stream.operations.len());
    }
    if 3 <= stages {
        let reader = Reader::open(log.as_slice(), Vec::new(), ReadLimits::DEFAULT)?;
        black_box(Player::new(reader)?.run()?);
        done = ("replay", stream.operations.len());
    }
    if 4 <= stages {
        return Err("there are three stages".into());
    }
    black_box((&engine, &log));
    println!("{} {}", done.0, done.1);
    Ok(())
}

fn run(engine: &mut Engine, operations: &[Operation], events: &mut Vec<Event>) {
    for operation in operations {
        events.clear();
        engine.apply(&operation.command(CLIENT), events);
        black_box(&events);
    }
}

/// Records into memory; what would be the disk costs nothing that varies.
fn record(genesis: &Genesis, operations: &[Operation]) -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None)?;
    for operation in operations {
        black_box(recorder.submit(operation.command(CLIENT))?);
    }
    recorder.finish()?;
    Ok(log)
}
