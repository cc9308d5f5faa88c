//! `replay cat`: a log's entries, readable.

mod follow;

use std::io::Write;

use cli::{Exit, Failure, Output};
use formats::plain::PlainWriter;
use formats::render::{entry_json, entry_text, event_json, event_text};
use replay::{Entry, Moment};
use serde_json::{Value, json};

use super::names::Names;
use super::{play, player, say};
use crate::args::{Cat, CatFormat};

pub(crate) fn run(args: &Cat) -> Result<Exit, Failure> {
    if args.format == CatFormat::Csv {
        return write_csv(args);
    }
    if args.from == 0 || args.to < args.from {
        let message = "--from and --to name entries, counted from 1: --from is not after --to";
        return Err(Failure::new(Exit::Usage, message));
    }
    if args.follow.follow {
        return follow::run(args);
    }
    let mut output = Output::stdout();
    let mut player = player(&args.log)?;
    let names = Names::of(std::slice::from_ref(&player.reader().header().genesis));
    let seen = play(&args.log, &mut player, |moment| {
        if (args.from..=args.to).contains(&moment.number) {
            write_moment(args, names, moment, &mut output).map_err(Output::failure)?;
        }
        // What comes behind is nobody's business here.
        if moment.number == args.to { Err(Failure::new(Exit::Ok, "")) } else { Ok(()) }
    });
    match seen {
        Err(failure) if failure.exit != Exit::Ok => return Err(failure),
        Ok(()) | Err(_) => {}
    }
    if 1 < args.from && player.number() < args.from {
        let message = format!("--from {} is behind the last entry, {}", args.from, player.number());
        return Err(Failure::new(Exit::Usage, message));
    }
    output.finish()?;
    Ok(Exit::Ok)
}

fn write_csv(args: &Cat) -> Result<Exit, Failure> {
    if args.events || args.from != 1 || args.to != u64::MAX || args.follow.follow {
        let message = "--format csv writes whole logs: --from, --to, --events and --follow do not go \
                       with it";
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut player = player(&args.log)?;
    let mut output = Output::stdout();
    let genesis = player.reader().header().genesis.market.clone();
    let mut csv = PlainWriter::open(&mut output, &genesis).map_err(Output::failure)?;
    play(&args.log, &mut player, |moment| csv.observe(moment).map_err(Output::failure))?;
    let left_out = csv.finish().map_err(Output::failure)?;
    if 0 < left_out {
        say(&format!("replay: {left_out} decisions and updates have no CSV row"));
    }
    output.finish()?;
    Ok(Exit::Ok)
}

fn write_moment(
    args: &Cat,
    names: Names,
    moment: &Moment<'_>,
    output: &mut Output,
) -> std::io::Result<()> {
    if args.format == CatFormat::Ndjson {
        let mut object = entry_json(moment.entry);
        if let Some(fields) = object.as_object_mut() {
            fields.insert("entry".to_owned(), moment.number.into());
            fields.insert("time_ns".to_owned(), moment.engine.time().0.into());
            if let Some(learned) = learned_json(names, moment.entry) {
                fields.insert("learned".to_owned(), learned);
            }
            if args.events {
                let events = moment.events.iter().map(event_json).collect();
                fields.insert("events".to_owned(), serde_json::Value::Array(events));
            }
        }
        return writeln!(output, "{object}");
    }
    writeln!(
        output,
        "{:>8}  {}{}",
        moment.number,
        entry_text(moment.entry),
        told(names, moment.entry)
    )?;
    if args.events {
        for event in moment.events {
            writeln!(output, "{:>8}  {}", "", event_text(event))?;
        }
    }
    Ok(())
}

/// What was decided, behind the text of its decision; empty for other entries.
fn told(names: Names, entry: &Entry) -> String {
    let Entry::Decision(decision) = entry else { return String::new() };
    let who = names.author(entry).unwrap_or_default();
    let words = names.chosen(decision);
    words.map_or_else(String::new, |words| format!(" ({who} {words})"))
}

/// The same as an object: the agent, its space, the value of each head.
fn learned_json(names: Names, entry: &Entry) -> Option<Value> {
    let Entry::Decision(decision) = entry else { return None };
    let (space, agent) = names.seat(decision)?;
    let chosen = space.chosen(&decision.action)?;
    let values: serde_json::Map<_, _> =
        chosen.into_iter().map(|(head, value)| (head.to_owned(), Value::String(value))).collect();
    Some(json!({ "agent": agent, "space": space.name(), "values": values }))
}
