//! `replay import`: logs out of files of other formats.

mod csv;
mod lobster;

use std::fs::File;
use std::path::Path;

use cli::{Exit, Failure, NewLog, Progress};
use kernel::Venue;
use replay::recorder::Finished;
use replay::{Entry, Genesis, Recorder, SyncPolicy};
use serde_json::{Value, json};

use super::tally::Tally;
use super::{print, print_json, table};
use crate::args::{Import, ImportTo};

pub(crate) fn run(args: &Import) -> Result<Exit, Failure> {
    match args {
        Import::Lobster(args) => lobster::run(args),
        Import::Csv(args) => csv::run(args),
    }
}

/// A log being imported, with counts.
struct Importing {
    new: NewLog,
    recorder: Recorder<File>,
    tally: Tally,
    progress: Progress,
}

impl Importing {
    fn start(to: &ImportTo, genesis: &Genesis) -> Result<Self, Failure> {
        let new = NewLog::create(&to.output, to.force)?;
        let (log, tail) = (new.log()?, new.tail()?);
        // Nothing is acknowledged before the whole import is durable.
        let recorder = Recorder::create(genesis, log, tail, SyncPolicy::None);
        let recorder = recorder.map_err(|error| Failure::log(&to.output, &error))?;
        let progress = Progress::new("importing", 0);
        Ok(Self { new, recorder, tally: Tally::default(), progress })
    }

    fn take(&mut self, path: &Path, entry: &Entry) -> Result<(), Failure> {
        let events = self.recorder.take(entry).map_err(|error| Failure::log(path, &error))?;
        self.tally.count(entry, events);
        self.progress.at(self.recorder.entries());
        Ok(())
    }

    fn engine(&self) -> &kernel::Engine {
        self.recorder.engine()
    }

    /// Makes the log durable under its final name and tells what it holds.
    fn finish(
        self,
        to: &ImportTo,
        extra: &[(&'static str, String)],
        extra_json: &Value,
    ) -> Result<Exit, Failure> {
        drop(self.progress);
        let finished = self.recorder.finish();
        let Finished { entries, head, seal, state } =
            finished.map_err(|error| Failure::log(&to.output, &error))?;
        self.new.commit()?;
        cli::write_note(&to.output)?;
        if to.json {
            print_json(&json!({
                "schema": "replay.import/1",
                "log": to.output.display().to_string(),
                "entries": entries,
                "head": head.to_string(),
                "seal": seal.to_string(),
                "state": state.to_string(),
                "counts": self.tally.json(),
                "source": extra_json,
            }))?;
        } else {
            let mut rows = vec![
                ("log", to.output.display().to_string()),
                ("entries", entries.to_string()),
                ("head", head.to_string()),
                ("seal", seal.to_string()),
                ("state", state.to_string()),
            ];
            rows.extend(self.tally.rows());
            rows.extend(extra.iter().cloned());
            print(&table(&rows))?;
        }
        Ok(Exit::Ok)
    }
}
