//! Dependencies are what `deny.toml` allows, also where cargo-deny is not installed: it looks at
//! other platforms' dependencies and at duplicates besides.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The texts of a list in `deny.toml`.
fn list(name: &str) -> Vec<String> {
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let start = deny.find(&format!("\n{name} = [")).unwrap();
    let (list, _) = deny.split_at(start).1.split_once(']').unwrap();
    let texts: Vec<_> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(!texts.is_empty(), "{name} lists something");
    texts
}

/// Whether licences that are allowed are enough for an expression: `A OR B`, `A AND B`, `(…)`, and
/// the old form `A/B`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let mut text = expression.replace('/', " OR ");
    // What stands in the innermost parentheses becomes one word.
    while let Some(close) = text.find(')') {
        let open = text.get(..close).unwrap().rfind('(').unwrap();
        let inner = is_allowed(text.get(open + 1..close).unwrap(), allowed);
        text.replace_range(open..=close, if inner { "YES" } else { "NO" });
    }
    text.split(" OR ").any(|choice| {
        choice
            .split(" AND ")
            .map(str::trim)
            .all(|it| it == "YES" || allowed.iter().any(|a| a == it))
    })
}

#[test]
fn expressions_are_judged() {
    let allowed = ["MIT", "Zlib"].map(str::to_owned);
    for good in
        ["MIT", "GPL-3.0 OR MIT", "Apache-2.0/MIT", "(MIT OR X) AND Zlib", "X AND Y OR Zlib"]
    {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND X", "(MIT OR X) AND Y", "MIT WITH exception", "X/Y"] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

/// Of this platform's packages, which are at hand wherever this test was built.
#[test]
fn licences_are_allowed() {
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform"])
        .arg(host)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(50 < packages.len());
    let allowed = list("allow");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{name}: `{licence}` is not in deny.toml");
    }
}

/// Of all platforms, in every lock file of the checkout.
#[test]
fn sources_are_the_allowed_registry_and_are_pinned() {
    let allowed = list("allow-registry");
    for folder in ["", "fuzz", "tools/peers", "tools/probe"] {
        let lock = fs::read_to_string(root().join(folder).join("Cargo.lock")).unwrap();
        let mut foreign = 0;
        for package in lock.split("[[package]]").skip(1) {
            let value = |key: &str| {
                let line = package.lines().find_map(|line| line.strip_prefix(key));
                line.map(|line| line.trim_matches([' ', '=', '"']).to_owned())
            };
            // Without a source it is one of the project's own.
            let Some(source) = value("source") else { continue };
            let name = value("name").unwrap();
            let registry = source.strip_prefix("registry+").unwrap_or("no registry");
            assert!(allowed.iter().any(|it| it == registry), "{folder}: {name} from {source}");
            assert!(value("checksum").is_some(), "{folder}: {name} has no checksum");
            foreign += 1;
        }
        assert!(0 < foreign, "{folder} has dependencies");
    }
}
