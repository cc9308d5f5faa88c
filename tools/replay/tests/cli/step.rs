//! `replay step`: its screens, by scripts of keys.

use std::fs;

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, Ran};
use crate::logs;

/// Runs a script on a log; options follow.
fn step(lab: &Lab, log: &str, script: &str, options: &str) -> Ran {
    lab.run_with(&format!("step {log} {options}"), &["--script", script])
}

#[track_caller]
fn screen(lab: &Lab, log: &str, script: &str, options: &str) -> String {
    step(lab, log, script, options).data()
}

#[test]
fn a_trade_is_seen_in_every_size() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let script = "g66<Enter>";
    insta::assert_snapshot!("step_80x24", screen(&lab, "crash-short.log", script, ""));
    let large = screen(&lab, "crash-short.log", script, "--size 120x40");
    insta::assert_snapshot!("step_120x40", large);
    let small = "g66<Enter><Print><Tab><Print><Tab><Print><Tab><Print><Tab><Print><S-Tab>";
    let small = screen(&lab, "crash-short.log", small, "--size 40x10");
    insta::assert_snapshot!("step_40x10", small);
    let none = screen(&lab, "crash-short.log", script, "--size 39x24");
    assert_eq!(none.trim_end(), "39x24: needs 40x8\nq quits");
    let kept = lab.names(".");
    assert_eq!(kept, "crash-short.log", "a short log needs no snapshots");
}

#[test]
fn an_order_and_a_client_are_followed() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let order = screen(&lab, "crash-short.log", "<Print>]<Print>G", "--at 68 --follow 1");
    insta::assert_snapshot!("step_order", order);
    let script = "<Print>[amaker/2<Enter>]";
    let client = screen(&lab, "crash-short.log", script, "--when spread>20 --client 302");
    insta::assert_snapshot!("step_client", client);
}

#[test]
fn help_prompts_and_what_they_refuse() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let script = "?<Print><Esc>/spred > 20<Enter><Print><C-u>spread > 20<Enter><Print>g9999<Enter><Print>\
                  <Esc>g@nowhere<Enter><Print>zG<Print>fx<Enter><Print><Esc>amaker/9x<Enter>";
    insta::assert_snapshot!(screen(&lab, "crash-short.log", script, ""));
}

#[test]
fn a_market_without_agents_and_its_rules() {
    let lab = Lab::new();
    logs::day(&lab);
    insta::assert_snapshot!(screen(&lab, "day.log", "g@open<Enter><Print>G5hf3<Enter>", ""));
}

#[test]
fn logs_without_orders_and_without_an_end() {
    let lab = Lab::new();
    lab.run("simulate --preset crash --steps 1 -o empty.log").data();
    let empty = screen(&lab, "empty.log", "hT<Print>GltnN", "--size 60x14");
    insta::assert_snapshot!("step_empty", empty);
    logs::interrupted(&lab.path("open.log"), 25);
    insta::assert_snapshot!("step_open", screen(&lab, "open.log", "Gl", "--size 60x14"));
}

#[test]
fn a_script_prints_objects_too() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let text = screen(&lab, "crash-short.log", "t<Print>5h", "");
    let data = screen(&lab, "crash-short.log", "t<Print>5h", "--json");
    let objects: Vec<Value> =
        data.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let entries: Vec<_> = objects.iter().map(|object| object["entry"].clone()).collect();
    assert_eq!(entries, [66, 61]);
    assert!(objects.iter().all(|object| object["schema"] == "replay.step/1"));
    let lines = objects.iter().map(|object| {
        let lines = object["lines"].as_array().expect("lines");
        let lines: Vec<_> = lines.iter().map(|line| line.as_str().expect("text")).collect();
        lines.join("\n") + "\n"
    });
    assert_eq!(lines.collect::<Vec<_>>().join("\n"), text);
}

#[test]
fn what_cannot_be_stepped_through_is_refused() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    lab.write("cut.log", &lab.read("crash-short.log")[..40_000]);
    let rows = [
        ("crash-short.log --script l<Foo>", Exit::Usage),
        ("crash-short.log --script l --size 80", Exit::Usage),
        ("crash-short.log --script l --size 0x24", Exit::Usage),
        ("crash-short.log --script l --size 5000x24", Exit::Usage),
        ("crash-short.log --script l --at 9999", Exit::Usage),
        ("crash-short.log --script l --at @nowhere", Exit::Usage),
        ("crash-short.log --script l --when spred", Exit::Usage),
        ("crash-short.log --script l --when true --at 5", Exit::Usage),
        ("crash-short.log --script l --client 400", Exit::Usage),
        ("crash-short.log --script l --follow 0", Exit::Usage),
        ("crash-short.log --size 80x24", Exit::Usage),
        ("crash-short.log", Exit::Usage),
        ("none.log --script l", Exit::NoInput),
        ("cut.log --script l", Exit::Damaged),
    ];
    let rows: Vec<_> = rows.map(|(line, exit)| (format!("step {line}"), exit)).into();
    let rows: Vec<_> = rows.iter().map(|(line, exit)| (line.as_str(), *exit)).collect();
    insta::assert_snapshot!(crate::lab::table(&lab, &rows));
}

/// A log that is damaged somewhere on the way is stepped through up to there; the screen says what is
/// wrong, and so does the exit code.
#[test]
fn damage_on_the_way_is_told_on_the_screen_and_by_the_exit_code() {
    let lab = Lab::new();
    lab.run("simulate --preset crash --steps 1500 -o long.log").data();
    let mut bytes = lab.read("long.log");
    bytes[3 * 65_536 + 30_000] ^= 1;
    lab.write("long.log", &bytes);
    let ran = step(&lab, "long.log", "T<Print>5000l<Print>5000l<Print>h", "--size 100x12");
    let ran = ran.expect(Exit::Damaged);
    assert!(ran.stdout.contains("5000 of "), "{}", ran.stdout);
    let screens: Vec<_> = ran.stdout.split("\n\n").collect();
    let of = |place: usize| screens[place].split(" of ").next().unwrap_or_default().to_owned();
    assert!(ran.stderr.starts_with("replay: long.log: "), "{}", ran.stderr);
    assert!(ran.stdout.contains("long.log: "), "it is said on the screen");
    assert!(!of(0).is_empty());
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn snapshots_change_no_screen() {
    let lab = Lab::new();
    lab.run("simulate --preset crash --steps 4000 -o long.log").data();
    let script = "G<Print>100h<Print>3T<Print>[[<Print>g30000<Enter>";
    let without = screen(&lab, "long.log", script, "--no-snapshots --client 1");
    assert!(!lab.path("long.log.snap").exists(), "--no-snapshots keeps none");
    assert_eq!(screen(&lab, "long.log", script, "--client 1"), without);
    assert_eq!(screen(&lab, "long.log", script, "--client 1"), without);
    // One that is of no use is told on the screen, not across it.
    let newest = lab.names("long.log.snap").split(' ').next_back().expect("one").to_owned();
    fs::write(lab.path("long.log.snap").join(newest), "no snapshot").expect("written");
    let told = screen(&lab, "long.log", "G", "");
    assert!(told.contains("done without it"), "{told}");
}

/// A mark's name cannot hold them, a file's name can.
#[test]
fn a_terminal_obeys_no_name() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let name = "a\u{1b}[31mb.log";
    fs::rename(lab.path("crash-short.log"), lab.path(name)).expect("renamed");
    let shown = screen(&lab, name, "l", "--size 120x40");
    assert!(shown.starts_with("a\\u{1b}[31mb.log  1 of 3325"), "{shown}");
}
