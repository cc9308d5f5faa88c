//! Input files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use replay::Reader;
use replay::reader::ReadLimits;
use replay::tail::TAIL_BYTES_MAX;

use crate::exit::Exit;
use crate::failure::Failure;

/// Opens a file to read.
///
/// # Errors
/// Exit 66 for a path that is absent, unreadable or a directory.
pub fn open_input(path: &Path) -> Result<File, Failure> {
    let unreadable =
        |error: io::Error| Failure::new(Exit::NoInput, format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        let message = format!("{}: is a directory, not a file", path.display());
        return Err(Failure::new(Exit::NoInput, message));
    }
    Ok(file)
}

/// The tail of a log: `LOG.tail`.
pub fn tail_path(log: &Path) -> PathBuf {
    with_suffix(log, ".tail")
}

/// A path with something behind its file name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a log and its tail to read.
///
/// # Errors
/// Exit 66 for a path that is absent or unreadable, 65 for a file that is no log.
pub fn open_log(path: &Path, limits: ReadLimits) -> Result<Reader<File>, Failure> {
    let (log, tail) = open_source(path)?;
    Reader::open(log, tail, limits).map_err(|error| Failure::log(path, &error))
}

/// Opens a log and reads its tail.
///
/// # Errors
/// Exit 66 for a path that is absent or unreadable.
pub fn open_source(path: &Path) -> Result<(File, Vec<u8>), Failure> {
    let log = open_input(path)?;
    let tail_path = tail_path(path);
    let mut tail = Vec::new();
    match File::open(&tail_path) {
        Ok(file) => {
            // One byte more than a reader takes, so that it can refuse the rest.
            let read = file.take(TAIL_BYTES_MAX + 1).read_to_end(&mut tail);
            read.map_err(|error| Failure::io(&tail_path, &error))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let message = format!("{}: {error}", tail_path.display());
            return Err(Failure::new(Exit::NoInput, message));
        }
    }
    Ok((log, tail))
}
