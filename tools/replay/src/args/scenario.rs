//! The command line of `replay scenario`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::Execution;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScenarioKind {
    /// All market makers leave
    #[value(alias = "flash_crash")]
    FlashCrash,
    /// Nobody may sell what it does not hold
    #[value(alias = "short_ban")]
    ShortBan,
    /// Every fill is taxed
    #[value(alias = "tobin_tax")]
    TobinTax,
    /// All three side by side
    Compare,
}

/// Scenarios of another system, with options of their own.
#[derive(Debug, Subcommand)]
pub(crate) enum OtherScenario {
    /// Tell what fixed policies of an informed trader cost and how well they hide, in the adversarial market
    Execution(Execution),
}

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  replay scenario flash-crash\n  replay scenario short-ban --seeds 50 \
--seed-from 1001\n  replay scenario tobin-tax --rates 1,2 -o DIR\n  replay scenario late-tax.toml\n\n\
For each seed the market runs without and with the change, both recorded and replayed; what is\n\
measured comes from the logs. Twin runs share all draws and are equal until the change, so effects\n\
are paired by seed: mean, 95 % interval and p of the paired t-test, p of Wilcoxon's signed ranks.\n\n\
flash-crash  All makers leave at half time. Spread and drawdown over the next 500 steps; in a third\n\
\x20            run makers return after 100 steps, and 10 steps of a spread below 1.5 times the twin's\n\
\x20            are a recovery. Preset crash.\n\
short-ban    From step 1: (a) nobody holds anything; (b) all hold 20 lots, makers are exempt.\n\
\x20            Preset seed.\n\
tobin-tax    From step 1, for each rate in ticks a lot and side. Preset seed.\n\n\
A schedule of your own is a TOML file:\n\n\
\x20 name = \"a tax, and makers flee\"     # optional, as all but [[event]]\n\
\x20 preset = \"realistic\"\n\
\x20 steps = 20000\n\
\x20 [set]                              # parameters of both runs: replay simulate --list\n\
\x20 \"market.endowment\" = 20\n\
\x20 [[event]]\n\
\x20 at = 10000\n\
\x20 set_rule = \"tax\"                   # and value; short_ban, tax, fees, band, state, exempt, tick,\n\
\x20 value = 2                          # lot, qty_max, price_range, position_max; lists for pairs\n\
\x20 [[event]]\n\
\x20 at = 12000\n\
\x20 leave = \"makers\"                   # or return; makers, momentum, value, noise\n\n\
Other events: join = \"noise\" and count = 3; shock_factor = 0.9 and shock_ticks = -20, one of them or\n\
both; uncross = true; mark = \"lunch\"."
)]
pub(crate) struct Scenario {
    #[command(subcommand)]
    pub(crate) other: Option<OtherScenario>,

    /// flash-crash, short-ban, tobin-tax, compare, or a file with a schedule of your own
    #[arg(value_name = "WHAT", required_unless_present_any = ["kind", "file"],
          conflicts_with_all = ["kind", "file"])]
    pub(crate) what: Option<String>,

    /// The same by name
    #[arg(long, value_enum, conflicts_with = "file")]
    pub(crate) kind: Option<ScenarioKind>,

    /// The same as a file, whatever its name
    #[arg(long, value_name = "TOML")]
    pub(crate) file: Option<PathBuf>,

    /// How many seeds
    #[arg(long, value_name = "K", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub(crate) seeds: u32,

    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed_from: u64,

    /// Set of parameters to start from: seed (as published), realistic, crash
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Option<String>,

    /// How many steps; 20,000 by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) steps: Option<u32>,

    /// Set a parameter of all runs; replay simulate --list shows them. Later ones win
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,

    /// Step of the change; of compare, the step of the ban and the tax
    #[arg(long, value_name = "STEP")]
    pub(crate) at: Option<u64>,

    /// Rates of the tax, in ticks a lot and side
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "0.5,1,2,4")]
    pub(crate) rates: Vec<String>,

    /// Folder to make: keeps all logs, and a table of what was measured
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// Threads; by default as many as there are processors. Results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
