//! Follows orders through the log, as many as are wanted in one pass.

use std::ops::ControlFlow;
use std::rc::Rc;

use kernel::{Event, OrderId, Place};
use replay::{PlayError, Snapshots, Source};

use super::beside::Seen;
use super::graph::{Fact, Graph, Key, Told, Why};
use super::life::{Change, Life};
use super::rules;
use super::tracer::Tracer;

/// Changes that are kept of an order that is no subject.
const CHANGES: usize = 6;
/// Orders of one depth that are followed at the most.
const ORDERS: usize = 64;

/// An order that is to be followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) order: OrderId,
    /// Nothing behind this entry counts.
    pub(super) until: u64,
    /// Whether its life is what was asked for, or only where it came from.
    pub(super) is_subject: bool,
    /// Changes that are kept.
    pub(super) limit: Option<usize>,
}

impl Wanted {
    pub(super) const fn subject(order: OrderId, until: u64, limit: Option<usize>) -> Self {
        Self { order, until, is_subject: true, limit }
    }

    /// An order that is no subject.
    pub(super) const fn met((order, until): (OrderId, u64)) -> Self {
        Self { order, until, is_subject: false, limit: Some(CHANGES) }
    }

    /// The taker of an event, where the command of the entry did not bring it.
    pub(super) fn taker_of(told: &Told, event: &Event) -> Option<Self> {
        let (Event::Traded { taker, .. } | Event::Decremented { taker, .. }) = event else {
            return None;
        };
        told.others.contains(taker).then(|| Self::met((*taker, told.number)))
    }
}

/// An order whose placing has been found.
struct Coming {
    wanted: Wanted,
    entry: u64,
    place: Place,
}

/// Adds orders to a graph, then those that they met, and so on.
///
/// * `depth` - how many times.
///
/// Cost: for each time one replay at the most, of the entries between the placing of an order and its
/// end.
pub(super) fn add<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    graph: &mut Graph,
    mut wanted: Vec<Wanted>,
    depth: u32,
) -> Result<(), PlayError> {
    for _ in 0..depth {
        wanted.retain(|wanted| graph.find(Key::Order(wanted.order)).is_none());
        wanted.sort_by_key(|wanted| wanted.order);
        wanted.dedup_by_key(|wanted| wanted.order);
        wanted.truncate(ORDERS);
        if wanted.is_empty() {
            break;
        }
        let mut next = Vec::new();
        for mut life in follow(tracer, &wanted)? {
            if life.trigger.is_none() && is_triggered(&life) {
                life.trigger = last_trade(tracer, life.placed.number - 1)?;
            }
            if life.is_subject {
                next.extend(life.met.iter().copied().map(Wanted::met));
            }
            if let Some(Change { told, event }) = &life.trigger {
                next.extend(Wanted::taker_of(told, event));
            }
            add_life(tracer, graph, life)?;
        }
        wanted = next;
    }
    link_orders(graph);
    Ok(())
}

/// Follows orders, each from its placing to its end, in one pass.
pub(super) fn follow<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    wanted: &[Wanted],
) -> Result<Vec<Life>, PlayError> {
    let mut coming = Vec::new();
    for wanted in wanted {
        let found = tracer.place_of(wanted.order)?.filter(|(entry, _)| *entry <= wanted.until);
        coming.extend(found.map(|(entry, place)| Coming { wanted: *wanted, entry, place }));
    }
    // Ids are given in the order of the entries.
    coming.sort_by_key(|coming| coming.entry);
    let mut coming = coming.into_iter().peekable();
    let (mut active, mut done) = (Vec::<(Wanted, Life)>::new(), Vec::new());
    while let Some(first) = coming.peek().map(|coming| coming.entry) {
        tracer.walk(first, u64::MAX, |seen| {
            let number = seen.moment.number;
            if let Some(next) = coming.next_if(|coming| coming.entry == number) {
                let Coming { wanted, place, .. } = next;
                let order = (wanted.order, place);
                let new = Life::new(order, seen.told(), wanted.is_subject, wanted.limit);
                active.push((wanted, new));
            }
            for (_, life) in &mut active {
                take(life, seen);
            }
            for (wanted, life) in &mut active {
                if wanted.until <= number && !life.is_ended() {
                    let engine = seen.moment.engine;
                    life.until = (number, (engine.time().0, engine.step().0));
                }
            }
            let is_over =
                |(wanted, life): &mut (Wanted, Life)| life.is_ended() || wanted.until <= number;
            done.extend(active.extract_if(.., is_over).map(|(_, life)| life));
            let is_near = coming.peek().is_some_and(|next| next.entry - number < NEAR);
            if active.is_empty() && !is_near {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        // The log is at its end.
        done.extend(active.drain(..).map(|(_, life)| life));
    }
    Ok(done)
}

/// Entries to the next order that are passed rather than jumped over.
const NEAR: u64 = 4_096;

/// Shows an entry to an order.
fn take(life: &mut Life, seen: &Seen<'_>) {
    for event in seen.moment.events {
        life.take(event, || seen.told());
    }
    if seen.is_note() && life.placed.number < seen.moment.number {
        life.note(seen.told());
    }
}

/// Adds an order and the entries of its life.
fn add_life<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    graph: &mut Graph,
    life: Life,
) -> Result<(), PlayError> {
    let trigger = life.trigger.clone();
    let placed = graph.add_entry(&life.placed);
    let mut causes = Vec::new();
    for Change { told, event } in life.changes.iter() {
        causes.push((told.number, Why::Did(*event), graph.add_entry(told)));
    }
    for note in life.notes.iter() {
        causes.push((note.number, Why::Note, graph.add_entry(note)));
    }
    causes.sort_by_key(|(number, ..)| *number);
    let refusals: Vec<_> = refusals(&life).collect();
    let node = graph.add(Key::Order(life.order), Fact::Order(Box::new(life)));
    graph.link(node, Why::Placed, placed);
    for (_, why, to) in causes {
        graph.link(node, why, to);
    }
    if let Some(Change { told, event }) = trigger {
        let to = graph.add_entry(&told);
        graph.link(node, Why::Trigger(event), to);
    }
    for (told, event) in refusals {
        if let Some(to) = rules::add(tracer, graph, &told, &event)? {
            let from = graph.add_entry(&told);
            graph.link_once(from, Why::Rule, to);
        }
    }
    Ok(())
}

fn is_triggered(life: &Life) -> bool {
    life.place.stop.is_some() && !life.is_waiting
}

fn refusals(life: &Life) -> impl Iterator<Item = (Rc<Told>, Event)> {
    let is_refusal = |change: &&Change| matches!(change.event, Event::Rejected { .. });
    let refusals = life.changes.iter().filter(is_refusal);
    refusals.map(|change| (Rc::clone(&change.told), change.event))
}

/// The last trade up to an entry.
fn last_trade<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    entry: u64,
) -> Result<Option<Change>, PlayError> {
    let last = tracer.last(
        entry,
        0,
        |_| (),
        |(), seen| {
            let trades = seen.moment.events.iter();
            let trade = trades.rev().find(|event| matches!(event, Event::Traded { .. }))?;
            Some(Change { told: seen.told(), event: *trade })
        },
    )?;
    Ok(last.map(|last| last.it))
}

/// Links the orders of a graph to those that they met, and entries to takers that their commands did
/// not bring.
fn link_orders(graph: &mut Graph) {
    let mut links = Vec::new();
    for (place, node) in graph.nodes().iter().enumerate() {
        if let Fact::Order(life) = &node.fact {
            for (order, number) in &life.met {
                let to = graph.find(Key::Order(*order));
                links.extend(to.map(|to| (place, Why::Met(*number), to)));
            }
        }
        for link in &node.links {
            let (Why::Trigger(event) | Why::Changed { event, .. } | Why::BestSince { event, .. }) =
                &link.why
            else {
                continue;
            };
            let Some(Fact::Entry(told)) = graph.node(link.to).map(|node| &node.fact) else {
                continue;
            };
            let taker = Wanted::taker_of(told, event);
            let to = taker.and_then(|taker| graph.find(Key::Order(taker.order)));
            links.extend(to.map(|to| (link.to, Why::Taker, to)));
        }
    }
    for (from, why, to) in links {
        graph.link_once(from, why, to);
    }
}
