//! Random markets: a genesis and commands from bounded numbers, so that orders meet, limits bind
//! and ids are those of live orders.
//! [`swarm`](crate::swarm) draws them.

use kernel::{
    ClientId, Command, Genesis, Limits, OrderId, Place, Price, Qty, Rules, Side, Step, TimeInForce,
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
    pub fn some<T: Copy>(&mut self, list: &[T]) -> Vec<T> {
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

/// A command before the state is known that gives its order id, owner, time or expiry.
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
            let resting = engine.order(order).map(|resting| resting.client);
            let waiting = || engine.stops().find(|it| it.order == order).map(|it| it.client);
            let owner = resting.or_else(waiting);
            if self.fair { owner.unwrap_or(client) } else { client }
        };
        let aimed = |given: OrderId| match self.aim {
            Aim::Back(back) => OrderId(engine.placed().saturating_sub(u64::from(back))),
            Aim::Live(index) => {
                let resting = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
                let mut live: Vec<OrderId> = resting.map(|resting| resting.order).collect();
                live.extend(engine.stops().map(|stop| stop.order));
                let index = index as usize % live.len().max(1);
                live.get(index).copied().unwrap_or(given)
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
            Command::Place(place) => Command::Place(match place.tif {
                TimeInForce::Gtt(TimeNs(ahead)) => {
                    let expiry = TimeNs(engine.time().0.saturating_add(ahead));
                    Place { tif: TimeInForce::Gtt(expiry), ..place }
                }
                TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => place,
            }),
            Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::SetRule(_)
            | Command::Uncross => self.command,
        }
    }
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
