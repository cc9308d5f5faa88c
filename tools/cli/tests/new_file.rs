//! Files that appear whole or not at all, and what failures say.

use std::fs;
use std::io::{self, Write};

use cli::{Exit, Failure, NewFile, Output, open_input};

#[test]
fn a_file_has_its_name_only_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let mut file = NewFile::create(&path, false).unwrap();
    file.write_all(b"half").unwrap();
    file.flush().unwrap();
    assert!(!path.exists());
    file.write_all(b" and half").unwrap();
    file.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"half and half");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_is_dropped_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();
    let mut file = NewFile::create(&path, true).unwrap();
    file.write_all(b"new").unwrap();
    drop(file);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn only_force_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();
    let failure = NewFile::create(&path, false).expect_err("it exists");
    assert_eq!(failure.exit, Exit::CannotCreate);
    assert_eq!(
        failure.to_string(),
        format!("{}: exists already\n\nhint: --force replaces it", path.display())
    );
    let mut file = NewFile::create(&path, true).unwrap();
    file.write_all(b"new").unwrap();
    file.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

/// Two commands with one goal would take turns in one temporary file.
#[test]
fn a_temporary_name_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let first = NewFile::create(&path, false).unwrap();
    let second = NewFile::create(&path, false).expect_err("the name is taken");
    assert_eq!(second.exit, Exit::CannotCreate);
    first.commit().unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn output_goes_to_a_file_when_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let mut output = Output::open(Some(&path), false).unwrap();
    output.write_all(b"data").unwrap();
    assert!(!path.exists());
    output.finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"data");
}

#[test]
fn a_closed_pipe_is_no_failure_and_a_full_device_is() {
    let exit = |kind: io::ErrorKind| Output::failure(io::Error::from(kind)).exit;
    assert_eq!(exit(io::ErrorKind::BrokenPipe), Exit::Ok);
    assert_eq!(exit(io::ErrorKind::StorageFull), Exit::Io);
}

#[test]
fn input_must_be_there_and_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let exit = |name: &str| open_input(&folder.path().join(name)).map_err(|failure| failure.exit);
    assert_eq!(exit("").err(), Some(Exit::NoInput));
    assert_eq!(exit("absent").err(), Some(Exit::NoInput));
    fs::write(folder.path().join("there"), "").unwrap();
    assert!(exit("there").is_ok());
}

#[test]
fn a_failure_reads_as_message_and_hint() {
    let failure = Failure::new(Exit::Io, "day.log: no space");
    assert_eq!(failure.to_string(), "day.log: no space");
    let failure = failure.with_hint("make room");
    assert_eq!(failure.to_string(), "day.log: no space\n\nhint: make room");
    assert_eq!(Failure::interrupted().exit.code(), 130);
}
