//! The law of the noise: when orders of strangers come, and what they are.
//!
//! Orders come as a Poisson stream. A fair coin gives the side, or one that leans towards the
//! fundamental F: P(buy) = 1/2 + κ·(F − m), within 0.05 and 0.95. The lots are the whole part of a normal
//! number, between 1 and a largest one. With the reference price ⌊m⌋ of buys and ⌈m⌉ of sells,
//!
//! * a share of them trades at once or not at all, up to U{1..R} ticks beyond the reference;
//! * the others are limits U{−O..O} ticks beyond it, and rest for 1 + G steps if they do not trade.
//!
//! The published system has the Poisson stream, the normal sizes and limits around the mid.
//! Orders at the market with a reservation, cancels and the lean are this project's: without the
//! first the widest quote is always a maker's best, without the second the book only grows, and
//! without the third nobody reads the fundamental.

use kernel::Side;

use super::settings::Settings;
use crate::draws::{self, Geometric};
use crate::number;

/// How an order is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Trades at once at any price; the rest is cancelled.
    Market,
    /// Trades at once up to so many ticks beyond the reference price; the rest is cancelled.
    Collared(i64),
    /// A limit so many ticks beyond the reference price, towards the other side.
    Limit(i64),
}

impl Style {
    /// Whether what does not trade at once may rest.
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::Limit(_))
    }
}

/// An order of a customer: of the trader or of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Buy or sell.
    pub side: Side,
    /// At least one.
    pub lots: i64,
    /// Its price.
    pub style: Style,
    /// Steps for which it may rest; 0 for as long as the episode lasts.
    pub life: i64,
    /// By how many nanoseconds it arrives before the others of the step.
    pub early_ns: u64,
}

/// Words that a customer's order takes from a stream.
pub(super) const WORDS: usize = 6;

/// The law of one market.
#[derive(Clone, Debug)]
pub(super) struct Law {
    /// P(no more than k orders in a step), by k.
    arrivals: Vec<f64>,
    size_mean: f64,
    size_sd: f64,
    size_max: i64,
    /// Mean lots of an order, and mean square.
    mean_lots: f64,
    mean_square: f64,
    market: f64,
    reservation: f64,
    offset: i64,
    elasticity: f64,
    life: Option<Geometric>,
    jitter_ns: f64,
}

/// The chance of a buy stays this far from 0 and 1.
const LEAN_MAX: f64 = 0.45;
const NS_PER_MS: f64 = 1_000_000.0;

impl Law {
    pub(super) fn new(settings: &Settings) -> Self {
        let cancel = settings.noise_cancel.to_f64();
        let mut law = Self {
            arrivals: poisson(settings.noise_orders()),
            size_mean: settings.noise_size_mean.to_f64(),
            size_sd: settings.noise_size_sd.to_f64(),
            size_max: settings.noise_size_max.whole(),
            mean_lots: 0.0,
            mean_square: 0.0,
            market: settings.noise_market.to_f64(),
            reservation: settings.noise_reservation.to_f64(),
            offset: settings.noise_offset.whole(),
            elasticity: settings.noise_elasticity.to_f64(),
            life: (0.0 < cancel).then(|| Geometric::new(1.0 / cancel)),
            jitter_ns: settings.latency_jitter.to_f64() * NS_PER_MS,
        };
        (law.mean_lots, law.mean_square) = law.moments();
        law
    }

    /// How many noise orders come in a step.
    pub(super) fn arrivals(&self, word: u64) -> usize {
        let u = draws::uniform(word);
        self.arrivals.iter().take_while(|below| **below < u).count()
    }

    /// A noise order, while the fundamental is so many ticks above the mid.
    pub(super) fn order(&self, words: [u64; WORDS], gap: f64) -> Order {
        let lean = (self.elasticity * gap).clamp(-LEAN_MAX, LEAN_MAX);
        let side = if draws::happens(words[0], 0.5 + lean) { Side::Buy } else { Side::Sell };
        self.order_of(side, words)
    }

    /// An order of this side, but for that as noise would send it.
    pub(super) fn order_of(&self, side: Side, words: [u64; WORDS]) -> Order {
        let [_, lots, kind, distance, life, early] = words;
        let style = if draws::happens(kind, self.market) {
            Style::Collared(self.reservation(distance))
        } else {
            Style::Limit(pick(distance, -self.offset, self.offset))
        };
        Order { side, style, lots: self.lots(lots), ..self.delivery(life, early) }
    }

    /// A reservation, in ticks beyond the reference price.
    pub(super) fn reservation(&self, word: u64) -> i64 {
        1 + number::floor(draws::uniform(word) * self.reservation)
    }

    /// How long an order rests and when it comes: the same for all customers.
    pub(super) fn delivery(&self, life: u64, early: u64) -> Order {
        let life = self.life.map_or(0, |law| 1 + law.draw(life));
        let early = number::floor(draws::uniform(early) * self.jitter_ns).unsigned_abs();
        Order { side: Side::Buy, lots: 1, style: Style::Market, life, early_ns: early }
    }

    /// Mean lots of an order.
    pub(super) const fn mean_lots(&self) -> f64 {
        self.mean_lots
    }

    fn lots(&self, word: u64) -> i64 {
        let size = self.size_mean + self.size_sd * draws::normal(word);
        // Below 1 truncation and floor differ, and both give one lot.
        number::floor(size).clamp(1, self.size_max)
    }

    /// Mean square of the lots of an order.
    pub(super) const fn mean_square(&self) -> f64 {
        self.mean_square
    }

    /// E\[lots\] = 1 + Σ P(lots > k), E\[lots²\] = 1 + Σ (2k + 1)·P(lots > k), over k = 1.. below the largest.
    fn moments(&self) -> (f64, f64) {
        let above = |k: i64| {
            let least = number::from_integer(k + 1);
            if self.size_sd == 0.0 {
                return if least <= self.size_mean { 1.0 } else { 0.0 };
            }
            let distance = (least - self.size_mean) / self.size_sd;
            0.5 * libm::erfc(distance / std::f64::consts::SQRT_2)
        };
        (1..self.size_max).fold((1.0, 1.0), |(mean, square), k| {
            let chance = above(k);
            (mean + chance, square + number::from_integer(2 * k + 1) * chance)
        })
    }
}

/// One of the integers from `low` to `high`, all alike.
pub(super) fn pick(word: u64, low: i64, high: i64) -> i64 {
    let count = number::from_integer(high - low + 1);
    (low + number::floor(draws::uniform(word) * count)).min(high)
}

/// P(no more than k) of a Poisson number of this mean, by k, until nothing is left.
fn poisson(mean: f64) -> Vec<f64> {
    let mut term = libm::exp(-mean);
    let mut sum = term;
    let mut below = vec![sum];
    let mut k = 0.0;
    // Beyond mean + 40·√mean + 40 no draw of 52 bits reaches.
    let last = mean + 40.0 * libm::sqrt(mean) + 40.0;
    while sum < 1.0 && k < last {
        k += 1.0;
        term *= mean / k;
        sum += term;
        below.push(sum);
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adversarial::Settings;
    use crate::streams::Stream;

    fn law(set: &[(&str, &str)]) -> Law {
        let mut settings = Settings::preset("default").unwrap();
        settings.set_all(set.iter().copied()).unwrap();
        Law::new(&settings)
    }

    /// Means over many orders of the default law.
    #[test]
    fn orders_are_as_the_law_says() {
        let (law, mut stream) = (law(&[]), Stream::new(1, "test"));
        let orders: Vec<_> = (0..40_000).map(|_| law.order(stream.words(), 0.0)).collect();
        let share = |is: fn(&Order) -> bool| {
            number::from_integer(orders.iter().map(|order| i64::from(is(order))).sum()) / 40_000.0
        };
        let near = |found: f64, expected: f64, band: f64| {
            assert!((found - expected).abs() < band, "{found} is not {expected}");
        };
        near(share(|order| order.side == Side::Buy), 0.5, 0.01);
        near(share(|order| matches!(order.style, Style::Collared(_))), 0.3, 0.01);
        near(share(|order| matches!(order.style, Style::Limit(3))), 0.1, 0.01);
        near(share(|order| matches!(order.style, Style::Limit(-3))), 0.1, 0.01);
        near(share(|order| matches!(order.style, Style::Collared(6))), 0.05, 0.01);
        near(share(|order| order.life == 1), 0.15, 0.01);
        let lots = orders.iter().map(|order| order.lots).sum();
        let squares = orders.iter().map(|order| order.lots * order.lots).sum();
        near(number::from_integer(lots) / 40_000.0, law.mean_lots(), 0.03);
        near(law.mean_lots(), 5.01, 0.01);
        near(number::from_integer(squares) / 40_000.0, law.mean_square(), 0.3);
        near(law.mean_square(), 29.0, 0.1);
        assert!(orders.iter().all(|order| order.early_ns < 1_000_000));
    }

    #[test]
    fn the_side_leans_towards_the_fundamental() {
        let mut stream = Stream::new(2, "test");
        let mut buys = |law: &Law, gap| {
            let is_buy = |_| i64::from(law.order(stream.words(), gap).side == Side::Buy);
            number::from_integer((0..20_000).map(is_buy).sum()) / 20_000.0
        };
        let leaning = law(&[]);
        assert!((buys(&leaning, 5.0) - 0.65).abs() < 0.015);
        assert!((buys(&leaning, -5.0) - 0.35).abs() < 0.015);
        assert!((buys(&leaning, 1e9) - 0.95).abs() < 0.015);
        let inelastic = law(&[("noise.elasticity", "0")]);
        assert!((buys(&inelastic, 1e9) - 0.5).abs() < 0.015);
    }

    #[test]
    fn as_many_orders_come_as_a_poisson_stream_brings() {
        let mut stream = Stream::new(3, "test");
        for (rate, mean) in [("0", 0.0), ("0.25", 0.25), ("1", 1.0), ("10", 10.0), ("100", 100.0)] {
            let law = law(&[("noise.rate", rate)]);
            let counts = (0..20_000).map(|_| {
                let [word] = stream.words();
                i64::try_from(law.arrivals(word)).unwrap()
            });
            let counts: Vec<_> = counts.collect();
            let found = number::from_integer(counts.iter().sum()) / 20_000.0;
            let squares = number::from_integer(counts.iter().map(|k| k * k).sum()) / 20_000.0;
            let band = 4.0 * libm::sqrt(mean / 20_000.0) + 1e-9;
            assert!((found - mean).abs() < band, "{rate}: {found}");
            assert!((squares - found * found - mean).abs() < 0.05 * mean + 1e-9, "{rate}");
        }
    }

    #[test]
    fn lots_of_the_published_law() {
        let published = Law::new(&Settings::preset("published").unwrap());
        let mut stream = Stream::new(4, "test");
        let lots = (0..40_000).map(|_| published.order(stream.words(), 0.0).lots);
        let mean = number::from_integer(lots.sum()) / 40_000.0;
        assert!((mean - published.mean_lots()).abs() < 0.03, "{mean}");
        assert!((published.mean_lots() - 4.52).abs() < 0.02, "{}", published.mean_lots());
        let constant = law(&[("noise.size_sd", "0"), ("noise.size_mean", "3.9")]);
        assert_eq!(constant.lots(stream.words::<1>()[0]), 3);
        assert!((constant.mean_lots() - 3.0).abs() < 1e-12);
    }
}
