//! What a build answered, whether that is right, and how it is printed.

use std::fmt::Write;

use super::requests::{Fields, Request, STREAM, sections};

/// Digests of a run, in the order of the table.
const DIGESTS: [&str; 4] = ["head", "outcome", "seal", "state"];
/// Digits of a digest that are printed.
const PREFIX: usize = 8;

pub(super) const HEADING: &str = "build       goldens  proofs  training  head      outcome   seal      \
                                  state     entries replayed  seconds";

/// The sections of an answer.
#[derive(Debug)]
pub(super) struct Answers(Vec<(String, Fields)>);

impl Answers {
    pub(super) fn read(text: &str) -> Self {
        Self(sections(text))
    }

    /// What is not as it must be, one line each; the stream and the files of a training run are
    /// compared with another build's.
    pub(super) fn compare(&self, request: &Request, first: Option<&Self>) -> Vec<String> {
        let mut differences = Vec::new();
        let mut differ = |name: &str, what: Result<(), String>| {
            differences.extend(what.err().map(|what| format!("{name}: {what}")));
        };
        for (name, run) in &request.runs {
            differ(name, self.section(name).and_then(|answer| compare_run(run, answer)));
        }
        for (name, proof) in &request.proofs {
            differ(name, self.section(name).and_then(|answer| compare_proof(proof, answer)));
        }
        let first = first.unwrap_or(self);
        for (name, expected) in &request.training {
            let answer = self.section(name);
            let compared = answer.and_then(|it| compare_file(expected, first.section(name)?, it));
            differ(name, compared);
        }
        let stream = self.section(STREAM);
        differ(STREAM, stream.and_then(|it| compare_values(first.section(STREAM)?, it)));
        differences
    }

    fn section(&self, name: &str) -> Result<&Fields, String> {
        let section = self.0.iter().find(|(known, _)| known == name);
        let (_, fields) = section.ok_or("no answer")?;
        fields.get("error").map_or(Ok(fields), |error| Err(error.clone()))
    }

    /// The build's line of the table.
    ///
    /// Each digest is BLAKE3 over those of all goldens, the training run's logs and the stream, in
    /// hexadecimal, one a line.
    pub(super) fn row(
        &self,
        name: &str,
        request: &Request,
        differences: &[String],
        seconds: f64,
    ) -> String {
        let equal = |sections: &[(String, Fields)]| {
            let is_equal = |name: &str| {
                let start = format!("{name}: ");
                !differences.iter().any(|difference| difference.starts_with(&start))
            };
            let count = sections.iter().filter(|(name, _)| is_equal(name)).count();
            format!("{count} of {}", sections.len())
        };
        let mut row = format!(
            "{name:<10}  {:<7}  {:<6}  {:<8}",
            equal(&request.runs),
            equal(&request.proofs),
            equal(&request.training)
        );
        for key in DIGESTS {
            let mut hasher = blake3::Hasher::new();
            for digest in self.0.iter().filter_map(|(_, fields)| fields.get(key)) {
                hasher.update(digest.as_bytes()).update(b"\n");
            }
            let digest = hasher.finalize().to_hex();
            let _ = write!(row, "  {}", digest.get(..PREFIX).unwrap_or_default());
        }
        let _ = writeln!(row, "  {:>16}  {seconds:>7.1}", self.replayed());
        row
    }

    /// Entries that were replayed and compared with what was recorded.
    fn replayed(&self) -> u64 {
        let count = |fields: &Fields, key: &str| -> u64 {
            fields.get(key).and_then(|count| count.parse().ok()).unwrap_or(0)
        };
        let counts = self.0.iter().map(|(_, it)| count(it, "entries") + count(it, "replayed"));
        counts.fold(0, u64::saturating_add)
    }

    /// A line for each run.
    pub(super) fn details(&self) -> String {
        let mut details = String::new();
        for (name, fields) in &self.0 {
            let Some(entries) = fields.get("entries") else { continue };
            let _ = write!(details, "            {name:<15}");
            for key in DIGESTS {
                let digest = fields.get(key).and_then(|digest| digest.get(..PREFIX));
                let _ = write!(details, "  {}", digest.unwrap_or("none"));
            }
            let _ = writeln!(details, "  {entries:>16}");
        }
        details
    }
}

/// A golden run: every value, and the kept log replayed to its end where there is one.
fn compare_run(run: &Fields, answer: &Fields) -> Result<(), String> {
    compare_values(run, answer)?;
    let is_log = run.get("kind").is_some_and(|kind| kind == "log");
    if is_log && answer.get("replayed") != run.get("entries") {
        return Err("the kept log was not replayed to its end".to_owned());
    }
    Ok(())
}

fn compare_values(expected: &Fields, answer: &Fields) -> Result<(), String> {
    let mut differences = Vec::new();
    for key in ["entries"].into_iter().chain(DIGESTS) {
        let expected = expected.get(key).map_or("none", String::as_str);
        let answer = answer.get(key).map_or("nothing", String::as_str);
        if expected != answer {
            differences.push(format!("{key}: {expected} -> {answer}"));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
}

/// A golden proof: made byte for byte, the kept one accepted, changed ones refused.
fn compare_proof(proof: &Fields, answer: &Fields) -> Result<(), String> {
    let expected = |key: &str| proof.get(key).map_or("none", String::as_str);
    let answer = |key: &str| answer.get(key).map_or("nothing", String::as_str);
    for (key, expected) in [("seal", expected("seal")), ("accepted", expected("entry"))] {
        if answer(key) != expected {
            return Err(format!("{key}: {expected} -> {}", answer(key)));
        }
    }
    if answer("refused").parse::<u32>().unwrap_or(0) == 0 {
        return Err("no changed proof was refused".to_owned());
    }
    if answer("proof") == expected("check") { Ok(()) } else { Err("another proof is made".into()) }
}

/// A file of a training run: what MANIFEST says of it, and all that the first build answered.
fn compare_file(expected: &Fields, first: &Fields, answer: &Fields) -> Result<(), String> {
    // No answer is none that is as expected.
    if answer.is_empty() {
        return Err("nothing was read".to_owned());
    }
    let mut differences = Vec::new();
    for (key, value) in expected.iter().chain(first) {
        let answer = answer.get(key).map_or("nothing", String::as_str);
        if answer != value {
            differences.push(format!("{key}: {value} -> {answer}"));
        }
    }
    differences.dedup();
    if let Some(key) = answer.keys().find(|key| !first.contains_key(*key)) {
        differences.push(format!("{key}: the first build does not tell it"));
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str =
        "[run]\nkind = log\nentries = 7\nhead = aa\noutcome = bb\nseal = cc\nstate = dd\n";
    const PROOF: &str = "[proof last]\nentry = 7\nseal = ee\ncheck = 0102\n";
    const ANSWER: &str = "[run]\nentries = 7\nhead = aa\noutcome = bb\nseal = cc\nstate = dd\n\
                          replayed = 7\n\
                          [proof last]\nseal = ee\naccepted = 7\nrefused = 3\nproof = 0102\n\
                          [train.log]\nentries = 5\nhead = ff\nnumbers = 03\n\
                          [metrics.jsonl]\nrows = 2\n\
                          [stream]\nentries = 9\nhead = 1a\noutcome = 1b\nseal = 1c\nstate = 1d\n";
    const TRAINING: &str = "[train.log]\nentries = 5\nhead = ff\n[metrics.jsonl]\n";

    fn request() -> Request {
        let [runs, proofs, training] = [RUN, PROOF, TRAINING].map(sections);
        Request { text: String::new(), runs, proofs, training }
    }

    fn differences(answer: &str) -> Vec<String> {
        Answers::read(answer).compare(&request(), Some(&Answers::read(ANSWER)))
    }

    #[test]
    fn the_right_answer_has_no_difference() {
        assert_eq!(differences(ANSWER), Vec::<String>::new());
        assert_eq!(Answers::read(ANSWER).compare(&request(), None), Vec::<String>::new());
    }

    #[test]
    fn every_value_of_an_answer_counts() {
        for line in ANSWER.lines() {
            assert!(!differences(&ANSWER.replacen(line, "", 1)).is_empty(), "without {line}");
            let changed = format!("{line}0");
            if line.contains('=') && !line.starts_with("refused") {
                let answer = ANSWER.replacen(line, &changed, 1);
                assert_eq!(differences(&answer).len(), 1, "{changed}");
            }
        }
        assert_eq!(differences(&ANSWER.replace("refused = 3", "refused = 0")).len(), 1);
        assert_eq!(differences("").len(), 5);
        let broken = ANSWER.replace("entries = 9", "error = it broke");
        assert_eq!(differences(&broken), ["stream: it broke"]);
    }

    #[test]
    fn a_file_is_compared_with_its_manifest_by_the_first_build_too() {
        let first = |answer: &str| Answers::read(answer).compare(&request(), None);
        let other = ANSWER.replace("head = ff", "head = fe");
        assert_eq!(first(&other), ["train.log: head: ff -> fe"]);
        let broken = ANSWER.replace("rows = 2", "error = cut");
        assert_eq!(first(&broken), ["metrics.jsonl: cut"]);
        let more = ANSWER.replace("rows = 2", "rows = 2\nlines = 3");
        assert_eq!(first(&more), Vec::<String>::new());
        assert_eq!(differences(&more), ["metrics.jsonl: lines: the first build does not tell it"]);
    }

    #[test]
    fn a_row_counts_what_is_equal() {
        let answers = Answers::read(ANSWER);
        let row = answers.row("s390x", &request(), &[], 1.25);
        assert!(row.starts_with("s390x       1 of 1   1 of 1  2 of 2    "), "{row}");
        assert!(row.ends_with("                28      1.2\n"), "{row}");
        let columns = |line: &str| line.find("2 of 2").or_else(|| line.find("training"));
        assert_eq!(columns(&row), columns(HEADING));
        assert_eq!(row.trim_end().len(), HEADING.len());
        let row = answers.row("s390x", &request(), &["run: head".to_owned()], 1.0);
        assert!(row.starts_with("s390x       0 of 1   1 of 1  2 of 2  "), "{row}");
        assert_eq!(answers.details().lines().count(), 3);
        let other = Answers::read(&ANSWER.replace("aa", "ab"));
        assert_ne!(row, other.row("s390x", &request(), &["run: head".to_owned()], 1.0));
    }
}
