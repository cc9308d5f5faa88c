//! `replay filter`: some of a log's entries, recorded anew as a market of their own.

use std::fmt::Write as _;

use clap::ValueEnum;
use cli::{Exit, Failure, Interrupt, NewLog};
use kernel::Command;
use replay::recorder::Finished;
use replay::{Digest, Entry, Genesis, Parent, Position, Recorder, Reissue, SyncPolicy};
use serde_json::json;

use super::{open, play, player, print, print_json, refuse_in_place, seeking, table};
use crate::args::{EntryKind, Filter};

/// The log that is filtered.
struct Original {
    genesis: Genesis,
    header_seal: Digest,
    seal: Digest,
    head: Digest,
    entries: u64,
    from: u64,
    to: u64,
}

/// What became of the entries.
#[derive(Default)]
struct Counts {
    kept: u64,
    /// Left out by what was asked for.
    left_out: u64,
    /// Left out because they name an order that is left out.
    orphans: u64,
}

pub(crate) fn run(args: &Filter) -> Result<Exit, Failure> {
    refuse_in_place(&args.log.path, &args.output)?;
    Interrupt::at_once("replay");
    let original = look_at(args)?;
    let new = NewLog::create(&args.output, args.force)?;
    let failed = |error: &replay::LogError| Failure::log(&args.output, error);
    let (log, tail) = (new.log()?, new.tail()?);
    // Nothing is acknowledged before the whole log is durable.
    let mut recorder = Recorder::create(&genesis(args, &original), log, tail, SyncPolicy::None)
        .map_err(|error| failed(&error))?;
    let (mut reissue, mut counts) = (Reissue::new(), Counts::default());
    let range = original.from..=original.to;
    let clients_max = original.genesis.market.limits.clients_max;
    if let Some(client) =
        args.client.iter().chain(&args.without_client).find(|it| clients_max <= **it)
    {
        let message = format!("client {client}: clients are below {clients_max} in this market");
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut player = player(&args.log)?;
    play(&args.log, &mut player, |moment| {
        let is_wanted =
            range.contains(&moment.number) && is_wanted(args, moment.entry, clients_max);
        let kept = match moment.entry {
            Entry::Command(command) => {
                let kept = reissue.take(command, is_wanted).map(Entry::Command);
                counts.orphans += u64::from(is_wanted && kept.is_none());
                kept
            }
            Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) => {
                is_wanted.then(|| moment.entry.clone())
            }
            // The new log has an end of its own.
            Entry::End => return Ok(()),
        };
        counts.left_out += u64::from(!is_wanted);
        let Some(entry) = kept else { return Ok(()) };
        counts.kept += 1;
        recorder.take(&entry).map(|_| ()).map_err(|error| failed(&error))
    })?;
    let finished = recorder.finish().map_err(|error| failed(&error))?;
    new.commit()?;
    cli::write_note(&args.output)?;
    tell(args, &original, &counts, &finished)?;
    Ok(Exit::Ok)
}

/// Reads the log once, to name it in the new one's genesis.
fn look_at(args: &Filter) -> Result<Original, Failure> {
    let path = &args.log.path;
    let archive = seeking::archive(&args.log)?;
    let from = seeking::resolve(path, &archive, &args.from)?.max(1);
    let to = seeking::resolve(path, &archive, &args.to)?;
    if to < from && args.to != Position::End {
        let message = format!("--from is entry {from}, behind --to, entry {to}");
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut reader = open(&args.log)?;
    loop {
        match reader.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => return Err(Failure::log(path, &error)),
        }
    }
    Ok(Original {
        genesis: reader.header().genesis.clone(),
        header_seal: reader.header().seal,
        seal: reader.chain().seal,
        head: reader.head(),
        entries: reader.entries(),
        from,
        to,
    })
}

/// The genesis of the new log: the old market, and which log it was made of.
fn genesis(args: &Filter, original: &Original) -> Genesis {
    let mut genesis = Genesis::new(original.genesis.market.clone(), "filter");
    // It shares no entry with its parent: nothing of it is a replay.
    genesis.parent = Some(Parent { seal: original.header_seal, entry: 0, head: Digest::ZERO });
    let mut set = |key: &str, value: String| {
        if !value.is_empty() {
            genesis.parameters.insert(key.to_owned(), value);
        }
    };
    set("of.producer", original.genesis.producer.clone());
    set("of.entries", original.entries.to_string());
    set("of.head", original.head.to_string());
    set("of.seal", original.seal.to_string());
    set("filter.from", original.from.to_string());
    set("filter.to", original.to.to_string());
    set("filter.client", list(&args.client, u32::to_string));
    set("filter.without_client", list(&args.without_client, u32::to_string));
    set("filter.kind", list(&args.kind, |kind| kind_name(*kind)));
    genesis
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    let mut texts: Vec<_> = items.iter().map(text).collect();
    texts.sort();
    texts.dedup();
    texts.join(",")
}

fn kind_name(kind: EntryKind) -> String {
    kind.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Whether an entry is to stay, by its kind and whose it is.
fn is_wanted(args: &Filter, entry: &Entry, clients_max: u32) -> bool {
    if !args.kind.is_empty() && !kind_of(entry).is_some_and(|kind| args.kind.contains(&kind)) {
        return false;
    }
    let Some(owner) = owner(entry, clients_max) else { return true };
    (args.client.is_empty() || args.client.contains(&owner))
        && !args.without_client.contains(&owner)
}

const fn kind_of(entry: &Entry) -> Option<EntryKind> {
    Some(match entry {
        Entry::Command(Command::Place(_)) => EntryKind::Place,
        Entry::Command(Command::Cancel { .. }) => EntryKind::Cancel,
        Entry::Command(Command::Reduce { .. }) => EntryKind::Reduce,
        Entry::Command(Command::Replace { .. }) => EntryKind::Replace,
        Entry::Command(Command::MassCancel { .. }) => EntryKind::MassCancel,
        Entry::Command(Command::Clock { .. }) => EntryKind::Clock,
        Entry::Command(Command::SetRule(_)) => EntryKind::Rule,
        Entry::Command(Command::Uncross) => EntryKind::Uncross,
        Entry::Decision(_) => EntryKind::Decision,
        Entry::Mark(_) => EntryKind::Mark,
        Entry::Update(_) => EntryKind::Update,
        Entry::End => return None,
    })
}

/// Whose an entry is; `None` for what is everybody's. A decision is that of the client of its agent's
/// number, where there can be such a client.
fn owner(entry: &Entry, clients_max: u32) -> Option<u32> {
    match entry {
        Entry::Command(command) => match command {
            Command::Place(place) => Some(place.client.0),
            Command::Cancel { client, .. }
            | Command::Reduce { client, .. }
            | Command::Replace { client, .. }
            | Command::MassCancel { client } => Some(client.0),
            Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => None,
        },
        Entry::Decision(decision) => Some(decision.agent).filter(|agent| *agent < clients_max),
        Entry::Mark(_) | Entry::Update(_) | Entry::End => None,
    }
}

fn tell(
    args: &Filter,
    original: &Original,
    counts: &Counts,
    finished: &Finished,
) -> Result<(), Failure> {
    let Counts { kept, left_out, orphans } = counts;
    if args.json {
        return print_json(&json!({
            "schema": "replay.filter/1",
            "log": args.output.display().to_string(),
            "entries": finished.entries,
            "head": finished.head.to_string(),
            "seal": finished.seal.to_string(),
            "state": finished.state.to_string(),
            "kept": kept,
            "left_out": left_out,
            "left_out_with_their_orders": orphans,
            "of": {
                "log": args.log.path.display().to_string(),
                "entries": original.entries,
                "head": original.head.to_string(),
                "seal": original.seal.to_string(),
            },
            "derived": true,
        }));
    }
    let mut left = format!("{left_out} entries");
    if 0 < *orphans {
        // Writing to a string cannot fail.
        let _ = write!(left, ", and {orphans} commands on orders that are left out");
    }
    print(&table(&[
        ("log", args.output.display().to_string()),
        ("kept", format!("{kept} of {} entries, and an end", original.entries)),
        ("left out", left),
        ("head", finished.head.to_string()),
        ("seal", finished.seal.to_string()),
        ("state", finished.state.to_string()),
        ("derived", "a market of its own, no replay of the original".to_owned()),
    ]))
}
