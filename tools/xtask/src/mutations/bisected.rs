//! Kernels that were changed on purpose, and whether `replay bisect` names the first outcome in which
//! they differ.
//!
//! Ten logs are recorded once by the kernel of the checkout and once by each changed one, which also
//! writes down its events entry by entry. Their first difference, found line by line, must lie in the
//! block that `bisect` names; where there is none, `bisect` must find none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::list::{self, Mutation};
use super::{LIST, Scratch, read, write};
use crate::print;

/// What became of a mutation.
enum Found {
    /// Logs in which an outcome differs and was named, and logs in which nothing differs.
    Named {
        differing: usize,
        equal: usize,
    },
    /// The changed kernel breaks off: it records nothing to compare.
    BreaksOff,
    DoesNotCompile,
}

/// Carries out `count` mutations, spread over the list.
///
/// # Errors
/// The list cannot be read; a difference is not named, or named where there is none.
pub(crate) fn run(root: &Path, count: usize, jobs: Option<u32>) -> Result<(), String> {
    let mutations = list::read(&root.join(LIST))?;
    let every = mutations.len().div_ceil(count.max(1)).max(1);
    let replay = build_replay(root)?;
    let scratch = Scratch::new(root, jobs)?;
    let logs = scratch.tree.with_file_name("logs");
    let folder = |name: &str| logs.join(name);
    let _ = fs::remove_dir_all(&logs);
    let program = scratch.build_bin("rerecord")?.ok_or("rerecord does not compile")?;
    let golden = root.join("golden/ecology");
    if !call(&program, &["make".as_ref(), &golden, &folder("given")])?
        || !call(&program, &["again".as_ref(), &folder("given"), &folder("right")])?
    {
        return Err("the logs cannot be recorded".to_owned());
    }
    let (mut named, mut nothing) = (0, Vec::new());
    for mutation in mutations.iter().step_by(every) {
        let found = judge(&scratch, mutation, &logs, &replay)?;
        let words = match found {
            Found::Named { differing: 0, .. } => {
                nothing.push(mutation.name.clone());
                "changes nothing in these logs".to_owned()
            }
            Found::Named { differing, equal } => {
                named += 1;
                format!("named in {differing} logs; {equal} are equal")
            }
            Found::BreaksOff => "breaks off".to_owned(),
            Found::DoesNotCompile => "does not compile".to_owned(),
        };
        print(&format!("{}: {words}", mutation.name));
    }
    print(&format!(
        "{named} changed kernels: the block of the first different outcome was named each time; {} \
         change nothing",
        nothing.len()
    ));
    Ok(())
}

fn judge(
    scratch: &Scratch,
    mutation: &Mutation,
    logs: &Path,
    replay: &Path,
) -> Result<Found, String> {
    let path = scratch.tree.join(&mutation.file);
    let before = read(&path)?;
    write(&path, before.replacen(&mutation.old, &mutation.new, 1).as_bytes())?;
    let built = scratch.build_bin("rerecord");
    write(&path, before.as_bytes())?;
    let Some(program) = built? else { return Ok(Found::DoesNotCompile) };
    let wrong = logs.join("wrong");
    let _ = fs::remove_dir_all(&wrong);
    if !call(&program, &["again".as_ref(), &logs.join("given"), &wrong])? {
        return Ok(Found::BreaksOff);
    }
    let (mut differing, mut equal) = (0, 0);
    for log in names(&logs.join("right"))? {
        let right = logs.join("right").join(&log);
        let first = first_difference(&right, &wrong.join(&log))?;
        let told = bisect(replay, &right, &wrong.join(&log))?;
        match (first, told) {
            (None, None) => equal += 1,
            // A state that differs shows in a block that records one, before any event differs.
            (None, Some((what, ..))) if what != "outcome" => equal += 1,
            (Some(entry), Some((_, from, to))) if (from..=to).contains(&entry) => differing += 1,
            (Some(entry), Some((what, _, to))) if what != "outcome" && to < entry => differing += 1,
            (first, told) => {
                return Err(format!(
                    "{}: {log}: the first different event is of entry {first:?}, bisect says {told:?}",
                    mutation.name
                ));
            }
        }
    }
    Ok(Found::Named { differing, equal })
}

/// The command of the checkout.
fn build_replay(root: &Path) -> Result<PathBuf, String> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--package", "replay-tool"])
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    let program = root.join("target/release/replay");
    if status.success() { Ok(program) } else { Err("replay does not compile".to_owned()) }
}

/// Runs a program; false when it fails.
fn call(program: &Path, args: &[&Path]) -> Result<bool, String> {
    let status = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    Ok(status.success())
}

/// Names of the logs in a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let name = entry.map_err(at)?.file_name().to_string_lossy().into_owned();
        let is_log = Path::new(&name).extension().is_some_and(|extension| extension == "log");
        names.extend(is_log.then_some(name));
    }
    names.sort();
    Ok(names)
}

/// The first entry whose events differ.
fn first_difference(right: &Path, wrong: &Path) -> Result<Option<u64>, String> {
    let (right, wrong) =
        (read(&right.with_extension("events"))?, read(&wrong.with_extension("events"))?);
    let first = right.lines().zip(wrong.lines()).find(|(right, wrong)| right != wrong);
    Ok(first.and_then(|(right, _)| right.split(' ').next()?.parse().ok()))
}

/// What `replay bisect` says: what differs, and the entries of the block.
fn bisect(replay: &Path, a: &Path, b: &Path) -> Result<Option<(String, u64, u64)>, String> {
    let output = Command::new(replay)
        .args([Path::new("bisect"), a, b, Path::new("--json")])
        .output()
        .map_err(|error| format!("{}: {error}", replay.display()))?;
    let told: serde_json::Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let kernel = &told["kernel"];
    let number = |name: &str| kernel[name].as_u64();
    let what = kernel["differs"].as_str();
    Ok(what.and_then(|what| Some((what.to_owned(), number("first")?, number("last")?))))
}
