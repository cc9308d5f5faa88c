//! The one who writes a run.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Read;
use std::ops::Deref;
use std::path::Path;

use replay::{Genesis, Player, Recorder, SyncPolicy};

use crate::checkpoint::Checkpoint;
use crate::config::{Config, KeepLogs};
use crate::folder::{
    FolderError, LogEnd, Manifest, MarketId, MarketLog, Reason, Run, State, config_path, files,
    genesis_seal, open_at, tail_path,
};
use crate::metrics::Row;
use crate::tensorboard::{self, Event};

/// A run that is being written, by nobody else meanwhile.
///
/// MANIFEST is written with each checkpoint and when the run ends: what came after the last
/// checkpoint is not known to it and set aside by [`Writer::rewind`].
#[derive(Debug)]
pub struct Writer {
    pub(super) run: Run,
    /// Locked while it is open.
    _lock: File,
}

impl Deref for Writer {
    type Target = Run;

    fn deref(&self) -> &Run {
        &self.run
    }
}

impl Writer {
    /// Begins a run in a directory that must not be there.
    ///
    /// # Errors
    /// [`FolderError::Exists`]; [`FolderError::CannotCreate`].
    pub fn create(root: &Path, config: &Config) -> Result<Self, FolderError> {
        files::create_new_folder(root)?;
        files::replace(&config_path(root), config.to_string().as_bytes())?;
        let lock = lock(root)?;
        for folder in ["markets", "checkpoints"] {
            files::create_folder(&root.join(folder))?;
        }
        let manifest = Manifest::new(config.digest());
        let run = Run { root: root.to_owned(), config: config.clone(), manifest };
        let writer = Self { run, _lock: lock };
        writer.write_manifest()?;
        files::sync_folder_of(root)?;
        Ok(writer)
    }

    /// Goes on with a run: [`Writer::rewind`] is the next thing to do.
    ///
    /// # Errors
    /// [`FolderError::Busy`] while another process writes it; as [`Run::open`].
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        let lock = lock(root)?;
        Ok(Self { run: Run::open(root)?, _lock: lock })
    }

    /// Begins `train.log`.
    ///
    /// # Errors
    /// [`FolderError::Exists`], [`FolderError::Log`].
    pub fn create_train_log(&self, genesis: &Genesis) -> Result<Recorder<File>, FolderError> {
        create_log(&self.train_log_path(), genesis)
    }

    /// Begins the log of a market.
    ///
    /// # Errors
    /// [`FolderError::Exists`], [`FolderError::Log`].
    pub fn create_market(
        &mut self,
        id: MarketId,
        genesis: &Genesis,
    ) -> Result<Recorder<File>, FolderError> {
        let path = self.market_path(id);
        let recorder = create_log(&path, genesis)?;
        let sealed = genesis_seal(genesis).map_err(FolderError::log(&path))?;
        let log =
            MarketLog { seed: genesis.seed, genesis: sealed, end: LogEnd::START, is_kept: true };
        self.run.manifest.markets.insert(id, log);
        Ok(recorder)
    }

    /// Goes on with a log of this run that was played to its end.
    ///
    /// # Errors
    /// [`FolderError::Log`], [`FolderError::Io`].
    pub fn resume_log<R: Read>(
        &self,
        path: &Path,
        played: Player<R>,
    ) -> Result<Recorder<File>, FolderError> {
        let open = |path: &Path| {
            let file = OpenOptions::new().read(true).append(true).create(true).open(path);
            file.map_err(FolderError::io(path))
        };
        let (log, tail) = (open(path)?, open(&tail_path(path))?);
        let recorder = Recorder::resume(played, log, tail, SyncPolicy::None);
        recorder.map_err(FolderError::log(path))
    }

    /// Notes that a market is over. Its log stays until a checkpoint no longer needs it.
    pub fn end_market(&mut self, id: MarketId, end: impl Into<LogEnd>) {
        if let Some(log) = self.run.manifest.markets.get_mut(&id) {
            log.end = end.into();
        }
        // The tail is empty: a leftover file does no harm.
        let _ = fs::remove_file(tail_path(&self.market_path(id)));
    }

    /// Adds the figures of an update to `metrics.jsonl` and to `TensorBoard`'s file. Neither is synced: a
    /// checkpoint does not depend on them, and a torn end goes with the next rewind.
    ///
    /// # Errors
    /// [`FolderError::Foreign`] for names that figures cannot have; [`FolderError::Io`].
    pub fn report(&self, row: &Row, event: &Event) -> Result<(), FolderError> {
        let path = self.metrics_path();
        let line = row.line().map_err(|error| FolderError::foreign(&path, error.to_string()))?;
        files::append(&path, b"", line.as_bytes())?;
        files::append(&self.events_path(), &tensorboard::start(), &tensorboard::append(event))
    }

    /// Writes a checkpoint and, with it, MANIFEST. All logs must be durable up to it. Then those go
    /// that the configuration does not keep.
    ///
    /// # Errors
    /// [`FolderError::Checkpoint`], [`FolderError::Io`].
    pub fn save(&mut self, checkpoint: &Checkpoint) -> Result<(), FolderError> {
        let path = self.checkpoint_path(checkpoint.update);
        let bytes = checkpoint
            .encode()
            .map_err(|source| FolderError::Checkpoint { path: path.clone(), source })?;
        files::replace(&path, &bytes)?;
        let manifest = &mut self.run.manifest;
        manifest.checkpoints.insert(checkpoint.update, Checkpoint::digest(&bytes));
        manifest.train = open_at(checkpoint.train_log);
        for (number, it) in (0..).zip(&checkpoint.environments) {
            let id = MarketId { environment: number, life: it.life };
            if let Some(log) = manifest.markets.get_mut(&id)
                && log.end.seal.is_none()
            {
                log.end = open_at(it.log);
            }
        }
        let is_over = |id: MarketId| {
            let index = usize::try_from(id.environment).unwrap_or(usize::MAX);
            checkpoint.environments.get(index).is_some_and(|it| id.life < it.life)
        };
        match self.run.config.train.keep_logs {
            KeepLogs::All => self.write_manifest(),
            KeepLogs::Last | KeepLogs::None => self.drop_logs(is_over),
        }
    }

    /// Notes that the run has done all its updates, with the end of `train.log`.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn finish(mut self, train: impl Into<LogEnd>) -> Result<Run, FolderError> {
        self.run.manifest.train = train.into();
        self.run.manifest.state = State::Finished;
        match self.run.config.train.keep_logs {
            KeepLogs::All | KeepLogs::Last => self.write_manifest()?,
            KeepLogs::None => self.drop_logs(|_| true)?,
        }
        Ok(self.run)
    }

    /// Notes that the run cannot go on, and why. What it has written stays.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn fail(mut self, why: &str) -> Result<Run, FolderError> {
        self.run.manifest.state = State::Failed(Reason::new(why));
        self.write_manifest()?;
        Ok(self.run)
    }

    pub(super) fn write_manifest(&self) -> Result<(), FolderError> {
        files::replace(&self.root.join("MANIFEST"), self.manifest.to_string().as_bytes())
    }

    /// Removes logs, once MANIFEST says that they are not kept.
    fn drop_logs(&mut self, is_dropped: impl Fn(MarketId) -> bool) -> Result<(), FolderError> {
        let mut dropped = Vec::new();
        for (id, log) in &mut self.run.manifest.markets {
            if log.is_kept && is_dropped(*id) {
                log.is_kept = false;
                dropped.push(*id);
            }
        }
        self.write_manifest()?;
        for id in dropped {
            let path = self.market_path(id);
            files::remove(&path)?;
            files::remove(&tail_path(&path))?;
        }
        Ok(())
    }
}

fn lock(root: &Path) -> Result<File, FolderError> {
    let file = files::open(&config_path(root))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::Busy(root.to_owned())),
        Err(TryLockError::Error(error)) => Err(FolderError::io(root)(error)),
    }
}

fn create_log(path: &Path, genesis: &Genesis) -> Result<Recorder<File>, FolderError> {
    let log = files::create_new(path)?;
    let tail = files::create_new(&tail_path(path))?;
    let recorder = Recorder::create(genesis, log, tail, SyncPolicy::None);
    recorder.map_err(FolderError::log(path))
}
