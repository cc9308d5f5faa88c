//! Logs made out of something else appear whole or not at all.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use cli::{Exit, Failure, NewLog, tail_path};

/// Names in a folder, in order, joined by spaces.
fn names(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names.join(" ")
}

#[track_caller]
fn refused(result: Result<NewLog, Failure>) -> Exit {
    result.err().expect("a refusal").exit
}

/// A new log with this content, not committed.
fn fill(path: &Path, force: bool, tail: &str) -> NewLog {
    let new = NewLog::create(path, force).unwrap();
    new.log().unwrap().write_all(b"log").unwrap();
    new.tail().unwrap().write_all(tail.as_bytes()).unwrap();
    new
}

#[test]
fn nothing_is_left_of_a_new_log_that_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.log");
    let new = fill(&path, false, "tail");
    assert!(!path.exists() && !tail_path(&path).exists(), "no final name before the commit");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    drop(new);
    assert_eq!(names(folder.path()), "");
}

#[test]
fn a_committed_log_has_its_names_and_an_empty_tail_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.log");
    fill(&path, false, "tail").commit().unwrap();
    assert_eq!(names(folder.path()), "new.log new.log.tail");
    assert_eq!(fs::read(tail_path(&path)).unwrap(), b"tail");
    let other = folder.path().join("other.log");
    fill(&other, false, "").commit().unwrap();
    assert_eq!(names(folder.path()), "new.log new.log.tail other.log");
}

#[test]
fn only_force_replaces_a_log_and_its_old_tail_goes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.log");
    fs::write(&path, "old").unwrap();
    fs::write(tail_path(&path), "old").unwrap();
    assert_eq!(refused(NewLog::create(&path, false)), Exit::CannotCreate);
    drop(fill(&path, true, ""));
    assert_eq!(fs::read(&path).unwrap(), b"old", "nothing goes before the commit");
    assert_eq!(fs::read(tail_path(&path)).unwrap(), b"old");
    fill(&path, true, "").commit().unwrap();
    assert_eq!((names(folder.path()), fs::read(&path).unwrap()), ("day.log".into(), b"log".into()));
}

#[test]
fn a_tail_alone_is_not_replaced_without_force() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.log");
    fs::write(tail_path(&path), "mine").unwrap();
    assert_eq!(refused(NewLog::create(&path, false)), Exit::CannotCreate);
    assert_eq!(fs::read(tail_path(&path)).unwrap(), b"mine");
}

#[test]
fn a_log_that_is_being_written_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.log");
    let writer = File::create_new(&path).unwrap();
    writer.try_lock().unwrap();
    assert_eq!(refused(NewLog::create(&path, true)), Exit::TryAgain);
    drop(writer);
    let new = fill(&path, true, "");
    let late = File::open(&path).unwrap();
    assert!(late.try_lock().is_err(), "nor does anybody start to write it meanwhile");
    new.commit().unwrap();
}

#[test]
fn folders_devices_and_missing_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(NewLog::create(folder.path(), true)), Exit::CannotCreate);
    if cfg!(unix) {
        assert_eq!(refused(NewLog::create(Path::new("/dev/null"), true)), Exit::CannotCreate);
    }
    let lost = NewLog::create(&folder.path().join("no/day.log"), false).unwrap();
    let failure = lost.log().expect_err("no folder");
    assert_eq!(failure.exit, Exit::CannotCreate);
    assert!(!failure.message.contains("partial"), "{}", failure.message);
}
