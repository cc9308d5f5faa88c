//! The shape of the project: who may use whom, and what no file may hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Which crates of the project a crate may depend on. Nothing points the other way.
const MAY_USE: &[(&str, &[&str])] = &[
    ("agents", &["kernel"]),
    ("kernel", &[]),
    ("learn", &["agents", "cli", "formats", "kernel", "replay", "runs"]),
    ("learn/runs", &["agents", "kernel", "replay"]),
    ("replay", &["kernel"]),
    ("tests", &["kernel", "replay"]),
    ("tools/cli", &["kernel", "replay"]),
    ("tools/conformance", &["kernel"]),
    ("tools/formats", &["kernel", "replay"]),
    ("tools/peers", &["kernel", "streams"]),
    ("tools/query", &["kernel", "replay"]),
    (
        "tools/replay",
        &["agents", "cli", "formats", "kernel", "query", "replay", "report", "runs", "streams"],
    ),
    ("tools/report", &["agents", "kernel"]),
    ("tools/streams", &["kernel"]),
    ("tools/probe", &["agents", "kernel", "replay", "runs"]),
    ("tools/xtask", &[]),
    ("fuzz", &["harness"]),
    ("fuzz/harness", &["agents", "formats", "kernel", "query", "replay", "runs", "tests"]),
];

/// Where unsafe code may stand, each file with its reason.
const UNSAFE: &[&str] = &[
    // A C interface: exported symbols, pointers, one static market.
    "tools/conformance/src/abi.rs",
    // Exported symbols of a WebAssembly module; no pointer crosses its border.
    "tools/probe/src/abi.rs",
];

/// Lines that a source file may have at the most: one subject, read in one sitting.
const FILE_LINES_MAX: usize = 420;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Files of the checkout with this extension; what is built or fuzzed is left out.
fn files(extension: &str) -> Vec<PathBuf> {
    let mut folders = vec![root()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let is_ours = !matches!(
                    name.as_str(),
                    "target" | ".git" | ".libtorch" | "corpus" | "artifacts"
                );
                folders.extend(is_ours.then_some(path));
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "there are .{extension} files");
    files
}

/// Names in the tables of a manifest that declare dependencies.
fn dependencies(manifest: &str, tables: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_wanted = false;
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            is_wanted = tables.contains(&table);
        } else if is_wanted && let Some(name) = line.split(['.', ' ', '=']).next() {
            names.extend((!name.is_empty() && !name.starts_with('#')).then(|| name.to_owned()));
        }
    }
    names
}

#[test]
fn crates_depend_only_on_what_they_may() {
    let ours = [
        "agents",
        "kernel",
        "query",
        "replay",
        "tests",
        "cli",
        "conformance",
        "formats",
        "harness",
        "learn",
        "replay-tool",
        "report",
        "runs",
        "streams",
        "xtask",
    ];
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for (folder, allowed) in MAY_USE {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let mut used = dependencies(&manifest, &["dependencies"]);
        used.retain(|name| ours.contains(&name.as_str()));
        used.sort();
        assert_eq!(used, *allowed, "edges of {folder}");
        let is_member = workspace.contains(&format!("\"{folder}\""));
        assert!(is_member, "{folder} is named in the workspace");
    }
    let list = |name: &str| -> Vec<String> {
        let (_, list) = workspace.split_once(&format!("\n{name} = [")).unwrap();
        let (list, _) = list.split_once(']').unwrap();
        list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let members = list("members");
    assert_eq!(
        members.len() + 3,
        MAY_USE.len(),
        "every member has its edges here; so have fuzz, peers and probe"
    );
    let without_libtorch: Vec<_> = members.into_iter().filter(|it| it != "learn").collect();
    assert_eq!(list("default-members"), without_libtorch, "`cargo build` needs no libtorch");
}

#[test]
fn the_kernel_depends_on_nothing_at_all() {
    let manifest = fs::read_to_string(root().join("kernel/Cargo.toml")).unwrap();
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    assert_eq!(dependencies(&manifest, &tables), Vec::<String>::new());
    let library = fs::read_to_string(root().join("kernel/src/lib.rs")).unwrap();
    assert!(library.contains("#![no_std]"));
}

#[test]
fn only_the_codec_knows_bincode() {
    let mention = ["binc", "ode::"].concat();
    for file in files("rs") {
        let is_codec = file.to_string_lossy().contains("replay/src/codec");
        let mentions = fs::read_to_string(&file).unwrap().contains(&mention);
        assert!(is_codec || !mentions, "{} uses bincode", file.display());
    }
}

#[test]
fn unsafe_code_stands_where_it_may_and_nowhere_else() {
    // In two pieces, so that this file does not hold what it looks for.
    let signs = [" {", " fn", " impl", " extern", " trait", "("].map(|sign| ["unsa", "fe", sign]);
    let allowance = ["(unsafe", "_code"].concat();
    let mut found = Vec::new();
    for file in files("rs") {
        let text = fs::read_to_string(&file).unwrap();
        let has = |sign: &[&str; 3]| text.contains(&sign.concat());
        if signs.iter().any(has) || text.contains(&allowance) {
            let path = file.strip_prefix(root()).unwrap();
            found.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    found.sort();
    assert_eq!(found, UNSAFE);
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}

/// A package with a lint table of its own repeats the workspace's, but for unsafe code.
#[test]
fn lints_are_the_same_everywhere() {
    let table = |manifest: &str, from: &str| -> Vec<String> {
        let lines = manifest.lines().skip_while(|line| *line != format!("[{from}rust]"));
        let lines =
            lines.take_while(|line| !line.starts_with("[profile") && !line.starts_with('#'));
        let lines = lines.filter(|line| !line.is_empty());
        lines.map(|line| line.replacen(from, "lints.", 1)).collect()
    };
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let expected = table(&workspace, "workspace.lints.");
    assert!(10 < expected.len(), "the workspace's lints were found");
    for (folder, _) in MAY_USE.iter().filter(|(folder, _)| *folder != "fuzz") {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        if manifest.contains("[lints]\nworkspace = true") {
            continue;
        }
        let own = table(&manifest, "lints.").join("\n");
        let own = own.replace("unsafe_code = \"deny\"", "unsafe_code = \"forbid\"");
        assert_eq!(own, expected.join("\n"), "lints of {folder}");
        let has_unsafe = UNSAFE.iter().any(|file| file.starts_with(folder));
        assert!(has_unsafe, "{folder} needs no lints of its own");
    }
}

#[test]
fn source_files_have_one_subject_and_say_which() {
    for file in files("rs") {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} says what it is", file.display());
        let lines = text.lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", file.display());
    }
}

#[test]
fn nothing_unfinished_or_of_one_machine_is_kept() {
    // In two pieces, so that this file does not hold what it looks for.
    let banned = [
        ["FIX", "ME"],
        ["TO", "DO"],
        ["XX", "X:"],
        ["dbg", "!("],
        ["#[ign", "ore"],
        ["#[should_", "panic"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
    ];
    for extension in ["rs", "md", "toml"] {
        for file in files(extension) {
            let text = fs::read_to_string(&file).unwrap();
            for words in &banned {
                let words = words.concat();
                assert!(!text.contains(&words), "{} holds `{words}`", file.display());
            }
        }
    }
}
