//! One life of a recorder: from the first call to the fault, the end of the script, or `End`.

use std::cell::RefCell;

use replay::{LogError, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use crate::crash::device::{Disk, Port};
use crate::crash::script::Script;

/// How a script is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// What is durable without being asked.
    pub policy: SyncPolicy,
    /// Syncs behind each entry whose number has its bit here, in turns of 64.
    pub syncs: u64,
    /// The last entry of this life.
    pub stop: u64,
    /// Whether the log is finished behind it.
    pub finishes: bool,
}

/// What a life came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Entries that were acknowledged, `End` included.
    pub acknowledged: u64,
    /// Entries that the recorder took, `End` included.
    pub taken: u64,
}

/// Lives on the disk, whose files are empty or hold a log that recovery has seen.
///
/// # Errors
/// A recorder that does otherwise than it promises, in words.
pub fn live(script: &Script, course: &Course, disk: &RefCell<Disk>) -> Result<Life, String> {
    let port = |is_tail| Port { disk, is_tail };
    let is_new = disk.borrow().log.present().is_empty();
    let created = if is_new {
        Recorder::create(&script.genesis, port(false), port(true), course.policy)
    } else {
        resume(port(false), port(true), course.policy)?
    };
    let mut recorder = match created {
        Ok(recorder) => recorder,
        Err(error) => {
            check_device_error(&error, disk)?;
            // Nothing is acknowledged anew; what was there is the caller's to know.
            return Ok(Life { acknowledged: 0, taken: 0 });
        }
    };
    let mut known = recorder.acknowledged();
    while recorder.entries() < course.stop {
        let number = recorder.entries() + 1;
        let fed = script.feed(usize::try_from(number - 1).unwrap_or(0), &mut recorder);
        let asked = 0 < course.syncs >> (number % 64) & 1;
        let result = match fed {
            Ok(()) if asked => recorder.sync(),
            fed => fed,
        };
        if let Err(error) = result {
            check_device_error(&error, disk)?;
            let life = Life { acknowledged: recorder.acknowledged(), taken: recorder.entries() };
            check_acknowledged(known, life.acknowledged)?;
            check_closed(script, recorder, disk)?;
            return Ok(life);
        }
        if recorder.entries() != number {
            return Err(format!("entry {number} was taken as {}", recorder.entries()));
        }
        if asked || course.policy == SyncPolicy::Entry {
            known = number;
        }
        check_acknowledged(known, recorder.acknowledged())?;
    }
    let (acknowledged, taken) = (recorder.acknowledged(), recorder.entries());
    if !course.finishes {
        return Ok(Life { acknowledged, taken });
    }
    match recorder.finish() {
        Ok(finished) => Ok(Life { acknowledged: finished.entries, taken: finished.entries }),
        Err(error) => {
            check_device_error(&error, disk)?;
            Ok(Life { acknowledged, taken: taken + 1 })
        }
    }
}

type Resumed<'a> = Result<Recorder<Port<'a>>, LogError>;

fn resume<'a>(log: Port<'a>, tail: Port<'a>, policy: SyncPolicy) -> Result<Resumed<'a>, String> {
    let (bytes, tail_bytes) = {
        let disk = log.disk.borrow();
        (disk.log.present().to_vec(), disk.tail.present().to_vec())
    };
    let reader = Reader::open(&bytes[..], tail_bytes, ReadLimits::DEFAULT);
    let mut player = reader
        .and_then(Player::new)
        .map_err(|error| format!("what was recovered cannot be opened: {error}"))?;
    player.run().map_err(|error| format!("what was recovered does not replay: {error}"))?;
    Ok(Recorder::resume(player, log, tail, policy))
}

/// The recorder names the device's failure, and only where there was one.
fn check_device_error(error: &LogError, disk: &RefCell<Disk>) -> Result<(), String> {
    let disk = disk.borrow();
    if matches!(error, LogError::Io { .. }) && disk.met.is_some() {
        return Ok(());
    }
    Err(format!("the recorder fails for no reason: {error}"))
}

fn check_acknowledged(known: u64, told: u64) -> Result<(), String> {
    if told < known {
        return Err(format!("{known} entries were acknowledged, the recorder knows of {told}"));
    }
    Ok(())
}

/// After an error of its device a recorder takes nothing more and leaves the device alone.
fn check_closed(
    script: &Script,
    mut recorder: Recorder<Port<'_>>,
    disk: &RefCell<Disk>,
) -> Result<(), String> {
    let calls = disk.borrow().calls;
    let before = recorder.acknowledged();
    let results = [script.feed(0, &mut recorder), recorder.sync(), script.feed(0, &mut recorder)];
    let acknowledged = recorder.acknowledged();
    let finished = recorder.finish().map(|_| ());
    let is_closed = |result: &Result<(), LogError>| matches!(result, Err(LogError::Closed));
    if !results.iter().chain([&finished]).all(is_closed) {
        return Err("the recorder goes on after its device failed".to_owned());
    }
    if calls != disk.borrow().calls || acknowledged != before {
        return Err("the recorder touches its device after it failed".to_owned());
    }
    Ok(())
}
