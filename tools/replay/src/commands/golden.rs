//! `replay golden`: runs whose logs, digests and figures are kept, and whether they still come out.

mod difference;
mod figures;
mod manifest;
mod measure;
mod subject;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use cli::{Exit, Failure, Interrupt, NewFile, Progress};
use serde_json::{Value, json};

use self::manifest::{Golden, Kind, Manifest};
use self::measure::{Measured, measure};
use super::{print, print_json, say};
use crate::args;

/// Largest manifest that is read: a golden is some lines.
const MANIFEST_BYTES_MAX: usize = 1 << 20;
/// Largest golden log that is read: they are kept with the sources, and are short.
const LOG_BYTES_MAX: usize = 1 << 26;

pub(crate) fn run(args: &args::Golden) -> Result<Exit, Failure> {
    // What is written has a temporary name until it is whole.
    Interrupt::at_once("replay");
    match args {
        args::Golden::Check(args) => check(args),
        args::Golden::Refresh(args) => refresh(args),
    }
}

/// A golden beside what its run came to.
struct Compared<'a> {
    golden: &'a Golden,
    measured: Measured,
    /// What the run lacks for its purpose.
    lacks: Vec<String>,
    /// Where it is not what was written down, the most telling first.
    changes: Vec<String>,
}

fn check(args: &args::Goldens) -> Result<Exit, Failure> {
    let manifest = read_manifest(&args.dir)?;
    let goldens = choose(&manifest, &args.names)?;
    let mut kept = Vec::new();
    for golden in &goldens {
        kept.push(read_log(&args.dir, golden)?);
    }
    let compared = compare(&goldens, &kept)?;
    let is_ok = |compared: &Compared<'_>| compared.lacks.is_empty() && compared.changes.is_empty();
    let printed = if args.json {
        print_json(&json!({
            "schema": "replay.golden-check/1",
            "ok": compared.iter().all(is_ok),
            "goldens": compared.iter().map(|it| it.json(is_ok(it))).collect::<Vec<_>>(),
        }))
    } else {
        let line = |it: &Compared<'_>| it.line(if is_ok(it) { "ok" } else { "differs" });
        print(&compared.iter().map(line).collect::<String>())
    };
    for Compared { golden, lacks, changes, .. } in &compared {
        for what in lacks.iter().chain(changes) {
            say(&format!("replay: {}: {what}", golden.name));
        }
    }
    let changed: Vec<_> = compared.iter().filter(|it| !it.changes.is_empty()).collect();
    if !changed.is_empty() {
        let names: Vec<_> = changed.iter().map(|it| it.golden.name.as_str()).collect();
        say(&format!("\nhint: if that is meant: replay golden refresh {}", names.join(" ")));
    }
    if compared.iter().all(is_ok) {
        printed.map(|()| Exit::Ok)
    } else {
        // A difference counts, whether somebody reads the rest or not.
        Ok(Exit::Differs)
    }
}

fn refresh(args: &args::Goldens) -> Result<Exit, Failure> {
    let ci = std::env::var("CI").unwrap_or_default();
    if !matches!(ci.as_str(), "" | "0" | "false") {
        let message = format!("golden refresh: refused, because CI={ci}");
        let hint = "a check that rewrites what it checks never fails: refresh by hand, read what \
                    changed, and commit it with its reason";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    let manifest = read_manifest(&args.dir)?;
    let goldens = choose(&manifest, &args.names)?;
    let mut kept = Vec::new();
    for golden in &goldens {
        // What cannot be read is written anew.
        kept.push(read_log(&args.dir, golden).unwrap_or_default());
    }
    let compared = compare(&goldens, &kept)?;
    for Compared { golden, lacks, .. } in &compared {
        for what in lacks {
            say(&format!("replay: {}: {what}", golden.name));
        }
    }
    if compared.iter().any(|it| !it.lacks.is_empty()) {
        say("replay: golden refresh: nothing was written");
        return Ok(Exit::Differs);
    }
    write(&args.dir, &manifest, &compared)?;
    if args.json {
        print_json(&json!({
            "schema": "replay.golden-refresh/1",
            "goldens": compared.iter().map(|it| it.json(it.changes.is_empty())).collect::<Vec<_>>(),
        }))?;
    } else {
        print(&compared.iter().map(Compared::report).collect::<String>())?;
    }
    Ok(Exit::Ok)
}

/// The manifest of a folder.
fn read_manifest(dir: &Path) -> Result<Manifest, Failure> {
    let path = dir.join("MANIFEST");
    let bytes = cli::read_small(&path, MANIFEST_BYTES_MAX)?;
    let damaged = |what: &str| Failure::new(Exit::Damaged, format!("{}: {what}", path.display()));
    if MANIFEST_BYTES_MAX < bytes.len() {
        return Err(damaged("too large for a manifest"));
    }
    let text = String::from_utf8(bytes).map_err(|_| damaged("is not UTF-8"))?;
    Manifest::parse(text).map_err(|error| damaged(&error.to_string()))
}

/// The goldens of these names, in the manifest's order; all without names.
fn choose<'a>(manifest: &'a Manifest, names: &[String]) -> Result<Vec<&'a Golden>, Failure> {
    let known: Vec<_> = manifest.goldens.iter().map(|golden| golden.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let message = format!("no golden `{unknown}`; there are: {}", known.join(", "));
        return Err(Failure::new(Exit::Usage, message));
    }
    let is_wanted = |golden: &&Golden| names.is_empty() || names.contains(&golden.name);
    Ok(manifest.goldens.iter().filter(is_wanted).collect())
}

fn log_path(dir: &Path, golden: &Golden) -> PathBuf {
    dir.join(golden.subject.folder()).join(format!("{}.log", golden.name))
}

/// The log that is kept of a golden, if one is.
fn read_log(dir: &Path, golden: &Golden) -> Result<Option<Vec<u8>>, Failure> {
    if golden.kind == Kind::Values {
        return Ok(None);
    }
    let path = log_path(dir, golden);
    let hint = format!("replay golden refresh {} writes it", golden.name);
    let bytes = cli::read_small(&path, LOG_BYTES_MAX).map_err(|failure| {
        if failure.exit == Exit::NoInput { failure.with_hint(hint) } else { failure }
    })?;
    if LOG_BYTES_MAX < bytes.len() {
        let message = format!("{}: too large for a golden log", path.display());
        return Err(Failure::new(Exit::Damaged, message));
    }
    Ok(Some(bytes))
}

/// Carries out every run and compares it with what is kept.
fn compare<'a>(
    goldens: &[&'a Golden],
    kept: &[Option<Vec<u8>>],
) -> Result<Vec<Compared<'a>>, Failure> {
    let mut progress =
        Progress::new("simulating", goldens.iter().map(|golden| golden.subject.steps()).sum());
    let mut steps = 0;
    let mut compared = Vec::new();
    for (golden, kept) in goldens.iter().zip(kept) {
        let measured = measure(golden, || {
            steps += 1;
            progress.at(steps);
        })?;
        let mut changes = Vec::new();
        if golden.kind == Kind::Log {
            changes.extend(match kept {
                Some(kept) => difference::first(kept, &measured.log),
                None => Some("no log was kept".to_owned()),
            });
        }
        for (name, now) in &measured.values {
            let then = golden.values.get(*name).map_or("none", String::as_str);
            if then != now {
                changes.push(format!("{name}: {then} -> {now}"));
            }
        }
        compared.push(Compared { golden, lacks: measured.lacks(golden), measured, changes });
    }
    Ok(compared)
}

/// Writes logs and values of goldens that changed. Everything is written under a temporary name
/// before the first file is replaced, and the manifest comes last.
fn write(dir: &Path, manifest: &Manifest, compared: &[Compared<'_>]) -> Result<(), Failure> {
    let mut files = Vec::new();
    let mut put = |path: &Path, bytes: &[u8]| {
        let mut file = NewFile::create(path, true)?;
        let written = file.write_all(bytes).and_then(|()| file.flush());
        written.map_err(|error| Failure::io(path, &error))?;
        files.push(file);
        Ok::<_, Failure>(())
    };
    let mut values: BTreeMap<&str, &[_]> = BTreeMap::new();
    for Compared { golden, measured, changes, .. } in compared {
        if changes.is_empty() {
            continue;
        }
        values.insert(&golden.name, &measured.values);
        if golden.kind == Kind::Log {
            let folder = dir.join(golden.subject.folder());
            fs::create_dir_all(&folder).map_err(|error| {
                Failure::new(Exit::CannotCreate, format!("{}: {error}", folder.display()))
            })?;
            put(&log_path(dir, golden), &measured.log)?;
        }
    }
    if !values.is_empty() {
        put(&dir.join("MANIFEST"), manifest.with_values(&values).as_bytes())?;
    }
    files.into_iter().try_for_each(NewFile::commit)
}

impl Compared<'_> {
    /// One line: verdict, name and what the run came to.
    fn line(&self, verdict: &str) -> String {
        let value = |name| self.measured.value(name);
        format!(
            "{verdict:<7}  {:<15}  {} steps, {} entries, {} trades, {} cancels, head {}\n",
            self.golden.name,
            self.golden.subject.steps(),
            value("entries"),
            value("trades"),
            value("cancels"),
            value("head"),
        )
    }

    /// What a refresh changed.
    fn report(&self) -> String {
        let Self { golden, changes, .. } = self;
        if changes.is_empty() {
            return format!("{}: unchanged\n", golden.name);
        }
        let lines = changes.iter().map(|change| format!("  {change}\n"));
        format!("{}:\n{}", golden.name, lines.collect::<String>())
    }

    fn json(&self, is_ok: bool) -> Value {
        let values: serde_json::Map<_, _> = self
            .measured
            .values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
            .collect();
        json!({
            "name": self.golden.name,
            "ok": is_ok,
            "lacks": self.lacks,
            "changes": self.changes,
            "values": values,
        })
    }
}
