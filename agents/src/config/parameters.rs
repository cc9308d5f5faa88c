//! The table of parameters: each stands here once, with its meaning, unit, range and first value.

use crate::config::decimal::Decimal;
use crate::schedule::Schedule;

/// One parameter, as a table or a message needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, `group.word_word`.
    pub key: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it counts, or `1` for a pure number.
    pub unit: &'static str,
    /// Smallest value.
    pub min: Decimal,
    /// Largest value.
    pub max: Decimal,
    /// Values are multiples of this.
    pub grain: Decimal,
}

impl Parameter {
    /// Whether the parameter may have this value.
    pub fn accepts(&self, value: Decimal) -> bool {
        self.min <= value && value <= self.max && value.millionths() % self.grain.millionths() == 0
    }

    /// The values that it may have, in words.
    pub fn accepted(&self) -> String {
        let kind = if self.grain == WHOLE { "a whole number" } else { "a decimal number" };
        let unit = if self.unit == "1" { String::new() } else { format!(" {}", self.unit) };
        let grain = if self.grain == WHOLE || self.grain == FINE {
            String::new()
        } else {
            format!(", a multiple of {}", self.grain)
        };
        format!("{kind} from {} to {}{unit}{grain}", self.min, self.max)
    }
}

pub(crate) const WHOLE: Decimal = Decimal::from_millionths(1_000_000);
pub(crate) const FINE: Decimal = Decimal::from_millionths(1);
/// A unit of cash: 1/10,000 tick·lot.
const CASH: Decimal = Decimal::from_millionths(100);

/// A number of the table, in millionths: 1,000,000 × the literal, which must come out whole.
pub(crate) const fn millionths(text: &str) -> Decimal {
    let bytes = text.as_bytes();
    let (mut sum, mut sign, mut places, mut index) = (0, 1, 0, 0);
    let mut after_point = false;
    while index < bytes.len() {
        match bytes[index] {
            b'.' => after_point = true,
            b'-' => sign = -1,
            b'_' | b' ' => {}
            digit => {
                assert!(digit.is_ascii_digit(), "a number of the table");
                sum = sum * 10 + (digit - b'0') as i64;
                if after_point {
                    places += 1;
                }
            }
        }
        index += 1;
    }
    assert!(places <= 6, "at most six places");
    while places < 6 {
        sum *= 10;
        places += 1;
    }
    Decimal::from_millionths(sign * sum)
}

macro_rules! parameters {
    ($(
        $field:ident $key:literal [$unit:literal] $grain:ident $min:literal ..= $max:literal
            = $first:literal
        $about:literal
    )*) => {
        /// The parameters of an ecology. [`PARAMETERS`](crate::config::PARAMETERS) tells of each.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Config {
            $(
                #[doc = $about]
                pub(crate) $field: Decimal,
            )*
            /// What happens at which step.
            pub(crate) schedule: Schedule,
        }

        /// Every parameter, in the order of the table.
        pub const PARAMETERS: &[Parameter] = &[$(
            Parameter {
                key: $key,
                about: $about,
                unit: $unit,
                min: millionths(stringify!($min)),
                max: millionths(stringify!($max)),
                grain: $grain,
            },
        )*];

        impl Config {
            /// The table's first values: the base of every preset.
            pub(super) const BASE: Self = Self {
                $($field: millionths(stringify!($first)),)*
                schedule: Schedule::EMPTY,
            };

            /// Every parameter with its value, in the order of the table.
            pub fn values(&self) -> impl Iterator<Item = (&'static Parameter, Decimal)> {
                PARAMETERS.iter().zip([$(self.$field),*])
            }

            /// Where the value of a parameter stands.
            pub(super) fn slot(&mut self, key: &str) -> Option<&mut Decimal> {
                match key {
                    $($key => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

parameters! {
    steps "steps" ["steps"] WHOLE 1..=1_000_000_000 = 20_000
        "Length of a run."
    market_makers "market_makers" ["agents"] WHOLE 0..=99 = 2
        "How many market makers."
    momentum "momentum" ["agents"] WHOLE 0..=99 = 4
        "How many momentum traders."
    value "value" ["agents"] WHOLE 0..=99 = 3
        "How many value traders."
    noise "noise" ["agents"] WHOLE 0..=99 = 4
        "How many noise traders."

    price "market.price" ["ticks"] WHOLE 1_000..=1_000_000 = 10_000
        "Fair value and mid before the first step."
    endowment "market.endowment" ["lots"] WHOLE 0..=1_000_000 = 0
        "What each agent holds before the first step."
    short_ban "market.short_ban" ["1"] WHOLE 0..=1 = 0
        "1 forbids short sales from the start."
    tax "market.tax" ["ticks a lot and side"] CASH 0..=100 = 0
        "Transaction tax from the start."
    spread_cap "market.spread_cap" ["ticks"] WHOLE 1..=1_000_000 = 150
        "With a wider spread agents keep to the last mid."
    volatility_decay "market.volatility_decay" ["1"] FINE 0..=1 = 0.95
        "Weight of the past in the mean of |change of the mid|."

    fair_volatility "fair.volatility" ["ticks"] FINE 0..=1_000 = 1.7
        "Standard deviation of the fair value's steps."
    fair_drift "fair.drift" ["ticks"] FINE -1_000..=1_000 = 0
        "Mean of the fair value's steps."
    fair_reversion "fair.reversion" ["1"] FINE 0..=1 = 0
        "Share of its distance from the start that the fair value loses each step."
    fair_jump_rate "fair.jump_rate" ["1"] FINE 0..=1 = 0
        "Probability of a jump in a step."
    fair_jump_size "fair.jump_size" ["ticks"] FINE 0..=10_000 = 0
        "Standard deviation of a jump."
    fair_floor "fair.floor" ["ticks"] WHOLE 1..=1_000_000 = 500
        "The fair value never falls below this."

    maker_half_spread "maker.half_spread" ["ticks"] FINE 0..=100 = 0.35
        "Least distance of a quote from its centre."
    maker_jitter "maker.jitter" ["ticks"] FINE 0..=100 = 1.6
        "Random distance that is added, up to this."
    maker_caution "maker.caution" ["1"] FINE 0..=100 = 0.1
        "Distance that is added for each tick of volatility."
    maker_size "maker.size" ["lots"] FINE 0..=10_000 = 9
        "Size of a quote in a calm market."
    maker_thinning "maker.thinning" ["1/ticks"] FINE 0..=100 = 0.3
        "How volatility thins quotes: size / (1 + thinning · volatility)."
    maker_levels "maker.levels" ["quotes"] WHOLE 1..=20 = 3
        "Quotes on each side."
    maker_level_step "maker.level_step" ["ticks"] WHOLE 1..=1_000 = 3
        "From one quote of a side to the next."
    maker_skew "maker.skew" ["ticks/lot"] FINE 0..=10 = 0.036
        "How far one lot held moves both quotes against it."
    maker_inventory_max "maker.inventory_max" ["lots"] WHOLE 0..=1_000_000 = 340
        "Most lots held, long or short."
    maker_tracking "maker.tracking" ["1"] FINE 0..=1 = 0.75
        "Share of its distance from the mid that the centre makes good each step."
    maker_tracking_max "maker.tracking_max" ["ticks"] FINE 0..=10_000 = 8
        "Most that the centre moves in a step."
    maker_flow_weight "maker.flow_weight" ["ticks/lot"] FINE 0..=10 = 0.02
        "How far one lot of order flow moves both quotes with it."
    maker_flow_decay "maker.flow_decay" ["1"] FINE 0..=1 = 0.4
        "Weight of the past in the order flow."

    momentum_act "momentum.act" ["1"] FINE 0..=1 = 0.22
        "Probability of looking at the market in a step."
    momentum_horizon "momentum.horizon" ["steps"] FINE 1..=100_000 = 10
        "Length of the first trader's moving average."
    momentum_horizon_spread "momentum.horizon_spread" ["1"] FINE 0..=100 = 0.5
        "Each further trader's average is longer by this share of the first."
    momentum_threshold "momentum.threshold" ["ticks"] FINE 0..=10_000 = 4
        "Trend from which the first trader follows it."
    momentum_threshold_spread "momentum.threshold_spread" ["1"] FINE 0..=100 = 0.25
        "Each further trader's threshold is higher by this share of the first."
    momentum_volatility_power "momentum.volatility_power" ["1"] FINE 0..=4 = 0.2
        "Thresholds scale with this power of the volatility."
    momentum_size "momentum.size" ["lots"] FINE 0..=10_000 = 2
        "Size of an order at the threshold."
    momentum_gain "momentum.gain" ["lots/tick"] FINE 0..=1_000 = 0.3
        "What each tick of trend beyond it adds."
    momentum_size_max "momentum.size_max" ["lots"] FINE 0..=10_000 = 13
        "Largest order."
    momentum_inventory_max "momentum.inventory_max" ["lots"] WHOLE 0..=1_000_000 = 100
        "Most lots held, long or short."
    momentum_exit "momentum.exit" ["1"] FINE 0..=1 = 1
        "Share of the threshold below which a position is unwound."
    momentum_exit_act "momentum.exit_act" ["1"] FINE 0..=1 = 0.05
        "Probability of unwinding then."
    momentum_collar "momentum.collar" ["ticks"] FINE 0..=10_000 = 4
        "Farthest from the mid that an order trades."

    value_act "value.act" ["1"] FINE 0..=1 = 0.2
        "Probability of looking at the market in a step."
    value_learning "value.learning" ["1"] FINE 0..=1 = 0.3
        "Share of its error that an estimate of the fair value loses each step."
    value_error "value.error" ["ticks"] FINE 0..=10_000 = 3.5
        "Standard deviation of the changes of an estimate's own error."
    value_error_decay "value.error_decay" ["1"] FINE 0..=1 = 0.9
        "Share of that error that is left after a step."
    value_threshold "value.threshold" ["ticks"] FINE 0..=10_000 = 22
        "Mispricing from which the first trader acts on it."
    value_threshold_spread "value.threshold_spread" ["1"] FINE 0..=100 = 0.5
        "Each further trader's threshold is higher by this share of the first."
    value_size "value.size" ["lots"] FINE 0..=10_000 = 1.2
        "Size of an order at the threshold."
    value_gain "value.gain" ["lots/tick"] FINE 0..=1_000 = 0.5
        "What each tick of mispricing beyond it adds."
    value_size_max "value.size_max" ["lots"] FINE 0..=10_000 = 25
        "Largest order."
    value_inventory_max "value.inventory_max" ["lots"] WHOLE 0..=1_000_000 = 500
        "Most lots held, long or short."
    value_margin "value.margin" ["1"] FINE 0..=1 = 0.1
        "Share of the threshold that a price must leave as profit."
    value_reach "value.reach" ["ticks"] FINE 0..=10_000 = 30
        "Farthest beyond the mid that an order is priced: how fast information enters prices."
    value_life "value.life" ["steps"] WHOLE 1..=1_000_000 = 6
        "Life of such an order."
    value_backstop_distance "value.backstop_distance" ["ticks"] FINE 0..=100_000 = 60
        "Distance of idle bids and asks from the estimate."
    value_backstop_size "value.backstop_size" ["lots"] FINE 0..=10_000 = 4
        "Their size; 0 for none."

    noise_act "noise.act" ["1"] FINE 0..=1 = 0.7
        "Probability of acting in a step of a calm market."
    noise_size "noise.size" ["lots"] FINE 1..=10_000 = 3
        "Mean size of an order."
    noise_market_share "noise.market_share" ["1"] FINE 0..=1 = 0.09
        "Probability that an order is to trade at once."
    noise_collar "noise.collar" ["ticks"] FINE 0..=10_000 = 14
        "Farthest from the mid that such an order trades."
    noise_offset "noise.offset" ["ticks"] FINE 1..=10_000 = 60
        "Mean distance from the mid of any other order."
    noise_life "noise.life" ["steps"] FINE 1..=1_000_000 = 2.5
        "Mean life of any other order."
    noise_excitement "noise.excitement" ["1/ticks"] FINE 0..=100 = 0.6
        "How a change of the mid excites: 1 + excitement · (|change| − 1)."
    noise_activity_decay "noise.activity_decay" ["1"] FINE 0..=1 = 0.9
        "Weight of the past in the activity."
    noise_activity_min "noise.activity_min" ["1"] FINE 0..=100 = 0.1
        "Least activity."
    noise_activity_max "noise.activity_max" ["1"] FINE 0..=100 = 3
        "Most activity."
    noise_tax_aversion "noise.tax_aversion" ["1/ticks"] FINE 0..=100 = 0.045
        "Orders to trade at once are dropped with probability 1 − exp(−aversion · tax)."
}
