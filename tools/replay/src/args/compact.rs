//! The command line of `replay compact`.

use std::path::PathBuf;

use replay::packed::{LEVEL, LEVEL_MAX};

use super::Log;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay compact day.log -o day.packed\n  \
replay compact day.packed --expand -o day.log\n\n\
Every command reads compacted logs as they are. Head and seal stay the same, because they are over\n\
the plain log; the new file is read back and compared before it gets its name. The tail of an open\n\
log goes beside the new one.")]
pub(crate) struct Compact {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The new log
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,

    /// Make the plain log again out of a compacted one, byte for byte
    #[arg(long, conflicts_with = "level")]
    pub(crate) expand: bool,

    /// Level of compression: higher is smaller and slower
    #[arg(
        long,
        value_name = "N",
        default_value_t = LEVEL,
        value_parser = clap::value_parser!(i32).range(1..=i64::from(LEVEL_MAX))
    )]
    pub(crate) level: i32,

    /// Replace the new log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
