//! `replay export`: a table of a log.

use std::io::Write;
use std::num::NonZeroUsize;

use cli::{Exit, Failure, Output};
use formats::tables::{Accounts, Book, BookFormat, Orders, RowFormat, Table, Trades, When};

use super::{play, player, refuse_in_place};
use crate::args::{Export, TableFormat, TableName};

/// Levels of each side in a book, unless told otherwise.
const LEVELS: usize = 10;

pub(crate) fn run(args: &Export) -> Result<Exit, Failure> {
    let rows = match args.format {
        TableFormat::Csv => Some(RowFormat::Csv),
        TableFormat::Ndjson => Some(RowFormat::Ndjson),
        TableFormat::Lobster => None,
    };
    if rows.is_none() && args.table != TableName::Book {
        return Err(Failure::new(Exit::Usage, "--format lobster goes with --table book only"));
    }
    if (args.rows || args.levels.is_some()) && args.table != TableName::Book {
        return Err(Failure::new(Exit::Usage, "--rows and --levels go with --table book only"));
    }
    if let Some(output) = &args.output {
        refuse_in_place(&args.log.path, output)?;
    }
    let mut player = player(&args.log)?;
    let mut output = Output::open(args.output.as_deref(), args.force)?;
    let mut table = make_table(args, rows, &mut output).map_err(Output::failure)?;
    play(&args.log, &mut player, |moment| table.observe(moment).map_err(Output::failure))?;
    table.finish(player.engine()).map_err(Output::failure)?;
    drop(table);
    output.finish()?;
    Ok(Exit::Ok)
}

/// The table asked for; `rows` is `None` for LOBSTER's layout.
fn make_table<'a>(
    args: &Export,
    rows: Option<RowFormat>,
    output: impl Write + 'a,
) -> std::io::Result<Box<dyn Table + 'a>> {
    let format = rows.unwrap_or(RowFormat::Csv);
    Ok(match args.table {
        TableName::Trades => Box::new(Trades::new(output, format)?),
        TableName::Orders => Box::new(Orders::new(output, format)?),
        TableName::Accounts => Box::new(Accounts::new(output, format)?),
        TableName::Book => {
            let format = rows.map_or(BookFormat::Lobster, BookFormat::Rows);
            let when = if args.rows { When::Rows } else { When::End };
            Box::new(Book::new(
                output,
                format,
                when,
                args.levels.map_or(LEVELS, NonZeroUsize::get),
            )?)
        }
    })
}
