//! Whether the files of a run are what MANIFEST and `train.log` say.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use cli::{Failure, Interrupt, Progress};
use replay::{Digest, Player, Reader};
use runs::folder::{FolderError, LogEnd, State};
use runs::train_log::parent_of;

use crate::keeper::failure;
use crate::past::{Past, digests};

/// What replaying came to.
pub(super) struct Replayed {
    pub(super) state: &'static str,
    /// Of `train.log`, behind the last entry.
    pub(super) head: Digest,
    /// Logs that were replayed.
    pub(super) markets: usize,
    /// Markets of which only heads were kept.
    pub(super) dropped: usize,
    /// Entries of the logs.
    pub(super) entries: u64,
    pub(super) checkpoints: usize,
    /// What does not fit, in words.
    pub(super) wrong: Vec<String>,
}

/// Heads that a log must have, by the number of the entry.
type Heads = BTreeMap<u64, Digest>;

/// Replays all logs of a run, and reads all its checkpoints.
///
/// # Errors
/// Exit 130; 65 and 74 for what cannot be read.
pub(super) fn replayed(past: &Past, interrupt: &Interrupt) -> Result<Replayed, Failure> {
    let manifest = past.run.manifest();
    let mut found = Replayed {
        state: match manifest.state {
            State::Running => "running or interrupted",
            State::Finished => "finished",
            State::Failed(_) => "failed",
        },
        head: Digest::ZERO,
        markets: 0,
        dropped: manifest.markets.values().filter(|it| !it.is_kept).count(),
        entries: 0,
        checkpoints: 0,
        wrong: Vec::new(),
    };
    let mut heads = BTreeMap::new();
    let mut of_train = Heads::new();
    for update in manifest.checkpoints.keys() {
        interrupt.check()?;
        match past.run.checkpoint(*update) {
            Ok(checkpoint) => {
                found.checkpoints += 1;
                of_train.insert(checkpoint.train_log.entry, checkpoint.train_log.head);
                for (environment, place) in (0_u32..).zip(&checkpoint.environments) {
                    let of_market: &mut Heads = heads.entry((environment, place.life)).or_default();
                    of_market.insert(place.log.entry, place.log.head);
                }
                let told = past.record(*update).map(|it| &it.gradient);
                let learned = digests(past.run.config(), &checkpoint)?;
                let is_told = told.is_some_and(|told| {
                    // Types that learn only since a fork have no weights in updates before it.
                    let of_parent = joined(past, *update);
                    learned.iter().all(|(kind, it)| match told.get(kind) {
                        Some(told) => told == it,
                        None => of_parent,
                    })
                });
                if !is_told {
                    found.wrong.push(format!(
                        "checkpoint {update}: its weights are not those that train.log tells"
                    ));
                }
            }
            Err(error) => found.take(error)?,
        }
    }
    found.replay_train_log(past, &of_train)?;
    found.replay_markets(past, &heads, interrupt)?;
    if manifest.state == State::Finished {
        let strays = past.run.strays().map_err(failure)?;
        found
            .wrong
            .extend(strays.iter().map(|name| format!("{name}: MANIFEST knows no such file")));
    }
    Ok(found)
}

/// Whether an update is the one with which a fork begins.
fn joined(past: &Past, update: u64) -> bool {
    matches!(parent_of(&past.log.genesis), Ok(Some(parent)) if parent.update == update)
}

impl Replayed {
    /// What is wrong with a file is told with the others; what fails otherwise ends it all.
    fn take(&mut self, error: FolderError) -> Result<(), Failure> {
        let is_of_device = matches!(error, FolderError::Io { .. });
        let failure = failure(error);
        if is_of_device {
            return Err(failure);
        }
        self.wrong.push(failure.message);
        Ok(())
    }

    fn replay_train_log(&mut self, past: &Past, heads: &Heads) -> Result<(), Failure> {
        let path = past.run.train_log_path();
        let reader = past.run.train_log().map_err(failure)?;
        let mut heads = heads.clone();
        if let Ok(Some(parent)) = parent_of(&past.log.genesis)
            && let Some(at) = past.run.checkpoint(parent.update).ok().map(|it| it.train_log)
            && at.head != parent.head
        {
            self.wrong.push(format!(
                "train.log: its head behind update {} is not the parent's",
                parent.update
            ));
        }
        let end = past.run.manifest().train;
        heads.insert(end.entries, end.head);
        self.head = match replay(reader, &path, &heads, end) {
            Ok((_, head)) => head,
            Err(wrong) => {
                self.wrong.push(wrong);
                Digest::ZERO
            }
        };
        Ok(())
    }

    fn replay_markets(
        &mut self,
        past: &Past,
        heads: &BTreeMap<(u32, u32), Heads>,
        interrupt: &Interrupt,
    ) -> Result<(), Failure> {
        let markets = &past.run.manifest().markets;
        let kept: Vec<_> = markets.iter().filter(|(_, log)| log.is_kept).collect();
        let mut progress = Progress::new("replaying", kept.len() as u64);
        for (done, (id, log)) in (1..).zip(kept) {
            interrupt.check()?;
            let path = past.run.market_path(*id);
            match past.run.market(*id) {
                Ok(reader) => {
                    let mut heads =
                        heads.get(&(id.environment, id.life)).cloned().unwrap_or_default();
                    heads.insert(log.end.entries, log.end.head);
                    match replay(reader, &path, &heads, log.end) {
                        Ok((entries, _)) => {
                            self.markets += 1;
                            self.entries += entries;
                        }
                        Err(wrong) => self.wrong.push(wrong),
                    }
                }
                Err(error) => self.take(error)?,
            }
            progress.say(done, &format!("market {id}"));
        }
        Ok(())
    }
}

/// Replays a log and compares its heads, and its end where that is known; returns entries and head.
fn replay(
    reader: Reader<File>,
    path: &Path,
    heads: &Heads,
    end: LogEnd,
) -> Result<(u64, Digest), String> {
    let name = path.display();
    let mut player = Player::new(reader).map_err(|error| format!("{name}: {error}"))?;
    while player.advance().map_err(|error| format!("{name}: {error}"))?.is_some() {
        let number = player.number();
        if let Some(head) = heads.get(&number)
            && player.head() != *head
        {
            return Err(format!(
                "{name}: its head at entry {number} is not what MANIFEST or a \
                                checkpoint knows"
            ));
        }
    }
    let summary = player.summary();
    let last = heads.keys().next_back().copied().unwrap_or(0);
    if summary.entries < last {
        return Err(format!("{name}: it ends with entry {}, before {last}", summary.entries));
    }
    if let Some(seal) = end.seal
        && (summary.entries, summary.seal) != (end.entries, seal)
    {
        let entries = summary.entries;
        return Err(format!("{name}: its end at entry {entries} is not what MANIFEST knows"));
    }
    Ok((summary.entries, summary.head))
}
