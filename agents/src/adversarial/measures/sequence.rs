//! What judges see of an episode: a row of numbers from the public flow and the public mid.
//!
//! | places | what |
//! |---|---|
//! | 0–19 | buys by size, in tenths of the largest order; sells alike |
//! | 20–35 | buys by kind: market, limits at −3 to +3 ticks; sells alike |
//! | 36–55 | buys by tenth of the episode; sells alike |
//! | 56–65 | lots of buys less lots of sells at the end of each tenth, the last at the end |
//! | 66–67 | lots of buys, lots of sells, at the market |
//! | 68 | steps with a buy |
//! | 69–70 | what the mid moved from the arrival price to half time and to the end, in half-ticks |
//!
//! Sizes and offsets beyond a range count in its nearest place. Judges add the squares.

use kernel::Side;

use super::tokens::Places;
use crate::adversarial::divergence::Scale;
use crate::adversarial::watch::Episode;
use crate::number;

/// Numbers of an episode.
pub const WIDTH: usize = 71;

const SIZES: usize = 0;
const KINDS: usize = 20;
const TIMES: usize = 36;
const NETS: usize = 56;
const MARKET: usize = 66;
const STEPS: usize = 68;
const MOVES: usize = 69;

/// The numbers of an episode.
pub fn row(episode: &Episode, scale: Scale) -> [f64; WIDTH] {
    let mut row = [0.0; WIDTH];
    let mut add = |place: usize, more: f64| {
        if let Some(cell) = row.get_mut(place) {
            *cell += more;
        }
    };
    let mut last_buy = 0;
    for seen in &episode.tokens {
        let token = &seen.token;
        let places = Places::of(token, scale);
        let is_sell = usize::from(token.side == Side::Sell);
        add(SIZES + 10 * is_sell + places.size, 1.0);
        add(KINDS + 8 * is_sell + places.kind, 1.0);
        add(TIMES + 10 * is_sell + places.time, 1.0);
        let net = number::from_integer(token.signed_lots());
        for tenth in places.time..10 {
            add(NETS + tenth, net);
        }
        if !token.is_limit {
            add(MARKET + is_sell, number::from_integer(token.lots));
        }
        if is_sell == 0 && last_buy != token.step {
            last_buy = token.step;
            add(STEPS, 1.0);
        }
    }
    let half = (episode.steps.len() / 2).saturating_sub(1);
    let moved = |step: Option<i64>| {
        let after = step.unwrap_or(episode.arrival);
        number::from_integer(after.saturating_sub(episode.arrival))
    };
    add(MOVES, moved(episode.steps.get(half).map(|step| step.after)));
    add(MOVES + 1, moved(episode.steps.last().map(|step| step.after)));
    row
}
