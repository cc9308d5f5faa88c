//! Why a price level is what it is: who makes it, or who emptied it, and since when it is the best.

use std::ops::ControlFlow;
use std::rc::Rc;

use kernel::{Engine, Event, OrderId, OrderView, Price, Side};
use replay::{PlayError, Snapshots, Source};

use super::beside::Seen;
use super::graph::{Fact, Graph, Key, Level, Told, Why};
use super::kept::Kept;
use super::lives::{self, Wanted};
use super::tracer::{Last, Tracer};
use crate::args::LevelRef;

/// Entries before the one that emptied a level in which its other changes are looked for.
const BEFORE: u64 = 4_096;
/// Most levels in front of one that are counted.
const BETTER: usize = 1_000_000;

/// What is asked of a level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) level: LevelRef,
    /// Behind this entry.
    pub(super) at: u64,
    pub(super) depth: u32,
    /// Most orders, and most changes, that are told; `None` for all.
    pub(super) limit: Option<usize>,
}

/// Adds the level, or both sides of it where a price is on neither.
pub(super) fn add<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    graph: &mut Graph,
    asked: Asked,
) -> Result<(), PlayError> {
    let engine = tracer.state(asked.at)?;
    let sides: Vec<(Side, Option<Price>)> = match asked.level {
        LevelRef::Best(side) => vec![(side, engine.best(side))],
        LevelRef::At(price) => {
            let is_there = |side: &Side| engine.level(*side, price).is_some();
            let sides = [Side::Buy, Side::Sell];
            let there: Vec<_> = sides.into_iter().filter(is_there).collect();
            let sides = if there.is_empty() { sides.to_vec() } else { there };
            sides.into_iter().map(|side| (side, Some(price))).collect()
        }
    };
    let is_both = 1 < sides.len()
        && sides
            .iter()
            .all(|(side, price)| price.is_none_or(|price| engine.level(*side, price).is_none()));
    let (mut nodes, mut wanted) = (Vec::new(), Vec::new());
    for (side, price) in sides {
        nodes.push(add_side(tracer, graph, asked, (side, price), &mut wanted)?);
    }
    // An empty price was on one side, on the other, or on both; what never was is left out.
    let was = |node: &usize| matches!(graph.node(*node).map(|node| &node.fact), Some(Fact::Level(level)) if level.was_occupied);
    if is_both && nodes.iter().any(was) {
        nodes.retain(was);
    } else if is_both {
        nodes.truncate(1);
    }
    graph.roots.extend(nodes);
    let depth = asked.depth.saturating_sub(1);
    lives::add(tracer, graph, wanted, depth)
}

fn add_side<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    graph: &mut Graph,
    asked: Asked,
    (side, price): (Side, Option<Price>),
    wanted: &mut Vec<Wanted>,
) -> Result<usize, PlayError> {
    let Asked { at, limit, .. } = asked;
    let engine = tracer.state(at)?;
    let queue = price.map_or_else(Vec::new, |price| queue(engine, side, price));
    let lots = queue.iter().map(|order| u64::from(order.displayed.lots())).sum();
    let better = engine.levels(side).take(BETTER);
    let better =
        better.take_while(|level| price.is_some_and(|it| is_better(side, level.price, it)));
    let mut level = Level {
        side,
        price,
        at,
        lots,
        orders: queue.len() as u64,
        more: queue.len().saturating_sub(limit.unwrap_or(usize::MAX)) as u64,
        better: better.count() as u64,
        best: engine.best(side),
        opposite: engine.best(side.opposite()),
        was_occupied: !queue.is_empty(),
    };
    let mut shown = queue;
    shown.truncate(limit.unwrap_or(usize::MAX));
    let rests = rests(tracer, &shown, at)?;
    let floor = rests.iter().flatten().map(|told| told.number).max().unwrap_or(1) - 1;
    let changes = match price {
        Some(price) => changes(tracer, side, price, at, if level.more == 0 { floor } else { 0 })?,
        None => Vec::new(),
    };
    level.was_occupied |= !changes.is_empty();
    let since = if matches!(asked.level, LevelRef::Best(_)) || level.best == price {
        best_since(tracer, side, at)?
    } else {
        None
    };
    level.was_occupied |= price.is_none() && since.is_some();
    let node = graph.add(Key::Level(side, price, at), Fact::Level(level));
    for (order, told) in shown.iter().zip(&rests) {
        if let Some(told) = told {
            let to = graph.add_entry(told);
            let (lots, displayed) = (order.qty.lots(), order.displayed.lots());
            let (order, client) = (order.order, order.client);
            graph.link(node, Why::Rests { order, client, lots, displayed }, to);
        }
    }
    for Changed { told, lots, event } in changes {
        wanted.extend(Wanted::taker_of(&told, &event));
        let to = graph.add_entry(&told);
        graph.link(node, Why::Changed { lots, event }, to);
    }
    if let Some(since) = since {
        wanted.extend(since.taker());
        since.link(graph, node);
    }
    Ok(node)
}

fn is_better(side: Side, one: Price, other: Price) -> bool {
    match side {
        Side::Buy => other < one,
        Side::Sell => one < other,
    }
}

/// The orders of a level, the oldest first.
fn queue(engine: &Engine, side: Side, price: Price) -> Vec<OrderView> {
    let is_before = |order: &OrderView| is_better(side, order.price, price);
    let there = engine.queue(side).skip_while(is_before);
    there.take_while(|order| order.price == price).collect()
}

/// The entries in which orders came to the places that they have behind an entry.
fn rests<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    orders: &[OrderView],
    at: u64,
) -> Result<Vec<Option<Rc<Told>>>, PlayError> {
    let mut found: Vec<Option<Rc<Told>>> = vec![None; orders.len()];
    let mut starts = Vec::new();
    for order in orders {
        starts.push(tracer.before_rest(order.order, order.priority)? + 1);
    }
    // The oldest stand first: one walk finds those that follow.
    for place in 0..orders.len() {
        if found.get(place).is_none_or(Option::is_some) {
            continue;
        }
        let Some(start) = starts.get(place).copied() else { continue };
        tracer.walk(start, at, |seen| {
            for event in seen.moment.events {
                let (Event::Rested { order, .. } | Event::Refilled { order, .. }) = event else {
                    continue;
                };
                let Some(which) = orders.iter().position(|it| it.order == *order) else { continue };
                let priority = seen.moment.engine.order(*order).map(|it| it.priority);
                if let (Some(told), Some(wanted)) = (found.get_mut(which), orders.get(which))
                    && priority == Some(wanted.priority)
                {
                    *told = Some(seen.told());
                }
            }
            let is_done = found.get(place).is_none_or(Option::is_some);
            if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    Ok(found)
}

/// What a level has before an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stand {
    lots: u64,
}

fn stand(engine: &Engine, side: Side, price: Price) -> Stand {
    Stand { lots: engine.level(side, price).map_or(0, |level| level.qty) }
}

/// Whether an entry changes a level: its displayed lots, its orders, or the lots of one of them.
fn is_changed(before: Stand, events: &[Event], engine: &Engine, side: Side, price: Price) -> bool {
    if before != stand(engine, side, price) {
        return true;
    }
    let rests_there =
        |order: OrderId| engine.order(order).is_some_and(|it| (it.side, it.price) == (side, price));
    events.iter().any(|event| match *event {
        Event::Traded { maker, taker, .. } | Event::Decremented { maker, taker, .. } => {
            rests_there(maker) || rests_there(taker)
        }
        Event::Rested { order, .. }
        | Event::Refilled { order, .. }
        | Event::Reduced { order, .. }
        | Event::Replaced { order, .. } => rests_there(order),
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Triggered { .. }
        | Event::Cancelled { .. }
        | Event::BandHit { .. }
        | Event::MassCancelled { .. }
        | Event::ClockMoved { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. } => false,
    })
}

/// An entry that changed a level.
#[derive(Clone, Debug)]
struct Changed {
    told: Rc<Told>,
    /// What it left.
    lots: u64,
    event: Event,
}

impl Changed {
    fn of(seen: &Seen<'_>, side: Side, price: Price) -> Option<Self> {
        let lots = stand(seen.moment.engine, side, price).lots;
        let event = event_at(seen.moment.events, price)?;
        Some(Self { told: seen.told(), lots, event })
    }
}

/// The last event of an entry at a price; where no event names it, what the command did first.
fn event_at(events: &[Event], price: Price) -> Option<Event> {
    let is_there = |event: &&Event| match **event {
        Event::Traded { price: at, .. } | Event::Rested { price: at, .. } => at == price,
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Decremented { .. }
        | Event::Refilled { .. }
        | Event::Triggered { .. }
        | Event::Cancelled { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::BandHit { .. }
        | Event::MassCancelled { .. }
        | Event::ClockMoved { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. } => false,
    };
    events.iter().rev().find(is_there).or_else(|| events.first()).copied()
}

/// The last entry that changed a level, with what it left; where it left nothing, also those before
/// it since the level last grew.
fn changes<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    side: Side,
    price: Price,
    at: u64,
    floor: u64,
) -> Result<Vec<Changed>, PlayError> {
    let look = |engine: &Engine| stand(engine, side, price);
    let last = tracer.last(at, floor, look, |before, seen| {
        let engine = seen.moment.engine;
        is_changed(*before, seen.moment.events, engine, side, price)
            .then(|| Changed::of(seen, side, price))
            .flatten()
    })?;
    let Some(Last { it: last, .. }) = last else { return Ok(Vec::new()) };
    if 0 < last.lots {
        return Ok(vec![last]);
    }
    let emptied = last.told.number;
    let low = emptied.saturating_sub(BEFORE);
    let mut before = look(tracer.state(low)?);
    let fresh = || Kept::<Changed>::new(Some(16));
    let mut run = fresh();
    tracer.walk(low + 1, emptied, |seen| {
        let now = look(seen.moment.engine);
        if before.lots < now.lots {
            // It grew: what took lots off before that is no cause any more.
            run = fresh();
        }
        if before != now
            && let Some(changed) = Changed::of(seen, side, price)
        {
            run.push(changed);
        }
        before = now;
        ControlFlow::Continue(())
    })?;
    Ok(run.iter().cloned().collect())
}

/// The entry that made the best price of a side what it is.
#[derive(Clone, Debug)]
pub(super) struct BestSince {
    told: Rc<Told>,
    before: Option<Price>,
    event: Event,
    /// Marks and changes of rules since.
    notes: Vec<Rc<Told>>,
}

impl BestSince {
    /// The order that took the better level away, where the command of the entry did not bring it.
    pub(super) fn taker(&self) -> Option<Wanted> {
        Wanted::taker_of(&self.told, &self.event)
    }

    /// Links a node to the entry, and to the marks and rules from there up to another.
    pub(super) fn link(&self, graph: &mut Graph, from: usize) {
        let to = graph.add_entry(&self.told);
        graph.link(from, Why::BestSince { before: self.before, event: self.event }, to);
        for note in &self.notes {
            let to = graph.add_entry(note);
            graph.link(from, Why::Note, to);
        }
    }
}

/// The entry that made the best price of a side what it is behind an entry; `None` where the side was
/// empty from the start.
pub(super) fn best_since<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    side: Side,
    at: u64,
) -> Result<Option<BestSince>, PlayError> {
    let last = tracer.last(
        at,
        0,
        |engine| engine.best(side),
        |before, seen| {
            let (before, now) = (*before, seen.moment.engine.best(side));
            if before == now {
                return None;
            }
            let is_placed = |now| before.is_none_or(|before| is_better(side, now, before));
            // What was placed is told, or what took the better one away.
            let told_at = now.filter(|now| is_placed(*now)).or(before)?;
            let event = event_at(seen.moment.events, told_at)?;
            Some((seen.told(), before, event))
        },
    )?;
    Ok(last.map(|Last { it: (told, before, event), notes }| BestSince {
        told,
        before,
        event,
        notes,
    }))
}
