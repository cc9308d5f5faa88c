//! One file for each subcommand.

pub(crate) mod bisect;
pub(crate) mod config;
pub(crate) mod diff;
pub(crate) mod evaluate;
pub(crate) mod fork;
pub(crate) mod rewind;
pub(crate) mod train;
pub(crate) mod tune;
pub(crate) mod verify;

use std::io::Write;

use cli::{Exit, Failure, Output};
use runs::config::{Layers, Resolved};
use serde_json::Value;

use crate::args::Settings;

/// What settings come to.
///
/// # Errors
/// Exit 2 for settings that are none, 66 for a file that is not there.
pub(crate) fn resolve(settings: &Settings) -> Result<Resolved, Failure> {
    let usage = |error: runs::config::ConfigError| Failure::new(Exit::Usage, error.to_string());
    let mut layers = Layers::new(&settings.preset).map_err(usage)?;
    if let Some(path) = &settings.config {
        let bytes = cli::read_small(path, runs::config::FILE_BYTES_MAX)?;
        layers = layers.file(&path.display().to_string(), &bytes).map_err(usage)?;
    }
    let everyone = settings.everyone.then(|| "learners=maker momentum value noise".to_owned());
    let seed = settings.seed.map(|seed| format!("seed={seed}"));
    let system = settings.system.map(|_| "system=ecology".to_owned());
    for setting in everyone.iter().chain(&seed).chain(&system).chain(&settings.overrides) {
        layers = layers.set(setting).map_err(usage)?;
    }
    layers.resolve().map_err(usage)
}

/// Prints text to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = Output::stdout();
    output.write_all(text.as_bytes()).map_err(Output::failure)?;
    output.finish()
}

/// Prints a JSON object to standard output.
pub(crate) fn print_json(value: &Value) -> Result<(), Failure> {
    print(&cli::shown_json(&format!("{value}\n")))
}

/// Says something on standard error that is nobody's data.
pub(crate) fn note(words: &str) {
    // Where it cannot be said there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{}", cli::shown(words));
}

/// Rows of a name and a text, in two columns.
pub(crate) fn table(rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let line = |(name, text): &(String, String)| {
        let pad = " ".repeat(width - name.chars().count());
        format!("{name}{pad}  {text}\n")
    };
    rows.iter().map(line).collect()
}
