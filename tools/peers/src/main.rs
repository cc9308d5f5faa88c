//! Order books of the Rust registry on the streams that our kernel is measured on.
//!
//! Every book takes the same operations in the same run, in turn with the others, so that all meet
//! the same noise. The least CPU time of all runs counts. A time says nothing without its trades:
//! they are compared with those that a plain price-time book made when the stream was generated.

mod books;
mod cpu;
mod measure;
mod table;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use streams::{Recipe, S1M, S4K};

use crate::measure::{Seconds, measure};

#[derive(Debug, Parser)]
#[command(name = "peers", about = "Other order books beside our kernel, on one stream in one run")]
struct Args {
    /// Runs of every book; the least time counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,

    /// Stream
    #[arg(long, value_enum, default_value_t = Which::All)]
    stream: Which,

    /// CPU seconds after which a run of a book is stopped
    #[arg(long, default_value_t = 60)]
    cap: u64,

    /// Only books whose name holds this text; our kernel always runs
    #[arg(long)]
    only: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// About four thousand live orders
    S4k,
    /// About a million live orders
    S1m,
    /// Both
    All,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let recipes: &[Recipe] = match args.stream {
        Which::S4k => &[S4K],
        Which::S1m => &[S1M],
        Which::All => &[S4K, S1M],
    };
    let mut makers = books::all();
    // The first is ours.
    let mut is_ours = true;
    makers.retain(|maker| {
        let is_wanted = args.only.as_ref().is_none_or(|only| maker.name.contains(only.as_str()));
        std::mem::take(&mut is_ours) || is_wanted
    });
    for recipe in recipes {
        let stream = streams::generate(*recipe);
        let rows = measure(&stream, &makers, args.runs, Seconds(args.cap));
        let text = table::render(&stream, &rows, args.runs);
        if std::io::stdout().write_all(text.as_bytes()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
