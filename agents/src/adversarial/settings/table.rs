//! The table of settings.

use super::names::{
    ArbitrageurPolicy, BeliefPolicy, Leakage, MakerPolicy, Mode, RateRule, TraderPolicy,
};
use crate::config::{Decimal, FINE, WHOLE, millionths};

/// What can be set.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, `group.word_word`.
    pub key: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it counts, or `1` for a pure number or a name.
    pub unit: &'static str,
    /// Which values it takes.
    pub takes: Takes,
}

/// The values that a setting takes.
#[derive(Debug, PartialEq, Eq)]
pub enum Takes {
    /// Multiples of `grain` in a range.
    Number {
        /// Smallest value.
        min: Decimal,
        /// Largest value.
        max: Decimal,
        /// Values are multiples of this.
        grain: Decimal,
    },
    /// One of these names.
    Name(&'static [&'static str]),
}

impl Setting {
    /// The values that it may have, in words.
    pub fn accepted(&self) -> String {
        match self.takes {
            Takes::Name(names) => format!("one of {}", names.join(", ")),
            Takes::Number { min, max, grain } => {
                let kind = if grain == WHOLE { "a whole number" } else { "a decimal number" };
                let unit = if self.unit == "1" { String::new() } else { format!(" {}", self.unit) };
                format!("{kind} from {min} to {max}{unit}")
            }
        }
    }
}

/// A value that can be read from canonical text and written as such.
pub(super) trait Value: Sized {
    /// Reads a text that is a value of the setting.
    fn read(text: &str, takes: &Takes) -> Option<Self>;
    /// The text.
    fn text(&self) -> String;
}

impl Value for Decimal {
    fn read(text: &str, takes: &Takes) -> Option<Self> {
        let Takes::Number { min, max, grain } = *takes else { return None };
        let in_range = |value: &Self| min <= *value && *value <= max;
        let is_whole = |value: &Self| value.millionths() % grain.millionths() == 0;
        Self::parse(text).filter(|value| in_range(value) && is_whole(value))
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

macro_rules! named {
    ($($type:ident)*) => {$(
        impl Value for $type {
            fn read(text: &str, _: &Takes) -> Option<Self> {
                Self::parse(text)
            }

            fn text(&self) -> String {
                self.name().to_owned()
            }
        }
    )*};
}

named! { Mode TraderPolicy MakerPolicy ArbitrageurPolicy BeliefPolicy RateRule Leakage }

macro_rules! takes {
    ($grain:ident $min:literal ..= $max:literal) => {
        Takes::Number {
            min: millionths(stringify!($min)),
            max: millionths(stringify!($max)),
            grain: $grain,
        }
    };
    ($names:ident) => {
        Takes::Name($names::NAMES)
    };
}

macro_rules! kind {
    (WHOLE) => {
        Decimal
    };
    (FINE) => {
        Decimal
    };
    ($names:ident) => {
        $names
    };
}

macro_rules! first {
    ($kind:ident $first:literal) => {
        millionths(stringify!($first))
    };
    ($kind:ident $first:ident) => {
        $kind::$first
    };
}

macro_rules! settings {
    ($(
        $field:ident $key:literal [$unit:literal] $kind:ident $($min:literal ..= $max:literal)?
            = $first:tt
        $about:literal
    )*) => {
        /// The settings of an adversarial market. [`SETTINGS`] tells of each.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $(
                #[doc = $about]
                pub(crate) $field: kind!($kind),
            )*
        }

        /// Every setting, in the order of the table.
        pub const SETTINGS: &[Setting] = &[$(
            Setting {
                key: $key,
                about: $about,
                unit: $unit,
                takes: takes!($kind $($min ..= $max)?),
            },
        )*];

        impl Settings {
            /// The table's first values: the preset `default`.
            pub(super) const BASE: Self = Self { $($field: first!($kind $first),)* };

            /// Every setting with the text of its value, in the order of the table.
            pub fn values(&self) -> impl Iterator<Item = (&'static Setting, String)> {
                SETTINGS.iter().zip([$(self.$field.text()),*])
            }

            /// Sets one from its text; false where the text is none of its values.
            pub(super) fn put(&mut self, setting: &Setting, text: &str) -> bool {
                match setting.key {
                    $($key => match Value::read(text, &setting.takes) {
                        Some(value) => {
                            self.$field = value;
                            true
                        }
                        None => false,
                    },)*
                    _ => false,
                }
            }
        }
    };
}

settings! {
    episodes "episodes" ["episodes"] WHOLE 1..=100_000_000 = 1
        "How many episodes, one behind the other."
    steps "episode.steps" ["steps"] WHOLE 1..=100_000 = 50
        "Length of an episode."
    step_ms "episode.step_ms" ["ms"] WHOLE 1..=86_400_000 = 60_000
        "Logical time of a step."
    mode "type.mode" ["1"] Mode = Uninformed
        "What an episode of type z = 0 is."
    informed "type.informed" ["1"] FINE 0..=1 = 0.5
        "Share of the episodes of type z = 1, each drawn by itself."

    price "market.price" ["ticks"] WHOLE 100..=4_000_000 = 10_000
        "Mid and fundamental at the start of an episode."
    book_levels "market.book_levels" ["levels"] WHOLE 0..=50 = 5
        "Price levels of each side that noise has filled before an episode, one tick apart."
    book_lots "market.book_lots" ["lots"] WHOLE 1..=1_000 = 10
        "Lots on each of these levels."

    noise_rate "noise.rate" ["orders"] FINE 0..=100 = 1
        "Noise orders that come in a step, on average, as a Poisson stream."
    noise_rate_rule "noise.rate_rule" ["1"] RateRule = Step
        "What the rate counts: orders a step, or release 0.1.0's rate / steps x 10."
    noise_size_mean "noise.size_mean" ["lots"] FINE 0..=1_000 = 5.5
        "Mean of the normal number whose whole part is an order's lots."
    noise_size_sd "noise.size_sd" ["lots"] FINE 0..=1_000 = 2
        "Standard deviation of that number."
    noise_size_max "noise.size_max" ["lots"] WHOLE 1..=1_000 = 10
        "Most lots of a noise order; the fewest is one."
    noise_market "noise.market" ["1"] FINE 0..=1 = 0.3
        "Share of the noise orders that trade at once or not at all."
    noise_reservation "noise.reservation" ["ticks"] WHOLE 1..=1_000 = 6
        "Such an order trades up to 1..this ticks beyond the reference price, drawn."
    noise_offset "noise.offset" ["ticks"] WHOLE 0..=1_000 = 3
        "The others are limits, drawn up to so many ticks before or beyond the reference price."
    noise_elasticity "noise.elasticity" ["1/ticks"] FINE 0..=1 = 0.03
        "By how much the chance of a buy rises with each tick that the fundamental is above the mid."
    noise_cancel "noise.cancel" ["1"] FINE 0..=1 = 0.15
        "Chance that a resting order of a customer is cancelled at the next step; 0 for never."

    fundamental_reversion "fundamental.reversion" ["1"] FINE 0..=1 = 0.05
        "Share of its distance from market.price that the fundamental loses in a step."
    fundamental_volatility "fundamental.volatility" ["ticks"] FINE 0..=1_000 = 0.3
        "Standard deviation of its move in a step."
    fundamental_edge "fundamental.edge" ["ticks"] FINE 0..=1_000 = 6
        "What an informed trader knows: the asset is worth so much more in episodes of type z = 1."

    trader_policy "trader.policy" ["1"] TraderPolicy = Twap
        "How the informed trader slices its parent order."
    trader_lots "trader.lots" ["lots"] WHOLE 1..=1_000_000 = 20
        "The parent order, to buy."
    trader_horizon "trader.horizon" ["steps"] WHOLE 1..=100_000 = 50
        "Steps over which TWAP and VWAP slice it; the episode's at most."
    trader_order_max "trader.order_max" ["lots"] WHOLE 1..=1_000_000 = 20
        "Most lots of one order of the trader."
    trader_camouflage "trader.camouflage" ["1"] FINE 0..=1 = 0.3
        "Share of the slices that the policy camouflage draws at random."
    trader_participation "trader.participation" ["1"] FINE 0..=1 = 0.2
        "Share of the volume that the policy pov takes part with."
    trader_closing "trader.closing" ["ticks"] FINE 0..=1_000_000 = 8
        "What each lot costs beyond the mid that is still to be bought at the end."
    trader_lambda "trader.lambda" ["bps/nat"] FINE 0..=1_000_000 = 0
        "Weight of leakage in the trader's reward."
    trader_leakage "trader.leakage" ["1"] Leakage = Increment
        "What counts as leakage: each step's increment of ln b, or, as a control, one number for all."
    trader_mu "trader.mu" ["bps/nat"] FINE 0..=1_000_000 = 0
        "Weight of predictability in the trader's reward."

    maker_policy "maker.policy" ["1"] MakerPolicy = Belief
        "How the maker quotes."
    maker_half_spread "maker.half_spread" ["ticks"] WHOLE 0..=1_000 = 1
        "Distance of its best quotes from the reference price, before belief."
    maker_half_spread_max "maker.half_spread_max" ["ticks"] WHOLE 0..=10_000 = 9
        "Largest distance of its best quotes."
    maker_levels "maker.levels" ["levels"] WHOLE 1..=50 = 4
        "Price levels that it quotes on each side, one tick apart."
    maker_lots "maker.lots" ["lots"] WHOLE 1..=1_000 = 4
        "Lots on each level."
    maker_inventory_max "maker.inventory_max" ["lots"] WHOLE 1..=1_000_000 = 50
        "It quotes no side that would take it beyond so many lots, long or short."
    maker_risk "maker.risk" ["1/(ticks lots)"] FINE 0..=100 = 0.001
        "Avellaneda and Stoikov's risk aversion."
    maker_depth "maker.depth" ["1/ticks"] FINE 0.0001..=100 = 0.5
        "Avellaneda and Stoikov's decay of the chance of a fill with distance."
    maker_alpha "maker.alpha" ["1"] FINE 0..=1_000_000 = 1
        "Weight of adverse selection in the maker's reward."
    maker_beta "maker.beta" ["ticks lots/nat"] FINE 0..=1_000_000 = 0.05
        "Weight of the belief's entropy in the maker's reward."
    maker_gamma "maker.gamma" ["ticks lots"] FINE 0..=1_000_000 = 0.2
        "Weight of the belief's accuracy in the maker's reward."
    maker_horizon "maker.horizon" ["steps"] WHOLE 1..=1_000 = 5
        "Steps after which a fill's adverse selection is measured."

    arbitrageur_policy "arbitrageur.policy" ["1"] ArbitrageurPolicy = Prints
        "When the arbitrageur trades against quotes that are old."
    arbitrageur_lots "arbitrageur.lots" ["lots"] WHOLE 1..=1_000 = 2
        "Lots of one order of the arbitrageur."
    arbitrageur_inventory_max "arbitrageur.inventory_max" ["lots"] WHOLE 1..=1_000_000 = 20
        "Most lots that it holds, long or short."
    arbitrageur_hold "arbitrageur.hold" ["steps"] WHOLE 1..=100_000 = 5
        "It closes what it has held for so many steps."
    arbitrageur_prints "arbitrageur.prints" ["lots"] WHOLE 1..=1_000_000 = 6
        "Lots by which one side's prints must exceed the other's for the policy prints to trade."
    arbitrageur_threshold "arbitrageur.threshold" ["1"] FINE 0..=1 = 0.02
        "Move of the belief in a step on which the policy belief trades."
    arbitrageur_delta "arbitrageur.delta" ["ticks lots"] FINE 0..=1_000_000 = 0.3
        "Weight of belief lag in the arbitrageur's reward."

    belief_policy "belief.policy" ["1"] BeliefPolicy = Bayes
        "Who says how likely the trader is informed."
    belief_prior "belief.prior" ["1"] FINE 0.001..=0.999 = 0.5
        "How likely the trader is informed before anything is seen."
    belief_refresh "belief.refresh" ["steps"] WHOLE 1..=100_000 = 1
        "Steps between two updates of the belief."

    latency_customers "latency.customers_ms" ["ms"] FINE 0.001..=86_400_000 = 100
        "Time from a step's start until orders of trader and noise have arrived."
    latency_jitter "latency.jitter_ms" ["ms"] FINE 0..=86_400_000 = 1
        "Each of them arrives up to so much earlier, drawn; it decides who is first."
    latency_maker "latency.maker_ms" ["ms"] FINE 0.001..=86_400_000 = 10
        "Time from a print until the maker's reaction has arrived."
    latency_arbitrageur "latency.arbitrageur_ms" ["ms"] FINE 0.001..=86_400_000 = 1
        "Time from a print until the arbitrageur's reaction has arrived."

    view_levels "view.levels" ["levels"] WHOLE 1..=100 = 20
        "Price levels of each side in published observations."
}
