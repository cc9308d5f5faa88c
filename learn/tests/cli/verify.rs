//! `learn verify`.

use cli::Exit;

use runs::folder::Manifest;

use crate::lab::{Lab, SMALL, finish, shape};
use crate::plant;

#[test]
fn a_run_is_made_once_more() {
    let lab = Lab::with_run();
    let before = lab.files("run").into_iter().map(|name| lab.read(&name)).collect::<Vec<_>>();
    let ran = lab.run("verify run").expect(Exit::Ok);
    insta::assert_snapshot!(shape(&ran.transcript()));
    let object = lab.run("verify run --json").expect(Exit::Ok).json();
    assert_eq!(object["schema"], "learn.verify/1");
    assert_eq!((&object["trained"]["from"], &object["trained"]["to"]), (&1.into(), &6.into()));
    let after = lab.files("run").into_iter().map(|name| lab.read(&name)).collect::<Vec<_>>();
    assert!(before == after, "nothing is written");
}

/// Ends of markets whose logs are gone are compared with those of markets made anew.
#[test]
fn heads_of_logs_that_were_not_kept_count() {
    let lab = Lab::new();
    lab.train("run", "--override train.keep_logs=none");
    let ran = lab.run("verify run").expect(Exit::Ok);
    insta::assert_snapshot!(shape(&ran.stdout));
    let mut manifest = Manifest::parse(&lab.read("run/MANIFEST")).expect("a MANIFEST");
    let (_, log) = manifest.markets.iter_mut().next().expect("a market");
    log.end.head.0[0] ^= 1;
    lab.write("run/MANIFEST", manifest.to_string());
    let ran = lab.run("verify run").expect(Exit::Differs);
    assert!(ran.stdout.contains("DIFFERS: market 000-0001 ends otherwise"), "{}", ran.stdout);
    lab.run("verify run --replay-only").expect(Exit::Ok);
}

#[test]
fn weights_that_nobody_learned_are_told() {
    let lab = Lab::with_run();
    plant::change(&lab, "run", 2, plant::flip);
    let ran = lab.run("verify run").expect(Exit::Differs);
    insta::assert_snapshot!(shape(&ran.stdout));
}

/// A run of which updates from 5 on were made from other weights, which no checkpoint tells.
fn with_other_weights(variables: &[(&str, &str)]) -> Lab {
    let lab = Lab::new();
    let run = |line: &str| {
        let mut command = lab.command(line);
        command.envs(variables.iter().copied());
        finish(line, command.spawn().expect("the binary starts")).expect(Exit::Ok);
    };
    run(&format!("train {SMALL} -o run"));
    plant::change(&lab, "run", 4, plant::flip);
    run("rewind run --update 4");
    run("train --resume -o run");
    let replayed = lab.run("verify run --replay-only").expect(Exit::Differs);
    assert!(replayed.stdout.contains("checkpoint 4: its weights"), "{}", replayed.stdout);
    let mut manifest = Manifest::parse(&lab.read("run/MANIFEST")).expect("a MANIFEST");
    manifest.checkpoints.remove(&4);
    lab.write("run/MANIFEST", manifest.to_string());
    std::fs::remove_file(lab.path("run/checkpoints/000004.safetensors")).expect("removed");
    lab.run("verify run --replay-only").expect(Exit::Ok);
    lab
}

/// The first update that is another one is told.
#[test]
fn updates_that_do_not_come_about_are_told() {
    let lab = with_other_weights(&[]);
    let ran = lab.run("verify run").expect(Exit::Differs);
    assert!(ran.stdout.contains("DIFFERS: "), "{}", ran.stdout);
    assert!(ran.stdout.contains(" of update 5"), "{}", ran.stdout);
    let object = lab.run("verify run --json").expect(Exit::Differs).json();
    assert_eq!((&object["trained"]["parting"]["update"], &object["exit"]), (&5.into(), &1.into()));
}

/// Other weights on another machine say nothing about the run.
#[test]
fn another_machine_cannot_tell() {
    // What libtorch does anyway, but a machine of another kind as train.log has it.
    let machine = [("MKL_CBWR", "AUTO")];
    let lab = with_other_weights(&machine);
    let ran = lab.run("verify run").expect(Exit::CannotTest);
    let told = ran.stdout.lines().rev().take(2).collect::<Vec<_>>();
    assert_eq!(told.first(), Some(&"machine      mkl_cbwr AUTO -> (none)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("cannot be tested on another kind of machine: "), "{}", ran.stdout);
    // Nothing is put aside for an update that will not come about.
    let ran = lab.run("rewind run --update 5").expect(Exit::CannotTest);
    insta::assert_snapshot!(ran.stderr);
    assert!(!lab.path("run/aside/2").exists());
    // A whole run of another machine is whole where all is equal.
    let line = format!("train {SMALL} -o equal");
    let mut command = lab.command(&line);
    finish(&line, command.envs(machine).spawn().expect("the binary starts")).expect(Exit::Ok);
    lab.run("verify equal").expect(Exit::Ok);
}

/// Every byte of a log counts, and every log.
#[test]
fn flipped_bytes_of_logs_are_found() {
    let lab = Lab::with_run();
    for (name, at) in
        [("markets/000-0002.log", 9_000), ("markets/001-0001.log", 20_000), ("train.log", 6_000)]
    {
        let lab_name = format!("run/{name}");
        let whole = lab.read(&lab_name);
        let mut bytes = whole.clone();
        let place = at % bytes.len();
        bytes[place] ^= 4;
        lab.write(&lab_name, &bytes);
        let ran = lab.run("verify run --replay-only");
        assert!(ran.exit == 1 || ran.exit == 65, "{name}: {}", ran.stdout);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(name), "{name}");
        lab.write(&lab_name, &whole);
    }
}

#[test]
fn what_does_not_belong_to_the_run_is_told() {
    let lab = Lab::with_run();
    lab.train("other", "--seed 7");
    lab.copy("other/markets", "run/markets");
    lab.write("run/markets/007-0001.log", "");
    lab.write("run/checkpoints/000003.safetensors", "");
    let ran = lab.run("verify run").expect(Exit::Differs);
    let told: Vec<_> = ran.stdout.lines().skip_while(|line| !line.starts_with("WRONG")).collect();
    let text = shape(&told.join("\n"));
    for wanted in [
        "markets/000-0001.log: does not belong to this run: its seed is",
        "markets/001-0002.log: does not belong to this run: its seed is",
        "markets/007-0001.log: MANIFEST knows no such file",
        "checkpoints/000003.safetensors: MANIFEST knows no such file",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}
