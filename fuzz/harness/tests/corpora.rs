//! Seeds and regressions through the targets, on a stable toolchain: what was ever found stays
//! fixed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use harness::{TARGETS, Target, seeds};

/// Changed copies of each seed.
const CHANGED: u64 = 24;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Files of a folder by name, with their bytes; none where there is no folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Says which input it was, should the target panic.
fn run(target: Target, name: &str, bytes: &[u8]) {
    let done = std::panic::catch_unwind(|| (target.run)(bytes));
    assert!(done.is_ok(), "{}: {name}: {bytes:?}", target.name);
}

#[test]
fn regressions_stay_fixed() {
    for target in TARGETS {
        for (name, bytes) in files(&root().join("regressions").join(target.name)) {
            run(target, &name, &bytes);
        }
    }
}

#[test]
fn seeds_are_taken() {
    for target in TARGETS {
        let seeds = files(&root().join("seeds").join(target.name));
        assert!(!seeds.is_empty(), "{} has seeds", target.name);
        for (name, bytes) in seeds {
            run(target, &name, &bytes);
        }
    }
}

/// What a fuzzer would do first, the same every time.
#[test]
fn changed_seeds_are_taken() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % bound.max(1)
    };
    for target in TARGETS {
        for (name, seed) in files(&root().join("seeds").join(target.name)) {
            for _ in 0..CHANGED {
                let mut bytes = seed.clone();
                for _ in 0..=draw(3) {
                    let at = draw(bytes.len());
                    match draw(4) {
                        0 => bytes.truncate(at),
                        1 => bytes.insert(at, u8::try_from(draw(256)).unwrap()),
                        _ => {
                            if let Some(byte) = bytes.get_mut(at) {
                                *byte = u8::try_from(draw(256)).unwrap();
                            }
                        }
                    }
                }
                run(target, &name, &bytes);
            }
        }
    }
}

#[test]
fn the_seeds_of_the_checkout_are_those_that_are_made() {
    let made = seeds::of_folder(&root().join("../golden")).unwrap();
    let mut kept = Vec::new();
    for target in TARGETS {
        for (name, bytes) in files(&root().join("seeds").join(target.name)) {
            kept.push(seeds::Seed { target: target.name, name, bytes });
        }
    }
    let names = |seeds: &[seeds::Seed]| -> Vec<_> {
        seeds.iter().map(|seed| (seed.target, seed.name.clone())).collect()
    };
    assert_eq!(names(&kept), names(&made), "cargo xtask seeds writes them");
    assert!(kept == made, "cargo xtask seeds writes them");
    let bytes: usize = kept.iter().map(|seed| seed.bytes.len()).sum();
    assert!(bytes < 1_000_000, "seeds have {bytes} bytes");
}

/// The list that `cargo xtask fuzz` reads, the fuzzers and the manifest name these targets.
#[test]
fn targets_are_the_same_everywhere() {
    let list = fs::read_to_string(root().join("targets.txt")).unwrap();
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let expected = TARGETS.map(|target| format!("{} {}", target.name, target.len_max));
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    let names = TARGETS.map(|target| target.name);
    let sources = files(&root().join("fuzz_targets"));
    let stems = sources.iter().map(|(name, _)| name.trim_end_matches(".rs"));
    assert_eq!(stems.collect::<Vec<_>>(), names);
    for ((_, source), name) in sources.iter().zip(names) {
        let source = String::from_utf8_lossy(source);
        assert!(source.contains(&format!("harness::run(\"{name}\", bytes)")), "{name}");
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let bins = manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/"));
    let bins: Vec<_> = bins.map(|line| line.trim_end_matches(".rs\"")).collect();
    assert_eq!(bins, names);
    for folder in ["seeds", "regressions"] {
        for entry in fs::read_dir(root().join(folder)).into_iter().flatten() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(name == "README.md" || names.contains(&&name[..]), "{folder}/{name}");
        }
    }
}
