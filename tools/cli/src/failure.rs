//! An error as the user reads it: what failed, where, what to do next; and the exit code.

use std::fmt;
use std::io;
use std::path::Path;

use replay::{LimitName, LogError, PackedError, PlayError};

use crate::exit::Exit;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What failed, and where.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure with this exit code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Reading or writing a file failed after it was opened.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        Self::new(Exit::Io, format!("{}: {error}", path.display()))
    }

    /// A log cannot be read or written.
    pub fn log(path: &Path, error: &LogError) -> Self {
        if let Some(error) = packed_inside(error) {
            return Self::packed(path, error);
        }
        let exit = if matches!(error, LogError::Io { .. } | LogError::Closed) {
            Exit::Io
        } else {
            Exit::Damaged
        };
        let failure = Self::new(exit, format!("{}: {error}", path.display()));
        if error.is_torn() {
            failure.with_hint(recover_hint(path))
        } else if let Some(hint) = limit_hint(error) {
            failure.with_hint(hint)
        } else {
            failure
        }
    }

    /// A compacted log cannot be read.
    pub fn packed(path: &Path, error: &PackedError) -> Self {
        let exit = if matches!(error, PackedError::Io(_)) { Exit::Io } else { Exit::Damaged };
        let failure = Self::new(exit, format!("{}: {error}", path.display()));
        if error.is_cut() { failure.with_hint(recover_hint(path)) } else { failure }
    }

    /// A log does not replay.
    pub fn play(path: &Path, error: &PlayError) -> Self {
        match error {
            PlayError::Log(error) => Self::log(path, error),
            PlayError::Diverged(_) | _ => {
                Self::new(Exit::Differs, format!("{}: {error}", path.display())).with_hint(
                    "the log is whole, so another kernel recorded it or its digests are forged: \
                     replay verify --all lists every block that differs",
                )
            }
        }
    }

    /// The user interrupted.
    pub fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted")
    }
}

fn recover_hint(path: &Path) -> String {
    format!("keep what is good: replay recover {} -o NEW", path.display())
}

/// How to read a log that is over a limit which can be set.
fn limit_hint(error: &LogError) -> Option<String> {
    let LogError::Limit { what, found, .. } = error else { return None };
    let name = LimitName::ALL.into_iter().find(|name| name.what() == *what)?;
    // How long it is shows only at its end.
    let value = if name == LimitName::LogBytes { "N".to_owned() } else { found.to_string() };
    Some(format!("if you trust whoever made it: --max {name}={value}"))
}

/// What is wrong with a compacted log, where a reader took it for an error of its device.
fn packed_inside(error: &LogError) -> Option<&PackedError> {
    let LogError::Io { source, .. } = error else { return None };
    source.get_ref()?.downcast_ref()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
