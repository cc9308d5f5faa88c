//! What every command line of the project shares: exit codes, errors, files, output, progress.
//!
//! This is the one library that opens paths, reads the clock (for notes and progress, never for a
//! log) and writes to the terminal.

mod cpu;
mod exit;
mod failure;
mod files;
mod interrupt;
mod log_file;
mod note;
mod output;
mod private;
mod program;
mod progress;
mod recording;
mod shown;
mod snapshots;
mod stopwatch;
mod temporary;

pub use cpu::CpuClock;
pub use exit::{EXIT_CODES_HELP, Exit};
pub use failure::Failure;
pub use files::{
    open_input, open_log, open_source, read_small, refuse_no_file, tail_path, with_suffix,
};
pub use interrupt::Interrupt;
pub use log_file::{Cut, LogFile, PlainFile, Rescued, open_rescued};
pub use note::write_note;
pub use output::{NewFile, Output, Sink};
pub use private::{create_private, read_private};
pub use program::program;
pub use progress::Progress;
pub use recording::{NewLog, Recording, remove_log};
pub use shown::{line, shown, shown_json};
pub use snapshots::{CacheFile, SnapshotFolder};
pub use stopwatch::Stopwatch;
