//! Exit 1: the log is whole and something about it is not as expected.

use cli::Exit;
use replay::block::Closing;

use crate::lab::{Lab, table};
use crate::logs::{self, WRONG};

const EXIT: Exit = Exit::Differs;

#[test]
fn another_head_or_seal_is_told() {
    let lab = Lab::new();
    logs::day(&lab);
    let lines = [
        format!("verify day.log --expect-head {WRONG}"),
        format!("verify day.log --expect-seal {WRONG}"),
        format!("verify day.log --chain-only --expect-head {WRONG} --expect-seal {WRONG}"),
    ];
    let rows: Vec<_> = lines.iter().map(|line| (&line[..], EXIT)).collect();
    insta::assert_snapshot!(table(&lab, &rows));
}

/// The head is over the open block too, whose bytes nothing else vouches for.
#[test]
fn another_head_of_an_open_log_is_told() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let honest = lab.run("verify open.log --json").data();
    let honest: serde_json::Value = serde_json::from_str(&honest).expect("JSON");
    let head = honest["head"].as_str().expect("a head");
    let verify = format!("verify open.log --expect-head {head}");
    for more in ["", " --chain-only"] {
        lab.run(&format!("{verify}{more}")).expect(Exit::Ok);
        lab.run(&format!("verify open.log --expect-head {WRONG}{more}")).expect(EXIT);
    }
    // The last frame is gone: what is left is whole, and not what it was.
    let tail = lab.read("open.log.tail");
    let frame = |at: usize| {
        20 + u32::from_le_bytes(tail[at..at + 4].try_into().expect("four bytes")) as usize
    };
    let second = 44 + frame(44);
    lab.write("open.log.tail", &tail[..second + frame(second)]);
    lab.run("verify open.log").expect(Exit::Ok);
    lab.run(&verify).expect(EXIT);
}

/// Every digest of a forged log is right; only a replay can tell that the market did otherwise.
#[test]
fn a_forged_outcome_is_found_by_replay_only() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    let outcome = |number: u64, closing: &mut Closing| {
        if number == 2 || number == 4 {
            closing.outcome = WRONG;
        }
    };
    let state = |_: u64, closing: &mut Closing| {
        closing.state = closing.state.map(|_| WRONG);
    };
    let time = |number: u64, closing: &mut Closing| closing.time.0 += u64::from(number == 3);
    lab.write("outcome.log", logs::forge(&log, outcome));
    lab.write("state.log", logs::forge(&log, state));
    lab.write("time.log", logs::forge(&log, time));
    lab.write("same.log", logs::forge(&log, |_, _| ()));
    assert!(lab.read("same.log") == log, "a forger who changes nothing writes the same log");
    let rows = [
        ("verify outcome.log --chain-only", Exit::Ok),
        ("verify outcome.log", EXIT),
        ("verify outcome.log --all", EXIT),
        ("verify outcome.log --all --json", EXIT),
        ("verify state.log", EXIT),
        ("verify time.log", EXIT),
        ("run outcome.log", EXIT),
        ("run state.log", EXIT),
        ("run time.log", EXIT),
        ("hashes outcome.log", EXIT),
        ("export outcome.log --table accounts", EXIT),
        ("info outcome.log", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    // Its entries are authentic, and nothing was cut off: there is nothing to recover from.
    lab.run("recover outcome.log -o out.log").data();
    lab.run("cat outcome.log").expect(EXIT);
}

#[test]
fn a_difference_counts_even_when_nobody_reads_on() {
    let lab = Lab::new();
    logs::day(&lab);
    let script =
        format!("{{ replay verify day.log --json --expect-head {WRONG}; echo $? > exit; }} | true");
    for _ in 0..5 {
        lab.shell(&script);
        assert_eq!(lab.read("exit"), b"1\n");
    }
}

#[test]
fn contradictory_lobster_files_make_a_log_and_say_so() {
    let lab = Lab::new();
    logs::lobster_files(&lab);
    let messages = String::from_utf8(lab.read("messages.csv")).expect("text");
    // A submission of 20 lots in sight of the book becomes one of 21.
    let changed = messages.replace(",1,2117,20,51200,-1\n", ",1,2117,21,51200,-1\n");
    assert!(messages != changed, "the row is there");
    lab.write("messages.csv", changed);
    let ran = lab.run(&format!("{} -o out.log", logs::IMPORT_LOBSTER)).expect(EXIT);
    assert!(ran.stderr.contains("1 contradictions between the two files"), "{}", ran.stderr);
}
