//! The command line of `replay when`.

use replay::Position;

use super::SoughtLog;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = long_help())]
#[command(group = clap::ArgGroup::new("what").multiple(false))]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct When {
    #[command(flatten)]
    pub(crate) sought: SoughtLog,

    /// What is to hold
    #[arg(value_name = "PREDICATE", allow_hyphen_values = true)]
    pub(crate) predicate: String,

    /// The first moment at which it holds, and no more
    #[arg(long, group = "what")]
    pub(crate) first: bool,

    /// The last moment at which it holds
    #[arg(long, group = "what")]
    pub(crate) last: bool,

    /// Every span of moments at which it holds, one a line
    #[arg(long, group = "what")]
    pub(crate) all: bool,

    /// How many moments and spans there are
    #[arg(long, group = "what")]
    pub(crate) count: bool,

    /// How long the spans last: least, quartiles, most, in entries, steps and time
    #[arg(long, group = "what")]
    pub(crate) durations: bool,

    /// Only moments from this one on
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) from: Option<Position>,

    /// Only moments up to this one
    #[arg(long, value_name = "P", default_value = "end", allow_hyphen_values = true)]
    pub(crate) to: Position,

    /// Look at every entry, whatever is known of its block
    #[arg(long)]
    pub(crate) scan: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  replay when day.log 'spread > 20'                  an overview
  replay when day.log 'trade.qty >= 50' --all
  replay when day.log 'best_bid < 9900 and position(client 3) < 0' --first
  replay when crash.log 'best_bid * 1000 < at(makers-leave, best_bid) * 995' --durations

A moment lies behind each entry, and one before the first: --from 0. A span is a run of
moments that hold; it lasts until the first moment that does not. Exit code 1: there is none.

The first look at a block notes in LOG.snap what it was like, its zone; later looks pass over
blocks that cannot hold what is sought. Zones are a cache: nothing in the log vouches for
them. --scan, or --no-snapshots, looks at every entry.";

/// The same, positions and the words of predicates.
fn long_help() -> String {
    let positions = replay::POSITIONS_HELP;
    format!("{EXAMPLES}\n\nPositions: {positions}\n\nPredicates:\n\n{}", query::Query::help())
}
