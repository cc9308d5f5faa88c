//! A run carried out once more, against the log that it made.
//!
//! Whoever produces again what a log holds can go on from its end: agents of a fork, a training run that
//! was interrupted. [`Repeat`] is the venue for that. It answers out of the log, as long as it is asked
//! what the log says.

use std::io::Read;

use kernel::{Command, Decision, Engine, Event, Venue};

use crate::codec::CodecError;
use crate::entry::{Entry, Mark};
use crate::error::{LogError, PlayError};
use crate::player::Player;

/// Why a run is not what its log says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepeatError {
    /// The log cannot be read or played.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// The run does something else.
    #[error("entry {} of its log is not what happens now", .0.number)]
    Otherwise(Box<Otherwise>),
    /// The log ends earlier than the run.
    #[error("its log ends with entry {entries}, and the run goes on")]
    Short {
        /// Entries that there are.
        entries: u64,
    },
    /// The log goes on where the run ends.
    #[error("its log goes on behind entry {entries}, where the run ends")]
    Long {
        /// Entries that there should be.
        entries: u64,
    },
}

/// An entry that is made otherwise now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// Its number.
    pub number: u64,
    /// The step in which it stands.
    pub step: u64,
    /// What the log says.
    pub logged: Entry,
    /// What is made now.
    pub made: Entry,
}

/// A venue that answers out of a log.
#[derive(Debug)]
pub struct Repeat<'a, R> {
    player: &'a mut Player<R>,
    events: Vec<Event>,
}

impl<'a, R: Read> Repeat<'a, R> {
    /// A venue behind the entries that were played so far.
    pub const fn new(player: &'a mut Player<R>) -> Self {
        Self { player, events: Vec::new() }
    }

    /// What the kernel answered to the entry taken last.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How far the log was played.
    pub const fn player(&self) -> &Player<R> {
        self.player
    }

    /// Takes the next entry of the log, which must be this one.
    ///
    /// # Errors
    /// [`RepeatError`], but for [`RepeatError::Long`].
    pub fn expect(&mut self, made: &Entry) -> Result<(), RepeatError> {
        let Some(moment) = self.player.advance()? else {
            return Err(RepeatError::Short { entries: self.player.reader().entries() });
        };
        if moment.entry == made {
            self.events.clear();
            self.events.extend_from_slice(moment.events);
            return Ok(());
        }
        Err(RepeatError::Otherwise(Box::new(Otherwise {
            number: moment.number,
            step: moment.engine.step().0,
            logged: moment.entry.clone(),
            made: made.clone(),
        })))
    }

    /// Sees that the log has no further entry.
    ///
    /// # Errors
    /// [`RepeatError::Long`], [`RepeatError::Play`].
    pub fn expect_nothing(&mut self) -> Result<(), RepeatError> {
        match self.player.advance()? {
            None => Ok(()),
            Some(moment) => Err(RepeatError::Long { entries: moment.number - 1 }),
        }
    }
}

impl<R: Read> Venue for Repeat<'_, R> {
    type Error = RepeatError;

    fn submit(&mut self, command: Command) -> Result<&[Event], RepeatError> {
        self.expect(&Entry::Command(command))?;
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), RepeatError> {
        self.expect(&Entry::Decision(decision.into()))
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), RepeatError> {
        let unwritable = CodecError::Malformed("a mark cannot have this name");
        let mark = Mark::new(name, number)
            .map_err(|_| PlayError::Log(LogError::Unwritable(unwritable)))?;
        self.expect(&Entry::Mark(mark))
    }

    fn engine(&self) -> &Engine {
        self.player.engine()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Step, TimeNs};

    use super::*;
    use crate::{Genesis, ReadLimits, Reader, Recorder, SyncPolicy};

    const CLOCK: Command = Command::Clock { time: TimeNs(5), step: Step(1) };

    /// A clock and a mark, played to where the closure leads.
    fn repeat<T>(see: impl FnOnce(&mut Repeat<'_, &[u8]>) -> T) -> T {
        let genesis = Genesis::new(kernel::Genesis::open(), "test");
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None);
        let mut recorder = recorder.unwrap();
        recorder.submit(CLOCK).unwrap();
        Venue::mark(&mut recorder, "noon", 3).unwrap();
        recorder.sync().unwrap();
        let reader = Reader::open(&log[..], tail.clone(), ReadLimits::DEFAULT).unwrap();
        let mut player = Player::new(reader).unwrap();
        see(&mut Repeat::new(&mut player))
    }

    #[test]
    fn a_run_that_is_the_same_comes_to_the_end_of_its_log() {
        repeat(|venue| {
            assert_eq!(venue.submit(CLOCK).unwrap().len(), 1);
            assert!(matches!(venue.expect_nothing(), Err(RepeatError::Long { entries: 1 })));
        });
        repeat(|venue| {
            venue.submit(CLOCK).unwrap();
            venue.mark("noon", 3).unwrap();
            venue.expect_nothing().unwrap();
            assert_eq!(venue.engine().step(), Step(1));
            assert!(matches!(venue.mark("x", 1), Err(RepeatError::Short { entries: 2 })));
        });
    }

    #[test]
    fn what_is_made_otherwise_is_told() {
        repeat(|venue| {
            venue.submit(CLOCK).unwrap();
            let error = venue.mark("noon", 4).unwrap_err();
            let RepeatError::Otherwise(told) = error else { panic!("{error}") };
            let mark = |number| Entry::Mark(Mark::new("noon", number).unwrap());
            let expected = Otherwise { number: 2, step: 1, logged: mark(3), made: mark(4) };
            assert_eq!(*told, expected);
        });
        repeat(|venue| assert!(matches!(venue.mark("no mark", 1), Err(RepeatError::Play(_)))));
    }
}
