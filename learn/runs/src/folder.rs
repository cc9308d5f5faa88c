//! The directory of a run. The only module here that opens paths.
//!
//! ```text
//! RUN/config.resolved.toml         the whole configuration; locked by the one who writes
//! RUN/MANIFEST                     what the run has come to
//! RUN/train.log                    its updates
//! RUN/metrics.jsonl                the same figures for people and programs
//! RUN/events.out.tfevents.run      and for TensorBoard
//! RUN/markets/003-0002.log         environment 3, life 2
//! RUN/checkpoints/000010.safetensors
//! RUN/aside/1/…                    what a resume or a rewind took out of the way
//! ```
//!
//! A name that is opened is one of these, never one that a file holds. MANIFEST knows the digest of
//! every checkpoint and the genesis of every market, so what another run wrote is refused by name.

use std::fs::File;
use std::path::{Path, PathBuf};

use replay::{Archive, Digest, ReadLimits, Reader};

use crate::checkpoint::{Checkpoint, LogPlace};
use crate::config::{Config, Layers};

mod adopt;
mod error;
mod files;
pub mod manifest;
mod rewind;
mod writer;

pub use error::{FolderError, Trouble};
pub use manifest::{LogEnd, Manifest, ManifestError, MarketId, MarketLog, Reason, State};
pub use rewind::Rewound;
pub use writer::Writer;

use crate::{arrays, train_log};

/// A run that is looked at.
#[derive(Clone, Debug)]
pub struct Run {
    root: PathBuf,
    config: Config,
    manifest: Manifest,
}

/// What stands at the end of the name of a log's open block.
const TAIL: &str = ".tail";

impl Run {
    /// Opens a run: reads MANIFEST and configuration.
    ///
    /// # Errors
    /// [`FolderError::Absent`] where there is none; [`FolderError::Manifest`], [`FolderError::Config`];
    /// [`FolderError::Foreign`] for a configuration that is not the run's.
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        let path = root.join("MANIFEST");
        let bytes = files::read(&path, manifest::MANIFEST_BYTES_MAX)?;
        let manifest = Manifest::parse(&bytes)
            .map_err(|source| FolderError::Manifest { path: path.clone(), source })?;
        let path = config_path(root);
        let bytes = files::read(&path, crate::config::FILE_BYTES_MAX)?;
        let layers = Layers::new("maker")?.file(&path.display().to_string(), &bytes)?;
        let config = layers.resolve()?.config;
        if config.digest() != manifest.config || config.to_string().as_bytes() != bytes {
            return Err(FolderError::foreign(&path, "MANIFEST knows another configuration"));
        }
        Ok(Self { root: root.to_owned(), config, manifest })
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// What the run has come to.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// `train.log`
    pub fn train_log_path(&self) -> PathBuf {
        self.root.join("train.log")
    }

    /// `metrics.jsonl`
    pub fn metrics_path(&self) -> PathBuf {
        self.root.join("metrics.jsonl")
    }

    /// `TensorBoard`'s file: a name that it looks for, without time and host.
    pub fn events_path(&self) -> PathBuf {
        self.root.join("events.out.tfevents.run")
    }

    /// A market's log.
    pub fn market_path(&self, id: MarketId) -> PathBuf {
        self.root.join("markets").join(format!("{id}.log"))
    }

    /// A checkpoint.
    pub fn checkpoint_path(&self, update: u64) -> PathBuf {
        self.root.join("checkpoints").join(format!("{update:06}.safetensors"))
    }

    /// The last update of which there is a checkpoint.
    pub fn last_checkpoint(&self) -> Option<u64> {
        self.manifest.checkpoints.keys().next_back().copied()
    }

    /// Reads the checkpoint of an update. Its digest is compared before anything in it is read.
    ///
    /// # Errors
    /// [`FolderError::NoCheckpoint`] with those that there are; [`FolderError::Foreign`] for a file
    /// with another digest, or of another run or update; [`FolderError::Checkpoint`].
    pub fn checkpoint(&self, update: u64) -> Result<Checkpoint, FolderError> {
        let Some(digest) = self.manifest.checkpoints.get(&update) else {
            let there = self.manifest.checkpoints.keys().copied().collect();
            return Err(FolderError::NoCheckpoint { path: self.root.clone(), update, there });
        };
        let path = self.checkpoint_path(update);
        let bytes = files::read(&path, arrays::BYTES_MAX)?;
        if Checkpoint::digest(&bytes) != *digest {
            return Err(FolderError::foreign(&path, "damaged, or MANIFEST knows another file"));
        }
        let checkpoint = Checkpoint::decode(&bytes)
            .map_err(|source| FolderError::Checkpoint { path: path.clone(), source })?;
        if checkpoint.config != self.manifest.config {
            return Err(FolderError::foreign(&path, "it is of another configuration"));
        }
        if checkpoint.update != update {
            let why = format!("it is of update {}", checkpoint.update);
            return Err(FolderError::foreign(&path, why));
        }
        Ok(checkpoint)
    }

    /// Reads `train.log` from its start.
    ///
    /// # Errors
    /// [`FolderError::Absent`], [`FolderError::Log`]; [`FolderError::Foreign`] for one of another
    /// configuration.
    pub fn train_log(&self) -> Result<Reader<File>, FolderError> {
        let path = self.train_log_path();
        let reader = open_log(&path)?;
        train_log::check_genesis(&reader.header().genesis, &self.config)
            .map_err(|error| FolderError::foreign(&path, error.to_string()))?;
        Ok(reader)
    }

    /// Reads a market's log from its start.
    ///
    /// # Errors
    /// [`FolderError::NotKept`], [`FolderError::Absent`], [`FolderError::Log`];
    /// [`FolderError::Foreign`] for a log with another genesis.
    pub fn market(&self, id: MarketId) -> Result<Reader<File>, FolderError> {
        let known = self.known(id)?;
        let path = self.market_path(id);
        let reader = open_log(&path)?;
        self.check_market(&path, known, reader.header())?;
        Ok(reader)
    }

    /// Opens a market's log to go about in it, and compares its end with what MANIFEST knows, if
    /// that has it. Cost: the last block.
    ///
    /// # Errors
    /// As [`Run::market`]; [`FolderError::Foreign`] for a log with another end.
    pub fn market_archive(&self, id: MarketId) -> Result<Archive<std::rc::Rc<File>>, FolderError> {
        let known = self.known(id)?;
        let path = self.market_path(id);
        let (log, tail) = open_files(&path)?;
        let archive = Archive::open(std::rc::Rc::new(log), tail, ReadLimits::NONE);
        let archive = archive.map_err(FolderError::log(&path))?;
        self.check_market(&path, known, archive.header())?;
        let Some(seal) = known.end.seal else { return Ok(archive) };
        let last = archive.seal(archive.blocks()).map_err(FolderError::log(&path))?;
        if (archive.entries(), last) != (known.end.entries, seal) {
            let why = format!(
                "it ends with {} entries and seal {last}, MANIFEST knows {} and {seal}",
                archive.entries(),
                known.end.entries
            );
            return Err(FolderError::foreign(&path, why));
        }
        Ok(archive)
    }

    fn known(&self, id: MarketId) -> Result<&MarketLog, FolderError> {
        match self.manifest.markets.get(&id) {
            Some(known) if known.is_kept => Ok(known),
            Some(_) => Err(FolderError::NotKept(id)),
            None => {
                Err(FolderError::foreign(&self.market_path(id), "MANIFEST knows no such market"))
            }
        }
    }

    fn check_market(
        &self,
        path: &Path,
        known: &MarketLog,
        header: &replay::header::Header,
    ) -> Result<(), FolderError> {
        if header.seal == known.genesis {
            return Ok(());
        }
        let genesis = &header.genesis;
        if genesis.seed != known.seed {
            let why = format!("its seed is {}, that of the market {}", genesis.seed, known.seed);
            return Err(FolderError::foreign(path, why));
        }
        let mut parameters = self.config.market_parameters().into_iter();
        let differs = parameters.find(|(key, text)| genesis.parameters.get(key) != Some(text));
        let why = differs.map_or_else(
            || "its genesis is another one".to_owned(),
            |(key, text)| format!("its parameter `{key}` is not {text}"),
        );
        Err(FolderError::foreign(path, why))
    }
}

/// How far a log is at a place before its end.
const fn open_at(place: LogPlace) -> LogEnd {
    LogEnd { entries: place.entry, head: place.head, seal: None }
}

fn config_path(root: &Path) -> PathBuf {
    root.join("config.resolved.toml")
}

fn tail_path(log: &Path) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(TAIL);
    PathBuf::from(name)
}

fn open_log(path: &Path) -> Result<Reader<File>, FolderError> {
    let (log, tail) = open_files(path)?;
    Reader::open(log, tail, ReadLimits::NONE).map_err(FolderError::log(path))
}

/// A log and what its tail holds.
fn open_files(path: &Path) -> Result<(File, Vec<u8>), FolderError> {
    let log = files::open(path)?;
    let most = usize::try_from(replay::tail::TAIL_BYTES_MAX).unwrap_or(usize::MAX);
    let tail = files::read_if_there(&tail_path(path), most)?;
    Ok((log, tail.unwrap_or_default()))
}

/// What a log's header is known by.
pub(crate) fn genesis_seal(genesis: &replay::Genesis) -> Result<Digest, replay::LogError> {
    let bytes = replay::header::encode(genesis)?;
    let mut seal = Digest::ZERO;
    seal.0.copy_from_slice(bytes.split_at(bytes.len() - 32).1);
    Ok(seal)
}

#[cfg(test)]
mod tests;
