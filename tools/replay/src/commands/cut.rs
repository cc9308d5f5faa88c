//! `replay cut`: the first entries of a log as a log of their own.

use cli::{Exit, Failure, Interrupt, NewLog};
use replay::cut::{Cut, cut};
use replay::{LogError, Position};
use serde_json::json;

use super::{copying, open, print, print_json, refuse_in_place, say, seeking};
use crate::args;

/// Where to cut.
enum Place {
    /// Behind this entry.
    Entry(u64),
    /// Behind the last entry that is good.
    End,
}

pub(crate) fn run(args: &args::Cut) -> Result<Exit, Failure> {
    let path = &args.log.path;
    refuse_in_place(path, &args.output)?;
    Interrupt::at_once("replay");
    let place = find(args)?;
    let to = match place {
        Place::Entry(entry) => entry,
        Place::End => u64::MAX,
    };
    let cut = cut(open(&args.log)?, to).map_err(|error| Failure::log(path, &error))?;
    if let (Place::Entry(to), Some(wrong)) = (&place, &cut.wrong)
        && cut.entries < *to
    {
        let hint = keep_hint(args, cut.entries);
        return Err(Failure::log(path, wrong).with_hint(hint));
    }
    let new = NewLog::create(&args.output, args.force)?;
    let expected = (cut.entries, cut.head);
    let source = &mut cli::open_source(path)?.0;
    copying::write(source, (cut.log_bytes, &cut.tail), (&args.output, &new), expected)?;
    new.commit()?;
    cli::write_note(&args.output)?;
    let wrong = cut.wrong.as_ref().filter(|_| matches!(place, Place::End));
    if let Some(wrong) = wrong {
        say(&format!("replay: {}: {wrong}", path.display()));
    }
    tell(args, &cut, wrong)?;
    // What lies behind damage is lost, whoever knows it.
    Ok(if wrong.is_some() { Exit::Differs } else { Exit::Ok })
}

fn tell(args: &args::Cut, cut: &Cut, wrong: Option<&LogError>) -> Result<(), Failure> {
    if args.json {
        return print_json(&json!({
            "schema": "replay.cut/1",
            "log": args.output.display().to_string(),
            "entries": cut.entries,
            "sealed_entries": cut.sealed_entries,
            "head": cut.head.to_string(),
            "ended": cut.is_ended,
            "wrong": wrong.map(ToString::to_string),
        }));
    }
    let end = if cut.is_ended { "ended" } else { "open" };
    print(&format!("{} entries, {end}, head {}\n", cut.entries, cut.head))
}

fn keep_hint(args: &args::Cut, entries: u64) -> String {
    format!(
        "keep the {entries} good entries before it: replay cut {} --to {entries} -o NEW",
        args.log.path.display()
    )
}

/// The entry behind which to cut. What positions mean in a damaged log is known for some only.
fn find(args: &args::Cut) -> Result<Place, Failure> {
    let path = &args.log.path;
    if args.to == Position::End {
        return Ok(Place::End);
    }
    match seeking::archive(&args.log) {
        Ok(archive) => seeking::resolve(path, &archive, &args.to).map(Place::Entry),
        Err(failure) if failure.exit == Exit::Damaged => find_in_damaged(args, failure),
        Err(failure) => Err(failure),
    }
}

/// In a log whose end cannot be read.
fn find_in_damaged(args: &args::Cut, damage: Failure) -> Result<Place, Failure> {
    match args.to {
        Position::Entry(entry) => Ok(Place::Entry(entry)),
        Position::End => Ok(Place::End),
        Position::Block(0) => Ok(Place::Entry(0)),
        Position::Block(number) => {
            let mut reader = open(&args.log)?;
            loop {
                match reader.next_block() {
                    Ok(Some(block)) if block.number == number => {
                        return Ok(Place::Entry(reader.entries()));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => return Err(damage),
                    Err(error) => {
                        let hint = keep_hint(args, reader.chain().entries);
                        return Err(Failure::log(&args.log.path, &error).with_hint(hint));
                    }
                }
            }
        }
        Position::Time(_) | Position::Step(_) | Position::Mark(..) | Position::BeforeEnd(_) => {
            let hint = "its end cannot be read: name an entry, a block, or `end` for all that is good \
                        (replay doctor tells them)";
            Err(damage.with_hint(hint))
        }
    }
}
