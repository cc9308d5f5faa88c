//! The command lines that care for logs: `replay doctor`, `replay cut`, `replay filter`, and what
//! `replay cat` has to follow one.

use std::path::PathBuf;

use clap::ValueEnum;
use replay::{POSITIONS_HELP, Position};

use super::Log;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  replay doctor day.log\n  replay doctor day.log --replay --json\n\n\
Nothing is changed. Exit code 65 says that something is wrong, 1 that only the replay differs."
)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) log: Log,

    /// Replay what can be read too: where do outcomes diverge?
    #[arg(long)]
    pub(crate) replay: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = format!("Examples:\n  replay cut day.log --to 120000 -o morning.log\n  \
replay cut damaged.log --to b:811 -o good.log\n\nPositions: {POSITIONS_HELP}\n\n\
The new log is open: it can be continued. Up to the end of an ended log it is a copy, end included.\n\
Of a damaged log the entries before the damage can be had; its `end` is the last of them."))]
pub(crate) struct Cut {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The last entry to keep
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) to: Position,

    /// The new log
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,

    /// Replace the new log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// A kind of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EntryKind {
    /// New orders
    Place,
    /// Cancels of one order
    Cancel,
    /// Reductions
    Reduce,
    /// Replacements
    Replace,
    /// Cancels of all orders of a client
    MassCancel,
    /// The clock
    Clock,
    /// Changes of a rule
    Rule,
    /// Uncrosses of an auction
    Uncross,
    /// What agents decided
    Decision,
    /// Named moments
    Mark,
    /// Updates of a policy
    Update,
}

#[derive(Debug, clap::Args)]
#[command(after_help = format!("Examples:\n  replay filter day.log --without-client 7 -o without-7.log\n  \
replay filter day.log --kind place --kind cancel --to @close -o flow.log\n\nPositions: {POSITIONS_HELP}\n\n\
The new log is a market of its own, recorded with this kernel: orders meet other orders than they did.\n\
Orders have new ids; commands on orders that are left out are left out too. A client's commands are\n\
those in its name and its decisions those of the agent of its number. Clock, rules and uncrosses are\n\
everybody's: they stay unless --kind says otherwise, and so do marks and updates."))]
pub(crate) struct Filter {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The new log
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,

    /// Keep only this client's entries, and those that are nobody's
    #[arg(long, value_name = "N", conflicts_with = "without_client")]
    pub(crate) client: Vec<u32>,

    /// Leave this client's entries out
    #[arg(long, value_name = "N")]
    pub(crate) without_client: Vec<u32>,

    /// Keep only entries of this kind
    #[arg(long, value_enum)]
    pub(crate) kind: Vec<EntryKind>,

    /// First entry to keep
    #[arg(long, value_name = "P", default_value = "1", allow_hyphen_values = true)]
    pub(crate) from: Position,

    /// Last entry to keep
    #[arg(long, value_name = "P", default_value = "end", allow_hyphen_values = true)]
    pub(crate) to: Position,

    /// Replace the new log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a log is followed while it is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Follow {
    /// Go on with what a writer adds, as soon as it would survive a loss of power, until the log ends
    /// or Ctrl-C
    #[arg(long)]
    pub(crate) follow: bool,

    /// Stop following when nothing has come for so long
    #[arg(long, value_name = "SECONDS", requires = "follow")]
    pub(crate) idle: Option<u32>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "What is given up is kept beside the new log, as NEW.dropped-log and \
NEW.dropped-tail.\nExit code 1 says that there was something to give up. A compacted log becomes a plain one.")]
pub(crate) struct Recover {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The new log
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,

    /// Replace the new log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
