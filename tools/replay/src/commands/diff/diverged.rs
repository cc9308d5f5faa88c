//! A log that this build does not reproduce, beside another one.

use std::fmt::Write as _;

use cli::Failure;
use replay::PlayError;
use replay::bisect::{Recorded, compare};

use super::difference::Which;
use crate::args::Log;
use crate::commands::{player, seeking};

/// What to say of a log that cannot be replayed: what `run` says of it, and when it is another
/// build's, how it stands to the other log.
pub(super) fn failure(logs: &[Log; 2], which: Which, error: &PlayError) -> Failure {
    let mut failure = Failure::play(&logs[which.index()].path, error);
    if let PlayError::Diverged(_) = error {
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
        if let Ok(found) = first_difference(logs) {
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

/// Where the recorded results of the two logs differ first.
fn first_difference(logs: &[Log; 2]) -> Result<String, Failure> {
    let [a, b] = [seeking::archive(&logs[0])?, seeking::archive(&logs[1])?];
    let found = compare(&a, &b).map_err(|error| Failure::log(&logs[0].path, &error))?;
    let behaviour = match (found.behaviour, found.parting) {
        (Some(behaviour), _) => behaviour,
        (None, Some(parting)) => {
            return Ok(format!(
                "A and B have equal entries and results up to entry {}",
                parting.entry - 1
            ));
        }
        (None, None) => return Ok("A and B have equal entries and results".to_owned()),
    };
    let [a, b] = behaviour.headers;
    let place = format!("block {} (entries {} to {})", a.number, a.first, a.last());
    Ok(match behaviour.what {
        Recorded::Outcome => format!(
            "A and B have equal entries and other outcomes from {place} on: {} and {}",
            a.outcome, b.outcome
        ),
        Recorded::Clock => format!("A and B have equal entries and another clock after {place}"),
        Recorded::State => format!("A and B have equal entries and other states after {place}"),
    })
}
