//! The benchmark's five scenarios, generated from its published methodology: a seeded walk of the
//! mid price, orders placed off it, shuffled, each with its modifies, cancels and duplicates.
//!
//! The contract draws from floats: logarithm, exponential, power and cosine of the C library. The
//! hashes hold where those are the GNU C library's on x86-64 and need not hold elsewhere; see
//! [`is_exact_here`].

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the methodology converts between floats and integers, all of them small"
)]

use std::f64::consts::{LN_2, PI};

use kernel::Side;

use crate::adapter::{Cancel, Message, Modify, NewOrder};

/// Whether floats here are those that the published hashes were made with.
pub const fn is_exact_here() -> bool {
    cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))
}

/// A regime of the mid price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scenario {
    /// Its name in the benchmark.
    pub name: &'static str,
    /// Annual volatility of the mid price.
    volatility: f64,
    /// How far the walk is scaled to swing.
    swing: f64,
}

/// The mid price stands still.
pub const STATIC: Scenario = Scenario { name: "static", volatility: 0.0, swing: 0.0 };
/// A calm day.
pub const NORMAL: Scenario = Scenario { name: "normal", volatility: 0.15, swing: 0.02 };
/// A volatile day.
pub const SWING_25: Scenario = Scenario { name: "swing-25", volatility: 0.5, swing: 0.25 };
/// A stressed market.
pub const SWING_40: Scenario = Scenario { name: "swing-40", volatility: 0.5, swing: 0.4 };
/// A flash crash.
pub const FLASH_CRASH: Scenario = Scenario { name: "flash-crash", volatility: 0.5, swing: 0.6 };

/// Seed of the published hashes.
pub const SEED: u32 = 23;
/// Number of new orders behind the published hashes.
pub const COUNT: u32 = 1_000_000;

const TICK: f64 = 0.005;
const MID_START: f64 = 167.52;
const DEPTH_EXPONENT: f64 = 2.23;
const DEPTH_LEVELS: u32 = 800;
const HUMP_HEIGHT: f64 = 5.0;
const HUMP_LEVEL: f64 = 8.0;
const SHARE_IOC: f64 = 0.15;
const SHARE_MODIFIED: f64 = 0.20;
const SHARE_REPRICED: f64 = 0.80;
const SHARE_CANCELLED: f64 = 0.95;
const SHARE_DUPLICATE: f64 = 0.02;
const LIFE_MEDIAN_US: f64 = 0.431 * 1000.0;

/// A message and when it is sent, in microseconds.
#[derive(Clone, Copy)]
struct Timed {
    time: i64,
    message: Message,
}

/// A new order before it has a place in time.
struct Draft {
    side: Side,
    price: i64,
    qty: u32,
    level: u32,
}

/// The messages of a scenario with `count` new orders, in the order of the wire, numbered from 0.
pub fn generate(scenario: &Scenario, count: u32, seed: u32) -> Vec<Message> {
    let mut random = Random::new(seed);
    let drafts = draft(scenario, count, &mut random);
    let mut order: Vec<u32> = (0..count).collect();
    for last in (1..count).rev() {
        let other = random.integer(0, last);
        order.swap(last as usize, other as usize);
    }
    let mut messages = Vec::with_capacity(drafts.len() * 11 / 5);
    let mut now = 0;
    for index in order {
        let id = u64::from(index) + 1;
        now = live(id, &drafts[index as usize], now, &mut random, &mut messages);
    }
    messages.sort_by_key(|timed: &Timed| timed.time);
    let numbered = messages.into_iter().zip(0..);
    numbered.map(|(timed, sequence)| number(timed.message, sequence)).collect()
}

/// Orders along the walk of the mid price: buys on its first half, sells on its second.
fn draft(scenario: &Scenario, count: u32, random: &mut Random) -> Vec<Draft> {
    let depth = Depth::new();
    let &Scenario { volatility, swing, .. } = scenario;
    let step = if 0.0 < volatility { (swing / volatility).powi(2) / f64::from(count) } else { 0.0 };
    let sigma = volatility * step.sqrt();
    let mut mid = MID_START;
    let mut drafts = Vec::with_capacity(count as usize);
    for index in 0..count {
        let shock = random.normal();
        mid *= (-0.5 * sigma * sigma + sigma * shock).exp();
        let snapped = (mid / TICK).round() * TICK;
        let mid_ticks = (snapped / TICK).round() as i64;
        let level = depth.sample(random);
        let away = i64::from(level) + 1;
        let (side, price) = if index < count / 2 {
            (Side::Buy, mid_ticks - away)
        } else {
            (Side::Sell, mid_ticks + away)
        };
        let qty = random.integer(1, 100);
        drafts.push(Draft { side, price: price.max(1), qty, level });
    }
    drafts
}

/// One order's messages; returns when the next order arrives.
fn live(id: u64, draft: &Draft, arrival: i64, random: &mut Random, out: &mut Vec<Timed>) -> i64 {
    let &Draft { side, price, qty, level } = draft;
    let mut now = arrival;
    let ioc = random.uniform() < SHARE_IOC;
    let new = NewOrder { order: id, sequence: 0, price, qty, side, ioc };
    out.push(Timed { time: now, message: Message::New(new) });
    if ioc {
        return now + 1;
    }
    let mut modify = None;
    if random.uniform() < SHARE_MODIFIED {
        now += 30 + (random.uniform() * 70.0) as i64;
        let toward = if side == Side::Buy { 1 } else { -1 };
        let moved = if random.uniform() < SHARE_REPRICED { price + toward } else { price };
        let message =
            Message::Modify(Modify { order: id, sequence: 0, price: moved, qty: qty + 1 });
        out.push(Timed { time: now, message });
        modify = Some(message);
    }
    let is_cancelled = random.uniform() < SHARE_CANCELLED;
    if is_cancelled {
        let message = Message::Cancel(Cancel { order: id, sequence: 0 });
        let rate = LN_2 / LIFE_MEDIAN_US / (1.0 + f64::from(level)).sqrt();
        now += random.exponential(rate) as i64;
        out.push(Timed { time: now, message });
        if random.uniform() < SHARE_DUPLICATE {
            now += 1 + (random.uniform() * 20.0) as i64;
            out.push(Timed { time: now, message });
        }
    }
    if let Some(message) = modify
        && is_cancelled
        && random.uniform() < SHARE_DUPLICATE
    {
        now += 1 + (random.uniform() * 20.0) as i64;
        out.push(Timed { time: now, message });
    }
    now + 1
}

const fn number(message: Message, sequence: u64) -> Message {
    match message {
        Message::New(new) => Message::New(NewOrder { sequence, ..new }),
        Message::Cancel(cancel) => Message::Cancel(Cancel { sequence, ..cancel }),
        Message::Modify(modify) => Message::Modify(Modify { sequence, ..modify }),
    }
}

/// How far from the mid an order is placed: a power law with a hump near the touch.
struct Depth {
    /// Weight of each level and all before it.
    sums: Vec<f64>,
}

impl Depth {
    fn new() -> Self {
        let weight = |level: u32| {
            let level = f64::from(level);
            let from_hump = level - HUMP_LEVEL;
            1.0 / (level + 1.0).powf(DEPTH_EXPONENT)
                + HUMP_HEIGHT * (-0.5 * from_hump * from_hump).exp()
        };
        let running = |sum: &mut f64, level| {
            *sum += weight(level);
            Some(*sum)
        };
        Self { sums: (0..DEPTH_LEVELS).scan(0.0, running).collect() }
    }

    fn sample(&self, random: &mut Random) -> u32 {
        let all = self.sums.last().copied().unwrap_or_default();
        let wanted = random.uniform() * all;
        (self.sums.partition_point(|sum| *sum < wanted) as u32).min(DEPTH_LEVELS - 1)
    }
}

/// The 32-bit Mersenne Twister (Matsumoto and Nishimura 1998, as `std::mt19937` seeds it) and the
/// distributions of the methodology on top of it.
struct Random {
    words: [u32; 624],
    next: usize,
}

impl Random {
    fn new(seed: u32) -> Self {
        let mut words = [seed; 624];
        for index in 1..words.len() {
            let before = words[index - 1];
            let mixed = (before ^ (before >> 30)).wrapping_mul(1_812_433_253);
            words[index] = mixed.wrapping_add(index as u32);
        }
        Self { words, next: words.len() }
    }

    fn word(&mut self) -> u32 {
        if self.next == self.words.len() {
            self.twist();
        }
        let mut word = self.words[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn twist(&mut self) {
        let len = self.words.len();
        for index in 0..len {
            let upper = self.words[index] & 0x8000_0000;
            let lower = self.words[(index + 1) % len] & 0x7fff_ffff;
            let joined = upper | lower;
            let odd = if joined & 1 == 0 { 0 } else { 0x9908_b0df };
            self.words[index] = self.words[(index + 397) % len] ^ (joined >> 1) ^ odd;
        }
        self.next = 0;
    }

    /// In 0..1, from 53 bits.
    fn uniform(&mut self) -> f64 {
        let high = self.word() >> 5;
        let low = self.word() >> 6;
        (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// In low..=high.
    fn integer(&mut self, low: u32, high: u32) -> u32 {
        low + (self.uniform() * f64::from(high - low + 1)) as u32
    }

    /// Standard normal: the cosine half of Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = self.uniform().max(1e-300);
        let angle = self.uniform();
        (-2.0 * radius.ln()).sqrt() * (2.0 * PI * angle).cos()
    }

    fn exponential(&mut self, rate: f64) -> f64 {
        -self.uniform().max(1e-300).ln() / rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twister_is_the_standard_one() {
        // The C++ standard fixes the 10,000th word of the default seed, 5489.
        let mut random = Random::new(5489);
        let words: Vec<u32> = (0..10_000).map(|_| random.word()).collect();
        assert_eq!(words.last(), Some(&4_123_659_995));
    }
}
