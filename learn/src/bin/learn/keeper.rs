//! Market logs in the directory of a run.

use std::fs::File;

use cli::{Exit, Failure};
use learn::trainer::Keeper;
use replay::recorder::Finished;
use replay::{Genesis, Player, Reader, Recorder};
use runs::folder::{FolderError, MarketId, Writer};

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

fn words(error: FolderError) -> String {
    error.to_string()
}

/// What is wrong with a run's directory, with its exit code.
pub(crate) fn failure(error: FolderError) -> Failure {
    let exit = match &error {
        FolderError::Exists(_) | FolderError::CannotCreate { .. } => Exit::CannotCreate,
        FolderError::Absent { .. } | FolderError::NoFile(_) | FolderError::NotKept(_) => {
            Exit::NoInput
        }
        FolderError::Io { .. } => Exit::Io,
        FolderError::Busy(_) => Exit::TryAgain,
        FolderError::Config(_) | FolderError::NoCheckpoint { .. } | FolderError::Over { .. } => {
            Exit::Usage
        }
        _ => Exit::Damaged,
    };
    Failure::new(exit, error.to_string())
}
