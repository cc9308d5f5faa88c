//! `replay bisect`: where two logs part, when something came to hold, what a command says.

use cli::Exit;
use replay::block::Closing;

use crate::lab::{Lab, table};
use crate::logs::{self, WRONG};

const CALM: &str = "simulate --preset crash --set steps=200 -o calm.log";

#[test]
fn two_logs_part_where_they_part() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    lab.run(CALM).data();
    lab.run("cut crash-short.log --to 3000 -o prefix.log").data();
    let mut csv = String::from_utf8(logs::DAY.into()).expect("text");
    csv = csv.replacen("buy,limit,ioc,105,4", "buy,limit,ioc,105,6", 1);
    logs::day(&lab);
    lab.write("edited.csv", csv);
    lab.run("import csv edited.csv -o edited.log").data();
    let rows = [
        ("bisect crash-short.log crash-short.log", Exit::Ok),
        ("bisect crash-short.log crash-short.log --json", Exit::Ok),
        ("bisect crash-short.log calm.log", Exit::Differs),
        ("bisect calm.log crash-short.log --json", Exit::Differs),
        ("bisect crash-short.log prefix.log", Exit::Differs),
        ("bisect day.log edited.log", Exit::Differs),
        ("bisect day.log crash-short.log", Exit::Differs),
        ("bisect day.log none.log", Exit::NoInput),
        ("bisect day.log", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// Headers alone do not make logs equal.
#[test]
fn a_damaged_log_equals_nothing() {
    let lab = Lab::new();
    logs::demo(&lab);
    let mut log = lab.read("demo/day.log");
    log[100_000] ^= 1;
    lab.write("flipped.log", log);
    lab.run("bisect demo/day.log flipped.log").expect(Exit::Damaged);
    lab.run("bisect flipped.log demo/day.log --json").expect(Exit::Damaged);
}

#[test]
fn the_first_outcome_of_another_kernel_is_named() {
    let lab = Lab::new();
    logs::demo(&lab);
    let outcome = |number: u64, closing: &mut Closing| {
        if 3 <= number {
            closing.outcome = WRONG;
        }
    };
    let state = |_: u64, closing: &mut Closing| {
        closing.state = closing.state.map(|_| WRONG);
    };
    let log = lab.read("demo/day.log");
    lab.write("outcome.log", logs::forge(&log, outcome));
    lab.write("state.log", logs::forge(&log, state));
    let rows = [
        ("bisect demo/day.log outcome.log", Exit::Differs),
        ("bisect demo/day.log outcome.log --json", Exit::Differs),
        ("bisect demo/day.log state.log", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn the_moment_at_which_something_came_to_hold_is_found() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let rows = [
        ("bisect crash-short.log --when spread>40", Exit::Ok),
        ("bisect crash-short.log --when spread>40 --json", Exit::Ok),
        ("bisect crash-short.log --when step>=100", Exit::Ok),
        ("bisect crash-short.log --when trades>=20", Exit::Ok),
        ("bisect crash-short.log --when after(makers-leave)", Exit::Ok),
        ("bisect crash-short.log --when depth(bid,1)==0", Exit::Ok),
        ("bisect crash-short.log --when step>=100 --assume-monotone --json", Exit::Ok),
        ("bisect crash-short.log --when trade.qty>3 --assume-monotone", Exit::Usage),
        ("bisect crash-short.log --when volume>3 --assume-monotone", Exit::Usage),
        ("bisect crash-short.log --when spread>100000", Exit::Differs),
        ("bisect crash-short.log --when step>100000", Exit::Differs),
        ("bisect crash-short.log --when spraed>40", Exit::Usage),
        ("bisect crash-short.log --when spread>", Exit::Usage),
        ("bisect crash-short.log --when spread", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// What a search finds is what a look at every entry finds.
#[test]
fn a_search_finds_what_a_scan_finds() {
    let lab = Lab::new();
    lab.run("simulate --preset crash --steps 5000 -o long.log").data();
    for step in [1, 2, 2_500, 2_501, 4_999, 5_000] {
        let find = |predicate: String| {
            let line = format!("bisect long.log --when {predicate} --json");
            let found: serde_json::Value =
                serde_json::from_str(&lab.run(&line).data()).expect("JSON");
            (found["way"].as_str().map(str::to_owned), found["first"]["entry"].as_u64())
        };
        let (way, first) = find(format!("step>={step}"));
        assert_eq!(way.as_deref(), Some("search"));
        let (way, scanned) = find(format!("not(step<{step})"));
        assert_eq!(way.as_deref(), Some("scan"));
        assert_eq!(first, scanned, "step {step}");
    }
}

#[test]
fn a_command_finds_the_first_bad_entry() {
    let lab = Lab::new();
    logs::golden(&lab, "crash-short");
    let script = |check: &str| format!("replay bisect crash-short.log --run '{check}'");
    let runs = [
        (script("test $REPLAY_ENTRY -lt 1234"), Exit::Ok),
        (
            script("test $(replay run $REPLAY_CUT --json | grep -o makers | wc -l) -ge 0"),
            Exit::Differs,
        ),
        (script("! replay cat $REPLAY_CUT | grep -q makers-leave"), Exit::Ok),
        (
            script(
                "test $REPLAY_ENTRY -gt 999 -a $REPLAY_ENTRY -lt 1101 && exit 125; test $REPLAY_ENTRY -lt 1050",
            ),
            Exit::CannotTest,
        ),
        (script("exit 0"), Exit::Differs),
        (script("exit 1"), Exit::CannotTest),
        (script("test $REPLAY_ENTRY -lt 2000 || kill -9 $$"), Exit::CannotTest),
    ];
    let told = runs.map(|(script, exit)| {
        let ran = lab.shell(&script).expect(exit);
        let lines: Vec<_> = ran.transcript().lines().map(str::to_owned).collect();
        // Every step of the search is said on standard error.
        let is_step = |line: &String| line.starts_with("behind entry");
        let steps = lines.iter().filter(|line| is_step(line)).count();
        let rest: Vec<_> = lines.into_iter().filter(|line| !is_step(line)).collect();
        assert!(steps <= 120, "{steps} runs");
        rest.join("\n")
    });
    insta::assert_snapshot!(told.join("\n\n"));
    assert_eq!(lab.names("."), "crash-short.log", "no cut log stays behind");
}
