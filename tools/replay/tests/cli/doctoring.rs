//! `replay doctor`.

use cli::Exit;
use replay::block::BLOCK_BYTES;
use replay::header;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs::{self, WRONG};

/// Offset of the first block.
fn start(log: &[u8]) -> usize {
    usize::try_from(header::read(&mut &log[..]).expect("a header").bytes).expect("a short header")
}

fn flipped(log: &[u8], at: usize) -> Vec<u8> {
    let mut log = log.to_vec();
    log[at] ^= 0x10;
    log
}

#[test]
fn healthy_logs_are_told_so() {
    let lab = Lab::new();
    logs::day(&lab);
    logs::fixture(&lab);
    logs::demo(&lab);
    logs::interrupted(&lab.path("open.log"), 25);
    std::fs::create_dir(lab.path("day.log.snap")).expect("a folder");
    lab.write("day.log.partial-12", "half");
    lab.write("day.logbook", "not the log's");
    let rows = [
        ("doctor day.log", Exit::Ok),
        ("doctor day.log --replay", Exit::Ok),
        ("doctor fixture.log", Exit::Ok),
        ("doctor demo/day.log --replay", Exit::Ok),
        ("doctor open.log", Exit::Ok),
        ("doctor open.log --json", Exit::Ok),
        ("doctor missing.log", Exit::NoInput),
        ("doctor demo", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn every_kind_of_damage_is_told_with_what_to_do() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    let start = start(&log);
    let third = start + 2 * BLOCK_BYTES;
    lab.write("genesis.log", flipped(&log, 40));
    lab.write("entries.log", flipped(&log, third + 5_000));
    lab.write("padding.log", flipped(&log, third + BLOCK_BYTES - 1));
    lab.write("head.log", flipped(&log, third + 50));
    lab.write("first.log", flipped(&log, start + 300));
    lab.write("two.log", flipped(&flipped(&log, third + 5_000), third + 2 * BLOCK_BYTES + 20));
    lab.write("longer.log", [&log[..], b"more"].concat());
    let missing = [&log[..third], &log[third + BLOCK_BYTES..]].concat();
    lab.write("missing-block.log", missing);
    let mut wiped = log.clone();
    wiped[third..third + 2 * BLOCK_BYTES].fill(0);
    lab.write("wiped.log", wiped);
    let names = [
        "genesis",
        "entries",
        "padding",
        "head",
        "first",
        "two",
        "longer",
        "missing-block",
        "wiped",
    ];
    let lines: Vec<_> = names.iter().map(|name| format!("doctor {name}.log")).collect();
    let rows: Vec<_> = lines.iter().map(|line| (&line[..], Exit::Damaged)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
    let json = lab.run("doctor two.log --json").expect(Exit::Damaged).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["schema"], "replay.doctor/1");
    insta::assert_snapshot!("two_as_json", format!("{json:#}"));
}

#[test]
fn torn_logs_and_tails_are_told_with_what_to_do() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("cut.log", &log[..log.len() - 100]);
    let mut zeros = log.clone();
    let end = zeros.len();
    zeros[end - 10_000..].fill(0);
    lab.write("zeros.log", zeros);
    for name in ["torn.log", "damaged.log", "foreign.log", "it's.log"] {
        logs::interrupted(&lab.path(name), 45);
    }
    let tail = lab.read("torn.log.tail");
    lab.write("torn.log.tail", &tail[..tail.len() - 3]);
    lab.write("it's.log.tail", &tail[..tail.len() - 3]);
    lab.write("damaged.log.tail", flipped(&tail, 500));
    let mut other = tail.clone();
    other[..44].copy_from_slice(&replay::tail::encode_header(WRONG));
    lab.write("foreign.log.tail", other);
    lab.write("text.log", "Dear reader,\n");
    lab.write("short.log", &log[..40]);
    let rows = [
        ("doctor cut.log", Exit::Damaged),
        ("doctor zeros.log", Exit::Damaged),
        ("doctor torn.log", Exit::Damaged),
        ("doctor it's.log", Exit::Damaged),
        ("doctor damaged.log", Exit::Damaged),
        ("doctor foreign.log", Exit::Damaged),
        ("doctor text.log", Exit::Damaged),
        ("doctor short.log", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// What is advised does what it says.
#[test]
fn advice_can_be_followed() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    let third = start(&log) + 2 * BLOCK_BYTES;
    lab.write("entries.log", flipped(&log, third + 5_000));
    lab.write("longer.log", [&log[..], b"more"].concat());
    lab.write("cut.log", &log[..log.len() - 100]);
    logs::interrupted(&lab.path("damaged.log"), 45);
    let tail = lab.read("damaged.log.tail");
    lab.write("damaged.log.tail", flipped(&tail, 500));
    for (number, name) in ["entries", "longer", "cut", "damaged"].into_iter().enumerate() {
        let json = lab.run(&format!("doctor {name}.log --json")).expect(Exit::Damaged).stdout;
        let json: Value = serde_json::from_str(&json).expect("JSON");
        let advice = json["advice"].as_array().expect("a list");
        let mut commands = advice.iter().filter_map(|advice| advice["command"].as_str());
        let command = commands.find(|command| command.contains("NEW")).expect("advice");
        let new = format!("new{number}.log");
        let ran = lab.shell(&command.replace("NEW", &new));
        assert!(ran.exit <= 1, "{}", ran.transcript());
        let verified = lab.run(&format!("verify {new} --json")).data();
        let verified: Value = serde_json::from_str(&verified).expect("JSON");
        assert!(json["entries"].as_u64() <= verified["entries"].as_u64(), "{name}");
        let healthy = lab.run(&format!("doctor {new}")).data();
        assert!(healthy.contains("healthy"), "{healthy}");
    }
}

#[test]
fn a_log_that_replays_otherwise_differs() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    let forged = logs::forge(&log, |number, closing| {
        if number == 2 || number == 4 {
            closing.outcome = WRONG;
        }
    });
    lab.write("forged.log", &forged);
    let third = start(&log) + 2 * BLOCK_BYTES;
    lab.write("both.log", flipped(&forged, third + 5_000));
    let rows = [
        ("doctor forged.log", Exit::Ok),
        ("doctor forged.log --replay", Exit::Differs),
        ("doctor both.log --replay", Exit::Damaged),
        ("doctor demo/day.log --replay --max orders=1", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let json = lab.run("doctor forged.log --replay --json").expect(Exit::Differs).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    // The blocks behind the two: their outcomes follow what was computed, not what is recorded now.
    assert_eq!((&json["ok"], &json["replay"]["diverged_blocks"]), (&false.into(), &4.into()));
}

#[test]
fn a_log_that_is_being_written_is_told_so() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let tail = lab.read("open.log.tail");
    lab.write("open.log.tail", &tail[..tail.len() - 1]);
    let writer = std::fs::File::open(lab.path("open.log")).expect("the log");
    writer.try_lock().expect("nobody else has it");
    insta::assert_snapshot!(lab.run("doctor open.log").expect(Exit::Damaged).transcript());
    writer.unlock().expect("it was locked");
}
