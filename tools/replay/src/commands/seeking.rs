//! Going to a moment of a log: what all commands do alike that name a position.

use std::path::Path;
use std::rc::Rc;

use cli::{Exit, Failure, LogFile, Progress, SnapshotFolder};
use replay::{Archive, Player, Position, PositionError, Seeker, Stream};

use crate::args::{Log, SoughtLog};

pub(crate) type LogArchive = Archive<Rc<LogFile>>;
pub(crate) type LogSeeker = Seeker<Rc<LogFile>, Option<SnapshotFolder>>;
pub(crate) type SoughtPlayer = Player<Stream<Rc<LogFile>>>;

/// Opens a log to read it at any place.
pub(crate) fn archive(log: &Log) -> Result<LogArchive, Failure> {
    let (file, tail) = cli::open_source(&log.path)?;
    // What is read here and there has to be a file.
    if !file.file().metadata().is_ok_and(|file| file.is_file()) {
        let message = format!("{}: is no regular file, as this needs", log.path.display());
        return Err(Failure::new(Exit::NoInput, message).with_hint("write it to a file first"));
    }
    Archive::open(Rc::new(file), tail, log.limits.read())
        .map_err(|error| Failure::log(&log.path, &error))
}

/// Opens a log to go anywhere in it.
pub(crate) fn seeker(sought: &SoughtLog) -> Result<LogSeeker, Failure> {
    let store = (!sought.no_snapshots).then(|| SnapshotFolder::beside(&sought.log.path));
    Ok(Seeker::new(archive(&sought.log)?, store))
}

/// The entry behind which a position lies.
pub(crate) fn resolve(
    path: &Path,
    archive: &LogArchive,
    position: &Position,
) -> Result<u64, Failure> {
    position.resolve(archive).map_err(|error| match error {
        PositionError::Log(error) => Failure::log(path, &error),
        PositionError::BehindEnd { .. }
        | PositionError::BeforeStart { .. }
        | PositionError::NoMark { .. }
        | _ => Failure::new(Exit::Usage, format!("{}: {error}", path.display())),
    })
}

/// Goes right behind an entry, with a progress bar where it is far.
pub(crate) fn go<'a>(
    path: &Path,
    seeker: &'a mut LogSeeker,
    entry: u64,
) -> Result<&'a mut SoughtPlayer, Failure> {
    let mut progress = Progress::new("replaying", 0);
    let mut watch = |block: u64| progress.at(block.saturating_mul(1 << 16));
    seeker.seek(entry, &mut watch).map_err(|error| Failure::play(path, &error))
}
