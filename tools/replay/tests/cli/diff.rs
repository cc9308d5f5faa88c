//! `replay diff`: how two logs differ, by what happened in them.

use std::fs;

use cli::Exit;
use replay::block::Closing;
use replay::{Entry, Genesis, Parent, Player, ReadLimits, Reader, Recorder, SyncPolicy};
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs::{self, DAY, WRONG};

const DIFFERS: Exit = Exit::Differs;

/// A quantity of the day, and another.
const EDIT: (&str, &str) =
    ("5,place,2,10,buy,limit,ioc,105,4,", "5,place,2,10,buy,limit,ioc,105,6,");

/// The golden crash and `calm.log`, the same run without the withdrawal.
fn twins(lab: &Lab) {
    logs::golden(lab, "crash-short");
    lab.run("simulate --preset crash --set steps=200 -o calm.log").data();
}

fn player(log: &[u8]) -> Player<&[u8]> {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).expect("a log");
    Player::new(reader).expect("a market")
}

/// The log of some entries.
fn record(genesis: &Genesis, entries: &[Entry]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None);
    let mut recorder = recorder.expect("a recorder");
    for entry in entries {
        recorder.take(entry).expect("recorded");
    }
    recorder.finish().expect("an end");
    log
}

/// All entries of a log but its end.
fn entries(log: &[u8]) -> Vec<Entry> {
    let (mut player, mut entries) = (player(log), Vec::new());
    while let Some(moment) = player.advance().expect("it replays") {
        entries.push(moment.entry.clone());
    }
    assert_eq!(entries.pop(), Some(Entry::End));
    entries
}

#[test]
fn a_crash_beside_its_calm_twin() {
    let lab = Lab::new();
    twins(&lab);
    let rows = [
        ("diff crash-short.log calm.log --stat", DIFFERS),
        ("diff crash-short.log calm.log --limit 20", DIFFERS),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let all = lab.run("diff crash-short.log calm.log --limit 0").expect(DIFFERS).stdout;
    let (_, list) = all.split_once("\n@@ ").expect("a list");
    let lines = list.lines().filter(|line| line.starts_with(['~', '-', '+'])).count();
    let json = lab.run("diff crash-short.log calm.log --json --stat").expect(DIFFERS).stdout;
    let value: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value["differences"]["total"], lines);
    assert!(!all.contains("more"), "nothing is left out");
}

#[test]
fn a_log_equals_itself_and_its_copy() {
    let lab = Lab::new();
    logs::golden(&lab, "seed-short");
    fs::copy(lab.path("seed-short.log"), lab.path("copy.log")).expect("a copy");
    let rows = [
        ("diff seed-short.log seed-short.log", Exit::Ok),
        ("diff seed-short.log copy.log --stat", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let json = lab.run("diff seed-short.log copy.log --json").data();
    let value: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&value["equal"], &value["parting"]), (&true.into(), &Value::Null));
    assert_eq!(value["differences"]["total"], 0);
}

#[test]
fn two_presets_differ_from_the_genesis_on() {
    let lab = Lab::new();
    logs::golden(&lab, "seed-short");
    logs::golden(&lab, "realistic-short");
    let ran = lab.run("diff seed-short.log realistic-short.log --limit 15").expect(DIFFERS);
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn one_order_otherwise_is_found() {
    let lab = Lab::new();
    logs::day(&lab);
    let changed = DAY.replace(EDIT.0, EDIT.1);
    assert!(changed != DAY, "the row is there");
    lab.write("other.csv", changed);
    lab.run("import csv other.csv -o other.log").data();
    let rows = [("diff day.log other.log", DIFFERS), ("diff other.log day.log --stat", DIFFERS)];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn what_a_market_starts_from_is_compared_field_by_field() {
    let lab = Lab::new();
    logs::day(&lab);
    lab.write("other.csv", DAY.replace("orders_max value=1000", "orders_max value=1001"));
    lab.run("import csv other.csv -o other.log").data();
    let log = lab.read("day.log");
    let mut genesis = player(&log).reader().header().genesis.clone();
    genesis.producer = "\u{1b}[31mred".to_owned();
    genesis.seed = 7;
    genesis.parameters.insert("a\nb".to_owned(), "\u{7}".to_owned());
    lab.write("red.log", record(&genesis, &entries(&log)));
    let rows = [("diff day.log other.log", DIFFERS), ("diff day.log red.log", DIFFERS)];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn a_log_that_stops_early_is_told_from_one_that_goes_elsewhere() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("short.log"), 20);
    logs::interrupted(&lab.path("long.log"), 25);
    let rows = [
        ("diff short.log long.log", DIFFERS),
        ("diff long.log short.log --stat", DIFFERS),
        ("diff long.log long.log", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn a_fork_is_known_by_the_parent_that_it_names() {
    let lab = Lab::new();
    logs::golden(&lab, "seed-short");
    let log = lab.read("seed-short.log");
    let entries = entries(&log);
    let start = player(&log).reader().header().genesis.clone();
    let fork = |entry: u64, seal, head, change: usize| {
        let genesis = Genesis { parent: Some(Parent { seal, entry, head }), ..start.clone() };
        let mut entries = entries.clone();
        entries.remove(change);
        record(&genesis, &entries)
    };
    let mut reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).expect("a log");
    reader.next_block().expect("read");
    let block = reader.block();
    let (last, sealed) = (block.first + u64::from(block.count) - 1, reader.chain().clone());
    let payload = block.payload().to_vec();
    let mut used = 0;
    for _ in 0..100 {
        used += replay::codec::decode_entry(&payload[used..]).expect("an entry").1;
    }
    let before = replay::block::Chain::new(reader.header().seal);
    let head = before.prefix_head(100, &payload[..used]);
    lab.write("inside.log", fork(100, before.seal, head, 100));
    lab.write("twin.log", fork(100, before.seal, head, 200));
    lab.write("border.log", fork(last, sealed.seal, sealed.head, 2_500));
    lab.write("foreign.log", fork(100, before.seal, WRONG, 100));
    let told = |line: &str| {
        let text = lab.run(line).expect(DIFFERS).stdout;
        let told = text.lines().find(|line| line.contains(" fork"));
        told.unwrap_or("unrelated").to_owned()
    };
    assert_eq!(told("diff seed-short.log inside.log --stat"), "B is a fork of A at entry 100");
    assert_eq!(told("diff inside.log seed-short.log --stat"), "A is a fork of B at entry 100");
    let border = format!("B is a fork of A at entry {last}");
    assert_eq!(told("diff seed-short.log border.log --stat"), border);
    let siblings = "A and B are forks of one log at entry 100";
    assert_eq!(told("diff inside.log twin.log --stat"), siblings);
    assert_eq!(told("diff seed-short.log foreign.log --stat"), "unrelated");
}

/// The chain of both is whole, and only one is what this build makes of its entries.
#[test]
fn a_log_of_another_kernel_is_named() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    let outcome = |number: u64, closing: &mut Closing| {
        if number == 2 {
            closing.outcome = WRONG;
        }
    };
    lab.write("other.log", logs::forge(&log, outcome));
    let rows = [
        ("diff demo/day.log other.log", DIFFERS),
        ("diff other.log demo/day.log --stat", DIFFERS),
        ("diff other.log other.log", DIFFERS),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn the_object_holds_what_the_text_says() {
    let lab = Lab::new();
    twins(&lab);
    let json = lab.run("diff crash-short.log calm.log --json --limit 3").expect(DIFFERS).stdout;
    assert_eq!(json.lines().count(), 1);
    let value: Value = serde_json::from_str(&json).expect("JSON");
    insta::assert_snapshot!(format!("{value:#}"));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let lab = Lab::new();
    logs::day(&lab);
    let log = lab.read("day.log");
    lab.write("cut.log", &log[..log.len() - 9]);
    let rows = [
        ("diff day.log no.log", Exit::NoInput),
        ("diff no.log day.log", Exit::NoInput),
        ("diff day.log day.csv", Exit::Damaged),
        ("diff day.log cut.log", Exit::Damaged),
        ("diff day.log day.log --max orders=999", Exit::Damaged),
        ("diff day.log", Exit::Usage),
        ("diff day.log day.log --limit few", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn a_difference_counts_even_when_nobody_reads_on() {
    let lab = Lab::new();
    twins(&lab);
    lab.shell("{ replay diff crash-short.log calm.log --limit 0; echo $? > exit; } | true");
    assert_eq!(lab.read("exit"), b"1\n");
}
