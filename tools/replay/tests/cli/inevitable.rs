//! `replay inevitable`: forks along a log, and what they come to.

use std::fs::File;

use cli::{Exit, tail_path};
use kernel::{Command, Qty};
use replay::{Entry, Player, ReadLimits, Reader, Recorder, SyncPolicy};
use serde_json::{Value, json};

use crate::lab::{Lab, table};
use crate::{logs, simulate};

mod resuming;

/// A market whose makers leave half-way; the crash comes in some futures and not in others.
pub(crate) fn crash(lab: &Lab) {
    let leave = "'schedule.0001=step 60: makers leave'";
    let line = format!("replay simulate --preset crash --steps 120 --set {leave} -o crash.log");
    lab.shell(&line).data();
}

const CRASH: &str = "--when 'crash: best_bid < 9920'";
const WIDE: &str = "--when 'wide: after(makers-leave) and spread > 40'";
const RANGE: &str = "--from s:10..s:110 --points 6 --seeds 8";

fn ask(lab: &Lab, options: &str) -> crate::lab::Ran {
    lab.shell(&format!("replay inevitable crash.log {options}"))
}

fn answer(lab: &Lab, options: &str) -> Value {
    let ran = ask(lab, &format!("{options} --json")).expect(Exit::Ok);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().expect("a list")
}

fn entries(lab: &Lab, log: &str) -> u64 {
    let info = lab.run(&format!("info {log} --json")).data();
    let info: Value = serde_json::from_str(&info).expect("JSON");
    info["entries"].as_u64().expect("a count")
}

/// The first moment of a predicate in a log, as `bisect` finds it.
fn first_in(lab: &Lab, log: &str, predicate: &str) -> Value {
    let ran = lab.shell(&format!("replay bisect {log} --when '{predicate}' --json"));
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    match found["first"]["entry"].as_u64() {
        Some(entry) => json!({ "entry": entry, "step": found["first"]["step"] }),
        None => Value::Null,
    }
}

#[test]
fn what_is_told() {
    let lab = Lab::new();
    crash(&lab);
    let text = ask(&lab, &format!("{CRASH} {WIDE} {RANGE}")).data();
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    insta::assert_snapshot!(text);
    let answer =
        answer(&lab, &format!("{CRASH} {WIDE} --from @makers-leave..end --points 2 --seeds 2"));
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&answer).expect("JSON"));
}

/// Each fork is what the command that is told for it records.
#[test]
fn a_fork_is_the_fork_of_that_seed() {
    let lab = Lab::new();
    crash(&lab);
    // One predicate is about decisions; one holds at the end entry of the log, and only there.
    assert_eq!(entries(&lab, "crash.log"), 1927);
    let outcomes = [
        ("a", "best_bid < 9920"),
        ("b", "agent == 203 and step > 80"),
        ("c", "step >= 120 and volume > 3000"),
        ("d", "trade.qty > 30 and after(makers-leave)"),
        ("e", "entry >= 1927"),
    ];
    let when = outcomes.map(|(name, predicate)| format!("--when '{name}: {predicate}'")).join(" ");
    for range in ["--from 0..s:110 --points 4 --seeds 3", "--from end..end --points 1 --seeds 1"] {
        let answer = answer(&lab, &format!("{when} {range}"));
        let forks = list(&answer, "forks");
        assert!(!forks.is_empty());
        for fork in forks {
            let (entry, seed) = (&fork["entry"], &fork["seed"]);
            let line = format!("fork crash.log --at {entry} --seed {seed} -o fork.log --force");
            lab.run(&line).expect(Exit::Ok);
            let firsts = outcomes.map(|(_, predicate)| first_in(&lab, "fork.log", predicate));
            assert_eq!(*list(fork, "firsts"), firsts, "{line}");
        }
        let point = &list(&answer, "points")[0];
        let command = point["first_fork"].as_str().expect("a command");
        lab.shell(&format!("{command} --force")).expect(Exit::Ok);
    }
}

/// A position anywhere within a step is the fork at its end, with the same future.
#[test]
fn a_fork_within_a_step_is_the_fork_at_its_end() {
    let lab = Lab::new();
    crash(&lab);
    let answer = answer(&lab, &format!("{CRASH} --from s:40..s:40 --points 1 --seeds 1"));
    let end = list(&answer, "points")[0]["entry"].as_u64().expect("an entry");
    let seed = &list(&answer, "forks")[0]["seed"];
    let head = |at: u64| {
        let line = format!("fork crash.log --at {at} --seed {seed} -o fork.log --force --json");
        let fork: Value = serde_json::from_str(&lab.run(&line).data()).expect("JSON");
        fork["head"].clone()
    };
    let heads: Vec<_> = (end - 3..=end).map(head).collect();
    assert!(heads.iter().all(|head| *head == heads[3]), "{heads:?}");
    assert_ne!(head(end + 1), heads[3], "behind the next clock it is the next point's");
}

/// Forks of a log that was forked itself: what it became behind a point is forgotten there.
#[test]
fn a_forked_log_can_be_asked_too() {
    let lab = Lab::new();
    crash(&lab);
    lab.run("fork crash.log --at s:50 --set tax=2 --population noise=6 --seed 5 -o child.log")
        .expect(Exit::Ok);
    let line = "replay inevitable child.log --when 'a: best_bid < 9940' --when 'b: taxes > 100000' \
                --from s:30..s:70 --points 5 --seeds 3 --json";
    let answer: Value = serde_json::from_str(&lab.shell(line).data()).expect("JSON");
    // Behind step 50 a rule stands on the border, and belongs to the point.
    let entries: Vec<_> = list(&answer, "points").iter().map(|point| &point["entry"]).collect();
    for fork in list(&answer, "forks") {
        let (entry, seed) = (&fork["entry"], &fork["seed"]);
        let line = format!("fork child.log --at {entry} --seed {seed} -o fork.log --force");
        lab.run(&line).expect(Exit::Ok);
        let firsts = ["best_bid < 9940", "taxes > 100000"];
        let firsts = firsts.map(|predicate| first_in(&lab, "fork.log", predicate));
        assert_eq!(*list(fork, "firsts"), firsts, "{line}, of {entries:?}");
    }
    let taxed = list(&answer["outcomes"][1], "curve").iter();
    let taxed: Vec<_> = taxed.map(|it| (it["hits"].clone(), it["has_happened"].clone())).collect();
    let expected = [(0, false), (0, false), (3, false), (0, true), (0, true)];
    assert_eq!(
        taxed,
        expected.map(|(hits, has)| (json!(hits), json!(has))),
        "taxed from step 50 on"
    );
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let lab = Lab::new();
    crash(&lab);
    logs::day(&lab);
    logs::interrupted(&lab.path("open.log"), 300);
    lab.write("there.json", "mine");
    lab.write("c.forks", lab.read("crash.log"));
    lab.write("torn.log", &lab.read("crash.log")[..60_000]);
    let when = "--when spread>20";
    let of = |range: &str| format!("inevitable crash.log {when} {range}");
    let refused = [
        "--from 30..20",
        "--from 30..31",
        "--from end..0",
        "--from 5..99999",
        "--from -99999..5",
        "--from @lunch..5",
        "--from 5",
        "--from 5..",
        "--from 5..end --points 0",
        "--from 5..end --seeds 0",
        "--from 5..end -o crash.log --force",
        "--from 5..end --svg crash.log.tail --force",
        "--from 5..end -o c.json --svg c.json",
        "--from 5..end -o c.json --svg c.json.forks",
    ];
    let refused: Vec<_> = refused.into_iter().map(of).collect();
    let mut rows: Vec<_> = refused.iter().map(|line| (line.as_str(), Exit::Usage)).collect();
    rows.extend([
        ("inevitable c.forks --when spread>20 --from 5..end -o c --force", Exit::Usage),
        ("inevitable crash.log --from 5..end", Exit::Usage),
        ("inevitable crash.log --when spread>2O --from 5..end", Exit::Usage),
        ("inevitable crash.log --when wide:spred>20 --from 5..end", Exit::Usage),
        ("inevitable crash.log --when a:spread>2 --when a:spread>3 --from 5..end", Exit::Usage),
        ("inevitable crash.log --when spread>20 --from 5..end -o there.json", Exit::CannotCreate),
        ("inevitable crash.log --when spread>20 --from 5..end -o no/c.json", Exit::CannotCreate),
        (
            "inevitable crash.log --when spread>20 --from 5..end --svg there.json",
            Exit::CannotCreate,
        ),
        ("inevitable missing.log --when spread>20 --from 5..end", Exit::NoInput),
        ("inevitable there.json --when spread>20 --from 5..end", Exit::Damaged),
        ("inevitable torn.log --when spread>20 --from 5..end", Exit::Damaged),
        ("inevitable day.log --when spread>20 --from 5..end", Exit::CannotTest),
        ("inevitable open.log --when spread>20 --from 5..end", Exit::CannotTest),
    ]);
    insta::assert_snapshot!(table(&lab, &rows));
    let names = "c.forks crash.log crash.log.note day.csv day.log day.log.note open.log open.log.tail there.json torn.log";
    assert_eq!(lab.names("."), names, "nothing is left behind");
}

#[test]
fn agents_that_decide_otherwise_are_refused() {
    let lab = Lab::new();
    lab.run("simulate --preset seed --steps 300 --seed 7 -o day.log").expect(Exit::Ok);
    simulate::forge(&lab, |number, entry| {
        if let (3_000..3_010, Entry::Command(Command::Place(place))) = (number, entry) {
            place.qty = Qty::new(place.qty.lots() + 1).expect("a quantity");
        }
    });
    let rows = [
        (
            "inevitable forged.log --when best_bid<9000 --from 0..2990 --points 2 --seeds 1",
            Exit::Ok,
        ),
        (
            "inevitable forged.log --when best_bid<9000 --from 0..4000 --points 3 --seeds 1 --threads 1",
            Exit::Differs,
        ),
        (
            "inevitable forged.log --when best_bid<9000 --from 0..4000 --points 3 --seeds 9 --threads 2",
            Exit::Differs,
        ),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
}

#[test]
fn what_has_happened_needs_no_fork() {
    let lab = Lab::new();
    crash(&lab);
    let rows = [
        ("inevitable crash.log --when entry>=0 --from 0..end --points 3 --seeds 2", Exit::Ok),
        (
            "inevitable crash.log --when step>=5 --from s:9..s:11 --points 9 --seeds 2 -o c.json",
            Exit::Ok,
        ),
        ("inevitable crash.log --when entry<0 --from s:9..s:9 --points 1 --seeds 1", Exit::Ok),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    let names = "c.json crash.log crash.log.note";
    assert_eq!(lab.names("."), names);
}

/// `open.log`: what was there of `crash.log` when it was interrupted behind so many entries.
fn open(lab: &Lab, entries: u64) {
    let log = File::open(lab.path("crash.log")).expect("a log");
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).expect("a log");
    let mut player = Player::new(reader).expect("a log");
    let genesis = player.reader().header().genesis.clone();
    let path = lab.path("open.log");
    let [log, tail] =
        [path.clone(), tail_path(&path)].map(|path| File::create(path).expect("a file"));
    let recorder = Recorder::create(&genesis, log, tail, SyncPolicy::None);
    let mut recorder = recorder.expect("a recorder");
    while player.number() < entries {
        let moment = player.advance().expect("a log").expect("an entry");
        recorder.take(moment.entry).expect("an entry");
    }
    recorder.sync().expect("synced");
}

/// A log that was interrupted ends in a step that nobody knows to be over.
#[test]
fn an_open_log_has_points_up_to_its_last_whole_step() {
    let lab = Lab::new();
    crash(&lab);
    let whole = lab.run("cat crash.log").data();
    let at = |step: u64| {
        whole.lines().position(|line| line.ends_with(&format!(", step {step}"))).expect("a step")
    };
    // Up to the clock of step 31, and one entry less.
    for (entries, last) in [(at(31) + 1, 30), (at(31), 29)] {
        open(&lab, entries as u64);
        let line = "replay inevitable open.log --when 'best_bid < 9000' --from s:25..end --points 99 --seeds 1 --json";
        let ran = lab.shell(line).expect(Exit::Ok);
        let answer: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let steps: Vec<_> =
            list(&answer, "points").iter().map(|it| it["step"].as_u64().expect("a step")).collect();
        assert_eq!(steps, (25..=last).collect::<Vec<_>>());
        let fork = &list(&answer, "forks")[0];
        let (entry, seed) = (&fork["entry"], &fork["seed"]);
        let line = format!("fork open.log --at {entry} --seed {seed} -o fork.log --force");
        lab.run(&line).expect(Exit::Ok);
        assert_eq!(*list(fork, "firsts"), [first_in(&lab, "fork.log", "best_bid < 9000")]);
    }
}

#[test]
fn a_curve_is_drawn_in_the_report_of_its_log() {
    let lab = Lab::new();
    crash(&lab);
    lab.run("simulate --preset crash --steps 120 -o calm.log").expect(Exit::Ok);
    ask(&lab, &format!("{CRASH} {WIDE} {RANGE} -o 'my curve.json' --svg c.svg")).data();
    let script = "replay report calm.log crash.log --inevitable 'my curve.json' -o r.html";
    lab.shell(script).data();
    let page = String::from_utf8(lab.read("r.html")).expect("UTF-8");
    assert!(page.contains("How likely it already was</h2>"), "a panel");
    assert!(page.contains("--inevitable &#39;my curve.json&#39; -o r.html"), "made again by");
    lab.shell(&format!("{script} --force")).data();
    assert_eq!(lab.read("r.html"), page.into_bytes());
    lab.write("broken.json", "{");
    lab.write("other.json", "{\"schema\":\"replay.fork/1\"}");
    let rows = [
        ("report calm.log --inevitable c.svg -o x.html", Exit::Damaged),
        ("report calm.log --inevitable broken.json -o x.html", Exit::Damaged),
        ("report calm.log --inevitable other.json -o x.html", Exit::Damaged),
        ("report calm.log --inevitable missing.json -o x.html", Exit::NoInput),
        ("report calm.log --inevitable other.json -o other.json --force", Exit::Usage),
    ];
    let mut told = vec![table(&lab, &rows)];
    let elsewhere = "replay report calm.log --inevitable 'my curve.json' -o x.html";
    told.push(lab.shell(elsewhere).expect(Exit::Differs).transcript());
    insta::assert_snapshot!(told.join("\n\n"));
    assert!(!lab.names(".").contains("x.html"));
}
