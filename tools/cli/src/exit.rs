//! The exit codes, and nothing but them.

use std::process::{ExitCode, Termination};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well; an open log with a whole tail too.
    Ok = 0,
    /// A difference: head, seal or digest on a whole chain; a recovery that dropped bytes; an import
    /// of files that contradict each other.
    Differs = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// Two executions in one call disagree.
    Nondeterministic = 3,
    /// Input that is damaged, torn, foreign, unsupported or over the limits.
    Damaged = 65,
    /// Input that is absent or unreadable.
    NoInput = 66,
    /// Output that cannot be created.
    CannotCreate = 73,
    /// The device failed.
    Io = 74,
    /// Somebody else is at it.
    TryAgain = 75,
    /// This build cannot test it.
    CannotTest = 125,
    /// Interrupted from the terminal.
    Interrupted = 130,
}

impl Exit {
    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

/// The exit codes as `--help` shows them.
pub const EXIT_CODES_HELP: &str = "\
Exit codes:
  0    fine (an open log with a whole tail too)
  1    a difference: head, seal, digest; dropped bytes; contradictory input
  2    usage
  3    two executions in one call disagree
  65   input damaged, torn, foreign, unsupported or over the limits
  66   input absent or unreadable
  73   output cannot be created
  74   I/O error
  75   busy: try again
  125  cannot be tested by this build
  130  interrupted";
