//! A short market with something of everything that a query can ask about, made once.

use kernel::{
    ClientId, Command, Engine, Event, Genesis, OrderKind, Place, Price, Qty, Reference, RuleChange,
    SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use replay::entry::DecisionEntry;
use replay::{Entry, Mark, Moment};

/// A market's entries, with the events and the state behind each.
#[derive(Debug)]
pub(crate) struct History {
    /// The market before the first entry.
    pub(crate) start: Engine,
    entries: Vec<(Entry, Vec<Event>, Engine)>,
}

impl History {
    /// What an observer of a replay sees, but for the end of blocks.
    pub(crate) fn moments(&self) -> impl Iterator<Item = Moment<'_>> {
        (1..).zip(&self.entries).map(|(number, (entry, events, engine))| Moment {
            number,
            entry,
            events,
            engine,
            closes: None,
        })
    }
}

/// Lends the history.
pub(crate) fn with_history(run: impl FnOnce(&History)) {
    thread_local! {
        static HISTORY: History = record();
    }
    HISTORY.with(run);
}

fn record() -> History {
    let Ok(start) = Engine::new(&Genesis::open()) else { panic!("the open market is a genesis") };
    let (mut engine, mut history) = (start.clone(), Vec::new());
    for entry in (0..64).flat_map(entries) {
        let mut events = Vec::new();
        if let Entry::Command(command) = &entry {
            engine.apply(command, &mut events);
        }
        history.push((entry, events, engine.clone()));
    }
    History { start, entries: history }
}

fn entries(number: u32) -> [Entry; 2] {
    let side = if number.is_multiple_of(3) { Side::Sell } else { Side::Buy };
    let place = Command::Place(Place {
        client: ClientId(number % 5),
        reference: Reference(number.into()),
        side,
        qty: Qty::new(1 + number % 7).unwrap(),
        kind: OrderKind::Limit { price: Price::new(95 + number % 11).unwrap(), post_only: false },
        tif: TimeInForce::Gtc,
        display: None,
        stop: (number % 13 == 5).then(|| Price::new(102).unwrap()),
        self_trade: if number.is_multiple_of(4) { SelfTrade::Decrement } else { SelfTrade::Allow },
    });
    let aside = match number % 8 {
        0 => Entry::Mark(Mark {
            name: if number < 30 { "a" } else { "crash" }.parse().unwrap(),
            number: number.into(),
        }),
        1 => Entry::Command(Command::Clock {
            time: TimeNs(u64::from(number) * 1_000_000_000),
            step: Step(number.into()),
        }),
        2 => Entry::Command(Command::SetRule(RuleChange::Tax(number))),
        3 => Entry::Command(Command::MassCancel { client: ClientId(number % 5) }),
        6 => Entry::Command(Command::SetRule(RuleChange::ShortBan(number % 16 == 6))),
        _ => Entry::Decision(DecisionEntry {
            agent: number % 4,
            policy: 1,
            action: vec![1],
            first_reference: Reference(number.into()),
            commands: 1,
            observation: None,
        }),
    };
    [aside, Entry::Command(place)]
}
