//! §5: every event and every reason.

use kernel::{
    CancelReason, ClientId, Event, OrderId, Price, Qty, Reference, RejectReason, RuleChange, Side,
    Step, TimeNs,
};
use replay::outcome::{EVENT_BYTES_MAX, write_event};

use super::page::{name, numbered, table};

fn events() -> Vec<Event> {
    let (order, client, reference) = (OrderId(1), ClientId(1), Reference(1));
    let (price, qty, side) = (Price::MIN, Qty::MIN, Side::Buy);
    let (maker, taker) = (order, order);
    vec![
        Event::Accepted { order, client, reference },
        Event::Rejected { order: None, reason: RejectReason::Halted },
        Event::Traded {
            maker,
            taker,
            maker_client: client,
            taker_client: client,
            maker_reference: reference,
            taker_reference: reference,
            taker_side: side,
            price,
            qty,
        },
        Event::Decremented { maker, taker, qty },
        Event::Rested { order, side, price, qty, displayed: qty },
        Event::Cancelled { order, client, reference, qty, reason: CancelReason::Mass },
        Event::Reduced { order, by: qty, open: qty },
        Event::Replaced { order, price, qty, kept_priority: true },
        Event::MassCancelled { client, orders: 1 },
        Event::ClockMoved { time: TimeNs(1), step: Step(1) },
        Event::RuleChanged(RuleChange::Tick(price)),
        Event::Refilled { order, displayed: qty, open: qty },
        Event::Triggered { order },
        Event::Uncrossed { price: Some(price), qty: 1 },
        Event::BandHit { order, price, reference: price },
    ]
}

fn event_bytes(event: &Event) -> Vec<u8> {
    let mut bytes = [0; EVENT_BYTES_MAX];
    let len = write_event(event, &mut bytes);
    bytes[..len].to_vec()
}

#[test]
fn the_events_are_those_of_the_code() {
    let heading = "## 5. Event bytes";
    let page = table(heading, &["Tag", "Event", "Fields in order", "Bytes"]);
    let events = events();
    assert_eq!(page.len(), events.len());
    for (row, event) in page.iter().zip(&events) {
        let bytes = event_bytes(event);
        assert_eq!((row[0], row[1]), (bytes[0].to_string().as_str(), name(event).as_str()));
        let len = if row[1] == "RuleChanged" { "3 to 10" } else { &bytes.len().to_string() };
        assert_eq!(row[3], len, "{event:?}");
    }
}

#[test]
fn the_reasons_are_those_of_the_code() {
    let heading = "## 5. Event bytes";
    let rejections = numbered(heading, &["Reason", "RejectReason"]);
    let all = [
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
    assert_eq!(rejections.len(), all.len());
    for (row, reason) in rejections.iter().zip(all) {
        let bytes = event_bytes(&Event::Rejected { order: None, reason });
        assert_eq!((row.0, row.1), (bytes[9], name(&reason).as_str()));
    }
    let cancels = numbered(heading, &["Reason", "CancelReason"]);
    let all = [
        CancelReason::Requested,
        CancelReason::Mass,
        CancelReason::Remainder,
        CancelReason::SelfTrade,
        CancelReason::Expired,
        CancelReason::Band,
        CancelReason::NoRoom,
    ];
    assert_eq!(cancels.len(), all.len());
    for (row, reason) in cancels.iter().zip(all) {
        let (order, client, reference, qty) = (OrderId(1), ClientId(1), Reference(1), Qty::MIN);
        let bytes = event_bytes(&Event::Cancelled { order, client, reference, qty, reason });
        assert_eq!((row.0, row.1), (bytes[25], name(&reason).as_str()));
    }
}
