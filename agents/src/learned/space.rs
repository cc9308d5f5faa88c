//! What a policy may choose, as independent heads of a few values each.

use crate::agent::Kind;

/// Most heads of a space.
pub const HEADS_MAX: usize = 4;

/// What the agents of a type may choose from: a list of heads, one value of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Makers: half-spread {½, 1, 1½, 2, 2½, 3} ticks × weight of the order flow {0, .02, .05, .1, .15,
    /// .2, .3} ticks a lot × size {.7, 1, 1.5} times the rule's × inventory skew {.018, .036, .07}
    /// ticks a lot. The price is centre + weight·flow − skew·inventory, with flow ← .8·flow + net
    /// signed volume.
    MakerFlow,
    /// Makers: half-spread as above × {−2, −1, −½, 0, ½, 1, 2} ticks added to the price of the fixed
    /// rule × size as above. Begins where the rule is.
    MakerNeutral,
    /// Momentum traders: {hold, buy, sell, unwind} × {2, 6, 13} lots, at once or not at all.
    Momentum,
    /// Value traders: {nothing, buy, sell, both} × price {as far beyond the mid as the rule reaches,
    /// the best of the own side, the rule's distance of backstops from the estimate} × {2, 8, 24} lots.
    /// Both sides are always placed as backstops.
    Value,
    /// Noise traders: {nothing, buy, sell at once, buy, sell near, buy, sell far}; sizes and distances
    /// are drawn: 1 + G(5) ticks from the mid for near, the rule's for far.
    Noise,
}

pub(super) const HALF_SPREADS: [f64; 6] = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0];
pub(super) const FLOW_WEIGHTS: [f64; 7] = [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3];
pub(super) const SIZES: [f64; 3] = [0.7, 1.0, 1.5];
pub(super) const SKEWS: [f64; 3] = [0.018, 0.036, 0.07];
pub(super) const LEANS: [f64; 7] = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0];
pub(super) const MOMENTUM_LOTS: [i64; 3] = [2, 6, 13];
pub(super) const VALUE_LOTS: [i64; 3] = [2, 8, 24];
/// Distances up to this are near: the 50th percentile of near ones is 3 ticks, of far ones 41.
const NEAR_MAX: i64 = 12;

impl Space {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::MakerFlow, Self::MakerNeutral, Self::Momentum, Self::Value, Self::Noise];

    /// Whose space it is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::MakerFlow | Self::MakerNeutral => Kind::Maker,
            Self::Momentum => Kind::Momentum,
            Self::Value => Kind::Value,
            Self::Noise => Kind::Noise,
        }
    }

    /// Its name in a log's header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MakerFlow => "flow",
            Self::MakerNeutral => "neutral",
            Self::Momentum | Self::Value | Self::Noise => "plain",
        }
    }

    /// The space of a type with this name.
    pub fn named(kind: Kind, name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.kind() == kind && space.name() == name)
    }

    /// Number of this space in decisions.
    pub const fn policy(self) -> u32 {
        self as u32 + 16
    }

    /// How many values each head has.
    pub const fn heads(self) -> &'static [u8] {
        match self {
            Self::MakerFlow => &[6, 7, 3, 3],
            Self::MakerNeutral => &[6, 7, 3],
            Self::Momentum => &[4, 3],
            Self::Value => &[4, 3, 3],
            Self::Noise => &[7],
        }
    }
}

/// One value of each head of a space, and what it was chosen on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Indices, in the order of the heads; those behind the last head are 0.
    pub heads: [u8; HEADS_MAX],
    /// First 8 bytes of the BLAKE3 digest of what was seen.
    pub observation: [u8; 8],
}

/// The choice that comes nearest to what a fixed rule did: an index for each head, `None` where the
/// head makes no difference.
pub type Label = [Option<u8>; HEADS_MAX];

/// What a maker is to quote.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MakerChoice {
    pub(crate) half_spread: f64,
    /// Times the rule's.
    pub(crate) size: f64,
    pub(crate) price: MakerPrice,
    /// Fewest lots on each side.
    pub(crate) lots_min: i64,
}

/// What a maker quotes around, beside its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum MakerPrice {
    /// Weight of the flow, and skew by inventory.
    Flow { weight: f64, skew: f64 },
    /// Added to the rule's price.
    Lean { ticks: f64 },
    /// Skew by inventory, so far at the most.
    Skewed { skew: f64, max: f64 },
}

/// What a momentum trader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MomentumChoice {
    Hold,
    Buy(i64),
    Sell(i64),
    Unwind(i64),
}

/// What a value trader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueChoice {
    Nothing,
    /// Signed lots, at a price of this kind.
    Reach(i64),
    Join(i64),
    Far(i64),
    /// Backstops of so many lots.
    Both(i64),
}

/// What a noise trader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoiseChoice {
    Nothing,
    /// Whether it buys.
    AtOnce(bool),
    Near(bool),
    Far(bool),
}

/// A value of a table; the last one for indices beyond it, which no checked choice has.
fn at<T: Copy, const N: usize>(table: [T; N], index: u8) -> T {
    table[usize::from(index).min(N - 1)]
}

impl Choice {
    /// As a maker's.
    pub(crate) fn maker(&self, space: Space, lots_min: i64) -> MakerChoice {
        let [half_spread, price, size, skew] = self.heads;
        let price = if space == Space::MakerFlow {
            MakerPrice::Flow { weight: at(FLOW_WEIGHTS, price), skew: at(SKEWS, skew) }
        } else {
            MakerPrice::Lean { ticks: at(LEANS, price) }
        };
        let half_spread = at(HALF_SPREADS, half_spread);
        MakerChoice { half_spread, size: at(SIZES, size), price, lots_min }
    }

    /// As a momentum trader's.
    pub(crate) fn momentum(&self) -> MomentumChoice {
        let lots = at(MOMENTUM_LOTS, self.heads[1]);
        match self.heads[0] {
            0 => MomentumChoice::Hold,
            1 => MomentumChoice::Buy(lots),
            2 => MomentumChoice::Sell(lots),
            _ => MomentumChoice::Unwind(lots),
        }
    }

    /// As a value trader's.
    pub(crate) fn value(&self) -> ValueChoice {
        let [side, price, lots, _] = self.heads;
        let lots = at(VALUE_LOTS, lots);
        let signed = if side == 2 { -lots } else { lots };
        match (side, price) {
            (0, _) => ValueChoice::Nothing,
            (1 | 2, 0) => ValueChoice::Reach(signed),
            (1 | 2, 1) => ValueChoice::Join(signed),
            (1 | 2, _) => ValueChoice::Far(signed),
            (_, _) => ValueChoice::Both(lots),
        }
    }

    /// As a noise trader's.
    pub(crate) const fn noise(&self) -> NoiseChoice {
        match self.heads[0] {
            0 => NoiseChoice::Nothing,
            side @ (1 | 2) => NoiseChoice::AtOnce(side == 1),
            side @ (3 | 4) => NoiseChoice::Near(side == 3),
            side => NoiseChoice::Far(side == 5),
        }
    }
}

/// The index of the nearest value of a table, the lower one of two.
fn nearest<const N: usize>(table: [f64; N], value: f64) -> Option<u8> {
    let distance = |index: &usize| (table[*index] - value).abs();
    let best =
        (0..N).reduce(|best, index| if distance(&index) < distance(&best) { index } else { best });
    best.and_then(|index| u8::try_from(index).ok())
}

fn nearest_lots(table: [i64; 3], lots: i64) -> Option<u8> {
    nearest(table.map(crate::number::from_integer), crate::number::from_integer(lots.abs()))
}

/// The side of signed lots: 1 for bought, 2 for sold.
const fn side(lots: i64) -> u8 {
    if 0 <= lots { 1 } else { 2 }
}

impl Space {
    /// The choice nearest to a maker's rule that quotes so far from its price.
    pub(crate) fn label_maker(self, half_spread: f64, flow_weight: f64, skew: f64) -> Label {
        let price = if self == Self::MakerFlow {
            nearest(FLOW_WEIGHTS, flow_weight)
        } else {
            nearest(LEANS, 0.0)
        };
        let skew = if self == Self::MakerFlow { nearest(SKEWS, skew) } else { None };
        [nearest(HALF_SPREADS, half_spread), price, nearest(SIZES, 1.0), skew]
    }

    /// The choice nearest to what a momentum trader did: the integers of its action.
    pub(crate) fn label_momentum(action: &[i32], inventory: i64, trend: f64) -> Label {
        let [_, lots] = *action else { return [Some(0), None, None, None] };
        let lots = i64::from(lots);
        // With the trend it opens, against what it holds it unwinds.
        let is_unwinding = (lots < 0) != (trend < 0.0) && (lots < 0) != (inventory < 0);
        let act = if is_unwinding { 3 } else { side(lots) };
        [Some(act), nearest_lots(MOMENTUM_LOTS, lots), None, None]
    }

    /// The choice nearest to what a value trader did.
    pub(crate) fn label_value(action: &[i32]) -> Label {
        match *action {
            [_, lots, _] => {
                let lots = i64::from(lots);
                [Some(side(lots)), Some(0), nearest_lots(VALUE_LOTS, lots), None]
            }
            [_, bid, _, ask] => {
                [Some(3), None, nearest_lots(VALUE_LOTS, i64::from(bid.max(ask))), None]
            }
            _ => [Some(0), None, None, None],
        }
    }

    /// The choice nearest to what a noise trader did, so far from the mid.
    pub(crate) fn label_noise(action: &[i32], mid: f64) -> Label {
        let [price, lots, life] = *action else { return [Some(0), None, None, None] };
        let distance = (f64::from(price) - mid).abs();
        let first = match (life, distance <= crate::number::from_integer(NEAR_MAX)) {
            (0, _) => 1,
            (_, true) => 3,
            (_, false) => 5,
        };
        [Some(first + u8::from(lots < 0)), None, None, None]
    }
}
