//! Files of a run: read within limits, and written so that they are there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::folder::FolderError;

/// Opens a regular file to read.
pub(super) fn open(path: &Path) -> Result<File, FolderError> {
    let absent = |source| FolderError::Absent { path: path.to_owned(), source };
    // Looked at before it is opened: a pipe would be waited for.
    if !fs::metadata(path).map_err(absent)?.is_file() {
        return Err(FolderError::NoFile(path.to_owned()));
    }
    File::open(path).map_err(absent)
}

/// Reads a file; of one that is too long a byte more than wanted, so that its reader refuses it.
pub(super) fn read(path: &Path, bytes_max: usize) -> Result<Vec<u8>, FolderError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    open(path)?.take(most).read_to_end(&mut bytes).map_err(FolderError::io(path))?;
    Ok(bytes)
}

/// Reads a file that need not be there.
pub(super) fn read_if_there(path: &Path, bytes_max: usize) -> Result<Option<Vec<u8>>, FolderError> {
    match read(path, bytes_max) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(FolderError::Absent { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces a file: whole and durable under its name, or the old one as it was.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let written = File::create(&partial).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&partial, path));
    renamed.map_err(FolderError::io(path))?;
    sync_folder_of(path)
}

/// Appends to a file, to an empty or new one behind its beginning.
pub(super) fn append(path: &Path, beginning: &[u8], bytes: &[u8]) -> Result<(), FolderError> {
    let appended = OpenOptions::new().append(true).create(true).open(path).and_then(|mut file| {
        if file.metadata()?.len() == 0 {
            file.write_all(beginning)?;
        }
        file.write_all(bytes)
    });
    appended.map_err(FolderError::io(path))
}

/// Makes names in the folder of a file durable.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), FolderError> {
    // The parent of a bare name is empty, which no system opens.
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or_else(|| Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(FolderError::io(folder))
}

/// Creates a file that must not be there.
pub(super) fn create_new(path: &Path) -> Result<File, FolderError> {
    File::create_new(path).map_err(|source| not_created(path, source))
}

/// Creates a folder that must not be there.
pub(super) fn create_new_folder(path: &Path) -> Result<(), FolderError> {
    fs::create_dir(path).map_err(|source| not_created(path, source))
}

fn not_created(path: &Path, source: io::Error) -> FolderError {
    if source.kind() == ErrorKind::AlreadyExists {
        FolderError::Exists(path.to_owned())
    } else {
        FolderError::CannotCreate { path: path.to_owned(), source }
    }
}

/// Creates a folder that may be there.
pub(super) fn create_folder(path: &Path) -> Result<(), FolderError> {
    let cannot = |source| FolderError::CannotCreate { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(cannot)
}

/// Removes a file that need not be there.
pub(super) fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FolderError::io(path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Names of the files in a folder, in order.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, FolderError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(FolderError::io(folder))? {
        let name = entry.map_err(FolderError::io(folder))?.file_name();
        names.extend(name.into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}
