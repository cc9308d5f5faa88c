//! `replay recover`: the good part of a torn log, in a new one.

use std::fmt;
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::PathBuf;

use cli::{Exit, Failure, Interrupt, LogFile, NewFile, NewLog, Rescued};
use replay::error::Damage;
use replay::{LogError, Reader, Salvage, Stream, Subject, salvage};
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
    let given_up = keep_given_up(args, &old, &saved)?;
    new.commit()?;
    cli::write_note(&args.output)?;
    tell(args, &old, &saved, &given_up)
}

/// Bytes that are not taken over, and where they are kept.
struct GivenUp {
    /// Of the tail; else of the log.
    is_of_tail: bool,
    /// `None` where a compacted log was cut.
    block: Option<u64>,
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
        write!(f, "given up: {bytes} bytes of the {file} from offset {offset} on, ")?;
        if let Some(block) = block {
            write!(f, "block {block}, ")?;
        }
        match entries {
            Some((first, last)) if last < first => {
                f.write_str("all its entries are in the tail")?;
            }
            Some((first, last)) => write!(f, "with entries {first} to {last}")?,
            None => f.write_str("how many entries is unknown")?,
        }
        let what = if *is_of_tail { "the whole tail is kept" } else { "kept" };
        write!(f, "; {what} in {}", kept.display())
    }
}

fn tell(
    args: &Recover,
    old: &Rescued,
    saved: &Salvage,
    given_up: &[GivenUp],
) -> Result<Exit, Failure> {
    let cut = old.cut.as_ref().map(|cut| cut.error.to_string());
    let torn: Vec<_> =
        cut.into_iter().chain(saved.torn.as_ref().map(ToString::to_string)).collect();
    for torn in &torn {
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
            "torn": torn.first(),
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
    if torn.is_empty() { printed.map(|()| Exit::Ok) } else { Ok(Exit::Differs) }
}

/// What of a log is good.
fn save(args: &Recover, old: &Rescued) -> Result<Salvage, Failure> {
    let limits = args.log.limits.read();
    let read = |tail| Reader::open(Stream::new(&old.log, 0), tail, limits).and_then(salvage);
    let saved = match read(old.tail.clone()) {
        // What the tail continues may be cut off.
        Err(LogError::Damaged { what: Damage::ForeignTail, .. }) if old.cut.is_some() => {
            read(Vec::new()).map(|saved| Salvage { is_tail_cut: true, ..saved })
        }
        saved => saved,
    };
    let path = &args.log.path;
    saved.map_err(|error| {
        let failure = Failure::log(path, &error);
        let hint =
            format!("it is more than torn: replay doctor {} says what is good", path.display());
        // A header that cannot be read, or a limit, says by itself what to do.
        let is_damage = matches!(error, LogError::Damaged { .. });
        if is_damage { failure.with_hint(hint) } else { failure }
    })
}

/// Keeps what is given up beside the new log.
fn keep_given_up(args: &Recover, old: &Rescued, saved: &Salvage) -> Result<Vec<GivenUp>, Failure> {
    let mut list = Vec::new();
    let path = &args.log.path;
    let place = saved.torn.as_ref().and_then(LogError::place);
    let block = place.map(|place| place.block);
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
        let (bytes, kept) = keep(log, args, ".dropped-log")?;
        let first = saved.sealed_entries + saved.open_entries + 1;
        let entries = saved.last_claimed.map(|last| (first, last));
        list.push(GivenUp { is_of_tail: false, block, offset: good, bytes, kept, entries });
    }
    if saved.is_tail_cut {
        let tail = cli::open_input(&cli::tail_path(path))?;
        let (bytes, kept) = keep(tail, args, ".dropped-tail")?;
        // Behind a torn block the tail is another one's, or torn itself: nothing of it is known.
        let in_tail = place.filter(|place| place.subject == Subject::Tail);
        let offset = in_tail.map_or(0, |place| place.offset);
        let bytes = bytes.saturating_sub(offset);
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
