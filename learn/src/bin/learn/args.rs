//! The command line, and nothing but it.

mod past;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use past::{Bisect, Diff, Fork, Rewind, Verify};

/// Train policies in markets of agents; every decision is in a log that `replay` replays.
///
/// A training run is a directory: its configuration, one log for each market, a log of all updates,
/// checkpoints, metrics. It can be resumed, rewound, forked, compared and searched.
#[derive(Debug, Parser)]
#[command(name = "learn", version, after_help = cli::EXIT_CODES_HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train policies, or go on with an interrupted run
    Train(Box<Train>),
    /// Let the policies of a run decide in markets that training never saw
    Evaluate(Box<Evaluate>),
    /// Find the best of the rules that policies are compared with, on seeds of their own
    Tune(Box<Tune>),
    /// Show what a configuration comes to, and where each value is from
    Config(Config),
    /// Take a run back to an earlier update, to go on from there
    Rewind(Rewind),
    /// Begin a run with what another one had learned, under other settings
    Fork(Fork),
    /// Replay a run's logs and train it once more, and compare everything
    Verify(Verify),
    /// Compare settings, figures and weights of two runs
    Diff(Diff),
    /// Find the first update in which two runs part, and through what
    Bisect(Bisect),
}

/// What a run is configured with: a preset, then a file, then single settings.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Settings {
    /// Where to begin: maker, everyone, subsidy, mappo or smoke
    #[arg(long, default_value = "maker")]
    pub(crate) preset: String,

    /// A TOML file on top of it, such as the config.resolved.toml of another run
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// One setting on top of both, such as ppo.gamma=0.99; can be given again
    #[arg(long = "override", value_name = "KEY=VALUE")]
    pub(crate) overrides: Vec<String>,

    /// Every type learns
    #[arg(long)]
    pub(crate) everyone: bool,

    /// Master seed
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// The system in which is learned
    #[arg(long, value_enum)]
    pub(crate) system: Option<System>,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// A system of agents.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum System {
    /// Market makers, momentum, value and noise traders
    Ecology,
}

/// Where networks are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Device {
    /// On one processor
    Cpu,
    /// On a graphics card: tells whether libtorch has one, and trains on none yet
    Cuda,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  learn config --preset smoke\n  \
learn config --preset everyone --override ppo.gamma=0.99\n  \
learn config --config run/config.resolved.toml --json")]
pub(crate) struct Config {
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  learn train --preset smoke -o run\n  \
learn train --everyone --seed 7 --override train.updates=200 -o run\n  \
learn train --config run/config.resolved.toml -o again\n  \
learn train --resume -o run\n\n\
Ctrl-C ends behind the present update, with a checkpoint (exit 130); whatever else ends the process,\n\
--resume goes on from the last checkpoint, to the same heads. A loss, a gradient or logits that are\n\
no numbers end the run (exit 1): MANIFEST says so, and all that was written stays.")]
pub(crate) struct Train {
    /// The run's directory, which must not be there; with --resume, which must be there
    #[arg(short, long, value_name = "RUN")]
    pub(crate) output: PathBuf,

    #[command(flatten)]
    pub(crate) settings: Settings,

    /// Go on with an interrupted run from its last checkpoint
    ///
    /// It ends with the same heads as if it had not been interrupted. What was written behind the
    /// checkpoint is kept in RUN/aside.
    #[arg(long, conflicts_with_all = ["preset", "config", "overrides", "everyone", "seed", "system"])]
    pub(crate) resume: bool,

    /// Where networks are computed
    #[arg(long, value_enum, default_value = "cpu")]
    pub(crate) device: Device,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  learn evaluate run\n  \
learn evaluate run --against fixed --against untrained\n  \
learn evaluate run --update 10 --first-seed 500 --episodes 3 --steps 2000 --json\n\n\
Policies are sampled, not taken at their most probable action. Every figure is the mean over markets\n\
± the standard deviation between them.")]
pub(crate) struct Evaluate {
    /// The run's directory
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,

    /// The checkpoint; the last one by default
    #[arg(long, value_name = "K")]
    pub(crate) update: Option<u64>,

    /// How many markets, from the first seed of the configuration on; as many as it says by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) episodes: Option<u32>,

    /// First seed, in place of the configuration's
    #[arg(long, value_name = "SEED", value_parser = clap::value_parser!(u64).range(..=SEED_MAX))]
    pub(crate) first_seed: Option<u64>,

    /// Steps of each market, in place of the configuration's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(crate) steps: Option<u64>,

    /// Whom to compare with, on the same seeds; can be given again
    #[arg(long, value_enum, value_name = "RULE")]
    pub(crate) against: Vec<Against>,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// No seed behind it is over what a log can hold.
const SEED_MAX: u64 = i64::MAX.unsigned_abs() - 10_000;

/// Who decides in the place of the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Against {
    /// The fixed rules of the market
    Fixed,
    /// Policies as they were before anything was learned, in the same action space
    Untrained,
    /// Policies that have only imitated the fixed rules, where the run began with that
    Clones,
    /// Makers by Avellaneda and Stoikov, tuned on other seeds
    AvellanedaStoikov,
    /// Fixed makers that follow the flow, tuned on other seeds
    TunedRule,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  learn tune avellaneda-stoikov\n  \
learn tune flow-rule --draws 2000 --seed 7\n\n\
Rules are judged by the gain of their makers, if they stay in the market: at least 95 % of quoted time,\n\
at most twice the spread and at least 60 % of the volume of the fixed rules.")]
pub(crate) struct Tune {
    /// Which rule
    #[arg(value_enum)]
    pub(crate) rule: Tuned,

    #[command(flatten)]
    pub(crate) settings: Settings,

    /// Variance of the mid that Avellaneda and Stoikov's makers know, in square ticks a step
    #[arg(long, default_value_t = 36.0)]
    pub(crate) variance: f64,

    /// How many rules are drawn: half of them anywhere, half around the best so far
    #[arg(long, default_value_t = 1000)]
    pub(crate) draws: u64,
}

/// A rule with parameters.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Tuned {
    /// Makers by Avellaneda and Stoikov: a grid of 32 points
    AvellanedaStoikov,
    /// The fixed maker's rule, which may follow the flow: a random search
    FlowRule,
}
