//! Every entry, every tag inside one.

use kernel::{
    ClientId, Command, MarketState, OrderId, OrderKind, Place, Ppm, Price, Qty, Reference,
    RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use replay::codec::{CodecError, ENTRY_BYTES_MAX, decode_entry, encode_decision, encode_entry};
use replay::entry::DecisionEntry;
use replay::{Entry, Mark, Update};

use super::{bytes, digits, hex};

const CLIENT: ClientId = ClientId(0x0102_0304);
const ORDER: OrderId = OrderId(0x1112_1314_1516_1718);

fn price(ticks: u32) -> Price {
    Price::new(ticks).unwrap()
}

fn qty(lots: u32) -> Qty {
    Qty::new(lots).unwrap()
}

fn ppm(parts: i32) -> Ppm {
    Ppm::new(parts).unwrap()
}

fn place(side: Side, kind: OrderKind, tif: TimeInForce, self_trade: SelfTrade) -> Entry {
    let reference = Reference(0x2122_2324_2526_2728);
    Entry::Command(Command::Place(Place {
        client: CLIENT,
        reference,
        side,
        qty: qty(10),
        kind,
        tif,
        display: None,
        stop: None,
        self_trade,
    }))
}

/// A buy, good till a time or immediate or cancel, with these extras.
fn extra(kind: OrderKind, until: Option<u64>, display: Option<u32>, stop: Option<u32>) -> Entry {
    Entry::Command(Command::Place(Place {
        client: CLIENT,
        reference: Reference(0x2122_2324_2526_2728),
        side: Side::Buy,
        qty: qty(10),
        kind,
        tif: until.map_or(TimeInForce::Ioc, |time| TimeInForce::Gtt(TimeNs(time))),
        display: display.map(qty),
        stop: stop.map(price),
        self_trade: SelfTrade::Allow,
    }))
}

fn rule(change: RuleChange) -> Entry {
    Entry::Command(Command::SetRule(change))
}

fn decision(action: &[i32], observation: Option<[u8; 8]>) -> Entry {
    Entry::Decision(DecisionEntry {
        agent: 7,
        policy: 2,
        action: action.to_vec(),
        first_reference: Reference(99),
        commands: 3,
        observation,
    })
}

fn mark(name: &str, number: u64) -> Entry {
    Entry::Mark(Mark { name: name.parse().unwrap(), number })
}

/// Entries and their bytes; blanks part the fields.
pub(super) fn vectors() -> Vec<(Entry, &'static str)> {
    let mut vectors = places();
    vectors.extend(extras());
    vectors.extend(other_commands());
    vectors.extend(rules());
    vectors.extend(notes());
    vectors
}

fn places() -> Vec<(Entry, &'static str)> {
    let limit = OrderKind::Limit { price: price(1_000), post_only: false };
    let post_only = OrderKind::Limit { price: Price::MAX, post_only: true };
    let (market, to_limit) = (OrderKind::Market, OrderKind::MarketToLimit);
    vec![
        (
            place(Side::Buy, limit, TimeInForce::Gtc, SelfTrade::Allow),
            "01 04030201 2827262524232221 00 0a000000 00 00 00 e8030000 00",
        ),
        (
            place(Side::Sell, post_only, TimeInForce::Gtc, SelfTrade::CancelNewest),
            "01 04030201 2827262524232221 01 0a000000 00 01 01 ffffff7f 00",
        ),
        (
            place(Side::Buy, market, TimeInForce::Ioc, SelfTrade::CancelOldest),
            "01 04030201 2827262524232221 00 0a000000 01 02 02 00",
        ),
        (
            place(Side::Sell, to_limit, TimeInForce::Gtc, SelfTrade::CancelBoth),
            "01 04030201 2827262524232221 01 0a000000 00 03 03 00",
        ),
        (
            place(Side::Sell, limit, TimeInForce::Fok, SelfTrade::Decrement),
            "01 04030201 2827262524232221 01 0a000000 02 04 00 e8030000 00",
        ),
    ]
}

/// Every expiry, display and stop, and what they leave of each other's places.
fn extras() -> Vec<(Entry, &'static str)> {
    let limit = OrderKind::Limit { price: price(1_000), post_only: false };
    let market = OrderKind::Market;
    let until = Some(0x4142_4344_4546_4748);
    let (display, stop) = (Some(0x51), Some(0x61));
    vec![
        (
            extra(limit, None, display, None),
            "01 04030201 2827262524232221 00 0a000000 01 00 00 e8030000 01 51000000",
        ),
        (
            extra(limit, None, None, stop),
            "01 04030201 2827262524232221 00 0a000000 01 00 00 e8030000 02 61000000",
        ),
        (
            extra(limit, None, display, stop),
            "01 04030201 2827262524232221 00 0a000000 01 00 00 e8030000 03 51000000 61000000",
        ),
        (
            extra(market, None, display, None),
            "01 04030201 2827262524232221 00 0a000000 01 00 02 01 51000000",
        ),
        (
            extra(market, None, None, stop),
            "01 04030201 2827262524232221 00 0a000000 01 00 02 02 61000000",
        ),
        (
            extra(market, None, display, stop),
            "01 04030201 2827262524232221 00 0a000000 01 00 02 03 51000000 61000000",
        ),
        (
            extra(limit, until, None, None),
            "01 04030201 2827262524232221 00 0a000000 03 4847464544434241 00 00 e8030000 00",
        ),
        (
            extra(limit, until, display, None),
            "01 04030201 2827262524232221 00 0a000000 03 4847464544434241 00 00 e8030000 01 \
             51000000",
        ),
        (
            extra(limit, until, None, stop),
            "01 04030201 2827262524232221 00 0a000000 03 4847464544434241 00 00 e8030000 02 \
             61000000",
        ),
        (
            extra(limit, until, display, stop),
            "01 04030201 2827262524232221 00 0a000000 03 4847464544434241 00 00 e8030000 03 \
             51000000 61000000",
        ),
        (
            extra(market, Some(0), None, None),
            "01 04030201 2827262524232221 00 0a000000 03 0000000000000000 00 02 00",
        ),
        (
            extra(market, Some(u64::MAX), Some(1), Some(1)),
            "01 04030201 2827262524232221 00 0a000000 03 ffffffffffffffff 00 02 03 01000000 \
             01000000",
        ),
    ]
}

fn other_commands() -> Vec<(Entry, &'static str)> {
    let (client, order) = (CLIENT, ORDER);
    vec![
        (Entry::Command(Command::Cancel { client, order }), "02 04030201 1817161514131211"),
        (
            Entry::Command(Command::Reduce { client, order, by: qty(5) }),
            "03 04030201 1817161514131211 05000000",
        ),
        (
            Entry::Command(Command::Replace { client, order, price: price(6), qty: qty(7) }),
            "04 04030201 1817161514131211 06000000 07000000",
        ),
        (Entry::Command(Command::MassCancel { client }), "05 04030201"),
        (
            Entry::Command(Command::Clock { time: TimeNs(0x31), step: Step(0x32) }),
            "06 3100000000000000 3200000000000000",
        ),
        (Entry::Command(Command::Uncross), "08"),
    ]
}

fn rules() -> Vec<(Entry, &'static str)> {
    vec![
        (rule(RuleChange::Tick(price(5))), "07 01 05000000"),
        (rule(RuleChange::Lot(qty(6))), "07 02 06000000"),
        (rule(RuleChange::QtyMax(Qty::MAX)), "07 03 ffffff7f"),
        (rule(RuleChange::PriceRange { min: price(9), max: price(8) }), "07 04 09000000 08000000"),
        (rule(RuleChange::PositionMax(-2)), "07 05 feffffffffffffff"),
        (rule(RuleChange::State(MarketState::Continuous)), "07 06 00"),
        (rule(RuleChange::State(MarketState::Halted)), "07 06 01"),
        (rule(RuleChange::State(MarketState::Auction)), "07 06 02"),
        (rule(RuleChange::ShortBan(false)), "07 07 00"),
        (rule(RuleChange::ShortBan(true)), "07 07 01"),
        (rule(RuleChange::Exempt { client: CLIENT, exempt: true }), "07 08 04030201 01"),
        (rule(RuleChange::Tax(u32::MAX)), "07 09 ffffffff"),
        (
            rule(RuleChange::Fees { maker: ppm(-1_000_000), taker: ppm(1_000_000) }),
            "07 0a c0bdf0ff 40420f00",
        ),
        (rule(RuleChange::Band(0)), "07 0b 00000000"),
        (rule(RuleChange::Band(0xFEFD_FCFB)), "07 0b fbfcfdfe"),
    ]
}

fn notes() -> Vec<(Entry, &'static str)> {
    let update = Update { learner: 4, number: 5, digest: [0xAB; 32] };
    vec![
        (decision(&[], None), "10 07000000 02000000 6300000000000000 03000000 00 0000"),
        (
            decision(&[1, -1, i32::MIN], Some([1, 2, 3, 4, 5, 6, 7, 8])),
            "10 07000000 02000000 6300000000000000 03000000 01 0102030405060708 0300 \
             01000000 ffffffff 00000080",
        ),
        (mark("crash-start", 1), "11 0b00 63726173682d7374617274 0100000000000000"),
        (mark("R_0.9", u64::MAX), "11 0500 525f302e39 ffffffffffffffff"),
        (
            Entry::Update(update),
            "12 04000000 0500000000000000 \
             abababababababababababababababababababababababababababababababab",
        ),
        (Entry::End, "1f"),
    ]
}

#[test]
fn every_entry_has_these_bytes_and_no_others() {
    for (entry, vector) in vectors() {
        let mut buffer = [0; ENTRY_BYTES_MAX];
        let len = encode_entry(&entry, &mut buffer).unwrap();
        assert_eq!(hex(&buffer[..len]), digits(vector), "{entry:?}");
        // What follows an entry in a block is the next one's.
        assert_eq!(decode_entry(&buffer), Ok((entry.clone(), len)), "{entry:?}");
        assert_eq!(decode_entry(&bytes(vector)), Ok((entry, len)));
    }
}

#[test]
fn no_entry_is_the_start_of_another() {
    for (entry, vector) in vectors() {
        let bytes = bytes(vector);
        for len in 0..bytes.len() {
            let cut = decode_entry(&bytes[..len]);
            assert_eq!(cut, Err(CodecError::CutShort), "{entry:?} cut to {len}");
        }
    }
}

#[test]
fn an_entry_that_does_not_fit_is_not_written() {
    for (entry, vector) in vectors() {
        let len = bytes(vector).len();
        let mut small = vec![0; len - 1];
        assert_eq!(encode_entry(&entry, &mut small), Err(CodecError::TooLong), "{entry:?}");
    }
}

#[test]
fn a_borrowed_decision_has_the_bytes_of_an_owned_one() {
    for (entry, vector) in notes() {
        let Entry::Decision(decision) = entry else { continue };
        let mut buffer = [0; ENTRY_BYTES_MAX];
        let len = encode_decision(&decision.view(), &mut buffer).unwrap();
        assert_eq!(hex(&buffer[..len]), digits(vector));
    }
}

#[test]
fn a_plain_limit_order_takes_at_most_32_bytes_and_a_cancel_16() {
    for (entry, vector) in vectors() {
        let len = bytes(vector).len();
        let Entry::Command(command) = entry else { continue };
        match command {
            Command::Place(Place { tif: TimeInForce::Gtt(_), .. }) => assert!(len <= 42),
            Command::Place(Place { display: Some(_), stop: Some(_), .. }) => assert!(len <= 34),
            Command::Place(_) => assert!(len <= 30),
            Command::Cancel { .. } => assert!(len <= 16),
            Command::Reduce { .. }
            | Command::Replace { .. }
            | Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::SetRule(_)
            | Command::Uncross => assert!(len <= 24),
        }
    }
}
