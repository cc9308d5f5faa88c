//! `cargo xtask setup`: libtorch, which `learn` is built on, without its parts for graphics cards.
//!
//! The Python registry serves it to everybody, so pip fetches it, by the hashes of the lock. Of what
//! comes, only libraries and headers for the processor stay: the library was built with CUDA and
//! needs two small ones of it to be loaded at all, but none of the large ones.
//!
//! Everything happens in one folder. A new libtorch has its place by a rename, so that a run which
//! was interrupted leaves nothing that looks like one.

mod own;
mod pip;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::say;

/// What is fetched, with hashes, as pip reads it.
const LOCK: &str = "tools/libtorch.lock";
/// Where it comes to lie; `.cargo/config.toml` names `torch` below it.
const FOLDER: &str = ".libtorch";

/// Libraries that `libtorch_cpu.so` needs to be loaded, and itself.
const LIBRARIES: [&str; 5] = [
    "torch/lib/libc10.so",
    "torch/lib/libgomp.so.1",
    "torch/lib/libtorch_cpu.so",
    "nvidia/cu13/lib/libcudart.so.13",
    "nvidia/cu13/lib/libcupti.so.13",
];

/// Fetches libtorch, unless the one of the lock is there, or the user has another.
///
/// # Errors
/// What is missing on this machine, and what to do about it.
pub(crate) fn run(root: &Path, is_forced: bool) -> Result<(), String> {
    let lock = fs::read_to_string(root.join(LOCK)).map_err(|error| format!("{LOCK}: {error}"))?;
    let version = version(&lock)?;
    let folder = root.join(FOLDER);
    if let Some(own) = own::find(&folder) {
        return own::check(&own, version);
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
        return Err(format!(
            "{LOCK} is for x86-64 Linux with glibc, not for this machine: unpack libtorch \
             {version} yourself and set LIBTORCH to its folder"
        ));
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    let _one_at_a_time = wait_for_others(&folder)?;
    if !is_forced && is_ready(&folder, &lock, version) {
        say(&format!("libtorch {version} is there: {FOLDER}"));
        return Ok(());
    }
    let fetched = fetch(root, &folder, &lock, version);
    // What came is of no use without the rest, and may be what filled the disk.
    let removed = remove(&folder.join("partial"));
    fetched?;
    removed.map_err(|error| format!("{FOLDER}: {error}"))?;
    say(&format!("libtorch {version} is there now: {FOLDER}"));
    Ok(())
}

/// The version of torch in a lock.
fn version(lock: &str) -> Result<&str, String> {
    let line = lock.lines().find_map(|line| line.strip_prefix("torch=="));
    line.and_then(|rest| rest.split_whitespace().next())
        .ok_or_else(|| format!("{LOCK}: no line begins with `torch==`"))
}

/// A lock on the folder, held until it is dropped, also by a death of the process.
fn wait_for_others(folder: &Path) -> Result<fs::File, String> {
    let fail = |error: io::Error| format!("{FOLDER}/running: {error}");
    let file = fs::File::create(folder.join("running")).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            say(&format!("another setup works in {FOLDER}; waiting for it"));
            file.lock().map_err(fail)?;
        }
        Err(fs::TryLockError::Error(error)) => return Err(fail(error)),
    }
    Ok(file)
}

/// Whether the libtorch of this lock is there, whole.
fn is_ready(folder: &Path, lock: &str, version: &str) -> bool {
    let reads = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let has = |library: &str| folder.join("torch/lib").join(file_name(library)).is_file();
    reads("torch/libtorch.lock") == lock
        && reads("torch/build-version").trim() == version
        && LIBRARIES.iter().all(|library| has(library))
        && folder.join("torch/include/torch/csrc/api/include/torch/torch.h").is_file()
}

fn fetch(root: &Path, folder: &Path, lock: &str, version: &str) -> Result<(), String> {
    let fail = |error: io::Error| format!("{FOLDER}: {error}");
    let partial = folder.join("partial");
    remove(&partial).map_err(fail)?;
    fs::create_dir(&partial).map_err(fail)?;
    say(&format!("fetching libtorch {version} into {FOLDER}: 540 MB, of which 490 MB stay"));
    let unpacked = partial.join("unpacked");
    pip::install(&root.join(LOCK), &unpacked, &partial)?;
    let torch = partial.join("torch");
    keep(&unpacked, &torch)?;
    fs::write(torch.join("libtorch.lock"), lock).map_err(fail)?;
    // What torch-sys compares with the version that it was written for.
    fs::write(torch.join("build-version"), format!("{version}\n")).map_err(fail)?;
    let (place, old) = (folder.join("torch"), partial.join("old"));
    if place.exists() {
        fs::rename(&place, old).map_err(fail)?;
    }
    fs::rename(&torch, &place).map_err(fail)
}

/// Moves what is needed out of the unpacked packages.
fn keep(unpacked: &Path, torch: &Path) -> Result<(), String> {
    let lib = torch.join("lib");
    fs::create_dir_all(&lib).map_err(|error| format!("{FOLDER}: {error}"))?;
    let mut moves: Vec<(PathBuf, PathBuf)> =
        vec![(unpacked.join("torch/include"), torch.join("include"))];
    moves.extend(LIBRARIES.map(|library| (unpacked.join(library), lib.join(file_name(library)))));
    for (from, to) in moves {
        fs::rename(&from, &to).map_err(|error| {
            format!("{}: {error}: the packages of {LOCK} are built otherwise", from.display())
        })?;
    }
    // libtorch.so itself would load the parts for graphics cards.
    link("libtorch_cpu.so", &lib.join("libtorch.so")).map_err(|error| format!("{FOLDER}: {error}"))
}

#[cfg(unix)]
fn link(target: &str, name: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, name)
}

#[cfg(not(unix))]
fn link(target: &str, name: &Path) -> io::Result<()> {
    fs::copy(name.with_file_name(target), name).map(|_| ())
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Removes a folder, if there is one.
fn remove(folder: &Path) -> io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty folder of this test's own.
    pub(super) fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        remove(&folder).unwrap();
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn write(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    /// What pip unpacks, as far as it matters.
    fn unpack(folder: &Path) {
        for library in LIBRARIES {
            write(&folder.join(library));
        }
        write(&folder.join("torch/include/torch/csrc/api/include/torch/torch.h"));
        write(&folder.join("torch/lib/libtorch_cuda.so"));
        write(&folder.join("torch/__init__.py"));
    }

    #[test]
    fn the_lock_has_a_version_and_hashes() {
        let lock = include_str!("../../libtorch.lock");
        assert_eq!(version(lock), Ok("2.13.0"));
        for line in lock.lines() {
            let (_, hash) = line.split_once(" --hash=sha256:").unwrap();
            assert_eq!(hash.len(), 64, "{line}");
        }
        assert!(version("tourch==1\n").unwrap_err().contains("`torch==`"));
    }

    #[test]
    fn what_is_kept_is_ready_when_its_lock_and_version_fit() {
        let folder = scratch("keep");
        unpack(&folder.join("unpacked"));
        let torch = folder.join("torch");
        keep(&folder.join("unpacked"), &torch).unwrap();
        assert!(torch.join("lib/libtorch.so").is_file(), "the link leads to a library");
        assert!(!torch.join("lib/libtorch_cuda.so").exists());
        assert!(!torch.join("__init__.py").exists());
        assert!(!is_ready(&folder, "lock", "1.2.3"), "no version was written");
        fs::write(torch.join("libtorch.lock"), "lock").unwrap();
        fs::write(torch.join("build-version"), "1.2.3\n").unwrap();
        assert!(is_ready(&folder, "lock", "1.2.3"));
        assert!(!is_ready(&folder, "another lock", "1.2.3"));
        assert!(!is_ready(&folder, "lock", "1.2.4"));
        fs::remove_file(torch.join("lib/libgomp.so.1")).unwrap();
        assert!(!is_ready(&folder, "lock", "1.2.3"), "a library is missing");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn packages_that_are_built_otherwise_are_said() {
        let folder = scratch("otherwise");
        unpack(&folder);
        fs::remove_file(folder.join("nvidia/cu13/lib/libcupti.so.13")).unwrap();
        let error = keep(&folder, &folder.join("kept")).unwrap_err();
        assert!(error.contains("libcupti.so.13") && error.contains(LOCK), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }
}
