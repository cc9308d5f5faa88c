//! What is counted from the start of a log.

use kernel::{Command, Event};
use replay::{Entry, Moment};

/// How often things have happened since the start of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Trades.
    pub trades: u64,
    /// Lots traded.
    pub volume: u128,
    /// Place commands, refused ones included: what [`Engine::placed`](kernel::Engine::placed) says
    /// at any moment, so that no query needs it from here.
    pub placed: u64,
    /// Orders whose open quantity was cancelled, for any reason: `Cancelled` events.
    pub cancelled: u64,
    /// Commands refused, of any kind.
    pub rejected: u64,
}

impl Counters {
    /// Counts what one entry did. To be called once for each entry, in any order.
    pub fn count(&mut self, moment: &Moment<'_>) {
        let places = matches!(moment.entry, Entry::Command(Command::Place(_)));
        self.placed = self.placed.saturating_add(places.into());
        for event in moment.events {
            match event {
                Event::Traded { qty, .. } => {
                    self.trades = self.trades.saturating_add(1);
                    self.volume = self.volume.saturating_add(qty.lots().into());
                }
                Event::Cancelled { .. } => self.cancelled = self.cancelled.saturating_add(1),
                Event::Rejected { .. } => self.rejected = self.rejected.saturating_add(1),
                Event::Accepted { .. }
                | Event::Decremented { .. }
                | Event::Rested { .. }
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
    }
}
