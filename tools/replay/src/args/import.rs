//! The command line of `replay import`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// A LOBSTER day: a message file and an orderbook file
    Lobster(ImportLobster),
    /// Plain command CSV, as `cat --format csv` writes it
    Csv(ImportCsv),
}

/// What every import takes.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportTo {
    /// The log to make
    #[arg(short, long, value_name = "LOG")]
    pub(crate) output: PathBuf,

    /// Replace the log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  replay import lobster --messages GOOG_message_10.csv \
--orderbook GOOG_orderbook_10.csv -o goog.log")]
pub(crate) struct ImportLobster {
    /// The message file
    #[arg(long, value_name = "CSV")]
    pub(crate) messages: PathBuf,

    /// The orderbook file
    #[arg(long, value_name = "CSV")]
    pub(crate) orderbook: PathBuf,

    /// Take only so many rows
    #[arg(long, value_name = "N")]
    pub(crate) rows: Option<NonZeroUsize>,

    /// One aggressor for each execution instead of one for each run of executions
    #[arg(long)]
    pub(crate) no_group: bool,

    /// Plain price-time priority: neither do orders released long after their id was given rank by
    /// id, nor do orders replaced in place, no larger, keep their place
    #[arg(long)]
    pub(crate) plain: bool,

    #[command(flatten)]
    pub(crate) to: ImportTo,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  replay import csv day.csv -o day.log")]
pub(crate) struct ImportCsv {
    /// The CSV file; - for standard input
    #[arg(value_name = "CSV")]
    pub(crate) input: PathBuf,

    #[command(flatten)]
    pub(crate) to: ImportTo,
}
