//! `replay bench`: what a command costs, on the streams that engines are compared on.

use std::fs::File;
use std::io::Seek;
use std::path::{Path, PathBuf};

use cli::{CpuClock, Exit, Failure, Interrupt};
use kernel::{ClientId, Engine, Venue};
use replay::{Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};
use serde_json::json;
use streams::{Expected, Recipe, S1M, S4K, Stream, WIDE};

use super::{print, print_json, say};
use crate::args::{Bench, BenchStream};

/// Costs of one stream: the least of all runs, in nanoseconds of CPU time.
struct Costs {
    recipe: Recipe,
    /// Match: nanoseconds for an operation.
    kernel: f64,
    /// The same, looking ahead as a replay of a deep book does.
    ahead: f64,
    /// Match, encode, chain, write: nanoseconds for a command.
    record: f64,
    /// Read, verify, decode, match: nanoseconds for a command.
    replay: f64,
    /// Read and verify the chain: nanoseconds for a byte.
    chain: f64,
    /// Bytes of the log.
    log_bytes: u64,
    /// Entries of the log.
    entries: u64,
}

const CLIENT: ClientId = ClientId(1);
/// Operations that are looked at together.
const AHEAD: usize = 64;

pub(crate) fn run(args: &Bench) -> Result<Exit, Failure> {
    let recipes: &[Recipe] = match args.stream {
        BenchStream::S4k => &[S4K],
        BenchStream::S1m => &[S1M],
        BenchStream::Wide => &[WIDE],
        BenchStream::All => &[S4K, S1M, WIDE],
    };
    let interrupt = Interrupt::listen();
    let folder = TempFolder::create()?;
    let mut costs = Vec::new();
    for recipe in recipes {
        say(&format!("{}: generating", recipe.name));
        let stream = streams::generate(*recipe);
        say(&format!("{}: {} runs", recipe.name, args.runs));
        costs.push(measure(&stream, args.runs, &folder.0.join("bench.log"), &interrupt)?);
    }
    if args.json {
        print_json(&json!({
            "schema": "replay.bench/1",
            "runs": args.runs,
            "streams": costs.iter().map(|costs| json!({
                "stream": costs.recipe.name,
                "kernel_ns": costs.kernel,
                "kernel_ahead_ns": costs.ahead,
                "record_ns": costs.record,
                "replay_ns": costs.replay,
                "chain_ns_per_byte": costs.chain,
                "log_bytes": costs.log_bytes,
                "entries": costs.entries,
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        print(&table(&costs, args.runs))?;
    }
    Ok(Exit::Ok)
}

fn table(costs: &[Costs], runs: u32) -> String {
    let mut lines = vec![
        format!("CPU time, least of {runs} runs, all events on"),
        format!(
            "{:6} {:>12} {:>12} {:>11} {:>11} {:>11} {:>12}",
            "stream",
            "kernel ns/op",
            "ahead ns/op",
            "record M/s",
            "replay M/s",
            "chain GB/s",
            "bytes/entry"
        ),
    ];
    for costs in costs {
        let per_entry = ratio(costs.log_bytes, costs.entries);
        lines.push(format!(
            "{:6} {:>12.1} {:>12.1} {:>11.1} {:>11.1} {:>11.2} {:>12.2}",
            costs.recipe.name,
            costs.kernel,
            costs.ahead,
            1e3 / costs.record,
            1e3 / costs.replay,
            1.0 / costs.chain,
            per_entry
        ));
    }
    lines.join("\n") + "\n"
}

fn measure(
    stream: &Stream,
    runs: u32,
    path: &Path,
    interrupt: &Interrupt,
) -> Result<Costs, Failure> {
    let (operations, commands) = (u64::from(stream.recipe.operations), stream.operations.len());
    let mut costs = Costs {
        recipe: stream.recipe,
        kernel: f64::INFINITY,
        ahead: f64::INFINITY,
        record: f64::INFINITY,
        replay: f64::INFINITY,
        chain: f64::INFINITY,
        log_bytes: 0,
        entries: 0,
    };
    for _ in 0..runs {
        interrupt.check()?;
        costs.kernel = costs.kernel.min(ratio(time_kernel(stream, false), operations));
        costs.ahead = costs.ahead.min(ratio(time_kernel(stream, true), operations));
        let recorded = time_record(stream, path)?;
        costs.record = costs.record.min(ratio(recorded, commands as u64));
        let (replayed, entries) = time_replay(path)?;
        costs.replay = costs.replay.min(ratio(replayed, commands as u64));
        let (chained, bytes) = time_chain(path)?;
        costs.chain = costs.chain.min(ratio(chained, bytes));
        (costs.log_bytes, costs.entries) = (bytes, entries);
        let _ = std::fs::remove_file(path);
    }
    Ok(costs)
}

fn genesis(stream: &Stream) -> Genesis {
    let mut market = kernel::Genesis::open();
    market.limits.orders_max = market.limits.orders_max.max(stream.recipe.live * 2);
    Genesis::new(market, "bench")
}

/// The timed operations through the bare kernel; their trades are checked.
fn time_kernel(stream: &Stream, looks_ahead: bool) -> u64 {
    let Ok(mut engine) = Engine::new(&genesis(stream).market) else {
        unreachable!("the genesis is in its bounds")
    };
    let mut events = Vec::with_capacity(1 << 10);
    let (untimed, timed) = stream.operations.split_at(stream.untimed);
    for operation in untimed {
        events.clear();
        engine.apply(&operation.command(CLIENT), &mut events);
    }
    let mut found = Expected::default();
    let clock = CpuClock::start();
    for operations in timed.chunks(AHEAD) {
        if looks_ahead {
            engine.look_ahead(operations.iter().filter_map(|operation| operation.named()));
        }
        for operation in operations {
            events.clear();
            engine.apply(&operation.command(CLIENT), &mut events);
            for event in &events {
                found.take(event);
            }
        }
    }
    let time = clock.nanoseconds();
    assert!(found == stream.expected, "the kernel makes the trades of the plain book");
    time
}

fn time_record(stream: &Stream, path: &Path) -> Result<u64, Failure> {
    let create = |path: &Path| {
        File::create(path).map_err(|error| {
            Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display()))
        })
    };
    let (log, tail) = (create(path)?, create(&path.with_extension("tail"))?);
    let fail = |error| Failure::log(path, &error);
    let clock = CpuClock::start();
    let mut recorder =
        Recorder::create(&genesis(stream), log, tail, SyncPolicy::None).map_err(fail)?;
    for operation in &stream.operations {
        recorder.submit(operation.command(CLIENT)).map_err(fail)?;
    }
    let time = clock.nanoseconds();
    // Waiting for the disk is not what is measured.
    recorder.finish().map_err(fail)?;
    Ok(time)
}

fn time_replay(path: &Path) -> Result<(u64, u64), Failure> {
    let fail = |error| Failure::log(path, &error);
    let clock = CpuClock::start();
    let mut player = Player::new(open(path)?).map_err(fail)?;
    let summary = player.run().map_err(|error| Failure::play(path, &error))?;
    Ok((clock.nanoseconds(), summary.entries))
}

fn time_chain(path: &Path) -> Result<(u64, u64), Failure> {
    let clock = CpuClock::start();
    let mut reader = open(path)?;
    while reader.next_block().map_err(|error| Failure::log(path, &error))?.is_some() {}
    Ok((clock.nanoseconds(), reader.offset()))
}

fn open(path: &Path) -> Result<Reader<File>, Failure> {
    let mut log = cli::open_input(path)?;
    log.rewind().map_err(|error| Failure::io(path, &error))?;
    Reader::open(log, Vec::new(), ReadLimits::DEFAULT).map_err(|error| Failure::log(path, &error))
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn ratio(of: u64, by: u64) -> f64 {
    of as f64 / by as f64
}

/// A folder that goes when the bench ends.
struct TempFolder(PathBuf);

impl TempFolder {
    fn create() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("replay-bench-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| {
            Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display()))
        })?;
        Ok(Self(path))
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
