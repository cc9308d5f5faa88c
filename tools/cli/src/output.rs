//! Output: data to standard output or to a file that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::with_suffix;
use crate::temporary;

/// A file that gets its final name only once it is whole and durable.
#[derive(Debug)]
pub struct NewFile {
    file: Option<BufWriter<File>>,
    partial: PathBuf,
    path: PathBuf,
}

impl NewFile {
    /// Starts a file under a temporary name beside the final one.
    ///
    /// # Errors
    /// Exit 73 when the final name is taken and `force` is off, or nothing can be created there.
    pub fn create(path: &Path, force: bool) -> Result<Self, Failure> {
        check_free(path, force)?;
        let partial = partial_path(path);
        let file = create_partial(&partial, path)?;
        Ok(Self { file: Some(BufWriter::new(file)), partial, path: path.to_owned() })
    }

    /// Makes the file durable and gives it its final name.
    ///
    /// # Errors
    /// Exit 74 when the device fails.
    pub fn commit(mut self) -> Result<(), Failure> {
        let result = self.try_commit();
        result.map_err(|error| Failure::io(&self.path, &error))
    }

    fn try_commit(&mut self) -> io::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        rename(&self.partial, &self.path)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Ok(0),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // After a commit there is no such file any more.
        temporary::remove(&self.partial);
    }
}

/// Where a command's data go.
#[derive(Debug)]
pub enum Sink {
    /// To the next program or the terminal.
    Stdout(BufWriter<io::Stdout>),
    /// To a file.
    File(NewFile),
}

/// Data output of one command.
#[derive(Debug)]
pub struct Output {
    sink: Sink,
}

impl Output {
    /// Standard output, or a new file.
    ///
    /// # Errors
    /// As [`NewFile::create`].
    pub fn open(path: Option<&Path>, force: bool) -> Result<Self, Failure> {
        let sink = match path {
            Some(path) if path != Path::new("-") => Sink::File(NewFile::create(path, force)?),
            Some(_) | None => Sink::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())),
        };
        Ok(Self { sink })
    }

    /// Standard output.
    pub fn stdout() -> Self {
        Self { sink: Sink::Stdout(BufWriter::new(io::stdout())) }
    }

    /// Ends the output well.
    ///
    /// # Errors
    /// As [`Output::failure`]; exit 74 when the file cannot be made durable.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.flush().map_err(Self::failure)?;
        match self.sink {
            Sink::Stdout(_) => Ok(()),
            Sink::File(file) => file.commit(),
        }
    }

    /// What a failed write means: exit 74, unless the next program has seen enough and went away.
    #[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
    pub fn failure(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Failure::new(Exit::Ok, "")
        } else {
            Failure::new(Exit::Io, format!("writing output: {error}"))
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stdout(stdout) => stdout.write(bytes),
            Sink::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stdout(stdout) => stdout.flush(),
            Sink::File(file) => file.flush(),
        }
    }
}

pub(crate) fn partial_path(path: &Path) -> PathBuf {
    with_suffix(path, &format!(".partial-{}", std::process::id()))
}

/// Creates the temporary file of `path`, by whose name the user knows it.
pub(crate) fn create_partial(partial: &Path, path: &Path) -> Result<File, Failure> {
    temporary::create(partial)
        .map_err(|error| Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display())))
}

pub(crate) fn check_free(path: &Path, force: bool) -> Result<(), Failure> {
    // Neither a folder nor a device is ever replaced: the superuser's `-o /dev/null --force` would.
    if let Ok(old) = fs::metadata(path).map(|old| old.file_type())
        && !old.is_file()
    {
        let what = if old.is_dir() { "is a directory" } else { "is not a regular file" };
        return Err(Failure::new(Exit::CannotCreate, format!("{}: {what}", path.display())));
    }
    if !force && fs::symlink_metadata(path).is_ok() {
        let message = format!("{}: exists already", path.display());
        return Err(Failure::new(Exit::CannotCreate, message).with_hint("--force replaces it"));
    }
    Ok(())
}

/// Renames a durable file and makes the new name durable too.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder(to)
}

/// Makes the name of a file durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
