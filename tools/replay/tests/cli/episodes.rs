//! Measures and pages of adversarial markets: `replay stats` and `replay report` of their logs.

use std::io::Write as _;

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::report::{browser, open};

const SIMULATE: &str = "simulate --system adversarial";

/// Records `NAME.log`.
fn record(lab: &Lab, name: &str, options: &str) {
    lab.run(&format!("{SIMULATE} {options} -o {name}.log")).data();
}

#[track_caller]
fn object(lab: &Lab, line: &str) -> Value {
    let value: Value = serde_json::from_str(&lab.run(line).data()).expect("JSON");
    assert_eq!(value["schema"], "replay.adversarial-stats/1");
    value
}

#[track_caller]
fn fits(text: &str) {
    let longest = text.lines().max_by_key(|line| line.chars().count()).expect("lines");
    assert!(longest.chars().count() <= 100, "{longest}");
}

/// Names of everything that an object holds, lists by their first entry.
fn shape(value: &Value, path: &str, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(name, _)| *name != "settings") {
                shape(field, &format!("{path}.{name}"), names);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            shape(items.first().unwrap_or(&Value::Null), &format!("{path}[]"), names);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            names.push(path.trim_start_matches('.').to_owned());
        }
    }
}

#[test]
fn the_measures_of_a_market() {
    let lab = Lab::new();
    record(&lab, "x", "--episodes 40 --mode silent");
    let text = lab.run("stats x.log").data();
    fits(&text);
    insta::assert_snapshot!(text);
    record(&lab, "y", "--episodes 40 --mode uninformed --set trader.policy=copy");
    let text = lab.run("stats y.log").data();
    fits(&text);
    insta::assert_snapshot!("a_belief_that_tells_nothing", text);
}

#[test]
fn the_object_has_its_shape() {
    let lab = Lab::new();
    record(&lab, "x", "--episodes 40 --mode silent");
    let object = object(&lab, "stats x.log --json");
    let mut names = Vec::new();
    shape(&object, "", &mut names);
    insta::assert_snapshot!(names.join("\n"));
    let [informed, zero] = ["informed", "zero"].map(|z| object[z]["episodes"].as_u64());
    assert_eq!(informed.zip(zero).map(|(one, zero)| one + zero), Some(40));
    assert_eq!(object["logs"][0]["informed"].as_u64(), informed);
    assert_eq!(object["settings"]["type.mode"], "silent");
    assert_eq!(object["zero"]["shortfall_bps"], Value::Null, "nobody buys");
}

/// What `stats` reads in the logs that a benchmark keeps is what the benchmark says.
#[test]
fn kept_logs_of_a_benchmark_measure_the_same() {
    let lab = Lab::new();
    let line = "scenario execution --episodes 20 --mode silent --policy twap,pov -o kept --json";
    let run: Value = serde_json::from_str(&lab.run(line).data()).expect("JSON");
    let mode = &run["modes"][0];
    for (place, policy) in ["twap", "pov"].into_iter().enumerate() {
        let log = format!("kept/silent-{policy}.log");
        let found = object(&lab, &format!("stats {log} --json"));
        assert_eq!(found["informed"], mode["traders"][place]["measures"], "{policy}");
        assert_eq!(found["bounds"], mode["bounds"]);
        let pooled = object(&lab, &format!("stats kept/silent-z0.log {log} --json"));
        assert_eq!(pooled["informed"], found["informed"]);
        assert_eq!(pooled["zero"]["episodes"], 40, "as many for the judges");
        assert_eq!(pooled["settings"]["trader.policy"], policy);
        assert!(pooled["detection"]["ridge"]["accuracy"].is_f64());
    }
    let alone = lab.run("stats kept/silent-z0.log").data();
    assert!(alone.contains("take a log of that type too"), "{alone}");
    lab.run("stats kept/silent-pov.log kept/silent-twap.log").expect(Exit::Usage);
}

/// Two logs of other seeds are one sample.
#[test]
fn logs_of_one_market_are_pooled() {
    let lab = Lab::new();
    for seed in ["1", "2"] {
        record(&lab, seed, &format!("--episodes 15 --mode silent --seed {seed}"));
    }
    let pooled = object(&lab, "stats 1.log 2.log --json");
    let each = ["1", "2"].map(|name| object(&lab, &format!("stats {name}.log --json")));
    for z in ["informed", "zero"] {
        let episodes = |it: &Value| it[z]["episodes"].as_f64().expect("a number");
        let all: f64 = each.iter().map(episodes).sum();
        assert!((episodes(&pooled) - all).abs() < 0.5);
        let volume = |it: &Value| it[z]["volume_lots"]["value"].as_f64().expect("a number");
        let sum: f64 = each.iter().map(|it| volume(it) * episodes(it)).sum();
        assert!((sum - volume(&pooled) * episodes(&pooled)).abs() < 1e-6, "{z}");
    }
    assert_eq!(pooled["logs"].as_array().map(Vec::len), Some(2));
    let text = lab.run("stats 1.log 2.log").data();
    fits(&text);
    assert_eq!(text.matches("15 closed episodes").count(), 2);
}

#[test]
fn what_means_nothing_here_is_refused() {
    let lab = Lab::new();
    record(&lab, "x", "--episodes 4");
    record(&lab, "longer", "--episodes 6");
    record(&lab, "other", "--episodes 4 --seed 2 --set noise.rate=2");
    record(&lab, "copy", "--episodes 4 --seed 3 --set trader.policy=copy");
    lab.run("simulate --steps 300 -o eco.log").data();
    let options = [
        "--every 1s",
        "--spread-cap 9",
        "--burn-in 3",
        "--from 09:30",
        "--to 16:00",
        "--bands none",
        "--resamples 200",
        "--orders",
        "--levels",
        "--each",
        "--against eco.log",
    ];
    let lines: Vec<_> = options.iter().map(|option| format!("stats x.log {option}")).collect();
    let mut rows: Vec<_> = lines.iter().map(|line| (line.as_str(), Exit::Usage)).collect();
    rows.extend(
        [
            "stats x.log x.log",
            "stats x.log copy.log",
            "stats x.log longer.log",
            "stats x.log other.log",
            "stats x.log eco.log",
            "stats eco.log x.log",
            "stats eco.log --against x.log",
            "report x.log eco.log -o page.html",
            "report x.log other.log -o page.html",
            "report x.log -o page.html --inevitable curve.json",
            "report x.log -o x.log --force",
        ]
        .map(|line| (line, Exit::Usage)),
    );
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.names(".").contains("page.html"));
}

#[test]
fn one_type_alone_says_what_is_missing() {
    let lab = Lab::new();
    for (name, share) in [("zeros", "0"), ("ones", "1")] {
        record(&lab, name, &format!("--episodes 4 --mode silent --set type.informed={share}"));
        let text = lab.run(&format!("stats {name}.log")).data();
        fits(&text);
        insta::assert_snapshot!(name, text);
        let object = object(&lab, &format!("stats {name}.log --json"));
        assert_eq!(object["detection"]["ridge"], Value::Null);
        assert_eq!(object["detection"]["belief"], Value::Null);
        lab.run(&format!("report {name}.log -o {name}.html")).data();
    }
}

/// Three closed episodes and a part of the fourth, as an interrupted simulation leaves them.
#[test]
fn an_open_log_counts_its_closed_episodes() {
    let lab = Lab::new();
    record(&lab, "x", "--episodes 4 --mode silent");
    record(&lab, "short", "--episodes 3 --mode silent");
    lab.run("cut x.log --to @episode:4 -o begun.log").data();
    lab.run("cut x.log --to -30 -o open.log").data();
    let whole = object(&lab, "stats short.log --json");
    for name in ["begun", "open"] {
        let cut = object(&lab, &format!("stats {name}.log --json"));
        assert_eq!(cut["logs"][0]["unclosed"], 1, "{name}");
        for of in ["informed", "zero", "detection"] {
            assert_eq!(cut[of], whole[of], "{of} of {name}");
        }
    }
    assert_eq!(whole["logs"][0]["unclosed"], 0);
    let text = lab.run("stats open.log").data();
    assert!(text.contains("3 closed episodes, 1 not closed and left out\n"), "{text}");
    lab.run("report open.log -o open.html").data();
}

#[test]
fn no_closed_episode_is_nothing_to_measure() {
    let lab = Lab::new();
    record(&lab, "x", "--episodes 1");
    lab.run("cut x.log --to -9 -o open.log").data();
    lab.run("cut x.log --to 0 -o empty.log").data();
    let rows = [
        ("stats open.log", Exit::Damaged),
        ("stats empty.log --json", Exit::Damaged),
        ("report open.log -o page.html", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let html = String::from_utf8(lab.read("page.html")).expect("UTF-8");
    assert_eq!((html.matches("Left out: ").count(), html.matches("<figure>").count()), (8, 0));
}

#[test]
fn settings_that_there_are_not_are_refused() {
    use replay::{ReadLimits, Reader, Recorder, SyncPolicy};
    let lab = Lab::new();
    record(&lab, "x", "--episodes 1");
    let bytes = lab.read("x.log");
    let reader = Reader::open(&bytes[..], Vec::new(), ReadLimits::DEFAULT).expect("a log");
    let mut genesis = reader.header().genesis.clone();
    genesis.parameters.insert("noise.rate".to_owned(), "many\u{1b}[2J".to_owned());
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None);
    recorder.expect("a recorder").finish().expect("memory");
    lab.write("wrong.log", log);
    let rows = [
        ("stats wrong.log", Exit::Damaged),
        ("stats x.log wrong.log", Exit::Damaged),
        ("report wrong.log -o page.html", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn a_page_of_a_market_is_the_same_again() {
    let lab = Lab::new();
    record(&lab, "x", "--episodes 30 --mode silent");
    lab.run("report x.log -o page.html").data();
    let first = lab.read("page.html");
    lab.run("report x.log -o page.html --force").data();
    assert!(first == lab.read("page.html"));
    let html = String::from_utf8(first).expect("UTF-8");
    assert!(!html.contains("Left out"), "every panel has its data");
    let line = "replay simulate --system adversarial --preset default --seed 42 --set episodes=30 --set \
                type.mode=silent -o x.log";
    assert!(html.contains(line), "the command that makes the log");
    assert!(html.contains("<pre>replay stats x.log\n"), "the command that shows the measures");
    let again = line.replace("replay simulate", "simulate").replace("-o x.log", "-o again.log");
    lab.run(&again).data();
    assert!(lab.read("again.log") == lab.read("x.log"), "it makes that log");
}

#[test]
fn a_browser_shows_every_figure_of_a_market() {
    let Some(browser) = browser() else {
        let _ = writeln!(std::io::stderr(), "NOT RUN: there is no Chromium to open the page with");
        return;
    };
    let lab = Lab::new();
    record(&lab, "x", "--episodes 30 --mode noise");
    lab.run("report x.log -o page.html").data();
    let html = String::from_utf8(lab.read("page.html")).expect("UTF-8");
    let (dom, talk) = open(browser, &lab.path("page.html"), &lab.path("profile"));
    assert!(!talk.contains("CONSOLE"), "{talk}");
    assert!(15 < html.matches("<figure>").count());
    for sign in ["<figure>", "role=\"img\"", "<desc", "<path"] {
        assert_eq!(dom.matches(sign).count(), html.matches(sign).count(), "{sign}");
    }
}
