//! Pip, and what it means when it fails.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::say;

/// What pip is to unpack: the packages of the lock, for any Python of any machine they fit.
const ARGUMENTS: [&str; 20] = [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-cache-dir",
    "--no-compile",
    "--no-deps",
    "--require-hashes",
    "--only-binary=:all:",
    "--implementation=cp",
    "--python-version=3.11",
    "--abi=cp311",
    "--abi=none",
    "--platform=manylinux_2_28_x86_64",
    "--platform=manylinux_2_25_x86_64",
    "--platform=manylinux2014_x86_64",
    "--no-warn-conflicts",
    "--no-input",
    "--no-color",
    "--requirement",
];

/// What another way would be, when this one fails.
const OTHERWISE: &str =
    "or unpack libtorch of that version yourself, from wherever, and set LIBTORCH to its folder";

/// Lets pip fetch the packages of a lock and unpack them into a folder.
///
/// # Errors
/// What is missing, in words; what pip says is on standard error.
pub(super) fn install(lock: &Path, folder: &Path, scratch: &Path) -> Result<(), String> {
    let version = Command::new("python3").args(["-m", "pip", "--version"]).output();
    match version {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(format!(
                "python3 is not in PATH: libtorch comes from the Python registry, by pip\ninstall \
                 python3 with pip (Debian: apt-get install python3-pip), {OTHERWISE}"
            ));
        }
        Err(error) => return Err(format!("python3 does not start: {error}")),
        Ok(output) if !output.status.success() => {
            let words = String::from_utf8_lossy(&output.stderr);
            let words = words.trim();
            return Err(format!(
                "python3 has no pip: {words}\ninstall it (Debian: apt-get install python3-pip), \
                 {OTHERWISE}"
            ));
        }
        Ok(_) => {}
    }
    let fail = |error: io::Error| format!("python3 does not start: {error}");
    let output = pip(lock, folder, scratch.as_os_str()).output().map_err(fail)?;
    let words = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(());
    }
    say(words.trim_end());
    Err(format!("{}, {OTHERWISE}", explain(&words)))
}

fn pip(lock: &Path, folder: &Path, scratch: &OsStr) -> Command {
    let mut pip = Command::new("python3");
    pip.args(ARGUMENTS).arg(lock).arg("--target").arg(folder);
    // Unpacking needs room where the result needs it, not in a small /tmp; settings that
    // contradict --target are put aside, a mirror of the registry is not.
    pip.env("TMPDIR", scratch).env("PIP_USER", "0").env("PIP_REQUIRE_VIRTUALENV", "0");
    if io::stderr().is_terminal() {
        pip.stdout(Stdio::from(io::stderr()));
    } else {
        pip.arg("--quiet").stdout(Stdio::null());
    }
    pip.stderr(Stdio::piped());
    pip
}

/// Why pip failed, by its words, and what to do next.
fn explain(words: &str) -> &'static str {
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    if says(&["DO NOT MATCH THE HASHES"]) {
        "a package is not the one of tools/libtorch.lock: what was served was damaged or replaced, \
         and was not unpacked\nrun `cargo xtask setup` again or with another registry \
         (PIP_INDEX_URL)"
    } else if says(&["No space left"]) {
        "the disk is full: setting up takes 2.2 GB for a while\nmake room"
    } else if says(&["Retrying", "Connection", "connection", "timed out", "resolve", "HTTPError"]) {
        "the Python registry cannot be reached\nrun `cargo xtask setup` again with a network, or \
         with a registry that can be reached (PIP_INDEX_URL)"
    } else if says(&["No matching distribution", "Could not find a version"]) {
        "the registry has no such package\nrun `cargo xtask setup` again with another registry \
         (PIP_INDEX_URL)"
    } else if says(&["no such option"]) {
        "this pip is too old\nupdate it (python3 -m pip install --upgrade pip)"
    } else {
        "pip failed, with the words above\nrun `cargo xtask setup` again when that is mended"
    }
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn failures_are_told_apart() {
        let unreachable = "WARNING: Retrying (Retry(total=4)) after connection broken by \
                           'NewConnectionError: Temporary failure in name resolution'\nERROR: Could \
                           not find a version that satisfies the requirement torch==2.13.0\nERROR: No \
                           matching distribution found for torch==2.13.0\n";
        let hashes = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.";
        let full = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left";
        let absent = "ERROR: No matching distribution found for torch==2.13.0";
        for (words, meaning) in [
            (unreachable, "cannot be reached"),
            (hashes, "damaged or replaced"),
            (full, "disk is full"),
            (absent, "no such package"),
            ("no such option: --target", "too old"),
            ("Traceback", "the words above"),
        ] {
            assert!(explain(words).contains(meaning), "{words}");
        }
    }
}
