//! Runs that leave another one under way.

use std::convert::Infallible;

use agents::fork::Change;
use agents::{Config, Fork, ForkError, Run};
use kernel::venue::Unlogged;
use replay::{Genesis, Recorder, SyncPolicy};

use crate::EVENTFUL;
use crate::recorded::{Recorded, SEED, config, read, record};

/// A run up to a step, with what forks change right behind it.
fn up_to(config: &Config, forks: &[Fork], step: u64, venue: &mut Unlogged) -> Run {
    let mut run = Run::new(config, SEED, forks).unwrap();
    while run.ecology().steps() < step {
        let Ok::<bool, Infallible>(is_on) = run.step(venue);
        assert!(is_on, "the run lasts that long");
    }
    let Ok::<(), Infallible>(()) = run.catch_up(venue);
    run
}

fn changes(text: &str) -> Vec<Change> {
    text.split("; ").map(|change| change.parse().unwrap()).collect()
}

/// The other future of a run that is a second one from its start, entry for entry: what it shares is
/// recorded first.
fn branched(config: &Config, forks: &[Fork], step: u64, text: &str) -> Recorded {
    let engine = kernel::Engine::new(&config.genesis()).unwrap();
    let shared = up_to(config, forks, step, &mut Unlogged::new(engine));
    let genesis = Genesis::new(config.genesis(), "ecology");
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut again = Run::new(config, SEED, forks).unwrap();
    while again.ecology().steps() < step {
        assert!(again.step(&mut recorder).unwrap());
    }
    again.catch_up(&mut recorder).unwrap();
    assert_eq!(again.entries(), shared.entries());
    // The one that ran without a log goes on in the log of the other.
    let mut run = shared.forked(changes(text)).unwrap();
    while run.step(&mut recorder).unwrap() {}
    assert_eq!(run.entries(), recorder.entries());
    recorder.finish().unwrap();
    read(&log)
}

#[test]
fn a_run_that_leaves_another_is_the_run_whose_fork_was_known() {
    let config = config(40, EVENTFUL);
    let parent = Recorded::of(&config);
    let text =
        "seed 9; set maker.size=4; set tax 1; without 301; population noise 5; schedule none";
    for step in [0, 1, 13, 20, 39, 40] {
        let entry = if step == 40 { parent.entries.len() - 1 } else { parent.before(step + 1) };
        let known = record(&config, &[parent.fork(entry, text)], |_, _| ());
        assert_eq!(branched(&config, &[], step, text).digests, known.digests, "step {step}");
    }
}

#[test]
fn forks_behind_it_stay_and_those_ahead_are_forgotten() {
    let config = config(40, EVENTFUL);
    let mut forks = Vec::new();
    // A rule right behind the border is already there when the run is left.
    for (step, text) in [
        (12, "set tax 1; set noise.life=9"),
        (21, "set band 9; set maker.size=4"),
        (31, "set tax 2; without 1"),
    ] {
        let before = record(&config, &forks, |_, _| ());
        forks.push(before.fork(before.before(step), text));
    }
    let found = branched(&config, &forks, 20, "seed 9");
    let child = record(&config, &forks[..2], |_, _| ());
    let leaves = child.fork(child.before(21), "seed 9");
    assert_eq!(leaves.entry, forks[1].entry + 1, "behind the rule");
    let [early, border, _] = <[Fork; 3]>::try_from(forks).unwrap();
    let known = record(&config, &[early, border, leaves], |_, _| ());
    assert_eq!(found.digests, known.digests);
}

#[test]
fn agents_who_were_not_foreseen_cannot_come() {
    let config = config(40, EVENTFUL);
    let engine = kernel::Engine::new(&config.genesis()).unwrap();
    let run = up_to(&config, &[], 20, &mut Unlogged::new(engine));
    let refused = run.forked(changes("population noise 9")).err();
    let Some(ForkError::Room { room: 6, .. }) = refused else { panic!("{refused:?}") };
    assert!(run.forked(changes("population noise 5")).is_ok(), "six were");
    let past = run.forked(changes("schedule none; set steps=5")).err();
    assert!(matches!(past, Some(ForkError::Short { steps: 5, now: 20 })), "{past:?}");
}
