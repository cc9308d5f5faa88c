//! `replay recover`: the good part of a torn log, in a new one.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::path::PathBuf;

use cli::{Exit, Failure, Interrupt, NewFile, NewLog};
use replay::{Salvage, salvage};
use serde_json::json;

use super::{copying, open, print, print_json, refuse_in_place, say};
use crate::args::Recover;

pub(crate) fn run(args: &Recover) -> Result<Exit, Failure> {
    let path = &args.log.path;
    refuse_in_place(path, &args.output)?;
    Interrupt::at_once("replay");
    let old = cli::open_input(path)?;
    match old.try_lock_shared() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let message = format!("{}: another process is writing it", path.display());
            return Err(Failure::new(Exit::TryAgain, message));
        }
        Err(fs::TryLockError::Error(error)) => return Err(Failure::io(path, &error)),
    }
    let reader = open(&args.log)?;
    let saved = salvage(reader).map_err(|error| Failure::log(path, &error))?;
    let new = NewLog::create(&args.output, args.force)?;
    let expected = (saved.sealed_entries + saved.open_entries, saved.head);
    copying::write(path, saved.log_bytes, &saved.tail, &new, &args.output, expected)?;
    let dropped = keep_dropped(args, &saved)?;
    new.commit()?;
    cli::write_note(&args.output)?;
    if let Some(torn) = &saved.torn {
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
            "torn": saved.torn.as_ref().map(ToString::to_string),
            "kept": dropped.iter().map(|(_, kept)| kept.display().to_string()).collect::<Vec<_>>(),
        }))
    } else {
        print(&format!("saved {entries} entries, head {}\n", saved.head))
    };
    // A loss counts, whether somebody reads the rest or not.
    if saved.torn.is_some() { Ok(Exit::Differs) } else { printed.map(|()| Exit::Ok) }
}

/// Keeps what is given up beside the new log.
fn keep_dropped(args: &Recover, saved: &Salvage) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut kept = Vec::new();
    let path = &args.log.path;
    let mut log = cli::open_input(path)?;
    let len = log.metadata().map_err(|error| Failure::io(path, &error))?.len();
    if saved.log_bytes < len {
        let seek = log.seek(SeekFrom::Start(saved.log_bytes));
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
