//! The arbitrageur: faster than the maker, it trades against quotes that do not know yet.
//!
//! Its signal is the side that took more lots in the step's prints, or a move of the belief by a
//! threshold since the maker last quoted. It takes that side at the best price that it sees, up to
//! its largest position, at once or not at all: who comes too late finds another price. What it has
//! held for long enough it closes.

use kernel::Side;

use super::prices::Prices;
use super::settings::{ArbitrageurPolicy, Settings};

/// What the arbitrageur can do in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArbitrageurAction {
    /// Side to take; `None` for nothing.
    pub side: Option<Side>,
    /// Lots to take, within its largest position.
    pub lots: i64,
    /// Digest of what a learned policy saw.
    pub observation: Option<[u8; 8]>,
}

/// The rule of one market.
#[derive(Clone, Debug)]
pub(super) struct Arbitrageur {
    policy: ArbitrageurPolicy,
    lots: i64,
    inventory_max: i64,
    hold: u64,
    prints: i64,
    threshold: f64,
}

/// What the arbitrageur knows when it decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArbitrageurSight {
    pub(super) inventory: i64,
    /// Steps since it last traded.
    pub(super) held: u64,
    /// Lots bought less lots sold by takers in this step's prints.
    pub(super) prints: i64,
    /// Change of the belief since the maker quoted.
    pub(super) lag: f64,
}

impl Arbitrageur {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            policy: settings.arbitrageur_policy,
            lots: settings.arbitrageur_lots.whole(),
            inventory_max: settings.arbitrageur_inventory_max.whole(),
            hold: settings.arbitrageur_hold.whole().unsigned_abs(),
            prints: settings.arbitrageur_prints.whole(),
            threshold: settings.arbitrageur_threshold.to_f64(),
        }
    }

    /// What the rule does.
    pub(super) fn decide(&self, sight: &ArbitrageurSight) -> ArbitrageurAction {
        let (rises, falls) = match self.policy {
            ArbitrageurPolicy::Idle => (false, false),
            ArbitrageurPolicy::Prints => {
                (self.prints <= sight.prints, self.prints <= -sight.prints)
            }
            ArbitrageurPolicy::Belief => {
                let moves = |lag: f64| 0.0 < lag && self.threshold <= lag;
                (moves(sight.lag), moves(-sight.lag))
            }
        };
        let signal = match (rises, falls) {
            (true, _) => Some(Side::Buy),
            (false, true) => Some(Side::Sell),
            (false, false) => None,
        };
        let (side, lots) = match signal {
            Some(side) => (Some(side), self.lots),
            None if sight.inventory != 0 && self.hold <= sight.held => {
                let side = if 0 < sight.inventory { Side::Sell } else { Side::Buy };
                (Some(side), sight.inventory.abs())
            }
            None => (None, 0),
        };
        ArbitrageurAction { side, lots, observation: None }
    }

    /// Side, price and lots of the order that an action sends; `None` where there is nobody to trade
    /// with, or no room.
    pub(super) fn order(
        &self,
        action: &ArbitrageurAction,
        prices: &Prices,
        inventory: i64,
    ) -> Option<(Side, i64, i64)> {
        let side = action.side?;
        let room = match side {
            Side::Buy => self.inventory_max - inventory,
            Side::Sell => self.inventory_max + inventory,
        };
        let lots = action.lots.min(room);
        (0 < lots).then_some((side, prices.opposite(side)?, lots))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: ArbitrageurSight = ArbitrageurSight { inventory: 0, held: 0, prints: 0, lag: 0.0 };

    fn rule(policy: &str) -> Arbitrageur {
        let mut settings = Settings::preset("default").unwrap();
        let set = [("policy", policy), ("hold", "1"), ("prints", "1")];
        for (key, value) in set {
            settings.set(&format!("arbitrageur.{key}"), value).unwrap();
        }
        Arbitrageur::new(&settings)
    }

    #[test]
    fn it_follows_its_signal_and_closes_what_it_held() {
        let of = |policy, sight| {
            let action = rule(policy).decide(&sight);
            (action.side, action.lots)
        };
        let (buy, sell) = (Some(Side::Buy), Some(Side::Sell));
        assert_eq!(of("prints", ArbitrageurSight { prints: 3, ..IDLE }), (buy, 2));
        assert_eq!(of("prints", ArbitrageurSight { prints: -1, ..IDLE }), (sell, 2));
        assert_eq!(of("prints", ArbitrageurSight { lag: 0.5, ..IDLE }), (None, 0));
        assert_eq!(of("belief", ArbitrageurSight { lag: 0.02, ..IDLE }), (buy, 2));
        assert_eq!(of("belief", ArbitrageurSight { lag: -0.5, ..IDLE }), (sell, 2));
        assert_eq!(of("belief", ArbitrageurSight { lag: 0.019, prints: 9, ..IDLE }), (None, 0));
        assert_eq!(of("none", ArbitrageurSight { prints: 3, lag: 0.5, ..IDLE }), (None, 0));
        let held = ArbitrageurSight { inventory: 5, held: 1, ..IDLE };
        assert_eq!(of("prints", held), (sell, 5));
        assert_eq!(of("prints", ArbitrageurSight { inventory: -5, ..held }), (buy, 5));
        assert_eq!(of("prints", ArbitrageurSight { held: 0, ..held }), (None, 0));
    }

    #[test]
    fn few_prints_are_no_signal() {
        let rule = Arbitrageur { prints: 6, ..rule("prints") };
        let side = |prints| rule.decide(&ArbitrageurSight { prints, ..IDLE }).side;
        assert_eq!([side(5), side(-5)], [None, None]);
        assert_eq!([side(6), side(-6)], [Some(Side::Buy), Some(Side::Sell)]);
    }

    #[test]
    fn it_takes_what_there_is_within_its_largest_position() {
        let rule = rule("prints");
        let action = ArbitrageurAction { side: Some(Side::Buy), lots: 4, observation: None };
        let prices = Prices { bid: Some(99), ask: None, mid_half_ticks: 200 };
        assert_eq!(rule.order(&action, &prices, 0), None, "nobody sells");
        let prices = Prices { ask: Some(101), ..prices };
        assert_eq!(rule.order(&action, &prices, 0), Some((Side::Buy, 101, 4)));
        assert_eq!(rule.order(&action, &prices, 17), Some((Side::Buy, 101, 3)));
        assert_eq!(rule.order(&action, &prices, 20), None);
    }
}
