//! `replay filter`.

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

#[test]
fn a_day_in_parts() {
    let lab = Lab::new();
    logs::day(&lab);
    let rows = [
        ("cat day.log", Exit::Ok),
        ("filter day.log --client 1 -o one.log", Exit::Ok),
        ("cat one.log", Exit::Ok),
        ("verify one.log", Exit::Ok),
        ("info one.log", Exit::Ok),
        ("filter day.log --without-client 1 --json -o others.log", Exit::Ok),
        ("cat others.log", Exit::Ok),
        ("filter day.log --kind place --kind cancel --from 5 --to 20 -o flow.log", Exit::Ok),
        ("cat flow.log", Exit::Ok),
        ("filter day.log --kind mark -o marks.log", Exit::Ok),
        ("filter day.log --client 1 --without-client 2 -o no.log", Exit::Usage),
        ("filter day.log --from 9 --to 3 -o no.log", Exit::Usage),
        ("filter day.log --kind order -o no.log", Exit::Usage),
        ("filter day.log --to 99 -o no.log", Exit::Usage),
        ("filter day.log -o day.log --force", Exit::Usage),
        ("filter day.csv -o no.log", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.path("no.log").exists());
}

/// With nothing left out, only the genesis is another: the same entries, so the same head.
#[test]
fn a_filter_that_keeps_all_keeps_the_head() {
    let lab = Lab::new();
    logs::demo(&lab);
    let all = lab.run("filter demo/day.log -o all.log --json").data();
    let all: Value = serde_json::from_str(&all).expect("JSON");
    assert_eq!((&all["left_out"], &all["head"]), (&0.into(), &all["of"]["head"]));
    assert_ne!(all["seal"], all["of"]["seal"]);
    let info = lab.run("info all.log --json").data();
    let info: Value = serde_json::from_str(&info).expect("JSON");
    let genesis = &info["genesis"];
    assert_eq!((&genesis["producer"], &genesis["parent"]["entry"]), (&"filter".into(), &0.into()));
    assert_eq!(genesis["parameters"]["of.seal"], all["of"]["seal"]);
    let original = lab.run("info demo/day.log --json").data();
    let original: Value = serde_json::from_str(&original).expect("JSON");
    assert_eq!(genesis["parent"]["seal"], original["genesis_seal"]);
}

/// Every command names an order of its own client's, by the id that it has now.
#[test]
fn commands_on_kept_orders_name_their_new_ids() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let before = lab.run("run fixture.log --json").data();
    let before: Value = serde_json::from_str(&before).expect("JSON");
    let rejected = before["counts"]["rejected"].as_u64();
    // Every second order's client, whichever they are: the first ones of the log.
    let whole = lab.run("cat fixture.log --format ndjson").data();
    let clients: std::collections::BTreeSet<u64> = whole
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).expect("JSON")["client"].as_u64())
        .collect();
    let client = clients.iter().next().expect("a client");
    let line = format!("filter fixture.log --without-client {client} -o part.log --json");
    let part = lab.run(&line).data();
    let part: Value = serde_json::from_str(&part).expect("JSON");
    assert!(part["kept"].as_u64() < before["entries"].as_u64());
    let after = lab.run("run part.log --json").data();
    let after: Value = serde_json::from_str(&after).expect("JSON");
    assert!(rejected.is_some(), "{before}");
    assert_eq!(after["entries"], part["entries"]);
}
