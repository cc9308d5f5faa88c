//! `--bundle`: what a replay that differs leaves for whoever looks into it.

use cli::Exit;
use replay::block::Closing;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs::{self, WRONG};
use crate::simulate;

#[test]
fn a_replay_that_differs_leaves_both_states_and_the_entries_between() {
    let lab = Lab::new();
    logs::demo(&lab);
    let outcome = |number: u64, closing: &mut Closing| {
        if number == 2 {
            closing.outcome = WRONG;
        }
    };
    lab.write("other.log", logs::forge(&lab.read("demo/day.log"), outcome));
    let rows = [
        ("run other.log --bundle found", Exit::Differs),
        ("run other.log --bundle found", Exit::CannotCreate),
        ("verify other.log --all --bundle found2", Exit::Differs),
        ("run demo/day.log --bundle none", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "demo found found2 other.log");
    for folder in ["found", "found2"] {
        assert_eq!(lab.names(folder), "README.txt after.json before.json entries.txt");
    }
    insta::assert_snapshot!(String::from_utf8(lab.read("found/README.txt")).expect("text"));
    // The states are those of the log that this build does reproduce.
    for (name, at) in [("before", 2_215), ("after", 4_449)] {
        let found: Value =
            serde_json::from_slice(&lab.read(&format!("found/{name}.json"))).expect("JSON");
        assert_eq!(found["entry"], at);
        let state = lab.run(&format!("state demo/day.log --at {at} --json")).data();
        let state: Value = serde_json::from_str(&state).expect("JSON");
        assert_eq!(found["state"], state["state"], "{name}");
    }
    let entries = String::from_utf8(lab.read("found/entries.txt")).expect("text");
    let shown = lab.run("cat demo/day.log --from 2196 --to 4449 --events").data();
    assert_eq!(entries, shown);
}

#[test]
fn a_decision_that_differs_is_a_scene_too() {
    let lab = Lab::new();
    logs::demo(&lab);
    lab.run("recover demo/day.log -o day.log").data();
    // The fair value of step 1 is the second entry: its clock comes first.
    simulate::forge(&lab, |number, entry| {
        if let (2, replay::Entry::Decision(decision)) = (number, entry) {
            decision.action[0] += 1;
        }
    });
    let ran = lab.run("verify forged.log --producer --bundle found").expect(Exit::Differs);
    insta::assert_snapshot!(ran.transcript());
    let readme = String::from_utf8(lab.read("found/README.txt")).expect("text");
    assert!(readme.contains("entries that differ: 2 to 2"), "{readme}");
    let entries = String::from_utf8(lab.read("found/entries.txt")).expect("text");
    assert!(entries.starts_with("       1  clock"), "{entries}");
}
