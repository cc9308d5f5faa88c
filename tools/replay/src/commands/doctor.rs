//! `replay doctor`: what is wrong with a log, and what to do.

mod advice;
mod beside;
mod json;
mod words;

use std::fs::TryLockError;

use cli::{Exit, Failure, Interrupt, Progress};
use replay::doctor::{Diagnosis, diagnose};
use replay::{PlayError, Source};

use super::{bytes_of, player, print, print_json, table};
use crate::args::Doctor;
use advice::Advice;
use beside::{Beside, LISTED_MAX};

/// Divergences that are listed; more are counted only.
const DIVERGED_LISTED_MAX: usize = 10;

/// Where a replay differs.
struct Replayed {
    /// Entries that were replayed.
    entries: u64,
    /// The first blocks that diverge, in words.
    diverged: Vec<String>,
    /// How many there are.
    count: u64,
    /// Why the replay could not begin.
    refused: Option<String>,
}

/// Everything that was found.
struct Findings<'a> {
    args: &'a Doctor,
    diagnosis: Diagnosis,
    is_busy: bool,
    beside: Vec<Beside>,
    replayed: Option<Replayed>,
    advice: Vec<Advice>,
}

pub(crate) fn run(args: &Doctor) -> Result<Exit, Failure> {
    Interrupt::at_once("replay");
    let path = &args.log.path;
    let (file, tail) = cli::open_source(path)?;
    let is_busy = matches!(file.file().try_lock_shared(), Err(TryLockError::WouldBlock));
    let mut progress = Progress::new("reading", file.size().unwrap_or(0));
    let diagnosis = diagnose(&file, &tail, |offset| progress.at(offset))
        .map_err(|error| Failure::log(path, &error))?;
    drop(progress);
    // A lock that is not needed any more is nobody's hindrance.
    let _ = file.file().unlock();
    let replayed = if args.replay && diagnosis.header.is_ok() { Some(replay(args)?) } else { None };
    let advice = advice::find(path, &diagnosis, is_busy);
    let beside = beside::find(path);
    let findings = Findings { args, diagnosis, is_busy, beside, replayed, advice };
    let printed =
        if args.json { print_json(&json::object(&findings)) } else { print(&findings.text()) };
    // What is wrong counts, whether somebody reads the rest or not.
    let exit = findings.exit();
    if exit == Exit::Ok { printed.map(|()| Exit::Ok) } else { Ok(exit) }
}

/// Replays as far as the log can be read, and lists where outcomes diverge.
fn replay(args: &Doctor) -> Result<Replayed, Failure> {
    let mut replayed = Replayed { entries: 0, diverged: Vec::new(), count: 0, refused: None };
    let mut player = match player(&args.log) {
        Ok(player) => player.collecting(),
        Err(failure) if failure.exit == Exit::Damaged => {
            replayed.refused = Some(failure.message);
            return Ok(replayed);
        }
        Err(failure) => return Err(failure),
    };
    let mut progress = Progress::new("replaying", bytes_of(player.reader()));
    loop {
        let is_border = match player.advance() {
            Ok(Some(moment)) => moment.closes.is_some(),
            // Damage is in the diagnosis.
            Ok(None) | Err(PlayError::Log(_)) => break,
            Err(error) => return Err(Failure::play(&args.log.path, &error)),
        };
        if is_border {
            progress.at(player.reader().offset());
            replayed.take(&player.take_divergences());
        }
    }
    replayed.take(&player.take_divergences());
    replayed.entries = player.number();
    Ok(replayed)
}

impl Replayed {
    fn take(&mut self, diverged: &[replay::Diverged]) {
        self.count += diverged.len() as u64;
        let room = DIVERGED_LISTED_MAX.saturating_sub(self.diverged.len());
        self.diverged.extend(diverged.iter().take(room).map(ToString::to_string));
    }

    fn text(&self) -> String {
        if let Some(refused) = &self.refused {
            return format!("not possible: {refused}");
        }
        if self.count == 0 {
            return format!("{} entries come out as recorded", self.entries);
        }
        format!("{} blocks diverge, of {} entries replayed", self.count, self.entries)
    }
}

impl Findings<'_> {
    fn is_refused(&self) -> bool {
        self.replayed.as_ref().is_some_and(|replayed| replayed.refused.is_some())
    }

    fn diverges(&self) -> bool {
        self.replayed.as_ref().is_some_and(|replayed| 0 < replayed.count)
    }

    fn exit(&self) -> Exit {
        match (self.diagnosis.is_healthy() && !self.is_refused(), self.diverges()) {
            (false, _) => Exit::Damaged,
            (true, true) => Exit::Differs,
            (true, false) => Exit::Ok,
        }
    }

    fn verdict(&self) -> String {
        let entries = self.diagnosis.entries();
        if self.diagnosis.is_healthy() && self.is_refused() {
            return format!("the chain of {entries} entries is whole, but it was not replayed");
        }
        match (self.diagnosis.is_healthy(), self.diverges()) {
            (false, _) => {
                format!("something is wrong; {entries} entries are good from the start on")
            }
            (true, true) => {
                format!("whole, {entries} entries, but this kernel does not do what was recorded")
            }
            (true, false) => format!("healthy, {entries} entries"),
        }
    }

    fn text(&self) -> String {
        let mut rows = vec![("log", self.verdict())];
        rows.extend(words::rows(&self.diagnosis));
        if self.is_busy {
            rows.push(("writer", "another process is writing it".to_owned()));
        }
        rows.extend(self.beside.iter().take(LISTED_MAX).map(
            |Beside { name, what, is_deletable }| {
                let may = if *is_deletable { "; may be deleted" } else { "" };
                ("beside", format!("{}: {what}{may}", name.escape_debug()))
            },
        ));
        if LISTED_MAX < self.beside.len() {
            rows.push(("beside", format!("{} more", self.beside.len() - LISTED_MAX)));
        }
        if let Some(replayed) = &self.replayed {
            rows.push(("replay", replayed.text()));
            rows.extend(replayed.diverged.iter().map(|text| ("replay", text.clone())));
        }
        for Advice { why, command } in &self.advice {
            rows.push(("advice", why.clone()));
            rows.extend(command.iter().map(|command| ("", format!("  {command}"))));
        }
        table(&rows)
    }
}
