//! `replay scenario execution`: its tables, its logs, and what it refuses.

use std::fs;
use std::process::Stdio;

use cli::Exit;
use serde_json::Value;

use crate::interrupted::{interrupt, wait_for};
use crate::lab::{Lab, table};

const FEW: &str = "scenario execution --episodes 40 --mode silent --policy twap,copy";

#[test]
fn the_tables_of_a_mode() {
    let lab = Lab::new();
    let text = lab.run("scenario execution --episodes 60 --mode silent").data();
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    insta::assert_snapshot!(text);
    assert_eq!(lab.names("."), "", "nothing is left behind");
    let text = lab.run("scenario execution --episodes 20 --mode uninformed --policy pov").data();
    insta::assert_snapshot!("a_policy_that_no_maker_is_measured_against", text);
}

#[test]
fn threads_and_logs_do_not_change_results() {
    let lab = Lab::new();
    let one = lab.run(&format!("{FEW} --json --threads 1")).data();
    assert!(one == lab.run(&format!("{FEW} --json --threads 3")).data());
    let found: Value = serde_json::from_str(&one).expect("an object");
    let logged = lab.run(&format!("{FEW} --json -o kept")).data();
    let mut kept: Value = serde_json::from_str(&logged).expect("an object");
    let table: Value = serde_json::from_slice(&lab.read("kept/table.json")).expect("an object");
    assert_eq!(kept, table);
    let logs = kept["logs"].take();
    assert_eq!(found["logs"], Value::Array(Vec::new()));
    kept["logs"] = found["logs"].clone();
    assert_eq!(kept, found, "what a log tells is what was seen without one");

    let names: Vec<_> = logs
        .as_array()
        .expect("a list")
        .iter()
        .map(|log| {
            let file = log["log"].as_str().expect("a name");
            let head = log["head"].as_str().expect("a digest");
            let line = format!("verify --producer kept/{file} --expect-head {head}");
            lab.run(&line).expect(Exit::Ok);
            file
        })
        .collect();
    assert_eq!(names, ["silent-z0.log", "silent-twap.log", "silent-copy.log"]);
    let mut all: Vec<_> =
        names.iter().flat_map(|log| [(*log).to_owned(), format!("{log}.note")]).collect();
    all.push("table.json".to_owned());
    all.sort();
    assert_eq!(lab.names("kept"), all.join(" "));
    let info = lab.run("info kept/silent-copy.log").data();
    for line in ["episodes", "type.informed = 1", "trader.policy", "preset"] {
        assert!(info.contains(line), "{info}");
    }
}

#[test]
fn every_figure_is_one_or_missing() {
    let lab = Lab::new();
    let text = lab.run("scenario execution --episodes 20 --mode noise --json").data();
    let found: Value = serde_json::from_str(&text).expect("an object");
    assert_eq!(found["schema"], "replay.execution/1");
    let mode = &found["modes"][0];
    let policies: Vec<_> = (0..6).map(|place| mode["traders"][place]["policy"].clone()).collect();
    assert_eq!(policies, ["twap", "vwap", "camouflage", "pov", "copy", "abstain"]);
    let abstain = &mode["traders"][5];
    assert_eq!(abstain["measures"]["completion"]["value"], 0.0);
    assert_eq!(abstain["measures"]["kl_features"], Value::Null);
    let twap = &mode["traders"][0];
    for (part, figure) in [
        ("measures", "shortfall_bps"),
        ("measures", "kl_features"),
        ("measures", "kl_published"),
        ("measures", "slippage_bps"),
        ("measures", "volatility_ticks"),
        ("measures", "snipe_cycle_steps"),
        ("twins", "maker_pnl"),
    ] {
        let figure = &twap[part][figure];
        assert!(figure["value"].is_f64() && figure["error"].is_f64(), "{figure}");
    }
    assert!(twap["detection"]["ridge"]["low"].is_f64());
    assert_eq!(twap["detection"]["belief"], Value::Null, "it only moves in silent");
    let bounds = &mode["bounds"];
    assert!(bounds["exact"].as_f64() < bounds["camouflage"].as_f64(), "{bounds}");
    assert_eq!(mode["makers"].as_array().map(Vec::len), Some(6));
}

#[test]
fn what_cannot_be_run_is_refused() {
    let lab = Lab::new();
    let rows = [
        ("scenario execution --episodes 19", Exit::Usage),
        ("scenario execution --mode loud", Exit::Usage),
        ("scenario execution --policy twap,fast", Exit::Usage),
        ("scenario execution --preset calm", Exit::Usage),
        ("scenario execution --set noise.rat=3", Exit::Usage),
        ("scenario execution --set noise.rate", Exit::Usage),
        ("scenario execution --set noise.rate=fast", Exit::Usage),
        ("scenario execution --set trader.policy=twap", Exit::Usage),
        ("scenario execution --set type.mode=silent", Exit::Usage),
        ("scenario execution --set latency.maker_ms=59950", Exit::Usage),
        ("scenario execution --seeds 3", Exit::Usage),
        ("scenario --seeds 3 execution", Exit::Usage),
        ("scenario execution --episodes 20 -o .", Exit::CannotCreate),
        ("scenario execution --episodes 20 -o missing/kept", Exit::CannotCreate),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "");
}

#[test]
fn an_interruption_leaves_nothing() {
    let lab = Lab::new();
    let mut command = lab.command("scenario execution --episodes 20000 -o kept");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary starts");
    assert!(wait_for(|| fs::read_dir(lab.path("kept")).is_ok_and(|files| 1 < files.count())));
    interrupt(&child);
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(i32::from(Exit::Interrupted.code())));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "replay: interrupted\n");
    assert_eq!(lab.names("."), "", "neither folder nor logs");
}
