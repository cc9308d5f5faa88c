//! `cargo xtask wasm`: does a WebAssembly module come to the digests of `golden/MANIFEST`?
//!
//! The module of `tools/wasm` records and replays every golden run in node. Its measured values
//! must be the manifest's, which were measured on the machine's own processor. It also makes every
//! proof of `golden/proofs` and checks the one that is there.

mod proofs;
mod toolchain;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use self::toolchain::Toolchain;
use crate::say;

const MANIFEST: &str = "golden/MANIFEST";
/// Values that the module must answer, so that an empty answer is no success.
const MEASURED: [&str; 5] = ["entries", "head", "outcome", "seal", "state"];

/// Builds the module, runs every golden in it and compares.
///
/// # Errors
/// What is missing on this machine, what does not build or run, and goldens that differ.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(root.join(MANIFEST))
        .map_err(|error| format!("{MANIFEST}: {error}"))?;
    let goldens = sections(&text);
    if goldens.is_empty() {
        return Err(format!("{MANIFEST} lists no golden"));
    }
    let node = find_node()?;
    let folder = target_folder()?.join("wasm");
    let toolchain = Toolchain::prepare(&folder)?;
    let module = toolchain.build(&root.join("tools/wasm"), &folder.join("module"))?;
    let mut different = 0;
    for (name, lines) in &goldens {
        let answer = ask(node, &root.join("tools/wasm/run.js"), &module, lines)?;
        let differences = compare(lines, &answer);
        if differences.is_empty() {
            let line = |key: &str| value(lines, key).unwrap_or_default().to_owned();
            say(&format!("equal      {name:<15}  head {}, seal {}", line("head"), line("seal")));
        } else {
            different += 1;
            say(&format!("different  {name:<15}  {}", differences.join("; ")));
        }
    }
    if 0 < different {
        return Err(format!("{different} of {} goldens differ on wasm32", goldens.len()));
    }
    say(&format!("{} goldens of {MANIFEST} are equal on wasm32", goldens.len()));
    let script = root.join("tools/wasm/run.js");
    proofs::run(root, |lines| ask(node, &script, &module, lines))
}

/// Name and lines of each golden; the manifest's head says what they mean, and `replay golden check`
/// refuses what is not of that form.
fn sections(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name, Vec::new()));
        } else if let Some((_, lines)) = sections.last_mut()
            && !line.is_empty()
            && !line.starts_with('#')
        {
            lines.push(line);
        }
    }
    sections
}

fn value<'a>(lines: &[&'a str], key: &str) -> Option<&'a str> {
    let pairs = lines.iter().filter_map(|line| line.split_once('='));
    pairs
        .map(|(key, value)| (key.trim(), value.trim()))
        .find(|(known, _)| *known == key)
        .map(|it| it.1)
}

/// What the module answered otherwise than the manifest says.
fn compare(lines: &[&str], answer: &str) -> Vec<String> {
    let answered: Vec<_> = answer.lines().collect();
    if let Some(error) = value(&answered, "error") {
        return vec![error.to_owned()];
    }
    let mut differences = Vec::new();
    for key in MEASURED {
        let native = value(lines, key).unwrap_or("none");
        let wasm = value(&answered, key).unwrap_or("nothing");
        if native != wasm {
            differences.push(format!("{key}: {native} -> {wasm}"));
        }
    }
    differences
}

/// The name by which node is called here.
fn find_node() -> Result<&'static str, String> {
    let starts = |name: &&str| {
        let version = Command::new(name).arg("--version").stdout(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    };
    ["node", "nodejs"].into_iter().find(starts).ok_or_else(|| {
        "node does not start, and the module runs in it: apt-get install nodejs".to_owned()
    })
}

/// Runs one request in a fresh instance of the module.
fn ask(node: &str, script: &Path, module: &Path, lines: &[&str]) -> Result<String, String> {
    let fail = |error: std::io::Error| format!("{node}: {error}");
    let mut child = Command::new(node)
        .arg(script)
        .arg(module)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(fail)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A script that died says more than its broken pipe.
        let _ = stdin.write_all(lines.join("\n").as_bytes());
    }
    let output = child.wait_with_output().map_err(fail)?;
    if !output.status.success() {
        return Err(format!("{node}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{node}: the answer is not UTF-8"))
}

/// The folder into which this program was built.
fn target_folder() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = own.ancestors().nth(2);
    target.map(Path::to_owned).ok_or_else(|| "this program lies in no target folder".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 6] =
        ["seed = 42", "entries = 7", "head = aa", "outcome = bb", "seal = cc", "state = dd"];
    const ANSWER: &str = "entries = 7\nhead = aa\noutcome = bb\nseal = cc\nstate = dd\n";

    #[test]
    fn a_manifest_is_read_golden_by_golden() {
        let text = "# [no]\nx = 1\n[one]\n# seed = 3\nseed = 4\n\n[two]\nset = a=b c=d\n";
        let expected = vec![("one", vec!["seed = 4"]), ("two", vec!["set = a=b c=d"])];
        assert_eq!(sections(text), expected);
        assert_eq!(value(&["set = a=b c=d"], "set"), Some("a=b c=d"));
    }

    #[test]
    fn every_measured_value_counts() {
        assert_eq!(compare(&LINES, ANSWER), Vec::<String>::new());
        assert_eq!(compare(&LINES, &ANSWER.replace("cc", "ce")), ["seal: cc -> ce"]);
        assert_eq!(compare(&LINES, "error = no `seed` is given\n"), ["no `seed` is given"]);
        assert_eq!(compare(&LINES, "").len(), MEASURED.len());
        assert_eq!(compare(&LINES[..5], ANSWER), ["state: none -> dd"]);
    }

    #[test]
    fn the_manifest_of_the_checkout_has_what_the_module_needs() {
        let text = std::fs::read_to_string(crate::root().join(MANIFEST)).unwrap();
        let goldens = sections(&text);
        assert!(!goldens.is_empty());
        for (name, lines) in goldens {
            for key in ["preset", "seed", "steps"].into_iter().chain(MEASURED) {
                assert!(value(&lines, key).is_some(), "{name} has a {key}");
            }
        }
    }
}
