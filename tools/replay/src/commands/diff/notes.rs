//! What is no order and no trade: decisions, marks, updates, changes of rules, auctions, halts.

use std::fmt;

use formats::render::rule_text;
use kernel::{Command, Event, RuleChange};
use replay::entry::DecisionEntry;
use replay::{Entry, MarkName};

use super::difference::{
    At, Clock, Count, Differences, Field, Finding, Subject, Which, clock_fields,
};
use super::waiting::Waiting;

/// By what notes of two logs belong together, the n-th of a key to the n-th.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NoteKey {
    Rule(&'static str),
    /// Whether a client is exempt.
    Exemption(u32),
    Mark(MarkName, u64),
    Update {
        learner: u32,
        number: u64,
    },
    Uncross,
    Halt,
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(name) => write!(f, "rule {name}"),
            Self::Exemption(client) => write!(f, "exemption of client {client}"),
            Self::Mark(name, number) => write!(f, "mark {name} {number}"),
            Self::Update { learner, number } => write!(f, "update {number} of learner {learner}"),
            Self::Uncross => f.write_str("auction"),
            Self::Halt => f.write_str("halt by the band"),
        }
    }
}

impl NoteKey {
    /// The key of what an entry notes.
    pub(super) fn of_entry(entry: &Entry) -> Option<Self> {
        match entry {
            Entry::Mark(mark) => Some(Self::Mark(mark.name.clone(), mark.number)),
            Entry::Update(update) => {
                Some(Self::Update { learner: update.learner, number: update.number })
            }
            Entry::Command(Command::SetRule(change)) => Some(Self::of_rule(change)),
            Entry::Command(_) | Entry::Decision(_) | Entry::End => None,
        }
    }

    /// The key of what an event tells of the whole market.
    pub(super) const fn of_event(event: &Event) -> Option<Self> {
        match event {
            Event::Uncrossed { .. } => Some(Self::Uncross),
            Event::BandHit { .. } => Some(Self::Halt),
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Traded { .. }
            | Event::Decremented { .. }
            | Event::Rested { .. }
            | Event::Refilled { .. }
            | Event::Triggered { .. }
            | Event::Cancelled { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::MassCancelled { .. }
            | Event::ClockMoved { .. }
            | Event::RuleChanged(_) => None,
        }
    }

    const fn of_rule(change: &RuleChange) -> Self {
        Self::Rule(match change {
            RuleChange::Tick(_) => "tick",
            RuleChange::Lot(_) => "lot",
            RuleChange::QtyMax(_) => "qty_max",
            RuleChange::PriceRange { .. } => "price_range",
            RuleChange::PositionMax(_) => "position_max",
            RuleChange::State(_) => "state",
            RuleChange::ShortBan(_) => "short_ban",
            RuleChange::Exempt { client, .. } => return Self::Exemption(client.0),
            RuleChange::Tax(_) => "tax",
            RuleChange::Fees { .. } => "fees",
            RuleChange::Band(_) => "band",
        })
    }
}

/// What an entry says under its key; empty where the key says it all.
pub(super) fn entry_value(entry: &Entry, events: &[Event]) -> String {
    match entry {
        Entry::Command(Command::SetRule(change)) => match events.first() {
            Some(Event::Rejected { reason, .. }) => {
                format!("{}, refused: {reason}", rule_text(change))
            }
            Some(_) | None => rule_text(change),
        },
        Entry::Update(update) => replay::Digest(update.digest).to_string(),
        Entry::Command(_) | Entry::Decision(_) | Entry::Mark(_) | Entry::End => String::new(),
    }
}

/// A note in one log.
#[derive(Clone, Debug)]
struct Note {
    at: At,
    value: String,
}

/// A decision in one log.
#[derive(Clone, Debug)]
struct Decided {
    at: At,
    decision: DecisionEntry,
}

/// Aligns them.
#[derive(Clone, Debug)]
pub(super) struct Notes {
    named: Waiting<NoteKey, Note>,
    /// By clock and agent.
    decisions: Waiting<(Clock, u32), Decided>,
    pub(super) counts: NoteCounts,
}

/// How many of each are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NoteCounts {
    pub(super) decisions: Count,
    pub(super) rules: Count,
    pub(super) marks: Count,
    pub(super) updates: Count,
    pub(super) auctions: Count,
    pub(super) halts: Count,
}

impl NoteCounts {
    pub(super) const fn of(&mut self, key: &NoteKey) -> &mut Count {
        match key {
            NoteKey::Rule(_) | NoteKey::Exemption(_) => &mut self.rules,
            NoteKey::Mark(..) => &mut self.marks,
            NoteKey::Update { .. } => &mut self.updates,
            NoteKey::Uncross => &mut self.auctions,
            NoteKey::Halt => &mut self.halts,
        }
    }
}

impl Notes {
    pub(super) fn new() -> Self {
        let counts = NoteCounts::default();
        Self { named: Waiting::new(), decisions: Waiting::new(), counts }
    }

    pub(super) fn note(
        &mut self,
        which: Which,
        (key, value): (NoteKey, String),
        at: At,
        differences: &mut Differences,
    ) {
        let Some([a, b]) = self.named.meet(key.clone(), which, Note { at, value }) else { return };
        let mut fields: Vec<Field> =
            Field::between("value", &a.value, &b.value).into_iter().collect();
        fields.extend(clock_fields(["step", "time_ns"], a.at.clock, b.at.clock));
        self.counts.of(&key).both(fields.is_empty());
        if !fields.is_empty() {
            let places = [Some(a.at), Some(b.at)];
            differences.add(places, || (Subject::Note(key), Finding::Fields(fields)));
        }
    }

    pub(super) fn decision(
        &mut self,
        which: Which,
        decision: &DecisionEntry,
        at: At,
        differences: &mut Differences,
    ) {
        let key = (at.clock, decision.agent);
        let decided = Decided { at, decision: decision.clone() };
        let Some([a, b]) = self.decisions.meet(key, which, decided) else { return };
        let is_equal = is_decided_alike(&a.decision, &b.decision);
        self.counts.decisions.both(is_equal);
        if !is_equal {
            differences.add([Some(a.at), Some(b.at)], || {
                let finding = Finding::Fields(decision_fields(&a.decision, &b.decision));
                (Subject::Decision { agent: decision.agent }, finding)
            });
        }
    }

    /// Both logs have passed every clock before this one.
    pub(super) fn pass(&mut self, clock: Clock, differences: &mut Differences) {
        for (_, which, decided) in self.decisions.take(..(clock, 0)) {
            self.only(which, &decided, differences);
        }
    }

    /// Both logs are at their end.
    pub(super) fn finish(&mut self, differences: &mut Differences) {
        for (_, which, decided) in self.decisions.take(..) {
            self.only(which, &decided, differences);
        }
        for (key, which, note) in self.named.take(..) {
            self.counts.of(&key).only[which.index()] += 1;
            differences.add(which.pair(Some(note.at), None), || {
                (Subject::Note(key), Finding::Only(which, note.value))
            });
        }
    }

    fn only(&mut self, which: Which, decided: &Decided, differences: &mut Differences) {
        self.counts.decisions.only[which.index()] += 1;
        let Decided { at, decision } = decided;
        differences.add(which.pair(Some(*at), None), || {
            let text = format!("policy {}, {}", decision.policy, action_text(&decision.action));
            (Subject::Decision { agent: decision.agent }, Finding::Only(which, text))
        });
    }
}

/// Whether two decisions are the same. The number of the first order is not asked: it is no part of
/// what was decided, and after one order more it differs for good.
fn is_decided_alike(a: &DecisionEntry, b: &DecisionEntry) -> bool {
    let rest = |it: &DecisionEntry| (it.policy, it.commands, it.observation);
    rest(a) == rest(b) && a.action == b.action
}

fn decision_fields(a: &DecisionEntry, b: &DecisionEntry) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    fields.extend(Field::between("policy", &a.policy, &b.policy));
    if a.action.len() == b.action.len() {
        for (place, (a, b)) in a.action.iter().zip(&b.action).enumerate() {
            fields.extend(Field::between(&format!("number {}", place + 1), a, b));
        }
    } else {
        fields.extend(Field::between("action", &action_text(&a.action), &action_text(&b.action)));
    }
    fields.extend(Field::between("commands", &a.commands, &b.commands));
    let seen = |decision: &DecisionEntry| {
        let text = |bytes: [u8; 8]| bytes.map(|byte| format!("{byte:02x}")).concat();
        decision.observation.map_or_else(|| "none".to_owned(), text)
    };
    fields.extend(Field::between("observation", &seen(a), &seen(b)));
    fields
}

fn action_text(action: &[i32]) -> String {
    let numbers: Vec<_> = action.iter().map(ToString::to_string).collect();
    format!("[{}]", numbers.join(" "))
}
