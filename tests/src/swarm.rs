//! What random scenarios are drawn from.
//!
//! Each scenario switches some kinds of commands and orders off (swarm testing): with everything
//! on at all times, states that take many commands of one kind would never be reached.

use kernel::{
    ClientId, Command, Endowment, Genesis, Limits, MarketState, OrderId, OrderKind, POSITION_MAX,
    Place, Ppm, Price, Qty, Reference, RuleChange, Rules, SelfTrade, Side, Step, TimeInForce,
    TimeNs,
};

use crate::random::{Aim, Dice, Move, Prices, Scenario, price, qty};

/// What a scenario draws from.
struct Swarm {
    prices: Prices,
    centre: u32,
    clients: u32,
    tick: u32,
    lot: u32,
    qty_max: u32,
    commands: Vec<u32>,
    kinds: Vec<u32>,
    tifs: Vec<TimeInForce>,
    self_trades: Vec<SelfTrade>,
    /// One limit order in so many is an iceberg, one order in so many a stop; 0 for none.
    icebergs: u32,
    stops: u32,
    /// Whether the market goes through auctions.
    auctions: bool,
}

/// How long orders stand; expiries are drawn later.
const TIFS: &[TimeInForce] = &[
    TimeInForce::Gtc,
    TimeInForce::Gtt(TimeNs(0)),
    TimeInForce::Gtt(TimeNs(0)),
    TimeInForce::Ioc,
    TimeInForce::Fok,
];

impl Scenario {
    /// A scenario of so many moves.
    pub fn random(prices: Prices, moves: u32, dice: &mut Dice) -> Self {
        // Every other scenario is calm: roomy limits and lasting rules, so that orders pile up.
        let calm = dice.one_in(2);
        let mut genesis = if calm { calm_genesis() } else { random_genesis(prices, dice) };
        let stops = dice.pick(&[0, 0, 2, 4]);
        // Stops are at their most interesting when a band or a lack of room cuts them short.
        if stops != 0 && dice.one_in(4) {
            genesis.limits.levels_max = dice.within(2, 5);
        }
        if dice.one_in(if stops == 0 { 4 } else { 2 }) {
            genesis.rules.band = dice.pick(bands(prices));
        }
        if dice.one_in(8) {
            genesis.rules.state = MarketState::Auction;
        }
        // Commands 0 to 9 place, so that most scenarios have something to act on.
        let mut commands: Vec<u32> = (0..10).collect();
        commands.extend(dice.some(if calm {
            &[10, 11, 12, 12, 14]
        } else {
            &[10, 10, 11, 11, 12, 12, 12, 13, 14, 15, 15]
        }));
        let auctions = genesis.rules.state == MarketState::Auction || dice.one_in(4);
        if auctions {
            commands.extend([16, 16, 17, 17, 18]);
        } else if genesis.rules.band != 0 {
            // What the band has halted goes on after a while.
            commands.extend([18, 18]);
        }
        let (mut kinds, mut tifs) = (dice.some(&[0, 0, 0, 1, 2, 3]), dice.some(TIFS));
        if auctions && dice.one_in(2) {
            // What auctions take, and nothing else.
            (kinds, tifs) = (vec![0, 0, 0, 1], vec![TimeInForce::Gtc, TIFS[1]]);
        }
        let mut swarm = Swarm {
            prices,
            centre: 100,
            clients: dice.within(1, 5),
            tick: genesis.rules.tick.ticks(),
            lot: genesis.rules.lot.lots(),
            qty_max: largest_qty(&genesis, dice),
            commands,
            kinds,
            tifs,
            icebergs: dice.pick(&[0, 0, 1, 2, 4]),
            stops,
            auctions,
            self_trades: dice.some(&[
                SelfTrade::Allow,
                SelfTrade::CancelNewest,
                SelfTrade::CancelOldest,
                SelfTrade::CancelBoth,
                SelfTrade::Decrement,
            ]),
        };
        Self { genesis, moves: (0..moves).map(|_| swarm.random_move(dice)).collect() }
    }
}

impl Swarm {
    fn random_move(&mut self, dice: &mut Dice) -> Move {
        if matches!(self.prices, Prices::Jumping) && dice.one_in(20) {
            self.centre = dice.within(10, Price::MAX.ticks() - 10);
        }
        let client = ClientId(dice.below(self.clients));
        let order = OrderId(u64::from(dice.below(4)));
        let command = match dice.pick(&self.commands) {
            10 => Command::Cancel { client, order },
            11 => Command::Reduce { client, order, by: self.qty(dice) },
            12 => Command::Replace { client, order, price: self.price(dice), qty: self.qty(dice) },
            13 => Command::MassCancel { client },
            14 => Command::Clock {
                time: TimeNs(u64::from(dice.below(5))),
                step: Step(u64::from(dice.below(3))),
            },
            15 => Command::SetRule(self.rule(dice)),
            16 => Command::Uncross,
            17 => Command::SetRule(RuleChange::State(MarketState::Auction)),
            18 => Command::SetRule(RuleChange::State(MarketState::Continuous)),
            _ => Command::Place(self.place(client, dice)),
        };
        let aim = if dice.one_in(4) { Aim::Back(dice.below(8)) } else { Aim::Live(dice.below(64)) };
        Move { command, aim, fair: !dice.one_in(8) }
    }

    /// A limit order says good till cancelled more often than the others do. One order in eight or
    /// so goes without care for what goes together.
    fn place(&self, client: ClientId, dice: &mut Dice) -> Place {
        let careless = dice.one_in(8);
        let mut tif = match dice.pick(&self.tifs) {
            TimeInForce::Gtt(_) => TimeInForce::Gtt(TimeNs(u64::from(dice.below(12)))),
            tif @ (TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok) => tif,
        };
        let may_rest = matches!(tif, TimeInForce::Gtc | TimeInForce::Gtt(_));
        let kind = match dice.pick(&self.kinds) {
            0 => {
                if !may_rest && dice.one_in(2) {
                    tif = TimeInForce::Gtc;
                }
                OrderKind::Limit { price: self.price(dice), post_only: false }
            }
            1 => {
                if !may_rest && !careless {
                    tif = TimeInForce::Gtc;
                }
                OrderKind::Limit { price: self.price(dice), post_only: true }
            }
            2 => {
                if may_rest && !careless {
                    tif = TimeInForce::Ioc;
                }
                OrderKind::Market
            }
            _ => OrderKind::MarketToLimit,
        };
        let mut place = Place {
            client,
            reference: Reference(u64::from(dice.below(3))),
            side: dice.pick(&[Side::Buy, Side::Sell]),
            qty: self.qty(dice),
            kind,
            tif,
            display: None,
            stop: None,
            self_trade: dice.pick(&self.self_trades),
        };
        self.specialise(&mut place, careless, dice);
        place
    }

    /// Makes an iceberg or a stop of some orders.
    fn specialise(&self, place: &mut Place, careless: bool, dice: &mut Dice) {
        let is_limit = matches!(place.kind, OrderKind::Limit { .. });
        let may_rest = matches!(place.tif, TimeInForce::Gtc | TimeInForce::Gtt(_));
        let stops_go = match place.kind {
            OrderKind::Limit { post_only: false, .. } => place.tif != TimeInForce::Fok,
            OrderKind::Market => place.tif == TimeInForce::Ioc,
            OrderKind::Limit { post_only: true, .. } | OrderKind::MarketToLimit => false,
        };
        if self.stops != 0 && (stops_go || careless) && dice.one_in(self.stops) {
            place.stop = Some(self.price(dice));
        }
        let displays_go = is_limit && may_rest && place.stop.is_none();
        if self.icebergs != 0 && (displays_go || careless) && dice.one_in(self.icebergs) {
            let most = if careless { self.qty_max } else { place.qty.lots() };
            let shown = if dice.one_in(2) { dice.within(1, most) } else { 1 + most / 8 };
            let whole = shown.next_multiple_of(self.lot);
            place.display = Some(qty(if careless { shown } else { whole }));
        }
    }

    fn price(&self, dice: &mut Dice) -> Price {
        let ticks = match self.prices {
            Prices::Narrow => dice.within(95, 105),
            Prices::Jumping => dice.within(self.centre - 5, self.centre + 5),
            Prices::Whole if dice.one_in(4) => dice.pick(&[1, 2, 1 << 16, (1 << 31) - 1]),
            Prices::Whole => dice.within(1, Price::MAX.ticks()),
        };
        // Mostly on the tick of the genesis.
        price(if dice.one_in(8) { ticks } else { ticks - ticks % self.tick })
    }

    fn band(&self, dice: &mut Dice) -> u32 {
        if dice.one_in(3) { 0 } else { dice.pick(bands(self.prices)) }
    }

    fn qty(&self, dice: &mut Dice) -> Qty {
        let lots = dice.within(1, self.qty_max);
        qty(if dice.one_in(8) { lots } else { lots - lots % self.lot })
    }

    fn rule(&self, dice: &mut Dice) -> RuleChange {
        let fee = |dice: &mut Dice| {
            let parts = dice.pick(&[-1_000_000, -333, -1, 0, 0, 1, 333, 1_000_000]);
            Ppm::new(parts).unwrap_or(Ppm::ZERO)
        };
        match dice.below(15) {
            0 => RuleChange::Tick(price(dice.within(1, 3))),
            1 => RuleChange::Lot(qty(dice.within(1, 3))),
            2 => RuleChange::QtyMax(qty(dice.within(1, self.qty_max))),
            3 => RuleChange::PriceRange { min: self.price(dice), max: self.price(dice) },
            4 => RuleChange::PriceRange { min: Price::MIN, max: Price::MAX },
            5 => RuleChange::PositionMax(dice.pick(&[-1, 0, 5, 20, 100, POSITION_MAX, i64::MAX])),
            6 if dice.one_in(2) => RuleChange::State(MarketState::Halted),
            7 if self.auctions => RuleChange::State(MarketState::Auction),
            // More often than halts, which would stop everything.
            6..=9 => RuleChange::State(MarketState::Continuous),
            10 => RuleChange::ShortBan(dice.one_in(2)),
            11 => RuleChange::Exempt {
                client: ClientId(dice.below(self.clients + 1)),
                exempt: dice.one_in(2),
            },
            12 => RuleChange::Tax(dice.pick(&[0, 1, 7, u32::MAX])),
            13 => RuleChange::Band(self.band(dice)),
            _ => RuleChange::Fees { maker: fee(dice), taker: fee(dice) },
        }
    }
}

/// The widths of a band that some orders break and most do not.
const fn bands(prices: Prices) -> &'static [u32] {
    match prices {
        Prices::Narrow => &[1, 2, 4, 8],
        Prices::Jumping => &[1, 4, 1 << 8, 1 << 30],
        Prices::Whole => &[1 << 16, 1 << 29, 1 << 30, u32::MAX],
    }
}

/// The most lots of an order; mostly as many as the genesis allows at most.
fn largest_qty(genesis: &Genesis, dice: &mut Dice) -> u32 {
    let largest = dice.pick(&[3, 10, 10, 10, 100, Qty::MAX.lots()]);
    if dice.one_in(8) { largest } else { largest.min(genesis.rules.qty_max.lots()) }
}

fn calm_genesis() -> Genesis {
    let limits = Limits { orders_max: 1024, clients_max: 8, levels_max: 1024 };
    Genesis { limits, ..Genesis::open() }
}

fn random_genesis(prices: Prices, dice: &mut Dice) -> Genesis {
    let mut rules = Rules::OPEN;
    if dice.one_in(4) {
        rules.tick = price(dice.within(1, 3));
    }
    if dice.one_in(4) {
        rules.lot = qty(dice.within(1, 3));
    }
    if dice.one_in(4) {
        rules.qty_max = qty(dice.within(4, 10));
    }
    if dice.one_in(4) && matches!(prices, Prices::Narrow) {
        (rules.price_min, rules.price_max) = (price(97), price(103));
    }
    if dice.one_in(4) {
        rules.position_max = dice.pick(&[3, 10, 30, 100]);
    }
    rules.short_ban = dice.one_in(3);
    rules.tax = dice.pick(&[0, 0, 1, 3]);
    if dice.one_in(2) {
        let fee = |parts| Ppm::new(parts).unwrap_or(Ppm::ZERO);
        rules.maker_fee = fee(dice.pick(&[-250, -33, 0, 33]));
        rules.taker_fee = fee(dice.pick(&[0, 77, 300, 1_000_000]));
    }
    let limits = Limits {
        orders_max: dice.pick(&[1, 2, 4, 8, 64, 64, 1024, 1024]),
        clients_max: dice.pick(&[4, 8, 8, 8, 8, 8]),
        levels_max: dice.pick(&[1, 2, 4, 64, 64, 1024, 1024]),
    };
    let mut genesis = Genesis { limits, rules, exempt: Vec::new(), endowments: Vec::new() };
    for client in (0..limits.clients_max).map(ClientId) {
        if dice.one_in(6) {
            genesis.exempt.push(client);
        }
        if !dice.one_in(3) {
            let position = dice.pick(&[0, 5, 20, 100, -20, POSITION_MAX / 2, -POSITION_MAX / 2]);
            let cash = dice.pick(&[0, 1, 1_000_000, -1_000_000, 1 << 100, -(1 << 100)]);
            genesis.endowments.push(Endowment { client, position, cash });
        }
    }
    genesis
}
