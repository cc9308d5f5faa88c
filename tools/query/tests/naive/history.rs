//! All that has happened, kept as it came.

use kernel::{ClientId, Engine, Event, Price, Qty, Side};
use replay::{Entry, MarkName, Moment};

/// Every entry with its events.
#[derive(Default)]
pub(crate) struct History {
    entries: Vec<(Entry, Vec<Event>)>,
    /// The market behind the first mark of each name, and how many entries there were.
    marks: Vec<(MarkName, usize, Engine)>,
}

/// A trade.
#[derive(Clone, Copy)]
pub(crate) struct Trade {
    pub(crate) maker: ClientId,
    pub(crate) taker: ClientId,
    pub(crate) side: Side,
    pub(crate) price: Price,
    pub(crate) qty: Qty,
}

impl History {
    pub(crate) fn add(&mut self, moment: &Moment<'_>) {
        self.entries.push((moment.entry.clone(), moment.events.to_vec()));
        if let Entry::Mark(mark) = moment.entry
            && self.marks.iter().all(|(name, ..)| *name != mark.name)
        {
            self.marks.push((mark.name.clone(), self.entries.len(), moment.engine.clone()));
        }
    }

    /// What there was behind the first mark of a name.
    pub(crate) fn at_first(&self, name: &str) -> Option<(Self, &Engine)> {
        let first = self.marks.iter().find(|(mark, ..)| mark.as_str() == name);
        let (_, entries, engine) = first?;
        let marks = self.marks.iter().filter(|(_, before, _)| before <= entries);
        let history =
            Self { entries: self.entries[..*entries].to_vec(), marks: marks.cloned().collect() };
        Some((history, engine))
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    pub(crate) fn last(&self) -> Option<&Entry> {
        self.entries.last().map(|(entry, _)| entry)
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.entries.iter().flat_map(|(_, events)| events)
    }

    pub(crate) fn trades(&self) -> impl Iterator<Item = Trade> {
        self.events().filter_map(trade)
    }

    /// Trades of the last entry.
    pub(crate) fn trades_of_last(&self) -> impl Iterator<Item = Trade> {
        self.entries.last().into_iter().flat_map(|(_, events)| events.iter().filter_map(trade))
    }
}

fn trade(event: &Event) -> Option<Trade> {
    if let Event::Traded { maker_client, taker_client, taker_side, price, qty, .. } = *event {
        return Some(Trade {
            maker: maker_client,
            taker: taker_client,
            side: taker_side,
            price,
            qty,
        });
    }
    None
}
