//! What a seat is paid for a step.

use crate::agent::Kind;
use crate::ecology::Own;
use crate::number;

/// What a step brought to a seat: all that rewards are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pay {
    /// Change of cash and lots held at the mid, in tick·lots.
    pub wealth: f64,
    /// What the lots held before the step gained by the change of the mid, in tick·lots.
    pub carried: f64,
    /// Lots held after the step, beyond the endowment.
    pub inventory: i64,
    /// The same in shares of the limit.
    pub inventory_share: f64,
    /// Lots that were traded out of resting orders.
    pub rested: i64,
    /// Lots traded.
    pub volume: i64,
    /// By how much |mid − fair value| fell, in ticks.
    pub discovery: f64,
    /// |mid − fair value|/32 + spread/8 after the step, in ticks.
    pub market_cost: f64,
}

impl Pay {
    /// What the next step brought: so much wealth, while twice the mid moved so far.
    pub(super) fn follow(&mut self, own: &Own, wealth: f64, twice_mid_change: i64) {
        let held = number::from_integer(self.inventory);
        *self = Self {
            wealth,
            carried: held * number::from_integer(twice_mid_change) * 0.5,
            inventory: own.inventory,
            inventory_share: number::from_integer(own.inventory)
                / number::from_integer(own.inventory_max),
            rested: own.fills.rested,
            volume: own.fills.bought + own.fills.sold,
            discovery: 0.0,
            market_cost: 0.0,
        };
    }
}

/// The reward of a step, by type, with the terms of [`Pay`]:
///
/// r = clip((ΔW − \[maker\]·(max(0, η·carried) + φ·(inventory/limit)² − λ·rested) + κ·discovery) / scale −
/// w·`market_cost`, ±c)
///
/// The damped carried gain is that of Spooner et al. (2018), eq. 8: a maker is paid for its spread, not
/// for luck with what it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rewards {
    /// η: share of carried gains that is taken away; losses stay.
    pub dampening: f64,
    /// φ, in tick·lots.
    pub inventory: f64,
    /// λ, in ticks a lot.
    pub presence: f64,
    /// κ of each type, in lots.
    pub subsidy: [f64; Kind::ALL.len()],
    /// Of each type, in tick·lots.
    pub scale: [f64; Kind::ALL.len()],
    /// w, in 1/ticks.
    pub market_share: f64,
    /// c.
    pub clip: f64,
}

impl Rewards {
    /// The reward of a step for an agent of this type.
    pub fn of(&self, kind: Kind, pay: &Pay) -> f64 {
        let mut sum = pay.wealth;
        if kind == Kind::Maker {
            let share = pay.inventory_share;
            sum -= (self.dampening * pay.carried).max(0.0) + self.inventory * share * share;
            sum += self.presence * number::from_integer(pay.rested);
        }
        sum += self.subsidy[kind as usize] * pay.discovery;
        let reward = sum / self.scale[kind as usize] - self.market_share * pay.market_cost;
        reward.clamp(-self.clip, self.clip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REWARDS: Rewards = Rewards {
        dampening: 0.5,
        inventory: 20.0,
        presence: 2.0,
        subsidy: [0.0, 0.0, 400.0, 0.0],
        scale: [200.0, 100.0, 200.0, 50.0],
        market_share: 0.0,
        clip: 10.0,
    };

    #[track_caller]
    fn check(rewards: &Rewards, kind: Kind, pay: &Pay, expected: f64) {
        let found = rewards.of(kind, pay);
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn makers_keep_half_of_what_they_carry_and_all_of_what_they_lose() {
        let pay = |carried| Pay { wealth: 100.0, carried, ..Pay::default() };
        check(&REWARDS, Kind::Maker, &pay(40.0), 0.4);
        check(&REWARDS, Kind::Maker, &pay(-40.0), 0.5);
        // Others keep all.
        check(&REWARDS, Kind::Noise, &pay(40.0), 2.0);
    }

    #[test]
    fn each_term_has_its_place() {
        let pay = Pay { inventory_share: -0.5, rested: 10, discovery: 0.25, ..Pay::default() };
        check(&REWARDS, Kind::Maker, &pay, (20.0 - 5.0) / 200.0);
        check(&REWARDS, Kind::Value, &pay, 0.5);
        check(&REWARDS, Kind::Momentum, &pay, 0.0);
        let pay = Pay { wealth: -1e9, market_cost: 2.0, ..Pay::default() };
        check(&REWARDS, Kind::Value, &pay, -10.0);
        let shared = Rewards { market_share: 0.25, ..REWARDS };
        check(&shared, Kind::Momentum, &Pay { wealth: 0.0, ..pay }, -0.5);
    }
}
