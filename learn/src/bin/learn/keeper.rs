//! Market logs in the directory of a run.

use std::fs::File;
use std::io::Take;

use cli::{Exit, Failure};
use learn::trainer::{Keeper, Nowhere};
use replay::recorder::Finished;
use replay::{Genesis, Player, Reader, Recorder, SyncPolicy};
use runs::checkpoint::Environment;
use runs::folder::{FolderError, MarketId, Run, Trouble, Writer};

/// Keeps market logs in a directory, and what MANIFEST says of them.
#[derive(Debug)]
pub(crate) struct FolderKeeper {
    pub(crate) writer: Writer,
}

impl Keeper for FolderKeeper {
    type Medium = File;
    type Source = File;

    fn begin(
        &mut self,
        environment: u32,
        life: u32,
        genesis: &Genesis,
    ) -> Result<Recorder<File>, String> {
        self.writer.create_market(MarketId { environment, life }, genesis).map_err(words)
    }

    fn ended(&mut self, environment: u32, life: u32, end: &Finished) -> Result<(), String> {
        self.writer.end_market(MarketId { environment, life }, *end);
        Ok(())
    }

    fn read(&mut self, environment: u32, life: u32) -> Result<Reader<File>, String> {
        self.writer.market(MarketId { environment, life }).map_err(words)
    }

    fn resume(
        &mut self,
        environment: u32,
        life: u32,
        played: Player<File>,
    ) -> Result<Recorder<File>, String> {
        let path = self.writer.market_path(MarketId { environment, life });
        self.writer.resume_log(&path, played).map_err(words)
    }
}

/// Reads the markets of a run as far as a checkpoint, and keeps heads and seals of what is made anew.
#[derive(Debug)]
pub(crate) struct Replica {
    run: Run,
    environments: Vec<Environment>,
    /// How each life's log ended.
    pub(crate) ends: Vec<(MarketId, Finished)>,
}

impl Replica {
    /// * `environments` - where the run stands when it is gone on with; none for its start.
    pub(crate) const fn new(run: Run, environments: Vec<Environment>) -> Self {
        Self { run, environments, ends: Vec::new() }
    }
}

impl Keeper for Replica {
    type Medium = Nowhere;
    type Source = Take<File>;

    fn begin(&mut self, _: u32, _: u32, genesis: &Genesis) -> Result<Recorder<Nowhere>, String> {
        Recorder::create(genesis, Nowhere, Nowhere, SyncPolicy::None)
            .map_err(|error| error.to_string())
    }

    fn ended(&mut self, environment: u32, life: u32, end: &Finished) -> Result<(), String> {
        self.ends.push((MarketId { environment, life }, *end));
        Ok(())
    }

    fn read(&mut self, environment: u32, life: u32) -> Result<Reader<Take<File>>, String> {
        let id = MarketId { environment, life };
        let index = usize::try_from(environment).unwrap_or(usize::MAX);
        let place = self.environments.get(index).filter(|it| it.life == life);
        let place = place.ok_or_else(|| format!("the checkpoint has no market {id}"))?;
        self.run.market_until(id, place.log).map_err(words)
    }

    fn resume(
        &mut self,
        _: u32,
        _: u32,
        played: Player<Take<File>>,
    ) -> Result<Recorder<Nowhere>, String> {
        Recorder::resume(played, Nowhere, Nowhere, SyncPolicy::None)
            .map_err(|error| error.to_string())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn words(error: FolderError) -> String {
    error.to_string()
}

/// What is wrong with a run's directory, with its exit code.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(crate) fn failure(error: FolderError) -> Failure {
    let exit = match error.trouble() {
        Trouble::CannotCreate => Exit::CannotCreate,
        Trouble::Absent => Exit::NoInput,
        Trouble::Device => Exit::Io,
        Trouble::Busy => Exit::TryAgain,
        Trouble::Usage => Exit::Usage,
        Trouble::Damaged => Exit::Damaged,
    };
    let failure = Failure::new(exit, error.to_string());
    if matches!(error, FolderError::Exists(_)) {
        return failure.with_hint("give another -o; a run is never overwritten");
    }
    if matches!(error, FolderError::NotKept(_)) {
        return failure.with_hint(
            "only a run with train.keep_logs=all can go back to any checkpoint; one with `last` to \
             those whose lives still go on",
        );
    }
    if matches!(error, FolderError::Foreign { .. }) {
        return failure.with_hint(
            "learn verify RUN tells what is whole; learn rewind goes back to an earlier checkpoint",
        );
    }
    if matches!(error, FolderError::Manifest { .. }) {
        return failure.with_hint("a run's logs stay readable without it: replay verify");
    }
    failure
}
