//! Back to a checkpoint: what came after it is set aside, never removed.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use replay::Reader;
use replay::cut::{Cut, cut};

use crate::checkpoint::{Checkpoint, LogPlace};
use crate::folder::{FolderError, MarketId, State, Writer, files, open_at, tail_path};
use crate::{metrics, tensorboard};

/// What a rewind did.
#[derive(Clone, Debug)]
pub struct Rewound {
    /// The checkpoint from which the run goes on.
    pub checkpoint: Checkpoint,
    /// Where what came after it stands now; `None` when nothing did.
    pub aside: Option<PathBuf>,
    /// Files that were moved or cut, by their names within the run, in order.
    pub files: Vec<String>,
}

/// What happens to a file, once a copy of it stands aside.
enum Job {
    /// It goes.
    Remove(PathBuf),
    /// It is a log, and ends earlier.
    Cut(PathBuf, Cut),
    /// It is shorter.
    Replace(PathBuf, Vec<u8>),
}

impl Writer {
    /// Takes the run back to the checkpoint of an update: afterwards every log ends where it says,
    /// and what came after it stands in `aside/N`. An interrupted rewind can be repeated.
    ///
    /// Nothing is touched unless every log that is needed is there and fits.
    ///
    /// # Errors
    /// As [`Run::checkpoint`](crate::folder::Run::checkpoint); [`FolderError::NotKept`] and
    /// [`FolderError::Foreign`] for a log that is not there or not this one; [`FolderError::Log`],
    /// [`FolderError::Io`].
    pub fn rewind(&mut self, update: u64) -> Result<Rewound, FolderError> {
        let checkpoint = self.checkpoint(update)?;
        let mut jobs = self.cuts(&checkpoint)?;
        jobs.extend(self.later_markets(&checkpoint)?);
        jobs.extend(self.later_checkpoints(update)?);
        jobs.extend(self.later_rows(update)?);
        let manifest = &mut self.run.manifest;
        manifest.state = State::Running;
        manifest.checkpoints.retain(|at, _| *at <= update);
        manifest.train = open_at(checkpoint.train_log);
        manifest.markets.retain(|id, _| !is_later(&checkpoint, *id));
        for (id, place) in places(&checkpoint) {
            if let Some(log) = manifest.markets.get_mut(&id) {
                log.end = open_at(place);
            }
        }
        let mut aside = None;
        if !jobs.is_empty() {
            let (number, folder) = self.free_aside()?;
            self.run.manifest.asides = number;
            aside = Some(folder);
        }
        // Before anything moves: MANIFEST must never name a checkpoint that is gone.
        self.write_manifest()?;
        let mut names = Vec::new();
        for job in &jobs {
            if let Some(folder) = &aside {
                names.extend(self.keep(folder, job)?);
            }
            job.carry_out()?;
        }
        names.sort_unstable();
        Ok(Rewound { checkpoint, aside, files: names })
    }

    /// The logs that end where the checkpoint says, and how to cut those that go on.
    fn cuts(&self, checkpoint: &Checkpoint) -> Result<Vec<Job>, FolderError> {
        let mut jobs = Vec::new();
        let (path, reader) = (self.train_log_path(), self.train_log()?);
        jobs.extend(cut_at(path, reader, checkpoint.train_log)?);
        for (id, place) in places(checkpoint) {
            jobs.extend(cut_at(self.market_path(id), self.market(id)?, place)?);
        }
        Ok(jobs)
    }

    fn later_markets(&self, checkpoint: &Checkpoint) -> Result<Vec<Job>, FolderError> {
        let folder = self.root.join("markets");
        let mut jobs = Vec::new();
        for name in files::names(&folder)? {
            let id = name.strip_suffix(".log").and_then(|id| id.parse().ok());
            if id.is_some_and(|id| is_later(checkpoint, id)) {
                jobs.push(Job::Remove(folder.join(name)));
            }
        }
        Ok(jobs)
    }

    fn later_checkpoints(&self, update: u64) -> Result<Vec<Job>, FolderError> {
        let folder = self.root.join("checkpoints");
        let mut jobs = Vec::new();
        for name in files::names(&folder)? {
            let at = name.strip_suffix(".safetensors").and_then(|at| at.parse::<u64>().ok());
            if at.is_some_and(|at| update < at) {
                jobs.push(Job::Remove(folder.join(name)));
            }
        }
        Ok(jobs)
    }

    /// Metrics and events of later updates, and what is torn at their ends.
    fn later_rows(&self, update: u64) -> Result<Vec<Job>, FolderError> {
        let mut jobs = Vec::new();
        let path = self.metrics_path();
        if let Some(bytes) = files::read_if_there(&path, metrics::BYTES_MAX)? {
            let kept = metrics::until(&bytes, update);
            let kept = kept.map_err(|error| FolderError::foreign(&path, error.to_string()))?;
            if kept.len() < bytes.len() {
                jobs.push(Job::Replace(path, kept.to_vec()));
            }
        }
        let path = self.events_path();
        if let Some(bytes) = files::read_if_there(&path, tensorboard::BYTES_MAX)? {
            let kept = tensorboard::until(&bytes, update);
            let kept = kept.map_err(|error| FolderError::foreign(&path, error.to_string()))?;
            if kept.len() < bytes.len() {
                jobs.push(Job::Replace(path, kept.to_vec()));
            }
        }
        Ok(jobs)
    }

    /// Number and path of a folder that is not there yet.
    fn free_aside(&self) -> Result<(u32, PathBuf), FolderError> {
        let root = self.root.join("aside");
        files::create_folder(&root)?;
        let mut number = self.manifest.asides;
        loop {
            number = number.saturating_add(1);
            let folder = root.join(number.to_string());
            match fs::create_dir(&folder) {
                Ok(()) => return Ok((number, folder)),
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists && number != u32::MAX => {}
                Err(source) => return Err(FolderError::CannotCreate { path: folder, source }),
            }
        }
    }

    /// Copies the file of a job, of a log with its tail, to where it is kept.
    fn keep(&self, aside: &Path, job: &Job) -> Result<Vec<String>, FolderError> {
        let path = job.path();
        let mut names = Vec::new();
        for path in [path.to_owned(), tail_path(path)] {
            if !path.is_file() {
                continue;
            }
            let name = path.strip_prefix(&self.root).unwrap_or(&path);
            let copy = aside.join(name);
            files::create_folder(copy.parent().unwrap_or(aside))?;
            fs::copy(&path, &copy).map_err(FolderError::io(&copy))?;
            let synced = files::open(&copy)?.sync_all();
            synced.map_err(FolderError::io(&copy))?;
            files::sync_folder_of(&copy)?;
            names.push(name.display().to_string());
        }
        Ok(names)
    }
}

impl Job {
    fn path(&self) -> &Path {
        match self {
            Self::Remove(path) | Self::Cut(path, _) | Self::Replace(path, _) => path,
        }
    }

    fn carry_out(&self) -> Result<(), FolderError> {
        match self {
            Self::Remove(path) => {
                files::remove(path)?;
                files::remove(&tail_path(path))
            }
            Self::Replace(path, bytes) => files::replace(path, bytes),
            Self::Cut(path, cut) => {
                // The tail first: behind the blocks that are still there it is an old one, and
                // readers pass over it.
                files::replace(&tail_path(path), &cut.tail)?;
                let file = OpenOptions::new().write(true).open(path);
                let cut = file.and_then(|file| {
                    file.set_len(cut.log_bytes)?;
                    file.sync_all()
                });
                cut.map_err(FolderError::io(path))
            }
        }
    }
}

/// How to cut a log at a place that it must have.
pub(super) fn cut_checked(
    path: &Path,
    reader: Reader<fs::File>,
    place: LogPlace,
) -> Result<Cut, FolderError> {
    let cut = cut(reader, place.entry).map_err(FolderError::log(path))?;
    if cut.entries != place.entry {
        if let Some(source) = cut.wrong {
            return Err(FolderError::Log { path: path.to_owned(), source });
        }
        let why = format!("it has {} entries of the checkpoint's {}", cut.entries, place.entry);
        return Err(FolderError::foreign(path, why));
    }
    if cut.head != place.head {
        let why = format!("its head at entry {} is not the checkpoint's", place.entry);
        return Err(FolderError::foreign(path, why));
    }
    Ok(cut)
}

/// The same as a job; nothing for a log that ends there.
fn cut_at(
    path: PathBuf,
    reader: Reader<fs::File>,
    place: LogPlace,
) -> Result<Option<Job>, FolderError> {
    let cut = cut_checked(&path, reader, place)?;
    let len = fs::metadata(&path).map_err(FolderError::io(&path))?.len();
    let tail = files::read_if_there(&tail_path(&path), cut.tail.len())?.unwrap_or_default();
    let is_there = len == cut.log_bytes && tail == cut.tail;
    Ok((!is_there).then_some(Job::Cut(path, cut)))
}

/// The markets in which a checkpoint stands.
fn places(checkpoint: &Checkpoint) -> impl Iterator<Item = (MarketId, LogPlace)> {
    let numbered = (0..).zip(&checkpoint.environments);
    numbered.map(|(environment, it)| (MarketId { environment, life: it.life }, it.log))
}

/// Whether a market began after a checkpoint.
fn is_later(checkpoint: &Checkpoint, id: MarketId) -> bool {
    let index = usize::try_from(id.environment).unwrap_or(usize::MAX);
    checkpoint.environments.get(index).is_none_or(|it| it.life < id.life)
}
