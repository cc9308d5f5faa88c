//! `replay hashes`: the digests at every block border.

use std::io::Write;

use cli::{Exit, Failure, Output};
use replay::Digest;

use super::{play, player};
use crate::args::{Hashes, RowsFormat};

/// One row: digests after `entry`.
struct Row {
    entry: u64,
    block: u64,
    head: Digest,
    outcome: Digest,
    /// `None` where none is due.
    state: Option<Digest>,
    /// `None` for the open block.
    seal: Option<Digest>,
}

pub(crate) fn run(args: &Hashes) -> Result<Exit, Failure> {
    let mut player = player(&args.log)?;
    let mut output = Output::stdout();
    if args.format == RowsFormat::Csv {
        let header = b"entry,block,head,outcome,state,seal\n";
        output.write_all(header).map_err(Output::failure)?;
    }
    play(&args.log, &mut player, |moment| {
        let Some(header) = moment.closes else { return Ok(()) };
        let row = Row {
            entry: header.last(),
            block: header.number,
            head: header.head,
            outcome: header.outcome,
            state: header.has_state().then_some(header.state),
            seal: Some(header.seal),
        };
        row.write(args.format, &mut output).map_err(Output::failure)
    })?;
    let summary = player.summary();
    if summary.sealed_entries < summary.entries {
        let row = Row {
            entry: summary.entries,
            block: summary.blocks + 1,
            head: summary.head,
            outcome: summary.outcome,
            state: Some(summary.state),
            seal: None,
        };
        row.write(args.format, &mut output).map_err(Output::failure)?;
    }
    output.finish()?;
    Ok(Exit::Ok)
}

impl Row {
    fn write(&self, format: RowsFormat, output: &mut Output) -> std::io::Result<()> {
        let Self { entry, block, head, outcome, state, seal } = self;
        match format {
            RowsFormat::Csv => {
                let text = |digest: &Option<Digest>| {
                    digest.map_or_else(String::new, |digest| digest.to_string())
                };
                writeln!(output, "{entry},{block},{head},{outcome},{},{}", text(state), text(seal))
            }
            RowsFormat::Ndjson => {
                let row = serde_json::json!({
                    "entry": entry,
                    "block": block,
                    "head": head.to_string(),
                    "outcome": outcome.to_string(),
                    "state": state.map(|digest| digest.to_string()),
                    "seal": seal.map(|digest| digest.to_string()),
                });
                writeln!(output, "{row}")
            }
        }
    }
}
