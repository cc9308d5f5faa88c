//! What the three players see, as numbers for networks.
//!
//! Two views; both also give a global state, which a critic may see in training and no player. f32
//! throughout: no observation reaches a log, but for a digest of its bits.
//!
//! **Compact** (14, 11, 13; state 24). Everybody sees the first eight:
//!
//! | place | what | unit |
//! |---|---|---|
//! | 0 | mid less arrival price | 5 ticks |
//! | 1 | spread | 4 ticks |
//! | 2 | move of the mid in the last step | 2 ticks |
//! | 3 | time left | share of the episode |
//! | 4 | lots of buys less lots of sells in the flow | standard deviation of the noise's, s·√(rT) |
//! | 5 | orders in the flow beyond r·t | standard deviation √(rT) |
//! | 6, 7 | lots of buys and of sells in the flow's last step | 5 lots |
//!
//! trader: 8 lots to buy, 9 of them resting, both in shares of N; 10 free lots a step left, in mean lots of
//! noise; 11 lots at the best ask, in 10 lots; 12 logit b / 2; 13 time left, squared. maker: 8 belief;
//! 9 its change since the last quotes; 10 inventory in shares of its largest. arbitrageur: 8 and 9 as
//! the maker; 10 inventory in shares of its largest; 11 lots bought less sold by takers in the step, in
//! 5 lots; 12 steps since it traded, in 10 steps. state: trader's 14, maker's 8 to 10, arbitrageur's 10 to 12,
//! then 20 the fundamental less the mid, in 5 ticks; 21 the type z; 22 realised volatility, in ticks a step;
//! 23 lots that the trader's place traded, in shares of N.
//!
//! **Published** (86, 145, 84 with 20 levels; state their 315), as in the published system
//! adversarial-market-marl, with L = `view.levels`:
//!
//! | player | components |
//! |---|---|
//! | all | the book, 4·L: price and lots of each bid, best first, then of each ask; (p − m)/m, lots ÷ the largest shown; zeros where there is none |
//! | trader | lots to buy ÷ N; time left; 1 − the first; m ÷ p₀; spread ÷ m (0.02 without one); realised volatility of log returns over 100 steps × √390 |
//! | maker | the last 20 trades, oldest first: taker's side ±1, price ÷ m − 1, lots ÷ `maker.lots`; inventory ÷ its largest; m ÷ p₀; spread ÷ m; belief; time left |
//! | arbitrageur | (spread − 2 ticks) ÷ 2 ticks, within 0 and 5; inventory ÷ its largest; m ÷ p₀; time left |

use kernel::Engine;

use super::game::Game;
use super::tape::PRINTS;
use super::{ARBITRAGEUR, MAKER, TRADER};
use crate::number;

mod compact;
mod published;

/// Which numbers players see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Few numbers, of which a small network learns fast.
    Compact,
    /// Those of the published system.
    Published,
}

/// How many numbers each player sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Widths {
    /// The trader's.
    pub trader: usize,
    /// The maker's.
    pub maker: usize,
    /// The arbitrageur's.
    pub arbitrageur: usize,
    /// The global state's.
    pub state: usize,
}

/// What was seen at one moment; its memory is used again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observations {
    /// By the trader.
    pub trader: Vec<f32>,
    /// By the maker.
    pub maker: Vec<f32>,
    /// By the arbitrageur.
    pub arbitrageur: Vec<f32>,
    /// The global state.
    pub state: Vec<f32>,
}

impl View {
    /// How many numbers there are, with so many price levels of each side.
    pub const fn widths(self, levels: usize) -> Widths {
        match self {
            Self::Compact => Widths { trader: 14, maker: 11, arbitrageur: 13, state: 24 },
            Self::Published => {
                let book = 4 * levels;
                let (trader, maker) = (book + 6, book + 3 * PRINTS + 5);
                let arbitrageur = book + 4;
                Widths { trader, maker, arbitrageur, state: trader + maker + arbitrageur }
            }
        }
    }
}

impl Game {
    /// What the players see now: between two steps the trader decides on it, between their halves, with
    /// the belief of the step before, maker and arbitrageur. Cost: the book's levels shown; nothing is
    /// allocated once the widest has been seen.
    pub fn observe(&self, engine: &Engine, view: View, into: &mut Observations) {
        let Observations { trader, maker, arbitrageur, state } = into;
        trader.clear();
        maker.clear();
        arbitrageur.clear();
        state.clear();
        match view {
            View::Compact => compact::observe(self, engine, into),
            View::Published => published::observe(self, engine, into),
        }
    }
}

/// A number as networks take it.
#[expect(clippy::cast_possible_truncation, reason = "networks see single precision")]
const fn single(x: f64) -> f32 {
    x as f32
}

/// An integer in such units.
fn ratio(x: i64, unit: f64) -> f32 {
    single(number::from_integer(x) / unit)
}

#[cfg(test)]
mod tests;
