//! Whatever two markets do: everything of each is counted once, and in one place.
#![expect(clippy::needless_pass_by_value, reason = "the shape that quickcheck calls")]

use quickcheck::{Arbitrary, Gen, QuickCheck};

use kernel::{
    ClientId, Command, MarketState, OrderId, OrderKind, RuleChange, SelfTrade, Side, TimeInForce,
    TimeNs,
};
use replay::Entry;

use super::{at, buy, cancel, decision, genesis, log, order, play, price, qty, replace, sell};
use crate::commands::diff::align::Counts;
use crate::commands::diff::difference::{Count, Which};

/// A script as few numbers as it takes, so that it shrinks.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Script(Vec<(u8, u8, u8, u8)>);

impl Arbitrary for Script {
    fn arbitrary(gen_: &mut Gen) -> Self {
        Self(Vec::arbitrary(gen_))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.shrink().map(Self))
    }
}

impl Script {
    /// Few clients, references, prices and ids: things meet often.
    pub(in crate::commands) fn entries(&self) -> Vec<Entry> {
        let mut step = 1;
        let entry = |(which, who, what, how): (u8, u8, u8, u8)| {
            let (client, id) = (u32::from(who % 3), u64::from(what % 12));
            let (reference, lots) = (id % 4, u32::from(how % 5) + 1);
            let ticks = 100 + u32::from(how % 7);
            let side = if how % 2 == 0 { Side::Buy } else { Side::Sell };
            let place = order(client, reference, side, lots, ticks);
            match which % 16 {
                0 | 1 => buy(client, reference, lots, ticks),
                2 | 3 => sell(client, reference, lots, ticks),
                4 => cancel(client, id),
                5 => replace(client, id, lots, ticks),
                6 => Entry::Command(Command::Reduce {
                    client: ClientId(client),
                    order: OrderId(id),
                    by: qty(1),
                }),
                7 => Entry::Command(Command::MassCancel { client: ClientId(client) }),
                8 | 9 => {
                    step += u64::from(how % 2);
                    at(step)
                }
                10 => decision(client, 1, &[how.into()], reference),
                11 => {
                    let kind = OrderKind::MarketToLimit;
                    Entry::Command(Command::Place(kernel::Place { kind, ..place }))
                }
                12 => {
                    let tif = TimeInForce::Gtt(TimeNs((step + 1) * super::STEP_NS));
                    let self_trade = SelfTrade::Decrement;
                    Entry::Command(Command::Place(kernel::Place { tif, self_trade, ..place }))
                }
                13 => {
                    let trigger = Some(price(ticks));
                    Entry::Command(Command::Place(kernel::Place { stop: trigger, ..place }))
                }
                14 => {
                    let (qty, display) = (qty(6), Some(qty(2)));
                    Entry::Command(Command::Place(kernel::Place { qty, display, ..place }))
                }
                _ => match how % 4 {
                    0 => Entry::Command(Command::SetRule(RuleChange::State(MarketState::Auction))),
                    1 => {
                        Entry::Command(Command::SetRule(RuleChange::State(MarketState::Continuous)))
                    }
                    2 => Entry::Command(Command::SetRule(RuleChange::Band(3))),
                    _ => Entry::Command(Command::Uncross),
                },
            }
        };
        self.0.iter().copied().map(entry).collect()
    }
}

/// What one log holds, counted on its own.
#[derive(Debug, Default, PartialEq, Eq)]
struct Held {
    orders: u64,
    trades: u64,
    cancels: u64,
    decisions: u64,
    rules: u64,
    auctions: u64,
}

fn held(log: &[u8]) -> Held {
    let mut held = Held::default();
    let mut player = super::player(log);
    while let Some(moment) = player.advance().expect("it replays") {
        match moment.entry {
            Entry::Command(Command::Place(_)) => held.orders += 1,
            Entry::Command(Command::SetRule(_)) => held.rules += 1,
            Entry::Decision(_) => held.decisions += 1,
            Entry::Command(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {}
        }
        for event in moment.events {
            held.trades += u64::from(matches!(event, kernel::Event::Traded { .. }));
            held.cancels += u64::from(matches!(event, kernel::Event::Cancelled { .. }));
            held.auctions += u64::from(matches!(event, kernel::Event::Uncrossed { .. }));
        }
    }
    held
}

fn counted(counts: &Counts, which: Which) -> Held {
    let of = |count: Count| count.of(which);
    Held {
        orders: of(counts.orders),
        trades: of(counts.trades),
        cancels: of(counts.cancels),
        decisions: of(counts.notes.decisions),
        rules: of(counts.notes.rules),
        auctions: of(counts.notes.auctions),
    }
}

fn swapped(counts: &Counts) -> Vec<Count> {
    list(counts).into_iter().map(|it| Count { only: [it.only[1], it.only[0]], ..it }).collect()
}

fn list(counts: &Counts) -> Vec<Count> {
    let Counts { orders, trades, cancels, notes } = *counts;
    vec![orders, trades, cancels, notes.decisions, notes.rules, notes.auctions, notes.halts]
}

fn adds_up(a: &[Entry], b: &[Entry]) -> bool {
    let (a, b) = (log(&genesis(), a), log(&genesis(), b));
    let (one, other) = (play(&a, &b), play(&b, &a));
    let counts = one.counts;
    let listed = one.differences.list().count() as u64;
    counted(&counts, Which::A) == held(&a)
        && counted(&counts, Which::B) == held(&b)
        && list(&counts) == swapped(&other.counts)
        && listed == one.differences.total()
}

#[test]
fn counts_of_any_two_markets_add_up() {
    fn check(a: Script, b: Script) -> bool {
        adds_up(&a.entries(), &b.entries())
    }
    QuickCheck::new().tests(300).quickcheck(check as fn(Script, Script) -> bool);
}

/// Twins: one log and the same with one entry changed, dropped or put in.
#[test]
fn counts_of_twins_add_up() {
    fn check(script: Script, place: usize, with: Script) -> bool {
        let a = script.entries();
        let place = place % (a.len() + 1);
        let rest = a.get(place + 1..).unwrap_or_default();
        let b = [&a[..place], &with.entries(), rest].concat();
        adds_up(&a, &b)
    }
    QuickCheck::new().tests(300).quickcheck(check as fn(Script, usize, Script) -> bool);
}

#[test]
fn a_market_equals_itself() {
    fn check(script: Script) -> bool {
        let log = log(&genesis(), &script.entries());
        let played = play(&log, &log);
        let counts = list(&played.counts);
        played.parting.is_none()
            && counts.iter().all(|count| count.different == 0 && count.only == [0, 0])
            && counted(&played.counts, Which::A) == held(&log)
    }
    QuickCheck::new().tests(200).quickcheck(check as fn(Script) -> bool);
}

/// The aligner alone, without the shortcut of a common past, finds a log equal to itself too.
#[test]
fn a_market_equals_itself_step_by_step() {
    fn check(script: Script) -> bool {
        let first = Entry::Command(Command::Uncross);
        let second = Entry::Command(Command::MassCancel { client: ClientId(9) });
        let common = script.entries();
        let a = [&[first][..], &common].concat();
        let b = [&[second][..], &common].concat();
        let (a, b) = (log(&genesis(), &a), log(&genesis(), &b));
        let played = play(&a, &b);
        let counts = list(&played.counts);
        let is_equal = |count: &Count| count.different == 0 && count.only == [0, 0];
        played.parting.is_some_and(|parting| parting.entry == 1) && counts.iter().all(is_equal)
    }
    QuickCheck::new().tests(300).quickcheck(check as fn(Script) -> bool);
}
