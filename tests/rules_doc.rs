//! `kernel/RULES.md` and the tests name each other: no rule without its test, no test of a rule
//! that the page does not know.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names on the page: after `test:`, and in the last cell of the tables' rows.
fn named_by_rules() -> BTreeSet<String> {
    let page = read(&root().join("../kernel/RULES.md"));
    let mut names = BTreeSet::new();
    for line in page.lines() {
        for after in line.split("`test: ").skip(1) {
            names.extend(after.split('`').next().map(str::to_owned));
        }
        let last_cell = line.strip_suffix('|').and_then(|row| row.rsplit('|').next());
        for name in last_cell.into_iter().flat_map(|cell| cell.split(',')) {
            let quoted = name.trim().strip_prefix('`').and_then(|name| name.strip_suffix('`'));
            names.extend(quoted.map(str::to_owned));
        }
    }
    names
}

/// The functions that stand right below a `#[test]` in a file.
fn tests_of(file: &Path) -> Vec<String> {
    let text = read(file);
    let mut lines = text.lines();
    let mut names = Vec::new();
    while let Some(line) = lines.next() {
        if line.trim() == "#[test]" {
            let function = lines.next().and_then(|line| line.trim().strip_prefix("fn "));
            names.extend(function.and_then(|rest| rest.split('(').next()).map(str::to_owned));
        }
    }
    names
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

#[test]
fn every_rule_names_a_test_that_exists() {
    let named = named_by_rules();
    assert!(40 < named.len(), "the page's names were not found: {named:?}");
    let mut files = sources(&root());
    files.extend(sources(&root().join("rules")));
    let written: BTreeSet<String> = files.iter().flat_map(|file| tests_of(file)).collect();
    let missing: Vec<&String> = named.difference(&written).collect();
    assert!(missing.is_empty(), "RULES.md names tests that do not exist: {missing:?}");
}

#[test]
fn every_test_of_a_rule_is_named_by_it() {
    let named = named_by_rules();
    let files = sources(&root().join("rules"));
    let written: BTreeSet<String> = files.iter().flat_map(|file| tests_of(file)).collect();
    assert!(!written.is_empty(), "the tests of the rules were not found");
    let strays: Vec<&String> = written.difference(&named).collect();
    assert!(strays.is_empty(), "RULES.md does not name these tests: {strays:?}");
}
