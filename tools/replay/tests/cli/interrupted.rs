//! Exit 130, and pipes that are closed early.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use cli::Exit;

use crate::lab::Lab;
use crate::logs;

const HEADER: &str = "time_ns,op,client,order,side,type,tif,price,qty,extra\n";
/// More than a pipe and the reader's buffer hold: once it is written, rows are being imported.
const UNDER_WAY_BYTES: usize = 1 << 20;
/// So much was never meant to be read after an interruption.
const ENOUGH_BYTES: usize = 1 << 30;
/// Longer than any machine takes to end a process: a test that hangs fails instead.
const PATIENCE: Duration = Duration::from_mins(1);

/// An import of rows from standard input that has begun and taken these rows at the least.
fn importing(lab: &Lab, rows: &[u8]) -> (Child, ChildStdin) {
    let mut command = lab.command("import csv - -o out.log");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(HEADER.as_bytes()).expect("the header is taken");
    input.write_all(rows).expect("rows are taken");
    // A first row makes the log under its temporary name; by then an interruption is heard.
    assert!(wait_for(|| !lab.names(".").is_empty()));
    (child, input)
}

fn block_of_rows(bytes: usize) -> Vec<u8> {
    b"1,mark,,,,,,,,name=a\n".iter().copied().cycle().take(bytes / 21 * 21).collect()
}

/// Whether it happens before anybody loses patience.
pub(crate) fn wait_for(mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        if end < Instant::now() {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

pub(crate) fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill starts").success());
}

#[track_caller]
fn check_interrupted(lab: &Lab, child: Child) {
    check_left(lab, child, "");
}

/// It heard, said so, and left nothing but these files.
#[track_caller]
fn check_left(lab: &Lab, mut child: Child, names: &str) {
    let heard = wait_for(|| child.try_wait().expect("a child").is_some());
    if !heard {
        child.kill().expect("a child");
    }
    assert!(heard, "the interruption was not heard");
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(i32::from(Exit::Interrupted.code())));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "replay: interrupted\n");
    assert_eq!(lab.names("."), names, "nothing is left behind");
}

#[test]
fn an_interrupted_fork_leaves_nothing() {
    let lab = Lab::new();
    lab.run("simulate --steps 5 -o day.log").expect(Exit::Ok);
    let mut command = lab.command("fork day.log --at 50 --set steps=100000000 -o child.log");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary starts");
    assert!(wait_for(|| lab.names(".").contains("child.log.partial")));
    interrupt(&child);
    check_left(&lab, child, "day.log day.log.note");
}

#[test]
fn an_import_interrupted_between_rows_leaves_nothing() {
    let lab = Lab::new();
    let (child, mut rows) = importing(&lab, &block_of_rows(UNDER_WAY_BYTES));
    interrupt(&child);
    let block = block_of_rows(1 << 16);
    let written = (0..ENOUGH_BYTES / block.len()).take_while(|_| rows.write_all(&block).is_ok());
    assert!(written.count() < ENOUGH_BYTES / block.len(), "the import goes on regardless");
    check_interrupted(&lab, child);
}

/// Whoever types rows, or feeds them from a program that hangs, is heard at the first Ctrl-C.
#[test]
fn an_import_interrupted_while_it_waits_for_rows_leaves_nothing() {
    let lab = Lab::new();
    let (child, rows) = importing(&lab, &block_of_rows(100));
    interrupt(&child);
    check_interrupted(&lab, child);
    drop(rows);
}

#[test]
fn an_interrupted_demo_leaves_a_log_that_replays() {
    let lab = Lab::new();
    let mut command = lab.command("demo --steps 10000000 -o demo");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary starts");
    // Once a block is sealed the recording is under way, and far from its end.
    let log = lab.path("demo/day.log");
    assert!(wait_for(|| std::fs::metadata(&log).is_ok_and(|file| 1 << 16 < file.len())));
    interrupt(&child);
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(i32::from(Exit::Interrupted.code())));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let verified = lab.run("verify demo/day.log").data();
    assert!(verified.contains(" entries, open, head "), "{verified}");
    insta::assert_snapshot!(stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let lab = Lab::new();
    logs::demo(&lab);
    let scripts = [
        "replay cat demo/day.log",
        "replay cat demo/day.log --format csv",
        "replay cat demo/day.log --format ndjson --events",
        "replay export demo/day.log --table orders",
        "replay completions bash",
    ];
    for script in scripts {
        let ran = lab.shell(&format!("{{ {script}; echo $? > exit; }} | head -n 1"));
        assert_eq!(ran.stderr, "", "{script}");
        assert_eq!(ran.stdout.lines().count(), 1, "{script}");
        assert_eq!(lab.read("exit"), b"0\n", "{script}");
    }
}
