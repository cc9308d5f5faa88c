//! Why a trade happened: both orders, and its price.

use kernel::Event;
use replay::{PlayError, Snapshots, Source};

use super::graph::{Fact, Graph, Key, Trade, Why};
use super::level::best_since;
use super::lives::{self, Wanted};
use super::tracer::Tracer;

/// Trades of one entry that are told.
const TRADES: usize = 16;

/// What was found of a trade by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// In this entry, as so many-th of its trades, from 0.
    In(u64, usize),
    /// The log has so many only.
    Only(u64),
}

/// The entry of the N-th trade, from 1. Cost: the replay of everything before it.
pub(super) fn find<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    number: u64,
) -> Result<Found, PlayError> {
    let (mut passed, mut found) = (0, None);
    let entries = tracer.archive().entries();
    tracer.walk(1, entries, |seen| {
        let trades = seen.moment.events.iter().filter(|event| is_trade(event)).count();
        if number <= passed + trades as u64 {
            let place = usize::try_from(number - passed - 1).unwrap_or(usize::MAX);
            found = Some(Found::In(seen.moment.number, place));
            return std::ops::ControlFlow::Break(());
        }
        passed += trades as u64;
        std::ops::ControlFlow::Continue(())
    })?;
    Ok(found.unwrap_or(Found::Only(passed)))
}

/// Adds the trades of an entry, or one of them. Returns how many the entry has.
///
/// * `which` - its place among the trades of the entry, and its number in the log.
pub(super) fn add<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    graph: &mut Graph,
    (entry, which): (u64, Option<(usize, u64)>),
    (depth, limit): (u32, Option<usize>),
) -> Result<usize, PlayError> {
    let (mut trades, mut told) = (Vec::new(), None);
    tracer.walk(entry, entry, |seen| {
        let engine = seen.moment.engine;
        let mut cleared = None;
        for event in seen.moment.events {
            if let Event::Uncrossed { price, .. } = event {
                cleared = *price;
            }
            if is_trade(event) {
                let clock = (engine.time().0, engine.step().0);
                let rules = *engine.rules();
                let (number, before, event) = (None, None, *event);
                trades.push(Trade { entry, clock, number, event, cleared, before, rules });
            }
        }
        told = Some(seen.told());
        std::ops::ControlFlow::Break(())
    })?;
    let Some(told) = told else { return Ok(0) };
    let all = trades.len();
    let mut wanted = Vec::new();
    for (place, mut trade) in trades.into_iter().enumerate() {
        match which {
            Some((wanted, _)) if wanted != place => continue,
            None if TRADES <= place => break,
            Some((_, number)) => trade.number = Some(number),
            None => {}
        }
        let Event::Traded { maker, taker, taker_side, price, .. } = trade.event else { continue };
        let side = taker_side.opposite();
        trade.before = tracer.state(entry - 1)?.best(side);
        let node = graph.add(Key::Trade(entry, place), Fact::Trade(trade));
        graph.roots.push(node);
        let to = graph.add_entry(&told);
        graph.link(node, Why::During, to);
        if trade.before == Some(price)
            && trade.cleared.is_none()
            && let Some(since) = best_since(tracer, side, entry - 1)?
        {
            since.link(graph, node);
            wanted.extend(since.taker());
        }
        for order in [maker, taker] {
            wanted.push(Wanted::subject(order, entry, limit));
        }
    }
    lives::add(tracer, graph, wanted, depth)?;
    let roots = graph.roots.clone();
    for node in roots {
        let Some(Fact::Trade(trade)) = graph.node(node).map(|node| &node.fact) else { continue };
        let Event::Traded { maker, taker, .. } = trade.event else { continue };
        for (order, why) in [(maker, Why::Maker), (taker, Why::Taker)] {
            if let Some(to) = graph.find(Key::Order(order)) {
                graph.link(node, why, to);
            }
        }
    }
    Ok(all)
}

const fn is_trade(event: &Event) -> bool {
    matches!(event, Event::Traded { .. })
}
