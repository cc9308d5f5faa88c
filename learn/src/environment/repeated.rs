//! What policies chose, as a market's log tells it.

use std::collections::VecDeque;
use std::io::Read;

use agents::learned::Choice;
use kernel::{ClientId, Command};
use replay::codec::decode_entry;
use replay::{Entry, LogError, Reader, RepeatError};

/// Why a market that was interrupted cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The market is not what its log says.
    #[error(transparent)]
    Repeat(#[from] RepeatError),
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
