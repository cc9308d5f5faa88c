//! The seam: the one trait through which producers reach a market, logged or not.

use alloc::vec::Vec;

use crate::command::Command;
use crate::decision::Decision;
use crate::engine::Engine;
use crate::event::Event;

/// A market that takes commands. Implemented by the bare [`Unlogged`] kernel and by the recorder
/// of the log crate, so that a producer does not know whether it is recorded.
pub trait Venue {
    /// Why a command could not be taken; `Infallible` for the bare kernel.
    type Error;

    /// Carries a command out and returns its events, valid until the next call.
    ///
    /// # Errors
    /// When the command could not be recorded. It has then not been carried out.
    fn submit(&mut self, command: Command) -> Result<&[Event], Self::Error>;

    /// Notes a decision ahead of the commands that it causes.
    ///
    /// # Errors
    /// When the decision could not be recorded.
    fn note(&mut self, decision: Decision<'_>) -> Result<(), Self::Error>;

    /// Marks this moment by a name, 1 to 64 characters of `A-Z a-z 0-9 - _ .`, and a number for
    /// names that come more than once.
    ///
    /// # Errors
    /// When the mark could not be recorded.
    fn mark(&mut self, name: &str, number: u64) -> Result<(), Self::Error>;

    /// The state after the last command.
    fn engine(&self) -> &Engine;
}

/// The kernel without a log.
#[derive(Clone, Debug)]
pub struct Unlogged {
    engine: Engine,
    events: Vec<Event>,
}

impl Unlogged {
    /// A venue over this engine.
    pub const fn new(engine: Engine) -> Self {
        Self { engine, events: Vec::new() }
    }
}

impl Venue for Unlogged {
    type Error = core::convert::Infallible;

    fn submit(&mut self, command: Command) -> Result<&[Event], Self::Error> {
        self.events.clear();
        self.engine.apply(&command, &mut self.events);
        Ok(&self.events)
    }

    fn note(&mut self, _: Decision<'_>) -> Result<(), Self::Error> {
        Ok(())
    }

    fn mark(&mut self, _: &str, _: u64) -> Result<(), Self::Error> {
        Ok(())
    }

    fn engine(&self) -> &Engine {
        &self.engine
    }
}
