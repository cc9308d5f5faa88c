//! `replay fork` and `replay verify --parent`.

use std::fs;
use std::path::Path;

use cli::Exit;
use kernel::{Command, Decision, Qty, Reference, Venue};
use replay::{Digest, Entry, Genesis, Parent, Recorder, SyncPolicy};
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::{logs, simulate};

const SHORT: &str = "simulate --preset seed --steps 60 --seed 7 -o day.log";

fn json(lab: &Lab, line: &str) -> Value {
    serde_json::from_str(&lab.run(&format!("{line} --json")).data()).expect("JSON")
}

/// Head, outcome and state of a log, once it verifies alone and beside its parent.
fn digests(lab: &Lab, log: &str) -> [Value; 3] {
    let run = json(lab, &format!("run {log}"));
    ["head", "outcome", "state"].map(|name| run[name].clone())
}

/// Entries as text, without their numbers.
fn entries(lab: &Lab, log: &str) -> Vec<String> {
    let text = lab.run(&format!("cat {log}")).data();
    text.lines()
        .map(|line| line.trim_start().split_once("  ").expect("an entry").1.to_owned())
        .collect()
}

/// The number of entries up to the clock of a step, that left out.
fn before(lab: &Lab, log: &str, step: u64) -> usize {
    let clock = format!("clock {} ns, step {step}", step * 1_000_000_000);
    entries(lab, log).iter().position(|entry| *entry == clock).expect("a step")
}

#[test]
fn an_unchanged_fork_of_every_golden_is_the_golden() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/ecology");
    let lab = Lab::new();
    let mut forks = 0;
    for file in fs::read_dir(golden).expect("the goldens") {
        let file = file.expect("a file").path();
        fs::copy(&file, lab.path("golden.log")).expect("a copy");
        let parent = digests(&lab, "golden.log");
        let last = json(&lab, "info golden.log")["entries"].as_u64().expect("a count") - 1;
        let inside = (0..=last / 500).map(|part| (part * 500).to_string());
        for at in inside.chain(["end".to_owned()]) {
            let line = format!("fork golden.log --at {at} -o child.log --force");
            lab.run(&line).expect(Exit::Ok);
            assert_eq!(digests(&lab, "child.log"), parent, "{} at {at}", file.display());
            lab.run("verify child.log --parent golden.log --producer").expect(Exit::Ok);
            forks += 1;
        }
    }
    assert!(3 * 8 <= forks, "{forks}");
}

#[test]
fn an_unchanged_fork_of_a_long_run_is_the_run() {
    let lab = Lab::new();
    lab.run("simulate --preset seed --steps 4000 -o day.log").expect(Exit::Ok);
    let parent = digests(&lab, "day.log");
    for at in ["1", "33333", "50000", "end"] {
        lab.run(&format!("fork day.log --at {at} -o child.log --force")).expect(Exit::Ok);
        assert_eq!(digests(&lab, "child.log"), parent, "at {at}");
    }
}

#[test]
fn forks_and_what_they_say() {
    let lab = Lab::new();
    lab.run(SHORT).expect(Exit::Ok);
    let rows = [
        ("fork day.log --at 500 -o same.log", Exit::Ok),
        ("fork day.log --at 500 --set tax=1.5 --seed 9 --without 301 -o child.log", Exit::Ok),
        ("fork child.log --at -5 --set maker.levels=1 --set steps=70 -o grandchild.log", Exit::Ok),
        ("fork day.log --at 500 --population makers=3,noise=0 -o more.log --json", Exit::Ok),
        ("info grandchild.log", Exit::Ok),
        ("verify child.log", Exit::Ok),
        ("verify child.log --producer", Exit::Ok),
        ("verify grandchild.log --producer --parent child.log", Exit::Ok),
        ("verify child.log --chain-only --parent day.log --json", Exit::Ok),
        ("verify more.log --producer", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let names = "child.log child.log.note day.log day.log.note grandchild.log grandchild.log.note \
                 more.log more.log.note same.log same.log.note";
    assert_eq!(lab.names("."), names);
    let (parent, child) = (entries(&lab, "day.log"), entries(&lab, "child.log"));
    assert_eq!(child[..500], parent[..500]);
    assert_eq!(child[500], "set rule tax 15000");
    assert!(!child[800..].iter().any(|entry| entry.contains("by client 301")));
    assert!(parent[800..].iter().any(|entry| entry.contains("by client 301")));
}

#[test]
fn another_schedule_is_the_run_of_that_schedule() {
    let lab = Lab::new();
    let simulate = "simulate --preset crash --steps 60 --seed 7";
    let leave = "'schedule.0001=step 31: makers leave'";
    lab.shell(&format!("replay {simulate} --set {leave} -o crash.log")).expect(Exit::Ok);
    lab.run(&format!("{simulate} -o calm.log")).expect(Exit::Ok);
    let at = before(&lab, "calm.log", 31);
    lab.run(&format!("fork crash.log --at {at} --set schedule=none -o saved.log")).expect(Exit::Ok);
    lab.shell(&format!("replay fork calm.log --at {at} --set {leave} -o lost.log"))
        .expect(Exit::Ok);
    assert_eq!(digests(&lab, "saved.log"), digests(&lab, "calm.log"));
    assert_eq!(digests(&lab, "lost.log"), digests(&lab, "crash.log"));
    assert_ne!(digests(&lab, "lost.log"), digests(&lab, "calm.log"));
    for log in ["saved.log", "lost.log"] {
        lab.run(&format!("verify {log} --producer")).expect(Exit::Ok);
    }
}

#[test]
fn at_the_start_everything_can_be_another() {
    let lab = Lab::new();
    lab.run(SHORT).expect(Exit::Ok);
    let options = "--set market.price=5000 --set market.endowment=20 --set market.tax=1 \
                   --set noise.life=4 --seed 9";
    let line = format!("fork day.log --at 0 {options} --population noise=6 -o child.log");
    lab.run(&line).expect(Exit::Ok);
    let line = SHORT.replace("--seed 7 -o day.log", options);
    lab.run(&format!("{line} --noise 6 -o whole.log")).expect(Exit::Ok);
    assert_eq!(digests(&lab, "child.log"), digests(&lab, "whole.log"));
    lab.run("fork day.log --at 0 --set tax=1 --without 301 -o rule.log").expect(Exit::Ok);
    assert_eq!(entries(&lab, "rule.log")[0], "set rule tax 10000");
    for log in ["child.log", "rule.log"] {
        lab.run(&format!("verify {log} --producer --parent day.log")).expect(Exit::Ok);
    }
    let line = "fork child.log --at 0 --set schedule=none --set market.price=6000 -o again.log";
    lab.run(line).expect(Exit::Ok);
    lab.run("verify again.log --producer --parent child.log").expect(Exit::Ok);
}

#[test]
fn an_imported_log_goes_on_with_its_remaining_commands() {
    let lab = Lab::new();
    logs::day(&lab);
    let last = entries(&lab, "day.log").len() - 1;
    for at in 0..=last {
        lab.run(&format!("fork day.log --at {at} -o child.log --force")).expect(Exit::Ok);
        assert_eq!(digests(&lab, "child.log"), digests(&lab, "day.log"), "at {at}");
        lab.run("verify child.log --parent day.log").expect(Exit::Ok);
    }
    logs::fixture(&lab);
    let rows = [
        ("fork day.log --at 14 --set tax=2 --set state=halted -o ruled.log", Exit::Ok),
        ("fork day.log --at 14 --without 2 -o without.log", Exit::Ok),
        ("cat without.log", Exit::Ok),
        ("verify without.log --parent day.log", Exit::Ok),
        ("fork without.log --at 15 --without 1 --json -o both.log", Exit::Ok),
        ("info both.log", Exit::Ok),
        ("verify without.log --producer", Exit::CannotTest),
        ("fork fixture.log --at 300 -o fixture2.log", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(digests(&lab, "fixture2.log"), digests(&lab, "fixture.log"));
}

/// Every command of the others, with the new ids of their orders, and none of the one who left.
#[test]
fn without_a_client_its_commands_are_missing_and_the_others_stand() {
    let lab = Lab::new();
    let row = |op: &str| format!("{op}\n");
    let mut csv = row("time_ns,op,client,order,side,type,tif,price,qty,extra");
    for number in 1..=40_u32 {
        let (client, price) = (1 + number % 3, 90 + number % 7);
        csv += &row(&format!("{number},place,{client},{number},buy,limit,gtc,{price},9,"));
        if 6 < number {
            let (old, owner) = (number - 5, 1 + (number - 5) % 3);
            let rest = if number % 2 == 0 { "reduce,{},,,,,2," } else { "replace,{},,,,80,4," };
            let (op, rest) = rest.split_once(",{}").expect("an operation");
            csv += &row(&format!("{number},{op},{owner},{old}{rest}"));
        }
    }
    lab.write("in.csv", &csv);
    lab.run("import csv in.csv -o all.log").expect(Exit::Ok);
    assert_eq!(json(&lab, "run all.log")["counts"]["rejected"], 0);
    // From the start, it is the import of the others' rows.
    let is_others = |line: &&str| line.split(',').nth(2) != Some("3");
    let others: String = csv.lines().filter(is_others).map(row).collect();
    lab.write("others.csv", others);
    lab.run("import csv others.csv -o others.log").expect(Exit::Ok);
    lab.run("fork all.log --at 0 --without 3 -o none.log").expect(Exit::Ok);
    let csv_of = |log: &str| lab.run(&format!("cat {log} --format csv")).data();
    let rows = |log: &str| -> Vec<String> {
        let text = csv_of(log);
        text.lines().filter(|line| !line.contains(",clock,")).map(ToOwned::to_owned).collect()
    };
    assert_eq!(rows("none.log"), rows("others.log"));
    // In the middle, what rested goes and the rest follows.
    let forked = json(&lab, "fork all.log --at 40 --without 3 -o part.log");
    assert!(10 < forked["dropped"].as_u64().expect("a count"));
    assert_eq!(json(&lab, "run part.log")["counts"]["rejected"], 0);
    lab.run("verify part.log --parent all.log").expect(Exit::Ok);
    let part = entries(&lab, "part.log");
    assert!(part[40].starts_with("mass cancel by client 3"), "{}", part[40]);
    assert!(!part[41..].iter().any(|entry| entry.contains("client 3")));
}

#[test]
fn an_open_log_stays_open() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 3_000);
    let rows = [
        ("fork open.log --at 2999 --set band=5 -o child.log", Exit::Ok),
        ("fork open.log --at end -o same.log", Exit::Ok),
        ("fork open.log --at 3001 -o other.log", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(digests(&lab, "same.log"), digests(&lab, "open.log"));
    lab.run("verify child.log --parent open.log").expect(Exit::Ok);
}

#[test]
fn what_cannot_be_forked_is_refused() {
    let lab = Lab::new();
    lab.run(SHORT).expect(Exit::Ok);
    lab.write("there.log", "mine");
    let ends = |options: &str| format!("fork day.log --at 500 {options} -o child.log");
    let refused = [
        "--set maker.siz=4",
        "--set maker.size",
        "--set maker.size=big",
        "--set taxes=1",
        "--set tax=-1",
        "--set market.price=5000",
        "--set market.endowment=5",
        "--set schedule=all",
        "--set schedule.0002=x",
        "--set steps=5",
        "--set fair.floor=20000",
        "--population noise=100",
        "--population traders=5",
        "--population noise",
        "--without 350",
        "--without maker",
        "--seed -1",
    ];
    let refused: Vec<_> = refused.into_iter().map(ends).collect();
    let mut rows: Vec<_> = refused.iter().map(|line| (line.as_str(), Exit::Usage)).collect();
    rows.extend([
        ("fork day.log --at 5000 -o child.log", Exit::Usage),
        ("fork day.log --at -5000 -o child.log", Exit::Usage),
        ("fork day.log --at noon -o child.log", Exit::Usage),
        ("fork day.log -o child.log", Exit::Usage),
        ("fork day.log --at 5", Exit::Usage),
        ("fork day.log --at 5 -o day.log --force", Exit::Usage),
        ("fork day.log --at 0 --set market.price=5 -o child.log", Exit::Usage),
        ("fork day.log --at 0 --set nose.life=5 -o child.log", Exit::Usage),
        ("fork day.log --at 5 -o there.log", Exit::CannotCreate),
        ("fork missing.log --at 5 -o child.log", Exit::NoInput),
        ("fork there.log --at 5 -o child.log", Exit::Damaged),
    ]);
    insta::assert_snapshot!(table(&lab, &rows));
    let past = "replay fork day.log --at 500 --set 'schedule.0001=step 1: uncross' -o child.log";
    insta::assert_snapshot!("fork_past", lab.shell(past).expect(Exit::Usage).transcript());
    assert_eq!(lab.names("."), "day.log day.log.note there.log", "nothing is left behind");
}

#[test]
fn what_commands_cannot_follow_is_refused() {
    let lab = Lab::new();
    logs::day(&lab);
    let rows = [
        ("fork day.log --at 5 --seed 7 -o child.log", Exit::Usage),
        ("fork day.log --at 5 --population noise=7 -o child.log", Exit::Usage),
        ("fork day.log --at 5 --set maker.size=7 -o child.log", Exit::Usage),
        ("fork day.log --at 5 --set market.price=7000 -o child.log", Exit::Usage),
        ("fork day.log --at 5 --set schedule=none -o child.log", Exit::Usage),
        ("fork day.log --at 5 --set noise=7 -o child.log", Exit::Usage),
        ("fork day.log --at 5 --set taxes=7 -o child.log", Exit::Usage),
        ("fork day.log --at 5 --without 9 -o child.log", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "day.csv day.log day.log.note", "nothing is left behind");
}

#[test]
fn a_parent_is_told_from_other_logs() {
    let lab = Lab::new();
    lab.run(SHORT).expect(Exit::Ok);
    lab.run(&SHORT.replace("--seed 7 -o day.log", "--seed 8 -o other.log")).expect(Exit::Ok);
    lab.run(&SHORT.replace("60 --seed 7 -o day.log", "5 --seed 7 -o short.log")).expect(Exit::Ok);
    lab.run("fork day.log --at 500 --set tax=1 -o child.log").expect(Exit::Ok);
    let rows = [
        ("verify child.log --parent other.log", Exit::Differs),
        ("verify child.log --parent short.log", Exit::Differs),
        ("verify day.log --parent child.log", Exit::Differs),
        ("verify child.log --parent other.log --json", Exit::Differs),
        ("verify child.log --parent missing.log", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// A log of two decisions with one command, by nobody that is known here.
fn decided(lab: &Lab, name: &str, genesis: &Genesis, observation: Option<[u8; 8]>) {
    let create = |name: &str| fs::File::create(lab.path(name)).expect("a file");
    let (log, tail) = (create(name), create(&format!("{name}.tail")));
    let recorder = Recorder::create(genesis, log, tail, SyncPolicy::None);
    let mut recorder = recorder.expect("a recorder");
    recorder.submit(Command::Uncross).expect("recorded");
    let decision = Decision {
        agent: 1,
        policy: 9,
        action: &[1],
        first_reference: Reference(0),
        commands: 0,
        observation,
    };
    recorder.note(decision).expect("recorded");
    recorder.finish().expect("an end");
    fs::remove_file(lab.path(&format!("{name}.tail"))).expect("an empty tail");
}

#[test]
fn decisions_of_others_cannot_be_taken_again() {
    let lab = Lab::new();
    let genesis = Genesis::new(kernel::Genesis::open(), "somebody\u{1b}[31m");
    decided(&lab, "learned.log", &genesis, Some([7; 8]));
    decided(&lab, "foreign.log", &genesis, None);
    let rows = [
        ("fork learned.log --at 1 -o child.log", Exit::CannotTest),
        ("fork foreign.log --at 1 -o child.log", Exit::CannotTest),
        ("fork foreign.log --at 1 --seed 1 -o child.log", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "foreign.log learned.log", "nothing is left behind");
}

#[test]
fn what_a_fork_says_of_its_parent_is_compared_with_itself() {
    let lab = Lab::new();
    let parent = |entry| Some(Parent { seal: logs::WRONG, entry, head: logs::WRONG });
    let genesis = Genesis::new(kernel::Genesis::open(), "import-csv");
    decided(&lab, "liar.log", &Genesis { parent: parent(1), ..genesis.clone() }, None);
    decided(&lab, "short.log", &Genesis { parent: parent(9), ..genesis.clone() }, None);
    let start = Some(Parent { seal: logs::WRONG, entry: 0, head: Digest::ZERO });
    decided(&lab, "start.log", &Genesis { parent: start, ..genesis }, None);
    let rows = [
        ("verify liar.log", Exit::Differs),
        ("verify short.log --chain-only", Exit::Differs),
        ("verify start.log", Exit::Ok),
        ("verify start.log --parent liar.log", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// Agents go on only from what they decide again.
#[test]
fn every_decision_up_to_the_entry_is_checked() {
    let lab = Lab::new();
    lab.run("simulate --preset seed --steps 300 --seed 7 -o day.log").expect(Exit::Ok);
    simulate::forge(&lab, |number, entry| {
        if let (3_000..3_010, Entry::Command(Command::Place(place))) = (number, entry) {
            place.qty = Qty::new(place.qty.lots() + 1).expect("a quantity");
        }
    });
    let rows = [
        ("fork forged.log --at 2999 -o child.log", Exit::Ok),
        ("fork forged.log --at 4000 -o other.log", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(digests(&lab, "child.log"), digests(&lab, "day.log"));
}

/// Parameters of a foreign log are refused with what is wrong, never obeyed.
#[test]
fn forks_in_a_genesis_that_are_none_are_refused() {
    let lab = Lab::new();
    lab.run("simulate --steps 5 -o day.log").expect(Exit::Ok);
    let file = fs::File::open(lab.path("day.log")).expect("a log");
    let header = replay::header::read(&mut &file).expect("a header");
    for (name, key, text) in [
        ("text.log", "fork.0001", "entry\u{1b} 5"),
        ("gap.log", "fork.0002", "entry 5 step 1"),
        ("agent.log", "fork.0001", "entry 5 step 1: without 399"),
    ] {
        let mut genesis = header.genesis.clone();
        genesis.parameters.insert(key.to_owned(), text.to_owned());
        decided(&lab, name, &genesis, None);
    }
    let rows = [
        ("verify text.log --producer", Exit::Damaged),
        ("verify gap.log --producer", Exit::Damaged),
        ("fork text.log --at 1 -o child.log", Exit::Damaged),
        ("fork agent.log --at 1 -o child.log", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

/// What a parent became behind the entry at which a fork leaves it is not the fork's future.
#[test]
fn a_fork_before_its_parents_own_fork_forgets_it() {
    let lab = Lab::new();
    lab.run(SHORT).data();
    lab.run("fork day.log --at s:40 --set tax=1 --without 1 -o late.log").data();
    let forked = "fork late.log --at s:20 --without 1 --set steps=35 -o early.log";
    lab.run(forked).data();
    lab.run("verify early.log --producer --parent late.log").data();
    lab.run("fork day.log --at s:20 --without 1 --set steps=35 -o plain.log").data();
    assert_eq!(digests(&lab, "early.log"), digests(&lab, "plain.log"));
}
