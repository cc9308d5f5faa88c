//! `replay cat --follow`: entries as a writer makes them durable.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use cli::{Exit, Failure, Interrupt, LogFile, Output};
use replay::{LogError, PlayError, Player, Reader, Stream};

use super::super::names::Names;
use super::super::say;
use super::write_moment;
use crate::args::Cat;

/// Between two looks.
const POLL: Duration = Duration::from_millis(100);
const POLLS_A_SECOND: u64 = 10;
/// Looks after which bytes that are wrong and stay as they are count as damage: a writer that is
/// seen in the middle of its work is somewhere else by then.
const PATIENCE: u32 = 5;

/// A log being followed.
struct Following<'a> {
    path: &'a Path,
    player: Player<Stream<LogFile>>,
    /// Device and inode: the file under that name may become another one.
    file: (u64, u64),
    tail: Vec<u8>,
    trouble: Option<Trouble>,
}

/// Something wrong that may be gone at the next look.
#[derive(PartialEq, Eq)]
struct Trouble {
    what: String,
    bytes: u64,
    tail: Vec<u8>,
    looks: u32,
}

pub(super) fn run(args: &Cat) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let mut output = Output::stdout();
    let idle = args.follow.idle.map(|seconds| u64::from(seconds) * POLLS_A_SECOND);
    let (mut following, mut quiet) = (None, 0_u64);
    loop {
        interrupt.check()?;
        let came = match &mut following {
            None => {
                following = Following::open(args)?;
                match &mut following {
                    Some(following) => following.show(args, &interrupt, &mut output)?,
                    None => false,
                }
            }
            Some(following) => {
                following.look()?;
                following.show(args, &interrupt, &mut output)?
            }
        };
        output.flush().map_err(Output::failure)?;
        let is_done = following.as_ref().is_some_and(|following| {
            following.player.reader().is_ended() || args.to <= following.player.number()
        });
        quiet = if came { 0 } else { quiet + 1 };
        let is_idle = idle.is_some_and(|idle| idle < quiet);
        if is_done || is_idle {
            break;
        }
        thread::sleep(POLL);
    }
    if let Some(error) =
        following.as_ref().and_then(|following| following.player.reader().not_yet())
    {
        say(&format!("replay: {}: not followed any further: {error}", args.log.path.display()));
    }
    output.finish()?;
    Ok(Exit::Ok)
}

impl<'a> Following<'a> {
    /// Opens the log; `None` while its header is not there yet.
    fn open(args: &'a Cat) -> Result<Option<Self>, Failure> {
        let path = &args.log.path;
        let (file, tail) = cli::open_source(path)?;
        let id = identity(file.file(), path)?;
        let limits = args.log.limits.read();
        let reader = match Reader::open(Stream::new(file, 0), tail.clone(), limits) {
            Ok(reader) => reader.growing(),
            Err(LogError::HeaderCut { .. }) => return Ok(None),
            Err(error) => return Err(Failure::log(path, &error)),
        };
        let player = Player::new(reader).map_err(|error| Failure::log(path, &error))?;
        Ok(Some(Self { path, player, file: id, tail, trouble: None }))
    }

    /// Looks whether there is more. The tail is read first: the log is never behind it then.
    fn look(&mut self) -> Result<(), Failure> {
        let gone = |what: &str| {
            Failure::new(Exit::Damaged, format!("{}: the log {what}", self.path.display()))
        };
        let (file, tail) = cli::open_source(self.path).map_err(|failure| {
            if failure.exit == Exit::NoInput { gone("is not there any more") } else { failure }
        })?;
        if identity(file.file(), self.path)? != self.file {
            return Err(gone("was replaced by another file"));
        }
        self.tail.clone_from(&tail);
        match self.player.refresh(tail) {
            Ok(()) => Ok(()),
            Err(error) => Err(Failure::log(self.path, &error)),
        }
    }

    /// Shows what has come; whether anything has.
    fn show(
        &mut self,
        args: &Cat,
        interrupt: &Interrupt,
        output: &mut Output,
    ) -> Result<bool, Failure> {
        let before = self.player.number();
        let names = Names::of(std::slice::from_ref(&self.player.reader().header().genesis));
        loop {
            interrupt.check()?;
            if args.to <= self.player.number() {
                break;
            }
            match self.player.advance() {
                Ok(Some(moment)) => {
                    if args.from <= moment.number {
                        write_moment(args, names, &moment, output).map_err(Output::failure)?;
                    }
                }
                Ok(None) => break,
                Err(PlayError::Log(error @ LogError::Damaged { .. })) => {
                    self.wait_or_fail(&error)?;
                    return Ok(before < self.player.number());
                }
                Err(error) => return Err(Failure::play(self.path, &error)),
            }
        }
        match self.player.reader().not_yet() {
            Some(LogError::Damaged { place, what }) => {
                let error = LogError::Damaged { place: *place, what: *what };
                self.wait_or_fail(&error)?;
            }
            Some(_) | None => self.trouble = None,
        }
        Ok(before < self.player.number())
    }

    /// Waits for what is wrong to become right, as long as anything changes.
    fn wait_or_fail(&mut self, error: &LogError) -> Result<(), Failure> {
        let bytes = std::fs::metadata(self.path).map_or(0, |file| file.len());
        let (what, tail) = (error.to_string(), self.tail.clone());
        let looks = match &self.trouble {
            Some(old) if (&old.what, old.bytes, &old.tail) == (&what, bytes, &tail) => {
                old.looks + 1
            }
            Some(_) | None => 1,
        };
        self.trouble = Some(Trouble { what, bytes, tail, looks });
        if looks < PATIENCE { Ok(()) } else { Err(Failure::log(self.path, error)) }
    }
}

fn identity(file: &File, path: &Path) -> Result<(u64, u64), Failure> {
    let file = file.metadata().map_err(|error| Failure::io(path, &error))?;
    Ok((file.dev(), file.ino()))
}
