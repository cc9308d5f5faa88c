//! What somebody else needs to look into a replay that differs: a folder of its own.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cli::{Exit, Failure};
use formats::render::{entry_text, event_text};
use formats::state::{Shown, state_json};
use kernel::Engine;
use replay::state::state_digest;
use replay::{Diverged, PlayError, Seeker};
use serde_json::{Value, json};

use super::{LogPlayer, say, seeking};
use crate::args::Log;

/// Entries that are shown before and behind.
const AROUND: u64 = 20;

/// The entries that differ: a block whose result does, or one of a producer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    first: u64,
    last: u64,
}

impl Scene {
    pub(super) const fn of_block(diverged: &Diverged) -> Self {
        Self { first: diverged.first, last: diverged.last }
    }

    pub(super) const fn of_entry(number: u64) -> Self {
        Self { first: number, last: number }
    }
}

/// Passes on how a replay ended, and writes a bundle first when it differed and one is wanted.
pub(super) fn after(
    ended: Result<(), Failure>,
    folder: Option<&Path>,
    log: &Log,
    player: &LogPlayer,
) -> Result<(), Failure> {
    let Err(mut failure) = ended else { return Ok(()) };
    // The block that differs is the one that was read last.
    if let Some(folder) = folder.filter(|_| failure.exit == Exit::Differs)
        && let Some(header) = &player.reader().block().header
    {
        let scene = Scene { first: header.first, last: header.last() };
        let repeat = format!("replay run {}", log.path.display());
        // The difference is what counts, whether it could be written down or not.
        if let Err(unwritten) = write(folder, log, scene, (&failure.message, &repeat)) {
            failure.message = format!("{}\n{}", failure.message, unwritten.message);
        }
    }
    Err(failure)
}

/// Refuses a folder that exists, before the work that may fill it.
///
/// # Errors
/// Exit 73 when it exists.
pub(super) fn check_free(folder: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = folder.filter(|folder| fs::symlink_metadata(folder).is_ok()) else {
        return Ok(());
    };
    let message = format!("{}: exists already", folder.display());
    let hint = "a bundle gets a folder of its own: name one that does not exist";
    Err(Failure::new(Exit::CannotCreate, message).with_hint(hint))
}

/// Writes the folder. It appears whole or not at all.
///
/// * `words` - what differs, and the command that shows it again.
///
/// # Errors
/// Exit 73 when it exists or cannot be made, 74 when the device fails.
pub(super) fn write(
    folder: &Path,
    log: &Log,
    scene: Scene,
    words: (&str, &str),
) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(Exit::CannotCreate, format!("{}: {error}", folder.display()))
    };
    check_free(Some(folder))?;
    let mut name = folder.as_os_str().to_owned();
    name.push(format!(".partial-{}", std::process::id()));
    let partial = PathBuf::from(name);
    fs::create_dir(&partial).map_err(cannot)?;
    let written = fill(&partial, log, scene, words)
        .and_then(|()| fs::rename(&partial, folder).map_err(cannot));
    if written.is_err() {
        let _ = fs::remove_dir_all(&partial);
    } else {
        say(&format!("replay: states and entries are in {}", folder.display()));
    }
    written
}

fn fill(
    folder: &Path,
    log: &Log,
    scene: Scene,
    (what, repeat): (&str, &str),
) -> Result<(), Failure> {
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Failure::io(&path, &error))
    };
    let Scene { first, last } = scene;
    let archive = seeking::archive(log)?;
    let head = archive.block_header(archive.blocks()).map_or_else(
        |_| String::new(),
        |header| format!("head of its last block: {}\n", header.head),
    );
    let mut seeker = Seeker::new(archive, None);
    let from = first.saturating_sub(AROUND).max(1);
    let mut entries = String::new();
    let player = seeking::go(&log.path, &mut seeker, from - 1)?;
    let mut before = (first == from).then(|| state(from - 1, player.engine()));
    let mut after = None;
    loop {
        let moment = match player.advance() {
            Ok(Some(moment)) => moment,
            // What follows differs too, or is not there.
            Ok(None) | Err(PlayError::Diverged(_)) => break,
            Err(error) => return Err(Failure::play(&log.path, &error)),
        };
        let _ = writeln!(entries, "{:>8}  {}", moment.number, entry_text(moment.entry));
        for event in moment.events {
            let _ = writeln!(entries, "{:>8}  {}", "", event_text(event));
        }
        if moment.number + 1 == first {
            before = Some(state(moment.number, moment.engine));
        }
        if moment.number == last {
            after = Some(state(last, moment.engine));
        }
        if last + AROUND <= moment.number {
            break;
        }
    }
    let json = |state: Option<Value>| format!("{:#}\n", state.unwrap_or(Value::Null));
    put("before.json", &json(before))?;
    put("after.json", &json(after))?;
    put("entries.txt", &entries)?;
    let path = log.path.display();
    let text = format!(
        "{what}\n\nlog: {path}\n{head}entries that differ: {first} to {last}\n\n\
         before.json   the state before them\n\
         after.json    the state behind them, as this build replays it\n\
         entries.txt   the entries around, each with the events that this build makes of it\n\n\
         to repeat it: {repeat}\n\
         a state:      replay state {path} --at {}\n",
        first - 1
    );
    put("README.txt", &text)
}

fn state(entry: u64, engine: &Engine) -> Value {
    let shown = Shown { levels: usize::MAX, client: None, accounts: usize::MAX };
    let mut object = state_json(engine, shown);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("schema".to_owned(), json!("replay.state/1"));
        fields.insert("entry".to_owned(), entry.into());
        fields.insert("state".to_owned(), state_digest(engine).to_string().into());
    }
    object
}
