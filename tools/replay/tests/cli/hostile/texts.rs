//! Texts of a foreign log: what is printed of them is shown, never obeyed, and none is a path.

use std::collections::BTreeMap;
use std::process::Command;

use kernel::Side;
use replay::{Digest, Genesis, Parent};

use super::{bounded, is_obeyed, readers, recorded};
use crate::lab::{Lab, REPLAY};
use crate::logs;

/// Colours, a cleared screen, C1, an override of direction, an isolate, NUL, a line of its own.
const HOSTILE: &str = "x\u{1b}[31m\u{1b}[2J\u{9b}1m\u{202e}\u{2067}\0\r\nroot# ../../secret \u{7f}";

fn genesis(producer: &str) -> Genesis {
    let mut genesis = Genesis::new(kernel::Genesis::open(), producer);
    let texts = ["steps", "preset", "fair.drift", "fork.changes", HOSTILE, "../../secret"];
    genesis.parameters =
        texts.iter().map(|key| ((*key).to_owned(), HOSTILE.to_owned())).collect::<BTreeMap<_, _>>();
    let seal = Digest([7; 32]);
    genesis.parent = Some(Parent { seal, entry: 1, head: seal });
    genesis
}

fn hostile_log(lab: &Lab, name: &str, producer: &str) {
    let commands = [logs::place(1, Side::Buy, 100), logs::place(2, Side::Sell, 100)];
    lab.write(name, recorded(&genesis(producer), &commands));
}

#[test]
fn no_command_prints_what_a_terminal_obeys() {
    let lab = Lab::new();
    logs::day(&lab);
    hostile_log(&lab, "hostile.log", HOSTILE);
    hostile_log(&lab, "ecology.log", "ecology");
    hostile_log(&lab, "lobster.log", "import-lobster");
    let mut shown = 0;
    for log in ["hostile.log", "ecology.log", "lobster.log"] {
        for line in readers(log) {
            let ran = bounded(&lab, &line);
            let text = format!("{}{}", ran.stdout, ran.stderr);
            shown += usize::from(text.contains("u{202e}") || text.contains("u202e"));
        }
    }
    // The texts are told, or nothing would have been tried.
    assert!(8 <= shown, "{shown}");
}

#[test]
fn json_with_hostile_texts_is_json_of_the_same_texts() {
    let lab = Lab::new();
    hostile_log(&lab, "hostile.log", HOSTILE);
    let info = bounded(&lab, "info hostile.log --json").stdout;
    let info: serde_json::Value = serde_json::from_str(&info).expect("JSON");
    assert_eq!(info.pointer("/genesis/producer").and_then(|it| it.as_str()), Some(HOSTILE));
}

/// The page is no terminal; but nobody's text may be markup in it.
#[test]
fn names_of_files_are_shown_too() {
    let lab = Lab::new();
    let name = "a\u{1b}[31m\u{202e}.log";
    lab.write(name, "no log");
    let ran = lab.run_with("run", &[name]);
    assert_eq!(ran.exit, 65);
    assert!(!ran.stderr.chars().any(is_obeyed), "{}", ran.stderr.escape_debug());
    assert!(ran.stderr.contains("\\u{1b}[31m\\u{202e}.log"), "{}", ran.stderr);
}

/// Under `strace`, where it can be used: of the folder, nothing is opened but what was named and what
/// lies beside it.
#[test]
fn no_path_out_of_a_log_is_opened() {
    let lab = Lab::new();
    let secret = lab.path("secret");
    lab.write("secret", "mine");
    let can_trace = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !can_trace.is_ok_and(|status| status.success()) {
        return;
    }
    logs::day(&lab);
    let path = secret.to_str().expect("a path");
    let mut genesis = genesis(path);
    for key in ["log", "path", "parent", "schedule", "fair_value_csv", "messages", "preset"] {
        genesis.parameters.insert(key.to_owned(), path.to_owned());
    }
    let commands = [logs::place(1, Side::Buy, 100), logs::place(2, Side::Sell, 100)];
    lab.write("named.log", recorded(&genesis, &commands));
    genesis.producer = "ecology".to_owned();
    lab.write("ecology.log", recorded(&genesis, &commands));
    let mut traced = 0;
    for line in readers("named.log").into_iter().chain(readers("ecology.log")) {
        lab.shell(&format!(
            "strace -f -o trace -e trace=open,openat,openat2,execve {REPLAY} {line}"
        ));
        let trace = String::from_utf8_lossy(&lab.read("trace")).into_owned();
        assert!(!trace.contains("secret"), "{line}\n{trace}");
        traced += usize::from(trace.contains("named.log\"") || trace.contains("ecology.log\""));
    }
    assert!(90 <= traced, "{traced}");
}
