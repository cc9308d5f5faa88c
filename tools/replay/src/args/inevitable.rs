//! The command line of `replay inevitable`.

use std::path::PathBuf;
use std::str::FromStr;

use replay::Position;

use super::Log;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = long_help())]
pub(crate) struct Inevitable {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The outcome: it happens once this holds. Several are found in the same forks
    #[arg(long, value_name = "[NAME:] PREDICATE", required = true, allow_hyphen_values = true)]
    pub(crate) when: Vec<String>,

    /// Forks leave the log between these positions
    #[arg(long, value_name = "N..M", allow_hyphen_values = true)]
    pub(crate) from: Span,

    /// At how many ends of steps, evenly spaced
    #[arg(long, value_name = "K", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) points: u32,

    /// How many forks at each of them
    #[arg(long, value_name = "S", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) seeds: u32,

    /// Seed of the forks' seeds
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,

    /// File for the curve; finished forks are kept beside it, in CURVE.forks, until it is whole
    #[arg(short, long, value_name = "CURVE")]
    pub(crate) output: Option<PathBuf>,

    /// File for a figure of it
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,

    /// Replace these files if they exist, and begin anew
    #[arg(long)]
    pub(crate) force: bool,

    /// Threads; by default as many as there are processors. Results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Two positions, as `N..M`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Position,
    pub(crate) to: Position,
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A mark's name may hold dots itself.
        let found = text.match_indices("..").find_map(|(at, dots)| {
            let (from, to) = (text.get(..at)?, text.get(at + dots.len()..)?);
            Some(Self { from: from.parse().ok()?, to: to.parse().ok()? })
        });
        found.ok_or_else(|| {
            let forms = replay::POSITIONS_HELP;
            format!("it takes two positions, such as s:9000..s:10100; positions are {forms}")
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  replay inevitable crash.log --when 'best_bid < 9950' --from s:9000..s:10100
  replay inevitable crash.log --when 'crash: best_bid < 9950' --when 'wide: spread > 20' \\
    --from @lunch..end --points 40 --seeds 100 -o curve.json --svg curve.svg

At each point the agents' run is left behind and carried on to its end as often as --seeds says,
each time with other draws from there on; what is scheduled still happens. The outcome is that the
predicate holds at some moment of such a run, the part that it shares with the log included: once
it has come it is certain. The answer is the share of the forks that come to it, with the 95 %
interval of Wilson, and when they do: the lower median of their first moments.

Points are ends of steps, because draws are made for whole steps: a fork anywhere within a step is
the fork at its end. They are evenly spaced over steps, the first and the last one of the range
included; a single point is the first. A fork is what replay fork LOG --at ENTRY --seed SEED
records; the answer names such commands. Seeds follow from --seed, entry and number of the fork.

Up to the last point that needs forks, every decision is checked against the log. With -o, what is
interrupted goes on where it stopped when the same command is given again. The file is drawn by
replay report LOG --inevitable CURVE.";

/// The same, and the words of predicates and positions.
fn long_help() -> String {
    let positions = replay::POSITIONS_HELP;
    format!("{EXAMPLES}\n\nPositions: {positions}\n\nPredicates:\n\n{}", query::Query::help())
}
