//! The command line of `replay simulate`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::Layered;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    /// Market makers, momentum, value and noise traders
    Ecology,
    /// An informed trader, a maker that infers, a faster arbitrageur
    Adversarial,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  replay simulate -o day.log\n  replay simulate --preset seed --seed 7 \
--market-makers 3 --set market.tax=1 -o taxed.log\n  replay simulate --preset crash --list\n\n\
--set 'schedule.0001=step 500: makers leave' schedules what happens, in the order of time; entries\n\
are makers leave, makers return, 3 noise join, fair value times 0.9 plus -20, set RULE VALUE,\n\
uncross, mark NAME.\n\nOne step is one second of logical time. The same options and seed give the same log on every\n\
machine. What was interrupted stays as far as it came, and replays. With --json, --durable-every\n\
prints an object for each line: {\"schema\":\"replay.durable/1\",\"entry\":N,\"head\":HEX}.\n\n\
Of adversarial markets:\n  replay simulate --system adversarial --episodes 100 --mode silent -o hidden.log\n  \
replay simulate --system adversarial --config fast_debug.yaml --override trader.policy=copy -o copy.log\n\n\
Their settings come in layers, preset, files, overrides: replay config show. A step is\n\
episode.step_ms long, one minute."
)]
pub(crate) struct Simulate {
    /// Which system of agents
    #[arg(long, value_enum, default_value_t = System::Ecology)]
    pub(crate) system: System,

    /// Set of parameters to start from: seed (as published), realistic, crash; by default realistic. Of
    /// adversarial markets: default, published, debug
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Option<String>,

    /// How many episodes of an adversarial market
    #[arg(long, value_name = "N")]
    pub(crate) episodes: Option<u32>,

    /// What an adversarial market's episodes of type z = 0 are: uninformed, silent, noise
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<String>,

    #[command(flatten)]
    pub(crate) layered: Layered,

    /// How many market makers
    #[arg(long, value_name = "N")]
    pub(crate) market_makers: Option<u32>,

    /// How many momentum traders
    #[arg(long, value_name = "N")]
    pub(crate) momentum: Option<u32>,

    /// How many value traders
    #[arg(long, value_name = "N")]
    pub(crate) value: Option<u32>,

    /// How many noise traders
    #[arg(long, value_name = "N")]
    pub(crate) noise: Option<u32>,

    /// How many steps
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u32>,

    /// Seed of every draw; by default that of a --config, else 42
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// Set a parameter; --list shows them. Later ones win. Of adversarial markets the same as
    /// --override
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,

    /// Take drift and volatility of the fair value from daily closes: a CSV file of FRED or Yahoo
    #[arg(long, value_name = "FILE")]
    pub(crate) fair_value_csv: Option<PathBuf>,

    /// Steps that make up a day of that file
    #[arg(long, value_name = "N", default_value_t = 23_400,
          value_parser = clap::value_parser!(u32).range(1..=86_400), requires = "fair_value_csv")]
    pub(crate) steps_per_day: u32,

    /// Show every parameter with its value, unit and range instead
    #[arg(long, conflicts_with = "output")]
    pub(crate) list: bool,

    /// The log to record
    #[arg(short, long, value_name = "LOG", required_unless_present = "list")]
    pub(crate) output: Option<PathBuf>,

    /// After every N steps, make all entries so far durable, then print `durable ENTRY HEAD`: they
    /// survive a crash and a loss of power. Without it blocks become durable as they are sealed
    #[arg(long, value_name = "N", conflicts_with = "list",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) durable_every: Option<u32>,

    /// Replace the log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
