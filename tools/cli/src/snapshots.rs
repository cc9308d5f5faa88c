//! `LOG.snap`: a folder beside a log with snapshots, one file for each, and with what is known of its
//! blocks. It may be deleted at any time.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use replay::Snapshots;
use replay::snapshot::SnapshotError;

use crate::files::with_suffix;
use crate::temporary;

/// Name of the file of zones.
const ZONES: &str = "zones";

/// The snapshots of a log. Where they cannot be kept, work goes on without.
#[derive(Clone, Debug)]
pub struct SnapshotFolder {
    folder: PathBuf,
    can_keep: bool,
}

impl SnapshotFolder {
    /// Those beside a log.
    pub fn beside(log: &Path) -> Self {
        Self { folder: snapshots_path(log), can_keep: true }
    }

    /// Never synced: what a loss of power leaves of it fails its checksums.
    fn create(&self, path: &Path) -> io::Result<CacheFile> {
        fs::create_dir_all(&self.folder)?;
        let partial = with_suffix(path, &format!(".partial-{}", std::process::id()));
        let file = BufWriter::new(temporary::create(&partial)?);
        Ok(CacheFile { file, partial, path: path.to_owned() })
    }

    fn path(&self, block: u64) -> PathBuf {
        self.folder.join(format!("{block:012}"))
    }

    /// The file of what is known of each block, for a reader that is to be careful with it; `None`
    /// where there is none.
    pub fn open_zones(&self) -> Option<File> {
        let path = self.folder.join(ZONES);
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        File::open(path).ok()
    }

    /// Begins that file anew.
    ///
    /// # Errors
    /// Where nothing can be kept.
    pub fn new_zones(&self) -> io::Result<CacheFile> {
        self.create(&self.folder.join(ZONES))
    }

    /// Says that the file of zones is of no use.
    pub fn refuse_zones(&self, error: &dyn Display) {
        let path = self.folder.join(ZONES);
        // Where nothing can be said there is nobody to hear it.
        let _ = writeln!(io::stderr(), "replay: {}: {error}; done without it", path.display());
    }

    fn try_keep(&self, block: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.create(&self.path(block))?;
        file.write_all(bytes)?;
        file.commit()
    }
}

/// A file that may be lost: it has its name once it is whole, but nobody waits for the device.
#[derive(Debug)]
pub struct CacheFile {
    file: BufWriter<File>,
    partial: PathBuf,
    path: PathBuf,
}

impl CacheFile {
    /// Gives the file its name.
    ///
    /// # Errors
    /// Those of the device; the old file, if there was one, is then still there.
    pub fn commit(mut self) -> io::Result<()> {
        self.file.flush()?;
        temporary::undisturbed(|| fs::rename(&self.partial, &self.path))
    }
}

impl Write for CacheFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for CacheFile {
    fn drop(&mut self) {
        // After the renaming there is no such file any more.
        temporary::remove(&self.partial);
    }
}

impl Snapshots for SnapshotFolder {
    fn blocks(&mut self) -> Vec<u64> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let number = |entry: io::Result<fs::DirEntry>| block_of(&entry.ok()?.file_name());
        entries.filter_map(number).collect()
    }

    fn load(&mut self, block: u64, bytes_max: u64) -> Option<Vec<u8>> {
        let path = self.path(block);
        // Nothing else is opened: a pipe of that name would never be done.
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        let file = File::open(path).ok()?;
        file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn keep(&mut self, block: u64, bytes: &[u8]) -> bool {
        self.can_keep = self.can_keep && self.try_keep(block, bytes).is_ok();
        self.can_keep
    }

    fn refuse(&mut self, block: u64, error: SnapshotError) {
        let path = self.path(block);
        // Where nothing can be said there is nobody to hear it.
        let _ = writeln!(io::stderr(), "replay: {}: {error}; done without it", path.display());
    }
}

/// Where the snapshots of a log stand.
pub(crate) fn snapshots_path(log: &Path) -> PathBuf {
    with_suffix(log, ".snap")
}

/// The block of a snapshot with this file name; `None` for any other file.
fn block_of(name: &std::ffi::OsStr) -> Option<u64> {
    let name = name.to_str().filter(|name| name.len() == 12)?;
    if name.bytes().all(|byte| byte.is_ascii_digit()) { name.parse().ok() } else { None }
}

/// Removes the snapshots of a log that is about to be another one. What else lies in the folder stays,
/// and the folder with it: snapshots of another log are found out in any case.
pub(crate) fn remove_snapshots(log: &Path) {
    let folder = snapshots_path(log);
    let Ok(entries) = fs::read_dir(&folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        if block_of(&entry.file_name()).is_some() || entry.file_name() == ZONES {
            let _ = fs::remove_file(entry.path());
        }
    }
    let _ = fs::remove_dir(&folder);
}
