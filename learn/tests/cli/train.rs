//! `learn train`, `learn config`, `learn evaluate`.

use cli::Exit;

use crate::lab::{Lab, SMALL, shape};

#[test]
fn the_same_settings_come_to_the_same_heads() {
    let lab = Lab::with_run();
    lab.train("again", "");
    assert_eq!(lab.heads("run"), lab.heads("again"));
    for name in ["metrics.jsonl", "events.out.tfevents.run", "config.resolved.toml"] {
        assert_eq!(lab.read(&format!("run/{name}")), lab.read(&format!("again/{name}")), "{name}");
    }
    lab.train("other", "--seed 7");
    assert_ne!(lab.heads("run"), lab.heads("other"));
}

#[test]
fn what_training_prints() {
    let lab = Lab::new();
    let ran = lab.run(&format!("train {SMALL} -o run")).expect(Exit::Ok);
    // How long it took is on standard error alone, where no terminal is nothing is drawn.
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("192 market steps in "), "{}", ran.stderr);
    assert!(!ran.stderr.contains('\u{1b}') && !ran.stdout.contains('\u{1b}'));
    insta::assert_snapshot!(shape(&ran.stdout));
    insta::assert_snapshot!("files_of_a_run", lab.files("run").join("\n"));
}

#[test]
fn objects_have_a_schema() {
    let lab = Lab::new();
    let train = lab.run(&format!("train {SMALL} --json -o run")).expect(Exit::Ok).json();
    assert_eq!(train["schema"], "learn.train/1");
    assert_eq!(train["updates"], 6);
    let head = train["head"].as_str().expect("a head");
    assert!(lab.heads("run").iter().any(|line| line.contains(head)));
    let evaluate = lab.run("evaluate run --steps 300 --json").expect(Exit::Ok).json();
    assert_eq!(evaluate["schema"], "learn.evaluate/1");
    assert_eq!(evaluate["contenders"][0]["markets"].as_array().map(Vec::len), Some(2));
    let config = lab.run("config --json").expect(Exit::Ok).json();
    assert_eq!(config["schema"], "learn.config/1");
}

#[test]
fn an_evaluation_is_a_column_for_each_contender() {
    let lab = Lab::with_run();
    let ran = lab.run("evaluate run --steps 300 --against fixed --against untrained");
    let text = shape(&ran.expect(Exit::Ok).stdout);
    let (head, rest) = text.split_once('\n').expect("lines");
    assert_eq!(head, "seeds 101-102, 300 steps, 200 warm-up  learned at 6  fixed  untrained");
    let (figures, compared): (Vec<_>, Vec<_>) = rest.lines().partition(|line| line.contains('±'));
    assert!(figures.iter().all(|line| line.matches('±').count() == 3), "{text}");
    let is_told = |line: &str| line.starts_with("makers gain more than ");
    assert!(compared.len() == 2 && compared.iter().all(|line| is_told(line)), "{text}");
}

#[test]
fn rules_are_tuned_and_the_best_comes_first() {
    let lab = Lab::new();
    let ran = lab.run("tune flow-rule --draws 3 --json").expect(Exit::Ok).json();
    assert_eq!(ran["schema"], "learn.tune/1");
    let trials = ran["trials"].as_array().expect("trials");
    assert_eq!(trials.len(), 3);
    let rank = |trial: &serde_json::Value| {
        (trial["is_present"].as_bool().expect("a flag"), trial["gain"].as_f64().expect("a gain"))
    };
    assert!(trials.windows(2).all(|pair| rank(&pair[1]) <= rank(&pair[0])), "{trials:?}");
    assert!(ran["fixed"]["gain"].as_f64().expect("a gain") < 0.0);
}
