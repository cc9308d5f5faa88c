//! Counts what happened in a replay.

use kernel::{Command, Event};
use replay::{Entry, Moment};
use serde_json::{Value, json};

/// Counts of entries and events.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    commands: u64,
    pub(crate) places: u64,
    decisions: u64,
    marks: u64,
    pub(crate) rejected: u64,
    pub(crate) trades: u64,
    pub(crate) volume: u128,
    pub(crate) cancelled: u64,
}

impl Tally {
    pub(crate) fn observe(&mut self, moment: &Moment<'_>) {
        self.count(moment.entry, moment.events);
    }

    pub(crate) fn count(&mut self, entry: &Entry, events: &[Event]) {
        match entry {
            Entry::Command(command) => {
                self.commands += 1;
                self.places += u64::from(matches!(command, Command::Place(_)));
            }
            Entry::Decision(_) => self.decisions += 1,
            Entry::Mark(_) => self.marks += 1,
            Entry::Update(_) | Entry::End => {}
        }
        for event in events {
            match event {
                Event::Rejected { .. } => self.rejected += 1,
                Event::Traded { qty, .. } => {
                    self.trades += 1;
                    self.volume += u128::from(qty.lots());
                }
                Event::Cancelled { .. } => self.cancelled += 1,
                Event::Accepted { .. }
                | Event::Decremented { .. }
                | Event::Rested { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
    }

    pub(crate) fn rows(&self) -> [(&'static str, String); 4] {
        let Self { commands, places, decisions, marks, rejected, trades, volume, cancelled } = self;
        [
            ("commands", format!("{commands} ({places} orders, {rejected} rejected)")),
            ("decisions", decisions.to_string()),
            ("marks", marks.to_string()),
            ("trades", format!("{trades} ({volume} lots); {cancelled} orders cancelled")),
        ]
    }

    pub(crate) fn json(&self) -> Value {
        let volume = u64::try_from(self.volume).unwrap_or(u64::MAX);
        json!({
            "commands": self.commands,
            "orders": self.places,
            "decisions": self.decisions,
            "marks": self.marks,
            "rejected": self.rejected,
            "trades": self.trades,
            "volume": volume,
            "cancelled": self.cancelled,
        })
    }
}
