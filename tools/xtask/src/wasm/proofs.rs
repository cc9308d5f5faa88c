//! The golden proofs in the module: made there byte for byte, and those that are here accepted there.

use std::fmt::Write;
use std::path::Path;

use super::{sections, value};
use crate::say;

const MANIFEST: &str = "golden/proofs/MANIFEST";

/// Has every golden proof made and checked in the module.
///
/// # Errors
/// Files that are missing, a module that does not run, and proofs that differ or are refused.
pub(super) fn run(
    root: &Path,
    ask: impl Fn(&[&str]) -> Result<String, String>,
) -> Result<(), String> {
    let text = std::fs::read_to_string(root.join(MANIFEST))
        .map_err(|error| format!("{MANIFEST}: {error}"))?;
    let goldens = sections(&text);
    if goldens.is_empty() {
        return Err(format!("{MANIFEST} lists no proof"));
    }
    for (name, lines) in &goldens {
        let file = format!("golden/proofs/{name}.proof");
        let bytes = std::fs::read(root.join(&file)).map_err(|error| format!("{file}: {error}"))?;
        let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        let check = format!("check = {digits}");
        let request: Vec<_> = lines.iter().copied().chain([check.as_str()]).collect();
        let answer = ask(&request)?;
        compare(lines, &digits, &answer).map_err(|what| format!("{file} on wasm32: {what}"))?;
        say(&format!("equal      {name:<15}  {} bytes of proof, made and accepted", bytes.len()));
    }
    say(&format!("{} proofs of {MANIFEST} are equal on wasm32", goldens.len()));
    Ok(())
}

/// What the module answered otherwise than it should.
fn compare(lines: &[&str], digits: &str, answer: &str) -> Result<(), String> {
    let answered: Vec<_> = answer.lines().collect();
    if let Some(error) = value(&answered, "error") {
        return Err(error.to_owned());
    }
    let answer = |key: &str| value(&answered, key).unwrap_or("nothing");
    let line = |key: &str| value(lines, key).unwrap_or("none");
    for (key, expected) in [("seal", line("seal")), ("accepted", line("entry"))] {
        if answer(key) != expected {
            return Err(format!("{key}: {expected} -> {}", answer(key)));
        }
    }
    if answer("refused").parse::<u32>().unwrap_or(0) == 0 {
        return Err("no changed proof was refused".to_owned());
    }
    if answer("proof") == digits { Ok(()) } else { Err("another proof is made".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_counts() {
        let lines = ["entry = 7", "seal = aa"];
        let good = "seal = aa\naccepted = 7\nrefused = 3\nproof = 0102\n";
        assert_eq!(compare(&lines, "0102", good), Ok(()));
        for (from, to) in [
            ("aa", "ab"),
            ("= 7", "= 8"),
            ("refused = 3", "refused = 0"),
            ("refused = 3\n", ""),
            ("0102", "0103"),
            ("proof = 0102\n", ""),
        ] {
            assert!(compare(&lines, "0102", &good.replace(from, to)).is_err(), "{from} -> {to}");
        }
        assert_eq!(compare(&lines, "", "error = it broke\n"), Err("it broke".to_owned()));
    }

    #[test]
    fn the_manifest_of_the_checkout_has_what_the_module_needs() {
        let text = std::fs::read_to_string(crate::root().join(MANIFEST)).unwrap();
        let goldens = sections(&text);
        assert!(!goldens.is_empty());
        for (name, lines) in goldens {
            for key in ["preset", "seed", "steps", "entry", "seal"] {
                assert!(value(&lines, key).is_some(), "{name} has a {key}");
            }
        }
    }
}
