//! What the README shows is what happens.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The text of the README's first fenced block of a language.
fn block(language: &str) -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, rest) = readme.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// Runs `replay` in a folder; returns what it printed.
fn replay(folder: &Path, args: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_replay")).args(args).current_dir(folder).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_demo_prints_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(replay(folder.path(), &["demo"]), block("text"));
}

#[test]
fn the_example_csv_comes_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let csv = block("csv");
    fs::write(folder.path().join("day.csv"), &csv).unwrap();
    replay(folder.path(), &["import", "csv", "day.csv", "-o", "day.log"]);
    assert_eq!(replay(folder.path(), &["cat", "day.log", "--format", "csv"]), csv);
}
