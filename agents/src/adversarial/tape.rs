//! What observations remember of an episode: the last trades and the moves of the mid.

use std::collections::VecDeque;

use kernel::Side;

use crate::number;

/// One trade, as the tape prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Print {
    pub(super) side: Side,
    pub(super) price: i64,
    pub(super) lots: i64,
}

/// Trades that published observations show.
pub(super) const PRINTS: usize = 20;
/// Moves of the mid that a realised volatility is over.
const RETURNS: usize = 100;
/// Steps of a trading day in the published system: its volatility is over a day.
const STEPS_A_DAY: f64 = 390.0;

/// The last trades and moves.
#[derive(Clone, Debug, Default)]
pub(super) struct Tape {
    prints: VecDeque<Print>,
    returns: VecDeque<f64>,
    sum: f64,
    squares: f64,
}

impl Tape {
    /// Trades, oldest first.
    pub(super) fn prints(&self) -> impl Iterator<Item = Print> + '_ {
        self.prints.iter().copied()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.prints.clear();
        self.returns.clear();
        (self.sum, self.squares) = (0.0, 0.0);
    }

    pub(super) fn print(&mut self, print: Print) {
        if self.prints.len() == PRINTS {
            self.prints.pop_front();
        }
        self.prints.push_back(print);
    }

    /// The mid moved in a step from one value to another, both doubled.
    pub(super) fn moved(&mut self, from: i64, to: i64) {
        let gained = if from == to {
            0.0
        } else {
            libm::log(number::from_integer(to) / number::from_integer(from))
        };
        if self.returns.len() == RETURNS {
            let old = self.returns.pop_front().unwrap_or(0.0);
            self.sum -= old;
            self.squares -= old * old;
        }
        self.returns.push_back(gained);
        self.sum += gained;
        self.squares += gained * gained;
    }

    /// Standard deviation of the log returns of the last 100 steps, times √390; 0 for fewer than two.
    pub(super) fn volatility(&self) -> f64 {
        let count = number::from_integer(i64::try_from(self.returns.len()).unwrap_or(0));
        if count < 2.0 {
            return 0.0;
        }
        let mean = self.sum / count;
        let variance = (self.squares / count - mean * mean).max(0.0);
        libm::sqrt(variance * STEPS_A_DAY)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values")]
mod tests {
    use super::*;

    #[test]
    fn the_last_trades_are_kept_in_order() {
        let mut tape = Tape::default();
        for lots in 1..=25 {
            tape.print(Print { side: Side::Buy, price: 100, lots });
        }
        assert!(tape.prints().map(|print| print.lots).eq(6..=25));
    }

    /// numpy.std(numpy.diff(numpy.log([200, 202, 202, 198]))) * numpy.sqrt(390)
    #[test]
    fn volatility_is_that_of_log_returns() {
        let mut tape = Tape::default();
        assert_eq!(tape.volatility(), 0.0);
        for pair in [200, 202, 202, 198].windows(2) {
            tape.moved(pair[0], pair[1]);
        }
        assert!((tape.volatility() - 0.245_962_6).abs() < 1e-6, "{}", tape.volatility());
        for _ in 0..RETURNS {
            tape.moved(198, 198);
        }
        assert!(tape.volatility() < 1e-6);
    }
}
