//! `replay state`: the market at any moment.

use std::fs;

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

#[test]
fn every_form_of_a_position_leads_somewhere() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let rows = [
        ("state crash-short.log --levels 3", Exit::Ok),
        ("state crash-short.log --at 0", Exit::Ok),
        ("state crash-short.log --at @makers-leave --levels 2 --client 1", Exit::Ok),
        ("state crash-short.log --at t:90s --levels 2 --client 303", Exit::Ok),
        ("state crash-short.log --at -1 --levels 1 --json", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "crash-short.log", "a short log needs no snapshots");
}

#[test]
fn orders_and_rules_of_a_day_are_shown() {
    let lab = Lab::new();
    logs::day(&lab);
    let rows = [
        ("state day.log --at @open", Exit::Ok),
        ("state day.log --at -4 --client 1", Exit::Ok),
        ("state day.log --at -4 --client 2 --json", Exit::Ok),
        ("state day.log --at t:12ns", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn what_is_not_there_is_told() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    lab.write("cut.log", &lab.read("crash-short.log")[..40_000]);
    let rows = [
        ("state crash-short.log --at 3326", Exit::Usage),
        ("state crash-short.log --at -3326", Exit::Usage),
        ("state crash-short.log --at b:9", Exit::Usage),
        ("state crash-short.log --at s:201", Exit::Usage),
        ("state crash-short.log --at t:16:00", Exit::Usage),
        ("state crash-short.log --at @makers-dance", Exit::Usage),
        ("state crash-short.log --at @makers-leave:7", Exit::Usage),
        ("state crash-short.log --at yesterday", Exit::Usage),
        ("state crash-short.log --client 400", Exit::Usage),
        ("state none.log", Exit::NoInput),
        ("state cut.log --at 1", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// A log that is long enough for snapshots, and its state at some entries by a plain replay.
fn long(lab: &Lab) -> Vec<(u64, Value)> {
    lab.run("simulate --preset crash --steps 6000 -o long.log").data();
    let at = |entry: u64| (entry, state(lab, &format!("--at {entry} --no-snapshots")));
    let states = [140_000, 100, 70_000, 139_999].map(at).to_vec();
    assert!(!lab.path("long.log.snap").exists(), "--no-snapshots keeps none");
    states
}

fn state(lab: &Lab, options: &str) -> Value {
    let text = lab.run(&format!("state long.log {options} --json")).data();
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn snapshots_are_kept_and_change_nothing() {
    let lab = Lab::new();
    let expected = long(&lab);
    for _ in 0..2 {
        for (entry, state_there) in &expected {
            assert_eq!(state(&lab, &format!("--at {entry}")), *state_there, "entry {entry}");
        }
    }
    let kept = lab.names("long.log.snap");
    assert!(2 <= kept.split(' ').count(), "kept: {kept}");
    // Another log of that name has no use for them.
    lab.run("simulate --preset crash --steps 10 -o long.log --force").data();
    assert!(!lab.path("long.log.snap").exists());
}

#[test]
fn foreign_and_broken_snapshots_are_named_and_done_without() {
    let lab = Lab::new();
    let expected = long(&lab);
    let (entry, state_there) = &expected[0];
    state(&lab, &format!("--at {entry}"));
    let kept = lab.names("long.log.snap");
    let newest = kept.split(' ').next_back().expect("a snapshot");
    let path = lab.path("long.log.snap").join(newest);
    let good = fs::read(&path).expect("a snapshot");
    let mut flipped = good.clone();
    flipped[200] ^= 4;
    lab.run("simulate --preset crash --seed 43 --steps 6000 -o other.log").data();
    lab.run(&format!("state other.log --at {entry} --json")).data();
    let foreign = fs::read(lab.path("other.log.snap").join(newest)).unwrap_or_else(|_| {
        // The other log's borders may lie elsewhere: any of its snapshots is foreign here.
        let names = lab.names("other.log.snap");
        let name = names.split(' ').next_back().expect("a snapshot");
        fs::read(lab.path("other.log.snap").join(name)).expect("a snapshot")
    });
    let mut told = Vec::new();
    for bytes in [&flipped, &foreign, &Vec::new()] {
        fs::write(&path, bytes).expect("written");
        let ran = lab.run(&format!("state long.log --at {entry} --json")).expect(Exit::Ok);
        let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(found, *state_there);
        told.push(ran.stderr.replace(newest, "NEWEST"));
        assert!(fs::read(&path).expect("a snapshot") == good, "it was made anew");
    }
    insta::assert_snapshot!(told.join(""));
}

#[test]
fn where_no_snapshot_can_be_kept_the_answer_is_the_same() {
    let lab = Lab::new();
    let expected = long(&lab);
    // A file is in the way of the folder.
    lab.write("long.log.snap", "");
    for (entry, state_there) in &expected {
        assert_eq!(state(&lab, &format!("--at {entry}")), *state_there);
    }
    assert!(lab.read("long.log.snap").is_empty());
}
