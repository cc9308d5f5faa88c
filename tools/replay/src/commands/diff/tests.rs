//! Small scripts of two markets, and counts that add up whatever two markets do.

pub(in crate::commands) mod property;

use kernel::{
    ClientId, Command, OrderId, OrderKind, Place, Price, Qty, Reference, RuleChange, SelfTrade,
    Side, Step, TimeInForce, TimeNs, Venue,
};
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use super::align::Counts;
use super::difference::Count;
use super::lockstep::{self, Played};
use super::text::line;
use crate::commands::names::Names;

/// Nanoseconds of a step.
const STEP_NS: u64 = 1_000_000_000;

/// The log of these entries, with an end.
pub(in crate::commands) fn log(genesis: &Genesis, entries: &[Entry]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None).expect("a recorder");
    for entry in entries {
        match entry {
            Entry::Command(command) => {
                recorder.submit(*command).expect("recorded");
            }
            Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {
                recorder.take(entry).expect("recorded");
            }
        }
    }
    recorder.finish().expect("an end");
    log
}

pub(in crate::commands) fn player(log: &[u8]) -> Player<&[u8]> {
    Player::new(Reader::open(log, Vec::new(), ReadLimits::DEFAULT).expect("a log")).expect("rules")
}

fn play<'a>(a: &'a [u8], b: &'a [u8]) -> Played<&'a [u8]> {
    lockstep::play([player(a), player(b)], None, |_| ()).expect("both replay")
}

pub(in crate::commands) fn genesis() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "test")
}

/// What two scripts came to under open rules.
struct Told {
    counts: Counts,
    /// A line for each difference.
    text: String,
    /// Number of the entry at which they part.
    parting: Option<u64>,
}

fn tell(a: &[Entry], b: &[Entry]) -> Told {
    let (a, b) = (log(&genesis(), a), log(&genesis(), b));
    let Played { parting, counts, differences, .. } = play(&a, &b);
    let names = Names::of(&[]);
    let text = differences.list().map(|it| line(it, names)).collect();
    Told { counts, text, parting: parting.map(|parting| parting.entry) }
}

fn count(equal: u64, different: u64, only: [u64; 2]) -> Count {
    Count { equal, different, only }
}

fn at(step: u64) -> Entry {
    Entry::Command(Command::Clock { time: TimeNs(step * STEP_NS), step: Step(step) })
}

fn price(ticks: u32) -> Price {
    Price::new(ticks).expect("a price")
}

fn qty(lots: u32) -> Qty {
    Qty::new(lots).expect("a quantity")
}

fn order(client: u32, reference: u64, side: Side, lots: u32, ticks: u32) -> Place {
    Place {
        client: ClientId(client),
        reference: Reference(reference),
        side,
        qty: qty(lots),
        kind: OrderKind::Limit { price: price(ticks), post_only: false },
        tif: TimeInForce::Gtc,
        display: None,
        stop: None,
        self_trade: SelfTrade::Allow,
    }
}

fn buy(client: u32, reference: u64, lots: u32, ticks: u32) -> Entry {
    Entry::Command(Command::Place(order(client, reference, Side::Buy, lots, ticks)))
}

fn sell(client: u32, reference: u64, lots: u32, ticks: u32) -> Entry {
    Entry::Command(Command::Place(order(client, reference, Side::Sell, lots, ticks)))
}

fn cancel(client: u32, id: u64) -> Entry {
    Entry::Command(Command::Cancel { client: ClientId(client), order: OrderId(id) })
}

fn replace(client: u32, id: u64, lots: u32, ticks: u32) -> Entry {
    let (client, order) = (ClientId(client), OrderId(id));
    Entry::Command(Command::Replace { client, order, price: price(ticks), qty: qty(lots) })
}

fn decision(agent: u32, policy: u32, action: &[i32], first_reference: u64) -> Entry {
    Entry::Decision(DecisionEntry {
        agent,
        policy,
        action: action.to_vec(),
        first_reference: Reference(first_reference),
        commands: 1,
        observation: None,
    })
}

#[test]
fn a_log_equals_itself() {
    let script = [at(1), sell(1, 1, 5, 100), buy(301, 1, 2, 100), at(2), cancel(1, 1)];
    let told = tell(&script, &script);
    assert_eq!((told.parting, &told.text[..]), (None, ""));
    assert_eq!(told.counts.orders, count(2, 0, [0, 0]));
    assert_eq!(told.counts.trades, count(1, 0, [0, 0]));
    assert_eq!(told.counts.cancels, count(1, 0, [0, 0]));
}

#[test]
fn an_order_is_told_by_what_was_asked_and_what_became_of_it() {
    let past = [at(1), sell(1, 53, 5, 10_023)];
    let a = [&past[..], &[at(2), buy(301, 1, 5, 10_023)]].concat();
    let b = [&past[..], &[at(2), buy(301, 1, 3, 10_024), cancel(1, 1)]].concat();
    let told = tell(&a, &b);
    assert_eq!(told.parting, Some(4));
    assert_eq!(
        told.text,
        "~ trade of noise/1 (client 301) order 1 with maker/1 (client 1) order 53: qty 5 -> 3\n\
         ~ noise/1 (client 301) order 1: price 10023 -> 10024, qty 5 -> 3, traded 5 -> 3\n\
         ~ maker/1 (client 1) order 53: first traded 5 @ 10023 -> traded 3 @ 10023, traded 5 -> 3, \
         end filled -> cancelled with 2 open, requested\n"
    );
    assert_eq!(told.counts.orders, count(0, 2, [0, 0]));
    assert_eq!(told.counts.trades, count(0, 1, [0, 0]));
    assert_eq!(told.counts.cancels, count(0, 0, [0, 1]));
}

/// Other ids of the kernel, another place among the entries: the same orders.
#[test]
fn orders_are_known_by_client_and_reference() {
    let a = [at(1), sell(1, 7, 5, 100), buy(301, 1, 2, 90), at(2), cancel(1, 1)];
    let b =
        [at(1), buy(301, 1, 2, 90), buy(302, 1, 1, 80), sell(1, 7, 5, 100), at(2), cancel(1, 3)];
    let told = tell(&a, &b);
    assert_eq!(told.text, "+ noise/2 (client 302) order 1: buy 1 @ 80; open with 1\n");
    assert_eq!(told.counts.orders, count(2, 0, [0, 1]));
    assert_eq!(told.counts.cancels, count(1, 0, [0, 0]));
}

#[test]
fn a_reference_used_again_belongs_to_the_order_in_the_same_turn() {
    let a =
        [at(1), buy(1, 9, 1, 50), cancel(1, 1), buy(1, 9, 2, 60), cancel(1, 2), buy(1, 9, 3, 70)];
    let b = [at(1), buy(1, 9, 1, 50), cancel(1, 1), buy(1, 9, 2, 61), cancel(1, 2)];
    let told = tell(&a, &b);
    assert_eq!(
        told.text,
        "~ maker/1 (client 1) order 9: price 60 -> 61, rested at 60 -> 61\n\
         - maker/1 (client 1) order 9: buy 3 @ 70; open with 3\n"
    );
    assert_eq!(told.counts.orders, count(1, 1, [1, 0]));
    assert_eq!(told.counts.cancels, count(2, 0, [0, 0]));
}

/// Two orders of one reference that live at the same time are told apart by who was first.
#[test]
fn live_orders_of_one_reference_are_aligned_by_their_turn() {
    let past = [at(1), buy(1, 9, 1, 50), buy(1, 9, 2, 60)];
    let a = [&past[..], &[at(2), cancel(1, 2), cancel(1, 1)]].concat();
    let b = [&past[..], &[at(2), cancel(1, 1), cancel(1, 2)]].concat();
    let told = tell(&a, &b);
    assert_eq!((told.parting, &told.text[..]), (Some(5), ""), "equal but for their order");
    assert_eq!(told.counts.orders, count(2, 0, [0, 0]));
}

#[test]
fn a_way_that_differs_in_the_middle_only_is_a_difference() {
    let past = [at(1), buy(1, 1, 5, 50), at(2)];
    let a = [&past[..], &[replace(1, 1, 5, 51), at(3), replace(1, 1, 5, 60)]].concat();
    let b = [&past[..], &[replace(1, 1, 5, 52), at(3), replace(1, 1, 5, 60)]].concat();
    let told = tell(&a, &b);
    assert_eq!(
        told.text,
        "~ maker/1 (client 1) order 1: first replaced with 5 @ 51 -> replaced with 5 @ 52\n"
    );
    assert_eq!(told.counts.orders, count(0, 1, [0, 0]));
}

#[test]
fn what_comes_a_step_later_differs() {
    let past = [at(1), buy(1, 1, 5, 50), decision(1, 3, &[4], 0)];
    let a = [&past[..], &[at(2), cancel(1, 1), at(3)]].concat();
    let b = [&past[..], &[at(2), at(3), cancel(1, 1)]].concat();
    let told = tell(&a, &b);
    assert_eq!(
        told.text,
        "~ maker/1 (client 1) order 1: first cancelled with 5 open, requested -> nothing, \
         ended in step 2 -> 3\n"
    );
    assert_eq!(told.counts.cancels, count(0, 1, [0, 0]));
}

#[test]
fn trades_of_the_same_two_orders_are_aligned_by_their_turn() {
    let past = [at(1), buy(301, 1, 9, 40)];
    let fills = |first: u32, second: u32| {
        let sells = [sell(1, 1, first, 50), sell(1, 2, second, 50)];
        let buys = [at(2), replace(301, 1, 9, 50)];
        [&past[..], &sells[..], &buys[..]].concat()
    };
    let told = tell(&fills(2, 3), &fills(2, 4));
    assert_eq!(told.counts.trades, count(1, 1, [0, 0]));
    assert!(
        told.text.contains(
            "~ trade of noise/1 (client 301) order 1 with maker/1 (client 1) order 2: qty 3 -> 4\n"
        ),
        "{}",
        told.text
    );
    let without = tell(&fills(2, 3), &past);
    assert_eq!(without.counts.trades, count(0, 0, [2, 0]));
    assert!(without.text.contains(": buy 2 @ 50\n"), "{}", without.text);
}

/// A taker meets the same makers in another turn: each trade is with the same one.
#[test]
fn trades_are_known_by_both_their_orders() {
    let (one, other) = (sell(1, 1, 2, 50), sell(2, 1, 3, 50));
    let a = [at(1), one.clone(), other.clone(), buy(301, 1, 5, 50)];
    let b = [at(1), other, one, buy(301, 1, 5, 50)];
    let told = tell(&a, &b);
    assert_eq!(told.counts.trades, count(2, 0, [0, 0]));
    assert!(!told.text.contains("trade of"), "{}", told.text);
}

#[test]
fn a_refusal_is_what_became_of_an_order() {
    let fok = Place { tif: TimeInForce::Fok, ..order(301, 1, Side::Buy, 3, 100) };
    let taken = Entry::Command(Command::Place(fok));
    let a = [at(1), sell(1, 1, 3, 100), at(2), taken.clone()];
    let b = [at(1), sell(1, 1, 2, 100), at(2), taken];
    let told = tell(&a, &b);
    assert!(
        told.text.contains("noise/1 (client 301) order 1: first traded 3 @ 100 -> nothing, ")
            && told.text.contains("end filled -> refused, unfillable\n"),
        "{}",
        told.text
    );
}

#[test]
fn decisions_are_known_by_agent_and_step() {
    let a = [
        at(1),
        decision(1, 3, &[4, 5], 10),
        decision(2, 3, &[1], 0),
        at(2),
        decision(1, 3, &[7], 0),
    ];
    let b = [
        at(1),
        decision(2, 3, &[1], 5),
        decision(1, 3, &[4, 6], 11),
        at(2),
        at(3),
        decision(1, 3, &[7], 0),
    ];
    let told = tell(&a, &b);
    assert_eq!(told.counts.notes.decisions, count(1, 1, [1, 1]));
    assert_eq!(
        told.text,
        "~ decision of maker/1 (agent 1): number 2 5 -> 6\n\
         - decision of maker/1 (agent 1): policy 3, [7]\n\
         + decision of maker/1 (agent 1): policy 3, [7]\n"
    );
}

#[test]
fn rules_and_marks_are_told() {
    let tax = |tax| Entry::Command(Command::SetRule(RuleChange::Tax(tax)));
    let mark = |number| Entry::Mark(replay::Mark { name: "noon".parse().expect("a name"), number });
    let told = tell(&[at(1), tax(5), mark(1)], &[at(1), tax(6), mark(2), mark(1)]);
    assert_eq!(told.text, "~ rule tax: value tax 5 -> tax 6\n+ mark noon 2\n");
    assert_eq!(told.counts.notes.rules, count(0, 1, [0, 0]));
    assert_eq!(told.counts.notes.marks, count(1, 0, [0, 1]));
}

/// Equal entries that do something else under another genesis.
#[test]
fn logs_part_where_the_market_answers_otherwise() {
    let script = [at(1), sell(1, 1, 5, 100), sell(1, 2, 5, 1000)];
    let mut narrow = genesis();
    narrow.market.rules.price_max = price(500);
    let (a, b) = (log(&genesis(), &script), log(&narrow, &script));
    let Played { parting, counts, .. } = play(&a, &b);
    let parting = parting.expect("they part");
    assert!(parting.is_of_events());
    assert_eq!(parting.entry, 3);
    assert_eq!(counts.orders, count(1, 1, [0, 0]));
    let fields = super::genesis::differences(&genesis(), &narrow);
    let [field] = &fields[..] else { panic!("{fields:?}") };
    assert_eq!(field.name, "rule price_max");
    assert_eq!(field.values, ["2147483647", "500"]);
}
