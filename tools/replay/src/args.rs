//! The command line, and nothing but it.

mod bench;
mod blame;
mod care;
mod compact;
mod config;
mod diff;
mod evidence;
mod execution;
mod fork;
mod golden;
mod import;
mod inevitable;
mod limits;
mod report;
mod scenario;
mod seek;
mod simulate;
mod stats;
mod step;
mod when;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use replay::Digest;

pub(crate) use bench::{Bench, BenchStream};
pub(crate) use blame::{Blame, LevelRef, OrderRef, TradeRef};
pub(crate) use care::{Cut, Doctor, EntryKind, Filter, Follow, Recover};
pub(crate) use compact::Compact;
pub(crate) use config::{Config, Configured, Layered};
pub(crate) use diff::Diff;
pub(crate) use evidence::{CheckProof, Key, Prove, Sign};
pub(crate) use execution::Execution;
pub(crate) use fork::Fork;
pub(crate) use golden::{Golden, Goldens};
pub(crate) use import::{Import, ImportCsv, ImportLobster, ImportTo};
pub(crate) use inevitable::{Inevitable, Span};
pub(crate) use limits::Limits;
pub(crate) use report::Report;
pub(crate) use scenario::{OtherScenario, Scenario, ScenarioKind};
pub(crate) use seek::{Bisect, SoughtLog, State};
pub(crate) use simulate::{Simulate, System};
pub(crate) use stats::{BandSet, Every, Stats};
pub(crate) use step::{Size as StepSize, Step};
pub(crate) use when::When;

/// Record, replay and verify markets byte for byte.
///
/// A market is a fold over a hash-chained log. `replay run LOG` reproduces every event and every
/// state of it from the log alone.
#[derive(Debug, Parser)]
#[command(name = "replay", version, after_help = cli::EXIT_CODES_HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Do the main job in one go: simulate a market, replay it, verify it, show its facts
    Demo(Demo),
    /// Record a market of fixed-rule agents
    Simulate(Box<Simulate>),
    /// Tell what configuration files and overrides come to
    #[command(subcommand)]
    Config(Config),
    /// Run markets with and without a change, seed by seed, and tell the effects
    Scenario(Box<Scenario>),
    /// Make another future of a log from one of its entries on
    Fork(Box<Fork>),
    /// Tell how likely an outcome already was, from forks along a log
    Inevitable(Box<Inevitable>),
    /// Replay a log exactly and check every outcome and state digest
    Run(Run),
    /// Check a log: its chain, and unless told otherwise its replay
    Verify(Verify),
    /// Show the market at a moment: book, accounts, rules, orders
    State(State),
    /// Step both ways through a log, in a terminal: book, trades, accounts, entry by entry
    Step(Box<Step>),
    /// Tell at which moments of a log something holds: first, last, all, how long
    When(Box<When>),
    /// Find where two logs part, or when something came to hold
    Bisect(Box<Bisect>),
    /// Tell the causal chain of an order, a price or a trade: what made it so
    Blame(Box<Blame>),
    /// Measure stylised facts of a log, or of several
    Stats(Box<Stats>),
    /// Draw figures of logs: one page of HTML that needs nothing else
    Report(Report),
    /// Tell what a log holds
    Info(Info),
    /// Write a log's entries as text, CSV or NDJSON
    Cat(Cat),
    /// Write a table of a log: trades, orders, book, accounts
    Export(Export),
    /// Write head, outcome, state digest and seal at every block border
    Hashes(Hashes),
    /// Make a proof that an entry stands at its place in a log
    Prove(Prove),
    /// Check a proof against a seal, without the log
    CheckProof(CheckProof),
    /// Sign how far a log has come
    Sign(Sign),
    /// Make a pair of keys to sign with
    Key(Key),
    /// Compare two logs: where they part, which orders and trades differ, what it came to
    Diff(Diff),
    /// Make a log out of a file of another format
    #[command(subcommand)]
    Import(Import),
    /// Tell everything that is wrong with a log, and what to do
    Doctor(Doctor),
    /// Save the good part of a log that is torn at its end into a new log
    Recover(Recover),
    /// Make a new log of a log's first entries
    Cut(Cut),
    /// Make a new log of some of a log's entries: a market of its own
    Filter(Box<Filter>),
    /// Make a smaller log of the same entries and digests, or the plain one again
    Compact(Compact),
    /// Carry out the golden runs again: does everything come out as it was written down?
    #[command(subcommand)]
    Golden(Golden),
    /// Measure what matching, recording and replaying cost on this machine
    Bench(Bench),
    /// Write a shell's completions to standard output
    Completions(Completions),
    /// Write the manual page, or one for each subcommand into a folder
    Man(Man),
}

/// What every command that reads a log takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Log {
    /// The log
    #[arg(value_name = "LOG")]
    pub(crate) path: PathBuf,

    #[command(flatten)]
    pub(crate) limits: Limits,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay demo\n  replay demo --seed 7 --steps 1000 -o /tmp/day")]
pub(crate) struct Demo {
    /// Folder to make; by default the first free of replay-demo, replay-demo-2, …
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// Seed of every draw
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,

    /// Steps of one second
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) steps: u32,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay run day.log\n  replay run day.log --json | jq .head")]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) log: Log,

    /// When the replay differs, write both states, the entries around and the command here
    #[arg(long, value_name = "DIR")]
    pub(crate) bundle: Option<PathBuf>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay verify day.log\n  replay verify day.log --chain-only \
--expect-head 5f1c…\n  replay verify fork.log --parent day.log\n  replay verify day.log --key market.key.pub\n\n\
The head pins the entries; the seal also pins genesis and behaviour; a signature says who stands by it.")]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The head that the log must have over all its entries
    #[arg(long, value_name = "DIGEST")]
    pub(crate) expect_head: Option<Digest>,

    /// The seal that the log's last sealed block must have
    #[arg(long, value_name = "DIGEST")]
    pub(crate) expect_seal: Option<Digest>,

    /// The public key that must have signed a checkpoint of the log
    #[arg(long, value_name = "PUB")]
    pub(crate) key: Option<PathBuf>,

    /// The checkpoint; by default LOG.checkpoint
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) checkpoint: Option<PathBuf>,

    /// Of a fork: the log that it left; do both share its entries?
    #[arg(long, value_name = "LOG")]
    pub(crate) parent: Option<PathBuf>,

    /// Check the chain without replaying
    #[arg(long)]
    pub(crate) chain_only: bool,

    /// Re-run the agents from the genesis too: do they decide again what the log says?
    #[arg(long, conflicts_with = "chain_only")]
    pub(crate) producer: bool,

    /// When the replay or a decision differs, write both states, the entries around and the command
    /// here
    #[arg(long, value_name = "DIR", conflicts_with = "chain_only")]
    pub(crate) bundle: Option<PathBuf>,

    /// List every block that diverges, not only the first
    #[arg(long, conflicts_with = "chain_only")]
    pub(crate) all: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Info {
    #[command(flatten)]
    pub(crate) log: Log,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CatFormat {
    /// One line for each entry
    Text,
    /// Plain command CSV, which `import csv` reads
    Csv,
    /// One JSON object a line
    Ndjson,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay cat day.log --from 100 --to 120 --events\n  \
replay cat day.log --format csv > day.csv")]
pub(crate) struct Cat {
    #[command(flatten)]
    pub(crate) log: Log,

    /// How entries are written
    #[arg(long, value_enum, default_value_t = CatFormat::Text)]
    pub(crate) format: CatFormat,

    /// First entry
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) from: u64,

    /// Last entry
    #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    pub(crate) to: u64,

    /// Show the kernel's events too
    #[arg(long)]
    pub(crate) events: bool,

    #[command(flatten)]
    pub(crate) follow: Follow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableName {
    /// One row for each trade
    Trades,
    /// One row for each order, written when it ends
    Orders,
    /// The best levels, at the end or at every mark named `row`
    Book,
    /// What every client holds at the end
    Accounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// A header line and comma-separated values
    Csv,
    /// One JSON object a line
    Ndjson,
    /// LOBSTER's orderbook layout, for the book only
    Lobster,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay export day.log --table trades > trades.csv\n  \
replay export day.log --table book --format lobster --levels 10 --rows -o book.csv")]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) log: Log,

    /// Which table
    #[arg(long, value_enum)]
    pub(crate) table: TableName,

    /// How rows are written
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    pub(crate) format: TableFormat,

    /// Levels of each side, for the book; 10 by default
    #[arg(long, value_name = "N")]
    pub(crate) levels: Option<NonZeroUsize>,

    /// The book at every mark named `row`, led by the mark's number, instead of once at the end
    #[arg(long)]
    pub(crate) rows: bool,

    /// File to write; standard output by default
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowsFormat {
    /// A header line and comma-separated values
    Csv,
    /// One JSON object a line
    Ndjson,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Hashes {
    #[command(flatten)]
    pub(crate) log: Log,

    /// How rows are written
    #[arg(long, value_enum, default_value_t = RowsFormat::Csv)]
    pub(crate) format: RowsFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// Folder for the pages of all subcommands
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}
