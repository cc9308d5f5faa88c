//! Exit 2: command lines that make no sense.

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs;

const EXIT: Exit = Exit::Usage;

#[test]
fn senseless_command_lines_are_refused() {
    let lab = Lab::new();
    logs::day(&lab);
    let rows = [
        ("", EXIT),
        ("frobnicate", EXIT),
        ("run", EXIT),
        ("run day.log other.log", EXIT),
        ("run day.log --frobnicate", EXIT),
        ("run day.log --max orders=many", EXIT),
        ("run day.log --max 9", EXIT),
        ("run day.log --max shoes=9", EXIT),
        ("verify day.log --expect-head 5f1c", EXIT),
        ("verify day.log --all --chain-only", EXIT),
        ("export day.log", EXIT),
        ("export day.log --table decisions", EXIT),
        ("export day.log --table book --levels 0", EXIT),
        ("export day.log --table trades --format lobster", EXIT),
        ("export day.log --table trades --rows", EXIT),
        ("cat day.log --format xml", EXIT),
        ("cat day.log --from -1", EXIT),
        ("cat day.log --format csv --from 2", EXIT),
        ("cat day.log --format csv --to 2", EXIT),
        ("cat day.log --format csv --events", EXIT),
        ("demo --steps 0", EXIT),
        ("demo --seed x", EXIT),
        ("import", EXIT),
        ("import csv day.csv", EXIT),
        ("import parquet day.csv -o out.log", EXIT),
        ("recover day.log", EXIT),
        ("completions tcsh", EXIT),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "day.csv day.log day.log.note");
}

/// Colours only where they were asked for, and never against `NO_COLOR`.
#[test]
fn colours_follow_the_terminal_and_the_environment() {
    let lab = Lab::new();
    let stderr = |variables: &[(&str, &str)]| {
        let mut command = lab.command("frobnicate");
        command.envs(variables.iter().copied());
        let output = command.output().expect("the binary ends");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert!(!stderr(&[]).contains('\u{1b}'), "no terminal, no colours");
    let forced = ("CLICOLOR_FORCE", "1");
    assert!(stderr(&[forced]).contains('\u{1b}'), "colours exist");
    assert!(!stderr(&[forced, ("NO_COLOR", "1")]).contains('\u{1b}'), "NO_COLOR is honoured");
}

#[test]
fn long_work_shows_no_progress_without_a_terminal() {
    let lab = Lab::new();
    logs::demo(&lab);
    for line in ["run demo/day.log", "verify demo/day.log", "verify demo/day.log --chain-only"] {
        let stdout = lab.run(line).data();
        assert!(!stdout.contains('\u{1b}') && !stdout.contains('\r'), "{line}");
    }
}
