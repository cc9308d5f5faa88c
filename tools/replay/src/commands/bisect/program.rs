//! Behind which entry a command of the user's fails, by halving, as `git bisect run` does with
//! commits.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cli::{Exit, Failure, NewLog};
use formats::render::{entry_json, entry_text};
use replay::LogError;
use replay::cut::cut;
use serde_json::json;

use super::super::seeking::{self, LogArchive};
use super::super::{copying, print, print_json, say, table};
use crate::args::Bisect;

/// What a command says of a log that ends behind an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Bad,
    /// It cannot tell.
    Skip,
}

/// The signal of Ctrl-C, which the command gets as well.
const INTERRUPTED: i32 = 2;
/// The exit code with which a command says that it cannot tell.
const SKIP: i32 = 125;
/// The largest exit code that says no more than "bad".
const BAD_MAX: i32 = 127;

pub(super) fn run(args: &Bisect, command: &str) -> Result<Exit, Failure> {
    let path = &args.sought.log.path;
    let archive = seeking::archive(&args.sought.log)?;
    let probe = Probe { command, path, archive: &archive };
    let last = archive.entries();
    match probe.check(0)? {
        Verdict::Good => {}
        Verdict::Bad => {
            let message = "--run: the command fails before the first entry already";
            return Err(Failure::new(Exit::CannotTest, message));
        }
        Verdict::Skip => {
            let message = "--run: the command cannot tell of the market before the first entry";
            return Err(Failure::new(Exit::CannotTest, message));
        }
    }
    if last == 0 || probe.check(last)? != Verdict::Bad {
        let message = format!("--run: the command does not fail behind the last entry, {last}");
        return Err(Failure::new(Exit::Differs, message));
    }
    let Bounds { good, bad, probes } = halve(last, |entry| probe.check(entry))?;
    let entry = archive.entry(bad).map_err(|error| Failure::log(path, &error))?;
    if args.json {
        print_json(&json!({
            "schema": "replay.bisect-run/1",
            "command": command,
            "last_good": good,
            "first_bad": bad,
            "is_exact": good + 1 == bad,
            "runs": probes + 2,
            "what": entry.as_ref().map(entry_json),
        }))?;
    } else {
        let words = entry.as_ref().map_or_else(String::new, entry_text);
        print(&table(&[
            ("good", format!("behind entry {good}")),
            ("bad", format!("behind entry {bad}: {words}")),
            ("runs", (probes + 2).to_string()),
        ]))?;
    }
    if good + 1 == bad {
        return Ok(Exit::Ok);
    }
    say(&format!("replay: the command cannot tell of the entries {} to {}", good + 1, bad - 1));
    Ok(Exit::CannotTest)
}

/// What is left of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds {
    good: u64,
    bad: u64,
    probes: u64,
}

/// Halves the entries between 0, which is good, and `last`, which is bad. Entries of which nobody can
/// tell are stepped around, the nearest to the middle first.
fn halve(
    last: u64,
    mut check: impl FnMut(u64) -> Result<Verdict, Failure>,
) -> Result<Bounds, Failure> {
    let mut skipped = BTreeSet::new();
    let mut bounds = Bounds { good: 0, bad: last, probes: 0 };
    while let Some(middle) = nearest_middle(&bounds, &skipped) {
        bounds.probes += 1;
        match check(middle)? {
            Verdict::Good => bounds.good = middle,
            Verdict::Bad => bounds.bad = middle,
            Verdict::Skip => drop(skipped.insert(middle)),
        }
    }
    Ok(bounds)
}

/// The entry nearest to the middle of those that are neither known nor skipped.
fn nearest_middle(bounds: &Bounds, skipped: &BTreeSet<u64>) -> Option<u64> {
    let Bounds { good, bad, .. } = *bounds;
    let middle = good + (bad - good) / 2;
    let mut distance = 0;
    while distance <= bad - good {
        for entry in [middle.saturating_sub(distance), middle + distance] {
            if good < entry && entry < bad && !skipped.contains(&entry) {
                return Some(entry);
            }
        }
        distance += 1;
    }
    None
}

/// The command and the log that it is asked about.
struct Probe<'a> {
    command: &'a str,
    path: &'a Path,
    archive: &'a LogArchive,
}

impl Probe<'_> {
    fn check(&self, entry: u64) -> Result<Verdict, Failure> {
        let wants_cut = self.command.contains("REPLAY_CUT");
        let cut = if wants_cut { Some(self.cut(entry)?) } else { None };
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(self.command).stdin(Stdio::null()).stdout(Stdio::from(io::stderr()));
        shell.env("REPLAY_LOG", self.path).env("REPLAY_ENTRY", entry.to_string());
        if let Some(cut) = &cut {
            shell.env("REPLAY_CUT", cut.partial());
        }
        let status = shell
            .status()
            .map_err(|error| Failure::new(Exit::CannotTest, format!("--run: sh: {error}")))?;
        let verdict = match status.code() {
            Some(0) => Verdict::Good,
            Some(SKIP) => Verdict::Skip,
            Some(1..=BAD_MAX) => Verdict::Bad,
            Some(_) | None
                if status.signal() == Some(INTERRUPTED) || status.code() == Some(130) =>
            {
                return Err(Failure::new(Exit::Interrupted, "interrupted"));
            }
            Some(_) | None => {
                let message =
                    format!("--run: the command ended with {status} behind entry {entry}");
                let hint = "0 is good, 125 cannot tell, 1 to 127 is bad, anything else stops";
                return Err(Failure::new(Exit::CannotTest, message).with_hint(hint));
            }
        };
        say(&format!("behind entry {entry}: {verdict:?}").to_lowercase());
        Ok(verdict)
    }

    /// A log that ends behind an entry, under a temporary name; it goes with what is returned.
    fn cut(&self, entry: u64) -> Result<NewLog, Failure> {
        let fail = |error: LogError| Failure::log(self.path, &error);
        let cut = cut(self.archive.reader_behind(0).map_err(fail)?, entry).map_err(fail)?;
        let name: PathBuf = std::env::temp_dir().join("replay-cut");
        let new = NewLog::create(&name, true)?;
        let source = &mut cli::open_source(self.path)?.0;
        let expected = (cut.entries, cut.head);
        copying::write(source, (cut.log_bytes, &cut.tail), (&name, &new), expected)?;
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(last: u64, first_bad: u64, is_skipped: impl Fn(u64) -> bool) -> Bounds {
        let verdict = |entry| match (is_skipped(entry), entry < first_bad) {
            (true, _) => Verdict::Skip,
            (false, true) => Verdict::Good,
            (false, false) => Verdict::Bad,
        };
        halve(last, |entry| Ok(verdict(entry))).expect("no failure")
    }

    #[test]
    fn the_first_bad_entry_is_found() {
        for last in [1, 2, 3, 100, 1_000] {
            for first_bad in (1..=last).step_by(7) {
                let Bounds { good, bad, probes } = check(last, first_bad, |_| false);
                assert_eq!((good + 1, bad), (first_bad, first_bad));
                assert!(probes <= u64::from(last.ilog2()) + 1, "{probes} of {last}");
            }
        }
    }

    #[test]
    fn entries_of_which_nobody_can_tell_are_stepped_around() {
        let Bounds { good, bad, .. } = check(1_000, 400, |entry| (450..600).contains(&entry));
        assert_eq!((good, bad), (399, 400));
        let Bounds { good, bad, .. } = check(1_000, 500, |entry| (450..600).contains(&entry));
        assert_eq!((good, bad), (449, 600), "between these nobody can tell");
    }
}
