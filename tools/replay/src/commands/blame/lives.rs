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
    /// Changes that are kept.
    pub(super) limit: Option<usize>,
}

impl Wanted {
    /// An order that is no subject.
    pub(super) const fn met((order, until): (OrderId, u64)) -> Self {
        Self { order, until, limit: Some(CHANGES) }
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
        for life in follow(tracer, &wanted)? {
            next.extend(life.met.iter().copied().map(Wanted::met));
            let node = add_life(tracer, graph, life)?;
            let links = graph.node(node).map_or(&[][..], |node| &node.links);
            for link in links {
                if let Some(Fact::Entry(told)) = graph.node(link.to).map(|node| &node.fact) {
                    let others = told.others.iter().map(|order| (*order, told.number));
                    next.extend(others.map(Wanted::met));
                }
            }
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
                active.push((wanted, Life::new(wanted.order, place, seen.told(), wanted.limit)));
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
    mut life: Life,
) -> Result<usize, PlayError> {
    if life.trigger.is_none() && is_triggered(&life) {
        life.trigger = last_trade(tracer, life.placed.number - 1)?;
    }
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
    Ok(node)
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
    tracer.last(
        entry,
        0,
        |_| (),
        |(), seen| {
            let trades = seen.moment.events.iter();
            let trade = trades.rev().find(|event| matches!(event, Event::Traded { .. }))?;
            Some(Change { told: seen.told(), event: *trade })
        },
    )
}

/// Links every entry of a graph to the orders of it that met there and are nodes.
pub(super) fn link_orders(graph: &mut Graph) {
    let mut links = Vec::new();
    for (place, node) in graph.nodes().iter().enumerate() {
        let mut link = |order: OrderId, number: u64| {
            let from = graph.find(Key::Entry(number));
            let to = graph.find(Key::Order(order));
            links.extend(from.zip(to));
        };
        match &node.fact {
            Fact::Order(life) => life.met.iter().for_each(|(order, number)| link(*order, *number)),
            Fact::Entry(told) => {
                let orders = told.others.iter().filter_map(|order| graph.find(Key::Order(*order)));
                links.extend(orders.map(|to| (place, to)));
            }
            Fact::Level(_) | Fact::Trade(_) | Fact::Genesis => {}
        }
    }
    for (from, to) in links {
        graph.link_once(from, Why::Met, to);
    }
}
