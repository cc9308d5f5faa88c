//! The file of finished forks: what an interrupted command goes on from.
//!
//! The first line is the question, every other one a fork that is done, in the order in which they
//! were. A line that was not written to its end is taken off; any other line that is wrong is damage.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cli::{Exit, Failure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::curve::Finished;
use super::outcome::First;
use super::question::{Question, Task};

/// Longest line that is read: more than any question needs.
const LINE_MAX: u64 = 1 << 22;

/// A finished fork as a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    entry: u64,
    number: u32,
    firsts: Vec<Option<First>>,
}

/// An open file of finished forks, held by this process alone.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    /// With the place where its last whole line ends; what was not written whole lies behind.
    file: Mutex<(File, u64)>,
}

impl Kept {
    /// Opens the file of a question and reads the forks that are done; makes it where there is none.
    ///
    /// * `tasks` - all forks that the question takes, ascending.
    /// * `force` - begins anew whatever the file holds.
    ///
    /// # Errors
    /// Exit 73 for a file of another question or of something else, 65 for a damaged one, 75 while
    /// another process has it.
    pub(super) fn open(
        path: &Path,
        (question, tasks): (&Question, &[Task]),
        force: bool,
    ) -> Result<(Self, Vec<Finished>), Failure> {
        let fail = |error: io::Error| Failure::io(path, &error);
        if path.exists() && !path.is_file() {
            let message = format!("{}: is not a regular file", path.display());
            return Err(Failure::new(Exit::CannotCreate, message));
        }
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| {
            Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display()))
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let message = format!("{}: another process is adding to it", path.display());
                return Err(Failure::new(Exit::TryAgain, message));
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(fail(error)),
        }
        if force {
            file.set_len(0).map_err(fail)?;
        }
        let (done, end) = read(&file, path, (question, tasks))?;
        file.set_len(end).map_err(fail)?;
        let kept = Self { path: path.to_owned(), file: Mutex::new((file, end)) };
        if end == 0 {
            kept.add_line(&question.header())?;
        }
        Ok((kept, done))
    }

    /// Adds a fork that is done.
    ///
    /// # Errors
    /// Exit 74 when the device fails.
    pub(super) fn add(&self, question: &Question, fork: &Finished) -> Result<(), Failure> {
        let Task { point, number } = fork.task;
        let Some(point) = question.points.get(point) else { return Ok(()) };
        let line = Line { entry: point.entry, number, firsts: fork.firsts.clone() };
        let Ok(line) = serde_json::to_value(line) else { return Ok(()) };
        self.add_line(&line)
    }

    fn add_line(&self, line: &Value) -> Result<(), Failure> {
        let mut held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, end) = &mut *held;
        let text = format!("{line}\n");
        let written =
            file.seek(SeekFrom::Start(*end)).and_then(|_| file.write_all(text.as_bytes()));
        written.map_err(|error| Failure::io(&self.path, &error))?;
        *end += text.len() as u64;
        Ok(())
    }

    /// Removes the file: what it holds stands elsewhere by now.
    ///
    /// # Errors
    /// Exit 74 when the device fails.
    pub(super) fn remove(self) -> Result<(), Failure> {
        std::fs::remove_file(&self.path).map_err(|error| Failure::io(&self.path, &error))
    }
}

/// The forks that a file holds, and where its last whole line ends.
fn read(
    file: &File,
    path: &Path,
    (question, tasks): (&Question, &[Task]),
) -> Result<(Vec<Finished>, u64), Failure> {
    let mut lines = Lines { file: BufReader::new(file), path, number: 0, end: 0 };
    let Some(header) = lines.next()? else { return Ok((Vec::new(), 0)) };
    let header: Option<Value> = serde_json::from_slice(&header).ok();
    let ours = question.header();
    match header {
        Some(header) if header == ours => {}
        Some(header) if header.get("schema") == ours.get("schema") => {
            return Err(another(path, &header, &ours));
        }
        Some(_) | None => {
            let message = format!("{}: holds something else than finished forks", path.display());
            let hint = "name another output, or let --force replace both files";
            return Err(Failure::new(Exit::CannotCreate, message).with_hint(hint));
        }
    }
    let mut done: Vec<Finished> = Vec::new();
    while let Some(line) = lines.next()? {
        let Some(fork) = fork(&line, question, tasks) else {
            let message = format!("{}: line {} is no fork of it", path.display(), lines.number);
            let hint = "--force begins anew";
            return Err(Failure::new(Exit::Damaged, message).with_hint(hint));
        };
        done.push(fork);
    }
    done.sort_by_key(|fork| fork.task);
    if done.windows(2).any(|pair| matches!(pair, [one, other] if one.task == other.task)) {
        let message = format!("{}: holds a fork twice", path.display());
        return Err(Failure::new(Exit::Damaged, message).with_hint("--force begins anew"));
    }
    Ok((done, lines.end))
}

/// A fork of a question; `None` for a line that is none.
fn fork(line: &[u8], question: &Question, tasks: &[Task]) -> Option<Finished> {
    let Line { entry, number, firsts } = serde_json::from_slice(line).ok()?;
    let place = question.points.binary_search_by_key(&entry, |point| point.entry).ok()?;
    let task = Task { point: place, number };
    let is_one = tasks.binary_search(&task).is_ok() && firsts.len() == question.outcomes.len();
    is_one.then_some(Finished { task, firsts })
}

/// A file that is the answer to another question: what differs.
fn another(path: &Path, theirs: &Value, ours: &Value) -> Failure {
    let words = [
        ("head", "log"),
        ("entries", "log"),
        ("when", "--when"),
        ("points", "points"),
        ("seeds", "--seeds"),
        ("seed", "--seed"),
    ];
    let differ = words.iter().filter(|(key, _)| theirs.get(key) != ours.get(key));
    let mut differ: Vec<_> = differ.map(|(_, word)| *word).collect();
    differ.dedup();
    let differ = differ.join(", ");
    let message = format!("{}: holds forks for another question: {differ}", path.display());
    let hint = "ask the same again to go on, name another output, or let --force begin anew";
    Failure::new(Exit::CannotCreate, message).with_hint(hint)
}

/// Whole lines of a file.
struct Lines<'a> {
    file: BufReader<&'a File>,
    path: &'a Path,
    number: u64,
    end: u64,
}

impl Lines<'_> {
    /// The next whole line, without its end; `None` behind the last, and for one that is torn.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut line = Vec::new();
        let read = self.file.by_ref().take(LINE_MAX).read_until(b'\n', &mut line);
        let read = read.map_err(|error| Failure::io(self.path, &error))?;
        if line.pop() != Some(b'\n') {
            // The first line of a file that nobody here wrote is nothing to take off.
            let is_foreign = self.number == 0 && !line.is_empty();
            return Ok(is_foreign.then_some(line));
        }
        self.number += 1;
        self.end += read as u64;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use replay::Digest;

    use super::*;
    use crate::commands::inevitable::question::Point;

    fn question() -> Question {
        Question {
            head: Digest::ZERO,
            entries: 90,
            outcomes: super::super::outcome::read(&["spread > 5".to_owned()]).unwrap(),
            points: vec![Point { entry: 10, step: 1 }, Point { entry: 20, step: 2 }],
            seeds: 2,
            seed: 42,
        }
    }

    fn done(point: usize, number: u32, first: Option<First>) -> Finished {
        Finished { task: Task { point, number }, firsts: vec![first] }
    }

    #[test]
    fn a_torn_line_is_taken_off_and_what_follows_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (path, question) = (folder.path().join("c.forks"), question());
        let tasks = [(0, 1), (0, 2), (1, 1), (1, 2)].map(|(point, number)| Task { point, number });
        let open = || Kept::open(&path, (&question, &tasks), false).unwrap();
        let all = [done(1, 2, Some(First { entry: 30, step: 3 })), done(0, 1, None)];
        let (kept, found) = open();
        assert_eq!(found, []);
        kept.add(&question, &all[0]).unwrap();
        drop(kept);
        let whole = fs::read(&path).unwrap();
        let second = r#"{"entry":10,"firsts":[null],"number":1}"#;
        let longer = r#"{"entry":10,"firsts":[{"entry":123456789,"step":12345678}"#;
        for torn in ["{", "\0\0\0", second, longer] {
            fs::write(&path, [&whole, torn.as_bytes()].concat()).unwrap();
            let (kept, found) = open();
            assert_eq!(found, all[..1], "{torn}");
            kept.add(&question, &all[1]).unwrap();
            drop(kept);
            let text = [&whole, second.as_bytes(), b"\n"].concat();
            assert_eq!(fs::read(&path).unwrap(), text, "{torn}");
            assert_eq!(open().1, [all[1].clone(), all[0].clone()]);
        }
        fs::write(&path, &whole[..7]).unwrap();
        let torn = Kept::open(&path, (&question, &tasks), false).unwrap_err();
        assert_eq!(torn.exit, Exit::CannotCreate, "not even a header: it may be anybody's");
        let (kept, found) = Kept::open(&path, (&question, &tasks), true).unwrap();
        assert_eq!(found, []);
        kept.remove().unwrap();
        assert!(!path.exists());
    }
}
