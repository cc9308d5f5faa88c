//! What zones keep of a market, compared with every moment of it.

use kernel::{ClientId, Engine, Event, Genesis, Side};
use replay::{Entry, Mark, Moment};
use tests::random::Dice;
use tests::run::seeded;
use tests::twin::Twin;

use crate::zone::{Range, account};
use crate::{Evaluator, Expectation, Query, Survey, Zone, Zoner};

/// Clients of random markets, and one more.
const CLIENTS: u32 = 8;

/// What a moment had that a zone says something about.
struct Seen {
    accounts: Vec<[i128; 4]>,
    depths: [Vec<i128>; 2],
}

impl Seen {
    fn of(engine: &Engine) -> Self {
        let depth = |side: Side, levels: usize| -> i128 {
            engine.levels(side).take(levels).map(|level| i128::from(level.qty)).sum()
        };
        Self {
            accounts: (0..CLIENTS).map(|client| account(engine, ClientId(client))).collect(),
            depths: [Side::Buy, Side::Sell].map(|side| [1, 5, 10].map(|n| depth(side, n)).into()),
        }
    }
}

fn has(range: Range, value: i128) -> bool {
    range.low <= value && value <= range.high
}

/// Every account of every moment is what it was before the zone or in the range of its holding, and
/// the last one is the one that is kept.
fn check_accounts(zone: &Zone, before: &Seen, seen: &[Seen]) {
    let Some(holdings) = &zone.holdings else { return };
    for client in 0..CLIENTS {
        let place = client as usize;
        let holding = holdings.get(&client);
        let last = holding.map_or(before.accounts[place], |holding| holding.last);
        assert_eq!(seen.last().unwrap().accounts[place], last, "client {client} at the end");
        for moment in seen {
            for (field, value) in moment.accounts[place].into_iter().enumerate() {
                let is_old = value == before.accounts[place][field];
                let is_new = holding.is_some_and(|it| has(it.ranges[field], value));
                assert!(is_old || is_new, "client {client}, field {field}: {value}");
            }
        }
    }
}

/// The depths are exactly those of its moments.
fn check_depths(zone: &Zone, seen: &[Seen]) {
    for side in 0..2 {
        for depth in 0..3 {
            let values = || seen.iter().map(|moment| moment.depths[side][depth]);
            let (low, high) = (values().min().unwrap(), values().max().unwrap());
            assert_eq!(zone.depths[side][depth], Range::between(low, high), "{side} {depth}");
        }
    }
}

#[test]
fn zones_hold_what_their_moments_had() {
    let (mut uncertain, mut moved) = (0, 0);
    for seed in 0..150 {
        let mut dice = Dice::new(seed);
        let scenario = seeded(seed, 300);
        let mut market = Twin::new(&scenario.genesis).unwrap();
        let mut engine = Engine::new(&scenario.genesis).unwrap();
        let (mut zoner, mut seen) = (Zoner::default(), Vec::new());
        let mut before = Seen::of(&engine);
        for (number, planned) in (1..).zip(&scenario.moves) {
            let command = planned.command(&market);
            market.apply_unchecked(command).unwrap();
            let mut events: Vec<Event> = Vec::new();
            engine.apply(&command, &mut events);
            let entry = Entry::Command(command);
            let engine = &engine;
            let moment = Moment { number, entry: &entry, events: &events, engine, closes: None };
            assert!(zoner.see(&moment).is_none());
            seen.push(Seen::of(engine));
            if !dice.one_in(7) {
                continue;
            }
            let zone = zoner.close().unwrap();
            check_accounts(&zone, &before, &seen);
            check_depths(&zone, &seen);
            uncertain += u32::from(zone.holdings.is_none());
            moved += zone.holdings.map_or(0, |holdings| holdings.len());
            before = seen.pop().unwrap();
            seen.clear();
        }
    }
    assert!(0 < uncertain && uncertain < 1_000 && 5_000 < moved, "{uncertain}, {moved}");
}

/// Places a bid of one lot for each of many clients, each a tick higher, and marks each.
fn crowd(clients: u32) -> (Engine, Zone, Vec<Query>) {
    let mut engine = Engine::new(&Genesis::open()).unwrap();
    let mut zoner = Zoner::default();
    let mut number = 0;
    for client in 0..clients {
        let name = format!("m{client}").parse().unwrap();
        let bid = super::values::place(client, Side::Buy, 1, 100 + client);
        for entry in [bid, Entry::Mark(Mark { name, number: 0 })] {
            let mut events = Vec::new();
            if let Entry::Command(command) = &entry {
                engine.apply(command, &mut events);
            }
            number += 1;
            let moment =
                Moment { number, entry: &entry, events: &events, engine: &engine, closes: None };
            assert!(zoner.see(&moment).is_none());
        }
    }
    let last = clients - 1;
    let queries = [
        format!("after(m{last})"),
        format!("mark(m{last})"),
        format!("open_buy(client {last}) == 1"),
        format!("depth(bid, {}) == {clients}", clients + 1),
        "depth(bid, 12) == 12".to_owned(),
        "at(m1, depth(bid, 9)) == 2".to_owned(),
    ];
    let queries = queries.iter().map(|text| Query::parse(text).unwrap()).collect();
    (engine, zoner.close().unwrap(), queries)
}

/// With more marks, accounts and levels than a zone keeps, it says less and nothing wrong.
#[test]
fn what_a_zone_has_no_room_for_is_open() {
    let empty = Engine::new(&Genesis::open()).unwrap();
    for clients in [20, 200] {
        let (engine, zone, queries) = crowd(clients);
        assert_eq!(zone.holdings.is_none(), clients == 200);
        assert_eq!(zone.marks.is_none(), clients == 200);
        for query in &queries {
            let mut survey = Survey::new(query, &empty);
            let mut evaluator = Evaluator::new(query);
            assert_eq!(survey.expect(&zone, &evaluator), Expectation::Open, "{query}, {clients}");
            // An account that was lost sight of is not the one from before.
            survey.pass(&zone, &mut evaluator);
            let mut calm = Zoner::behind(&zone);
            let entry = Entry::End;
            let moment = Moment {
                number: u64::from(2 * clients) + 1,
                entry: &entry,
                events: &[],
                engine: &engine,
                closes: None,
            };
            calm.see(&moment);
            let calm = calm.close().unwrap();
            let is_account = query.to_string().starts_with("open_buy");
            let expected = match survey.expect(&calm, &evaluator) {
                Expectation::All(truth) => Some(truth),
                Expectation::Open => None,
            };
            if is_account {
                assert_eq!(expected, (clients == 20).then_some(true), "{query}, {clients}");
            }
        }
    }
}
