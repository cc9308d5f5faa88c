//! How a step is paid, and how an episode ends.

use kernel::{ClientId, Command, Venue};

use super::Game;
use crate::adversarial::reward::{self, ArbitrageurPay, MakerPay, Pay, TraderPay};
use crate::adversarial::settings::Leakage;
use crate::adversarial::{ARBITRAGEUR, CLIENTS_MAX, MAKER, TRADER, policy};
use crate::number;

/// Basis points in 1.
const BPS: f64 = 10_000.0;

impl Game {
    /// What the step that ended just now paid, the belief before it and the maker's lag behind it given.
    pub(super) fn pay<V: Venue>(&mut self, venue: &V, before: f64, lag: f64) -> Pay {
        let is_last = self.episode.step == self.settings.steps();
        let mid = self.episode.prices.mid_half_ticks;
        let mark = if is_last { self.worth() } else { mid };
        let [maker, arbitrageur] = self.episode.gains(venue.engine(), mark);
        let traded = self.desk.traded(MAKER).net();
        let (then, b) = (self.episode.mid_before, self.episode.belief);
        let truth = if self.episode.is_informed { b } else { 1.0 - b };
        let snipes = number::from_integer(self.desk.traded(ARBITRAGEUR).net());
        Pay {
            trader: self.pay_trader(before, is_last),
            maker: MakerPay {
                pnl: maker,
                adverse_selection: self.episode.adverse.settle(traded, then, mid, is_last),
                entropy: reward::entropy(b),
                accuracy: truth,
            },
            arbitrageur: ArbitrageurPay { pnl: arbitrageur, belief_lag: lag * snipes },
        }
    }

    fn pay_trader(&mut self, before: f64, is_last: bool) -> TraderPay {
        let predictability = self.episode.habit.see(self.episode.symbol);
        let fills = self.desk.traded(TRADER);
        let arrival = number::from_integer(self.episode.arrival) * 0.5;
        self.episode.executed += fills.lots();
        self.episode.volume_of_others += self.desk.volume - fills.lots();
        let whole = arrival * self.settings.trader_lots.to_f64();
        let beyond = number::from_integer(fills.paid) - arrival * number::from_integer(fills.net());
        let missing = if is_last { self.missing() } else { 0 };
        let closing_price = self.episode.prices.mid() + self.settings.trader_closing.to_f64();
        let closing = number::from_integer(missing) * (closing_price - arrival);
        let (b, is_informed) = (self.episode.belief, self.episode.is_informed);
        let leakage = match self.settings.trader_leakage {
            _ if !is_informed => 0.0,
            Leakage::Increment if b.to_bits() == before.to_bits() => 0.0,
            Leakage::Increment => libm::log(b) - libm::log(before),
            Leakage::Episode => {
                let (sum, episodes) = self.leaked;
                let mean = if episodes == 0 { 0.0 } else { sum / to_f64(episodes) };
                mean / to_f64(self.settings.steps())
            }
        };
        TraderPay {
            shortfall: (beyond + closing) / whole * BPS,
            closing: closing / whole * BPS,
            leakage,
            predictability,
        }
    }

    /// Lots of a buyer's parent order that did not trade.
    pub(super) fn missing(&self) -> i64 {
        if self.episode.seat.buys() { self.settings.lots() - self.episode.executed } else { 0 }
    }

    /// Twice what the asset is worth in the end: the fundamental, and what the trader knew.
    fn worth(&self) -> i64 {
        let edge = self.settings.fundamental_edge.to_f64();
        let edge = if self.episode.is_informed { edge } else { 0.0 };
        number::round(2.0 * (self.episode.fundamental + edge))
    }

    /// Ends the episode: what is left is told, and every order is cancelled.
    ///
    /// # Errors
    /// The venue's.
    pub fn close<V: Venue>(&mut self, venue: &mut V) -> Result<(), V::Error> {
        let action = [self.missing(), self.episode.prices.mid_half_ticks];
        self.desk.note(venue, (0, policy::CLOSE), &action, (0, 0), None)?;
        for client in (1..CLIENTS_MAX).map(ClientId) {
            let account = venue.engine().account(client);
            if account.open_buy != 0 || account.open_sell != 0 {
                self.desk.submit(venue, Command::MassCancel { client })?;
            }
        }
        if self.episode.is_informed {
            let prior = self.settings.belief_prior.to_f64();
            self.leaked.0 += libm::log(self.episode.belief / prior);
            self.leaked.1 += 1;
        }
        self.is_open = false;
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of steps and episodes are far below 2^53")]
pub(super) const fn to_f64(count: u64) -> f64 {
    count as f64
}
