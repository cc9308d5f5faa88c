//! An entry and what stands beside it: the decision that caused it, marks and rules of its moment.

use std::cell::OnceCell;
use std::rc::Rc;

use kernel::{ClientId, Command, Event, OrderId, Side};
use replay::{Entry, Moment};

use super::super::names::client_of;
use super::graph::{Sight, Told};

/// Marks and changes of rules that are kept of one moment.
const NOTES_MAX: usize = 8;
/// Orders of other commands that are kept of one entry.
const OTHERS_MAX: usize = 16;
/// Marks that only number the rows of an imported file.
const ROWS: &str = "row";

/// What the entries passed so far mean for the next one.
#[derive(Debug)]
pub(super) struct Beside {
    /// The decision whose commands come now, and how many of them are still to come.
    decision: Option<(Rc<Told>, u32)>,
    /// Since the clock moved.
    notes: Vec<Rc<Told>>,
    /// Whether the moment has been seen from its beginning.
    is_whole: bool,
}

/// An entry that is being looked at.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) moment: &'a Moment<'a>,
    decision: Option<Rc<Told>>,
    notes: &'a [Rc<Told>],
    /// Whether all is known that stands beside it.
    pub(super) is_whole: bool,
    told: OnceCell<Rc<Told>>,
}

impl Seen<'_> {
    /// The entry, as a node of the graph keeps it.
    pub(super) fn told(&self) -> Rc<Told> {
        let make = || {
            let mut told = plain(self.moment);
            told.decision.clone_from(&self.decision);
            told.notes = self.notes.to_vec();
            Rc::new(told)
        };
        Rc::clone(self.told.get_or_init(make))
    }

    /// Whether the entry is a mark or an accepted change of a rule that belongs into a chain.
    pub(super) fn is_note(&self) -> bool {
        is_note(self.moment)
    }
}

impl Beside {
    /// * `is_whole` - whether the next entry begins a moment, or the log.
    pub(super) const fn new(is_whole: bool) -> Self {
        Self { decision: None, notes: Vec::new(), is_whole }
    }

    /// Shows the next entry together with what stands beside it, and goes past it.
    pub(super) fn pass<T>(&mut self, moment: &Moment<'_>, see: impl FnOnce(&Seen<'_>) -> T) -> T {
        if matches!(moment.entry, Entry::Command(Command::Clock { .. })) {
            *self = Self::new(true);
        }
        let decision = self.cause(moment.entry);
        let (notes, is_whole) = (&self.notes[..], self.is_whole);
        let seen = Seen { moment, decision, notes, is_whole, told: OnceCell::new() };
        let answer = see(&seen);
        match moment.entry {
            Entry::Decision(decision) if 0 < decision.commands => {
                self.decision = Some((Rc::new(plain(moment)), decision.commands));
            }
            Entry::Command(_)
            | Entry::Decision(_)
            | Entry::Mark(_)
            | Entry::Update(_)
            | Entry::End => {}
        }
        if is_note(moment) {
            if NOTES_MAX <= self.notes.len() {
                self.notes.remove(0);
            }
            self.notes.push(Rc::new(plain(moment)));
        }
        answer
    }

    /// The decision that caused an entry. The clock ends it: a filtered log may hold a decision without
    /// its commands, and the next ones are not its.
    fn cause(&mut self, entry: &Entry) -> Option<Rc<Told>> {
        let Entry::Command(command) = entry else { return None };
        let (decision, left) = self.decision.as_mut()?;
        let told = Rc::clone(decision);
        *left -= 1;
        if *left == 0 {
            self.decision = None;
        }
        let Entry::Decision(decided) = &told.entry else { return None };
        let is_its = client_of(command).is_none_or(|client| client.0 == decided.agent);
        is_its.then_some(told)
    }
}

fn is_refused(events: &[Event]) -> bool {
    matches!(events.first(), Some(Event::Rejected { .. }))
}

fn is_note(moment: &Moment<'_>) -> bool {
    match moment.entry {
        Entry::Mark(mark) => mark.name.as_str() != ROWS,
        Entry::Command(Command::SetRule(_)) => !is_refused(moment.events),
        Entry::Command(_) | Entry::Decision(_) | Entry::Update(_) | Entry::End => false,
    }
}

/// An entry without what stands beside it.
fn plain(moment: &Moment<'_>) -> Told {
    let Moment { number, entry, events, engine, .. } = *moment;
    let seer = match entry {
        Entry::Decision(decision) => Some(ClientId(decision.agent)),
        // What was refused has changed nothing: the market is still the one that refused it.
        Entry::Command(command) if is_refused(events) => client_of(command),
        Entry::Command(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => None,
    };
    let sight = seer.map(|client| Sight {
        bid: engine.best(Side::Buy),
        ask: engine.best(Side::Sell),
        position: engine.account(client).position,
    });
    Told {
        number,
        entry: entry.clone(),
        clock: (engine.time().0, engine.step().0),
        sight,
        decision: None,
        notes: Vec::new(),
        answer: events.first().copied(),
        others: others(events),
    }
}

/// Takers of an entry that its command did not bring.
fn others(events: &[Event]) -> Vec<OrderId> {
    let own = match events.first() {
        Some(Event::Accepted { order, .. } | Event::Replaced { order, .. }) => Some(*order),
        Some(_) | None => None,
    };
    let mut others = Vec::new();
    for event in events {
        if let Event::Traded { taker, .. } | Event::Decremented { taker, .. } = event
            && Some(*taker) != own
            && !others.contains(taker)
            && others.len() < OTHERS_MAX
        {
            others.push(*taker);
        }
    }
    others
}
