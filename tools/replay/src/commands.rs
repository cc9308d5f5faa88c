//! One file for each subcommand, and what several of them do alike.

mod adversarial;
pub(crate) mod bench;
pub(crate) mod bisect;
pub(crate) mod blame;
mod bundle;
pub(crate) mod cat;
pub(crate) mod check_proof;
pub(crate) mod compact;
pub(crate) mod completions;
pub(crate) mod config;
mod copying;
mod curves;
pub(crate) mod cut;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod filter;
pub(crate) mod fork;
pub(crate) mod golden;
pub(crate) mod hashes;
pub(crate) mod import;
pub(crate) mod inevitable;
pub(crate) mod info;
pub(crate) mod key;
mod layered;
mod lineage;
pub(crate) mod man;
mod names;
mod observers;
mod pool;
mod producer;
pub(crate) mod prove;
pub(crate) mod recover;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod scenario;
mod seeking;
pub(crate) mod sign;
pub(crate) mod simulate;
mod spans;
pub(crate) mod state;
pub(crate) mod stats;
pub(crate) mod step;
mod tally;
pub(crate) mod verify;
pub(crate) mod when;
mod words;
mod wrap;

use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use cli::{Exit, Failure, Interrupt, LogFile, Output, Progress};
use replay::{Moment, Player, Reader, Source};
use serde_json::Value;

use crate::args::Log;

type LogReader = Reader<LogFile>;
type LogPlayer = Player<LogFile>;

fn open(log: &Log) -> Result<LogReader, Failure> {
    cli::open_log(&log.path, log.limits.read())
}

fn player(log: &Log) -> Result<LogPlayer, Failure> {
    Player::new(open(log)?).map_err(|error| Failure::log(&log.path, &error))
}

/// How many bytes of the plain log there are, for the progress bar; 0 where nobody knows.
fn bytes_of(reader: &LogReader) -> u64 {
    reader.source().size().unwrap_or(0)
}

/// Keeps a log from being written while the file is open.
///
/// # Errors
/// Exit 75 while another process writes it, 66 when it is absent or unreadable.
fn hold(path: &Path) -> Result<File, Failure> {
    let file = cli::open_input(path)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let message = format!("{}: another process is writing it", path.display());
            Err(Failure::new(Exit::TryAgain, message))
        }
        Err(TryLockError::Error(error)) => Err(Failure::io(path, &error)),
    }
}

/// Replays a log and shows every moment to an observer, with a progress bar, until it is done or the
/// user interrupts.
fn play(
    log: &Log,
    player: &mut LogPlayer,
    mut observe: impl FnMut(&Moment<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let interrupt = Interrupt::listen();
    let mut progress = Progress::new("replaying", bytes_of(player.reader()));
    loop {
        let offset = player.reader().offset();
        match player.advance() {
            Ok(Some(moment)) => {
                observe(&moment)?;
                if moment.closes.is_some() {
                    interrupt.check()?;
                    progress.at(offset);
                }
            }
            Ok(None) => return Ok(()),
            Err(error) => return Err(Failure::play(&log.path, &error)),
        }
    }
}

/// Output never replaces the input that it is made of, nor a file that belongs to it, whatever
/// `--force` says.
///
/// # Errors
/// Exit 2 when a file of one is a file of the other.
fn refuse_in_place(input: &Path, output: &Path) -> Result<(), Failure> {
    for read in [input.to_owned(), cli::tail_path(input)] {
        for written in [output.to_owned(), cli::tail_path(output)] {
            if is_same_file(&read, &written) {
                let shown = output.display();
                let message = format!("{shown}: is the input and cannot be the output too");
                let hint = format!("{} is a file of both", written.display());
                let failure = Failure::new(Exit::Usage, message);
                let is_plain = read == input && written == output;
                return Err(if is_plain { failure } else { failure.with_hint(hint) });
            }
        }
    }
    Ok(())
}

/// Whether two names are of one file, or would be if there were one.
fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => match (std::path::absolute(one), std::path::absolute(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        },
    }
}

/// Writes data to standard output. Texts of a foreign log are shown, never obeyed.
fn print(text: &str) -> Result<(), Failure> {
    let mut output = Output::stdout();
    output.write_all(cli::shown(text).as_bytes()).map_err(Output::failure)?;
    output.finish()
}

fn print_json(value: &Value) -> Result<(), Failure> {
    print(&cli::shown_json(&format!("{value}\n")))
}

/// Says something beside the data.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", cli::shown(text));
}

/// Lines of `name  value`, names padded to one width.
fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().fold(String::new(), |mut text, (name, value)| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:width$}  {value}");
        text
    })
}
