//! Every invariant, broken on purpose.

use alloc::vec::Vec;

use super::*;
use crate::command::{Command, OrderKind, Place, SelfTrade, TimeInForce};
use crate::rules::Genesis;
use crate::units::{POSITION_MAX, Price, Qty, Reference};

/// A trade at 100, a buy at 98 until 9, a sell at 103 and a sell that waits for 97.
fn market() -> Engine {
    let mut engine = Engine::new(&Genesis::open()).unwrap();
    let mut events = Vec::new();
    let orders = [
        (0, Side::Buy, 100, TimeInForce::Gtc, None),
        (1, Side::Sell, 100, TimeInForce::Gtc, None),
        (0, Side::Buy, 98, TimeInForce::Gtt(TimeNs(9)), None),
        (1, Side::Sell, 103, TimeInForce::Gtc, None),
        (1, Side::Sell, 96, TimeInForce::Gtc, Some(97)),
    ];
    for (client, side, ticks, tif, stop) in orders {
        let place = Place {
            client: ClientId(client),
            reference: Reference(0),
            side,
            qty: Qty::MIN,
            kind: OrderKind::Limit { price: Price::new(ticks).unwrap(), post_only: false },
            tif,
            display: None,
            stop: stop.map(|ticks| Price::new(ticks).unwrap()),
            self_trade: SelfTrade::Allow,
        };
        engine.apply(&Command::Place(place), &mut events);
    }
    assert_eq!((engine.check(), engine.orders_live()), (Ok(()), 2));
    engine
}

#[track_caller]
fn check(invariant: Invariant, breakage: impl FnOnce(&mut Engine)) {
    let mut engine = market();
    breakage(&mut engine);
    assert_eq!(engine.check(), Err(invariant));
}

#[test]
fn what_is_broken_is_named() {
    let waiting = |engine: &mut Engine| engine.stops.remove(OrderId(5)).unwrap();
    check(Invariant::Ids, |engine| engine.placed = 4);
    check(Invariant::Ids, |engine| {
        let stop = waiting(engine);
        engine.stops.insert(crate::digest::StopRecord { order: OrderId(4), ..stop });
    });
    check(Invariant::Uncrossed, |engine| {
        let slot = engine.book.find(OrderId(4)).unwrap();
        let resting = *engine.book.get(slot);
        engine.book.remove(slot);
        engine.book.rest(&crate::book::Resting {
            order: resting.order,
            client: resting.client,
            reference: resting.reference,
            side: Side::Sell,
            price: Price::new(98).unwrap(),
            qty: resting.open(),
            display: None,
            expiry: None,
            conduct: resting.conduct,
        });
    });
    check(Invariant::Triggers, |engine| engine.last_trade = Price::new(97).ok());
    check(Invariant::Triggers, |engine| {
        let stop = waiting(engine);
        engine.stops.insert(crate::digest::StopRecord { is_triggered: true, ..stop });
    });
    check(Invariant::Expiries, |engine| engine.time = TimeNs(9));
    check(Invariant::Expiries, |engine| engine.expiries.remove(OrderId(3), TimeNs(9)));
    check(Invariant::Expiries, |engine| engine.expiries.insert(OrderId(4), TimeNs(9)));
    check(Invariant::OpenInterest, |engine| {
        engine.accounts.rest(ClientId(0), Side::Buy, Qty::MIN);
    });
    check(Invariant::OpenInterest, |engine| engine.stops.set_qty(OrderId(5), Qty::MAX));
    check(Invariant::Exposure, |engine| {
        engine.accounts.open(ClientId(0)).position = POSITION_MAX;
    });
    check(Invariant::LotsConserved, |engine| engine.accounts.open(ClientId(0)).position += 1);
    check(Invariant::CashConserved, |engine| engine.accounts.set_pots(1, 0));
    check(Invariant::Limits, |engine| engine.limits.orders_max = 2);
    check(Invariant::Limits, |engine| engine.limits.levels_max = 1);
    check(Invariant::Limits, |engine| engine.limits.clients_max = 1);
    check(Invariant::Settled, |engine| engine.unseen_trades = Some((Price::MIN, Price::MIN)));
}

/// Where debug assertions are on, nobody has to ask.
#[test]
#[cfg(debug_assertions)]
fn a_debug_build_looks_by_itself() {
    extern crate std;
    let apply = |mut engine: Engine| {
        for _ in 0..100 {
            engine.apply(&Command::Uncross, &mut Vec::new());
        }
    };
    apply(market());
    let mut broken = market();
    broken.accounts.set_pots(1, 0);
    let told = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| apply(broken)));
    let told = *told.unwrap_err().downcast::<alloc::string::String>().unwrap();
    assert_eq!(told, alloc::format!("{}", Invariant::CashConserved));
}
