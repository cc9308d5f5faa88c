//! The command lines of `replay state` and `replay bisect`, and what all have that go to a moment.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use replay::Position;

use super::Log;

/// A log, and whether snapshots of it may be kept.
#[derive(Debug, clap::Args)]
pub(crate) struct SoughtLog {
    #[command(flatten)]
    pub(crate) log: Log,

    /// Keep no snapshots in LOG.snap, and use none
    #[arg(long)]
    pub(crate) no_snapshots: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = positions_help("Examples:\n  replay state day.log --at 120000\n  \
replay state day.log --at @makers-leave --levels 20\n  replay state day.log --at t:14:45 --client 301 --json"))]
pub(crate) struct State {
    #[command(flatten)]
    pub(crate) sought: SoughtLog,

    /// The moment: right behind an entry
    #[arg(long, value_name = "P", default_value = "end", allow_hyphen_values = true)]
    pub(crate) at: Position,

    /// Levels of each side
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) levels: usize,

    /// Only this client's account, and its open orders
    #[arg(long, value_name = "N")]
    pub(crate) client: Option<u32>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES_OF_BISECT, after_long_help = bisect_help())]
pub(crate) struct Bisect {
    #[command(flatten)]
    pub(crate) sought: SoughtLog,

    /// The log to compare it with
    #[arg(value_name = "B", required_unless_present_any = ["when", "run"], conflicts_with_all = ["when", "run"])]
    pub(crate) other: Option<PathBuf>,

    /// The first moment at which this holds
    #[arg(long, value_name = "PREDICATE", conflicts_with = "run", allow_hyphen_values = true)]
    pub(crate) when: Option<String>,

    /// Search as if the predicate, once it holds, held to the end
    #[arg(long, requires = "when")]
    pub(crate) assume_monotone: bool,

    /// The first entry behind which a command fails
    #[arg(long, value_name = "CMD", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) run: Option<String>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Examples, then the forms of a position.
pub(crate) fn positions_help(examples: &'static str) -> String {
    format!("{examples}\n\nPositions: {}", replay::POSITIONS_HELP)
}

const EXAMPLES_OF_BISECT: &str = "\
Examples:
  replay bisect a.log b.log                        where two logs part
  replay bisect day.log --when 'spread > 20'       when something came to hold
  replay bisect day.log --run 'my-check $REPLAY_CUT'

--when: where the predicate can never turn false again, a binary search over snapshots finds the
moment; else every entry is looked at. The answer says which. --help shows the words of predicates.

--run: a shell runs CMD with REPLAY_LOG, REPLAY_ENTRY and, where CMD names it, REPLAY_CUT, a log that
ends behind that entry. As with `git bisect run`: exit 0 is good, 125 cannot tell, 1 to 127 is bad,
anything else stops the search. The last entry must be bad; the market before the first is good.";

/// The same, and the words of predicates.
fn bisect_help() -> String {
    format!("{EXAMPLES_OF_BISECT}\n\nPredicates:\n\n{}", query::Query::help())
}
