//! Processes that end in the middle.

use std::process::{Child, Command};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cli::Exit;

use crate::lab::{Lab, SMALL, finish};

/// Longer than any machine takes for it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until so many updates are written down.
#[expect(clippy::disallowed_methods, reason = "patience ends")]
fn wait_for(lab: &Lab, run: &str, updates: usize) {
    let end = Instant::now() + PATIENCE;
    let path = lab.path(&format!("{run}/metrics.jsonl"));
    let lines = || std::fs::read_to_string(&path).map_or(0, |text| text.lines().count());
    while lines() < updates {
        assert!(Instant::now() < end, "{updates} updates are never made");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill starts").success());
}

#[test]
fn an_interrupted_run_goes_on() {
    let lab = Lab::new();
    // No checkpoint but the one of the interruption.
    let settings =
        format!("{SMALL} --override train.updates=40 --override train.checkpoint_every=1000");
    lab.run(&format!("train {settings} -o run")).expect(Exit::Ok);
    let child = lab.start(&format!("train {settings} -o stopped"));
    wait_for(&lab, "stopped", 3);
    interrupt(&child);
    let ran = finish("train", child).expect(Exit::Interrupted);
    insta::assert_snapshot!(ran.stderr);
    assert_eq!(ran.stdout, "");
    let verified = lab.run("verify stopped").expect(Exit::Ok);
    assert!(verified.stdout.contains("running or interrupted"), "{}", verified.stdout);
    let metrics = String::from_utf8(lab.read("stopped/metrics.jsonl")).expect("UTF-8");
    let resumed = lab.run("train --resume -o stopped").expect(Exit::Ok);
    // Not one update is lost.
    let rest = resumed.stderr.strip_prefix("going on behind update ").unwrap_or_default();
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(number, metrics.lines().count().to_string(), "{}", resumed.stderr);
    assert_eq!(lab.heads("run"), lab.heads("stopped"));
    assert_eq!(lab.read("run/metrics.jsonl"), lab.read("stopped/metrics.jsonl"));
}

/// `kill -9` at any moment: what is there is a run, and goes on to the same heads and seals.
#[test]
#[expect(clippy::disallowed_methods, reason = "any moment is one that no seed names")]
fn a_killed_run_ends_with_the_same_heads() {
    let lab = Lab::new();
    let settings = format!("{SMALL} --override train.updates=24");
    lab.run(&format!("train {settings} -o run")).expect(Exit::Ok);
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut random = u64::from(since_epoch.subsec_nanos());
    let mut delays = Vec::new();
    for round in 0..6 {
        let line = if lab.path("killed").exists() {
            "train --resume -o killed".to_owned()
        } else {
            format!("train {settings} -o killed")
        };
        let mut child = lab.start(&line);
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The first ones early, where files are being made.
        let delay = (random >> 33) % if round < 2 { 60 } else { 500 };
        delays.push(delay);
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().expect("a child");
        let ran = finish(&line, child);
        let is_allowed = ran.exit == -1 || ran.exit == 0 || ran.exit == 66;
        assert!(is_allowed, "delays {delays:?}: {}", ran.transcript());
        if ran.exit == 66 {
            // Killed before its first checkpoint: the hint says what to do.
            std::fs::remove_dir_all(lab.path("killed")).expect("removed");
        }
    }
    if !lab.path("killed/MANIFEST").exists() {
        let _ = std::fs::remove_dir_all(lab.path("killed"));
        lab.run(&format!("train {settings} -o killed")).expect(Exit::Ok);
    }
    let is_whole = |lab: &Lab| lab.heads("killed") == lab.heads("run");
    if !is_whole(&lab) {
        let ran = lab.run("train --resume -o killed");
        if ran.exit == 66 {
            std::fs::remove_dir_all(lab.path("killed")).expect("removed");
            lab.run(&format!("train {settings} -o killed")).expect(Exit::Ok);
        }
    }
    assert_eq!(lab.heads("run"), lab.heads("killed"), "delays {delays:?}");
    assert_eq!(lab.read("run/metrics.jsonl"), lab.read("killed/metrics.jsonl"), "{delays:?}");
    let events = "events.out.tfevents.run";
    assert_eq!(lab.read(&format!("run/{events}")), lab.read(&format!("killed/{events}")));
    lab.run("verify killed").expect(Exit::Ok);
}
