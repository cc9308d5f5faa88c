//! `replay simulate --system adversarial`, and what other commands say of such logs.

use cli::Exit;

use crate::lab::Lab;

const SHORT: &str = "simulate --system adversarial --episodes 2";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.run(&format!("{SHORT} -o day.log")).expect(Exit::Ok);
    lab
}

/// The lines of a text from one to another, both counted from 1.
fn lines(text: &str, from: usize, to: usize) -> String {
    let lines: Vec<_> = text.lines().skip(from - 1).take(to - from + 1).collect();
    lines.join("\n")
}

#[test]
fn episodes_are_recorded_and_their_producer_re_run() {
    let lab = Lab::new();
    insta::assert_snapshot!(lab.run(&format!("{SHORT} -o day.log")).expect(Exit::Ok).transcript());
    let again = lab.read("day.log");
    lab.run(&format!("{SHORT} -o again.log")).expect(Exit::Ok);
    assert!(lab.read("again.log") == again, "the same again");
    insta::assert_snapshot!(
        "adversarial_verified",
        lab.run("verify --producer day.log").expect(Exit::Ok).transcript()
    );
}

#[test]
fn decisions_are_told_in_words() {
    let lab = lab();
    let cat = lab.run("cat day.log").expect(Exit::Ok).stdout;
    insta::assert_snapshot!("adversarial_entries", lines(&cat, 1, 45));
    let blame = lab.run("blame day.log --order 21").expect(Exit::Ok);
    insta::assert_snapshot!("adversarial_blame", blame.transcript());
}

#[test]
fn options_settings_and_files_decide_the_log() {
    let lab = Lab::new();
    let log = |options: &str| {
        lab.run(&format!("{SHORT} {options} --force -o day.log")).expect(Exit::Ok);
        assert_eq!(lab.run("verify --producer day.log").expect(Exit::Ok).stderr, "", "{options}");
        lab.read("day.log")
    };
    let plain = log("");
    assert!(log("--mode uninformed --seed 42 --preset default") == plain, "what is so anyway");
    lab.write("same.toml", "[type]\nmode = \"uninformed\"\n");
    assert!(log("--config same.toml") == plain, "a file that changes nothing");
    lab.write("seeded.toml", "seed = 8\n");
    assert!(log("--config seeded.toml") == log("--seed 8"), "a file's seed");
    assert!(log("--config seeded.toml --seed 42") != log("--seed 8"), "an option's goes before");
    lab.write("small.yaml", "environment:\n  max_steps_per_episode: 20\n");
    for options in [
        "--seed 8",
        "--episodes 3",
        "--mode silent",
        "--mode noise",
        "--preset debug",
        "--config small.yaml",
        "--override trader.policy=copy",
        "--set trader.policy=copy",
        "--override agents.execution.inventory_lots=7",
    ] {
        let line = if options.starts_with("--episodes") {
            SHORT.replace("--episodes 2", "")
        } else {
            SHORT.to_owned()
        };
        lab.run(&format!("{line} {options} --force -o other.log")).expect(Exit::Ok);
        assert!(lab.read("other.log") != plain, "{options}");
    }
}

#[test]
fn what_belongs_to_another_system_is_refused() {
    let lab = Lab::new();
    let mut said = Vec::new();
    for line in [
        "simulate --system adversarial --market-makers 3 -o x.log",
        "simulate --system adversarial --steps 3 -o x.log",
        "simulate --episodes 3 -o x.log",
        "simulate --mode silent -o x.log",
        "simulate --config x.toml -o x.log",
        "simulate --system adversarial --preset seed -o x.log",
        "simulate --system adversarial --mode loud -o x.log",
        "simulate --system adversarial --episodes 0 -o x.log",
        "simulate --system adversarial --set latency.maker_ms=60000 -o x.log",
    ] {
        said.push(lab.run(line).expect(Exit::Usage).transcript());
    }
    insta::assert_snapshot!("adversarial_refused", said.join("\n"));
    assert_eq!(lab.names("."), "");
}

/// Its agents are not those that a fork can carry on; with its commands as they are it cannot be
/// forked either.
#[test]
fn a_fork_says_that_it_cannot() {
    let lab = lab();
    let fork = lab.run("fork day.log --at 100 -o fork.log").expect(Exit::CannotTest);
    insta::assert_snapshot!("adversarial_fork", fork.transcript());
}

/// A game that decides otherwise than its log says is named with the entry.
#[test]
fn another_game_is_told_from_the_log() {
    use replay::{Entry, ReadLimits, Reader, Recorder, SyncPolicy};
    let lab = lab();
    let bytes = lab.read("day.log");
    let reader = Reader::open(&bytes[..], Vec::new(), ReadLimits::DEFAULT).expect("a log");
    let mut genesis = reader.header().genesis.clone();
    genesis.seed += 1;
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).expect("a recorder");
    let mut player = replay::Player::new(reader).expect("a market");
    while let Some(moment) = player.advance().expect("a whole log") {
        if *moment.entry != Entry::End {
            recorder.take(moment.entry).expect("memory");
        }
    }
    recorder.finish().expect("memory");
    lab.write("other.log", log);
    let ran = lab.run("verify --producer other.log").expect(Exit::Differs);
    insta::assert_snapshot!("adversarial_otherwise", ran.transcript());
}
