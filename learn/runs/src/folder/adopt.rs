//! What a run takes over from another one: its markets and figures up to a checkpoint.

use std::fs::{self, File};
use std::io::{self, Read, Take, Write};

use replay::{ReadLimits, Reader};

use crate::checkpoint::{Environment, LogPlace};
use crate::folder::rewind::cut_checked;
use crate::folder::{FolderError, MarketId, Run, Writer, files, open_at, tail_path};
use crate::{metrics, tensorboard};

impl Run {
    /// The first entries of a market's log as a log of their own.
    ///
    /// # Errors
    /// As [`Run::market`]; [`FolderError::Foreign`] for a log that has not this place.
    pub fn market_until(
        &self,
        id: MarketId,
        place: LogPlace,
    ) -> Result<Reader<Take<File>>, FolderError> {
        let path = self.market_path(id);
        let cut = cut_checked(&path, self.market(id)?, place)?;
        let log = files::open(&path)?.take(cut.log_bytes);
        Reader::open(log, cut.tail, ReadLimits::NONE).map_err(FolderError::log(&path))
    }

    /// Names of files that lie where logs and checkpoints do, and that MANIFEST does not know.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn strays(&self) -> Result<Vec<String>, FolderError> {
        let mut strays = Vec::new();
        for name in files::names(&self.root().join("markets"))? {
            let log = name.strip_suffix(".tail").unwrap_or(&name);
            let id = log.strip_suffix(".log").and_then(|id| id.parse::<MarketId>().ok());
            let known = id.and_then(|id| self.manifest().markets.get(&id));
            if known.is_none_or(|it| !it.is_kept) {
                strays.push(format!("markets/{name}"));
            }
        }
        for name in files::names(&self.root().join("checkpoints"))? {
            let at = name.strip_suffix(".safetensors").and_then(|at| at.parse::<u64>().ok());
            let is_known = at.is_some_and(|at| {
                self.manifest().checkpoints.contains_key(&at)
                    && self.checkpoint_path(at).ends_with(&name)
            });
            if !is_known {
                strays.push(format!("checkpoints/{name}"));
            }
        }
        Ok(strays)
    }
}

impl Writer {
    /// Takes over all markets of another run up to where a checkpoint of it stands: lives that had
    /// ended by then whole, those that go on up to there. Of logs that were not kept, their heads.
    ///
    /// # Errors
    /// [`FolderError::NotKept`] for a market that goes on and has no log; [`FolderError::Foreign`] for
    /// one that has not these places; [`FolderError::Exists`], [`FolderError::Io`].
    pub fn adopt_markets(
        &mut self,
        parent: &Run,
        environments: &[Environment],
    ) -> Result<(), FolderError> {
        for (id, known) in &parent.manifest().markets {
            let index = usize::try_from(id.environment).unwrap_or(usize::MAX);
            let Some(place) = environments.get(index).filter(|it| id.life <= it.life) else {
                continue;
            };
            let mut log = *known;
            if id.life == place.life {
                log.end = open_at(place.log);
                self.adopt_market(parent, *id, Some(place.log))?;
            } else if known.is_kept {
                self.adopt_market(parent, *id, None)?;
            }
            self.run.manifest.markets.insert(*id, log);
        }
        Ok(())
    }

    /// Copies a market's log, or its first entries.
    fn adopt_market(
        &self,
        parent: &Run,
        id: MarketId,
        place: Option<LogPlace>,
    ) -> Result<(), FolderError> {
        let (from, to) = (parent.market_path(id), self.market_path(id));
        let (bytes, tail) = if let Some(place) = place {
            let cut = cut_checked(&from, parent.market(id)?, place)?;
            (cut.log_bytes, cut.tail)
        } else {
            // Its end is compared with what MANIFEST knows.
            parent.market_archive(id)?;
            (fs::metadata(&from).map_err(FolderError::io(&from))?.len(), Vec::new())
        };
        let mut log = files::create_new(&to)?;
        io::copy(&mut files::open(&from)?.take(bytes), &mut log).map_err(FolderError::io(&to))?;
        log.sync_all().map_err(FolderError::io(&to))?;
        if place.is_some() {
            let path = tail_path(&to);
            let written = files::create_new(&path)?;
            let written = (&written).write_all(&tail).and_then(|()| written.sync_all());
            written.map_err(FolderError::io(&path))?;
        }
        Ok(())
    }

    /// Takes over the figures of another run's updates up to this one.
    ///
    /// # Errors
    /// [`FolderError::Foreign`] for files that hold something else; [`FolderError::Io`].
    pub fn adopt_figures(&self, parent: &Run, update: u64) -> Result<(), FolderError> {
        let path = parent.metrics_path();
        if let Some(bytes) = files::read_if_there(&path, metrics::BYTES_MAX)? {
            let rows = metrics::until(&bytes, update);
            let rows = rows.map_err(|error| FolderError::foreign(&path, error.to_string()))?;
            files::replace(&self.metrics_path(), rows)?;
        }
        let path = parent.events_path();
        if let Some(bytes) = files::read_if_there(&path, tensorboard::BYTES_MAX)? {
            let events = tensorboard::until(&bytes, update);
            let events = events.map_err(|error| FolderError::foreign(&path, error.to_string()))?;
            files::replace(&self.events_path(), events)?;
        }
        Ok(())
    }
}
