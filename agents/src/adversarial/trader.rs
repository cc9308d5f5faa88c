//! The trader's place: how an informed trader slices its parent order, and what stands there in
//! episodes of the other type.
//!
//! * TWAP: by the end of step t of H it has asked for ⌊N·t/H⌋ lots, at the market.
//! * VWAP: the same along a volume profile 1.1 + cos 2πt/H, high at both ends.
//! * camouflage: as TWAP, but with probability p a slice of U{⌈M/20⌉..⌈M/5⌉} lots, at the market or as a
//!   limit U{−5..5} ticks beyond the reference price, by a coin.
//! * POV: a share of all lots that others traded, at the market.
//! * copy: what an uninformed buyer does, which is: in step t of T, with probability
//!   free ÷ (E\[lots\]·(T − t − 2)), a buy by the law of the noise, no larger than what is free.
//!
//! Lots are free that are neither bought nor asked for by a resting order, so nothing is bought twice.
//! Everybody's orders rest and arrive by the same law, whoever sends them.
//!
//! TWAP, VWAP and camouflage are those of the published system, with the slices that their names promise.

use kernel::Side;

use super::law::{Law, Order, Style, WORDS, pick};
use super::settings::{Mode, Settings, TraderPolicy};
use crate::draws;
use crate::number;

/// What the trader can do in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraderAction {
    /// Lots to ask for, no more than are free; 0 abstains.
    pub lots: i64,
    /// At which price. The ticks of a [`Style::Collared`] are drawn as noise draws them.
    pub style: Style,
    /// Digest of what a learned policy saw.
    pub observation: Option<[u8; 8]>,
}

/// What the trader knows of its parent order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// Steps that have ended.
    pub(super) step: u64,
    /// Lots that are neither traded nor resting.
    pub(super) free: i64,
    /// Lots that others traded so far.
    pub(super) volume: i64,
}

/// Who decides in the trader's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    /// An informed trader, by a rule.
    Informed(TraderPolicy),
    /// An uninformed buyer.
    Buyer,
    /// Orders of both sides.
    BothSides,
    /// Nobody.
    Empty,
}

impl Seat {
    /// Whether it has a parent order to buy.
    pub(super) const fn buys(self) -> bool {
        matches!(self, Self::Informed(_) | Self::Buyer)
    }

    pub(super) const fn of(is_informed: bool, settings: &Settings) -> Self {
        match (is_informed, settings.mode) {
            (true, _) => Self::Informed(settings.trader_policy),
            (false, Mode::Uninformed) => Self::Buyer,
            (false, Mode::Silent) => Self::Empty,
            (false, Mode::Noise) => Self::BothSides,
        }
    }
}

/// The rules of one market.
#[derive(Clone, Debug)]
pub(super) struct Trader {
    lots: i64,
    steps: u64,
    order_max: i64,
    camouflage: f64,
    participation: f64,
    /// Lots asked for by the end of each step, by TWAP and by VWAP.
    twap: Vec<i64>,
    vwap: Vec<i64>,
}

impl Trader {
    pub(super) fn new(settings: &Settings) -> Self {
        let (lots, steps) = (settings.trader_lots.whole(), settings.steps());
        let horizon = steps.min(settings.trader_horizon.whole().unsigned_abs());
        let whole = number::from_integer(i64::try_from(horizon).unwrap_or(i64::MAX));
        let weights = |profile: &dyn Fn(f64) -> f64| {
            let mut sum = 0.0;
            let sums = (0..i64::try_from(horizon).unwrap_or(i64::MAX)).map(|step| {
                sum += profile(number::from_integer(step) / whole);
                sum
            });
            let sums: Vec<_> = sums.collect();
            let asked = sums.iter().map(|so_far| {
                // A hair more, so that whole lots do not fall to rounding.
                number::floor(number::from_integer(lots) * so_far / sum + 1e-9).min(lots)
            });
            asked.collect::<Vec<_>>()
        };
        Self {
            lots,
            steps,
            order_max: settings.trader_order_max.whole(),
            camouflage: settings.trader_camouflage.to_f64(),
            participation: settings.trader_participation.to_f64(),
            twap: weights(&|_| 1.0),
            vwap: weights(&|time| 1.1 + libm::cos(std::f64::consts::TAU * time)),
        }
    }

    /// What whoever is in the trader's place sends in a step; `None` for nothing.
    pub(super) fn decide(
        &self,
        seat: Seat,
        progress: &Progress,
        law: &Law,
        draws: &Draws,
    ) -> Option<Order> {
        match seat {
            Seat::Empty | Seat::Informed(TraderPolicy::Abstain) => None,
            Seat::Buyer | Seat::Informed(TraderPolicy::Copy) => {
                self.by_the_law(progress, law, draws, Side::Buy)
            }
            Seat::BothSides => {
                let is_buy = draws::happens(draws.order[0], 0.5);
                let side = if is_buy { Side::Buy } else { Side::Sell };
                self.by_the_law(progress, law, draws, side)
            }
            Seat::Informed(policy) => {
                let action = self.slice(policy, progress, draws);
                self.order(&action, progress, law, draws)
            }
        }
    }

    /// The order of an action: within what is free, delivered as every customer's.
    pub(super) fn order(
        &self,
        action: &TraderAction,
        progress: &Progress,
        law: &Law,
        draws: &Draws,
    ) -> Option<Order> {
        let lots = action.lots.min(self.order_max).min(progress.free);
        let [_, _, _, distance, life, early] = draws.order;
        let style = match action.style {
            Style::Collared(_) => Style::Collared(law.reservation(distance)),
            style @ (Style::Market | Style::Limit(_)) => style,
        };
        (0 < lots).then(|| Order { side: Side::Buy, lots, style, ..law.delivery(life, early) })
    }

    fn by_the_law(
        &self,
        progress: &Progress,
        law: &Law,
        draws: &Draws,
        side: Side,
    ) -> Option<Order> {
        let left = i64::try_from(self.steps.saturating_sub(progress.step + 2)).unwrap_or(i64::MAX);
        let chance = number::from_integer(progress.free)
            / (law.mean_lots() * number::from_integer(left.max(1)));
        if progress.free <= 0 || !draws::happens(draws.act, chance) {
            return None;
        }
        let order = law.order_of(side, draws.order);
        Some(Order { lots: order.lots.min(progress.free), ..order })
    }

    fn slice(&self, policy: TraderPolicy, progress: &Progress, draws: &Draws) -> TraderAction {
        let market = |lots| TraderAction { lots, style: Style::Market, observation: None };
        let asked = self.lots - progress.free;
        let along = |plan: &[i64]| {
            let step = usize::try_from(progress.step).unwrap_or(usize::MAX);
            market(plan.get(step).copied().unwrap_or(self.lots) - asked)
        };
        match policy {
            TraderPolicy::Camouflage if draws::happens(draws.act, self.camouflage) => {
                let [_, lots, kind, distance, _, _] = draws.order;
                let fewest = (self.order_max + 19) / 20;
                let style = if draws::happens(kind, 0.5) {
                    Style::Market
                } else {
                    Style::Limit(pick(distance, -5, 5))
                };
                let lots = pick(lots, fewest, (self.order_max + 4) / 5);
                TraderAction { lots, style, observation: None }
            }
            TraderPolicy::Twap | TraderPolicy::Camouflage => along(&self.twap),
            TraderPolicy::Vwap => along(&self.vwap),
            TraderPolicy::Pov => {
                let share = self.participation * number::from_integer(progress.volume);
                market(number::floor(share) - asked)
            }
            TraderPolicy::Copy | TraderPolicy::Abstain => market(0),
        }
    }
}

/// The words of the trader's stream in a step, used or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws {
    pub(super) act: u64,
    pub(super) order: [u64; WORDS],
}

#[cfg(test)]
mod tests;
