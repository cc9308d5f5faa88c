//! The command line of `replay scenario execution`.

use std::path::PathBuf;

use agents::adversarial::{Mode, TraderPolicy};
use clap::builder::PossibleValuesParser;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  replay scenario execution --episodes 200\n  replay scenario execution \
--mode silent --policy twap,copy --set noise.elasticity=0\n  replay scenario execution -o DIR\n\n\
An informed trader (z = 1) buys its parent order by a fixed policy; in episodes of type z = 0\n\
something else stands in its place:\n\n\
uninformed  An uninformed buyer of as many lots, by the law of the noise; copy does the same.\n\
silent      Nobody. Whoever buys so many lots is seen: Phi(d/2) bounds how little.\n\
noise       Orders of the noise's law on both sides, as many lots.\n\n\
Episode k of every policy and of z = 0 shares all draws, so costs are compared pair by pair; judges\n\
learn from one half of the episodes and are tested on the other, against z = 0 episodes that share\n\
none. What z = 0 does depends on no policy: its episodes are run once for each mode.\n\n\
With -o, each policy of each mode leaves MODE-POLICY.log, and type z = 0 leaves MODE-z0.log: what is\n\
measured is then read from these logs."
)]
pub(crate) struct Execution {
    /// Episodes of each type
    #[arg(long, value_name = "N", default_value_t = 2_000,
          value_parser = clap::value_parser!(u32).range(20..=20_000))]
    pub(crate) episodes: u32,

    /// What type z = 0 is; all of them by default
    #[arg(long, value_name = "LIST", value_delimiter = ',',
          value_parser = PossibleValuesParser::new(Mode::NAMES))]
    pub(crate) mode: Vec<String>,

    /// The trader's policies; all of them by default
    #[arg(long, value_name = "LIST", value_delimiter = ',',
          value_parser = PossibleValuesParser::new(TraderPolicy::NAMES))]
    pub(crate) policy: Vec<String>,

    /// Set of settings to start from: default, published, debug
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) preset: String,

    /// Set a setting of all runs, such as noise.rate=4. Later ones win
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,

    /// Seed of every draw
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,

    /// Folder to make: keeps logs, and the tables as one JSON object
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// Threads; by default as many as there are processors. Results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
