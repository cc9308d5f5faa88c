//! `golden/MANIFEST`: which golden runs there are, what they are for and what they come to.
//!
//! The head of the file itself describes the format. Whatever is not exactly of it is refused with
//! its line: a golden that is silently overlooked protects nobody.

use std::collections::BTreeMap;
use std::fmt;

use replay::Digest;

use super::figures::FIGURES;
use super::subject::Subject;

/// What each golden comes to, but for the [`FIGURES`] behind it.
const DIGESTS: [&str; 4] = ["head", "outcome", "seal", "state"];
/// Figures without which a golden proves nothing, whatever its purpose.
const NEEDED: [&str; 2] = ["trades", "cancels"];

/// Every golden, and the text that lists them.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    text: String,
    pub(super) goldens: Vec<Golden>,
}

/// What is kept of a golden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The whole log, compared byte for byte, and the values.
    Log,
    /// The values alone.
    Values,
}

/// One golden run.
#[derive(Clone, Debug)]
pub(super) struct Golden {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) preset: String,
    pub(super) seed: u64,
    /// The system, with the golden's own settings.
    pub(super) subject: Subject,
    /// Figures that its purpose asks for, each with the least value.
    pub(super) least: Vec<(&'static str, i128)>,
    /// What it came to when it was written down; empty for a new one.
    pub(super) values: BTreeMap<String, String>,
}

/// Why a text is no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ManifestError {
    /// Number of the line, from 1.
    line: usize,
    what: String,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The lines of one golden.
struct Section<'a> {
    name: &'a str,
    line: usize,
    /// Keys, with line and value.
    fields: BTreeMap<&'a str, (usize, &'a str)>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ManifestError`] with the first line that is wrong.
    pub(super) fn parse(text: String) -> Result<Self, ManifestError> {
        let mut sections: Vec<Section<'_>> = Vec::new();
        for (line, words) in (1..).zip(text.lines()) {
            let fail = |what: String| ManifestError { line, what };
            let words = words.trim();
            if words.is_empty() || words.starts_with('#') {
                continue;
            }
            if let Some(name) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                check_name(name, &sections).map_err(fail)?;
                sections.push(Section { name, line, fields: BTreeMap::new() });
                continue;
            }
            let Some((key, value)) = words.split_once('=') else {
                return Err(fail(format!("`{words}` is neither `[NAME]` nor `KEY = VALUE`")));
            };
            let (key, value) = (key.trim(), value.trim());
            let Some(section) = sections.last_mut() else {
                return Err(fail(format!("`{key}` stands before the first `[NAME]`")));
            };
            if section.fields.insert(key, (line, value)).is_some() {
                return Err(fail(format!("`{key}` stands twice")));
            }
        }
        let goldens = sections.into_iter().map(Section::golden).collect::<Result<_, _>>()?;
        Ok(Self { text, goldens })
    }

    /// The text with other values for some goldens. Comments, order and all other lines stay.
    pub(super) fn with_values(&self, new: &BTreeMap<&str, &[(&'static str, String)]>) -> String {
        let mut lines: Vec<String> = Vec::new();
        // The new values of the section under way, and behind which line they belong.
        let mut open: Option<(usize, &[(&'static str, String)])> = None;
        for line in self.text.lines() {
            let words = line.trim();
            if let Some(name) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                put_values(&mut lines, open.take());
                open = new.get(name).map(|values| (lines.len() + 1, *values));
            } else if let Some((at, _)) = &mut open
                && !words.is_empty()
                && !words.starts_with('#')
            {
                if words.split_once('=').is_some_and(|(key, _)| is_value(key.trim())) {
                    continue;
                }
                *at = lines.len() + 1;
            }
            lines.push(line.to_owned());
        }
        put_values(&mut lines, open);
        lines.join("\n") + "\n"
    }
}

fn put_values(lines: &mut Vec<String>, open: Option<(usize, &[(&'static str, String)])>) {
    if let Some((at, values)) = open {
        lines.splice(at..at, values.iter().map(|(name, value)| format!("{name} = {value}")));
    }
}

/// Whether a key is one of those that are measured.
fn is_value(key: &str) -> bool {
    key == "entries" || DIGESTS.contains(&key) || FIGURES.contains(&key)
}

/// A name is also a file's: letters, digits and hyphens, nothing else.
fn check_name(name: &str, sections: &[Section<'_>]) -> Result<(), String> {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(is_allowed) {
        return Err(format!("`{name}` is no name: a-z 0-9 -"));
    }
    if sections.iter().any(|section| section.name == name) {
        return Err(format!("[{name}] stands twice"));
    }
    Ok(())
}

impl Section<'_> {
    /// The golden that the lines describe.
    fn golden(mut self) -> Result<Golden, ManifestError> {
        let kind = self.read("kind", |text| match text {
            "log" => Ok(Kind::Log),
            "values" => Ok(Kind::Values),
            _ => Err(format!("`{text}` is no kind: log or values")),
        })?;
        let system = if self.fields.contains_key("system") {
            self.read("system", |text| Ok(text.to_owned()))?
        } else {
            "ecology".to_owned()
        };
        let (preset, mut subject) =
            self.read("preset", |text| Ok((text.to_owned(), Subject::new(&system, text)?)))?;
        let seed = self.read("seed", |text| {
            text.parse().map_err(|_| format!("`{text}` is no seed: a whole number below 2^64"))
        })?;
        let length = subject.length_key();
        self.read(length, |text| subject.set_all(&format!("{length}={text}")))?;
        if self.fields.contains_key("set") {
            self.read("set", |text| subject.set_all(text))?;
        }
        self.read("purpose", |text| match text {
            "" => Err("a golden without a purpose: say what it is for".to_owned()),
            _ => Ok(()),
        })?;
        let least = self.read("least", parse_least)?;
        let mut values = BTreeMap::new();
        for (key, (line, value)) in self.fields {
            check_value(key, value).map_err(|what| ManifestError { line, what })?;
            values.insert(key.to_owned(), value.to_owned());
        }
        Ok(Golden { name: self.name.to_owned(), kind, preset, seed, subject, least, values })
    }

    /// Takes a key that must be there.
    fn read<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ManifestError> {
        let Some((line, text)) = self.fields.remove(key) else {
            let what = format!("[{}] has no `{key}`", self.name);
            return Err(ManifestError { line: self.line, what });
        };
        parse(text).map_err(|what| ManifestError { line, what })
    }
}

/// Reads `trades 100, cancels 50`.
fn parse_least(text: &str) -> Result<Vec<(&'static str, i128)>, String> {
    let mut least = Vec::new();
    for words in text.split(',') {
        let words = words.trim();
        let pair = words.split_once(' ').and_then(|(name, count)| {
            let name = FIGURES.into_iter().find(|figure| *figure == name)?;
            Some((name, count.trim().parse().ok().filter(|count| 0 < *count)?))
        });
        let pair = pair.ok_or_else(|| {
            format!("`{words}` is no figure with a number from 1: {}", FIGURES.join(", "))
        })?;
        least.push(pair);
    }
    match NEEDED.iter().find(|needed| !least.iter().any(|(name, _)| name == *needed)) {
        Some(missing) => {
            Err(format!("no least number of {missing}: a golden without any is vacuous"))
        }
        None => Ok(least),
    }
}

fn check_value(key: &str, value: &str) -> Result<(), String> {
    if !is_value(key) {
        return Err(format!("there is no key `{key}`"));
    }
    let is_fine = if DIGESTS.contains(&key) {
        value.parse::<Digest>().is_ok()
    } else {
        value.parse::<i128>().is_ok()
    };
    if is_fine { Ok(()) } else { Err(format!("`{value}` cannot be a value of `{key}`")) }
}

#[cfg(test)]
mod tests;
