//! What goes in comes out: CSV and logs into each other and back.

use cli::Exit;
use serde_json::Value;

use crate::lab::Lab;
use crate::logs::{self, DAY, IMPORT_LOBSTER};

fn head(lab: &Lab, log: &str) -> String {
    let text = lab.run(&format!("verify {log} --json")).data();
    let value: Value = serde_json::from_str(&text).expect("JSON");
    value["head"].as_str().expect("a digest").to_owned()
}

#[test]
fn a_canonical_csv_comes_back_byte_for_byte() {
    let lab = Lab::new();
    logs::day(&lab);
    assert_eq!(lab.run("cat day.log --format csv").data(), DAY);
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let lab = Lab::new();
    logs::day(&lab);
    lab.run("import csv day.csv -o again.log").data();
    assert!(lab.read("day.log") == lab.read("again.log"));
    lab.run_with_input("import csv - -o piped.log", "day.csv").data();
    assert!(lab.read("day.log") == lab.read("piped.log"));
    logs::fixture(&lab);
    lab.run(&format!("{IMPORT_LOBSTER} -o again.log --force")).data();
    assert!(lab.read("fixture.log") == lab.read("again.log"));
}

#[test]
fn a_lobster_day_goes_through_csv_with_its_head() {
    let lab = Lab::new();
    logs::fixture(&lab);
    lab.write("fixture.csv", lab.run("cat fixture.log --format csv").data());
    lab.run("import csv fixture.csv -o through.log").data();
    assert_eq!(head(&lab, "through.log"), head(&lab, "fixture.log"));
    assert_eq!(
        lab.run("cat through.log --format csv").data().as_bytes(),
        lab.read("fixture.csv"),
        "written again, it is the same"
    );
}

/// Decisions have no row, which is told; the market that the commands make is the same.
#[test]
fn a_demo_goes_through_csv_with_its_market() {
    let lab = Lab::new();
    logs::demo(&lab);
    let written = lab.run("cat demo/day.log --format csv").expect(Exit::Ok);
    assert!(written.stderr.ends_with(" decisions and updates have no CSV row\n"));
    lab.write("demo.csv", written.stdout);
    lab.run("import csv demo.csv -o through.log").data();
    let state = |log: &str| {
        let text = lab.run(&format!("run {log}")).data();
        text.lines().find(|line| line.starts_with("state ")).map(ToOwned::to_owned)
    };
    assert!(state("through.log").is_some());
    assert_eq!(state("through.log"), state("demo/day.log"));
}

#[test]
fn the_options_of_a_lobster_import_reach_the_log() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let standard = head(&lab, "fixture.log");
    for (options, parameter) in [
        ("--rows 100", "rows = 100"),
        ("--plain", "plain = 1"),
        ("--no-group", "group = 0"),
        ("--plain --no-group --rows 7", "rows = 7"),
    ] {
        let line = format!("{IMPORT_LOBSTER} {options} -o other.log --force");
        // Less faithful options may leave contradictions, which are told on standard error.
        lab.run(&line).expect(Exit::Ok);
        assert_ne!(head(&lab, "other.log"), standard, "{options}");
        let info = lab.run("info other.log").data();
        assert!(info.contains(parameter), "{options}\n{info}");
    }
    let line = format!("{IMPORT_LOBSTER} --rows 999999 -o other.log --force");
    lab.run(&line).data();
    assert_eq!(head(&lab, "other.log"), standard, "more rows than there are");
}

#[test]
fn an_open_log_goes_through_csv_with_its_commands() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    lab.write("open.csv", lab.run("cat open.log --format csv").data());
    lab.run("import csv open.csv -o whole.log").data();
    let whole = lab.run("cat whole.log").data();
    assert!(whole.starts_with(&lab.run("cat open.log").data()));
    assert!(whole.ends_with("      26  end\n"), "an import is finished");
}
