//! `replay golden`: the project's own golden runs, and that a difference from them is seen.

use std::fs;
use std::path::PathBuf;

use cli::Exit;

use crate::lab::{Lab, Ran, table};
use crate::logs::{WRONG, forge};

/// Whose whole logs are kept, each in a folder of its name.
const SYSTEMS: [&str; 2] = ["adversarial", "ecology"];

/// The golden runs of the checkout.
fn goldens() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden"))
}

fn manifest() -> String {
    fs::read_to_string(goldens().join("MANIFEST")).expect("the manifest")
}

/// A lab with a copy of the golden runs.
fn lab() -> Lab {
    let lab = Lab::new();
    for system in SYSTEMS {
        fs::create_dir_all(lab.path(&format!("golden/{system}"))).expect("a folder");
        for file in fs::read_dir(goldens().join(system)).expect("the logs") {
            let file = file.expect("an entry");
            let name = file.file_name().into_string().expect("a name");
            fs::copy(file.path(), lab.path(&format!("golden/{system}/{name}"))).expect("a copy");
        }
    }
    lab.write("golden/MANIFEST", manifest());
    lab
}

/// Changes the manifest behind a golden's name.
fn edit(lab: &Lab, golden: &str, from: &str, to: &str) {
    let text = String::from_utf8(lab.read("golden/MANIFEST")).expect("UTF-8");
    let (before, after) = text.split_once(&format!("[{golden}]\n")).expect("the golden");
    assert!(after.contains(from), "{from}");
    let after = after.replacen(from, to, 1);
    lab.write("golden/MANIFEST", format!("{before}[{golden}]\n{after}"));
}

/// A value that the manifest has for a golden.
fn value(golden: &str, key: &str) -> String {
    let text = manifest();
    let (_, section) = text.split_once(&format!("[{golden}]\n")).expect("the golden");
    let start = format!("{key} = ");
    section.lines().find_map(|line| line.strip_prefix(&start)).expect("the value").to_owned()
}

/// The text with N for every number of some digits and DIGEST for every digest, so that a run that
/// is meant to change changes the golden runs alone.
fn masked(text: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric();
    let mut masked = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let (before, after) = rest.split_at(start);
        let (word, behind) =
            after.split_at(after.find(|letter| !is_word(letter)).unwrap_or(after.len()));
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        masked.push_str(before);
        masked.push_str(match word.len() {
            64 => "DIGEST",
            2.. if is_number => "N",
            _ => word,
        });
        rest = behind;
    }
    masked + rest
}

#[track_caller]
fn holds(ran: &Ran, words: &str) {
    assert!(ran.stderr.contains(words), "{words}\n{}", ran.stderr);
}

/// Fails where the ecology, the kernel or the format has changed: `replay golden check` tells more,
/// `replay golden refresh` writes down what is meant.
#[test]
fn every_golden_run_of_the_project_comes_out_again() {
    let ran = lab().run("golden check").expect(Exit::Ok);
    assert_eq!(ran.stderr, "");
    insta::assert_snapshot!(masked(&ran.transcript()));
}

/// What a refresh forgot or nobody checks.
#[test]
fn the_manifest_lists_exactly_the_logs_that_are_kept() {
    let text = manifest();
    let lab = lab();
    for system in SYSTEMS {
        let is_theirs = |section: &&str| {
            section.contains("\nsystem = adversarial\n") == (system == "adversarial")
        };
        let sections = text.split("\n[").skip(1).filter(is_theirs);
        let kept = sections.filter(|section| section.contains("\nkind = log\n"));
        let name = |section: &str| Some(format!("{}.log", section.split_once(']')?.0));
        let mut expected: Vec<_> = kept.filter_map(name).collect();
        expected.sort();
        assert!(!expected.is_empty());
        assert_eq!(lab.names(&format!("golden/{system}")), expected.join(" "));
    }
}

#[test]
fn figures_are_those_that_a_replay_counts() {
    let lab = lab();
    let run = lab.run("run golden/ecology/crash-short.log --json").data();
    for (theirs, ours) in
        [("entries", "entries"), ("orders", "orders"), ("trades", "trades"), ("volume", "volume")]
    {
        let words = format!("\"{theirs}\":{}", value("crash-short", ours));
        let ends = [",", "}"].map(|end| format!("{words}{end}"));
        assert!(ends.iter().any(|words| run.contains(words)), "{words} in {run}");
    }
    for key in ["head", "outcome", "seal", "state"] {
        assert!(run.contains(&format!("\"{key}\":\"{}\"", value("crash-short", key))), "{key}");
    }
}

#[test]
fn a_changed_byte_is_found_and_its_entry_decoded() {
    let lab = lab();
    let mut log = lab.read("golden/ecology/seed-short.log");
    log[20_000] ^= 1;
    lab.write("golden/ecology/seed-short.log", log);
    let ran = lab.run("golden check seed-short").expect(Exit::Differs);
    assert!(ran.stderr.contains("byte 20000 differs, in entry "), "{}", ran.stderr);
    insta::assert_snapshot!(masked(&ran.transcript()));
    let ran = lab.run("golden check seed-short --json").expect(Exit::Differs);
    assert!(ran.stdout.contains("\"ok\":false"), "{}", ran.stdout);
    lab.run("golden check realistic-short").expect(Exit::Ok);
}

#[test]
fn every_changed_value_is_found() {
    let keys = ["entries", "head", "outcome", "seal", "state", "orders", "rejected", "trades"];
    let keys =
        keys.into_iter().chain(["volume", "cancels", "mid_squares", "one_sided", "unquoted"]);
    for key in keys {
        let lab = lab();
        let is = value("crash-short", key);
        // Another number, and another digest.
        let other =
            if is.starts_with('0') { is.replacen('0', "1", 1) } else { format!("0{}", &is[1..]) };
        edit(&lab, "crash-short", &format!("\n{key} = {is}"), &format!("\n{key} = {other}"));
        let ran = lab.run("golden check crash-short").expect(Exit::Differs);
        assert_eq!(
            ran.stderr.lines().next(),
            Some(&*format!("replay: crash-short: {key}: {other} -> {is}"))
        );
    }
}

#[test]
fn another_behaviour_of_the_kernel_is_told_from_another_run() {
    let lab = lab();
    let log = lab.read("golden/ecology/crash-short.log");
    let forged = forge(&log, |block, closing| {
        if block == 1 {
            closing.outcome = WRONG;
        }
    });
    lab.write("golden/ecology/crash-short.log", forged);
    let ran = lab.run("golden check crash-short").expect(Exit::Differs);
    holds(&ran, "replay: crash-short: block 1 (entries 1 to ");
    holds(&ran, "): entries are equal, outcome eeee");
    let lab = self::lab();
    edit(&lab, "crash-short", "step 60:", "step 61:");
    let ran = lab.run("golden check crash-short").expect(Exit::Differs);
    holds(
        &ran,
        "crash-short: genesis: parameter schedule.0001: step 60: makers leave -> step 61: makers leave\n",
    );
}

#[test]
fn a_golden_without_what_it_is_for_is_refused() {
    let lab = lab();
    let before = lab.read("golden/MANIFEST");
    // One that could be written stands beside two that may not: none is.
    edit(&lab, "seed-short", "seed = 42", "seed = 43");
    edit(&lab, "realistic-short", "steps = 200", "steps = 1");
    edit(&lab, "crash-short", "step 60:", "step 160:");
    let edited = lab.read("golden/MANIFEST");
    assert_ne!(edited, before);
    let check = lab.run("golden check realistic-short").expect(Exit::Differs);
    holds(&check, "replay: realistic-short: vacuous: trades is 0, and its purpose asks for ");
    let rows = [("golden refresh seed-short realistic-short crash-short", Exit::Differs)];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.read("golden/MANIFEST"), edited);
    for name in ["ecology/seed-short.log", "ecology/realistic-short.log"] {
        let log = fs::read(goldens().join(name)).expect("the log");
        assert!(lab.read(&format!("golden/{name}")) == log, "{name}");
    }
}

#[test]
fn a_refresh_writes_what_a_check_accepts() {
    let lab = lab();
    edit(&lab, "seed-short", "seed = 42", "seed = 43");
    edit(&lab, "seed-short", "purpose = ", "# a remark\npurpose = ");
    lab.run("golden check seed-short").expect(Exit::Differs);
    let ran = lab.run("golden refresh seed-short crash-short").expect(Exit::Ok);
    insta::assert_snapshot!(masked(&ran.transcript()));
    lab.run("golden check seed-short").data();
    let text = String::from_utf8(lab.read("golden/MANIFEST")).expect("UTF-8");
    assert!(text.contains("# a remark\npurpose = "));
    assert_eq!(text.lines().count(), manifest().lines().count() + 1);
    assert_eq!(lab.names("golden"), "MANIFEST adversarial ecology", "no temporary file stays");
    // Back to the seed of the project, and every byte is back.
    edit(&lab, "seed-short", "seed = 43", "seed = 42");
    edit(&lab, "seed-short", "# a remark\n", "");
    fs::remove_dir_all(lab.path("golden/ecology")).expect("the logs removed");
    lab.run("golden refresh seed-short crash-short realistic-short --json").data();
    assert!(lab.read("golden/MANIFEST") == manifest().into_bytes());
    for name in ["seed-short", "crash-short", "realistic-short"] {
        let name = format!("ecology/{name}.log");
        let log = fs::read(goldens().join(&name)).expect("the log");
        assert!(lab.read(&format!("golden/{name}")) == log, "{name}");
    }
}

#[test]
fn a_refresh_is_refused_where_ci_is_set() {
    let lab = lab();
    edit(&lab, "seed-short", "seed = 42", "seed = 43");
    let before = lab.read("golden/MANIFEST");
    let ran = lab.shell("CI=true replay golden refresh").expect(Exit::Usage);
    insta::assert_snapshot!(ran.transcript());
    assert_eq!(lab.read("golden/MANIFEST"), before);
    lab.shell("CI=false replay golden refresh seed-short").expect(Exit::Ok);
}

#[test]
fn what_is_absent_malformed_or_unknown_is_named() {
    let lab = lab();
    fs::remove_file(lab.path("golden/ecology/crash-short.log")).expect("the log removed");
    fs::create_dir(lab.path("empty")).expect("a folder");
    fs::create_dir(lab.path("bad")).expect("a folder");
    lab.write("bad/MANIFEST", "# head\n\n[one]\nkind = log\nkind = values\n");
    let rows = [
        ("golden check --dir empty", Exit::NoInput),
        ("golden check crash-short", Exit::NoInput),
        ("golden check --dir bad", Exit::Damaged),
        ("golden refresh --dir bad", Exit::Damaged),
        ("golden check seed-short sed-short", Exit::Usage),
        ("golden", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}
