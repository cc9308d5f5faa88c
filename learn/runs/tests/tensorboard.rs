//! `TensorBoard` itself reads the events that are written here. Its package of the Python registry is
//! fetched into the ignored build folder once; where that cannot be, the test says so.

#![expect(clippy::print_stderr, reason = "a test that cannot be run says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use runs::tensorboard::{Event, Histogram, append, start};

/// The version that is fetched.
const PACKAGE: &str = "tensorboard==2.20.0";

/// Prints what its reader finds: tag, step, wall time and value of every scalar and histogram.
const SCRIPT: &str = "
import sys
from tensorboard.backend.event_processing import event_accumulator
found = event_accumulator.EventAccumulator(sys.argv[1], size_guidance={'scalars': 0, 'histograms': 0})
found.Reload()
for tag in sorted(found.Tags()['scalars']):
    for it in found.Scalars(tag):
        print(tag, it.step, it.wall_time, it.value)
for tag in sorted(found.Tags()['histograms']):
    for it in found.Histograms(tag):
        h = it.histogram_value
        print(tag, it.step, h.min, h.max, h.num, h.sum, list(h.bucket_limit), list(h.bucket))
";

/// An interpreter that has the package, or why there is none.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/tensorboard");
    let python = folder.join("bin/python");
    let has_package = |python: &Path| {
        let found = Command::new(python).args(["-c", "import tensorboard"]).output();
        found.is_ok_and(|it| it.status.success())
    };
    if has_package(&python) {
        return Ok(python);
    }
    let run = |command: &mut Command| match command.output() {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
    if has_package(&python) { Ok(python) } else { Err("the package cannot be imported".to_owned()) }
}

#[test]
fn tensorboard_reads_the_events() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            eprintln!("NOT RUN: no {PACKAGE}: {why}");
            return;
        }
    };
    let event = |step: u64, loss: f32| Event {
        step,
        scalars: vec![("maker/loss".to_owned(), loss), ("spread".to_owned(), 3.75)],
        histograms: Histogram::of(&[1.0, 2.0, 4.0], 3)
            .map(|it| ("offsets".to_owned(), it))
            .into_iter()
            .collect(),
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.out.tfevents.run");
    let bytes = [start(), append(&event(1, 0.5)), append(&event(300, -0.25))].concat();
    fs::write(&file, bytes).unwrap();
    let script = folder.path().join("read.py");
    fs::write(&script, SCRIPT).unwrap();
    let read = Command::new(python).arg(&script).arg(folder.path()).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let histogram =
        |step| format!("offsets {step} 1.0 4.0 3.0 7.0 [2.0, 3.0, 4.0] [2.0, 0.0, 1.0]");
    let expected = [
        "maker/loss 1 1.0 0.5".to_owned(),
        "maker/loss 300 300.0 -0.25".to_owned(),
        "spread 1 1.0 3.75".to_owned(),
        "spread 300 300.0 3.75".to_owned(),
        histogram(1),
        histogram(300),
    ];
    let read = String::from_utf8(read.stdout).unwrap();
    assert_eq!(read.lines().collect::<Vec<_>>(), expected);
}
