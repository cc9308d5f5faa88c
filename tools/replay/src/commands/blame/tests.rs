//! Whatever a market does: what is told of orders and levels is what a look at every entry finds.
#![expect(clippy::needless_pass_by_value, reason = "the shape that quickcheck calls")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use formats::render::event_json;
use kernel::{Command, Event, OrderId, OrderView, Price, Side};
use quickcheck::QuickCheck;
use replay::{Archive, Entry, ReadLimits, Seeker};

use super::graph::{Fact, Graph, Key, Level, Why};
use super::level::{self, Asked};
use super::lives::{Wanted, follow};
use super::tracer::Tracer;
use super::trade::{self, Found};
use crate::args::LevelRef;
use crate::commands::diff::tests::property::Script;
use crate::commands::diff::tests::{genesis, log, player};
use crate::commands::names::client_of;

type TestTracer = Tracer<Rc<Vec<u8>>, BTreeMap<u64, Vec<u8>>>;

/// The moments of a log, each with all that is asked about.
struct Moment {
    entry: Entry,
    events: Vec<Event>,
    queues: [Vec<OrderView>; 2],
    live: Vec<(OrderId, u32)>,
}

fn tracer(log: &[u8]) -> TestTracer {
    let archive = Archive::open(Rc::new(log.to_vec()), Vec::new(), ReadLimits::DEFAULT);
    Tracer::new(Seeker::new(archive.expect("a log"), BTreeMap::new()), |_| ())
}

/// Every moment; that before the first entry is the first.
fn moments(log: &[u8]) -> Vec<Moment> {
    let none = Moment {
        entry: Entry::End,
        events: Vec::new(),
        queues: [Vec::new(), Vec::new()],
        live: Vec::new(),
    };
    let (mut moments, mut player) = (vec![none], player(log));
    while let Some(moment) = player.advance().expect("it replays") {
        let engine = moment.engine;
        let queues = [Side::Buy, Side::Sell].map(|side| engine.queue(side).collect::<Vec<_>>());
        let resting = queues.iter().flatten().map(|order| (order.order, order.qty.lots()));
        let waiting = engine.stops().map(|stop| (stop.order, stop.qty.lots()));
        let live = resting.chain(waiting).collect();
        let (entry, events) = (moment.entry.clone(), moment.events.to_vec());
        moments.push(Moment { entry, events, queues, live });
    }
    moments
}

/// Whether an event names an order, as its JSON object tells.
fn is_named(event: &Event, order: OrderId) -> bool {
    let object = event_json(event);
    ["id", "maker", "taker"].iter().any(|key| object[key] == order.0)
}

fn open(moment: &Moment, order: OrderId) -> Option<u32> {
    moment.live.iter().find(|(live, _)| *live == order).map(|(_, lots)| *lots)
}

/// Lots add up, and the entries of a life are exactly those whose events name the order.
fn lives_are_right(script: &Script) -> bool {
    let log = log(&genesis(), &script.entries());
    let moments = moments(&log);
    let mut tracer = tracer(&log);
    let orders = tracer.orders().expect("a log");
    let until = moments.len() as u64 - 1;
    let all: Vec<_> =
        (1..=orders).map(|order| Wanted::subject(OrderId(order), until, None)).collect();
    let together = follow(&mut tracer, &all).expect("it replays");
    assert_eq!(together.len() as u64, orders, "every order is followed");
    let alone = (1..=orders).flat_map(|order| {
        follow(&mut tracer, &[Wanted::subject(OrderId(order), until, None)]).expect("it replays")
    });
    together.into_iter().chain(alone.collect::<Vec<_>>()).all(|life| {
        let placed = life.placed.number;
        let mut named = Vec::new();
        for (number, moment) in (0..).zip(&moments).skip(usize::try_from(placed).expect("small")) {
            let of_it = moment.events.iter().filter(|event| is_named(event, life.order));
            named.extend(of_it.map(|event| (number, *event)));
            if open(moment, life.order).is_none() {
                break;
            }
        }
        let told: Vec<_> =
            life.changes.iter().map(|change| (change.told.number, change.event)).collect();
        let asked = u64::from(life.place.qty.lots()) + life.raised;
        let gone = life.traded + life.cancelled + life.lowered + life.lost;
        let last = open(&moments[moments.len() - 1], life.order).unwrap_or(0);
        assert_eq!(told, named, "{}", life.order);
        assert_eq!(asked, gone + u64::from(life.open), "{life:?}");
        assert_eq!(life.open, last, "{life:?}");
        assert_eq!(life.is_ended(), last == 0, "{life:?}");
        true
    })
}

#[test]
fn the_lots_of_a_life_add_up_and_its_entries_are_those_that_name_it() {
    fn check(script: Script) -> bool {
        lives_are_right(&script)
    }
    QuickCheck::new().tests(300).quickcheck(check as fn(Script) -> bool);
}

/// The decision of every command, from a count of all commands.
fn decisions(moments: &[Moment]) -> Vec<Option<u64>> {
    let (mut last, mut left) = (None, 0);
    let of = |(number, moment): (u64, &Moment)| match &moment.entry {
        Entry::Decision(decision) if 0 < decision.commands => {
            (last, left) = (Some((number, decision.agent)), decision.commands);
            None
        }
        // A decision is of one moment.
        Entry::Command(Command::Clock { .. }) => {
            left = 0;
            None
        }
        Entry::Command(command) if 0 < left => {
            left -= 1;
            let client = client_of(command).map(|client| client.0);
            last.filter(|(_, agent)| client.is_none_or(|client| client == *agent))
                .map(|(number, _)| number)
        }
        Entry::Command(_) | Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {
            None
        }
    };
    (0..).zip(moments).map(of).collect()
}

/// However one comes to an entry, its decision is the one that a count from the start finds.
#[test]
fn the_decision_of_an_entry_is_found_from_anywhere() {
    fn check(script: Script) -> bool {
        let log = log(&genesis(), &script.entries());
        let moments = moments(&log);
        let expected = decisions(&moments);
        let mut tracer = tracer(&log);
        (1..moments.len() as u64).rev().all(|number| {
            let mut found = None;
            tracer
                .walk(number, number, |seen| {
                    found = seen.told().decision.as_ref().map(|decision| decision.number);
                    ControlFlow::Break(())
                })
                .expect("it replays");
            found == expected[usize::try_from(number).expect("small")]
        })
    }
    QuickCheck::new().tests(200).quickcheck(check as fn(Script) -> bool);
}

const fn index(side: Side) -> usize {
    match side {
        Side::Buy => 0,
        Side::Sell => 1,
    }
}

fn at_price(moment: &Moment, side: Side, price: Price) -> Vec<OrderView> {
    let queue = moment.queues[index(side)].iter();
    queue.filter(|order| order.price == price).copied().collect()
}

fn best(moment: &Moment, side: Side) -> Option<Price> {
    moment.queues[index(side)].first().map(|order| order.price)
}

/// The last entry up to one in which something changed.
fn changed<T: PartialEq>(moments: &[Moment], at: usize, of: impl Fn(&Moment) -> T) -> Option<u64> {
    let is_new = |number: &usize| of(&moments[number - 1]) != of(&moments[*number]);
    (1..=at).rev().find(is_new).map(|number| number as u64)
}

/// The entries that a level is linked to, by why.
fn links(graph: &Graph, root: usize) -> Vec<(Why, u64)> {
    let node = graph.node(root).expect("a root");
    let number = |to: usize| match graph.node(to).map(|node| node.key) {
        Some(Key::Entry(number)) => number,
        other => panic!("a level has entries for its causes, not {other:?}"),
    };
    node.links.iter().map(|link| (link.why, number(link.to))).collect()
}

fn level_is_right(moments: &[Moment], at: usize, fact: &Level, links: &[(Why, u64)]) {
    let side = fact.side;
    let since = links.iter().find(|(why, _)| matches!(why, Why::BestSince { .. }));
    if fact.best == fact.price {
        let expected = changed(moments, at, |moment| best(moment, side));
        assert_eq!(since.map(|(_, number)| *number), expected, "best {side:?} behind {at}");
    }
    let Some(price) = fact.price else { return };
    let orders = at_price(&moments[at], side, price);
    let rests = links.iter().filter_map(|(why, number)| {
        if let Why::Rests { order, .. } = why { Some((*order, *number)) } else { None }
    });
    let expected = orders.iter().map(|order| {
        let priority = |moment: &Moment| {
            let queue = moment.queues[index(side)].iter();
            queue.clone().find(|it| it.order == order.order).map(|it| it.priority)
        };
        (order.order, changed(moments, at, priority).expect("it came to rest"))
    });
    assert_eq!(rests.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{price} behind {at}");
    let last = links.iter().rev().find(|(why, _)| matches!(why, Why::Changed { .. }));
    let expected = changed(moments, at, |moment| at_price(moment, side, price));
    assert_eq!(last.map(|(_, number)| *number), expected, "{side:?} {price} behind {at}");
    assert_eq!(fact.was_occupied, expected.is_some(), "{side:?} {price} behind {at}");
}

/// The level's last change, its orders and since when it is the best, against every moment.
#[test]
fn a_level_is_what_every_moment_says() {
    fn check(script: Script, at: usize, ticks: u8) -> bool {
        let log = log(&genesis(), &script.entries());
        let moments = moments(&log);
        let at = at % moments.len();
        let mut tracer = tracer(&log);
        let price = Price::new(100 + u32::from(ticks % 7)).expect("a price");
        let levels = [LevelRef::Best(Side::Buy), LevelRef::Best(Side::Sell), LevelRef::At(price)];
        for level in levels {
            let mut graph = Graph::default();
            let asked = Asked { level, at: at as u64, depth: 2, limit: None };
            level::add(&mut tracer, &mut graph, asked).expect("it replays");
            assert!(!graph.roots.is_empty(), "there is always something to tell");
            for root in graph.roots.clone() {
                let links = links(&graph, root);
                let Some(Fact::Level(fact)) = graph.node(root).map(|node| &node.fact) else {
                    panic!("a level was asked for");
                };
                level_is_right(&moments, at, fact, &links);
            }
        }
        true
    }
    QuickCheck::new().tests(500).quickcheck(check as fn(Script, usize, u8) -> bool);
}

#[test]
fn trades_are_counted_from_one() {
    fn check(script: Script) -> bool {
        let log = log(&genesis(), &script.entries());
        let mut tracer = tracer(&log);
        let mut number = 0;
        for (entry, moment) in (0..).zip(&moments(&log)) {
            let is_trade = |event: &&Event| matches!(event, Event::Traded { .. });
            for (place, event) in moment.events.iter().filter(is_trade).enumerate() {
                number += 1;
                let found = trade::find(&mut tracer, number).expect("it replays");
                assert_eq!(found, Found::In(entry, place));
                let mut graph = Graph::default();
                let which = Some((place, number));
                let asked = (entry, which);
                trade::add(&mut tracer, &mut graph, asked, (2, None)).expect("it replays");
                let [root] = graph.roots[..] else { panic!("one trade was asked for") };
                let Some(Fact::Trade(trade)) = graph.node(root).map(|node| &node.fact) else {
                    panic!("a trade was asked for");
                };
                assert_eq!(trade.event, *event);
            }
        }
        let found = trade::find(&mut tracer, number + 1).expect("it replays");
        found == Found::Only(number)
    }
    QuickCheck::new().tests(100).quickcheck(check as fn(Script) -> bool);
}

/// Every graph can be told, whatever it is of, and no line is longer than a terminal.
#[test]
fn everything_can_be_told_in_a_hundred_columns() {
    fn check(script: Script, order: u64, depth: u32) -> bool {
        let log = log(&genesis(), &script.entries());
        let mut tracer = tracer(&log);
        let orders = tracer.orders().expect("a log");
        if orders == 0 {
            return true;
        }
        let order = OrderId(1 + order % orders);
        let mut graph = Graph::default();
        let until = tracer.archive().entries();
        let wanted = vec![Wanted::subject(order, until, Some(4))];
        super::lives::add(&mut tracer, &mut graph, wanted, 1 + depth % 5).expect("it replays");
        graph.roots.extend(graph.find(Key::Order(order)));
        let names = super::Names::of(&[]);
        let text = super::text::words(&graph, names);
        let object = super::json::object(&graph, names, until);
        let nodes = object["nodes"].as_array().map_or(0, Vec::len);
        text.lines().all(|line| line.chars().count() <= 100)
            && text.starts_with(&format!("order #{order} "))
            && nodes == graph.nodes().len()
    }
    QuickCheck::new().tests(200).quickcheck(check as fn(Script, u64, u32) -> bool);
}
