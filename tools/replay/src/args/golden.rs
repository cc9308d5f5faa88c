//! The command line of `replay golden`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Golden {
    /// Simulate and replay golden runs again, and compare bytes, digests and figures
    #[command(
        after_help = "Examples:\n  replay golden check\n  replay golden check seed-short --json"
    )]
    Check(Goldens),
    /// Write down what golden runs come to now, and say what changed
    #[command(after_help = "Example:\n  replay golden refresh crash-long\n\nRefused where CI is \
                            set: a check that rewrites what it checks never fails.")]
    Refresh(Goldens),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Goldens {
    /// Golden runs, as the manifest names them; all by default
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,

    /// Folder with the file MANIFEST and what it lists
    #[arg(long, value_name = "DIR", default_value = "golden")]
    pub(crate) dir: PathBuf,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
