//! `cargo xtask fuzz` and `cargo xtask seeds`: the fuzz targets, and what they start from.
//!
//! Fuzzers are built once and run from their seeds, the regressions and the corpus of earlier runs;
//! what they find goes to the corpus, which is not kept in the repository, and crashes to
//! `fuzz/artifacts`. The project has no unsafe code outside two C interfaces that no target reaches,
//! so long runs go without the address sanitizer, which makes them several times as fast; debug
//! assertions and overflow checks are on all the same. They do not trace comparisons either:
//! checksums are repaired by the targets, and words stand in dictionaries. `--sanitizer address` is
//! for a run with both.

mod run;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use clap::{Args, ValueEnum};

use self::run::{Outcome, Plan, Target, run_target};
use crate::say;

/// What is said where the toolchain is missing.
const HINT: &str = "fuzzing needs a nightly toolchain (rustup toolchain install nightly) and \
                    cargo-fuzz (cargo install cargo-fuzz); without them, `cargo test -p harness` \
                    runs the seeds and all that was ever found";

/// How fuzzing is to go.
#[derive(Args, Debug)]
pub(crate) struct Fuzz {
    /// Seconds for each target; 60 without --runs, no limit with it
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: Option<u32>,

    /// Executions of each target, seeds included
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    runs: Option<u64>,

    /// Targets at a time
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,

    /// What the fuzzers are built with
    #[arg(long, value_enum, default_value_t = Sanitizer::None)]
    sanitizer: Sanitizer,

    /// Targets; all by default
    targets: Vec<String>,
}

/// A sanitizer of the compiler.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sanitizer {
    /// None: several times as fast
    None,
    /// The address sanitizer
    Address,
}

impl Sanitizer {
    const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Address => "address",
        }
    }
}

/// Builds the fuzzers, runs them, and tells what became of each.
///
/// # Errors
/// What is missing or does not build; a target that found something.
pub(crate) fn run(root: &Path, fuzz: &Fuzz) -> Result<(), String> {
    let folder = root.join("fuzz");
    let targets = choose(targets(&folder)?, &fuzz.targets)?;
    check_tools()?;
    let host = host()?;
    let target_folder = folder.join("target");
    build(&folder, fuzz.sanitizer, &targets)?;
    let plan = Plan {
        programs: target_folder.join(host).join("release"),
        folder,
        seconds: fuzz.seconds.or_else(|| fuzz.runs.is_none().then_some(60)),
        runs: fuzz.runs,
    };
    let outcomes = run_all(&plan, &targets, fuzz.jobs)?;
    say(&table(&outcomes));
    let failed: Vec<_> =
        outcomes.iter().filter(|it| it.failure.is_some()).map(|it| it.name.as_str()).collect();
    if failed.is_empty() {
        return Ok(());
    }
    for Outcome { name, failure, .. } in &outcomes {
        if let Some(failure) = failure {
            say(&format!("\n{name}: {failure}"));
        }
    }
    Err(format!(
        "{} of {} targets failed: {}. Once fixed, the input belongs to fuzz/regressions/TARGET/, \
         where `cargo test -p harness` runs it",
        failed.len(),
        outcomes.len(),
        failed.join(", ")
    ))
}

/// Writes the seeds that the golden files give.
///
/// # Errors
/// What does not build or cannot be written.
pub(crate) fn seeds(root: &Path) -> Result<(), String> {
    let folder = root.join("fuzz/seeds");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", "harness", "--bin", "seeds", "--"])
        .arg(&folder)
        .arg(root.join("golden"))
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("no seeds: {status}")) }
}

/// The list of all targets.
fn targets(folder: &Path) -> Result<Vec<Target>, String> {
    let path = folder.join("targets.txt");
    let fail = |what: &str| format!("{}: {what}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|error| fail(&error.to_string()))?;
    parse(&text).ok_or_else(|| fail("a line is no target and its longest input"))
}

fn parse(text: &str) -> Option<Vec<Target>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, len_max) = line.split_once(' ')?;
            Some(Target { name: name.to_owned(), len_max: len_max.parse().ok()? })
        })
        .collect()
}

fn choose(all: Vec<Target>, wanted: &[String]) -> Result<Vec<Target>, String> {
    if let Some(unknown) = wanted.iter().find(|name| all.iter().all(|it| it.name != **name)) {
        let names: Vec<_> = all.into_iter().map(|target| target.name).collect();
        return Err(format!("no fuzz target `{unknown}`: one of {}", names.join(", ")));
    }
    let is_wanted = |target: &Target| wanted.is_empty() || wanted.contains(&target.name);
    Ok(all.into_iter().filter(is_wanted).collect())
}

fn check_tools() -> Result<(), String> {
    for (args, what) in [
        (&["+nightly", "--version"][..], "there is no nightly toolchain"),
        (&["+nightly", "fuzz", "--version"][..], "there is no cargo-fuzz"),
    ] {
        let status =
            Command::new("cargo").args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !status.is_ok_and(|status| status.success()) {
            return Err(format!("{what}: {HINT}"));
        }
    }
    Ok(())
}

/// The target for which cargo-fuzz builds.
fn host() -> Result<String, String> {
    let output = Command::new("rustc").args(["+nightly", "-vV"]).output();
    let output = output.map_err(|error| format!("rustc does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc tells no host".to_owned())
}

fn build(folder: &Path, sanitizer: Sanitizer, targets: &[Target]) -> Result<(), String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["+nightly", "fuzz", "build", "--sanitizer", sanitizer.name()]);
    if matches!(sanitizer, Sanitizer::None) {
        // Every comparison would be a call: half of the time of most targets.
        cargo.arg("--no-trace-compares");
    }
    if let [target] = targets {
        cargo.arg(&target.name);
    }
    let status = cargo.current_dir(folder).status();
    let status = status.map_err(|error| format!("cargo does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the fuzzers do not build: {status}")) }
}

/// Runs so many targets at a time; outcomes are in the order of the targets.
fn run_all(plan: &Plan, targets: &[Target], jobs: u8) -> Result<Vec<Outcome>, String> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(target) = targets.get(index) else { break };
                    say(&format!("fuzzing {}", target.name));
                    let outcome = run_target(plan, target);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn table(outcomes: &[Outcome]) -> String {
    let head = ["target", "executions", "per second", "edges", "new", "crashes"];
    let mut lines = vec![head.map(str::to_owned)];
    for it in outcomes {
        lines.push([
            it.name.clone(),
            it.executions.to_string(),
            it.per_second.to_string(),
            it.edges.to_string(),
            it.edges.saturating_sub(it.edges_before).to_string(),
            usize::from(it.failure.is_some()).to_string(),
        ]);
    }
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: Vec<_> = (0..head.len()).map(width).collect();
    let line = |cells: &[String; 6]| {
        let [name, numbers @ ..] = cells;
        let (first, others) = widths.split_first().unwrap_or((&0, &[]));
        let numbers = numbers.iter().zip(others).map(|(cell, width)| format!("  {cell:>width$}"));
        format!("{name:first$}{}", numbers.collect::<String>())
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_the_checkout_is_one() {
        let all = targets(&crate::root().join("fuzz")).unwrap();
        assert!(10 < all.len());
        assert_eq!(parse("# x\na 1\n"), Some(vec![Target { name: "a".to_owned(), len_max: 1 }]));
        assert_eq!(parse("a\n"), None);
        let chosen = choose(all.clone(), &["proof".to_owned()]).unwrap();
        assert_eq!(chosen.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["proof"]);
        assert!(
            choose(all, &["prof".to_owned()]).unwrap_err().contains("one of checkpoint, codec")
        );
    }

    #[test]
    fn a_table_has_a_line_for_each_target() {
        let outcome = |name: &str, failure: Option<&str>| Outcome {
            name: name.to_owned(),
            executions: 12,
            per_second: 3,
            edges: 40,
            edges_before: 30,
            failure: failure.map(str::to_owned),
        };
        let text = table(&[outcome("a", None), outcome("longer", Some("x"))]);
        assert_eq!(
            text,
            "target  executions  per second  edges  new  crashes\n\
             a               12           3     40   10        0\n\
             longer          12           3     40   10        1"
        );
    }
}
