//! Markets and commands out of bytes.
//!
//! Numbers are bounded so that orders meet: eight clients, prices within sixteen ticks, ids a few
//! Place commands back. Large numbers are kept where they matter: rules, fees, a far price, and
//! quantities where there are no icebergs, which a taker meets as often as they refill.

use kernel::{
    ClientId, Command, Endowment, Engine, Genesis, Limits, MarketState, OrderId, OrderKind, Place,
    Ppm, Price, Qty, Reference, RuleChange, Section, SelfTrade, Side, Step, TimeInForce, TimeNs,
};

use crate::input::Input;

/// State bytes of every section, in the order of [`Section::ALL`].
pub type StateBytes = [Vec<u8>; 6];

/// A market out of five bytes and one for each endowment.
pub fn genesis(input: &mut Input<'_>) -> Genesis {
    let mut genesis = Genesis::open();
    genesis.limits = Limits { orders_max: 256, clients_max: 7, levels_max: 256 };
    let shape = input.u8();
    if shape & 1 == 1 {
        genesis.limits.orders_max = 1 + u32::from(shape >> 1 & 7);
        genesis.limits.levels_max = 1 + u32::from(shape >> 4 & 3);
    }
    genesis.exempt.extend((shape & 64 != 0).then_some(ClientId(1)));
    genesis.rules.state = state(input);
    genesis.rules.band = band(input);
    for client in (0..input.u8().into()).take(4).map(ClientId) {
        let lots = input.u8();
        let position = i64::from(lots) - 64;
        let cash = i128::from(lots) * 1_000_000;
        genesis.endowments.push(Endowment { client, position, cash });
    }
    genesis
}

/// A command for a market as it is.
///
/// * `icebergs` - whether orders may show a part of them; their quantities are then below 101.
pub fn command(input: &mut Input<'_>, engine: &Engine, icebergs: bool) -> Command {
    match input.below(16) {
        0..=7 => Command::Place(place(input, engine, icebergs)),
        8 => {
            let (client, order) = named(input, engine);
            Command::Cancel { client, order }
        }
        9 => {
            let (client, order) = named(input, engine);
            Command::Reduce { client, order, by: qty(input, icebergs) }
        }
        10 => {
            let (client, order) = named(input, engine);
            let (price, qty) = (price(input), qty(input, icebergs));
            Command::Replace { client, order, price, qty }
        }
        11 => Command::MassCancel { client: client(input) },
        12 => Command::Clock {
            time: TimeNs(engine.time().0.saturating_add_signed(ahead(input))),
            step: Step(engine.step().0.saturating_add_signed(ahead(input))),
        },
        13 | 14 => Command::SetRule(rule(input)),
        _ => Command::Uncross,
    }
}

/// A step of the clock, forward more often than back.
fn ahead(input: &mut Input<'_>) -> i64 {
    i64::from(input.u8()) - 16
}

fn client(input: &mut Input<'_>) -> ClientId {
    ClientId(input.below(8).into())
}

/// An order, and its owner more often than somebody else.
fn named(input: &mut Input<'_>, engine: &Engine) -> (ClientId, OrderId) {
    let byte = input.u8();
    let order = OrderId(engine.placed().saturating_sub(u64::from(byte & 15)));
    if byte & 0x80 != 0 {
        return (ClientId(u32::from(byte >> 4 & 7)), order);
    }
    let resting = engine.order(order).map(|resting| resting.client);
    let waiting = || engine.stops().find(|stop| stop.order == order);
    let owner = resting.or_else(|| waiting().map(|stop| stop.client));
    (owner.unwrap_or(ClientId(0)), order)
}

fn place(input: &mut Input<'_>, engine: &Engine, icebergs: bool) -> Place {
    let (shape, more) = (input.u8(), input.u8());
    Place {
        client: ClientId(u32::from(shape & 7)),
        side: if shape & 8 == 0 { Side::Buy } else { Side::Sell },
        reference: Reference(u64::from(more >> 5)),
        kind: match shape >> 4 & 7 {
            0..=4 => OrderKind::Limit { price: price(input), post_only: false },
            5 => OrderKind::Limit { price: price(input), post_only: true },
            6 => OrderKind::Market,
            _ => OrderKind::MarketToLimit,
        },
        qty: qty(input, icebergs),
        tif: match more & 7 {
            0..=4 => TimeInForce::Gtc,
            5 => TimeInForce::Ioc,
            6 => TimeInForce::Fok,
            _ => TimeInForce::Gtt(TimeNs(engine.time().0.saturating_add(input.below(8).into()))),
        },
        display: (more >> 3 & 3 == 1).then(|| qty(input, true)).filter(|_| icebergs),
        stop: (more >> 3 & 3 == 2).then(|| price(input)),
        self_trade: if shape & 128 == 0 {
            SelfTrade::Allow
        } else {
            match input.below(4) {
                0 => SelfTrade::CancelNewest,
                1 => SelfTrade::CancelOldest,
                2 => SelfTrade::CancelBoth,
                _ => SelfTrade::Decrement,
            }
        },
    }
}

/// One of sixteen near prices, or a far one.
fn price(input: &mut Input<'_>) -> Price {
    let byte = input.u8();
    let ticks = if byte < 240 { 1000 + u32::from(byte % 16) } else { input.u32() };
    Price::new(ticks.clamp(1, Price::MAX.ticks())).unwrap_or(Price::MIN)
}

fn qty(input: &mut Input<'_>, is_small: bool) -> Qty {
    let byte = input.u8();
    let lots = if byte < 240 { u32::from(byte % 12) } else { input.u32() };
    let lots = if is_small { 1 + lots % 100 } else { lots.clamp(1, Qty::MAX.lots()) };
    Qty::new(lots).unwrap_or(Qty::MIN)
}

fn state(input: &mut Input<'_>) -> MarketState {
    match input.below(8) {
        6 => MarketState::Halted,
        7 => MarketState::Auction,
        _ => MarketState::Continuous,
    }
}

fn band(input: &mut Input<'_>) -> u32 {
    match input.u8() {
        0..=127 => 0,
        byte @ 128..=247 => u32::from(byte % 8),
        _ => input.u32(),
    }
}

fn fee(input: &mut Input<'_>) -> Ppm {
    let parts = i32::from_le_bytes(input.u32().to_le_bytes());
    Ppm::new(parts % 1_000_001).unwrap_or(Ppm::ZERO)
}

fn rule(input: &mut Input<'_>) -> RuleChange {
    match input.below(12) {
        0 => RuleChange::Tick(Price::new(1 + u32::from(input.below(4))).unwrap_or(Price::MIN)),
        1 => RuleChange::Lot(Qty::new(1 + u32::from(input.below(4))).unwrap_or(Qty::MIN)),
        2 => RuleChange::QtyMax(qty(input, false)),
        3 => RuleChange::PriceRange { min: price(input), max: price(input) },
        4 => RuleChange::PositionMax(i64::from(input.u8())),
        5 => RuleChange::PositionMax(i64::from_le_bytes(input.u64().to_le_bytes())),
        6 => RuleChange::State(state(input)),
        7 => RuleChange::Band(band(input)),
        8 => RuleChange::ShortBan(input.flag()),
        9 => RuleChange::Exempt { client: client(input), exempt: input.flag() },
        10 => RuleChange::Tax(input.u32()),
        _ => RuleChange::Fees { maker: fee(input), taker: fee(input) },
    }
}

/// State bytes of every section.
pub fn state_bytes(engine: &Engine) -> StateBytes {
    Section::ALL.map(|section| {
        let mut bytes = Vec::new();
        engine.write_section(section, &mut bytes);
        bytes
    })
}
