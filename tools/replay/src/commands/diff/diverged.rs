//! A log that this build does not reproduce, beside another one.

use std::fmt::Write as _;

use cli::Failure;
use replay::{Block, PlayError, Reader};

use super::difference::Which;
use crate::args::Log;
use crate::commands::{open, player};

/// What to say of a log that cannot be replayed: what `run` says of it, and when it is another
/// build's, how it stands to the other log.
pub(super) fn failure(logs: &[Log; 2], which: Which, error: &PlayError) -> Failure {
    let mut failure = Failure::play(&logs[which.index()].path, error);
    if let PlayError::Diverged(diverged) = error {
        let other = &logs[which.other().index()];
        // Writing to a string cannot fail.
        let path = other.path.display();
        let _ = match reproduces(other) {
            Ok(true) => write!(failure.message, "\n{path}: this build reproduces it"),
            Ok(false) => {
                write!(failure.message, "\n{path}: this build does not reproduce it either")
            }
            Err(other) => write!(failure.message, "\n{}", other.message),
        };
        if let Ok(found) = first_block(logs, diverged.block) {
            let _ = write!(failure.message, "\n{found}");
        }
    }
    failure
}

/// Whether a log replays to its end.
fn reproduces(log: &Log) -> Result<bool, Failure> {
    match player(log)?.run() {
        Ok(_) => Ok(true),
        Err(PlayError::Diverged(_)) => Ok(false),
        Err(error @ (PlayError::Log(_) | _)) => Err(Failure::play(&log.path, &error)),
    }
}

/// How the first block differs that is not the same in both logs, up to this one.
fn first_block(logs: &[Log; 2], last: u64) -> Result<String, Failure> {
    let [mut a, mut b] = [open(&logs[0])?, open(&logs[1])?];
    loop {
        let (one, other) = (next(&mut a, &logs[0])?, next(&mut b, &logs[1])?);
        let (Some(one), Some(other)) = (one, other) else {
            return Ok("the blocks of A and B that both have are equal".to_owned());
        };
        let (Some(x), Some(y)) = (one.header, other.header) else {
            return Ok("the sealed blocks that both have are equal".to_owned());
        };
        let place = format!("block {} (entries {} to {})", x.number, x.first, x.last());
        if x.head != y.head {
            return Ok(format!("A and B have other entries from {place} on"));
        }
        if x.outcome != y.outcome {
            return Ok(format!(
                "A and B have equal entries and other outcomes from {place} on: {} and {}",
                x.outcome, y.outcome
            ));
        }
        if x.state != y.state {
            return Ok(format!("A and B have equal entries and other states after {place}"));
        }
        if last <= x.number {
            return Ok(format!("A and B have equal entries and outcomes up to {place}"));
        }
    }
}

fn next<'a>(
    reader: &'a mut Reader<std::fs::File>,
    log: &Log,
) -> Result<Option<&'a Block>, Failure> {
    reader.next_block().map_err(|error| Failure::log(&log.path, &error))
}
