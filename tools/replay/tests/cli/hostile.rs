//! Input that is meant to hurt, through the binary: it ends with a documented exit code, in bounded
//! time and memory, and neither prints what a terminal obeys nor opens what a log names.
//!
//! Every command runs under limits that the system enforces: 256 MiB of addresses, of which memory
//! in use is a part, and so many seconds of processor time, so that a busy machine fails no test.
//! One that is over them dies of a signal, which is no exit code.

mod clocks;
mod files;
mod lengths;
mod queries;
mod schedules;
mod texts;

use cli::Exit;
use kernel::{Command, Venue};
use replay::{Genesis, Recorder, SyncPolicy};

use crate::lab::{Lab, Ran};

/// Most addresses of a process, in KiB.
const KIB_MAX: u32 = 256 * 1024;
/// Most seconds of processor time: most take a few hundredths of one.
const SECONDS_MAX: u32 = 5;

/// Runs a command under the limits; insists that it ends by itself, with no panic, and prints nothing
/// that a terminal obeys.
#[track_caller]
fn bounded(lab: &Lab, line: &str) -> Ran {
    // One arena, because each of several reserves addresses that nothing uses.
    let limits =
        format!("set -e; ulimit -v {KIB_MAX}; ulimit -t {SECONDS_MAX}; export MALLOC_ARENA_MAX=1");
    let ran = lab.run_behind(&limits, line);
    // -1 is a signal, 101 a panic.
    assert!(![-1, 101].contains(&ran.exit), "{line}: exit {}\n{}", ran.exit, ran.stderr);
    for text in [&ran.stdout, &ran.stderr] {
        let obeyed = text.chars().find(|letter| is_obeyed(*letter));
        assert_eq!(obeyed, None, "{line}\n{}", text.escape_debug());
    }
    ran
}

/// What a terminal does something else with than to show it.
fn is_obeyed(letter: char) -> bool {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}'];
    (letter.is_control() && letter != '\n' && letter != '\t')
        || turns.contains(&letter)
        || ('\u{202a}'..='\u{202e}').contains(&letter)
        || ('\u{2066}'..='\u{2069}').contains(&letter)
}

/// Runs commands under the limits; insists on the same exit code of each.
#[track_caller]
fn all_end(lab: &Lab, lines: &[String], exit: Exit) {
    for line in lines {
        let ran = bounded(lab, line);
        assert_eq!(ran.exit, i32::from(exit.code()), "{line}\n{}", ran.stderr);
    }
}

/// A log of these commands, as a recorder makes it: whole, and of whatever they say.
fn recorded(genesis: &Genesis, commands: &[Command]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None).expect("a recorder");
    for command in commands {
        recorder.submit(*command).expect("recorded");
    }
    recorder.finish().expect("finished");
    log
}

/// Every command that reads a log, with this one in it; what they write is replaced.
fn readers(log: &str) -> Vec<String> {
    let lines = "run L|run L --json|verify L|verify L --all --json|verify L --chain-only|\
        verify L --producer|info L|info L --json|cat L --events|cat L --format csv|\
        cat L --format ndjson|hashes L|hashes L --format ndjson|export L --table trades|\
        export L --table orders --format ndjson|export L --table book|export L --table accounts|\
        export L --table book --rows --levels 18446744073709551615|state L --no-snapshots|\
        state L --json --levels 18446744073709551615|state L --at 1|when L 'spread > 0'|\
        when L 'trades >= 1' --durations --json|when L 'time > 5' --all|\
        bisect L --when 'trades >= 1'|bisect L L|stats L --resamples 0|stats L --every 1steps --resamples 0|\
        stats L --orders --levels --json --resamples 0|report L -o page.html --force|blame L --order 1|\
        blame L --trade 1 --json|blame L --price best-bid|diff L L|diff L day.log|\
        diff day.log L --json|doctor L|doctor L --replay --json|recover L -o new.log --force|\
        cut L --to 1 -o new.log --force|filter L --client 1 -o new.log --force|\
        compact L -o new.log --force|fork L --at 1 -o new.log --force|\
        fork L --at 1 --seed 7 -o new.log --force|\
        inevitable L --when 'spread > 1' --from 1..end --points 2 --seeds 2 --threads 1|\
        prove L --entry 1 -o new.proof --force|step L --script nnpGgt|\
        step L --script nn --json --size 1000x1000|verify L --parent day.log|sign L --key day.log";
    lines.split('|').map(|line| line.replace('L', log)).collect()
}
