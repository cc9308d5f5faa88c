//! No two commands and no two events look alike, neither as text nor as JSON.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use formats::render::{entry_json, entry_text, event_json, event_text};
use kernel::{
    CancelReason, ClientId, Command, Event, MarketState, OrderId, OrderKind, Place, Ppm, Price,
    Qty, Reference, RejectReason, RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use replay::Entry;

fn qty(lots: u32) -> Qty {
    Qty::new(lots).unwrap()
}

fn price(ticks: u32) -> Price {
    Price::new(ticks).unwrap()
}

fn ppm(parts: i32) -> Ppm {
    Ppm::new(parts).unwrap()
}

/// Every rule, twice.
fn rules() -> Vec<RuleChange> {
    vec![
        RuleChange::Tick(price(1)),
        RuleChange::Tick(price(2)),
        RuleChange::Lot(qty(1)),
        RuleChange::Lot(qty(2)),
        RuleChange::QtyMax(qty(1)),
        RuleChange::QtyMax(qty(2)),
        RuleChange::PriceRange { min: price(1), max: price(2) },
        RuleChange::PriceRange { min: price(2), max: price(1) },
        RuleChange::PositionMax(1),
        RuleChange::PositionMax(2),
        RuleChange::State(MarketState::Continuous),
        RuleChange::State(MarketState::Halted),
        RuleChange::State(MarketState::Auction),
        RuleChange::ShortBan(false),
        RuleChange::ShortBan(true),
        RuleChange::Exempt { client: ClientId(1), exempt: false },
        RuleChange::Exempt { client: ClientId(1), exempt: true },
        RuleChange::Exempt { client: ClientId(2), exempt: true },
        RuleChange::Tax(1),
        RuleChange::Tax(2),
        RuleChange::Fees { maker: ppm(1), taker: ppm(2) },
        RuleChange::Fees { maker: ppm(2), taker: ppm(1) },
        RuleChange::Band(1),
        RuleChange::Band(2),
    ]
}

/// Every combination of the values that an order may have.
fn places() -> Vec<Place> {
    let kinds = [
        OrderKind::Limit { price: price(1), post_only: false },
        OrderKind::Limit { price: price(2), post_only: false },
        OrderKind::Limit { price: price(1), post_only: true },
        OrderKind::Market,
        OrderKind::MarketToLimit,
    ];
    let times = [
        TimeInForce::Gtc,
        TimeInForce::Gtt(TimeNs(1)),
        TimeInForce::Gtt(TimeNs(2)),
        TimeInForce::Ioc,
        TimeInForce::Fok,
    ];
    let choices = [
        SelfTrade::Allow,
        SelfTrade::CancelNewest,
        SelfTrade::CancelOldest,
        SelfTrade::CancelBoth,
        SelfTrade::Decrement,
    ];
    let some = [None, Some(1), Some(2)];
    let mut places = Vec::new();
    for kind in kinds {
        for tif in times {
            for self_trade in choices {
                for display in some {
                    for stop in some {
                        for (side, number) in [(Side::Buy, 1), (Side::Sell, 1), (Side::Sell, 2)] {
                            places.push(Place {
                                client: ClientId(number),
                                reference: Reference(number.into()),
                                side,
                                qty: qty(number),
                                kind,
                                tif,
                                display: display.map(qty),
                                stop: stop.map(price),
                                self_trade,
                            });
                        }
                    }
                }
            }
        }
    }
    places
}

fn commands() -> Vec<Command> {
    let (client, order) = (ClientId(1), OrderId(1));
    let mut commands: Vec<_> = places().into_iter().map(Command::Place).collect();
    commands.extend(rules().into_iter().map(Command::SetRule));
    commands.extend([
        Command::Cancel { client, order },
        Command::Cancel { client, order: OrderId(2) },
        Command::Reduce { client, order, by: qty(1) },
        Command::Reduce { client, order, by: qty(2) },
        Command::Replace { client, order, price: price(1), qty: qty(2) },
        Command::Replace { client, order, price: price(2), qty: qty(1) },
        Command::MassCancel { client },
        Command::MassCancel { client: ClientId(2) },
        Command::Clock { time: TimeNs(1), step: Step(2) },
        Command::Clock { time: TimeNs(2), step: Step(1) },
        Command::Uncross,
    ]);
    commands
}

const REJECTIONS: [RejectReason; 21] = [
    RejectReason::UnknownClient,
    RejectReason::UnknownOrder,
    RejectReason::NotOwner,
    RejectReason::Halted,
    RejectReason::Unsupported,
    RejectReason::QtyLimit,
    RejectReason::LotSize,
    RejectReason::PriceRange,
    RejectReason::TickSize,
    RejectReason::ShortSale,
    RejectReason::PositionLimit,
    RejectReason::NoLiquidity,
    RejectReason::WouldTrade,
    RejectReason::OrderLimit,
    RejectReason::LevelLimit,
    RejectReason::Unfillable,
    RejectReason::TimeBackwards,
    RejectReason::BadRule,
    RejectReason::Expired,
    RejectReason::Display,
    RejectReason::WrongState,
];

const CANCELLATIONS: [CancelReason; 7] = [
    CancelReason::Requested,
    CancelReason::Mass,
    CancelReason::Remainder,
    CancelReason::SelfTrade,
    CancelReason::Expired,
    CancelReason::Band,
    CancelReason::NoRoom,
];

fn events() -> Vec<Event> {
    let (client, reference, side) = (ClientId(1), Reference(1), Side::Buy);
    let (one, two) = (OrderId(1), OrderId(2));
    let mut events = Vec::new();
    for order in [None, Some(one), Some(two)] {
        events.extend(REJECTIONS.map(|reason| Event::Rejected { order, reason }));
    }
    for (order, lots) in [(one, 1), (one, 2), (two, 1)] {
        events.extend(CANCELLATIONS.map(|reason| Event::Cancelled {
            order,
            client,
            reference,
            qty: qty(lots),
            reason,
        }));
    }
    events.extend(rules().into_iter().map(Event::RuleChanged));
    // Each of two numbers once in either place.
    for (order, other, low, high) in [(one, two, 1, 2), (two, one, 1, 2), (one, two, 2, 1)] {
        events.extend([
            Event::Traded {
                maker: order,
                taker: other,
                maker_client: client,
                taker_client: client,
                maker_reference: reference,
                taker_reference: reference,
                taker_side: side,
                price: price(low),
                qty: qty(high),
            },
            Event::Rested { order, side, price: price(low), qty: qty(3), displayed: qty(high) },
            Event::Rested { order, side, price: price(low), qty: qty(3), displayed: qty(3) },
            Event::Rested {
                order,
                side: Side::Sell,
                price: price(low),
                qty: qty(3),
                displayed: qty(3),
            },
            Event::Refilled { order, displayed: qty(low), open: qty(high) },
            Event::Reduced { order, by: qty(low), open: qty(high) },
            Event::Replaced { order, price: price(low), qty: qty(high), kept_priority: true },
            Event::Replaced { order, price: price(low), qty: qty(high), kept_priority: false },
            Event::BandHit { order, price: price(low), reference: price(high) },
        ]);
    }
    for (order, other, number) in [(one, two, 1_u32), (two, one, 2)] {
        events.extend([
            Event::Accepted { order, client, reference },
            Event::Triggered { order },
            Event::Decremented { maker: order, taker: other, qty: qty(1) },
            Event::Uncrossed { price: Some(price(number)), qty: 1 },
            Event::Uncrossed { price: Some(price(1)), qty: 2 + u64::from(number) },
            Event::MassCancelled { client: ClientId(number), orders: 1 },
            Event::MassCancelled { client, orders: 2 + number },
            Event::ClockMoved { time: TimeNs(number.into()), step: Step((3 - number).into()) },
        ]);
    }
    events.push(Event::Uncrossed { price: None, qty: 0 });
    events
}

#[track_caller]
fn check_distinct<T: Copy + Debug + PartialEq>(values: &[T], shown: impl Fn(&T) -> String) {
    let mut seen = BTreeMap::new();
    for value in values {
        let text = shown(value);
        assert!(!text.is_empty() && !text.contains('\n'), "{value:?} as {text:?}");
        if let Some(other) = seen.insert(text.clone(), *value) {
            assert_eq!(other, *value, "both as {text:?}");
            panic!("{value:?} is in the list twice");
        }
    }
}

#[test]
fn no_two_commands_look_alike() {
    let commands = commands();
    assert_eq!(commands.len(), 5 * 5 * 5 * 3 * 3 * 3 + 24 + 11);
    check_distinct(&commands, |command| entry_text(&Entry::Command(*command)));
    check_distinct(&commands, |command| entry_json(&Entry::Command(*command)).to_string());
}

#[test]
fn no_two_events_look_alike() {
    let events = events();
    check_distinct(&events, event_text);
    check_distinct(&events, |event| event_json(event).to_string());
}

#[test]
fn orders_and_their_fates_in_words() {
    let place = Place {
        client: ClientId(7),
        reference: Reference(12),
        side: Side::Sell,
        qty: qty(50),
        kind: OrderKind::Limit { price: price(101), post_only: true },
        tif: TimeInForce::Gtt(TimeNs(900)),
        display: Some(qty(10)),
        stop: Some(price(99)),
        self_trade: SelfTrade::Decrement,
    };
    let entry = Entry::Command(Command::Place(place));
    assert_eq!(
        entry_text(&entry),
        "sell 50 @ 101 post-only until 900 ns showing 10 stop 99 stp decrement by client 7, order 12"
    );
    assert_eq!(
        entry_json(&entry).to_string(),
        r#"{"client":7,"display":10,"expire_ns":900,"kind":"place","order":12,"post_only":true,"#
            .to_owned()
            + r#""price":101,"qty":50,"side":"sell","stop":99,"stp":"decrement","tif":"gtt","type":"limit"}"#
    );
    for (event, text) in [
        (Event::Triggered { order: OrderId(3) }, "#3 is triggered"),
        (
            Event::Refilled { order: OrderId(3), displayed: qty(2), open: qty(9) },
            "#3 shows 2 of 9 again, at the back",
        ),
        (Event::Uncrossed { price: Some(price(9)), qty: 5 }, "uncrossed: 5 @ 9"),
        (Event::Uncrossed { price: None, qty: 0 }, "uncrossed: nothing crosses"),
        (
            Event::BandHit { order: OrderId(3), price: price(9), reference: price(5) },
            "#3 would trade @ 9, outside the band around 5: halted",
        ),
        (
            Event::Rested {
                order: OrderId(3),
                side: Side::Buy,
                price: price(9),
                qty: qty(5),
                displayed: qty(2),
            },
            "#3 rests: buy 5 @ 9, showing 2",
        ),
    ] {
        assert_eq!(event_text(&event), text);
    }
}
