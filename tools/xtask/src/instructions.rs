//! `cargo xtask instructions`: how many instructions an operation is. No busy machine changes that.
//!
//! A program runs under `valgrind --tool=cachegrind` once for each of its stages, always from the
//! beginning; the instructions of a stage are those of its run less those of the run before. The
//! counts depend on the compiler, so a count is compared only with one of the same compiler.

mod record;

use std::path::{Path, PathBuf};
use std::process::Command;

use self::record::{Cost, Line, Verdict, judge, parse, render};
use crate::say;

/// Where counts are recorded.
const RECORD: &str = "tools/streams/instructions.txt";
/// How many stages the program has, but for its setup.
const STAGES: u64 = 3;

/// What a run of the program was.
struct Run {
    /// Name of the last stage.
    name: String,
    /// Operations of the last stage.
    operations: u64,
    /// Instructions of the whole run.
    instructions: u64,
}

/// Counts, and compares with the record or replaces it.
///
/// # Errors
/// What could not be run or read; a count that rose by more than a tenth.
pub(crate) fn run(root: &Path, records: bool) -> Result<(), String> {
    let program = build(root)?;
    let new = count(&program, &compiler()?)?;
    let path = root.join(RECORD);
    let fail = |error: std::io::Error| format!("{RECORD}: {error}");
    if records {
        for line in &new {
            say(&format!("{:8} {:>10}", line.name, line.cost));
        }
        return std::fs::write(&path, render(&new)).map_err(fail);
    }
    let text = std::fs::read_to_string(&path).map_err(fail)?;
    let recorded = parse(&text).map_err(|error| format!("{RECORD}: {error}"))?;
    let failures = new.iter().filter(|line| !is_fine(line, &recorded)).count();
    if failures == 0 {
        return Ok(());
    }
    Err(format!(
        "{failures} of {} counts failed; if that is meant: cargo xtask instructions --record",
        new.len()
    ))
}

/// Says what a count is beside the record; whether it may stand.
fn is_fine(line: &Line, recorded: &[Line]) -> bool {
    let verdict = judge(line, recorded);
    let words = match verdict {
        Verdict::Fine(cost) => format!("recorded {cost}"),
        Verdict::Rise(cost) => format!("recorded {cost}: a rise of more than a tenth"),
        Verdict::Missing => "not recorded".to_owned(),
        Verdict::OtherCompiler => "recorded by another compiler: not compared".to_owned(),
    };
    say(&format!("{:8} {:>10} instructions an operation; {words}", line.name, line.cost));
    match verdict {
        Verdict::Fine(_) | Verdict::OtherCompiler => true,
        Verdict::Rise(_) | Verdict::Missing => false,
    }
}

/// Builds the program as users build the code, for no processor in particular.
fn build(root: &Path) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let Some(target) = own.ancestors().nth(2) else {
        return Err("this program does not lie in a target folder".to_owned());
    };
    let arguments = ["build", "--quiet", "--release", "--package", "streams"];
    let status = Command::new("cargo")
        .args(arguments)
        .args(["--example", "instructions", "--target-dir"])
        .arg(target)
        .current_dir(root)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !status.success() {
        return Err(format!("the program to count does not build: {status}"));
    }
    Ok(target.join("release/examples/instructions"))
}

/// The compiler and its host, as one name without commas.
fn compiler() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("rustc does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    match text.lines().next().zip(host) {
        Some((version, host)) => Ok(format!("{version} {host}").replace(',', "")),
        None => Err("rustc tells no version".to_owned()),
    }
}

/// The cost of every stage.
fn count(program: &Path, compiler: &str) -> Result<Vec<Line>, String> {
    let mut before = run_stages(program, 0)?.instructions;
    let mut lines = Vec::new();
    for stage in 1..=STAGES {
        let Run { name, operations, instructions } = run_stages(program, stage)?;
        let cost = instructions.checked_sub(before).and_then(|it| Cost::new(it, operations));
        let cost = cost.ok_or_else(|| format!("{name}: {before} then {instructions}: no cost"))?;
        lines.push(Line { compiler: compiler.to_owned(), name, cost });
        before = instructions;
    }
    Ok(lines)
}

/// Runs the first stages under valgrind.
fn run_stages(program: &Path, stages: u64) -> Result<Run, String> {
    let out = program.with_extension("cachegrind");
    let output = Command::new("valgrind")
        .args(["--quiet", "--tool=cachegrind", "--cache-sim=no"])
        .arg(format!("--cachegrind-out-file={}", out.display()))
        .arg(program)
        .arg(stages.to_string())
        .output()
        .map_err(|error| {
            format!("valgrind does not start: {error}; it is a package of most systems")
        })?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("valgrind: {}: {words}", output.status));
    }
    let words = String::from_utf8_lossy(&output.stdout);
    let counts = std::fs::read_to_string(&out).unwrap_or_default();
    match stage(&words).zip(summary(&counts)) {
        Some(((name, operations), instructions)) => Ok(Run { name, operations, instructions }),
        None => Err(format!("stage {stages} tells nothing: `{words}`")),
    }
}

/// Name and operations of a stage, as the program prints them.
fn stage(words: &str) -> Option<(String, u64)> {
    let (name, operations) = words.trim_end().split_once(' ')?;
    Some((name.to_owned(), operations.parse().ok()?))
}

/// All instructions, from the file that cachegrind writes: its first event is instructions read.
fn summary(counts: &str) -> Option<u64> {
    let figures = counts.lines().find_map(|line| line.strip_prefix("summary: "))?;
    figures.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cachegrind_and_the_program_write() {
        let counts =
            "desc: I1 cache: 1\ncmd: it\nevents: Ir\nfl=a\nfn=b\n1 17\nsummary: 149025725\n";
        assert_eq!(summary(counts), Some(149_025_725));
        assert_eq!(summary("events: Ir I1mr\nsummary: 12 3\n"), Some(12));
        assert_eq!(summary("events: Ir\n"), None);
        assert_eq!(stage("match 100000\n"), Some(("match".to_owned(), 100_000)));
        assert_eq!(stage("match"), None);
        assert_eq!(stage(""), None);
    }

    #[test]
    fn the_record_of_the_checkout_is_one() {
        let text = std::fs::read_to_string(crate::root().join(RECORD)).unwrap();
        let lines = parse(&text).unwrap();
        let names: Vec<_> = lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["match", "record", "replay"]);
    }
}
