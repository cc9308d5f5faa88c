//! A log as a file holds it: plain or compacted.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use replay::packed::PACKED_MAGIC;
use replay::source::{Source, Stream};
use replay::{Packed, PackedError};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{open_input, read_tail};

/// An open log. Read on, it gives the bytes of the plain log from the first; as a [`Source`], those
/// at any place, unless it is a pipe.
#[derive(Debug)]
pub enum LogFile {
    /// The log itself.
    Plain(PlainFile),
    /// Its blocks, compressed.
    Packed(Box<Stream<Packed<File>>>),
}

/// A plain log, of which the first bytes were read to see that it is one.
#[derive(Debug)]
pub struct PlainFile {
    file: File,
    /// Bytes that were read and not given out yet.
    first: io::Cursor<Vec<u8>>,
}

impl LogFile {
    /// Tells by the first bytes what a file holds.
    pub(crate) fn open(mut file: File, path: &Path) -> Result<Self, Failure> {
        let first = read_magic(&mut file).map_err(|error| Failure::io(path, &error))?;
        if first != PACKED_MAGIC {
            return Ok(Self::Plain(PlainFile { file, first: io::Cursor::new(first) }));
        }
        refuse_pipe(&file, path)?;
        let packed = Packed::open(file).map_err(|error| Failure::packed(path, &error))?;
        Ok(Self::packed(packed))
    }

    fn packed(packed: Packed<File>) -> Self {
        Self::Packed(Box::new(Stream::new(packed, 0)))
    }

    /// Whether it is compacted.
    pub const fn is_packed(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Packed(_) => true,
        }
    }

    /// The file itself, to lock it or to tell it from others.
    pub const fn file(&self) -> &File {
        match self {
            Self::Plain(plain) => &plain.file,
            Self::Packed(packed) => packed.source().source(),
        }
    }

    /// Bytes of the file itself; 0 for a pipe. Those of the plain log are its [`Source::size`].
    ///
    /// # Errors
    /// Of the device.
    pub fn file_bytes(&self) -> io::Result<u64> {
        self.file().size()
    }
}

impl Read for LogFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(PlainFile { file, first }) => match first.read(buffer)? {
                0 => file.read(buffer),
                read => Ok(read),
            },
            Self::Packed(packed) => packed.read(buffer),
        }
    }
}

impl Source for LogFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(plain) => plain.file.read_at(offset, buffer),
            Self::Packed(packed) => packed.source().read_at(offset, buffer),
        }
    }

    fn size(&self) -> io::Result<u64> {
        match self {
            Self::Plain(plain) => plain.file.size(),
            Self::Packed(packed) => packed.source().size(),
        }
    }
}

/// A log opened to keep what is good of it.
#[derive(Debug)]
pub struct Rescued {
    /// The log, as far as it can be opened.
    pub log: LogFile,
    /// The content of its tail.
    pub tail: Vec<u8>,
    /// What a compacted log lost.
    pub cut: Option<Cut>,
}

/// The end of a compacted log that is cut.
#[derive(Debug)]
pub struct Cut {
    /// Offset in the file up to which it is good.
    pub good: u64,
    /// Why it cannot be read as it is.
    pub error: PackedError,
}

/// Opens a log as [`open_source`](crate::open_source) does, and a compacted one that is cut too, as
/// far as its blocks are whole.
///
/// # Errors
/// As `open_source`, but for compacted logs that are cut behind their opening.
pub fn open_rescued(path: &Path) -> Result<Rescued, Failure> {
    let tail = read_tail(path)?;
    let file = open_input(path)?;
    refuse_pipe(&file, path)?;
    match Packed::open(&file) {
        Err(error) if error.is_cut() => {
            let (packed, good) =
                Packed::open_cut(file).map_err(|error| Failure::packed(path, &error))?;
            Ok(Rescued { log: LogFile::packed(packed), tail, cut: Some(Cut { good, error }) })
        }
        Ok(_) | Err(_) => Ok(Rescued { log: LogFile::open(file, path)?, tail, cut: None }),
    }
}

/// The first bytes of a file, fewer only where it ends.
fn read_magic(file: &mut File) -> io::Result<Vec<u8>> {
    let mut first = Vec::new();
    file.take(PACKED_MAGIC.len() as u64).read_to_end(&mut first)?;
    Ok(first)
}

/// What is not read from the first byte to the last has to be a file.
fn refuse_pipe(file: &File, path: &Path) -> Result<(), Failure> {
    let is_file = file.metadata().map_err(|error| Failure::io(path, &error))?.is_file();
    if is_file {
        return Ok(());
    }
    let message =
        format!("{}: is no regular file, as a compacted log and a recovery need", path.display());
    Err(Failure::new(Exit::NoInput, message).with_hint("write it to a file first"))
}
