//! Aligns what happens in two logs by client, reference and step.
//!
//! As long as both logs are equal an order is followed once. Behind that, what one log has waits
//! until the other has it too, so memory follows what is not matched.

use std::collections::BTreeMap;

use kernel::{Command, Event, OrderId, Price, Qty, Side};
use replay::{Entry, Moment};

use super::difference::{
    At, Clock, Count, Differences, Field, Finding, OrderName, Subject, Which, clock_fields,
};
use super::notes::{NoteCounts, NoteKey, Notes, entry_value};
use super::orders::{Change, Life, Pair, Verdict, changes};
use super::waiting::Waiting;

/// An entry, what the kernel answered, and the clock after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) number: u64,
    pub(super) entry: &'a Entry,
    pub(super) events: &'a [Event],
    pub(super) clock: Clock,
}

impl<'a> Seen<'a> {
    pub(super) fn of(moment: &Moment<'a>) -> Self {
        let Moment { number, entry, events, engine, .. } = *moment;
        Self { number, entry, events, clock: (engine.time().0, engine.step().0) }
    }
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) orders: Count,
    pub(super) trades: Count,
    pub(super) cancels: Count,
    pub(super) notes: NoteCounts,
}

/// A trade in one log.
#[derive(Clone, Debug)]
struct Fill {
    at: At,
    taker: OrderName,
    maker: OrderName,
    side: Side,
    price: Price,
    qty: Qty,
}

/// Where a log's clock moved last.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    clock: Clock,
    entry: u64,
}

/// Number of an order in both logs, in the order in which they were met: no two have one.
type PairId = u64;

/// Where an order of both logs is kept, as long as it is.
type Place = usize;

/// Orders of both logs, each where it stays.
#[derive(Clone, Debug, Default)]
struct Pairs {
    places: Vec<Option<(PairId, Pair)>>,
    free: Vec<Place>,
    /// How many there ever were.
    met: PairId,
}

impl Pairs {
    fn add(&mut self, pair: Pair) -> Place {
        self.met += 1;
        let named = Some((self.met, pair));
        if let Some(place) = self.free.pop() {
            self.places[place] = named;
            return place;
        }
        self.places.push(named);
        self.places.len() - 1
    }

    /// Where the next one will be.
    fn next(&self) -> Place {
        self.free.last().copied().unwrap_or(self.places.len())
    }

    fn get_mut(&mut self, place: Place) -> Option<&mut Pair> {
        self.places.get_mut(place)?.as_mut().map(|(_, pair)| pair)
    }

    fn id(&self, place: Place) -> Option<PairId> {
        self.places.get(place)?.as_ref().map(|(id, _)| *id)
    }

    fn remove(&mut self, place: Place) -> Option<(PairId, Pair)> {
        let removed = self.places.get_mut(place)?.take()?;
        self.free.push(place);
        Some(removed)
    }
}

/// Aligns two logs.
#[derive(Clone, Debug)]
pub(super) struct Aligner {
    /// Live orders of the common past.
    common: BTreeMap<OrderId, Life>,
    pairs: Pairs,
    /// Of each log.
    live: [BTreeMap<OrderId, Place>; 2],
    /// The live order of each log that was looked for last: most events follow another of their order.
    last: [Option<(OrderId, Place)>; 2],
    moved: [Moved; 2],
    orders: Waiting<OrderName, Place>,
    /// By taker and maker.
    trades: Waiting<(PairId, PairId), Fill>,
    notes: Notes,
    counts: Counts,
    differences: Differences,
}

impl Aligner {
    /// An aligner ahead of both logs that keeps so many differences.
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self {
            common: BTreeMap::new(),
            pairs: Pairs::default(),
            live: [BTreeMap::new(), BTreeMap::new()],
            last: [None; 2],
            moved: [Moved::default(); 2],
            orders: Waiting::new(),
            trades: Waiting::new(),
            notes: Notes::new(),
            counts: Counts::default(),
            differences: Differences::new(limit),
        }
    }

    /// An entry that both logs have and that does the same in both. Not once they have parted.
    pub(super) fn common(&mut self, seen: &Seen<'_>) {
        let at = self.at(Which::A, seen);
        self.moved[Which::B.index()] = self.moved[Which::A.index()];
        if let Entry::Decision(_) = seen.entry {
            self.notes.counts.decisions.equal += 1;
        } else if let Some(key) = NoteKey::of_entry(seen.entry) {
            self.notes.counts.of(&key).equal += 1;
        }
        if let Some((order, life)) = placed(seen, at) {
            if life.is_ended() {
                self.counts.orders.equal += 1;
            } else {
                self.common.insert(order, life);
            }
        }
        for event in seen.events {
            self.counts.trades.equal += u64::from(matches!(event, Event::Traded { .. }));
            self.counts.cancels.equal += u64::from(matches!(event, Event::Cancelled { .. }));
            if let Some(key) = NoteKey::of_event(event) {
                self.notes.counts.of(&key).equal += 1;
            }
            if let Some((order, price)) = rested(event)
                && let Some(life) = self.common.get_mut(&order)
            {
                life.rest(price);
            }
            for (order, what) in changes(event).into_iter().flatten() {
                let Some(life) = self.common.get_mut(&order) else { continue };
                life.take(&Change { at, what });
                if life.is_ended() {
                    self.common.remove(&order);
                    self.counts.orders.equal += 1;
                }
            }
        }
    }

    /// From now on each log goes its own way.
    pub(super) fn part(&mut self) {
        for (order, life) in std::mem::take(&mut self.common) {
            let place = self.pairs.add(Pair::common(life));
            for live in &mut self.live {
                live.insert(order, place);
            }
        }
    }

    /// An entry of one log. The other has passed every earlier clock.
    pub(super) fn take(&mut self, which: Which, seen: &Seen<'_>) {
        let at = self.at(which, seen);
        if let Entry::Decision(decision) = seen.entry {
            self.notes.decision(which, decision, at, &mut self.differences);
        } else if let Some(key) = NoteKey::of_entry(seen.entry) {
            let note = (key, entry_value(seen.entry, seen.events));
            self.notes.note(which, note, at, &mut self.differences);
        }
        if let Some((order, life)) = placed(seen, at) {
            self.place(which, order, life);
        }
        for event in seen.events {
            self.event(which, event, at);
        }
    }

    /// Both logs are at their end.
    pub(super) fn finish(mut self) -> (Counts, Differences) {
        self.part();
        for place in 0..self.pairs.places.len() {
            self.settle(place);
        }
        self.notes.finish(&mut self.differences);
        self.counts.notes = self.notes.counts;
        (self.counts, self.differences)
    }

    /// Where an entry stands.
    fn at(&mut self, which: Which, seen: &Seen<'_>) -> At {
        let moved = &mut self.moved[which.index()];
        if moved.clock != seen.clock {
            *moved = Moved { clock: seen.clock, entry: seen.number };
            self.notes.pass(seen.clock, &mut self.differences);
        }
        let place = seen.number.saturating_sub(moved.entry);
        At { clock: seen.clock, place, entry: seen.number }
    }

    fn place(&mut self, which: Which, order: OrderId, life: Life) {
        let is_ended = life.is_ended();
        let place = match self.orders.meet(life.name(), which, self.pairs.next()) {
            None => self.pairs.add(Pair::one(which, life)),
            Some(both) => {
                let place = both[which.other().index()];
                if let Some(pair) = self.pairs.get_mut(place) {
                    pair.lives[which.index()] = Some(life);
                }
                place
            }
        };
        if is_ended {
            self.settle_if_over(place);
        } else {
            self.live[which.index()].insert(order, place);
            self.last[which.index()] = Some((order, place));
        }
    }

    /// Where a live order of a log is kept.
    fn find(&mut self, which: Which, order: OrderId) -> Option<Place> {
        let last = &mut self.last[which.index()];
        if let Some((_, place)) = last.filter(|(known, _)| *known == order) {
            return Some(place);
        }
        let place = *self.live[which.index()].get(&order)?;
        *last = Some((order, place));
        Some(place)
    }

    fn event(&mut self, which: Which, event: &Event, at: At) {
        if let Some(key) = NoteKey::of_event(event) {
            let note = (key, formats::render::event_text(event));
            self.notes.note(which, note, at, &mut self.differences);
        }
        if let Event::Traded { .. } = event {
            self.trade(which, event, at);
        }
        if let Some((order, price)) = rested(event)
            && let Some(place) = self.find(which, order)
            && let Some(life) = self.pairs.get_mut(place).and_then(|pair| pair.life_mut(which))
        {
            life.rest(price);
        }
        for (order, what) in changes(event).into_iter().flatten() {
            let Some(place) = self.find(which, order) else { continue };
            let Some(pair) = self.pairs.get_mut(place) else { continue };
            pair.take(which, &Change { at, what });
            if pair.life_mut(which).is_some_and(|life| life.is_ended()) {
                self.live[which.index()].remove(&order);
                self.last[which.index()] = None;
                self.settle_if_over(place);
            }
        }
    }

    fn trade(&mut self, which: Which, event: &Event, at: At) {
        let &Event::Traded {
            maker,
            taker,
            maker_client,
            taker_client,
            maker_reference,
            taker_reference,
            taker_side: side,
            price,
            qty,
        } = event
        else {
            return;
        };
        let (Some(maker), Some(taker)) = (self.find(which, maker), self.find(which, taker)) else {
            return;
        };
        if let Some(pair) = self.pairs.get_mut(taker) {
            pair.has_taken = true;
        }
        let (Some(maker), Some(taker)) = (self.pairs.id(maker), self.pairs.id(taker)) else {
            return;
        };
        let (taker_name, maker_name) =
            ((taker_client, taker_reference), (maker_client, maker_reference));
        let fill = Fill { at, taker: taker_name, maker: maker_name, side, price, qty };
        let Some([a, b]) = self.trades.meet((taker, maker), which, fill) else { return };
        let mut fields = Vec::new();
        fields.extend(Field::between("side", &a.side, &b.side));
        fields.extend(Field::between("price", &a.price, &b.price));
        fields.extend(Field::between("qty", &a.qty, &b.qty));
        fields.extend(clock_fields(["step", "time_ns"], a.at.clock, b.at.clock));
        self.counts.trades.both(fields.is_empty());
        if !fields.is_empty() {
            self.differences
                .add([Some(a.at), Some(b.at)], || (a.subject(), Finding::Fields(fields)));
        }
    }

    fn settle_if_over(&mut self, place: Place) {
        if self.pairs.get_mut(place).is_some_and(|pair| pair.is_over()) {
            self.settle(place);
        }
    }

    /// Nothing can happen to an order any more: counts it, its cancel, and the trades that it took
    /// in one log only.
    fn settle(&mut self, place: Place) {
        let Some((id, mut pair)) = self.pairs.remove(place) else { return };
        let fills =
            if pair.has_taken { self.trades.take((id, 0)..=(id, PairId::MAX)) } else { Vec::new() };
        for (_, which, fill) in fills {
            self.counts.trades.only[which.index()] += 1;
            self.differences.add(which.pair(Some(fill.at), None), || {
                (fill.subject(), Finding::Only(which, fill.text()))
            });
        }
        match pair.verdict() {
            Verdict::Equal(life) => {
                self.counts.orders.equal += 1;
                self.counts.cancels.equal += u64::from(life.cancel().is_some());
            }
            Verdict::Only(which, life) => {
                self.counts.orders.only[which.index()] += 1;
                let cancels = &mut self.counts.cancels.only[which.index()];
                *cancels += u64::from(life.cancel().is_some());
                self.differences.add(which.pair(Some(life.placed()), None), || {
                    (Subject::Order(life.name()), Finding::Only(which, life.text()))
                });
            }
            Verdict::Different(different) => {
                self.counts.orders.different += 1;
                count_cancels(&mut self.counts.cancels, different.lives);
                self.differences.add(different.places, || {
                    let [a, _] = different.lives;
                    (Subject::Order(a.name()), different.finding())
                });
            }
        }
    }
}

fn count_cancels(count: &mut Count, lives: [&Life; 2]) {
    match lives.map(Life::cancel) {
        [Some((a_at, a_qty, a_reason)), Some((b_at, b_qty, b_reason))] => {
            count.both((a_at.clock, a_qty, a_reason) == (b_at.clock, b_qty, b_reason));
        }
        [Some(_), None] => count.only[Which::A.index()] += 1,
        [None, Some(_)] => count.only[Which::B.index()] += 1,
        [None, None] => {}
    }
}

/// The order that an entry places, refused or not.
fn placed(seen: &Seen<'_>, at: At) -> Option<(OrderId, Life)> {
    let Entry::Command(Command::Place(place)) = seen.entry else { return None };
    let place = *place;
    let first = *seen.events.first()?;
    if let Event::Rejected { order, reason } = first {
        return Some((order?, Life::refused(place, at, reason)));
    }
    if let Event::Accepted { order, .. } = first {
        Some((order, Life::new(place, at)))
    } else {
        None
    }
}

/// The order that an event brings to rest, and its price.
const fn rested(event: &Event) -> Option<(OrderId, Price)> {
    if let Event::Rested { order, price, .. } = *event { Some((order, price)) } else { None }
}

impl Fill {
    const fn subject(&self) -> Subject {
        Subject::Trade { taker: self.taker, maker: self.maker }
    }

    fn text(&self) -> String {
        format!("{} {} @ {}", self.side, self.qty, self.price)
    }
}
