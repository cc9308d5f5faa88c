//! Every event, as the outcome digest takes it.

use kernel::{
    CancelReason, ClientId, Event, MarketState, OrderId, Price, Qty, Reference, RejectReason,
    RuleChange, Side, Step, TimeNs,
};
use replay::outcome::{EVENT_BYTES_MAX, write_event};

use super::{digits, hex};

const MAKER: OrderId = OrderId(0x11);
const TAKER: OrderId = OrderId(0x0102_0304_0506_0708);

fn vectors() -> Vec<(Event, &'static str)> {
    let (order, client, reference) = (TAKER, ClientId(0x2122_2324), Reference(0x31));
    let (price, qty) = (Price::MAX, Qty::new(0x41).unwrap());
    let side = Side::Buy;
    let traded = Event::Traded {
        maker: MAKER,
        taker: TAKER,
        maker_client: client,
        taker_client: ClientId(0x25),
        maker_reference: reference,
        taker_reference: Reference(0x32),
        taker_side: Side::Sell,
        price,
        qty,
    };
    let reason = RejectReason::NotOwner;
    vec![
        (
            Event::Accepted { order, client, reference },
            "01 0807060504030201 24232221 3100000000000000",
        ),
        (Event::Rejected { order: Some(order), reason }, "02 0807060504030201 03"),
        (Event::Rejected { order: None, reason: RejectReason::BadRule }, "02 0000000000000000 12"),
        (
            traded,
            "03 1100000000000000 0807060504030201 24232221 25000000 3100000000000000 \
             3200000000000000 01 ffffff7f 41000000",
        ),
        (
            Event::Decremented { maker: MAKER, taker: TAKER, qty },
            "04 1100000000000000 0807060504030201 41000000",
        ),
        (
            Event::Rested { order, side, price, qty, displayed: qty },
            "05 0807060504030201 00 ffffff7f 41000000 41000000",
        ),
        (
            Event::Rested { order, side: Side::Sell, price, qty, displayed: Qty::MIN },
            "05 0807060504030201 01 ffffff7f 41000000 01000000",
        ),
        (
            Event::Cancelled { order, client, reference, qty, reason: CancelReason::Mass },
            "06 0807060504030201 24232221 3100000000000000 41000000 02",
        ),
    ]
}

fn later_vectors() -> Vec<(Event, &'static str)> {
    let (order, client) = (TAKER, ClientId(0x2122_2324));
    let (price, qty) = (Price::MAX, Qty::new(0x41).unwrap());
    vec![
        (
            Event::Reduced { order, by: qty, open: Qty::MIN },
            "07 0807060504030201 41000000 01000000",
        ),
        (
            Event::Replaced { order, price, qty, kept_priority: false },
            "08 0807060504030201 ffffff7f 41000000 00",
        ),
        (
            Event::Replaced { order, price, qty, kept_priority: true },
            "08 0807060504030201 ffffff7f 41000000 01",
        ),
        (Event::MassCancelled { client, orders: 5 }, "09 24232221 05000000"),
        (
            Event::ClockMoved { time: TimeNs(6), step: Step(7) },
            "0a 0600000000000000 0700000000000000",
        ),
        (
            Event::RuleChanged(RuleChange::PriceRange { min: price, max: Price::MIN }),
            "0b 04 ffffff7f 01000000",
        ),
        (Event::RuleChanged(RuleChange::ShortBan(true)), "0b 07 01"),
        (Event::RuleChanged(RuleChange::State(MarketState::Auction)), "0b 06 02"),
        (Event::RuleChanged(RuleChange::Band(0x51)), "0b 0b 51000000"),
        (
            Event::Refilled { order, displayed: Qty::MIN, open: qty },
            "0c 0807060504030201 01000000 41000000",
        ),
        (Event::Triggered { order }, "0d 0807060504030201"),
        (
            Event::Uncrossed { price: Some(price), qty: 0x0102_0304_0506_0708 },
            "0e ffffff7f 0807060504030201",
        ),
        (Event::Uncrossed { price: None, qty: 0 }, "0e 00000000 0000000000000000"),
        (
            Event::BandHit { order, price, reference: Price::MIN },
            "0f 0807060504030201 ffffff7f 01000000",
        ),
    ]
}

fn event_bytes(event: &Event) -> Vec<u8> {
    let mut bytes = [0; EVENT_BYTES_MAX];
    let len = write_event(event, &mut bytes);
    bytes[..len].to_vec()
}

#[test]
fn every_event_has_these_bytes() {
    for (event, vector) in vectors().into_iter().chain(later_vectors()) {
        assert_eq!(hex(&event_bytes(&event)), digits(vector), "{event:?}");
    }
}

#[test]
fn a_rejection_ends_with_its_reason() {
    let reasons = [
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
    for (number, reason) in (1..).zip(reasons) {
        let bytes = event_bytes(&Event::Rejected { order: None, reason });
        assert_eq!(bytes, [2, 0, 0, 0, 0, 0, 0, 0, 0, number], "{reason:?}");
    }
}

#[test]
fn a_cancellation_ends_with_its_reason() {
    let reasons = [
        CancelReason::Requested,
        CancelReason::Mass,
        CancelReason::Remainder,
        CancelReason::SelfTrade,
        CancelReason::Expired,
        CancelReason::Band,
        CancelReason::NoRoom,
    ];
    for (number, reason) in (1..).zip(reasons) {
        let (order, client, reference) = (MAKER, ClientId(0), Reference(0));
        let qty = Qty::MIN;
        let bytes = event_bytes(&Event::Cancelled { order, client, reference, qty, reason });
        assert_eq!(bytes.last(), Some(&number), "{reason:?}");
    }
}
