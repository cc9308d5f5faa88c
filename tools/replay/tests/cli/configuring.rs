//! `replay config show`: files of the published system and native ones, overrides, origins, and what
//! is refused.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use cli::Exit;
use serde_json::Value;

use crate::lab::{Lab, table};

/// The published system's files: the same keys and values, other comments.
const FILES: [(&str, &str); 3] = [
    ("default.yaml", include_str!("published/default.yaml")),
    ("fast_debug.yaml", include_str!("published/fast_debug.yaml")),
    ("ablation_lambda.yaml", include_str!("published/ablation_lambda.yaml")),
];

fn lab() -> Lab {
    let lab = Lab::new();
    for (name, text) in FILES {
        lab.write(name, text);
    }
    lab
}

/// Values of native settings and published keys, by name.
fn values(line: &str, lab: &Lab) -> BTreeMap<String, String> {
    let ran = lab.run(&format!("config show {line} --json")).expect(Exit::Ok);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let mut values = BTreeMap::new();
    for group in ["settings", "published"] {
        for (key, row) in json[group].as_object().expect("an object") {
            values.insert(key.clone(), row["value"].as_str().expect("a text").to_owned());
        }
    }
    values
}

#[test]
fn the_published_files_come_to_settings() {
    let lab = lab();
    for (name, _) in FILES {
        let ran = lab.run(&format!("config show --config {name} --origin")).expect(Exit::Ok);
        insta::assert_snapshot!(format!("config_{}", name.replace(".yaml", "")), ran.transcript());
    }
    assert_eq!(values("--config default.yaml", &lab)["trader.lots"], "100");
    let debug = values("--config fast_debug.yaml", &lab);
    assert_eq!(debug, {
        let mut preset = values("--preset debug", &lab);
        preset.retain(|key, _| debug.contains_key(key));
        preset
    });
    // Over a file that sets everything an inheriting file counts, and the other way round it does not.
    let over = values("--config default.yaml --config fast_debug.yaml", &lab);
    assert_eq!(over, debug);
    let under = values("--config fast_debug.yaml --config default.yaml", &lab);
    assert_eq!(under, values("--config default.yaml", &lab));
}

#[test]
fn a_show_without_files() {
    let lab = lab();
    let rows = [
        ("config show", Exit::Ok),
        ("config show --preset debug", Exit::Ok),
        ("config show --override trader.lots=30 --override seed=7 --toml", Exit::Ok),
    ];
    insta::assert_snapshot!("config_show", table(&lab, &rows));
    let ran = lab.run("config show --override environment.tick_size=0.02 --json").expect(Exit::Ok);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    insta::assert_snapshot!(
        "config_json",
        format!(
            "{:#}",
            serde_json::json!({
                "schema": json["schema"],
                "system": json["system"],
                "preset": json["preset"],
                "seed": json["seed"],
                "published": json["published"],
                "warning": json["warning"],
                "market.price": json["settings"]["market.price"],
            })
        )
    );
}

#[test]
fn every_override_counts_published_or_native() {
    let lab = lab();
    let line = "--config fast_debug.yaml --override agents.execution.lambda_leakage=0.75 \
                --override environment.max_steps_per_episode=60 --override trader.policy=copy \
                --override agents.execution.lambda_leakage=1";
    let values = values(line, &lab);
    assert_eq!(values["trader.lambda"], "8");
    assert_eq!(values["episode.steps"], "60");
    assert_eq!(values["trader.policy"], "copy");
    assert_eq!(values["trader.lots"], "20");
}

#[test]
fn what_is_shown_as_toml_is_read_as_the_same() {
    let lab = lab();
    for line in ["--preset default", "--config fast_debug.yaml --override noise.cancel=0.000001"] {
        let toml = lab.run(&format!("config show {line} --toml")).expect(Exit::Ok).stdout;
        lab.write("again.toml", &toml);
        // Over another preset: it leaves nothing to it.
        let again = lab.run("config show --preset published --config again.toml --toml");
        assert_eq!(again.data(), toml, "{line}");
    }
}

#[test]
fn native_keys_can_stand_in_either_format() {
    let lab = lab();
    lab.write("a.yml", "trader:\n  lots: 12\nmaker.policy: fixed\n");
    lab.write("a.toml", "maker.policy = \"fixed\"\n[trader]\nlots = 1_2\n");
    let (yaml, toml) =
        (values("--preset default --config a.yml", &lab), values("--config a.toml", &lab));
    assert_eq!(yaml, toml);
    assert_eq!((&*toml["trader.lots"], &*toml["maker.policy"]), ("12", "fixed"));
}

#[test]
fn bad_files_are_refused_with_their_line() {
    let lab = lab();
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    let deep = format!("a: {}{}\n", "{b: ".repeat(40), "}".repeat(40));
    let files: [(&str, &[u8]); 17] = [
        ("utf8.yaml", b"seed: 1\ndevice: \xff\n"),
        ("unclosed.yaml", b"environment:\n  tick_size: [0.01\n"),
        ("indent.yaml", b"environment:\n  tick_size: 0.01\n   lot_size: 3\n"),
        ("twice.yaml", b"seed: 1\nenvironment:\n  tick_size: 1\n  tick_size: 2\n"),
        ("bomb.yaml", bomb.as_bytes()),
        ("merge.yaml", b"environment:\n  <<: {tick_size: 1}\n"),
        ("deep.yaml", deep.as_bytes()),
        ("scalar.yaml", b"5\n"),
        ("two.yaml", b"seed: 1\n---\nseed: 2\n"),
        ("list.yaml", b"agents:\n  execution:\n    max_order_size: [1, 2]\n"),
        ("map.yaml", b"agents:\n  execution:\n    max_order_size: {a: 2}\n"),
        ("value.yaml", b"seed: 1\nagents: 5\n"),
        ("nested.yaml", b"training:\n  gamma: [[1]]\n"),
        ("unknown.yaml", b"seed: 1\nagents:\n  execution:\n    lambda_leak: 1\n"),
        ("hostile.yaml", b"\"\\e[2J\": 1\n"),
        ("range.yaml", b"agents:\n  execution:\n    lambda_leakage: 11\n"),
        ("ticks.yaml", b"environment:\n  initial_mid_price: 99.995\n"),
    ];
    let mut told = String::new();
    for (name, bytes) in files {
        lab.write(name, bytes);
        let ran = lab.run(&format!("config show --config {name}")).expect(Exit::Damaged);
        assert_eq!(ran.stdout, "");
        told.push_str(&ran.transcript());
        told.push_str("\n\n");
    }
    insta::assert_snapshot!("config_bad_files", told);
    lab.write("long.yaml", vec![b'#'; (1 << 20) + 1]);
    lab.write("many.yaml", format!("a: [{}]\n", "1,".repeat(10_001)));
    lab.write("bad.toml", "seed = 1\nseed = 2\n");
    lab.write("date.toml", "exp_name = 1979-05-27\n");
    lab.write("noon", "");
    let rows = [
        ("config show --config long.yaml", Exit::Damaged),
        ("config show --config many.yaml", Exit::Damaged),
        ("config show --config bad.toml", Exit::Damaged),
        ("config show --config date.toml", Exit::Damaged),
        ("config show --config noon", Exit::Usage),
        ("config show --config absent.yaml", Exit::NoInput),
    ];
    insta::assert_snapshot!("config_no_files", table(&lab, &rows));
}

#[test]
fn bad_overrides_are_refused() {
    let lab = lab();
    let rows = [
        ("config show --override agents.execution.lambda=1", Exit::Usage),
        ("config show --override trader.lots=0", Exit::Usage),
        ("config show --override trader.lots", Exit::Usage),
        ("config show --override environment=1", Exit::Usage),
        ("config show --override environment.tick_size=0", Exit::Usage),
        ("config show --override training.minibatch_size=4096", Exit::Usage),
        ("config show --override latency.maker_ms=59900", Exit::Usage),
        ("config show --preset publishd", Exit::Usage),
        ("config show --system ecology", Exit::Usage),
        ("config", Exit::Usage),
    ];
    insta::assert_snapshot!("config_bad_overrides", table(&lab, &rows));
}

/// Where the published system's own files lie; `None`, said aloud, where they are not at hand.
fn published() -> Option<PathBuf> {
    const VARIABLE: &str = "REPLAY_PUBLISHED_CONFIGS";
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adversarial");
    let folder = std::env::var_os(VARIABLE).map_or(beside, PathBuf::from);
    if folder.join("default.yaml").is_file() {
        return Some(folder);
    }
    let text = format!("NOT RUN: {VARIABLE} names no folder of the published system's files\n");
    // Past the harness, which would keep the words of a passing test to itself.
    std::io::stderr().write_all(text.as_bytes()).expect("standard error");
    None
}

/// The published system's own files load as they are, to what this project's copies of their values
/// come to.
#[test]
fn the_published_systems_own_files_load_unchanged() {
    let Some(folder) = published() else { return };
    let lab = lab();
    for (name, text) in FILES {
        let bytes = std::fs::read(folder.join(name)).expect("a file of the published system");
        assert_ne!(bytes, text.as_bytes(), "{name} is a copy of values, not of a file");
        lab.write(&format!("own_{name}"), &bytes);
        let own = values(&format!("--config own_{name}"), &lab);
        assert_eq!(own, values(&format!("--config {name}"), &lab), "{name}");
    }
}
