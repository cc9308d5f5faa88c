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

/// Commands on one order, in order, each with the client and reference of the order that it names.
fn named(lab: &Lab, log: &str) -> Vec<(String, Option<(u64, u64)>)> {
    let mut orders = Vec::new();
    let mut named = Vec::new();
    for line in lab.run(&format!("cat {log} --format ndjson")).data().lines() {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        let number = |field: &str| entry[field].as_u64();
        if let (Some(client), Some(reference)) = (number("client"), number("order")) {
            orders.push((client, reference));
        } else if let Some(order) = number("id") {
            let order = usize::try_from(order).expect("a small id");
            let kind = entry["kind"].as_str().unwrap_or_default().to_owned();
            named.push((kind, orders.get(order - 1).copied()));
        }
    }
    named
}

#[test]
fn commands_on_kept_orders_name_them_by_their_new_ids() {
    let lab = Lab::new();
    logs::demo(&lab);
    let all = named(&lab, "demo/day.log");
    let owners: std::collections::BTreeSet<u64> =
        all.iter().map(|(_, order)| order.expect("an order").0).collect();
    assert!(1 < owners.len());
    // What is left are the commands on the orders of all others. Client 8 places and never cancels.
    for client in owners.into_iter().chain([8]) {
        let line = format!("filter demo/day.log --without-client {client} -o part.log --force");
        lab.run(&line).data();
        let mut expected = all.clone();
        expected.retain(|(_, order)| order.is_some_and(|(owner, _)| owner != client));
        assert_eq!(expected.len() < all.len(), client != 8);
        assert_eq!(named(&lab, "part.log"), expected);
    }
}
