//! `cargo xtask mutations`: breaks one rule of the kernel after the other and asks the rule's own
//! test to notice.
//!
//! `tests/mutations.txt` is the list. Everything happens in a copy under `target/mutations`; the
//! checkout is read only.

pub(crate) mod bisected;
mod list;

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use self::list::{Mutation, TestName};
use crate::print;

/// The list, from the root of the checkout.
const LIST: &str = "tests/mutations.txt";

/// How often a test is asked whether it has ended, and how many times before it is stopped: after
/// two minutes. The slowest one takes some seconds.
const POLL: Duration = Duration::from_millis(20);
const POLLS_MAX: u32 = 6_000;

/// What became of one mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The named test ran and failed.
    Caught,
    /// The named test passed.
    Survived,
    /// It proves nothing: the compiler noticed.
    DoesNotCompile,
    /// The old text stands in the file so many times, which is not once.
    OldTextFound(usize),
    /// The named test is not there, or broke off without a word.
    DidNotRun,
    /// The named test went on and on.
    DidNotEnd,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caught => f.write_str("caught"),
            Self::Survived => f.write_str("SURVIVED"),
            Self::DoesNotCompile => f.write_str("does not compile"),
            Self::OldTextFound(0) => f.write_str("old text not found"),
            Self::OldTextFound(times) => write!(f, "old text found {times} times"),
            Self::DidNotRun => f.write_str("test did not run"),
            Self::DidNotEnd => f.write_str("test did not end"),
        }
    }
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    DidNotRun,
    DidNotEnd,
}

/// The copy in which everything happens.
struct Scratch {
    tree: PathBuf,
    built: PathBuf,
    output: PathBuf,
    /// Jobs of cargo.
    jobs: Option<u32>,
    /// Locked as long as this run uses the copy.
    _lock: File,
}

/// Carries out every mutation of the list, or those whose names hold `only`, and prints a line for
/// each.
///
/// # Errors
/// The list cannot be read, a test fails without any mutation, or a mutation is not caught.
pub(crate) fn run(root: &Path, only: Option<&str>, jobs: Option<u32>) -> Result<(), String> {
    let mut mutations = list::read(&root.join(LIST))?;
    mutations.retain(|mutation| only.is_none_or(|only| mutation.name.contains(only)));
    if mutations.is_empty() {
        return Err(format!("{LIST} has no mutation of that name"));
    }
    let scratch = Scratch::new(root, jobs)?;
    scratch.check_tests(&mutations)?;
    let mut caught = 0;
    for mutation in &mutations {
        let verdict = scratch.judge(mutation)?;
        caught += usize::from(verdict == Verdict::Caught);
        print(&format!("{verdict:<8} {}  by {}", mutation.name, mutation.test.path));
    }
    print(&format!("{caught} of {} caught", mutations.len()));
    if caught == mutations.len() {
        Ok(())
    } else {
        Err(format!("{} not caught", mutations.len() - caught))
    }
}

impl Scratch {
    fn new(root: &Path, jobs: Option<u32>) -> Result<Self, String> {
        let folder = root.join("target/mutations");
        let lock = lock(&folder)?;
        let scratch = Self {
            tree: folder.join("tree"),
            built: folder.join("target"),
            output: folder.join("output"),
            jobs,
            _lock: lock,
        };
        let files = files(root)?;
        for file in &files {
            copy_file(&root.join(file), &scratch.tree.join(file))?;
        }
        // A file that is gone would be built as a test or a binary of its own.
        remove_others(&scratch.tree, &files.iter().map(|file| scratch.tree.join(file)).collect())?;
        Ok(scratch)
    }

    /// Every named test passes as long as nothing is changed.
    fn check_tests(&self, mutations: &[Mutation]) -> Result<(), String> {
        let tests: BTreeSet<_> = mutations.iter().map(|mutation| &mutation.test).collect();
        let mut last: Option<(&TestName, PathBuf)> = None;
        for test in tests {
            let program = match last.take() {
                Some((other, program)) if other.is_beside(test) => program,
                Some(_) | None => self
                    .build(test)?
                    .ok_or_else(|| format!("{} does not compile before any mutation", test.path))?,
            };
            match self.run_test(&program, test)? {
                Outcome::Passed => last = Some((test, program)),
                Outcome::Failed | Outcome::DidNotRun | Outcome::DidNotEnd => {
                    return Err(format!("{} does not pass before any mutation", test.path));
                }
            }
        }
        Ok(())
    }

    /// Applies a mutation, runs its test and takes it back.
    fn judge(&self, mutation: &Mutation) -> Result<Verdict, String> {
        let path = self.tree.join(&mutation.file);
        let before = read(&path)?;
        let times = before.matches(&mutation.old).count();
        if times != 1 {
            return Ok(Verdict::OldTextFound(times));
        }
        write(&path, before.replacen(&mutation.old, &mutation.new, 1).as_bytes())?;
        let verdict = self.judge_applied(&mutation.test);
        write(&path, before.as_bytes())?;
        verdict
    }

    fn judge_applied(&self, test: &TestName) -> Result<Verdict, String> {
        let Some(program) = self.build(test)? else { return Ok(Verdict::DoesNotCompile) };
        Ok(match self.run_test(&program, test)? {
            Outcome::Passed => Verdict::Survived,
            Outcome::Failed => Verdict::Caught,
            Outcome::DidNotRun => Verdict::DidNotRun,
            Outcome::DidNotEnd => Verdict::DidNotEnd,
        })
    }

    /// Builds the program that holds a test; `None` when it does not compile, and the compiler has
    /// said why.
    fn build(&self, test: &TestName) -> Result<Option<PathBuf>, String> {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--no-run", "--quiet", "--package", &test.package]);
        match test.target.as_str() {
            "lib" => cargo.arg("--lib"),
            target => cargo.args(["--test", target]),
        };
        cargo.args(self.jobs.map(|jobs| format!("--jobs={jobs}")));
        // What a mutation leaves unused is none of the compiler's business.
        let built = cargo
            .arg("--message-format=json-render-diagnostics")
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.built)
            .env("RUSTFLAGS", "--cap-lints=allow")
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo does not start: {error}"))?;
        if !built.status.success() {
            return Ok(None);
        }
        let messages = String::from_utf8_lossy(&built.stdout).into_owned();
        let program = messages.lines().filter_map(test_program).next_back();
        program.map(Some).ok_or_else(|| format!("cargo built nothing for {}", test.path))
    }

    /// Builds a program of the package `tests`; `None` when it does not compile.
    fn build_bin(&self, name: &str) -> Result<Option<PathBuf>, String> {
        let status = Command::new("cargo")
            .args(["build", "--quiet", "--release", "--package", "tests", "--bin", name])
            .args(self.jobs.map(|jobs| format!("--jobs={jobs}")))
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.built)
            .env("RUSTFLAGS", "--cap-lints=allow")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .status()
            .map_err(|error| format!("cargo does not start: {error}"))?;
        Ok(status.success().then(|| self.built.join("release").join(name)))
    }

    /// Runs one test. Not by `cargo test`, because only a child of our own can be stopped.
    fn run_test(&self, program: &Path, test: &TestName) -> Result<Outcome, String> {
        // To a file: a pipe that nobody reads would hold up a test that has much to say.
        let output = File::create(&self.output).map_err(|error| error.to_string())?;
        let mut child = Command::new(program)
            .args([test.path.as_str(), "--exact"])
            .current_dir(self.tree.join(&test.package))
            .stdout(output)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        for _ in 0..POLLS_MAX {
            let status = child.try_wait().map_err(|error| error.to_string())?;
            if let Some(status) = status {
                let output = fs::read(&self.output).map_err(|error| error.to_string())?;
                return Ok(outcome(&String::from_utf8_lossy(&output), test, status.success()));
            }
            thread::sleep(POLL);
        }
        child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
        Ok(Outcome::DidNotEnd)
    }
}

/// The program of a message of cargo, if it tells of one that holds tests.
fn test_program(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let holds_tests = message.get("profile")?.get("test")?.as_bool()?;
    let program = message.get("executable")?.as_str()?;
    holds_tests.then(|| PathBuf::from(program))
}

/// What the output of the test harness tells about the one test that was asked for.
fn outcome(output: &str, test: &TestName, succeeded: bool) -> Outcome {
    let says = |end| output.lines().any(|line| line == format!("test {} ... {end}", test.path));
    match (says("ok"), says("FAILED")) {
        (true, false) if succeeded => Outcome::Passed,
        (false, true) if !succeeded => Outcome::Failed,
        (_, _) => Outcome::DidNotRun,
    }
}

/// Makes a folder the property of this process.
fn lock(folder: &Path) -> Result<File, String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(at)?;
    let file = File::create(folder.join("lock")).map_err(at)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err("another run is under way".to_owned()),
        Err(TryLockError::Error(error)) => Err(at(error)),
    }
}

/// The files of the checkout that git knows or would take.
fn files(root: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("git does not start: {error}"))?;
    if !listed.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim()));
    }
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let paths = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    // Git still knows what was removed and not committed.
    Ok(paths.filter(|path| root.join(path).is_file()).collect())
}

/// Copies a file unless the copy is the same already: so cargo builds again what has changed only.
fn copy_file(from: &Path, to: &Path) -> Result<(), String> {
    let bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    write(to, &bytes)
}

/// Removes the files of a folder that are not among `kept`.
fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<(), String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path).map_err(at)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_test_that_ran_and_failed_has_noticed() {
        let test = TestName {
            package: "tests".to_owned(),
            target: "rules".to_owned(),
            path: "basics::one".to_owned(),
        };
        for (output, succeeded, expected) in [
            ("running 1 test\ntest basics::one ... ok\n", true, Outcome::Passed),
            ("running 1 test\ntest basics::one ... FAILED\n", false, Outcome::Failed),
            // Broken off on the way, another test, none.
            ("running 1 test\ntest basics::one ... ", false, Outcome::DidNotRun),
            ("running 1 test\ntest basics::one_more ... FAILED\n", false, Outcome::DidNotRun),
            ("running 0 tests\n", true, Outcome::DidNotRun),
        ] {
            assert_eq!(outcome(output, &test, succeeded), expected, "{output}");
        }
    }

    #[test]
    fn programs_without_tests_are_passed_over() {
        let message = |test, program: &str| {
            format!("{{\"profile\":{{\"test\":{test}}},\"executable\":{program}}}")
        };
        assert_eq!(test_program(&message(true, "\"a/b\"")), Some(PathBuf::from("a/b")));
        assert_eq!(test_program(&message(false, "\"a/b\"")), None);
        assert_eq!(test_program(&message(true, "null")), None);
        assert_eq!(test_program("not json"), None);
    }
}
