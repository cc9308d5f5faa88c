//! `cargo xtask kills`: the built `replay` is killed while it records, or its device fails; what it
//! acknowledged must be there.
//!
//! Acknowledged is what `replay simulate --durable-every` has printed. What is left goes through
//! `replay recover`, and must be, byte for byte, what `replay cut` makes of the uninterrupted log.

pub(crate) mod faults;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::print;

/// Steps of the recording that is killed.
const STEPS: u32 = 400;

/// The binary, a folder of its own, and the log that nothing interrupted.
pub(crate) struct Field {
    replay: PathBuf,
    folder: PathBuf,
}

/// What is left of a recording that ended early.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Left {
    /// Entries that are kept.
    pub(crate) entries: u64,
    /// Whether the end was torn.
    pub(crate) is_torn: bool,
    /// Whether there was a log at all.
    pub(crate) is_there: bool,
}

impl Field {
    /// Builds the binary and records the uninterrupted log.
    pub(crate) fn new(root: &Path) -> Result<Self, String> {
        let status = Command::new("cargo")
            .args(["build", "--quiet", "--package", "replay-tool", "--bin", "replay"])
            .current_dir(root)
            .status()
            .map_err(|error| format!("cargo does not start: {error}"))?;
        if !status.success() {
            return Err("the replay binary does not build".to_owned());
        }
        let folder = root.join("target/kills");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let folder = folder.canonicalize().map_err(|error| error.to_string())?;
        let replay = root.join("target/debug/replay");
        let replay = replay.canonicalize().map_err(|error| error.to_string())?;
        let field = Self { replay, folder };
        field.expect(&Field::simulate("full.log"), &[0])?;
        let table =
            field.expect(&["cat", "full.log", "--format", "csv"].map(String::from), &[0])?;
        field.write("full.csv", &table.stdout)?;
        field.expect(&Self::import("imported.log"), &[0])?;
        Ok(field)
    }

    /// The arguments of the recording.
    pub(crate) fn simulate(log: &str) -> Vec<String> {
        let line = format!("simulate --seed 5 --steps {STEPS} --durable-every 1 -o {log}");
        line.split(' ').map(String::from).collect()
    }

    /// The arguments of an import.
    pub(crate) fn import(log: &str) -> Vec<String> {
        let line = format!("import csv full.csv -o {log}");
        line.split(' ').map(String::from).collect()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        fs::write(self.path(name), bytes).map_err(|error| format!("{name}: {error}"))
    }

    /// Runs the binary; an exit code that is not among these is an error.
    pub(crate) fn expect(&self, arguments: &[String], exits: &[i32]) -> Result<Output, String> {
        let mut command = Command::new(&self.replay);
        let output = command.args(arguments).current_dir(&self.folder).output();
        let output = output.map_err(|error| format!("replay does not start: {error}"))?;
        let exit = output.status.code().unwrap_or(-1);
        if exits.contains(&exit) {
            return Ok(output);
        }
        let words = String::from_utf8_lossy(&output.stderr);
        Err(format!("replay {}: exit {exit}, not {exits:?}: {words}", arguments.join(" ")))
    }

    fn line(&self, line: &str, exits: &[i32]) -> Result<Output, String> {
        self.expect(&line.split(' ').map(String::from).collect::<Vec<_>>(), exits)
    }

    /// Checks what is left of a recording called `log` of which so many entries were acknowledged;
    /// `full` is the one that nothing interrupted.
    pub(crate) fn check(&self, log: &str, full: &str, acknowledged: u64) -> Result<Left, String> {
        let none = |why: &str| {
            if acknowledged == 0 {
                Ok(Left::default())
            } else {
                Err(format!("{why}: {acknowledged} lost"))
            }
        };
        if !self.path(log).exists() {
            return none("there is no log");
        }
        let verified = self.line(&format!("verify {log}"), &[0, 65])?;
        for name in [
            "saved.log",
            "saved.log.tail",
            "cut.log",
            "cut.log.tail",
            "again.log",
            "again.log.tail",
        ] {
            let _ = fs::remove_file(self.path(name));
        }
        let saved =
            self.line(&format!("recover {log} -o saved.log --force --json"), &[0, 1, 65])?;
        let exit = saved.status.code().unwrap_or(-1);
        if exit == 65 {
            // Only a log that has no whole header cannot be recovered.
            return none(&String::from_utf8_lossy(&saved.stderr));
        }
        let told: serde_json::Value =
            serde_json::from_slice(&saved.stdout).map_err(|error| error.to_string())?;
        let entries = told.get("entries").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if entries < acknowledged {
            return Err(format!("{acknowledged} entries acknowledged, {entries} recovered"));
        }
        let is_torn = exit == 1;
        if is_torn == verified.status.success() {
            return Err("verify and recover do not agree whether the log is whole".to_owned());
        }
        if is_torn && saved.stderr.is_empty() {
            return Err("bytes were dropped without a word".to_owned());
        }
        self.line(&format!("cut {full} --to {entries} -o cut.log --force"), &[0])?;
        self.line("recover saved.log -o again.log --force", &[0])?;
        for (one, other) in [("saved.log", "cut.log"), ("again.log", "saved.log")] {
            for suffix in ["", ".tail"] {
                let read = |name: &str| fs::read(self.path(&format!("{name}{suffix}"))).ok();
                if read(one) != read(other) {
                    return Err(format!("{one}{suffix} differs from {other}{suffix}"));
                }
            }
        }
        Ok(Left { entries, is_torn, is_there: true })
    }

    /// Removes what a recording or import left.
    pub(crate) fn clean(&self, log: &str) -> Result<(), String> {
        let entries = fs::read_dir(&self.folder).map_err(|error| error.to_string())?;
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_string_lossy().starts_with(log) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    fn spawn(&self, arguments: &[String]) -> Result<Child, String> {
        Command::new(&self.replay)
            .args(arguments)
            .current_dir(&self.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("replay does not start: {error}"))
    }
}

/// The last entry that standard output says is durable. A line that is cut off says nothing.
pub(crate) fn acknowledged(output: &mut dyn Read) -> u64 {
    let (mut last, mut line) = (0, String::new());
    let mut lines = BufReader::new(output);
    while lines.read_line(&mut line).is_ok_and(|read| 0 < read) {
        let mut words = line.trim_end_matches('\n').split(' ');
        if line.ends_with('\n')
            && words.next() == Some("durable")
            && let Some(entry) = words.next().and_then(|word| word.parse().ok())
        {
            last = entry;
        }
        line.clear();
    }
    last
}

/// Numbers that are the same for a seed.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Kills recordings and imports at random moments.
///
/// # Errors
/// The first acknowledged entry that is lost, or anything else that is not as it was written.
pub(crate) fn run(root: &Path, kills: u32, seed: u64) -> Result<(), String> {
    let field = Field::new(root)?;
    let time = |arguments: &[String]| -> Result<u64, String> {
        let started = Instant::now();
        field.expect(arguments, &[0])?;
        field.clean("killed.log")?;
        u64::try_from(started.elapsed().as_micros()).map_err(|error| error.to_string())
    };
    let longest = [time(&Field::simulate("killed.log"))?, time(&Field::import("killed.log"))?];
    let (mut state, mut torn, mut kept, mut told, mut ended, mut absent) = (seed, 0, 0, 0, 0, 0);
    for kill in 1..=kills {
        // Every fourth is an import: its log appears whole or not at all.
        let is_import = kill % 4 == 0;
        let arguments =
            if is_import { Field::import("killed.log") } else { Field::simulate("killed.log") };
        let after = draw(&mut state) % longest[usize::from(is_import)].max(1);
        let mut child = field.spawn(&arguments)?;
        let mut stdout = child.stdout.take().ok_or("no standard output")?;
        let reader = thread::spawn(move || acknowledged(&mut stdout));
        thread::sleep(Duration::from_micros(after));
        child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
        let acknowledged = reader.join().map_err(|_| "a reader panicked")?;
        let failed = |error: String| format!("seed {seed}, kill {kill} after {after} us: {error}");
        if is_import {
            let whole = fs::read(field.path("imported.log")).ok();
            let is_whole =
                fs::read(field.path("killed.log")).ok().is_none_or(|log| Some(log) == whole);
            if !is_whole {
                return Err(failed("half an import has its final name".to_owned()));
            }
            absent += u32::from(!field.path("killed.log").exists());
        } else {
            let left = field.check("killed.log", "full.log", acknowledged).map_err(failed)?;
            torn += u32::from(left.is_torn);
            absent += u32::from(!left.is_there);
            ended += u32::from(
                fs::read(field.path("killed.log")).ok() == fs::read(field.path("full.log")).ok(),
            );
            (kept, told) = (kept + left.entries, told + acknowledged);
        }
        field.clean("killed.log")?;
    }
    print(&format!(
        "{kills} kills, seed {seed}: {absent} before there was a log, {ended} finished first, {torn} \
         torn; {told} entries acknowledged, {kept} kept, lost = 0"
    ));
    Ok(())
}
