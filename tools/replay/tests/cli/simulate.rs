//! `replay simulate` and `replay verify --producer`.

use std::fs::File;

use cli::{Exit, tail_path};
use kernel::{Command, Qty};
use replay::{Entry, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use crate::lab::{Lab, table};

const SHORT: &str = "simulate --preset seed --steps 300 --seed 7";

#[test]
fn a_simulation_is_recorded_and_its_producer_re_run() {
    let lab = Lab::new();
    insta::assert_snapshot!(lab.run(&format!("{SHORT} -o day.log")).expect(Exit::Ok).transcript());
    assert_eq!(lab.names("."), "day.log day.log.note");
    let checks = ["verify --producer day.log", "verify --producer --json day.log", "info day.log"];
    let shown: Vec<_> = checks.map(|line| lab.run(line).expect(Exit::Ok).transcript()).into();
    insta::assert_snapshot!("simulate_verified", shown.join("\n"));
}

#[test]
fn the_options_decide_the_log() {
    let lab = Lab::new();
    let log = |options: &str| {
        lab.run(&format!("{SHORT} {options} --force -o day.log")).expect(Exit::Ok);
        lab.read("day.log")
    };
    let plain = log("");
    assert!(log("") == plain, "the same again");
    assert!(log("--set steps=300 --market-makers 2") == plain, "what is so anyway");
    let others = [
        "--seed 8",
        "--noise 5",
        "--momentum 0",
        "--value 4",
        "--market-makers 1",
        "--set noise.life=4",
        "--set market.tax=1.5",
        "--preset crash",
    ];
    for options in others {
        let options = options.to_owned();
        let line = if options.starts_with("--seed") || options.starts_with("--preset") {
            let base = SHORT.replace("--seed 7", "").replace("--preset seed", "");
            let rest = if options.starts_with("--seed") { "--preset seed" } else { "--seed 7" };
            format!("{base} {rest} {options}")
        } else {
            format!("{SHORT} {options}")
        };
        lab.run(&format!("{line} --force -o day.log")).expect(Exit::Ok);
        assert!(lab.read("day.log") != plain, "{options}");
        assert_eq!(lab.run("verify --producer day.log").expect(Exit::Ok).stderr, "", "{options}");
    }
}

#[test]
fn parameters_are_listed() {
    let lab = Lab::new();
    insta::assert_snapshot!(lab.run("simulate --preset crash --noise 6 --list").data());
    let json = lab.run("simulate --list --json").data();
    assert!(
        json.contains(r#""key":"value.reach","max":"10000","min":"0","unit":"ticks","value":"26""#)
    );
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let lab = Lab::new();
    lab.write("there.log", "mine");
    lab.write("short.csv", "date,close\n2024-01-02,5\n");
    lab.write("wrong.csv", "date,close\n2024-01-02,5\n2024-01-02,5\n");
    let rows = [
        ("simulate", Exit::Usage),
        ("simulate --list -o day.log", Exit::Usage),
        ("simulate --preset realist -o day.log", Exit::Usage),
        ("simulate --set value.reech=5 -o day.log", Exit::Usage),
        ("simulate --set value.reach -o day.log", Exit::Usage),
        ("simulate --set value.reach=far -o day.log", Exit::Usage),
        ("simulate --set fair.floor=20000 -o day.log", Exit::Usage),
        ("simulate --market-makers 100 -o day.log", Exit::Usage),
        ("simulate --steps 0 -o day.log", Exit::Usage),
        ("simulate --steps 10 -o there.log", Exit::CannotCreate),
        ("simulate --steps 10 -o missing/day.log", Exit::CannotCreate),
        ("simulate --steps 10 --force -o .", Exit::CannotCreate),
        ("simulate --fair-value-csv missing.csv -o day.log", Exit::NoInput),
        ("simulate --fair-value-csv short.csv -o day.log", Exit::Damaged),
        ("simulate --fair-value-csv wrong.csv -o day.log", Exit::Damaged),
        ("simulate --steps-per-day 5 -o day.log", Exit::Usage),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "short.csv there.log wrong.csv");
    assert_eq!(lab.read("there.log"), b"mine");
}

#[test]
fn the_fair_value_is_calibrated_to_daily_closes() {
    let lab = Lab::new();
    // Up and down by 2 %: no drift to speak of, a deviation of 2 % a day.
    let day = |day: usize| {
        format!("2024-{:02}-{:02},{}\n", day / 28 + 1, day % 28 + 1, 100 + day % 2 * 2)
    };
    lab.write(
        "closes.csv",
        format!("observation_date,SP500\n{}", (0..101).map(day).collect::<String>()),
    );
    let line = format!("{SHORT} --fair-value-csv closes.csv --steps-per-day 100 -o day.log");
    lab.run(&line).expect(Exit::Ok);
    let info = lab.run("info day.log").data();
    assert!(
        info.contains(
            "calibration = 100 daily returns from 2024-01-01 to 2024-04-17, 100 steps a day"
        ),
        "{info}"
    );
    // 10,000 ticks · ln 1.02 · √(100/99) / √100.
    assert!(info.contains("fair.volatility = 19.902389"), "{info}");
    assert!(info.contains("fair.drift = 0\n"), "{info}");
    lab.run("verify --producer day.log").expect(Exit::Ok);
}

/// A log like another with one entry changed, and good digests.
pub(crate) fn forge(lab: &Lab, change: impl Fn(u64, &mut Entry)) {
    let log = File::open(lab.path("day.log")).expect("a log");
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).expect("a log");
    let mut player = Player::new(reader).expect("a log");
    let genesis = player.reader().header().genesis.clone();
    let create = |name| File::create(lab.path(name)).expect("a file");
    let tail = tail_path(&lab.path("forged.log"));
    let tail = File::create(tail).expect("a file");
    let mut recorder = Recorder::create(&genesis, create("forged.log"), tail, SyncPolicy::None)
        .expect("a recorder");
    while let Some(moment) = player.advance().expect("a log") {
        let mut entry = moment.entry.clone();
        if entry != Entry::End {
            change(moment.number, &mut entry);
            recorder.take(&entry).expect("an entry");
        }
    }
    recorder.finish().expect("an end");
}

#[test]
fn the_first_decision_that_differs_is_named() {
    let lab = Lab::new();
    lab.run(&format!("{SHORT} -o day.log")).expect(Exit::Ok);
    // A whole and replayable log, in which one order is larger than the agent's rule says.
    forge(&lab, |number, entry| {
        if let (5_000.., Entry::Command(Command::Place(place))) = (number, entry)
            && number < 5_010
        {
            place.qty = Qty::new(place.qty.lots() + 1).expect("a quantity");
        }
    });
    lab.run("verify forged.log").expect(Exit::Ok);
    insta::assert_snapshot!(
        lab.run("verify --producer forged.log").expect(Exit::Differs).transcript()
    );
    // A decision that was never made.
    forge(&lab, |number, entry| {
        if let (3_000.., Entry::Decision(decision)) = (number, entry)
            && number < 3_010
        {
            decision.action.push(1);
        }
    });
    insta::assert_snapshot!(
        "a_forged_decision",
        lab.run("verify --producer forged.log").expect(Exit::Differs).transcript()
    );
}

#[test]
fn other_producers_cannot_be_re_run() {
    let lab = Lab::new();
    lab.write("day.csv", include_str!("day.csv"));
    lab.run("import csv day.csv -o day.log").expect(Exit::Ok);
    insta::assert_snapshot!(
        lab.run("verify --producer day.log").expect(Exit::CannotTest).transcript()
    );
}
