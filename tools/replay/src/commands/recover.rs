//! `replay recover`: the good part of a torn log, in a new one.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::PathBuf;

use cli::{Exit, Failure, Interrupt, LogFile, NewFile, NewLog, Rescued};
use replay::error::Damage;
use replay::{LogError, ReadLimits, Reader, Salvage, Stream, salvage};
use serde_json::json;

use super::{copying, hold, print, print_json, refuse_in_place, say};
use crate::args::Recover;

pub(crate) fn run(args: &Recover) -> Result<Exit, Failure> {
    let path = &args.log.path;
    refuse_in_place(path, &args.output)?;
    Interrupt::at_once("replay");
    let _held = hold(path)?;
    let old = cli::open_rescued(path)?;
    let saved = save(args, &old)?;
    let new = NewLog::create(&args.output, args.force)?;
    let expected = (saved.sealed_entries + saved.open_entries, saved.head);
    let source = &mut Stream::new(&old.log, 0);
    copying::write(source, (saved.log_bytes, &saved.tail), (&args.output, &new), expected)?;
    let dropped = keep_dropped(args, &old, &saved)?;
    new.commit()?;
    cli::write_note(&args.output)?;
    let cut = old.cut.as_ref().map(|cut| cut.error.to_string());
    let torn: Vec<_> =
        cut.into_iter().chain(saved.torn.as_ref().map(ToString::to_string)).collect();
    for torn in &torn {
        say(&format!("replay: {}: {torn}", path.display()));
    }
    for (what, kept) in &dropped {
        say(&format!("replay: {what}, kept in {}", kept.display()));
    }
    let entries = saved.sealed_entries + saved.open_entries;
    let printed = if args.json {
        print_json(&json!({
            "schema": "replay.recover/1",
            "log": args.output.display().to_string(),
            "entries": entries,
            "head": saved.head.to_string(),
            "torn": torn.first(),
            "kept": dropped.iter().map(|(_, kept)| kept.display().to_string()).collect::<Vec<_>>(),
        }))
    } else {
        print(&format!("saved {entries} entries, head {}\n", saved.head))
    };
    // A loss counts, whether somebody reads the rest or not.
    if torn.is_empty() { printed.map(|()| Exit::Ok) } else { Ok(Exit::Differs) }
}

/// What of a log is good.
fn save(args: &Recover, old: &Rescued) -> Result<Salvage, Failure> {
    let limits = ReadLimits { orders_max: args.log.max_orders };
    let read = |tail| Reader::open(Stream::new(&old.log, 0), tail, limits).and_then(salvage);
    let saved = match read(old.tail.clone()) {
        // What the tail continues may be cut off.
        Err(LogError::Damaged { what: Damage::ForeignTail, .. }) if old.cut.is_some() => {
            read(Vec::new()).map(|saved| Salvage { is_tail_cut: true, ..saved })
        }
        saved => saved,
    };
    saved.map_err(|error| Failure::log(&args.log.path, &error))
}

/// Keeps what is given up beside the new log.
fn keep_dropped(
    args: &Recover,
    old: &Rescued,
    saved: &Salvage,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut kept = Vec::new();
    let path = &args.log.path;
    let mut log = cli::open_input(path)?;
    let len = log.metadata().map_err(|error| Failure::io(path, &error))?.len();
    let good = match (&old.log, &old.cut) {
        (LogFile::Plain(_), _) => saved.log_bytes,
        (LogFile::Packed(_), Some(cut)) => cut.good,
        (LogFile::Packed(_), None) => len,
    };
    if good < len {
        let seek = log.seek(SeekFrom::Start(good));
        seek.map_err(|error| Failure::io(path, &error))?;
        let (bytes, copy) = keep(log, args, ".dropped-log")?;
        kept.push((format!("the last {bytes} bytes of the log are given up"), copy));
    }
    if saved.is_tail_cut {
        let tail = cli::open_input(&cli::tail_path(path))?;
        let (bytes, copy) = keep(tail, args, ".dropped-tail")?;
        kept.push((format!("the torn tail of {bytes} bytes is replaced"), copy));
    }
    Ok(kept)
}

fn keep(mut source: File, args: &Recover, suffix: &str) -> Result<(u64, PathBuf), Failure> {
    let mut name = args.output.clone().into_os_string();
    name.push(suffix);
    let path = PathBuf::from(name);
    let mut file = NewFile::create(&path, args.force)?;
    let bytes = io::copy(&mut source, &mut file).map_err(|error| Failure::io(&path, &error))?;
    file.commit()?;
    Ok((bytes, path))
}
