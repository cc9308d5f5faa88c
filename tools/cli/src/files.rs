//! Input files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use replay::{ReadLimits, Reader};

use replay::tail::TAIL_BYTES_MAX;
use rustix::fs::OFlags;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::log_file::LogFile;

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

/// Reads a small file whole, a pipe too: so many bytes at the most, and one more where there are
/// more, so that whoever takes them can refuse the rest.
///
/// # Errors
/// Exit 66 for a path that is absent, unreadable or a directory; 74 when the device fails.
pub fn read_small(path: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let read = open_input(path)?.take(limit).read_to_end(&mut bytes);
    read.map_err(|error| Failure::io(path, &error))?;
    Ok(bytes)
}

/// The tail of a log: `LOG.tail`.
pub fn tail_path(log: &Path) -> PathBuf {
    with_suffix(log, ".tail")
}

/// A path with something behind its file name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a log and its tail to read, plain or compacted.
///
/// # Errors
/// Exit 66 for a path that is absent or unreadable, 65 for a file that is no log.
pub fn open_log(path: &Path, limits: ReadLimits) -> Result<Reader<LogFile>, Failure> {
    let (log, tail) = open_source(path)?;
    Reader::open(log, tail, limits).map_err(|error| Failure::log(path, &error))
}

/// Opens a log, plain or compacted, to read at any place, and reads its tail. A plain log out of a
/// pipe can be read on only.
///
/// # Errors
/// Exit 66 for a path that is absent or unreadable, and for a compacted log out of a pipe; 65 for
/// a compacted log that is damaged. What a plain log holds is not looked at.
pub fn open_source(path: &Path) -> Result<(LogFile, Vec<u8>), Failure> {
    let log = LogFile::open(open_input(path)?, path)?;
    Ok((log, read_tail(path)?))
}

/// Opens a file that nobody named, but that lies where one is looked for: a pipe there would be waited
/// for, so its other end is not.
pub(crate) fn open_at_once(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// Refuses what lies where a file is looked for that nobody named, and is none.
///
/// # Errors
/// Exit 66 for a pipe, which would be waited for, a device or a directory.
pub fn refuse_no_file(path: &Path) -> Result<(), Failure> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let message = format!("{}: is no regular file", path.display());
        return Err(Failure::new(Exit::NoInput, message));
    }
    Ok(())
}

/// Reads the tail of a log; empty where there is none.
///
/// # Errors
/// Exit 66 for a tail that is there and cannot be read.
pub(crate) fn read_tail(path: &Path) -> Result<Vec<u8>, Failure> {
    let tail_path = tail_path(path);
    let refused =
        |what: &str| Failure::new(Exit::NoInput, format!("{}: {what}", tail_path.display()));
    let file = match open_at_once(&tail_path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refused(&error.to_string())),
    };
    if !file.metadata().map_err(|error| refused(&error.to_string()))?.is_file() {
        return Err(refused("is no regular file, as a tail is"));
    }
    let mut tail = Vec::new();
    // One byte more than a reader takes, so that it can refuse the rest.
    let read = file.take(TAIL_BYTES_MAX + 1).read_to_end(&mut tail);
    read.map_err(|error| Failure::io(&tail_path, &error))?;
    Ok(tail)
}
