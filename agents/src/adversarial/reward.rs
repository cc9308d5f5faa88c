//! What the three players are paid for a step, term by term.
//!
//! With parent order N, arrival price p₀ (the mid before the first step), belief b, type z, positions q
//! and mid m in ticks:
//!
//! * trader: −S − λ·I − μ·K, in bps of p₀. S, implementation shortfall: Σ (p − p₀)·lots / (N·p₀) over its fills
//!   of the step; at the end every lot that is missing counts as bought at m + closing. I, leakage:
//!   ln bₜ − ln bₜ₋₁, whose sum is ln b − ln b₀; nothing in episodes of type z = 0. Its gradient is that of
//!   the mutual information between type and flow (ADVERSARIAL.md). K, predictability: by how many nats its next step could be foretold from the last one.
//! * maker: P − α·A − β·H(b) + γ·C, in tick·lots. P, profit and loss: change of cash + q·m in the kernel's
//!   account; at the end what it holds is worth F, and in episodes of type z = 1 the edge more. A, adverse
//!   selection: −Δq·(m − m₀) of what it traded `horizon` steps ago, m₀ the mid before that step's orders; at the end, of all
//!   that is still open. H: the entropy of b, in nats. C: the probability that b gives the truth.
//! * arbitrageur: P + δ·L. L, belief lag: side·(b − b of the maker's quotes)·lots traded.
//!
//! The published system names these terms; what it computes of them is listed in its defects.

use std::collections::VecDeque;

use crate::number;

/// The trader's terms of a step, in bps of the arrival price, and nats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TraderPay {
    /// Implementation shortfall: what its fills cost beyond the arrival price.
    pub shortfall: f64,
    /// Of it, for lots that were missing at the end.
    pub closing: f64,
    /// Leakage, in nats.
    pub leakage: f64,
    /// Predictability, in nats.
    pub predictability: f64,
}

impl TraderPay {
    /// The reward under these weights, both in bps a nat.
    pub fn reward(&self, lambda: f64, mu: f64) -> f64 {
        -self.shortfall - lambda * self.leakage - mu * self.predictability
    }
}

/// The maker's terms of a step, in tick·lots, and nats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MakerPay {
    /// Change of what it owns.
    pub pnl: f64,
    /// What the mid moved against it since it traded.
    pub adverse_selection: f64,
    /// Entropy of the belief, in nats.
    pub entropy: f64,
    /// Probability that the belief gives the truth.
    pub accuracy: f64,
}

impl MakerPay {
    /// The reward under these weights.
    pub fn reward(&self, alpha: f64, beta: f64, gamma: f64) -> f64 {
        self.pnl - alpha * self.adverse_selection - beta * self.entropy + gamma * self.accuracy
    }
}

/// The arbitrageur's terms of a step, in tick·lots.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ArbitrageurPay {
    /// Change of what it owns.
    pub pnl: f64,
    /// By how much the belief was ahead of the maker's quotes, for the lots it traded on that side.
    pub belief_lag: f64,
}

impl ArbitrageurPay {
    /// The reward under this weight.
    pub fn reward(&self, delta: f64) -> f64 {
        self.pnl + delta * self.belief_lag
    }
}

/// All of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pay {
    /// The trader's.
    pub trader: TraderPay,
    /// The maker's.
    pub maker: MakerPay,
    /// The arbitrageur's.
    pub arbitrageur: ArbitrageurPay,
}

/// Entropy of a belief, in nats.
pub(super) fn entropy(b: f64) -> f64 {
    if b.to_bits() == 0.5_f64.to_bits() {
        return std::f64::consts::LN_2;
    }
    let part = |p: f64| if p <= 0.0 { 0.0 } else { -p * libm::log(p) };
    part(b) + part(1.0 - b)
}

/// What a maker traded lately, until its adverse selection is known.
#[derive(Clone, Debug)]
pub(super) struct Adverse {
    horizon: usize,
    /// Lots bought less lots sold in a step, and twice the mid before it.
    open: VecDeque<(i64, i64)>,
}

impl Adverse {
    pub(super) fn new(horizon: i64) -> Self {
        let horizon = usize::try_from(horizon).unwrap_or(1);
        Self { horizon, open: VecDeque::with_capacity(horizon + 1) }
    }

    /// Ends a step: what the mid did to the trades of so many steps ago, or to all that are open. In
    /// tick·lots.
    pub(super) fn settle(&mut self, traded: i64, before: i64, now: i64, is_last: bool) -> f64 {
        self.open.push_back((traded, before));
        let mut half_ticks = 0;
        while self.horizon < self.open.len() || (is_last && !self.open.is_empty()) {
            let Some((traded, before)) = self.open.pop_front() else { break };
            half_ticks -= traded * (now - before);
        }
        number::from_integer(half_ticks) * 0.5
    }
}

/// How well a player's next step can be foretold from its last one: the estimator of Krichevsky and
/// Trofimov (1981) over the symbols of steps, for each last symbol, learnt on the way.
#[derive(Clone, Debug)]
pub(super) struct Habit {
    counts: [[u32; SYMBOLS]; SYMBOLS],
    last: usize,
}

/// Nothing; market or limit in three sizes each.
const SYMBOLS: usize = 7;

impl Habit {
    pub(super) const fn new() -> Self {
        Self { counts: [[0; SYMBOLS]; SYMBOLS], last: 0 }
    }

    /// Nats by which the symbol was more likely than by chance; negative for a surprise.
    pub(super) fn see(&mut self, symbol: usize) -> f64 {
        let symbol = symbol.min(SYMBOLS - 1);
        let row = &mut self.counts[self.last];
        let total: u32 = row.iter().sum();
        let symbols = f64::from(u32::try_from(SYMBOLS).unwrap_or(u32::MAX));
        let chance = (f64::from(row[symbol]) + 0.5) / (f64::from(total) + 0.5 * symbols);
        row[symbol] += 1;
        self.last = symbol;
        libm::log(symbols * chance)
    }

    /// The symbol of a step: no order, or one of so many lots.
    pub(super) const fn symbol(order: Option<(i64, bool)>) -> usize {
        match order {
            None => 0,
            Some((lots, is_limit)) => {
                let size = if lots <= 3 { 1 } else { 2 + (7 <= lots) as usize };
                size + 3 * is_limit as usize
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values")]
mod tests {
    use super::*;

    #[test]
    fn adverse_selection_is_what_the_mid_does_after_the_horizon() {
        let mut adverse = Adverse::new(2);
        // Bought 3 at a mid of 100; the mid falls by a tick each step.
        assert_eq!(adverse.settle(3, 200, 198, false), 0.0);
        assert_eq!(adverse.settle(0, 198, 196, false), 0.0);
        assert_eq!(adverse.settle(-1, 196, 194, false), 9.0);
        // The sale of one lot gained when the mid fell on.
        assert_eq!(adverse.settle(0, 194, 192, true), -2.0);
        assert_eq!(adverse.settle(0, 192, 0, true), 0.0);
    }

    #[test]
    fn a_habit_is_foretold_and_a_change_is_not() {
        let mut habit = Habit::new();
        let early = habit.see(1);
        assert!(early.abs() < 1e-12, "nothing is known yet: {early}");
        let nats: Vec<f64> = (0..50).map(|_| habit.see(1)).collect();
        assert!(nats.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(1.8 < nats[49] && nats[49] < libm::log(7.0), "{}", nats[49]);
        assert!(habit.see(4) < -1.0);
    }

    #[test]
    fn symbols_tell_size_and_kind() {
        let symbols: Vec<_> = [
            None,
            Some((3, false)),
            Some((6, false)),
            Some((7, false)),
            Some((1, true)),
            Some((4, true)),
            Some((99, true)),
        ]
        .map(Habit::symbol)
        .into();
        assert_eq!(symbols, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn terms_are_weighed() {
        let trader = TraderPay { shortfall: 2.0, closing: 0.5, leakage: 0.1, predictability: 0.2 };
        assert!((trader.reward(4.0, 0.5) + 2.5).abs() < 1e-12);
        let maker = MakerPay { pnl: 3.0, adverse_selection: 1.0, entropy: 0.5, accuracy: 0.75 };
        assert!((maker.reward(1.0, 2.0, 4.0) - 4.0).abs() < 1e-12);
        let arbitrageur = ArbitrageurPay { pnl: 1.0, belief_lag: 2.0 };
        assert!((arbitrageur.reward(0.25) - 1.5).abs() < 1e-12);
        assert!((entropy(0.5) - core::f64::consts::LN_2).abs() < 1e-12);
        assert_eq!(entropy(0.0), 0.0);
        assert_eq!(entropy(1.0), 0.0);
    }
}
