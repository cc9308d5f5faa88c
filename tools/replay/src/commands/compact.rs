//! `replay compact`: the same log in fewer bytes, or the plain one again.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use cli::{Exit, Failure, Interrupt, LogFile, NewLog, Progress};
use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};
use replay::packed::{PackError, Packer};
use replay::{BlockHeader, Digest, Reader, header};
use serde_json::json;

use super::{LogReader, bytes_of, hold, print, print_json, refuse_in_place, table};
use crate::args::Compact;

/// What tells a log from every other.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity {
    entries: u64,
    head: Digest,
    seal: Digest,
    is_ended: bool,
}

/// How long the file of a log is, and the one made out of it.
struct Sizes {
    before: u64,
    after: u64,
}

pub(crate) fn run(args: &Compact) -> Result<Exit, Failure> {
    let path = &args.log.path;
    refuse_in_place(path, &args.output)?;
    // Only temporary files are written, so there is nothing to save.
    Interrupt::at_once("replay");
    let _held = hold(path)?;
    let (log, tail) = cli::open_source(path)?;
    let before = log.file_bytes().map_err(|error| Failure::io(path, &error))?;
    let limits = args.log.limits.read();
    let mut reader =
        Reader::open(log, tail.clone(), limits).map_err(|error| Failure::log(path, &error))?;
    refuse_needless(args, reader.source())?;
    let new = NewLog::create(&args.output, args.force)?;
    let file = BufWriter::new(new.log()?);
    let file = if args.expand {
        expand(args, &mut reader, file)?
    } else {
        compact(args, &mut reader, file)?
    };
    let io = |error: io::Error| Failure::io(&args.output, &error);
    let file = file.into_inner().map_err(|error| io(error.into_error()))?;
    file.sync_all().map_err(io)?;
    if reader.is_tail_current() {
        let mut copy = new.tail()?;
        copy.write_all(&tail).and_then(|()| copy.sync_all()).map_err(io)?;
    }
    let identity = Identity::of(&reader);
    check(args, &new, identity)?;
    let after = file.metadata().map_err(io)?.len();
    new.commit()?;
    cli::write_note(&args.output)?;
    tell(args, identity, &Sizes { before, after })?;
    Ok(Exit::Ok)
}

/// A compacted log is not compacted once more, nor is a plain one expanded.
fn refuse_needless(args: &Compact, log: &LogFile) -> Result<(), Failure> {
    let path = args.log.path.display();
    let (message, hint) = match (args.expand, log.is_packed()) {
        (false, false) | (true, true) => return Ok(()),
        (false, true) => {
            let hint =
                "--expand makes the plain log again, which can be compacted at another level";
            (format!("{path}: is compacted already"), hint)
        }
        (true, false) => {
            let hint = "without --expand it is compacted";
            (format!("{path}: is a plain log, there is nothing to expand"), hint)
        }
    };
    Err(Failure::new(Exit::Usage, message).with_hint(hint))
}

/// Reads a log to its end and shows each sealed block.
fn each_block(
    path: &Path,
    reader: &mut LogReader,
    what: &'static str,
    mut take: impl FnMut(&BlockHeader, &[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut progress = Progress::new(what, bytes_of(reader));
    while let Some(block) = reader.next_block().map_err(|error| Failure::log(path, &error))? {
        if let Some(header) = &block.header {
            take(header, block.payload())?;
            progress.at(reader.offset());
        }
    }
    Ok(())
}

fn compact(
    args: &Compact,
    reader: &mut LogReader,
    mut file: BufWriter<File>,
) -> Result<BufWriter<File>, Failure> {
    let io = |error: io::Error| Failure::io(&args.output, &error);
    let genesis = &reader.header().genesis;
    let packer = Packer::new(&mut file, genesis, args.level);
    let mut packer = packer.map_err(|error| match error {
        PackError::Log(error) => Failure::log(&args.log.path, &error),
        PackError::Sink(error) => io(error),
        _ => Failure::new(Exit::Io, format!("{}: {error}", args.output.display())),
    })?;
    each_block(&args.log.path, reader, "compacting", |header, payload| {
        packer.take(header, payload).map_err(io)
    })?;
    packer.finish().map_err(io)?;
    Ok(file)
}

fn expand(
    args: &Compact,
    reader: &mut LogReader,
    mut file: BufWriter<File>,
) -> Result<BufWriter<File>, Failure> {
    let io = |error: io::Error| Failure::io(&args.output, &error);
    let bytes = header::encode(&reader.header().genesis);
    let bytes = bytes.map_err(|error| Failure::log(&args.log.path, &error))?;
    file.write_all(&bytes).map_err(io)?;
    let zeros = vec![0; BLOCK_BYTES];
    each_block(&args.log.path, reader, "expanding", |header, payload| {
        let written = BLOCK_HEADER_BYTES + payload.len();
        let padding = if header.is_final() { 0 } else { BLOCK_BYTES - written };
        file.write_all(&header.encode())
            .and_then(|()| file.write_all(payload))
            .and_then(|()| file.write_all(&zeros[..padding]))
            .map_err(io)
    })?;
    Ok(file)
}

impl Identity {
    /// Of a log that was read to its end.
    fn of(reader: &LogReader) -> Self {
        Self {
            entries: reader.entries(),
            head: reader.head(),
            seal: reader.chain().seal,
            is_ended: reader.is_ended(),
        }
    }
}

/// Reads the new log from its file: it is the old one.
fn check(args: &Compact, new: &NewLog, expected: Identity) -> Result<(), Failure> {
    let limits = args.log.limits.read();
    let found = cli::open_log(new.partial(), limits).and_then(|mut reader| {
        each_block(new.partial(), &mut reader, "checking", |_, _| Ok(()))?;
        Ok(Identity::of(&reader))
    });
    match found {
        Ok(found) if found == expected => Ok(()),
        Ok(_) => {
            let path = args.output.display();
            let message = format!("{path}: does not read back as the log it was made of");
            Err(Failure::new(Exit::Io, message))
        }
        Err(failure) => {
            let message = format!("what was written does not read back: {}", failure.message);
            Err(Failure::new(Exit::Io, message))
        }
    }
}

fn tell(args: &Compact, identity: Identity, sizes: &Sizes) -> Result<(), Failure> {
    let Sizes { before, after } = *sizes;
    let (plain, packed) = if args.expand { (after, before) } else { (before, after) };
    let ratio = ratio(plain, packed);
    let Identity { entries, head, seal, is_ended } = identity;
    if args.json {
        return print_json(&json!({
            "schema": "replay.compact/1",
            "log": args.output.display().to_string(),
            "expanded": args.expand,
            "level": (!args.expand).then_some(args.level),
            "entries": entries,
            "ended": is_ended,
            "head": head.to_string(),
            "seal": seal.to_string(),
            "bytes_before": before,
            "bytes_after": after,
            "ratio": ratio,
        }));
    }
    let share = if args.expand {
        format!("1 : {ratio:.2}")
    } else {
        format!("{ratio:.2} : 1 at level {}", args.level)
    };
    print(&table(&[
        ("log", args.output.display().to_string()),
        ("entries", format!("{entries} ({})", if is_ended { "ended" } else { "open" })),
        ("head", head.to_string()),
        ("bytes", format!("{before} before, {after} after")),
        ("ratio", share),
    ]))
}

/// How often the compacted log goes into the plain one, in hundredths.
fn ratio(plain: u64, packed: u64) -> f64 {
    let hundredths = plain.saturating_mul(100) / packed.max(1);
    f64::from(u32::try_from(hundredths).unwrap_or(u32::MAX)) / 100.0
}
