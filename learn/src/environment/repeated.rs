//! A market carried out once more, against its log.

use std::collections::VecDeque;
use std::io::Read;

use agents::learned::Choice;
use kernel::{ClientId, Command, Decision, Engine, Event, Venue};
use replay::codec::decode_entry;
use replay::entry::DecisionEntry;
use replay::{Entry, LogError, Mark, PlayError, Player, Reader};

/// Why a market cannot be carried out as its log says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepeatError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The log cannot be played.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// The log says something else.
    #[error("entry {number} of its log is not what happens now")]
    Otherwise {
        /// Number of the entry.
        number: u64,
    },
    /// The log ends earlier.
    #[error("its log ends with entry {entries}, before the steps that it should hold")]
    Short {
        /// Entries that there are.
        entries: u64,
    },
    /// The log goes on.
    #[error("its log goes on behind entry {entries}, where it should end")]
    Long {
        /// Entries that there should be.
        entries: u64,
    },
    /// The log cannot be continued.
    #[error("{0}")]
    Recorder(String),
}

/// Choices that a market log tells, step by step.
#[derive(Debug)]
pub struct Told<R> {
    reader: Reader<R>,
    /// Entries of the block that is being read.
    entries: VecDeque<Entry>,
}

/// What policies chose in one step.
#[derive(Clone, Debug, Default)]
pub struct StepTold(Vec<(ClientId, Choice)>);

impl StepTold {
    /// What was chosen for an agent; `None` if it did not look at the market.
    pub fn of(&self, client: ClientId) -> Option<Choice> {
        self.0.iter().find(|(of, _)| *of == client).map(|(_, choice)| *choice)
    }
}

impl<R: Read> Told<R> {
    /// Reads a log from its first entry on.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn new(reader: Reader<R>) -> Result<Self, LogError> {
        let mut told = Self { reader, entries: VecDeque::new() };
        // Up to the clock of the first step nobody has chosen.
        told.next_step()?;
        Ok(told)
    }

    /// The choices of the next step; none where the log has ended.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn next_step(&mut self) -> Result<StepTold, LogError> {
        let mut step = StepTold::default();
        while let Some(entry) = self.next_entry()? {
            match entry {
                Entry::Command(Command::Clock { .. }) => break,
                Entry::Decision(decision) => {
                    let Some(observation) = decision.observation else { continue };
                    let mut choice = Choice { observation, ..Choice::default() };
                    for (head, index) in choice.heads.iter_mut().zip(&decision.action) {
                        *head = u8::try_from(*index).unwrap_or(u8::MAX);
                    }
                    step.0.push((ClientId(decision.agent), choice));
                }
                Entry::Command(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {}
            }
        }
        Ok(step)
    }

    fn next_entry(&mut self) -> Result<Option<Entry>, LogError> {
        if self.entries.is_empty() {
            let Some(block) = self.reader.next_block()? else { return Ok(None) };
            let mut rest = block.payload();
            while let Ok((entry, used)) = decode_entry(rest) {
                self.entries.push_back(entry);
                rest = rest.split_at(used).1;
            }
        }
        Ok(self.entries.pop_front())
    }
}

/// A venue that answers out of a log, as long as it is asked what the log says.
pub(super) struct Repeated<'a, R> {
    played: &'a mut Player<R>,
    events: Vec<Event>,
}

impl<'a, R: Read> Repeated<'a, R> {
    pub(super) const fn new(played: &'a mut Player<R>) -> Self {
        Self { played, events: Vec::new() }
    }

    fn expect(&mut self, made: &Entry) -> Result<(), RepeatError> {
        let Some(moment) = self.played.advance()? else {
            return Err(RepeatError::Short { entries: self.played.reader().entries() });
        };
        if moment.entry != made {
            return Err(RepeatError::Otherwise { number: moment.number });
        }
        self.events.clear();
        self.events.extend_from_slice(moment.events);
        Ok(())
    }

    /// Whether the log has ended.
    pub(super) fn expect_end(&mut self) -> Result<(), RepeatError> {
        match self.played.advance()? {
            None => Ok(()),
            Some(moment) => Err(RepeatError::Long { entries: moment.number - 1 }),
        }
    }
}

impl<R: Read> Venue for Repeated<'_, R> {
    type Error = RepeatError;

    fn submit(&mut self, command: Command) -> Result<&[Event], RepeatError> {
        self.expect(&Entry::Command(command))?;
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), RepeatError> {
        self.expect(&Entry::Decision(DecisionEntry {
            agent: decision.agent,
            policy: decision.policy,
            action: decision.action.to_vec(),
            first_reference: decision.first_reference,
            commands: decision.commands,
            observation: decision.observation,
        }))
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), RepeatError> {
        let Ok(name) = name.parse() else { unreachable!("a schedule checks its names") };
        self.expect(&Entry::Mark(Mark { name, number }))
    }

    fn engine(&self) -> &Engine {
        self.played.engine()
    }
}
