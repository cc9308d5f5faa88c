//! The command line of `replay bench`.

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchStream {
    /// About four thousand live orders
    S4k,
    /// About a million live orders
    S1m,
    /// As s4k, with prices that jump over the whole range
    Wide,
    /// All of them
    All,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  replay bench --stream s4k --runs 10\n\nCPU time of one thread, the \
least of all runs. BENCHMARKS.md says what the streams are and\nhow others fare on them."
)]
pub(crate) struct Bench {
    /// Which stream
    #[arg(long, value_enum, default_value_t = BenchStream::All)]
    pub(crate) stream: BenchStream,

    /// Runs of each measurement
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) runs: u32,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
