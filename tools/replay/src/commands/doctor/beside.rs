//! What lies beside a log: its sidecars, and what interrupted commands left.

use std::fs;
use std::path::Path;

/// A file or folder that belongs to a log by its name.
pub(super) struct Beside {
    pub(super) name: String,
    pub(super) what: &'static str,
    pub(super) is_deletable: bool,
}

/// Names that are listed; more are counted only.
pub(super) const LISTED_MAX: usize = 20;

/// What lies beside a log, its tail left out, in the order of names. A folder that cannot be read
/// holds nothing.
pub(super) fn find(log: &Path) -> Vec<Beside> {
    let Some(name) = log.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Vec::new();
    };
    let folder = match log.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let entry = entry.file_name().to_string_lossy().into_owned();
            let (what, is_deletable) = describe(entry.strip_prefix(&name)?)?;
            Some(Beside { name: entry, what, is_deletable })
        })
        .collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// What a name behind that of the log says.
fn describe(suffix: &str) -> Option<(&'static str, bool)> {
    match suffix {
        ".note" => Some(("who wrote the log and when; no reader needs it", false)),
        ".snap" => {
            Some(("snapshots and zones to find moments quickly; made again when needed", true))
        }
        ".dropped-log" | ".dropped-tail" => Some(("what a recovery gave up", false)),
        _ if suffix.starts_with(".partial-") => {
            Some(("left by a command that was interrupted, unless one is running now", true))
        }
        _ => None,
    }
}
