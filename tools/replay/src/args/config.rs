//! The command line of `replay config`, and the layers of settings that other commands take too.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Show every setting that preset, files and overrides come to
    Show(ConfigShow),
}

/// A system whose settings stand in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Configured {
    /// An informed trader, a maker that infers, a faster arbitrageur
    Adversarial,
}

/// Settings over those of a preset.
#[derive(Debug, clap::Args)]
pub(crate) struct Layered {
    /// File of settings: .yaml or .yml as the published system has them, or .toml. Later ones win
    #[arg(long = "config", value_name = "FILE")]
    pub(crate) configs: Vec<PathBuf>,

    /// Set a key of the published system or a native setting, over every file. All of them count;
    /// of two with one key the later
    #[arg(long = "override", value_name = "KEY=VALUE")]
    pub(crate) overrides: Vec<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay config show --preset debug\n  \
replay config show --config fast_debug.yaml --origin\n  \
replay config show --config default.yaml --override agents.execution.lambda_leakage=0.75\n  \
replay config show --preset debug --override trader.lots=50 --toml > mine.toml\n  \
replay config show --config mine.toml --json\n\n\
Layers count in this order: preset, files, overrides. Each may use keys of the published\n\
system, such as environment.tick_size, and native settings, such as trader.lots. Published keys\n\
become native settings in native units: prices / tick_size are ticks, lambda_leakage x 8 is basis\n\
points per nat, noise_trader_arrival_rate is orders a step (noise.rate_rule=release makes it\n\
rate / steps x 10, as the release does). Keys that do nothing here are named in one warning with\n\
the reason; keys that nobody knows are refused.")]
pub(crate) struct ConfigShow {
    /// Which system of agents
    #[arg(long, value_enum, default_value_t = Configured::Adversarial)]
    pub(crate) system: Configured,

    /// Set of settings to start from: default, published, debug; published when a file is YAML, else
    /// default
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Option<String>,

    #[command(flatten)]
    pub(crate) layered: Layered,

    /// Show where each value is from; JSON always has it
    #[arg(long)]
    pub(crate) origin: bool,

    /// The native settings as a file for --config instead
    #[arg(long, conflicts_with_all = ["json", "origin"])]
    pub(crate) toml: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
