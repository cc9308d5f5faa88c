//! The first bytes of a log in a new one, and a look at what was made of them.

use std::io::{self, Read, Write};
use std::path::Path;

use cli::{Exit, Failure, NewLog};
use replay::{Digest, ReadLimits};

/// Writes a new log of the first bytes of an old one and a tail, makes both durable, and reads them
/// back: the new log must hold so many entries with this head.
///
/// # Errors
/// Those of files; exit 74 when something else is read back.
pub(super) fn write(
    source: &mut dyn Read,
    (log_bytes, tail): (u64, &[u8]),
    (to, new): (&Path, &NewLog),
    expected: (u64, Digest),
) -> Result<(), Failure> {
    let mut log = new.log()?;
    let copied =
        io::copy(&mut source.take(log_bytes), &mut log).map_err(|error| Failure::io(to, &error))?;
    log.sync_all().map_err(|error| Failure::io(to, &error))?;
    let mut tail_file = new.tail()?;
    tail_file
        .write_all(tail)
        .and_then(|()| tail_file.sync_all())
        .map_err(|error| Failure::io(to, &error))?;
    let found = read_back(new)?;
    if copied != log_bytes || found != expected {
        let message = format!(
            "{}: {} entries with head {} were written, {} with head {} read back; nothing is kept",
            to.display(),
            expected.0,
            expected.1,
            found.0,
            found.1
        );
        let hint = "the input changed meanwhile, or the device failed";
        return Err(Failure::new(Exit::Io, message).with_hint(hint));
    }
    Ok(())
}

fn read_back(new: &NewLog) -> Result<(u64, Digest), Failure> {
    let mut reader = cli::open_log(new.partial(), ReadLimits::NONE)?;
    loop {
        match reader.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => return Ok((reader.entries(), reader.head())),
            Err(error) => return Err(Failure::log(new.partial(), &error)),
        }
    }
}
