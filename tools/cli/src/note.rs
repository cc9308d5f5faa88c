//! `LOG.note`: who wrote a log and when. Nothing ever compares it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::failure::Failure;
use crate::files::with_suffix;

/// Where the note of a log stands.
pub(crate) fn note_path(log: &Path) -> PathBuf {
    with_suffix(log, ".note")
}

/// Writes the note of a log: version, target, time and command line of its producer.
///
/// # Errors
/// Exit 74 when the device fails.
pub fn write_note(log: &Path) -> Result<(), Failure> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let command: Vec<_> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let note = json!({
        "schema": "replay.note/1",
        "version": env!("CARGO_PKG_VERSION"),
        "target": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        "unix_time": since_epoch.as_secs(),
        "command": command,
    });
    let path = note_path(log);
    fs::write(&path, format!("{note:#}\n")).map_err(|error| Failure::io(&path, &error))
}
