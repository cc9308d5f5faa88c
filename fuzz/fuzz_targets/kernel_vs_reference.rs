//! The fast kernel against the reference: equal events and equal state bytes after every command.
//!
//! Numbers are bounded so that orders meet: eight clients, prices within sixteen ticks, ids a few
//! Place commands back. Large numbers are kept where they matter: rules, fees, a far price, and
//! quantities where there are no icebergs, which a taker meets as often as they refill.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use kernel::reference::ReferenceMarket;
use kernel::{
    ClientId, Command, Endowment, Engine, Event, Genesis, Limits, MarketState, OrderId, OrderKind,
    Place, Ppm, Price, Qty, Reference, RuleChange, Section, SelfTrade, Side, Step, TimeInForce,
    TimeNs,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    genesis: Start,
    moves: Vec<Move>,
}

#[derive(Arbitrary, Debug)]
struct Start {
    tight: bool,
    orders_max: Below<8>,
    levels_max: Below<4>,
    exempt: bool,
    icebergs: bool,
    state: State,
    band: Band,
    endowments: [u8; 4],
}

/// A number below a bound.
#[derive(Clone, Copy, Debug)]
struct Below<const BOUND: u8>(u32);

impl<'a, const BOUND: u8> Arbitrary<'a> for Below<BOUND> {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self(u32::from(u8::arbitrary(input)? % BOUND)))
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        u8::size_hint(depth)
    }
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Move {
    Place {
        client: Below<8>,
        sell: bool,
        lots: Lots,
        kind: Kind,
        tif: Tif,
        display: Option<Lots>,
        stop: Option<Ticks>,
        self_trade: Below<5>,
        reference: u8,
    },
    Cancel {
        by: By,
        back: Below<16>,
    },
    Reduce {
        by: By,
        back: Below<16>,
        lots: Lots,
    },
    Replace {
        by: By,
        back: Below<16>,
        ticks: Ticks,
        lots: Lots,
    },
    MassCancel {
        client: Below<8>,
    },
    Clock {
        time: i8,
        step: i8,
    },
    Rule(Rule),
    Uncross,
}

/// How long an order may stand; expiries are ahead of the clock.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Tif {
    Gtc,
    Gtt(Below<8>),
    Ioc,
    Fok,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum State {
    Continuous,
    ContinuousToo,
    Halted,
    Auction,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Band {
    None,
    Narrow(Below<8>),
    Wide(u32),
}

/// Who names an order.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum By {
    Owner,
    OwnerToo,
    Client(Below<8>),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Kind {
    Limit(Ticks),
    PostOnly(Ticks),
    Market,
    MarketToLimit,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Ticks {
    Near(Below<16>),
    Far(u32),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Lots {
    Few(Below<12>),
    Many(u32),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Rule {
    Tick(Below<4>),
    Lot(Below<4>),
    QtyMax(Lots),
    Prices(Ticks, Ticks),
    PositionMax(i8),
    PositionMaxFar(i64),
    State(State),
    Band(Band),
    ShortBan(bool),
    Exempt(Below<8>, bool),
    Tax(u32),
    Fees(i32, i32),
}

impl Ticks {
    fn price(self) -> Price {
        let number = match self {
            Self::Near(away) => 1000 + away.0,
            Self::Far(number) => number,
        };
        Price::new(number.clamp(1, Price::MAX.ticks())).unwrap_or(Price::MIN)
    }
}

impl Tif {
    fn time_in_force(self, now: TimeNs) -> TimeInForce {
        match self {
            Self::Gtc => TimeInForce::Gtc,
            Self::Gtt(ahead) => TimeInForce::Gtt(TimeNs(now.0.saturating_add(u64::from(ahead.0)))),
            Self::Ioc => TimeInForce::Ioc,
            Self::Fok => TimeInForce::Fok,
        }
    }
}

impl State {
    fn market_state(self) -> MarketState {
        match self {
            Self::Continuous | Self::ContinuousToo => MarketState::Continuous,
            Self::Halted => MarketState::Halted,
            Self::Auction => MarketState::Auction,
        }
    }
}

impl Band {
    fn ticks(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Narrow(ticks) => ticks.0,
            Self::Wide(ticks) => ticks,
        }
    }
}

impl Lots {
    fn qty(self) -> Qty {
        let number = match self {
            Self::Few(number) => number.0,
            Self::Many(number) => number,
        };
        Qty::new(number.clamp(1, Qty::MAX.lots())).unwrap_or(Qty::MIN)
    }
}

impl Start {
    fn genesis(&self) -> Genesis {
        let mut genesis = Genesis::open();
        genesis.limits = Limits { orders_max: 256, clients_max: 7, levels_max: 256 };
        if self.tight {
            genesis.limits.orders_max = 1 + self.orders_max.0;
            genesis.limits.levels_max = 1 + self.levels_max.0;
        }
        genesis.rules.state = self.state.market_state();
        genesis.rules.band = self.band.ticks();
        genesis.exempt.extend(self.exempt.then_some(ClientId(1)));
        for (client, lots) in (0..).map(ClientId).zip(self.endowments) {
            let position = i64::from(lots) - 64;
            let cash = i128::from(lots) * 1_000_000;
            genesis.endowments.push(Endowment { client, position, cash });
        }
        genesis
    }
}

impl Rule {
    fn change(self) -> RuleChange {
        let fee = |parts: i32| Ppm::new(parts % 1_000_001).unwrap_or(Ppm::ZERO);
        match self {
            Self::Tick(tick) => RuleChange::Tick(Price::new(1 + tick.0).unwrap_or(Price::MIN)),
            Self::Lot(lot) => RuleChange::Lot(Qty::new(1 + lot.0).unwrap_or(Qty::MIN)),
            Self::QtyMax(lots) => RuleChange::QtyMax(lots.qty()),
            Self::Prices(min, max) => RuleChange::PriceRange { min: min.price(), max: max.price() },
            Self::PositionMax(lots) => RuleChange::PositionMax(i64::from(lots)),
            Self::PositionMaxFar(lots) => RuleChange::PositionMax(lots),
            Self::State(state) => RuleChange::State(state.market_state()),
            Self::Band(band) => RuleChange::Band(band.ticks()),
            Self::ShortBan(ban) => RuleChange::ShortBan(ban),
            Self::Exempt(client, exempt) => {
                RuleChange::Exempt { client: ClientId(client.0), exempt }
            }
            Self::Tax(tax) => RuleChange::Tax(tax),
            Self::Fees(maker, taker) => RuleChange::Fees { maker: fee(maker), taker: fee(taker) },
        }
    }
}

impl Move {
    fn command(self, engine: &Engine, icebergs: bool) -> Command {
        let quantity = |lots: Lots| {
            let qty = lots.qty();
            if icebergs { Qty::new(1 + qty.lots() % 100).unwrap_or(Qty::MIN) } else { qty }
        };
        let order = |back: Below<16>| OrderId(engine.placed().saturating_sub(u64::from(back.0)));
        let client = |by: By, order: OrderId| match by {
            By::Owner | By::OwnerToo => {
                let resting = engine.order(order).map(|resting| resting.client);
                let waiting = || engine.stops().find(|stop| stop.order == order);
                resting.or_else(|| waiting().map(|stop| stop.client)).unwrap_or(ClientId(0))
            }
            By::Client(client) => ClientId(client.0),
        };
        match self {
            Self::Place { client, sell, lots, kind, tif, display, stop, self_trade, reference } => {
                Command::Place(Place {
                    client: ClientId(client.0),
                    reference: Reference(u64::from(reference)),
                    side: if sell { Side::Sell } else { Side::Buy },
                    qty: quantity(lots),
                    kind: match kind {
                        Kind::Limit(ticks) => {
                            OrderKind::Limit { price: ticks.price(), post_only: false }
                        }
                        Kind::PostOnly(ticks) => {
                            OrderKind::Limit { price: ticks.price(), post_only: true }
                        }
                        Kind::Market => OrderKind::Market,
                        Kind::MarketToLimit => OrderKind::MarketToLimit,
                    },
                    tif: tif.time_in_force(engine.time()),
                    display: display.map(quantity).filter(|_| icebergs),
                    stop: stop.map(Ticks::price),
                    self_trade: match self_trade.0 {
                        0 => SelfTrade::Allow,
                        1 => SelfTrade::CancelNewest,
                        2 => SelfTrade::CancelOldest,
                        3 => SelfTrade::CancelBoth,
                        _ => SelfTrade::Decrement,
                    },
                })
            }
            Self::Cancel { by, back } => {
                let order = order(back);
                Command::Cancel { client: client(by, order), order }
            }
            Self::Reduce { by, back, lots } => {
                let order = order(back);
                Command::Reduce { client: client(by, order), order, by: quantity(lots) }
            }
            Self::Replace { by, back, ticks, lots } => {
                let order = order(back);
                let (price, qty) = (ticks.price(), quantity(lots));
                Command::Replace { client: client(by, order), order, price, qty }
            }
            Self::MassCancel { client } => Command::MassCancel { client: ClientId(client.0) },
            Self::Clock { time, step } => Command::Clock {
                time: TimeNs(engine.time().0.saturating_add_signed(i64::from(time))),
                step: Step(engine.step().0.saturating_add_signed(i64::from(step))),
            },
            Self::Rule(rule) => Command::SetRule(rule.change()),
            Self::Uncross => Command::Uncross,
        }
    }
}

/// Lots and cash of all accounts and both pots.
fn totals(engine: &Engine) -> (i128, i128) {
    let lots = engine.accounts().map(|account| i128::from(account.position)).sum();
    let cash: i128 = engine.accounts().map(|account| account.cash).sum();
    (lots, cash + engine.taxes() + engine.fees())
}

fuzz_target!(|input: Input| {
    let genesis = input.genesis.genesis();
    let (Ok(mut engine), Ok(mut reference)) =
        (Engine::new(&genesis), ReferenceMarket::new(&genesis))
    else {
        panic!("every start is a genesis: {genesis:?}");
    };
    let endowed = totals(&engine);
    let (mut fast_events, mut slow_events): (Vec<Event>, Vec<Event>) = (Vec::new(), Vec::new());
    let (mut fast, mut slow): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for planned in &input.moves {
        let command = planned.command(&engine, input.genesis.icebergs);
        fast_events.clear();
        slow_events.clear();
        engine.apply(&command, &mut fast_events);
        reference.apply(&command, &mut slow_events);
        assert_eq!(fast_events, slow_events, "engine and reference after {command:?}");
        assert!(!fast_events.is_empty(), "a command yields an event: {command:?}");
        for section in Section::ALL {
            fast.clear();
            slow.clear();
            engine.write_section(section, &mut fast);
            reference.write_section(section, &mut slow);
            assert_eq!(fast, slow, "section {} after {command:?}", section.name());
        }
        assert_eq!(engine.check(), Ok(()), "invariants after {command:?}");
        assert_eq!(totals(&engine), endowed, "rule 7.5 after {command:?}");
    }
});
