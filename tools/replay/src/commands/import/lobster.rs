//! `replay import lobster`.

use std::io::BufReader;
use std::path::Path;

use cli::{Exit, Failure, Interrupt};
use formats::lobster::{self, Conversion, Day, Item, LobsterError, Options, Summary};
use replay::{Entry, Genesis, Mark, MarkName};
use serde_json::{Value, json};

use super::Importing;
use crate::args::ImportLobster;
use crate::commands::say;

pub(super) fn run(args: &ImportLobster) -> Result<Exit, Failure> {
    Interrupt::at_once("replay");
    let open = |path: &Path| cli::open_input(path).map(BufReader::new);
    let (messages, orderbook) = (open(&args.messages)?, open(&args.orderbook)?);
    let day = Day::read(messages, orderbook, args.rows).map_err(|error| failure(args, &error))?;
    let options = Options { group: !args.no_group, plain: args.plain };
    let Conversion { items, summary } = lobster::convert(&day, options);

    let mut importing = Importing::start(&args.to, &genesis(args))?;
    let Ok(row) = "row".parse::<MarkName>() else { unreachable!("a mark's name") };
    for item in items {
        let entry = match item {
            Item::Command(command) => Entry::Command(command),
            Item::Mark { row: number } => Entry::Mark(Mark { name: row.clone(), number }),
        };
        importing.take(&args.to.output, &entry)?;
    }
    let rejected = importing.tally.rejected;
    let exit = importing.finish(&args.to, &rows(&summary), &summary_json(&summary))?;
    let anomalies = summary.anomalies.total();
    if anomalies + rejected == 0 {
        return Ok(exit);
    }
    say(&format!(
        "replay: {anomalies} contradictions between the two files, {rejected} commands refused: the \
         log is written, but it does not reproduce every message"
    ));
    Ok(Exit::Differs)
}

/// Everything that decides the log, apart from the files themselves.
fn genesis(args: &ImportLobster) -> Genesis {
    let mut genesis = Genesis::new(kernel::Genesis::open(), "import-lobster");
    let mut set = |key: &str, value: String| genesis.parameters.insert(key.to_owned(), value);
    set("group", u8::from(!args.no_group).to_string());
    set("plain", u8::from(args.plain).to_string());
    if let Some(rows) = args.rows {
        set("rows", rows.to_string());
    }
    set("tick", "1/10000 of the currency".to_owned());
    genesis
}

fn failure(args: &ImportLobster, error: &LobsterError) -> Failure {
    let exit = if matches!(error, LobsterError::Io { .. }) { Exit::Io } else { Exit::Damaged };
    let path = match error {
        LobsterError::Io { file, .. } | LobsterError::Malformed { file, .. } => match file {
            lobster::File::Message => &args.messages,
            lobster::File::Orderbook => &args.orderbook,
        },
        LobsterError::RowsDiffer { .. } | _ => &args.messages,
    };
    Failure::new(exit, format!("{}: {error}", path.display()))
}

fn rows(summary: &Summary) -> Vec<(&'static str, String)> {
    vec![
        ("rows", format!("{} read, {} comparable", summary.rows, summary.rows_comparable)),
        (
            "corrections",
            format!(
                "{} seeds, {} purges: what the messages cannot tell",
                summary.commands.seeds, summary.commands.purges
            ),
        ),
        ("aggressors", format!("{} with {} executions", summary.aggressors, summary.executions)),
    ]
}

fn summary_json(summary: &Summary) -> Value {
    json!({
        "format": "lobster",
        "rows": summary.rows,
        "comparable_rows": summary.rows_comparable,
        "seeds": summary.commands.seeds,
        "purges": summary.commands.purges,
        "aggressors": summary.aggressors,
        "executions": summary.executions,
        "contradictions": summary.anomalies.total(),
    })
}
