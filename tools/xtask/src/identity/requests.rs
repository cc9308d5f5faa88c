//! What every build is asked: the golden runs, the golden proofs, the files of the golden training run
//! and a stream, as one text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const RUNS: &str = "golden/MANIFEST";
const PROOFS: &str = "golden/proofs/MANIFEST";
const TRAINING: &str = "golden/training/run";
/// Name of the stream's section.
pub(super) const STREAM: &str = "stream";

/// The lines of a section.
pub(super) type Fields = BTreeMap<String, String>;

/// A text for `tools/probe`, and what it must be answered.
#[derive(Debug)]
pub(super) struct Request {
    /// The text.
    pub(super) text: String,
    /// Golden runs by name, as the manifest has them.
    pub(super) runs: Vec<(String, Fields)>,
    /// Golden proofs by name, with their bytes in hexadecimal as `check`.
    pub(super) proofs: Vec<(String, Fields)>,
    /// Files of the golden training run by what they are, with what its MANIFEST says of them.
    pub(super) training: Vec<(String, Fields)>,
}

impl Request {
    /// Everything that is kept in this checkout, and a stream of so many entries.
    ///
    /// # Errors
    /// Files that are missing or lack what is compared.
    pub(super) fn of_checkout(root: &Path, entries: u64) -> Result<Self, String> {
        let runs = read(root, RUNS, &["entries", "head", "outcome", "seal", "state"])?;
        let mut proofs = read(root, PROOFS, &["entry", "seal"])?;
        let mut text = String::new();
        for (name, fields) in &runs {
            section(&mut text, name, fields);
            if fields.get("kind").is_some_and(|kind| kind == "log") {
                let system = fields.get("system").map_or("ecology", String::as_str);
                let digits = digits(root, &format!("golden/{system}/{name}.log"))?;
                // Writing to a string cannot fail.
                let _ = writeln!(text, "log = {digits}");
            }
        }
        for (name, fields) in &mut proofs {
            let digits = digits(root, &format!("golden/proofs/{name}.proof"))?;
            fields.insert("check".to_owned(), digits);
            *name = format!("proof {name}");
            section(&mut text, name, fields);
        }
        let mut training = Vec::new();
        for file in training_files(root)? {
            let digits = digits(root, &format!("{TRAINING}/{}", file.path))?;
            let _ = writeln!(text, "[{}]\ntraining = {}\nbytes = {digits}", file.name, file.kind);
            training.push((file.name, file.expected));
        }
        let _ = writeln!(text, "[{STREAM}]\nstream = {entries}");
        Ok(Self { text, runs, proofs, training })
    }
}

/// A file of a training run.
struct TrainingFile {
    /// Of its section.
    name: String,
    /// What the probe calls such files.
    kind: &'static str,
    /// Below the run's folder.
    path: String,
    /// What the answer must say of it.
    expected: Fields,
}

/// The files of the golden training run: those that every run has, and those that MANIFEST lists.
fn training_files(root: &Path) -> Result<Vec<TrainingFile>, String> {
    let manifest = format!("{TRAINING}/MANIFEST");
    let text = std::fs::read_to_string(root.join(&manifest))
        .map_err(|error| format!("{manifest}: {error}"))?;
    let mut files: Vec<_> = [
        ("manifest", "MANIFEST"),
        ("metrics", "metrics.jsonl"),
        ("events", "events.out.tfevents.run"),
    ]
    .map(|(kind, path)| TrainingFile {
        name: path.to_owned(),
        kind,
        path: path.to_owned(),
        expected: Fields::new(),
    })
    .into();
    for line in text.lines() {
        let words: Vec<_> = line.split(' ').collect();
        let (kind, path, expected) = match words[..] {
            ["config", digest] => {
                ("config", "config.resolved.toml".to_owned(), vec![("digest", digest)])
            }
            ["train", entries, head, seal] => {
                let end = vec![("entries", entries), ("head", head), ("seal", seal)];
                ("train_log", "train.log".to_owned(), end)
            }
            ["market", id, _, _, entries, head, seal, "kept"] => {
                let end = vec![("entries", entries), ("head", head), ("seal", seal)];
                ("market", format!("markets/{id}.log"), end)
            }
            ["checkpoint", update, digest] => (
                "checkpoint",
                format!("checkpoints/{update}.safetensors"),
                vec![("digest", digest)],
            ),
            _ => continue,
        };
        let expected = expected.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        files.push(TrainingFile { name, kind, path, expected: expected.collect() });
    }
    for kind in ["config", "train_log", "market", "checkpoint"] {
        if !files.iter().any(|file| file.kind == kind) {
            return Err(format!("{manifest} lists no {kind}"));
        }
    }
    Ok(files)
}

fn section(text: &mut String, name: &str, fields: &Fields) {
    let _ = writeln!(text, "[{name}]");
    for (key, value) in fields {
        let _ = writeln!(text, "{key} = {value}");
    }
}

/// The sections of a manifest, each with these keys.
fn read(root: &Path, file: &str, keys: &[&str]) -> Result<Vec<(String, Fields)>, String> {
    let text =
        std::fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let sections = sections(&text);
    if sections.is_empty() {
        return Err(format!("{file} lists nothing"));
    }
    for (name, fields) in &sections {
        if let Some(key) = keys.iter().find(|key| !fields.contains_key(**key)) {
            return Err(format!("{file}: {name} has no `{key}`"));
        }
    }
    Ok(sections)
}

/// Name and lines of each section; the manifests' heads say what they mean, and `replay golden check`
/// refuses what is not of that form.
pub(super) fn sections(text: &str) -> Vec<(String, Fields)> {
    let mut sections: Vec<(String, Fields)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name.to_owned(), Fields::new()));
        } else if let Some((_, fields)) = sections.last_mut()
            && let Some((key, value)) = line.split_once('=')
        {
            fields.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    sections
}

/// The bytes of a file in hexadecimal.
fn digits(root: &Path, file: &str) -> Result<String, String> {
    let bytes = std::fs::read(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    Ok(bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_section_by_section() {
        let text = "# [no]\nx = 1\n[one]\n# seed = 3\nseed = 4\n\n[two]\nset = a=b c=d\n";
        let sections = sections(text);
        let names: Vec<_> = sections.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["one", "two"]);
        assert_eq!(sections[0].1.len(), 1);
        assert_eq!(sections[1].1["set"], "a=b c=d");
    }

    #[test]
    fn the_checkout_has_all_that_is_asked() {
        let request = Request::of_checkout(&crate::root(), 5).unwrap();
        assert!(!request.runs.is_empty() && !request.proofs.is_empty());
        let asked = sections(&request.text);
        let kept = request.runs.len() + request.proofs.len();
        assert_eq!(asked.len(), kept + request.training.len() + 1);
        assert_eq!(asked.last().unwrap().1["stream"], "5");
        assert!(asked.iter().any(|(_, fields)| fields.contains_key("log")));
        for (name, fields) in &asked[..kept] {
            for key in ["preset", "seed"] {
                assert!(fields.contains_key(key), "{name} has a {key}");
            }
            let has_length = fields.contains_key("steps") || fields.contains_key("episodes");
            assert!(has_length, "{name} has a length");
        }
    }

    #[test]
    fn every_kind_of_file_of_a_training_run_is_asked_once_or_more() {
        let request = Request::of_checkout(&crate::root(), 5).unwrap();
        let asked = sections(&request.text);
        let kinds: Vec<_> = asked.iter().filter_map(|(_, fields)| fields.get("training")).collect();
        let expected = [
            "manifest",
            "metrics",
            "events",
            "config",
            "train_log",
            "market",
            "market",
            "checkpoint",
            "checkpoint",
        ];
        assert_eq!(kinds, expected);
        for (name, expected) in &request.training {
            let (_, fields) = asked.iter().find(|(known, _)| known == name).unwrap();
            assert!(1_000 < fields["bytes"].len(), "{name}");
            let keys: Vec<_> = expected.keys().map(String::as_str).collect();
            match fields["training"].as_str() {
                "market" | "train_log" => assert_eq!(keys, ["entries", "head", "seal"]),
                "config" | "checkpoint" => assert_eq!(keys, ["digest"]),
                _ => assert!(keys.is_empty()),
            }
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let root = std::env::temp_dir().join("no such checkout");
        let error = Request::of_checkout(&root, 5).unwrap_err();
        assert!(error.starts_with("golden/MANIFEST: "), "{error}");
    }
}
