//! What `run`, `verify`, `info`, `hashes` and `cat` say about whole logs.

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs::{self, DAY};

const OK: Exit = Exit::Ok;

#[test]
fn a_day_in_every_view() {
    let lab = Lab::new();
    lab.write("day.csv", DAY);
    let rows = [
        ("import csv day.csv -o day.log", OK),
        ("run day.log", OK),
        ("verify day.log", OK),
        ("verify day.log --chain-only", OK),
        ("verify day.log --all", OK),
        ("info day.log", OK),
        ("hashes day.log", OK),
        ("hashes day.log --format ndjson", OK),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn a_lobster_day_in_every_view() {
    let lab = Lab::new();
    logs::lobster_files(&lab);
    let import = format!("{} -o fixture.log", logs::IMPORT_LOBSTER);
    let rows = [
        (&import[..], OK),
        ("run fixture.log", OK),
        ("verify fixture.log", OK),
        ("info fixture.log", OK),
        ("hashes fixture.log", OK),
        ("cat fixture.log --to 20", OK),
        ("cat fixture.log --from 3950 --events", OK),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn an_interrupted_recording_is_fine_and_open() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let rows = [
        ("run open.log", OK),
        ("verify open.log", OK),
        ("verify open.log --chain-only", OK),
        ("info open.log", OK),
        ("hashes open.log", OK),
        ("cat open.log --from 24", OK),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    std::fs::remove_file(lab.path("open.log.tail")).expect("the tail");
    insta::assert_snapshot!("without_entries", lab.run("run open.log").expect(OK).transcript());
}

#[test]
fn entries_as_text_with_events() {
    let lab = Lab::new();
    logs::day(&lab);
    insta::assert_snapshot!(lab.run("cat day.log --events").data());
}

#[test]
fn entries_as_ndjson_with_events() {
    let lab = Lab::new();
    logs::day(&lab);
    let ndjson = lab.run("cat day.log --format ndjson --events").data();
    insta::assert_snapshot!(&ndjson);
    for (line, number) in ndjson.lines().zip(1..) {
        let value: serde_json::Value = serde_json::from_str(line).expect("an object a line");
        assert_eq!(value["entry"], number, "{line}");
        assert!(value["events"].is_array(), "{line}");
    }
    assert_eq!(ndjson.lines().count(), 39);
}

#[test]
fn ranges_take_both_ends() {
    let lab = Lab::new();
    logs::day(&lab);
    let whole = lab.run("cat day.log").data();
    let lines: Vec<_> = whole.lines().collect();
    assert_eq!(lines.len(), 39);
    let check = |line: &str, from: usize, to: usize| {
        let found = lab.run(line).data();
        assert_eq!(found.lines().collect::<Vec<_>>(), lines[from - 1..to], "{line}");
    };
    check("cat day.log --from 5 --to 9", 5, 9);
    check("cat day.log --from 39", 39, 39);
    check("cat day.log --to 1", 1, 1);
    check("cat day.log --from 7 --to 7", 7, 7);
    check("cat day.log --from 30 --to 1000", 30, 39);
    let ndjson = lab.run("cat day.log --format ndjson --from 5 --to 6").data();
    assert_eq!(ndjson.lines().count(), 2);
    assert!(!ndjson.contains("events"), "only when asked for");
}

#[test]
fn heads_pin_entries_and_seals_pin_everything() {
    let lab = Lab::new();
    logs::day(&lab);
    let hashes = lab.run("hashes day.log").data();
    let fields: Vec<_> = hashes.lines().nth(1).expect("a row").split(',').collect();
    let (head, seal) = (fields[2], fields[5]);
    for level in ["", "--chain-only"] {
        let line = format!("verify day.log {level} --expect-head {head} --expect-seal {seal}");
        lab.run(&line).data();
    }
    // The same entries behind another genesis: same head, another seal.
    lab.write("other.csv", DAY.replace("orders_max value=1000", "orders_max value=1001"));
    lab.run("import csv other.csv -o other.log").data();
    lab.run(&format!("verify other.log --expect-head {head}")).data();
    lab.run(&format!("verify other.log --expect-seal {seal}")).expect(Exit::Differs);
}
