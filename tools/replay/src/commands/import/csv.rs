//! `replay import csv`.

use std::io::{BufRead, BufReader};
use std::path::Path;

use cli::{Exit, Failure, Interrupt};
use formats::plain::{PlainError, PlainReader, Wrong};
use replay::Genesis;
use serde_json::json;

use super::Importing;
use crate::args::ImportCsv;
use crate::commands::refuse_in_place;

pub(super) fn run(args: &ImportCsv) -> Result<Exit, Failure> {
    refuse_in_place(&args.input, &args.to.output)?;
    Interrupt::at_once("replay");
    let source: Box<dyn BufRead> = if args.input == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::with_capacity(1 << 16, cli::open_input(&args.input)?))
    };
    let fail = |error: PlainError| {
        let exit =
            if matches!(error.what, Wrong::Unreadable(_)) { Exit::Io } else { Exit::Damaged };
        Failure::new(exit, format!("{}: {error}", args.input.display()))
    };
    let (market, mut rows) = PlainReader::open(source).map_err(fail)?;
    let mut importing = Importing::start(&args.to, &Genesis::new(market, "import-csv"))?;
    while let Some(entry) = rows.next_entry(importing.engine()).map_err(fail)? {
        importing.take(&args.to.output, &entry)?;
    }
    importing.finish(&args.to, &[], &json!({ "format": "csv" }))
}
