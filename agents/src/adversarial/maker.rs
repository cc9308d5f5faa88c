//! The maker: how it quotes, given what it believes.
//!
//! Offsets from the reference prices, in ticks, no more than the largest:
//!
//! * fixed: h on both sides;
//! * belief: h·(1 + 2b), the multiplier of the published system;
//! * Avellaneda and Stoikov (2008), eqs. 29 and 30: half-spread γσ²τ/2 + ln(1 + γ/k)/γ around
//!   m − qγσ²τ, with inventory q, τ steps to go and σ² the mean squared move of the mid in a step.

use super::prices::Prices;
use super::settings::{MakerPolicy, Settings};
use crate::number;
use kernel::Side;

/// A maker's quotes for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MakerAction {
    /// Ticks of the best bid below its reference price, 0 or more.
    pub bid: i64,
    /// Ticks of the best ask above its reference price, 0 or more.
    pub ask: i64,
    /// Lots on each price level of the bid; 0 quotes nothing.
    pub bid_lots: i64,
    /// Lots on each price level of the ask; 0 quotes nothing.
    pub ask_lots: i64,
    /// Digest of what a learned policy saw.
    pub observation: Option<[u8; 8]>,
}

/// Quotes of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ladder {
    pub(super) side: Side,
    offset: i64,
    pub(super) levels: i64,
    pub(super) lots: i64,
}

impl Ladder {
    /// The price of each level around the prices that the maker saw, best first.
    pub(super) fn prices(self, seen: Prices) -> impl Iterator<Item = i64> {
        (0..self.levels).map(move |level| seen.beyond(self.side, -(self.offset + level)))
    }
}

/// The rule of one market.
#[derive(Clone, Debug)]
pub(super) struct Maker {
    policy: MakerPolicy,
    half_spread: f64,
    half_spread_max: i64,
    levels: i64,
    lots: i64,
    inventory_max: i64,
    risk: f64,
    depth: f64,
}

/// What the maker knows when it decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct MakerSight {
    pub(super) belief: f64,
    pub(super) inventory: i64,
    /// Steps to go.
    pub(super) left: u64,
    /// Mean squared move of the mid in a step, in ticks².
    pub(super) variance: f64,
}

impl Maker {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            policy: settings.maker_policy,
            half_spread: settings.maker_half_spread.to_f64(),
            half_spread_max: settings.maker_half_spread_max.whole(),
            levels: settings.maker_levels.whole(),
            lots: settings.maker_lots.whole(),
            inventory_max: settings.maker_inventory_max.whole(),
            risk: settings.maker_risk.to_f64(),
            depth: settings.maker_depth.to_f64(),
        }
    }

    /// The quotes of the rule.
    pub(super) fn decide(&self, sight: &MakerSight) -> MakerAction {
        let (bid, ask) = match self.policy {
            MakerPolicy::Fixed => (self.half_spread, self.half_spread),
            MakerPolicy::Belief => {
                let half = self.half_spread * (1.0 + 2.0 * sight.belief);
                (half, half)
            }
            MakerPolicy::AvellanedaStoikov => self.reservation(sight),
        };
        let offset = |ticks: f64| number::round(ticks).clamp(0, self.half_spread_max);
        MakerAction {
            bid: offset(bid),
            ask: offset(ask),
            bid_lots: self.lots,
            ask_lots: self.lots,
            observation: None,
        }
    }

    /// Distances of bid and ask from the mid.
    fn reservation(&self, sight: &MakerSight) -> (f64, f64) {
        let left = number::from_integer(i64::try_from(sight.left).unwrap_or(i64::MAX));
        let risk = self.risk * sight.variance * left;
        let lean = number::from_integer(sight.inventory) * risk;
        // ln(1 + γ/k)/γ tends to 1/k.
        let room = if self.risk == 0.0 {
            1.0 / self.depth
        } else {
            libm::log1p(self.risk / self.depth) / self.risk
        };
        let half = 0.5 * risk + room;
        (half + lean, half - lean)
    }

    /// The ladder of a side: ticks of its best price behind the reference, levels, lots on each. No
    /// levels where the inventory forbids it.
    pub(super) fn ladder(&self, action: &MakerAction, side: Side, inventory: i64) -> Ladder {
        let (offset, lots, held) = match side {
            Side::Buy => (action.bid, action.bid_lots, inventory),
            Side::Sell => (action.ask, action.ask_lots, -inventory),
        };
        let levels = if held < self.inventory_max && 0 < lots { self.levels } else { 0 };
        Ladder { side, offset: offset.clamp(0, self.half_spread_max), levels, lots }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The default settings, two ticks from the reference.
    fn settings() -> Settings {
        let mut settings = Settings::preset("default").unwrap();
        settings.set_all([("maker.half_spread", "2"), ("maker.risk", "0.01")]).unwrap();
        settings
    }

    fn quotes(policy: &str, set: &[(&str, &str)], sight: MakerSight) -> (i64, i64) {
        let mut settings = settings();
        settings.set("maker.policy", policy).unwrap();
        settings.set_all(set.iter().copied()).unwrap();
        let action = Maker::new(&settings).decide(&sight);
        (action.bid, action.ask)
    }

    const CALM: MakerSight = MakerSight { belief: 0.5, inventory: 0, left: 50, variance: 1.0 };

    #[test]
    fn belief_widens_the_spread() {
        let of = |policy, belief| quotes(policy, &[], MakerSight { belief, ..CALM });
        assert_eq!([of("fixed", 0.0), of("fixed", 1.0)], [(2, 2), (2, 2)]);
        assert_eq!(
            [of("belief", 0.0), of("belief", 0.5), of("belief", 1.0)],
            [(2, 2), (4, 4), (6, 6)]
        );
        let capped = [("maker.half_spread_max", "5")];
        assert_eq!(quotes("belief", &capped, MakerSight { belief: 1.0, ..CALM }), (5, 5));
    }

    /// γ = 0.01, k = 0.5, σ² = 1, τ = 50: risk 0.5, half 0.25 + ln(1.02)/0.01 = 2.23.
    #[test]
    fn avellaneda_and_stoikov_lean_against_their_inventory() {
        let of = |inventory| quotes("avellaneda-stoikov", &[], MakerSight { inventory, ..CALM });
        assert_eq!(of(0), (2, 2));
        assert_eq!(of(4), (4, 0), "long: the bid lower, the ask lower");
        assert_eq!(of(-4), (0, 4));
        let riskless = [("maker.risk", "0"), ("maker.depth", "0.25")];
        assert_eq!(quotes("avellaneda-stoikov", &riskless, CALM), (4, 4));
    }

    #[test]
    fn a_ladder_stops_at_the_inventory() {
        let maker = Maker::new(&settings());
        let action = maker.decide(&CALM);
        let prices = Prices { mid_half_ticks: 20_001, ..Prices::around(0) };
        let ladder = |side, inventory| {
            maker.ladder(&action, side, inventory).prices(prices).collect::<Vec<_>>()
        };
        assert_eq!(ladder(Side::Buy, 0), [9_996, 9_995, 9_994, 9_993]);
        assert_eq!(ladder(Side::Sell, 0), [10_005, 10_006, 10_007, 10_008]);
        assert!(ladder(Side::Buy, 50).is_empty() && !ladder(Side::Sell, 50).is_empty());
        assert!(ladder(Side::Sell, -50).is_empty() && !ladder(Side::Buy, -50).is_empty());
    }
}
