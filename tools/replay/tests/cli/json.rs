//! `--json`: one object on one line, with a schema, that agrees with the text.

use cli::Exit;
use serde_json::Value;

use crate::lab::Lab;
use crate::logs;

/// The object that a command prints, with its schema checked.
#[track_caller]
fn object(lab: &Lab, line: &str, schema: &str) -> Value {
    let text = lab.run(line).data();
    assert_eq!(text.lines().count(), 1, "{text}");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["schema"], schema);
    value
}

/// Field names, in order, and the object, indented: a change here is one for every caller.
fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[test]
fn every_object_has_its_schema_and_fields() {
    let lab = Lab::new();
    lab.write("day.csv", logs::DAY);
    let import = object(&lab, "import csv day.csv -o day.log --json", "replay.import/1");
    let run = object(&lab, "run day.log --json", "replay.run/1");
    let verify = object(&lab, "verify day.log --json", "replay.verify/1");
    let chain = object(&lab, "verify day.log --json --chain-only", "replay.verify/1");
    let info = object(&lab, "info day.log --json", "replay.info/1");
    for field in ["entries", "head", "seal"] {
        assert_eq!(import[field], run[field], "{field}");
        assert_eq!(verify[field], run[field], "{field}");
        assert_eq!(chain[field], run[field], "{field}");
    }
    assert_eq!(import["counts"], run["counts"]);
    assert_eq!(
        (&info["entries"], &info["ended"], &info["blocks"]),
        (&run["entries"], &run["ended"], &run["blocks"])
    );
    insta::assert_snapshot!("import_csv", pretty(&import));
    insta::assert_snapshot!("run", pretty(&run));
    insta::assert_snapshot!("verify", pretty(&verify));
    insta::assert_snapshot!("verify_chain_only", pretty(&chain));
    insta::assert_snapshot!("info", pretty(&info));
}

#[test]
fn a_lobster_import_tells_what_it_did() {
    let lab = Lab::new();
    logs::lobster_files(&lab);
    let line = format!("{} -o fixture.log --json", logs::IMPORT_LOBSTER);
    insta::assert_snapshot!(pretty(&object(&lab, &line, "replay.import/1")));
}

#[test]
fn an_open_log_says_so() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let run = object(&lab, "run open.log --json", "replay.run/1");
    assert_eq!((&run["ended"], &run["entries"]), (&false.into(), &25.into()));
    assert_eq!(run["sealed_entries"], 0);
    let info = object(&lab, "info open.log --json", "replay.info/1");
    assert_eq!((&info["ended"], &info["open_entries"]), (&false.into(), &25.into()));
    let verify = object(&lab, "verify open.log --json", "replay.verify/1");
    assert_eq!((&verify["ok"], &verify["ended"]), (&true.into(), &false.into()));
}

#[test]
fn differences_are_listed_and_told() {
    let lab = Lab::new();
    logs::day(&lab);
    let line = format!("verify day.log --json --expect-head {}", logs::WRONG);
    let ran = lab.run(&line).expect(Exit::Differs);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(value["ok"], false);
    assert_eq!(value["differences"].as_array().map(Vec::len), Some(1));
    insta::assert_snapshot!(ran.transcript());
}

#[test]
fn the_note_beside_a_log_names_its_producer() {
    let lab = Lab::new();
    logs::day(&lab);
    let note: Value = serde_json::from_slice(&lab.read("day.log.note")).expect("JSON");
    assert_eq!(note["schema"], "replay.note/1");
    assert_eq!(note["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(note["command"][1], "import");
    assert!(note["unix_time"].as_u64().is_some_and(|time| 1_700_000_000 < time));
}
