//! Logs being written: recordings, which have their final name from the start, and new logs made
//! out of something else, which appear whole or not at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use replay::{Genesis, LogError, Player, ReadLimits, Recorder, SyncPolicy};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{open_log, tail_path};
use crate::note::note_path;
use crate::output::{check_free, create_partial, partial_path, rename, sync_folder};
use crate::snapshots::remove_snapshots;
use crate::temporary;

/// Takes the single-writer lock of a log; it is held until the file is closed.
///
/// # Errors
/// Exit 75 while another process writes the log.
fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let message = format!("{}: another process is writing it", path.display());
            Err(Failure::new(Exit::TryAgain, message))
        }
        Err(TryLockError::Error(error)) => Err(Failure::io(path, &error)),
    }
}

/// A run being recorded under its final name: what was acknowledged survives an interruption.
pub struct Recording {
    recorder: Recorder<File>,
    tail: PathBuf,
}

impl Recording {
    /// Starts a recording.
    ///
    /// # Errors
    /// Exit 73 when the log or its tail exists or cannot be created, 75 when it is locked.
    pub fn create(path: &Path, genesis: &Genesis, policy: SyncPolicy) -> Result<Self, Failure> {
        let create = |path: &Path| {
            File::create_new(path).map_err(|error| {
                Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display()))
            })
        };
        let tail_path = tail_path(path);
        check_free(path, false)?;
        check_free(&tail_path, false)?;
        let log = create(path)?;
        lock(&log, path)?;
        let started = create(&tail_path).and_then(|tail| {
            let recorder = Recorder::create(genesis, log, tail, policy);
            let recorder = recorder.map_err(|error| Failure::log(path, &error))?;
            // What is synced is worth nothing under a name that a loss of power takes.
            if policy != SyncPolicy::None {
                sync_folder(path).map_err(|error| Failure::io(path, &error))?;
            }
            Ok(recorder)
        });
        match started {
            Ok(recorder) => Ok(Self { recorder, tail: tail_path }),
            Err(failure) => {
                // Nothing was recorded: half a header is not left behind.
                let _ = fs::remove_file(path);
                let _ = fs::remove_file(&tail_path);
                Err(failure)
            }
        }
    }

    /// Goes on with a recording that was interrupted.
    ///
    /// # Errors
    /// Exit 75 when it is locked; 65 when it is torn, damaged or has its end; 2 when it is compacted;
    /// 1 when this kernel does not reproduce it; 66 when it is absent.
    pub fn resume(path: &Path, policy: SyncPolicy) -> Result<Self, Failure> {
        let open = |path: &Path| {
            let file = OpenOptions::new().read(true).append(true).create(true).open(path);
            file.map_err(|error| Failure::io(path, &error))
        };
        // Opened to read first, so that an absent log is not created.
        crate::files::open_input(path)?;
        let log = open(path)?;
        lock(&log, path)?;
        let tail_path = tail_path(path);
        let reader = open_log(path, ReadLimits::DEFAULT)?;
        if reader.source().is_packed() {
            let message = format!("{}: is compacted and cannot be continued", path.display());
            let hint =
                format!("expand it first: replay compact {} --expand -o NEW", path.display());
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        }
        let mut player = Player::new(reader).map_err(|error| Failure::log(path, &error))?;
        player.run().map_err(|error| Failure::play(path, &error))?;
        let recorder = Recorder::resume(player, log, open(&tail_path)?, policy);
        let recorder = recorder.map_err(|error| Failure::log(path, &error))?;
        // The tail may be a new file.
        sync_folder(path).map_err(|error| Failure::io(path, &error))?;
        Ok(Self { recorder, tail: tail_path })
    }

    /// The recorder: the venue of the run.
    pub const fn recorder(&mut self) -> &mut Recorder<File> {
        &mut self.recorder
    }

    /// Writes the end of the log. It is durable on return.
    ///
    /// # Errors
    /// [`LogError`] of the device.
    pub fn finish(self) -> Result<replay::recorder::Finished, LogError> {
        let finished = self.recorder.finish()?;
        // The tail is empty: a leftover file does no harm.
        let _ = fs::remove_file(&self.tail);
        Ok(finished)
    }
}

/// Removes a log with its tail, its note and its snapshots, to make room for a recording of the same
/// name.
///
/// # Errors
/// Exit 75 while another process writes it; 73 when it cannot be removed.
pub fn remove_log(path: &Path) -> Result<(), Failure> {
    let cannot = |path: &Path, error: &std::io::Error| {
        Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display()))
    };
    let is_absent = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let old = match File::open(path) {
        Ok(old) => Some(old),
        Err(error) if is_absent(&error) => None,
        Err(error) => return Err(cannot(path, &error)),
    };
    if let Some(old) = &old {
        lock(old, path)?;
    }
    for path in [path, &tail_path(path), &note_path(path)] {
        match fs::remove_file(path) {
            Err(error) if !is_absent(&error) => return Err(cannot(path, &error)),
            Ok(()) | Err(_) => {}
        }
    }
    remove_snapshots(path);
    Ok(())
}

/// A log made out of something else. Until [`NewLog::commit`] it has a temporary name.
pub struct NewLog {
    partial: PathBuf,
    partial_tail: PathBuf,
    path: PathBuf,
    /// The log that is to be replaced, locked so that nobody goes on writing it.
    _replaced: Option<File>,
}

impl NewLog {
    /// Reserves temporary names for a log.
    ///
    /// # Errors
    /// Exit 73 when the name of the log or of its tail is taken and `force` is off, 75 when the log
    /// that would be replaced is being written.
    pub fn create(path: &Path, force: bool) -> Result<Self, Failure> {
        check_free(path, force)?;
        check_free(&tail_path(path), force)?;
        // What cannot be opened is nobody's recording.
        let is_file = fs::metadata(path).is_ok_and(|file| file.is_file());
        let replaced = is_file.then(|| File::open(path).ok()).flatten();
        if let Some(old) = &replaced {
            lock(old, path)?;
        }
        let partial = partial_path(path);
        let partial_tail = tail_path(&partial);
        Ok(Self { partial, partial_tail, path: path.to_owned(), _replaced: replaced })
    }

    /// The file that becomes the log.
    ///
    /// # Errors
    /// Exit 73 when it cannot be created.
    pub fn log(&self) -> Result<File, Failure> {
        let file = create_partial(&self.partial, &self.path)?;
        lock(&file, &self.partial)?;
        Ok(file)
    }

    /// Where the log stands until then.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// The file that becomes the log's tail, empty unless the log stays open.
    ///
    /// # Errors
    /// Exit 73 when it cannot be created.
    pub fn tail(&self) -> Result<File, Failure> {
        create_partial(&self.partial_tail, &self.path)
    }

    /// Gives log and tail their final names. Both must be durable; an empty tail is left out, and a
    /// tail that belonged to a log of that name before goes.
    ///
    /// # Errors
    /// Exit 74 when the device fails.
    pub fn commit(self) -> Result<(), Failure> {
        let result = temporary::undisturbed(|| self.try_commit());
        result.map_err(|error| Failure::io(&self.path, &error))
    }

    fn try_commit(&self) -> std::io::Result<()> {
        let tail = tail_path(&self.path);
        let is_empty = fs::metadata(&self.partial_tail).map_or(0, |file| file.len()) == 0;
        match fs::remove_file(&tail) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        remove_snapshots(&self.path);
        if !is_empty {
            rename(&self.partial_tail, &tail)?;
        }
        rename(&self.partial, &self.path)
    }
}

impl Drop for NewLog {
    fn drop(&mut self) {
        // After a commit there are no such files any more, or only an empty tail.
        temporary::remove(&self.partial);
        temporary::remove(&self.partial_tail);
    }
}
