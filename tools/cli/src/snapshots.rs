//! `LOG.snap`: a folder of snapshots beside a log, one file for each. It may be deleted at any time.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use replay::Snapshots;
use replay::snapshot::{SNAPSHOT_BYTES_MAX, SnapshotError};

use crate::files::with_suffix;
use crate::temporary;

/// The snapshots of a log. Where they cannot be kept, work goes on without.
#[derive(Debug)]
pub struct SnapshotFolder {
    folder: PathBuf,
    can_keep: bool,
}

impl SnapshotFolder {
    /// Those beside a log.
    pub fn beside(log: &Path) -> Self {
        Self { folder: snapshots_path(log), can_keep: true }
    }

    fn path(&self, block: u64) -> PathBuf {
        self.folder.join(format!("{block:012}"))
    }

    fn try_keep(&self, block: u64, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = self.path(block);
        let partial = with_suffix(&path, &format!(".partial-{}", std::process::id()));
        // Never synced: what a loss of power leaves of it fails its checksum.
        let written = temporary::create(&partial)
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| temporary::undisturbed(|| fs::rename(&partial, &path)));
        // After the renaming there is no such file any more.
        temporary::remove(&partial);
        written
    }
}

impl Snapshots for SnapshotFolder {
    fn blocks(&mut self) -> Vec<u64> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let number = |entry: io::Result<fs::DirEntry>| block_of(&entry.ok()?.file_name());
        entries.filter_map(number).collect()
    }

    fn load(&mut self, block: u64) -> Option<Vec<u8>> {
        let path = self.path(block);
        // Nothing else is opened: a pipe of that name would never be done.
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        let file = File::open(path).ok()?;
        file.take(SNAPSHOT_BYTES_MAX + 1).read_to_end(&mut bytes).ok()?;
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
        if block_of(&entry.file_name()).is_some() {
            let _ = fs::remove_file(entry.path());
        }
    }
    let _ = fs::remove_dir(&folder);
}
