//! Recordings that end early: killed, or without room. What was said to be durable is there.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use cli::Exit;

use crate::lab::Lab;

/// Recovers `live.log` and compares it with the same entries of an uninterrupted log.
#[track_caller]
fn check(lab: &Lab, durable: u64) {
    lab.run("simulate --steps 60 -o full.log").expect(Exit::Ok);
    let saved = lab.run("recover live.log -o saved.log --json");
    assert!(matches!(saved.exit, 0 | 1), "{}", saved.stderr);
    let told: serde_json::Value = serde_json::from_str(&saved.stdout).expect("JSON");
    let entries = told["entries"].as_u64().expect("a number");
    assert!(durable <= entries, "{durable} durable, {entries} kept");
    lab.run(&format!("cut full.log --to {entries} -o cut.log")).expect(Exit::Ok);
    for suffix in ["", ".tail"] {
        let read = |name: &str| fs::read(lab.path(&format!("{name}{suffix}"))).ok();
        assert_eq!(read("saved.log"), read("cut.log"), "{entries} entries{suffix}");
    }
    lab.run("verify saved.log").expect(Exit::Ok);
}

/// The entry of a line `durable ENTRY HEAD`.
fn entry(line: &str) -> u64 {
    let mut words = line.split(' ');
    assert_eq!(words.next(), Some("durable"), "{line}");
    words.next().and_then(|word| word.parse().ok()).expect("an entry")
}

#[test]
fn what_is_durable_survives_a_kill() {
    for lines in [1, 4, 30] {
        let lab = Lab::new();
        let mut command = lab.command("simulate --steps 60 --durable-every 1 -o live.log");
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        for _ in 0..lines {
            line.clear();
            stdout.read_line(&mut line).expect("a line");
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        check(&lab, entry(&line));
    }
}

/// A file that may not grow takes part of a write, then nothing.
#[test]
fn what_is_durable_survives_a_limit_on_files() {
    for blocks in [4, 12, 30] {
        let lab = Lab::new();
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
        let ran = lab.shell(&format!(
            "{limit}; exec replay simulate --steps 60 --durable-every 1 -o live.log"
        ));
        let ran = ran.expect(Exit::Io);
        assert!(ran.stderr.contains("File too large"), "{}", ran.stderr);
        check(&lab, ran.stdout.lines().last().map_or(0, entry));
    }
}

#[test]
fn heads_of_durable_entries_are_those_of_the_log() {
    let lab = Lab::new();
    let told = lab.run("simulate --steps 6 --durable-every 3 -o day.log --json").data();
    let lines: Vec<serde_json::Value> =
        told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let [first, second, end] = &lines[..] else { panic!("{told}") };
    assert_eq!(end["schema"], "replay.simulate/1");
    for durable in [first, second] {
        assert_eq!(durable["schema"], "replay.durable/1");
        let (entry, head) = (&durable["entry"], durable["head"].as_str().expect("a head"));
        lab.run(&format!("cut day.log --to {entry} -o part-{entry}.log")).expect(Exit::Ok);
        lab.run(&format!("verify part-{entry}.log --expect-head {head}")).expect(Exit::Ok);
    }
}

#[test]
fn a_recording_goes_on_when_nobody_listens_and_stops_when_it_cannot_tell() {
    let lab = Lab::new();
    lab.shell("replay simulate --steps 60 --durable-every 1 -o live.log | head -n 1")
        .expect(Exit::Ok);
    lab.run("simulate --steps 60 -o full.log").expect(Exit::Ok);
    assert!(lab.read("live.log") == lab.read("full.log"), "the whole run was recorded");
    let ran = lab.shell("replay simulate --steps 60 --durable-every 1 -o told.log > /dev/full");
    assert!(ran.expect(Exit::Io).stderr.contains("writing output"), "why it stopped");
    lab.run("verify told.log").expect(Exit::Ok);
}
