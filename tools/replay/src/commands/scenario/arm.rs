//! One run of a market: recorded, then replayed and measured.

use std::path::{Path as FilePath, PathBuf};

use agents::{Config, Ecology};
use cli::{Exit, Failure, NewLog};
use replay::{Digest, Player, ReadLimits, Recorder, SyncPolicy};

use super::path::{Path, Watch};
use crate::commands::pool::Pace;
use crate::commands::simulate;

/// A market of which every seed has a run.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    /// Part of its logs' names.
    pub(super) name: String,
    pub(super) preset: String,
    pub(super) config: Config,
}

/// A run.
pub(super) struct Run {
    pub(super) path: Path,
    pub(super) entries: u64,
    pub(super) head: Digest,
    /// Its log, under a temporary name; `None` if it is not kept.
    pub(super) log: Option<NewLog>,
}

/// Where logs are put.
#[derive(Clone, Debug)]
pub(super) enum Store {
    /// Here, to stay.
    Kept(PathBuf),
    /// Here, as long as they are read.
    Passing(PathBuf),
}

/// Steps between two looks at whether to go on.
const PACE: u64 = 512;

impl Arm {
    /// The name of the log of a seed.
    pub(super) fn file(&self, seed: u64) -> String {
        format!("{seed}-{}.log", self.name)
    }

    /// Records the run of a seed, replays it, and measures what the log tells.
    ///
    /// # Errors
    /// `None` when other work failed. Exit 3 when recording and replay disagree, 73 and 74 of files.
    pub(super) fn run(
        &self,
        seed: u64,
        store: &Store,
        pace: &Pace<'_>,
    ) -> Result<Run, Option<Failure>> {
        let file = match store {
            Store::Kept(folder) => folder.join(self.file(seed)),
            Store::Passing(folder) => folder.join(format!("replay-scenario-{}", self.file(seed))),
        };
        let log = NewLog::create(&file, false)?;
        let genesis = simulate::genesis(&self.config, &self.preset, seed);
        let fail = |error| Failure::log(&file, &error);
        let recorder = Recorder::create(&genesis, log.log()?, log.tail()?, SyncPolicy::None);
        let mut recorder = recorder.map_err(fail)?;
        let mut ecology = Ecology::new(&self.config, seed);
        while ecology.steps() < self.config.steps() {
            ecology.step(&mut recorder).map_err(fail)?;
            if ecology.steps().is_multiple_of(PACE) {
                pace.advance(PACE)?;
            }
        }
        let finished = recorder.finish().map_err(fail)?;
        let (path, head) = self.replay(log.partial(), pace)?;
        if head != finished.head {
            let message = format!("{}: recording and replay disagree", file.display());
            return Err(Some(Failure::new(Exit::Nondeterministic, message)));
        }
        let log = matches!(store, Store::Kept(_)).then_some(log);
        Ok(Run { path, entries: finished.entries, head, log })
    }

    /// Replays a log and checks it on the way.
    fn replay(&self, file: &FilePath, pace: &Pace<'_>) -> Result<(Path, Digest), Option<Failure>> {
        let reader = cli::open_log(file, ReadLimits::DEFAULT)?;
        let mut player = Player::new(reader).map_err(|error| Failure::log(file, &error))?;
        let mut watch = Watch::new(self.config.price());
        while let Some(moment) = player.advance().map_err(|error| Failure::play(file, &error))? {
            watch.observe(&moment);
            if moment.closes.is_some() {
                pace.advance(0)?;
            }
        }
        Ok((watch.finish(), player.summary().head))
    }
}
