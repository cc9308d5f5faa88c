//! What a market is like: counted step by step, in the same way in training and evaluation.

use agents::learned::Observer;
use agents::{Ecology, Kind};
use kernel::{Engine, Side};

/// A maker is present while its best quote is within so many ticks of the mid.
const PRESENT_MAX: i64 = 20;

/// Sums over steps; those of several markets can be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    twice_mid: i64,
    /// Steps.
    pub steps: f64,
    /// Steps at whose end both sides were there.
    two_sided: f64,
    spread: f64,
    /// Sums of the mid's changes, in ticks, to the powers 1 to 4.
    moves: [f64; 4],
    fair_distance: f64,
    volume: f64,
    made: f64,
    quoted: f64,
    frozen: f64,
}

/// Means over steps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Best ask less best bid where both are there, in ticks.
    pub spread: f64,
    /// Standard deviation of the mid's changes, in ticks.
    pub volatility: f64,
    /// Their excess kurtosis.
    pub kurtosis: f64,
    /// |mid − fair value|, in ticks: the tracking error.
    pub tracking: f64,
    /// Lots traded in a step.
    pub volume: f64,
    /// Of these, lots that makers' resting orders traded.
    pub made: f64,
    /// Share of steps at whose end makers bid and ask within 20 ticks of the mid.
    pub quoted: f64,
    /// Share of steps at whose end the mid was that of an earlier one, because a side was empty or the
    /// spread too wide.
    pub frozen: f64,
}

impl Tally {
    /// Nothing, before the next step of an ecology.
    pub fn new(ecology: &Ecology) -> Self {
        Self { twice_mid: ecology.market().features().mid_half_ticks, ..Self::default() }
    }

    /// Counts a step that has ended.
    pub fn count(&mut self, ecology: &Ecology, observer: &Observer, engine: &Engine) {
        let market = ecology.market().features();
        let best = |side| engine.best(side).map(|price| i64::from(price.ticks()));
        self.steps += 1.0;
        if let (Some(bid), Some(ask)) = (best(Side::Buy), best(Side::Sell)) {
            self.two_sided += 1.0;
            self.spread += real(ask - bid);
            self.frozen += f64::from(u8::from(bid + ask != market.mid_half_ticks));
        } else {
            self.frozen += 1.0;
        }
        let change = real(market.mid_half_ticks - self.twice_mid) * 0.5;
        self.twice_mid = market.mid_half_ticks;
        let mut power = 1.0;
        for sum in &mut self.moves {
            power *= change;
            *sum += power;
        }
        self.fair_distance += observer.fair_distance();
        self.volume += f64::from(market.volume);
        self.made += real(ecology.rested(Kind::Maker));
        let is_there = |side| is_maker_there(engine, side, market.mid_half_ticks);
        self.quoted += f64::from(u8::from(is_there(Side::Buy) && is_there(Side::Sell)));
    }

    /// Adds what was counted of another market.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.two_sided += other.two_sided;
        self.spread += other.spread;
        for (sum, more) in self.moves.iter_mut().zip(other.moves) {
            *sum += more;
        }
        self.fair_distance += other.fair_distance;
        self.volume += other.volume;
        self.made += other.made;
        self.quoted += other.quoted;
        self.frozen += other.frozen;
    }

    /// The means.
    pub fn quality(&self) -> Quality {
        let steps = self.steps.max(1.0);
        let [first, second, third, fourth] = self.moves.map(|sum| sum / steps);
        let variance = second - first * first;
        let moment = fourth - 4.0 * first * third + 6.0 * first * first * second
            - 3.0 * first * first * first * first;
        let kurtosis = if 0.0 < variance { moment / (variance * variance) - 3.0 } else { 0.0 };
        Quality {
            spread: self.spread / self.two_sided.max(1.0),
            volatility: variance.max(0.0).sqrt(),
            kurtosis,
            tracking: self.fair_distance / steps,
            volume: self.volume / steps,
            made: self.made / steps,
            quoted: self.quoted / steps,
            frozen: self.frozen / steps,
        }
    }
}

/// Whether a maker's best quote on a side is near the mid.
fn is_maker_there(engine: &Engine, side: Side, twice_mid: i64) -> bool {
    let is_maker = |client| matches!(Kind::of(client), Some((Kind::Maker, _)));
    let distance = |ticks: u32| match side {
        Side::Buy => twice_mid - 2 * i64::from(ticks),
        Side::Sell => 2 * i64::from(ticks) - twice_mid,
    };
    let mut near =
        engine.queue(side).take_while(|order| distance(order.price.ticks()) <= 2 * PRESENT_MAX);
    near.any(|order| is_maker(order.client))
}

#[expect(clippy::cast_precision_loss, reason = "ticks and lots are far below 2^53")]
fn real(number: i64) -> f64 {
    number as f64
}
