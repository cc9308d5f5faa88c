//! `replay recover`: the good part of a torn log, in a new one.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::path::PathBuf;

use cli::{Exit, Failure, Interrupt, NewFile, NewLog};
use replay::{LogError, Salvage, Subject, salvage};
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
    let saved = salvage(reader).map_err(|error| {
        let failure = Failure::log(path, &error);
        let hint =
            format!("it is more than torn: replay doctor {} says what is good", path.display());
        if failure.exit == Exit::Damaged { failure.with_hint(hint) } else { failure }
    })?;
    let new = NewLog::create(&args.output, args.force)?;
    let expected = (saved.sealed_entries + saved.open_entries, saved.head);
    copying::write(path, saved.log_bytes, &saved.tail, &new, &args.output, expected)?;
    let given_up = keep_given_up(args, &saved)?;
    new.commit()?;
    cli::write_note(&args.output)?;
    tell(args, &saved, &given_up)
}

/// Bytes that are not taken over, and where they are kept.
struct GivenUp {
    /// Of the tail; else of the log.
    is_of_tail: bool,
    block: u64,
    offset: u64,
    bytes: u64,
    kept: PathBuf,
    /// Entries that are known to be lost; none where nobody knows.
    entries: Option<(u64, u64)>,
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { is_of_tail, block, offset, bytes, kept, entries } = self;
        let file = if *is_of_tail { "tail" } else { "log" };
        write!(
            f,
            "given up: {bytes} bytes of the {file} from offset {offset} on, block {block}, "
        )?;
        match entries {
            Some((first, last)) if last < first => {
                f.write_str("all its entries are in the tail")?
            }
            Some((first, last)) => write!(f, "with entries {first} to {last}")?,
            None => f.write_str("how many entries is unknown")?,
        }
        let what = if *is_of_tail { "the whole tail is kept" } else { "kept" };
        write!(f, "; {what} in {}", kept.display())
    }
}

fn tell(args: &Recover, saved: &Salvage, given_up: &[GivenUp]) -> Result<Exit, Failure> {
    if let Some(torn) = &saved.torn {
        say(&format!("replay: {}: {torn}", args.log.path.display()));
    }
    for given_up in given_up {
        say(&format!("replay: {given_up}"));
    }
    let entries = saved.sealed_entries + saved.open_entries;
    let printed = if args.json {
        print_json(&json!({
            "schema": "replay.recover/1",
            "log": args.output.display().to_string(),
            "entries": entries,
            "head": saved.head.to_string(),
            "torn": saved.torn.as_ref().map(ToString::to_string),
            "given_up": given_up.iter().map(|given_up| json!({
                "file": if given_up.is_of_tail { "tail" } else { "log" },
                "block": given_up.block,
                "offset": given_up.offset,
                "bytes": given_up.bytes,
                "first_entry": given_up.entries.map(|(first, _)| first),
                "last_entry": given_up.entries.map(|(_, last)| last),
            })).collect::<Vec<_>>(),
            "kept": given_up.iter().map(|given_up| given_up.kept.display().to_string())
                .collect::<Vec<_>>(),
        }))
    } else {
        print(&format!("saved {entries} entries, head {}\n", saved.head))
    };
    // A loss counts, whether somebody reads the rest or not.
    if saved.torn.is_some() { Ok(Exit::Differs) } else { printed.map(|()| Exit::Ok) }
}

/// Keeps what is given up beside the new log.
fn keep_given_up(args: &Recover, saved: &Salvage) -> Result<Vec<GivenUp>, Failure> {
    let mut list = Vec::new();
    let path = &args.log.path;
    let entries = saved.sealed_entries + saved.open_entries;
    let Some(place) = saved.torn.as_ref().and_then(LogError::place) else { return Ok(list) };
    let mut log = cli::open_input(path)?;
    let len = log.metadata().map_err(|error| Failure::io(path, &error))?.len();
    if saved.log_bytes < len {
        let seek = log.seek(SeekFrom::Start(saved.log_bytes));
        seek.map_err(|error| Failure::io(path, &error))?;
        let (bytes, kept) = keep(log, args, ".dropped-log")?;
        let (block, offset) = (place.block, saved.log_bytes);
        let entries = saved.last_claimed.map(|last| (entries + 1, last));
        list.push(GivenUp { is_of_tail: false, block, offset, bytes, kept, entries });
    }
    if saved.is_tail_cut {
        let tail = cli::open_input(&cli::tail_path(path))?;
        let (bytes, kept) = keep(tail, args, ".dropped-tail")?;
        // Behind a torn block the tail is another one's, or torn itself: nothing of it is known.
        let offset = if place.subject == Subject::Tail { place.offset } else { 0 };
        let (block, bytes) = (place.block, bytes.saturating_sub(offset));
        list.push(GivenUp { is_of_tail: true, block, offset, bytes, kept, entries: None });
    }
    Ok(list)
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
