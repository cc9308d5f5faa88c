//! Why a run directory cannot be made, read or gone on with.

use std::io;
use std::path::{Path, PathBuf};

use replay::{LogError, PlayError};

use crate::checkpoint::CheckpointError;
use crate::config::ConfigError;
use crate::folder::manifest::{ManifestError, MarketId};

/// Why a run directory cannot be made, read or gone on with. Each names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Something is there already.
    #[error("{}: exists already", .0.display())]
    Exists(PathBuf),
    /// There is no run.
    #[error("{}: there is no run: {source}", path.display())]
    Absent {
        /// Where.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A folder, or something else that is no run.
    #[error("{}: is no regular file", .0.display())]
    NoFile(PathBuf),
    /// It cannot be created.
    #[error("{}: cannot be created: {source}", path.display())]
    CannotCreate {
        /// What.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The device failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Somebody else writes it.
    #[error("{}: another process is writing this run", .0.display())]
    Busy(PathBuf),
    /// The manifest cannot be read.
    #[error("{}: {source}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ManifestError,
    },
    /// The configuration cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A checkpoint cannot be read.
    #[error("{}: {source}", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// Why.
        source: CheckpointError,
    },
    /// There is no checkpoint of that update.
    #[error("{}: no checkpoint of update {update}; there are: {}", path.display(), listed(there))]
    NoCheckpoint {
        /// The run.
        path: PathBuf,
        /// The update.
        update: u64,
        /// Updates of which there is one.
        there: Vec<u64>,
    },
    /// A file that another run, or nobody, wrote.
    #[error("{}: does not belong to this run: {why}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What differs.
        why: String,
    },
    /// A log cannot be read or written.
    #[error("{}: {source}", path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// Why.
        source: LogError,
    },
    /// A log does not replay.
    #[error("{}: {source}", path.display())]
    Play {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PlayError,
    },
    /// A log that was not kept.
    #[error("the log of market {0} was not kept: only its head is known")]
    NotKept(MarketId),
    /// A run that is over.
    #[error("{}: the run {state} and cannot be gone on with", path.display())]
    Over {
        /// The run.
        path: PathBuf,
        /// How it ended.
        state: &'static str,
    },
}

/// What kind of trouble it is: what exit codes tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is there already, or cannot be created.
    CannotCreate,
    /// It is not there.
    Absent,
    /// The device failed.
    Device,
    /// Somebody else is at it.
    Busy,
    /// What was asked for makes no sense.
    Usage,
    /// It is damaged, or somebody else's.
    Damaged,
}

impl FolderError {
    /// What kind of trouble this is.
    pub const fn trouble(&self) -> Trouble {
        match self {
            Self::Exists(_) | Self::CannotCreate { .. } => Trouble::CannotCreate,
            Self::Absent { .. } | Self::NoFile(_) | Self::NotKept(_) => Trouble::Absent,
            Self::Io { .. } => Trouble::Device,
            Self::Busy(_) => Trouble::Busy,
            Self::Config(_) | Self::NoCheckpoint { .. } | Self::Over { .. } => Trouble::Usage,
            Self::Manifest { .. }
            | Self::Checkpoint { .. }
            | Self::Foreign { .. }
            | Self::Log { .. }
            | Self::Play { .. } => Trouble::Damaged,
        }
    }

    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn log(path: &Path) -> impl Fn(LogError) -> Self {
        move |source| Self::Log { path: path.to_owned(), source }
    }

    pub(crate) fn foreign(path: &Path, why: impl Into<String>) -> Self {
        Self::Foreign { path: path.to_owned(), why: why.into() }
    }
}

fn listed(updates: &[u64]) -> String {
    if updates.is_empty() {
        return "none".to_owned();
    }
    let updates: Vec<_> = updates.iter().map(u64::to_string).collect();
    updates.join(", ")
}
