//! Random markets: a genesis and commands from bounded numbers, so that orders meet, limits bind
//! and ids are those of live orders.
//!
//! Each scenario switches some kinds of commands and orders off (swarm testing): with everything
//! on at all times, states that take many commands of one kind would never be reached.

use kernel::{
    ClientId, Command, Endowment, Genesis, Limits, MarketState, OrderId, OrderKind, POSITION_MAX,
    Place, Ppm, Price, Qty, Reference, RuleChange, Rules, SelfTrade, Side, Step, TimeInForce,
    TimeNs,
};

use crate::twin::Twin;

/// Uniform numbers from a seed (`SplitMix64`); quickcheck's own integers favour the extremes.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A stream of its own for each seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.bits() % u64::from(bound)).unwrap_or(0)
    }

    /// A number from `min` to `max`.
    pub fn within(&mut self, min: u32, max: u32) -> u32 {
        min + self.below(max - min + 1)
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(u32::try_from(list.len()).unwrap_or(1)) as usize]
    }

    /// Some of a list, at least one.
    fn some<T: Copy>(&mut self, list: &[T]) -> Vec<T> {
        let mut some = list.to_vec();
        some.retain(|_| !self.one_in(3));
        if some.is_empty() { vec![self.pick(list)] } else { some }
    }
}

/// A price from its number, brought into the range.
pub fn price(ticks: u32) -> Price {
    Price::new(ticks.clamp(1, Price::MAX.ticks())).unwrap_or(Price::MIN)
}

/// A quantity from its number, brought into the range.
pub fn qty(lots: u32) -> Qty {
    Qty::new(lots.clamp(1, Qty::MAX.lots())).unwrap_or(Qty::MIN)
}

/// How a scenario's prices move.
#[derive(Clone, Copy, Debug)]
pub enum Prices {
    /// All within ten ticks.
    Narrow,
    /// Anywhere in 1..=2^31−1.
    Whole,
    /// Within ten ticks of a centre that jumps anywhere now and then.
    Jumping,
}

/// A market and what happens to it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The start.
    pub genesis: Genesis,
    /// What follows.
    pub moves: Vec<Move>,
}

/// A command before the state is known that gives its order id, owner or time.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// The command.
    pub command: Command,
    /// Which order it names.
    pub aim: Aim,
    /// Whether the owner of that order gives it; clocks then move forward.
    pub fair: bool,
}

/// Which order a command names.
#[derive(Clone, Copy, Debug)]
pub enum Aim {
    /// So many Place commands back.
    Back(u32),
    /// The n-th of the live orders, in turns.
    Live(u32),
}

impl Move {
    /// The command to apply now.
    pub fn command(&self, market: &Twin) -> Command {
        let engine = market.engine();
        let owner = |order: OrderId, client: ClientId| {
            let owner = engine.order(order).map(|resting| resting.client);
            if self.fair { owner.unwrap_or(client) } else { client }
        };
        let aimed = |given: OrderId| match self.aim {
            Aim::Back(back) => OrderId(engine.placed().saturating_sub(u64::from(back))),
            Aim::Live(_) if engine.orders_live() == 0 => given,
            Aim::Live(index) => {
                let index = (index % engine.orders_live()) as usize;
                let mut live = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
                live.nth(index).map_or(given, |resting| resting.order)
            }
        };
        match self.command {
            Command::Cancel { client, order } => {
                let order = aimed(order);
                Command::Cancel { client: owner(order, client), order }
            }
            Command::Reduce { client, order, by } => {
                let order = aimed(order);
                Command::Reduce { client: owner(order, client), order, by }
            }
            Command::Replace { client, order, price, qty } => {
                let order = aimed(order);
                Command::Replace { client: owner(order, client), order, price, qty }
            }
            Command::Clock { time, step } if self.fair => Command::Clock {
                time: TimeNs(engine.time().0.saturating_add(time.0)),
                step: Step(engine.step().0.saturating_add(step.0)),
            },
            Command::Place(_)
            | Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::SetRule(_) => self.command,
        }
    }
}

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
}

impl Scenario {
    /// A scenario of so many moves.
    pub fn random(prices: Prices, moves: u32, dice: &mut Dice) -> Self {
        // Every other scenario is calm: roomy limits and lasting rules, so that orders pile up.
        let calm = dice.one_in(2);
        let genesis = if calm { calm_genesis() } else { random_genesis(prices, dice) };
        // Commands 0 to 9 place, so that most scenarios have something to act on.
        let mut commands: Vec<u32> = (0..10).collect();
        commands.extend(dice.some(if calm {
            &[10, 11, 12, 12, 14]
        } else {
            &[10, 10, 11, 11, 12, 12, 12, 13, 14, 15, 15]
        }));
        let mut swarm = Swarm {
            prices,
            centre: 100,
            clients: dice.within(1, 5),
            tick: genesis.rules.tick.ticks(),
            lot: genesis.rules.lot.lots(),
            qty_max: largest_qty(&genesis, dice),
            commands,
            kinds: dice.some(&[0, 0, 0, 1, 2, 3]),
            tifs: dice.some(&[TimeInForce::Gtc, TimeInForce::Ioc, TimeInForce::Fok]),
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
            _ => Command::Place(self.place(client, dice)),
        };
        let aim = if dice.one_in(4) { Aim::Back(dice.below(8)) } else { Aim::Live(dice.below(64)) };
        Move { command, aim, fair: !dice.one_in(8) }
    }

    fn place(&self, client: ClientId, dice: &mut Dice) -> Place {
        // A limit order says good till cancelled more often than the others do.
        let mut tif = dice.pick(&self.tifs);
        let kind = match dice.pick(&self.kinds) {
            0 => {
                if dice.one_in(2) {
                    tif = TimeInForce::Gtc;
                }
                OrderKind::Limit { price: self.price(dice), post_only: false }
            }
            1 => {
                if !dice.one_in(8) {
                    tif = TimeInForce::Gtc;
                }
                OrderKind::Limit { price: self.price(dice), post_only: true }
            }
            2 => {
                if tif == TimeInForce::Gtc && !dice.one_in(8) {
                    tif = TimeInForce::Ioc;
                }
                OrderKind::Market
            }
            _ => OrderKind::MarketToLimit,
        };
        Place {
            client,
            reference: Reference(u64::from(dice.below(3))),
            side: dice.pick(&[Side::Buy, Side::Sell]),
            qty: self.qty(dice),
            kind,
            tif,
            self_trade: dice.pick(&self.self_trades),
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

    fn qty(&self, dice: &mut Dice) -> Qty {
        let lots = dice.within(1, self.qty_max);
        qty(if dice.one_in(8) { lots } else { lots - lots % self.lot })
    }

    fn rule(&self, dice: &mut Dice) -> RuleChange {
        let fee = |dice: &mut Dice| {
            let parts = dice.pick(&[-1_000_000, -333, -1, 0, 0, 1, 333, 1_000_000]);
            Ppm::new(parts).unwrap_or(Ppm::ZERO)
        };
        match dice.below(14) {
            0 => RuleChange::Tick(price(dice.within(1, 3))),
            1 => RuleChange::Lot(qty(dice.within(1, 3))),
            2 => RuleChange::QtyMax(qty(dice.within(1, self.qty_max))),
            3 => RuleChange::PriceRange { min: self.price(dice), max: self.price(dice) },
            4 => RuleChange::PriceRange { min: Price::MIN, max: Price::MAX },
            5 => RuleChange::PositionMax(dice.pick(&[-1, 0, 5, 20, 100, POSITION_MAX, i64::MAX])),
            6 if dice.one_in(2) => RuleChange::State(MarketState::Halted),
            // More often than halts, which would stop everything.
            6..=9 => RuleChange::State(MarketState::Continuous),
            10 => RuleChange::ShortBan(dice.one_in(2)),
            11 => RuleChange::Exempt {
                client: ClientId(dice.below(self.clients + 1)),
                exempt: dice.one_in(2),
            },
            12 => RuleChange::Tax(dice.pick(&[0, 1, 7, u32::MAX])),
            _ => RuleChange::Fees { maker: fee(dice), taker: fee(dice) },
        }
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

impl Scenario {
    /// The scenario without some of its moves, large parts first, then with less of a genesis.
    pub fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        let mut part = self.moves.len();
        while 0 < part {
            for start in (0..self.moves.len()).step_by(part) {
                let mut moves = self.moves.clone();
                moves.drain(start..(start + part).min(moves.len()));
                smaller.push(Self { genesis: self.genesis.clone(), moves });
            }
            part /= 2;
        }
        let mut simpler = |change: fn(&mut Genesis)| {
            let mut genesis = self.genesis.clone();
            change(&mut genesis);
            if genesis != self.genesis {
                smaller.push(Self { genesis, moves: self.moves.clone() });
            }
        };
        simpler(|genesis| genesis.endowments.clear());
        simpler(|genesis| genesis.exempt.clear());
        simpler(|genesis| genesis.rules = Rules::OPEN);
        simpler(|genesis| genesis.limits = Limits::DEFAULT);
        smaller
    }
}
