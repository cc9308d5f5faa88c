//! §3: every entry and every tag inside one.

use kernel::{
    ClientId, Command, MarketState, OrderId, OrderKind, Place, Ppm, Price, Qty, Reference,
    RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use replay::codec::{ENTRY_BYTES_MAX, encode_entry};
use replay::entry::DecisionEntry;
use replay::{Entry, Mark, Update};

use super::page::{name, numbered, table, tables};

pub(super) fn bytes_of(entry: &Entry) -> Vec<u8> {
    let mut bytes = [0; ENTRY_BYTES_MAX];
    let len = encode_entry(entry, &mut bytes).unwrap();
    bytes[..len].to_vec()
}

fn order(side: Side, kind: OrderKind, tif: TimeInForce, self_trade: SelfTrade) -> Entry {
    let (client, reference, qty) = (ClientId(1), Reference(2), Qty::MIN);
    let (display, stop) = (None, None);
    let place = Place { client, reference, side, qty, kind, tif, display, stop, self_trade };
    Entry::Command(Command::Place(place))
}

/// A limit order with everything that there is room for.
fn longest_order() -> Place {
    let Entry::Command(Command::Place(place)) = order(Side::Buy, LIMIT, GTT, SelfTrade::Allow)
    else {
        unreachable!("an order is a Place")
    };
    Place { display: Some(Qty::MAX), stop: Some(Price::MAX), ..place }
}

const LIMIT: OrderKind = OrderKind::Limit { price: Price::MIN, post_only: false };
const GTT: TimeInForce = TimeInForce::Gtt(TimeNs(0x0A0B_0C0D_0A0B_0C0D));
const POST_ONLY: OrderKind = OrderKind::Limit { price: Price::MIN, post_only: true };

pub(super) fn decision(len: usize, observation: Option<[u8; 8]>) -> Entry {
    let (action, first_reference) = (vec![0; len], Reference(0));
    Entry::Decision(DecisionEntry {
        agent: 0,
        policy: 0,
        action,
        first_reference,
        commands: 0,
        observation,
    })
}

fn rules() -> [RuleChange; 11] {
    [
        RuleChange::Tick(Price::MIN),
        RuleChange::Lot(Qty::MIN),
        RuleChange::QtyMax(Qty::MIN),
        RuleChange::PriceRange { min: Price::MIN, max: Price::MAX },
        RuleChange::PositionMax(0),
        RuleChange::State(MarketState::Halted),
        RuleChange::ShortBan(true),
        RuleChange::Exempt { client: ClientId(0), exempt: true },
        RuleChange::Tax(0),
        RuleChange::Fees { maker: Ppm::ZERO, taker: Ppm::ZERO },
        RuleChange::Band(0),
    ]
}

/// One entry of every kind, with the length that §3 gives for it.
fn entries() -> Vec<(&'static str, Entry, &'static str, usize)> {
    let (client, order_id) = (ClientId(1), OrderId(1));
    let command = Entry::Command;
    let price = Price::MIN;
    let market = order(Side::Buy, OrderKind::Market, TimeInForce::Ioc, SelfTrade::Allow);
    let mark = Mark { name: "four".parse().unwrap(), number: 0 };
    let update = Update { learner: 0, number: 0, digest: [0; 32] };
    let (time, step) = (TimeNs(0), Step(0));
    vec![
        ("Place", market, "22, and more with an expiry, a price, a display, a stop", 22),
        ("Cancel", command(Command::Cancel { client, order: order_id }), "13", 13),
        ("Reduce", command(Command::Reduce { client, order: order_id, by: Qty::MIN }), "17", 17),
        (
            "Replace",
            command(Command::Replace { client, order: order_id, price, qty: Qty::MIN }),
            "21",
            21,
        ),
        ("MassCancel", command(Command::MassCancel { client }), "5", 5),
        ("Clock", command(Command::Clock { time, step }), "17", 17),
        ("SetRule", command(Command::SetRule(RuleChange::Tax(1))), "3 to 10", 6),
        ("Uncross", command(Command::Uncross), "1", 1),
        ("Decision", decision(3, None), "24 + 4 a, and 8 more with an observation", 36),
        ("Mark", Entry::Mark(mark), "11 + m", 15),
        ("Update", Entry::Update(update), "45", 45),
        ("End", Entry::End, "1", 1),
    ]
}

#[test]
fn the_entries_are_those_of_the_code() {
    let page = table("## 3. Entries", &["Tag", "Entry", "Bytes"]);
    let entries = entries();
    assert_eq!(page.len(), entries.len());
    for (row, (name, entry, bytes, len)) in page.iter().zip(&entries) {
        let encoded = bytes_of(entry);
        assert_eq!(row[..], [encoded[0].to_string().as_str(), name, bytes]);
        assert_eq!(encoded.len(), *len, "{name}");
    }
    let limit = order(Side::Buy, LIMIT, TimeInForce::Gtc, SelfTrade::Allow);
    assert_eq!(bytes_of(&limit).len(), 22 + 4);
    let longest = Entry::Command(Command::Place(longest_order()));
    assert_eq!(bytes_of(&longest).len(), 22 + 8 + 4 + 4 + 4);
    assert_eq!(bytes_of(&decision(3, Some([0; 8]))).len(), 24 + 4 * 3 + 8);
    let rules = rules().map(|rule| bytes_of(&Entry::Command(Command::SetRule(rule))).len());
    assert_eq!((rules.iter().min(), rules.iter().max()), (Some(&3), Some(&10)));
}

#[test]
fn the_tags_inside_entries_are_those_of_the_code() {
    let heading = "### 3.1 Commands";
    let check = |title: &str, at: usize, entries: &[(&str, Entry)]| {
        let page = numbered(heading, &["Tag", title]);
        let code: Vec<_> =
            entries.iter().map(|(name, entry)| (bytes_of(entry)[at], *name)).collect();
        assert_eq!(page, code, "{title}");
    };
    let of = |side, kind, tif, self_trade| order(side, kind, tif, self_trade);
    let (buy, gtc, allow) = (Side::Buy, TimeInForce::Gtc, SelfTrade::Allow);
    check(
        "Side",
        13,
        &[("Buy", of(buy, LIMIT, gtc, allow)), ("Sell", of(Side::Sell, LIMIT, gtc, allow))],
    );
    check(
        "TimeInForce",
        18,
        &[
            ("Gtc", of(buy, LIMIT, gtc, allow)),
            ("Ioc", of(buy, LIMIT, TimeInForce::Ioc, allow)),
            ("Fok", of(buy, LIMIT, TimeInForce::Fok, allow)),
            ("Gtt", of(buy, LIMIT, GTT, allow)),
        ],
    );
    check(
        "SelfTrade",
        19,
        &[
            ("Allow", of(buy, LIMIT, gtc, allow)),
            ("CancelNewest", of(buy, LIMIT, gtc, SelfTrade::CancelNewest)),
            ("CancelOldest", of(buy, LIMIT, gtc, SelfTrade::CancelOldest)),
            ("CancelBoth", of(buy, LIMIT, gtc, SelfTrade::CancelBoth)),
            ("Decrement", of(buy, LIMIT, gtc, SelfTrade::Decrement)),
        ],
    );
    check(
        "OrderKind",
        20,
        &[
            ("Limit", of(buy, LIMIT, gtc, allow)),
            ("PostOnly", of(buy, POST_ONLY, gtc, allow)),
            ("Market", of(buy, OrderKind::Market, gtc, allow)),
            ("MarketToLimit", of(buy, OrderKind::MarketToLimit, gtc, allow)),
        ],
    );
    let state = |state| Entry::Command(Command::SetRule(RuleChange::State(state)));
    check(
        "MarketState",
        2,
        &[
            ("Continuous", state(MarketState::Continuous)),
            ("Halted", state(MarketState::Halted)),
            ("Auction", state(MarketState::Auction)),
        ],
    );
    let page = numbered(heading, &["Rule", "RuleChange", "Fields in order"]);
    let code =
        rules().map(|rule| (bytes_of(&Entry::Command(Command::SetRule(rule)))[1], name(&rule)));
    assert_eq!(page.len(), code.len());
    assert!(page.iter().zip(&code).all(|(page, code)| (page.0, page.1) == (code.0, &code.1)));
}

/// The table of a Place gives two offsets behind the time in force: without and with an expiry.
#[test]
fn the_fields_of_an_order_stand_where_the_page_says() {
    let rows = tables("### 3.1 Commands").remove(0).split_off(2);
    let names: Vec<_> = rows.iter().map(|row| row[2]).collect();
    let fields = [
        "client",
        "reference",
        "side",
        "quantity",
        "time in force",
        "expiry",
        "self-trade",
        "kind",
        "price",
        "extras",
        "display",
        "stop",
    ];
    assert_eq!(names, fields);
    let (mut without, mut with) = (1, 1);
    for row in &rows {
        let bytes: usize = row[1].parse().unwrap();
        let offset = match row[2] {
            // A price, a display: what comes behind them has no offset of its own.
            "extras" | "display" | "stop" => String::new(),
            _ if without == with => without.to_string(),
            _ => format!("{without} or {with}"),
        };
        assert_eq!(row[0], offset, "{}", row[2]);
        without += if row[2] == "expiry" { 0 } else { bytes };
        with += bytes;
    }
    let place = longest_order();
    let bytes = bytes_of(&Entry::Command(Command::Place(place)));
    assert_eq!(bytes.len(), with);
    assert_eq!(bytes[19..27], 0x0A0B_0C0D_0A0B_0C0D_u64.to_le_bytes());
    assert_eq!(bytes[29..33], 1_u32.to_le_bytes(), "price");
    let extras = |place| {
        let bytes = bytes_of(&Entry::Command(Command::Place(place)));
        u32::from(bytes[33])
    };
    let page = rows[9][3];
    let display = extras(Place { stop: None, ..place });
    let stop = extras(Place { display: None, ..place });
    assert_eq!(page, format!("u8: {display} a display, {stop} a stop; other bits are refused"));
    assert_eq!(u32::from(bytes[33]), display + stop);
    assert_eq!(rows[10][3], format!("qty; only with extra {display}"));
    assert_eq!(rows[11][3], format!("price; only with extra {stop}"));
    assert_eq!(
        bytes[34..],
        [Qty::MAX.lots().to_le_bytes(), Price::MAX.ticks().to_le_bytes()].concat()
    );
}
