//! `replay cat --follow`.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cli::{Exit, Recording, tail_path};
use kernel::{Side, Venue};
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis, SyncPolicy};

use crate::lab::{Lab, table};
use crate::logs::{self, WRONG, place};

/// Longer than any machine takes: a test that hangs fails instead.
const PATIENCE: Duration = Duration::from_mins(1);

fn follow(lab: &Lab, line: &str) -> Child {
    let mut command = lab.command(line);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the binary starts")
}

/// How a follower ended: exit code, standard output, standard error.
fn end(child: Child) -> (Option<i32>, String, String) {
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A long entry, so that blocks are short, or an order.
fn entry(number: u32) -> Entry {
    if number.is_multiple_of(3) {
        let side = if number.is_multiple_of(2) { Side::Buy } else { Side::Sell };
        return Entry::Command(place(number.into(), side, 100 + number % 5));
    }
    Entry::Decision(DecisionEntry {
        agent: number,
        policy: 0,
        action: vec![7; 400],
        first_reference: kernel::Reference(0),
        commands: 0,
        observation: None,
    })
}

/// Records with pauses and syncs at random moments, and finishes.
fn write(mut recording: Recording, entries: u32, mut dice: u64) {
    for number in 1..=entries {
        recording.recorder().take(&entry(number)).expect("recorded");
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        match (dice >> 40) % 12 {
            0 => recording.recorder().sync().expect("synced"),
            1 => thread::sleep(Duration::from_millis((dice >> 33) % 40)),
            _ => {}
        }
    }
    recording.finish().expect("finished");
}

#[track_caller]
fn check(policy: SyncPolicy, entries: u32, seed: u64) {
    let lab = Lab::new();
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let recording = Recording::create(&lab.path("live.log"), &genesis, policy);
    let recording = recording.expect("a new recording");
    let text = follow(&lab, "cat live.log --follow --events");
    let json = follow(&lab, "cat live.log --follow --format ndjson --from 50 --idle 50");
    let some = follow(&lab, "cat live.log --follow --to 70");
    write(recording, entries, seed);
    let whole = lab.run("cat live.log --events").data();
    assert!(60 < whole.lines().count());
    assert_eq!(end(text), (Some(0), whole, String::new()));
    let whole = lab.run("cat live.log --format ndjson --from 50").data();
    assert_eq!(end(json), (Some(0), whole, String::new()));
    let first = lab.run("cat live.log --to 70").data();
    assert_eq!(end(some), (Some(0), first, String::new()));
}

#[test]
fn what_a_writer_writes_is_shown_once_and_whole() {
    check(SyncPolicy::Entry, 300, 1);
    check(SyncPolicy::Block, 1_500, 2);
    check(SyncPolicy::None, 1_500, 3);
}

/// Only what would survive a loss of power is shown.
#[test]
fn what_is_not_acknowledged_is_not_shown() {
    let lab = Lab::new();
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let recording = Recording::create(&lab.path("live.log"), &genesis, SyncPolicy::Block);
    let mut recording = recording.expect("a new recording");
    for number in 1..=5 {
        recording.recorder().submit(place(number, Side::Buy, 100)).expect("recorded");
    }
    recording.recorder().sync().expect("synced");
    recording.recorder().submit(place(6, Side::Buy, 100)).expect("recorded");
    let shown = lab.run("cat live.log --follow --idle 0").data();
    assert_eq!(shown.lines().count(), 5);
    drop(recording);
}

#[test]
fn a_log_at_rest_is_shown_and_left() {
    let lab = Lab::new();
    logs::day(&lab);
    logs::interrupted(&lab.path("open.log"), 25);
    logs::interrupted(&lab.path("torn.log"), 25);
    let tail = lab.read("torn.log.tail");
    lab.write("torn.log.tail", &tail[..tail.len() - 3]);
    lab.write("empty.log", "");
    assert_eq!(lab.run("cat day.log --follow").data(), lab.run("cat day.log").data());
    let open = lab.run("cat open.log").data();
    assert_eq!(lab.run("cat open.log --follow --idle 1").data(), open);
    let rows = [
        ("cat open.log --follow --idle 0 --from 24", Exit::Ok),
        ("cat open.log --follow --to 2", Exit::Ok),
        ("cat torn.log --follow --idle 0 --from 20", Exit::Ok),
        ("cat empty.log --follow --idle 0", Exit::Ok),
        ("cat day.csv --follow --idle 0", Exit::Damaged),
        ("cat missing.log --follow", Exit::NoInput),
        ("cat day.log --follow --format csv", Exit::Usage),
        ("cat day.log --idle 3", Exit::Usage),
        ("cat day.log --follow --from 0", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn an_interrupted_follower_has_shown_all_so_far() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let child = follow(&lab, "cat open.log --follow");
    thread::sleep(Duration::from_millis(700));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill starts").success());
    let shown = lab.run("cat open.log").data();
    let expected = Some(i32::from(Exit::Interrupted.code()));
    assert_eq!(end(child), (expected, shown, "replay: interrupted\n".to_owned()));
}

/// Follows a log, does something to it once entries have come, and tells how it ends.
fn disturbed(lab: &Lab, disturb: impl FnOnce()) -> String {
    let child = follow(lab, "cat open.log --follow --idle 50");
    thread::sleep(Duration::from_millis(700));
    disturb();
    let start = Instant::now();
    let (code, _, stderr) = end(child);
    assert!(start.elapsed() < PATIENCE);
    format!("exit {}\n{stderr}", code.unwrap_or(-1))
}

#[test]
fn a_log_that_changes_behind_a_follower_is_damage() {
    let lab = Lab::new();
    let path = lab.path("open.log");
    let fresh = || logs::interrupted(&path, 3_000);
    fresh();
    let mut text = disturbed(&lab, || lab.write("open.log", "")) + "\n";
    fresh();
    text += &disturbed(&lab, || {
        let mut bytes = lab.read("open.log");
        bytes[300] ^= 1;
        lab.write("open.log", bytes);
    });
    text += "\n";
    fresh();
    text += &disturbed(&lab, || fs::remove_file(&path).expect("removed"));
    text += "\n";
    fresh();
    text += &disturbed(&lab, || {
        fs::copy(&path, lab.path("copy")).expect("a copy");
        fs::rename(lab.path("copy"), &path).expect("renamed");
    });
    text += "\n";
    fresh();
    text += &disturbed(&lab, || {
        let foreign = replay::tail::encode_header(WRONG);
        fs::write(tail_path(&path), foreign).expect("written");
    });
    insta::assert_snapshot!(text);
}
