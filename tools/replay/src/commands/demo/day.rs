//! A small synthetic day: traders without any intelligence around a price that wanders.
//!
//! Integers and one seeded `ChaCha` stream only, so a seed gives the same log on every target.

use kernel::{
    ClientId, Command, Endowment, Event, OrderId, OrderKind, Place, Price, Qty, Reference,
    SelfTrade, Side, Step, TimeInForce, TimeNs, Venue,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use replay::Genesis;

const CLIENTS: u32 = 12;
const LOTS_EACH: i64 = 1_000;
const CASH_EACH: i128 = 100_000_000_000;
/// Where the price starts, in ticks.
const START: u32 = 10_000;
/// Far enough above 0 for every price that traders think of.
const ANCHOR_MIN: u32 = 100;
/// 09:30 in nanoseconds after midnight.
const OPENING_NS: u64 = 34_200_000_000_000;
const STEP_NS: u64 = 1_000_000_000;

/// The producer of the demo's log.
pub(super) struct SyntheticDay {
    seed: u64,
    steps: u32,
    rng: ChaCha8Rng,
    /// What traders believe the price to be.
    anchor: u32,
    /// Orders that may still rest.
    resting: Vec<(ClientId, OrderId)>,
    references: u64,
}

impl SyntheticDay {
    pub(super) fn new(seed: u64, steps: u32) -> Self {
        let mut key = blake3::Hasher::new_derive_key("replay 2026-11 demo day");
        key.update(&seed.to_le_bytes());
        Self {
            seed,
            steps,
            rng: ChaCha8Rng::from_seed(*key.finalize().as_bytes()),
            anchor: START,
            resting: Vec::new(),
            references: 0,
        }
    }

    pub(super) fn genesis(&self) -> Genesis {
        let mut market = kernel::Genesis::open();
        let endow =
            |client| Endowment { client: ClientId(client), position: LOTS_EACH, cash: CASH_EACH };
        market.endowments = (1..=CLIENTS).map(endow).collect();
        let mut genesis = Genesis::new(market, "demo");
        genesis.seed = self.seed;
        genesis.parameters.insert("steps".to_owned(), self.steps.to_string());
        genesis
    }

    /// One second: the clock moves, the price may wander, a few traders act.
    pub(super) fn step<V: Venue>(&mut self, step: u32, venue: &mut V) -> Result<(), V::Error> {
        let time = TimeNs(OPENING_NS + u64::from(step) * STEP_NS);
        venue.submit(Command::Clock { time, step: Step(step.into()) })?;
        match self.draw(8) {
            0 => self.anchor += 1,
            1 => self.anchor = (self.anchor - 1).max(ANCHOR_MIN),
            _ => {}
        }
        for _ in 0..=self.draw(4) {
            let command = self.decide();
            self.observe(venue.submit(command)?);
        }
        Ok(())
    }

    fn decide(&mut self) -> Command {
        let choice = self.draw(100);
        if choice < 35 && !self.resting.is_empty() {
            let (client, order) = self.pick();
            return Command::Cancel { client, order };
        }
        let side = if self.draw(2) == 0 { Side::Buy } else { Side::Sell };
        let (kind, tif) = if choice < 45 {
            (OrderKind::Market, TimeInForce::Ioc)
        } else {
            // One order in a few dozen crosses the spread; most stand some ticks away.
            let away = self.draw(12) + self.draw(12);
            let price = match side {
                Side::Buy => self.anchor + 1 - away,
                Side::Sell => self.anchor - 1 + away,
            };
            let price = Price::new(price).unwrap_or(Price::MIN);
            (OrderKind::Limit { price, post_only: false }, TimeInForce::Gtc)
        };
        self.references += 1;
        Command::Place(Place {
            client: ClientId(1 + self.draw(CLIENTS)),
            reference: Reference(self.references),
            side,
            qty: Qty::new(1 + self.draw(20)).unwrap_or(Qty::MIN),
            kind,
            tif,
            display: None,
            stop: None,
            self_trade: SelfTrade::CancelOldest,
        })
    }

    /// An order that rested once; whether it still does is the kernel's business.
    fn pick(&mut self) -> (ClientId, OrderId) {
        let len = u32::try_from(self.resting.len()).unwrap_or(u32::MAX);
        let index = self.draw(len) as usize;
        self.resting.swap_remove(index)
    }

    fn observe(&mut self, events: &[Event]) {
        let mut owner = None;
        for event in events {
            match event {
                Event::Accepted { order, client, .. } => owner = Some((*client, *order)),
                Event::Rested { .. } => self.resting.extend(owner),
                Event::Rejected { .. }
                | Event::Traded { .. }
                | Event::Decremented { .. }
                | Event::Cancelled { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
    }

    /// 0..bound, from the high half of one word: the bias is below 2^-20 for these bounds.
    fn draw(&mut self, bound: u32) -> u32 {
        let word = u64::from(self.rng.next_u32());
        u32::try_from((word * u64::from(bound)) >> 32).unwrap_or(0)
    }
}
