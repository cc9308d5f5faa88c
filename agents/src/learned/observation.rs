//! What a policy sees: small integers, the same on every target.

use kernel::{Engine, Side};

use super::reward::Pay;
use crate::agent::Kind;
use crate::ecology::{Ecology, Own};
use crate::features::Features;
use crate::maker::LONG_FLOW_DECAY;
use crate::number;

/// Observations are counted in 1/4096.
pub const ONE: i16 = 4096;
/// They are clipped at ±5.
const CLIP: i64 = 5 * ONE as i64;

/// What one seat sees at the end of a step, in 1/[`ONE`], each between −5 and 5. With the mid m, its
/// averages over 5, 20 and 100 steps A₅, A₂₀ and A₁₀₀, and the signed volume f of a step:
///
/// | place | value |
/// |---|---|
/// | 0, 1, 2 | (m − A₅)/8, (m − A₂₀)/8, (m − A₁₀₀)/16 |
/// | 3 | spread/8 − ½; −½ while a side is empty |
/// | 4, 5 | imbalance of the best level, of the best five |
/// | 6 | mean \|Δm\|/4 |
/// | 7, 8, 19 | f/30; Σ .375ᵏ f/50; Σ .8ᵏ f/60 |
/// | 9, 14 | 2·inventory/limit; \|inventory\|/limit |
/// | 10 | change of the own wealth at the mid, in 2·scale of its reward |
/// | 11, 12, 15 | Δm/6 of the last step, of the one before; (m − m 50 steps ago)/32 |
/// | 13 | 1 while a side is empty |
/// | 16, 17, 18 | makers: (centre − m)/8, lots bought/20, sold/20; momentum: (m − own average)/16, steps that the mid has moved one way/5, signed; value: (estimate − m)/64, /16; else 0 |
/// | 20 … 23 | 1 at the place of the agent's number in its type; the fourth stands for all further ones |
///
/// Only value traders know anything of the fair value.
pub type Observation = [i16; OBSERVATION];

/// Length of an [`Observation`].
pub const OBSERVATION: usize = 24;

/// What a central critic sees: the observation, then the mean inventory/limit of each type, the mean
/// |inventory|/limit of each, and (fair value − m)/64 and /16.
pub type State = [i16; STATE];

/// Length of a [`State`].
pub const STATE: usize = OBSERVATION + 2 * Kind::ALL.len() + 2;

/// Steps of the longest look back.
const BACK: usize = 50;
const SHORT_FLOW_DECAY: f64 = 0.375;

/// Looks at an ecology at the end of each step, for its seats.
#[derive(Clone, Debug)]
pub struct Observer {
    short_flow: f64,
    long_flow: f64,
    /// Twice the mids of the last steps, the newest one last.
    mids: [i64; BACK + 1],
    /// Steps that the mid has moved one way, negative downwards.
    run: i64,
    /// |mid − fair value|, in 1/256 tick.
    fair_gap: i64,
    pays: Vec<Pay>,
    observations: Vec<Observation>,
    states: Vec<State>,
    /// Wealth of each seat, in 1/20,000 tick·lot.
    wealth: Vec<i128>,
}

impl Observer {
    /// An observer of an ecology before its first step. `scales` are those of the types' rewards, in
    /// tick·lots.
    pub fn new(ecology: &Ecology, engine: &Engine, scales: [f64; Kind::ALL.len()]) -> Self {
        let seats = ecology.seated().count();
        let mut observer = Self {
            short_flow: 0.0,
            long_flow: 0.0,
            mids: [ecology.market().features().mid_half_ticks; BACK + 1],
            run: 0,
            fair_gap: 0,
            pays: vec![Pay::default(); seats],
            observations: vec![[0; OBSERVATION]; seats],
            states: vec![[0; STATE]; seats],
            wealth: Vec::with_capacity(seats),
        };
        let own = ecology.selves(engine).filter(|(is_seated, _)| *is_seated);
        observer.wealth.extend(own.map(|(_, own)| own.wealth));
        observer.see(ecology, engine, scales);
        observer
    }

    /// Looks at the end of a step. Allocates nothing.
    pub fn look(&mut self, ecology: &Ecology, engine: &Engine, scales: [f64; Kind::ALL.len()]) {
        let market = ecology.market().features();
        let flow = f64::from(market.flow);
        self.short_flow = SHORT_FLOW_DECAY * self.short_flow + flow;
        self.long_flow = LONG_FLOW_DECAY * self.long_flow + flow;
        self.mids.rotate_left(1);
        self.mids[BACK] = market.mid_half_ticks;
        let direction = market.change_half_ticks.signum();
        self.run = if direction == self.run.signum() { self.run + direction } else { direction };
        self.see(ecology, engine, scales);
    }

    /// What every seat sees, in the order of the seats.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// What a central critic sees of every seat.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// What the last step brought to every seat.
    pub fn pays(&self) -> &[Pay] {
        &self.pays
    }

    /// |mid − fair value| at the end of the last step, in ticks.
    pub fn fair_distance(&self) -> f64 {
        number::from_integer(self.fair_gap) / FAIR
    }

    fn see(&mut self, ecology: &Ecology, engine: &Engine, scales: [f64; Kind::ALL.len()]) {
        let features = Features::of_market(ecology.market(), engine);
        let common = self.common(&features, engine);
        let mid = i64::from(crate::market::fixed(ecology.market().closing_mid()));
        let fair = ecology.fair_value().value() - mid;
        let before = std::mem::replace(&mut self.fair_gap, fair.abs());
        let globals = globals(ecology, engine, fair);
        let seats = ecology.selves(engine).filter(|(is_seated, _)| *is_seated);
        for (seat, (_, own)) in seats.enumerate() {
            let change = own.wealth - self.wealth[seat];
            self.wealth[seat] = own.wealth;
            let change = number::from_integer(i64::try_from(change).unwrap_or(i64::MAX)) / WEALTH;
            let pay = &mut self.pays[seat];
            pay.follow(&own, change, self.mids[BACK] - self.mids[BACK - 1]);
            pay.discovery = number::from_integer(before - self.fair_gap) / FAIR;
            pay.market_cost = number::from_integer(self.fair_gap) / FAIR / 32.0
                + f64::from(features.spread.unwrap_or(0)) / 8.0;
            let scale = scales[own.kind as usize];
            let seen = &mut self.observations[seat];
            *seen = common;
            see_own(seen, &own, change / (2.0 * scale), self.run);
            self.states[seat][..OBSERVATION].copy_from_slice(seen);
            self.states[seat][OBSERVATION..].copy_from_slice(&globals);
        }
    }

    /// What all seats see alike.
    fn common(&self, features: &Features, engine: &Engine) -> Observation {
        let market = &features.market;
        let [short, middle, long] = market.trends.map(i64::from);
        let (before, last) = (self.mids[BACK - 1], self.mids[BACK]);
        let is_one_sided = engine.best(Side::Buy).is_none() || engine.best(Side::Sell).is_none();
        let mut seen = [0; OBSERVATION];
        for (place, value) in [
            (0, short * 2),
            (1, middle * 2),
            (2, long),
            (3, i64::from(features.spread.unwrap_or(0)) * 512 - 2048),
            (4, i64::from(features.imbalance) * 4),
            (5, i64::from(features.imbalance_deep) * 4),
            (6, i64::from(market.volatility) * 4),
            (7, i64::from(market.flow) * 4096 / 30),
            (8, scaled(self.short_flow / 50.0)),
            (11, (last - before) * 4096 / 12),
            (12, (before - self.mids[BACK - 2]) * 4096 / 12),
            (13, if is_one_sided { 4096 } else { 0 }),
            (15, (last - self.mids[0]) * 64),
            (19, scaled(self.long_flow / 60.0)),
        ] {
            seen[place] = clip(value);
        }
        seen
    }
}

/// Units of a fair value in a tick.
const FAIR: f64 = 256.0;
/// Units of wealth in a tick·lot.
const WEALTH: f64 = 20_000.0;

fn clip(value: i64) -> i16 {
    i16::try_from(value.clamp(-CLIP, CLIP)).unwrap_or(0)
}

/// A value in 1/4096.
fn scaled(value: f64) -> i64 {
    number::round(value * f64::from(ONE))
}

/// What only one seat sees.
fn see_own(seen: &mut Observation, own: &Own, gain: f64, run: i64) {
    let of_limit = |lots: i64| lots.saturating_mul(i64::from(ONE)) / own.inventory_max;
    let gap = i64::from(own.gap);
    seen[9] = clip(2 * of_limit(own.inventory));
    seen[10] = clip(scaled(gain));
    seen[14] = clip(of_limit(own.inventory).abs());
    let lots = |lots: i64| lots * 4096 / 20;
    let own_values = match own.kind {
        Kind::Maker => [gap * 2, lots(own.fills.bought), lots(own.fills.sold)],
        Kind::Momentum => [gap, run * 4096 / 5, 0],
        Kind::Value => [gap / 4, gap, 0],
        Kind::Noise => [0; 3],
    };
    for (place, value) in seen[16..].iter_mut().zip(own_values) {
        *place = clip(value);
    }
    let number = usize::try_from(own.index).unwrap_or(usize::MAX);
    seen[20 + number.min(3)] = ONE;
}

/// What a central critic sees beside an observation.
fn globals(ecology: &Ecology, engine: &Engine, fair: i64) -> [i16; STATE - OBSERVATION] {
    const KINDS: usize = Kind::ALL.len();
    let (mut sums, mut sizes, mut counts) = ([0; KINDS], [0; KINDS], [0; KINDS]);
    for (_, own) in ecology.selves(engine) {
        let kind = own.kind as usize;
        let share = own.inventory.saturating_mul(i64::from(ONE)) / own.inventory_max;
        sums[kind] += share;
        sizes[kind] += share.abs();
        counts[kind] += 1;
    }
    let mut seen = [0; STATE - OBSERVATION];
    for kind in 0..KINDS {
        seen[kind] = clip(sums[kind] / counts[kind].max(1));
        seen[KINDS + kind] = clip(sizes[kind] / counts[kind].max(1));
    }
    seen[2 * KINDS] = clip(fair / 4);
    seen[2 * KINDS + 1] = clip(fair);
    seen
}
