//! `replay stats`: figures of one log and of several, side by side, as text and JSON; what cannot
//! be told, and why.

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

/// Simulates `NAME.log`.
fn simulated(lab: &Lab, name: &str, options: &str) {
    lab.run(&format!("simulate --steps 400 {options} -o {name}.log")).data();
}

#[track_caller]
fn object(lab: &Lab, line: &str) -> Value {
    let value: Value = serde_json::from_str(&lab.run(line).data()).expect("JSON");
    assert_eq!(value["schema"], "replay.stats/1");
    value
}

fn figure<'a>(object: &'a Value, table: &str, key: &str) -> &'a Value {
    let figures = object[table].as_array().expect("figures");
    figures.iter().find(|figure| figure["key"] == key).expect("the figure")
}

#[track_caller]
fn fits(text: &str) {
    let longest = text.lines().max_by_key(|line| line.chars().count()).expect("lines");
    assert!(longest.chars().count() <= 100, "{longest}");
}

#[test]
fn a_small_ecology_in_figures() {
    let lab = Lab::new();
    simulated(&lab, "day", "--seed 7");
    let text = lab.run("stats day.log --resamples 20 --levels").data();
    fits(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn several_logs_are_pooled() {
    let lab = Lab::new();
    simulated(&lab, "1", "--seed 1");
    simulated(&lab, "2", "--seed 2");
    let text = lab.run("stats 1.log 2.log --each --burn-in 50").data();
    fits(&text);
    insta::assert_snapshot!(text);
    let pooled = object(&lab, "stats 1.log 2.log --json");
    let single = ["1", "2"].map(|name| object(&lab, &format!("stats {name}.log --json")));
    let values = single.each_ref().map(|log| figure(log, "facts", "spread_mean")["value"].clone());
    let spread = figure(&pooled, "facts", "spread_mean");
    assert_eq!(spread["values"], Value::from(values.to_vec()));
    assert_eq!(spread["interval"], Value::Null);
    assert!(spread["error"].as_f64().is_some_and(|error| 0.0 < error));
}

#[test]
fn the_object_has_its_shape() {
    let lab = Lab::new();
    simulated(&lab, "day", "--seed 7 --preset seed");
    let mut object = object(&lab, "stats day.log --json --orders");
    assert!(50 < object["facts"].as_array().expect("facts").len());
    assert!(40 < object["orders"].as_array().expect("orders").len());
    for table in ["facts", "orders"] {
        let kept = ["acf_r_1", "tracking_error", "message_gap_shape", "tw_spread_mean"];
        let figures = object[table].as_array_mut().expect("figures");
        figures.retain(|figure| kept.iter().any(|key| figure["key"] == *key));
    }
    insta::assert_snapshot!(format!("{object:#}"));
}

#[test]
fn a_recorded_day_beside_a_simulated_one() {
    let lab = Lab::new();
    simulated(&lab, "day", "--seed 7");
    logs::fixture(&lab);
    let line = "stats day.log --against fixture.log --orders --resamples 20";
    let text = lab.run(line).data();
    fits(&text);
    insta::assert_snapshot!(text);
    let beside = object(&lab, &format!("{line} --json"));
    let other = object(&lab, "stats fixture.log --json --orders --resamples 20");
    for (table, key) in [("facts", "spread_mean"), ("orders", "gap_mean")] {
        let real = &figure(&beside, table, key)["real"];
        assert!(real["value"].is_number());
        assert_eq!(real["value"], figure(&other, table, key)["value"]);
        assert_eq!(real["samples"], figure(&other, table, key)["samples"]);
    }
    assert_eq!(beside["against"]["sampling"]["tick"], 100);
    assert_eq!(beside["against"]["logs"][0]["path"], "fixture.log");
}

#[test]
fn recorded_days_are_read_by_their_rows_and_not_judged() {
    let lab = Lab::new();
    logs::fixture(&lab);
    let line = "stats fixture.log --from 09:30 --every 500ms --json --orders";
    let object = object(&lab, line);
    assert_eq!((&object["bands"], &object["sampling"]["tick"]), (&"none".into(), &100.into()));
    assert_eq!(figure(&object, "facts", "kurtosis")["verdict"], "report");
    assert_eq!(object["sampling"]["interval_ns"], 500_000_000);
}

#[test]
fn time_between_samples_is_chosen() {
    let lab = Lab::new();
    simulated(&lab, "day", "--seed 7");
    let samples = |options: &str| {
        object(&lab, &format!("stats day.log --json {options}"))["logs"][0]["samples"].clone()
    };
    // 400 steps of one second; the book has two sides from the first.
    assert_eq!(samples("--burn-in 0"), 400);
    assert_eq!(samples(""), 200);
    assert_eq!(samples("--burn-in 0 --every 10steps"), 40);
    assert_eq!(samples("--burn-in 0 --every 500ms"), 799);
    assert_eq!(samples("--burn-in 0 --from 00:01:40 --to 00:05"), 201);
}

#[test]
fn what_is_missing_is_told_with_its_reason() {
    let lab = Lab::new();
    let csv = "time_ns,op,client,order,side,type,tif,price,qty,extra\n";
    let order =
        |id: u32, side: &str, price: u32| format!("0,place,1,{id},{side},limit,gtc,{price},5,\n");
    let clock = "9000000000,clock,,,,,,,,step=1\n";
    lab.write("quiet.csv", format!("{csv}{}{}{clock}", order(1, "buy", 99), order(2, "sell", 101)));
    lab.write("one.csv", format!("{csv}{}{clock}", order(1, "buy", 99)));
    for name in ["quiet", "one"] {
        let line = format!("import csv {name}.csv -o {name}.log");
        assert_eq!(lab.run(&line).exit, 0, "{}", lab.run(&line).transcript());
    }
    let text = lab.run("stats quiet.log --burn-in 0").data();
    let (_, reasons) = text.split_once("Without value:\n").expect("reasons");
    fits(&text);
    insta::assert_snapshot!(reasons);
    let rows = [
        ("stats quiet.log", Exit::Damaged),
        ("stats one.log --burn-in 0", Exit::Damaged),
        ("stats quiet.log --every 2steps", Exit::Usage),
    ];
    insta::assert_snapshot!("too_short", table(&lab, &rows));
}

#[test]
fn bad_input_is_refused() {
    let lab = Lab::new();
    simulated(&lab, "whole", "--seed 7");
    simulated(&lab, "seed", "--preset seed");
    lab.write("csv.csv", logs::DAY);
    lab.run("import csv csv.csv -o csv.log").data();
    let log = lab.read("whole.log");
    lab.write("cut.log", &log[..log.len() - 1]);
    lab.write("letter.log", "Dear reader,\n");
    let rows = [
        ("stats", Exit::Usage),
        ("stats no.log", Exit::NoInput),
        ("stats whole.log no.log", Exit::NoInput),
        ("stats whole.log --against no.log", Exit::NoInput),
        ("stats cut.log", Exit::Damaged),
        ("stats letter.log", Exit::Damaged),
        ("stats whole.log csv.log", Exit::Usage),
        ("stats whole.log seed.log", Exit::Usage),
        ("stats whole.log --every 10", Exit::Usage),
        ("stats whole.log --from 9:75", Exit::Usage),
        ("stats whole.log --from 09:00 --to 08:00", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    lab.run("stats whole.log seed.log --bands none --resamples 0").data();
}
