//! What queries say of one market, whose numbers are written out here.

use kernel::{
    ClientId, Command, Endowment, Engine, Event, Genesis, MarketState, OrderKind, Place, Price,
    Qty, Reference, RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use replay::entry::DecisionEntry;
use replay::{Entry, Mark, Moment};

use crate::{Evaluator, Query};

/// Evaluates before the first entry of an empty market.
#[track_caller]
pub(super) fn check(text: &str, expected: bool) {
    let query = Query::parse(text).unwrap();
    let engine = Engine::new(&Genesis::open()).unwrap();
    assert_eq!(Evaluator::new(&query).start(&engine), expected, "{text}");
}

#[test]
fn arithmetic_is_exact_and_total() {
    for text in [
        "7 / 2 == 3",
        "-7 / 2 == -4",
        "7 / -2 == -4",
        "2 + 3 * 4 - 6 / 4 == 13",
        "10 - 2 - 3 == 5",
        "100 / 10 / 5 == 2",
        "-(1 + 2) == -3",
        "1_000 == 1000",
        "1s == 1000ms and 1ms == 1000us and 1us == 1000ns and 1ns == 1",
        "not 1 / 0 == 1",
        "not 1 / 0 != 1",
        "not exists(1 / 0) and exists(0 / 1)",
        "not exists(170141183460469231731687303715884105727 + 1)",
        "not exists(-170141183460469231731687303715884105727 - 2)",
        "exists(-170141183460469231731687303715884105727 - 1)",
        "not exists(-(-170141183460469231731687303715884105727 - 1))",
        "not exists((-170141183460469231731687303715884105727 - 1) / -1)",
        "not exists(100000000000000000000 * 100000000000000000000)",
        "not exists(1 + 1 / 0) and not exists(0 * (1 / 0)) and not exists(-(1 / 0))",
    ] {
        check(text, true);
    }
}

#[test]
fn comparisons_and_truths() {
    for (how, truths) in [
        ("<", [true, false, false]),
        ("<=", [true, true, false]),
        (">", [false, false, true]),
        (">=", [false, true, true]),
        ("==", [false, true, false]),
        ("!=", [true, false, true]),
    ] {
        for (left, expected) in (1..=3).zip(truths) {
            check(&format!("{left} {how} 2"), expected);
        }
        check(&format!("spread {how} 2 or 2 {how} spread or spread {how} spread"), false);
        check(&format!("not spread {how} 2"), true);
    }
    for (text, expected) in [
        ("true and false", false),
        ("true and true and true", true),
        ("true and true and false", false),
        ("false or false or true", true),
        ("false or false", false),
        ("not false", true),
        ("false and true or true", true),
        ("continuous and not auction and not halted and not short_ban", true),
    ] {
        check(text, expected);
    }
}

/// A market that has lived a little, one entry after the other.
struct Market {
    engine: Engine,
    number: u64,
}

impl Market {
    fn new() -> Self {
        let mut genesis = Genesis::open();
        genesis.endowments = vec![Endowment { client: ClientId(1), position: 50, cash: 7_000_000 }];
        genesis.rules.tax = 3;
        Self { engine: Engine::new(&genesis).unwrap(), number: 0 }
    }

    /// Takes an entry and shows it to the evaluators.
    fn take(&mut self, entry: &Entry, evaluators: &mut [Evaluator]) -> Vec<bool> {
        let mut events: Vec<Event> = Vec::new();
        if let Entry::Command(command) = entry {
            self.engine.apply(command, &mut events);
        }
        self.number += 1;
        let moment = Moment {
            number: self.number,
            entry,
            events: &events,
            engine: &self.engine,
            closes: None,
        };
        evaluators.iter_mut().map(|evaluator| evaluator.see(&moment)).collect()
    }
}

pub(super) fn place(client: u32, side: Side, qty: u32, price: u32) -> Entry {
    Entry::Command(Command::Place(Place {
        client: ClientId(client),
        reference: Reference(0),
        side,
        qty: Qty::new(qty).unwrap(),
        kind: OrderKind::Limit { price: Price::new(price).unwrap(), post_only: false },
        tif: TimeInForce::Gtc,
        display: None,
        stop: None,
        self_trade: SelfTrade::Allow,
    }))
}

fn mark(name: &str) -> Entry {
    Entry::Mark(Mark { name: name.parse().unwrap(), number: 1 })
}

fn life() -> Vec<Entry> {
    let iceberg = match place(3, Side::Buy, 9, 99) {
        Entry::Command(Command::Place(place)) => {
            Command::Place(Place { display: Some(Qty::new(4).unwrap()), ..place })
        }
        other @ (Entry::Command(_)
        | Entry::Decision(_)
        | Entry::Mark(_)
        | Entry::Update(_)
        | Entry::End) => panic!("{other:?}"),
    };
    let stop = match place(2, Side::Buy, 6, 150) {
        Entry::Command(Command::Place(place)) => {
            Command::Place(Place { stop: Some(Price::new(140).unwrap()), ..place })
        }
        other @ (Entry::Command(_)
        | Entry::Decision(_)
        | Entry::Mark(_)
        | Entry::Update(_)
        | Entry::End) => panic!("{other:?}"),
    };
    vec![
        place(1, Side::Sell, 10, 105),
        place(2, Side::Sell, 5, 104),
        place(3, Side::Buy, 7, 100),
        Entry::Command(iceberg),
        Entry::Command(stop),
        Entry::Command(Command::Clock { time: TimeNs(5_000_000_000), step: Step(12) }),
        mark("crash-start"),
        // Trades 5 at 104 with client 2, then 3 at 105 with client 1.
        place(4, Side::Buy, 8, 105),
        Entry::Command(Command::Cancel { client: ClientId(9), order: kernel::OrderId(1) }),
        Entry::Command(Command::Cancel { client: ClientId(3), order: kernel::OrderId(3) }),
        Entry::Decision(DecisionEntry {
            agent: 6,
            policy: 0,
            action: vec![1],
            first_reference: Reference(0),
            commands: 0,
            observation: None,
        }),
        Entry::Command(Command::SetRule(RuleChange::ShortBan(true))),
        Entry::Command(Command::SetRule(RuleChange::State(MarketState::Halted))),
        Entry::Command(Command::SetRule(RuleChange::State(MarketState::Auction))),
        mark("crash-start"),
    ]
}

/// The entries after which a query is true; 0 is the start.
#[track_caller]
fn when(text: &str, expected: &[u64]) {
    let query = Query::parse(text).unwrap();
    let mut market = Market::new();
    let mut evaluators = [Evaluator::new(&query)];
    let mut found = Vec::new();
    if evaluators[0].start(&market.engine) {
        found.push(0);
    }
    for entry in life() {
        if market.take(&entry, &mut evaluators) == [true] {
            found.push(market.number);
        }
    }
    assert_eq!(found, expected, "{text}");
}

fn range(from: u64, to: u64) -> Vec<u64> {
    (from..=to).collect()
}

#[test]
fn the_book() {
    when("spread == 4", &range(3, 7));
    when("spread == 5", &[8, 9]);
    when("spread == 6", &range(10, 15));
    when("exists(spread)", &range(3, 15));
    when("best_bid == 100", &range(3, 9));
    when("best_ask == 104", &range(2, 7));
    when("mid2 == 205", &[8, 9]);
    when("mid2 == 204", &[range(3, 7), range(10, 15)].concat());
    when("depth(ask, 1) == 5 and depth(ask, 2) == 15 and depth(ask, 9) == 15", &range(2, 7));
    when("depth(bid, 1) == 0", &range(0, 2));
    when("depth(bid, 2) == 11", &range(4, 9));
    when("levels(ask) == 2 and levels(bid) == 2", &range(4, 7));
    when("qty(ask, 105) == 10", &range(1, 7));
    when("qty(bid, 99) == 4", &range(4, 15));
    when("qty(bid, 105) == 0 and qty(ask, 2147483647) == 0", &range(0, 15));
    when("orders == 4", &range(4, 7));
    when("stops == 1", &range(5, 15));
    when("last_trade == 105", &range(8, 15));
    when("not exists(last_trade)", &range(0, 7));
}

#[test]
fn the_accounts() {
    when("position(client 4) == 8", &range(8, 15));
    when("position(client 1) == 50", &range(0, 7));
    when("position(client 4294967295) == 0", &range(0, 15));
    when("cash(client 4) == -(5 * 104 + 3 * 105) * 10_000 - 8 * 3", &range(8, 15));
    when("equity(client 4) == cash(client 4) + 8 * 105 * 10_000", &range(8, 15));
    when("equity(client 1) == 7_000_000 + (3 * 105 + 47 * 105) * 10_000 - 9", &range(8, 15));
    when("open_buy(client 2) == 6", &range(5, 15));
    when("open_sell(client 1) == 7", &range(8, 15));
    when("taxes == 48", &range(8, 15));
    when("fees == 0", &range(0, 15));
}

#[test]
fn the_clock_and_the_counters() {
    when("time == 5s and step == 12", &range(6, 15));
    when("entry >= 13", &range(13, 15));
    when("entry == 0", &[0]);
    when("placed == 6", &range(8, 15));
    when("trades == 2 and volume == 8", &range(8, 15));
    when("trades == 0 and volume == 0", &range(0, 7));
    when("rejected == 1", &range(9, 15));
    when("cancelled == 1", &range(10, 15));
}

#[test]
fn the_market_and_the_entry() {
    when("short_ban", &range(12, 15));
    when("halted", &[13]);
    when("auction", &[14, 15]);
    when("continuous", &range(0, 12));
    when("mark(crash-start)", &[7, 15]);
    when("mark(crash)", &[]);
    when("after(crash-start)", &range(7, 15));
    when("after(other) or after(crash-start) and not mark(crash-start)", &range(8, 14));
    when("agent == 6", &[11]);
    when("exists(agent)", &[11]);
    when("client == 3", &[3, 4, 10]);
    when("client == 9", &[9]);
    when("exists(client)", &[1, 2, 3, 4, 5, 8, 9, 10]);
}

#[test]
fn a_query_about_trades_is_asked_once_for_each_trade() {
    when("trade.qty == 5 and trade.price == 104 and trade.maker == 2", &[8]);
    when("trade.qty == 3 and trade.price == 105 and trade.maker == 1", &[8]);
    // One trade has the lots, the other one the price.
    when("trade.qty == 5 and trade.price == 105", &[]);
    when("trade.qty == 5 or trade.price == 999", &[8]);
    when("trade.taker == 4 and trade.side == buy", &[8]);
    when("trade.side == sell", &[]);
    when("trade.side != sell", &[8]);
    // False where there is no trade, whatever else it says.
    when("not trade.qty == 5", &[8]);
    when("not (trade.qty == 5 or trade.qty == 3)", &[]);
    when("true or trade.qty == 5", &[8]);
    when("exists(trade.qty)", &[8]);
}
