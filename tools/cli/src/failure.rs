//! An error as the user reads it: what failed, where, what to do next; and the exit code.

use std::fmt;
use std::io;
use std::path::Path;

use replay::{LogError, PlayError};

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
        let exit = if matches!(error, LogError::Io { .. } | LogError::Closed) {
            Exit::Io
        } else {
            Exit::Damaged
        };
        let failure = Self::new(exit, format!("{}: {error}", path.display()));
        if error.is_torn() {
            let path = path.display();
            failure.with_hint(format!("keep what is good: replay recover {path} -o NEW"))
        } else {
            failure
        }
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
