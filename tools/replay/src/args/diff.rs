//! The command line of `replay diff`.

use std::path::PathBuf;

use super::Limits;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  replay diff a.log b.log --stat\n  replay diff run.log fork.log --limit 0\n  \
replay diff a.log b.log --json | jq .counts\n\n\
Both logs are replayed and checked as by `replay run`. Exit code 0 says that genesis and entries are\n\
equal, 1 that something differs.\n\n\
The n-th order of a client with one reference in A is held against the n-th in B; a trade belongs\n\
to its two orders, a decision to its agent and step. Where a producer numbers the orders of a client\n\
one after the other, one order more in B moves all later ones of that client against those of A.\n\n\
~ is in both and differs, - is only in A, + is only in B."
)]
pub(crate) struct Diff {
    /// The first log
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,

    /// The second log
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,

    /// The summary alone: where they part, how much differs, what it came to
    #[arg(long)]
    pub(crate) stat: bool,

    /// Most lines of each list; 0 for all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: u32,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) limits: Limits,
}
