//! `replay export`: every table in every format, to standard output and to files.

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

const TABLES: [&str; 4] = ["trades", "orders", "book", "accounts"];

#[test]
fn every_table_in_every_format() {
    let lab = Lab::new();
    logs::day(&lab);
    for name in TABLES {
        let levels = if name == "book" { " --levels 3" } else { "" };
        let csv = format!("export day.log --table {name}{levels}");
        let ndjson = format!("{csv} --format ndjson");
        let rows = [(&csv[..], Exit::Ok), (&ndjson[..], Exit::Ok)];
        insta::assert_snapshot!(format!("day_{name}"), table(&lab, &rows));
    }
}

#[test]
fn ndjson_rows_hold_the_csv_columns() {
    let lab = Lab::new();
    logs::fixture(&lab);
    for name in TABLES {
        let csv = lab.run(&format!("export fixture.log --table {name}")).data();
        let ndjson = lab.run(&format!("export fixture.log --table {name} --format ndjson")).data();
        let mut lines = csv.lines();
        let columns: Vec<_> = lines.next().expect("a header").split(',').collect();
        assert_eq!(lines.clone().count(), ndjson.lines().count(), "{name}");
        assert_ne!(ndjson, "", "{name}");
        for (row, object) in lines.zip(ndjson.lines()) {
            let object: Value = serde_json::from_str(object).expect("an object a line");
            assert_eq!(object.as_object().map(serde_json::Map::len), Some(columns.len()));
            for (column, field) in columns.iter().zip(row.split(',')) {
                let found = match &object[*column] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other @ (Value::Bool(_)
                    | Value::Number(_)
                    | Value::Array(_)
                    | Value::Object(_)) => other.to_string(),
                };
                assert_eq!(found, field, "{name} {column} of {row}");
            }
        }
    }
}

#[test]
fn the_book_in_every_layout() {
    let lab = Lab::new();
    logs::day(&lab);
    let rows = [
        ("export day.log --table book --levels 2", Exit::Ok),
        ("export day.log --table book --levels 2 --rows", Exit::Ok),
        ("export day.log --table book --levels 2 --format lobster", Exit::Ok),
        ("export day.log --table book --levels 2 --format lobster --rows", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// The import and its export close the circle: the rows of the recorded book come back.
#[test]
fn every_exported_row_of_the_lobster_day_is_as_recorded() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let line = "export fixture.log --table book --format lobster --levels 5 --rows";
    let exported = lab.run(line).data();
    let recorded = String::from_utf8(lab.read("orderbook.csv")).expect("UTF-8");
    let recorded: Vec<_> = recorded.lines().collect();
    for row in exported.lines() {
        let (number, levels) = row.split_once(',').expect("led by its number");
        let number: usize = number.parse().expect("a row");
        assert_eq!(levels, recorded[number], "row {number}");
    }
    assert_eq!(exported.lines().count(), 1218, "comparable rows");
}

#[test]
fn a_file_gets_what_standard_output_would() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let trades = lab.run("export fixture.log --table trades").data();
    assert_eq!(lab.run("export fixture.log --table trades -o trades.csv").data(), "");
    assert_eq!(lab.read("trades.csv"), trades.as_bytes());
    assert_eq!(lab.run("export fixture.log --table trades -o -").data(), trades);
    let before = "fixture.log fixture.log.note messages.csv orderbook.csv trades.csv";
    assert_eq!(lab.names("."), before);
}

#[test]
fn only_force_replaces_a_file() {
    let lab = Lab::new();
    logs::day(&lab);
    lab.write("out.csv", "mine\n");
    let rows = [
        ("export day.log --table trades -o out.csv", Exit::CannotCreate),
        ("export day.log --table trades -o . --force", Exit::CannotCreate),
        ("export day.log --table trades -o /dev/null --force", Exit::CannotCreate),
        ("export day.log --table trades -o ./day.log --force", Exit::Usage),
        ("export day.log --table trades -o missing/out.csv", Exit::CannotCreate),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.read("out.csv"), b"mine\n");
    lab.run("export day.log --table trades -o out.csv --force").data();
    assert_eq!(lab.read("out.csv"), lab.run("export day.log --table trades").data().as_bytes());
    assert_eq!(lab.names("."), "day.csv day.log day.log.note out.csv");
}

#[test]
fn an_export_that_fails_leaves_what_was_there() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("cut.log", &log[..log.len() / 2]);
    lab.write("out.csv", "mine\n");
    lab.run("export cut.log --table trades -o out.csv --force").expect(Exit::Damaged);
    lab.run("export cut.log --table trades -o new.csv").expect(Exit::Damaged);
    assert_eq!(lab.read("out.csv"), b"mine\n");
    assert_eq!(lab.names("."), "cut.log demo out.csv");
}
