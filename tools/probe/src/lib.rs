//! What runs come to on this target: recorded into memory, replayed, and told as digests.
//!
//! A request is a text of the form of `golden/MANIFEST`, and that file is one: sections `[NAME]`
//! with lines `KEY = VALUE`. The answer has the same sections, with what each comes to here.
//! Nothing of a request's measured values is looked at. A section is one of
//!
//! * a golden: `preset`, `seed`, `steps`, perhaps `set`; with `log`, the bytes of the kept log in
//!   hexadecimal, that log is replayed too and must be what was recorded, byte for byte;
//! * a proof, as in `golden/proofs/MANIFEST`: `entry`, `seal` and `check` besides, see [`proof`];
//! * a file of a training run: `training`, what it is, and `bytes` in hexadecimal, see [`training`];
//! * a stream: `stream`, a least number of entries, see [`stream`].
//!
//! The program reads requests from standard input; in WebAssembly the host calls [`abi`].

pub mod abi;
mod learned;
pub mod proof;
mod run;
pub mod stream;
pub mod training;

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

/// The lines of a section.
pub(crate) type Fields<'a> = BTreeMap<&'a str, &'a str>;

/// Carries out every section of a request.
///
/// Each answers with lines `KEY = VALUE`, or with one line `error = …`.
pub fn answer(request: &str) -> String {
    let mut answer = String::new();
    for (name, fields) in sections(request) {
        let text = carry_out(&fields).unwrap_or_else(|error| format!("error = {error}\n"));
        // Writing to a string cannot fail.
        let _ = writeln!(answer, "[{name}]\n{text}");
    }
    if answer.is_empty() {
        answer.push_str("[request]\nerror = there is no section [NAME] in it\n");
    }
    answer
}

fn carry_out(fields: &Fields<'_>) -> Result<String, String> {
    if fields.contains_key("stream") {
        let entries = field(fields, "stream")?.parse().map_err(text)?;
        stream::carry_out(entries).map(|run| run.lines())
    } else if fields.contains_key("training") {
        training::answer(fields)
    } else if fields.contains_key("entry") {
        proof::answer(fields)
    } else {
        run::golden(fields)
    }
}

fn sections(request: &str) -> Vec<(&str, Fields<'_>)> {
    let mut sections: Vec<(&str, Fields<'_>)> = Vec::new();
    for line in request.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name, Fields::new()));
        } else if let Some((_, fields)) = sections.last_mut()
            && let Some((key, value)) = line.split_once('=')
        {
            fields.insert(key.trim(), value.trim());
        }
    }
    sections
}

pub(crate) fn field<'a>(fields: &Fields<'a>, key: &str) -> Result<&'a str, String> {
    fields.get(key).copied().ok_or_else(|| format!("no `{key}` is given"))
}

/// The bytes of hexadecimal digits.
pub(crate) fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let value = |digit: u8| u8::try_from(char::from(digit).to_digit(16)?).ok();
    let byte = |[high, low]: &[u8; 2]| Some(value(*high)? << 4 | value(*low)?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// Bytes as hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

pub(crate) fn text(error: impl Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: &str = "# a comment\n[a]\npreset = seed\nseed = 42\nsteps = 3\n";

    #[test]
    fn each_section_is_answered_by_name() {
        let twice = format!("{GOLDEN}[b]\nstream = 10\n[c]\nstream = many\n[d]\n");
        let answer = answer(&twice);
        let names: Vec<_> = answer.lines().filter(|line| line.starts_with('[')).collect();
        assert_eq!(names, ["[a]", "[b]", "[c]", "[d]"]);
        let errors: Vec<_> = answer.lines().filter(|line| line.starts_with("error")).collect();
        let expected = ["error = invalid digit found in string", "error = no `preset` is given"];
        assert_eq!(errors, expected);
        assert_eq!(answer.lines().filter(|line| line.starts_with("seal = ")).count(), 2);
    }

    #[test]
    fn an_empty_request_is_an_error() {
        assert!(answer("").contains("error = "));
        assert!(answer("preset = seed\n").contains("error = "));
    }

    #[test]
    fn a_kept_log_must_be_the_recorded_one() {
        let recorded = |steps: &str| {
            let fields = Fields::from([("preset", "seed"), ("seed", "42"), ("steps", steps)]);
            let (log, _) = run::record(&fields).unwrap();
            digits(&log)
        };
        let (own, other) = (recorded("3"), recorded("4"));
        let with = |log: &str| answer(&format!("{GOLDEN}log = {log}\n"));
        assert!(with(&own).contains("\nreplayed = "), "{}", with(&own));
        for log in ["zz", "00", "", &other, &format!("{own}00")] {
            assert!(with(log).contains("error = "), "{log}");
        }
    }

    #[test]
    fn digits_are_bytes() {
        assert_eq!(bytes("00fF10"), Some(vec![0, 255, 16]));
        assert_eq!(digits(&[0, 255, 16]), "00ff10");
        assert_eq!((bytes("0"), bytes("0g"), bytes("é")), (None, None, None));
    }
}
