//! A venue under a watch.

use kernel::{Command, Decision, Engine, Event, Venue};

use super::Watch;
use crate::adversarial::{Game, Reactions};
use crate::stats::Observer as _;

/// A venue that shows a [`Watch`] all that a log of it would hold.
#[derive(Clone, Debug)]
pub struct Watched<V> {
    venue: V,
    /// What it saw.
    pub watch: Watch,
    events: Vec<Event>,
}

impl<V: Venue> Watched<V> {
    /// Watches a venue from now on.
    pub const fn new(venue: V, watch: Watch) -> Self {
        Self { venue, watch, events: Vec::new() }
    }

    /// The venue.
    pub fn into_inner(self) -> V {
        self.venue
    }
}

impl<V: Venue> Venue for Watched<V> {
    type Error = V::Error;

    fn submit(&mut self, command: Command) -> Result<&[Event], Self::Error> {
        self.events.clear();
        self.events.extend_from_slice(self.venue.submit(command)?);
        self.watch.applied(&command, &self.events, self.venue.engine());
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Self::Error> {
        self.venue.note(decision)?;
        self.watch.decision(&decision);
        Ok(())
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), Self::Error> {
        self.venue.mark(name, number)?;
        self.watch.mark(name, number, self.venue.engine());
        Ok(())
    }

    fn engine(&self) -> &Engine {
        self.venue.engine()
    }
}

/// Carries out a game's next episode, of this type, by the rules alone.
///
/// # Errors
/// The venue's; the game has then stopped in the middle of the episode and cannot go on.
pub fn play<V: Venue>(game: &mut Game, venue: &mut V, is_informed: bool) -> Result<(), V::Error> {
    game.begin(venue, Some(is_informed))?;
    for _ in 0..game.settings().steps() {
        game.arrive(venue, None)?;
        game.react(venue, &Reactions::default())?;
    }
    game.close(venue)
}
