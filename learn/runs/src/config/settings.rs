//! The table of settings: each stands here once, with its meaning, what it accepts and its first
//! value. The first values are those of the preset `maker`.

use agents::Kind;

use crate::config::value::{
    Critic, Domain, KeepLogs, MakerActions, MarketPreset, SEED_MAX, Seeds, System, Value,
};

/// One setting, as a table or a message needs it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name: `group.word_word`, or a word alone.
    pub key: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it accepts.
    pub domain: Domain,
    /// Reads it, as canonical text.
    pub(crate) get: fn(&Config) -> String,
    /// Sets it from a text; `false`, and nothing has changed, for one that it does not accept.
    pub(crate) put: fn(&mut Config, &str) -> bool,
}

impl Setting {
    /// The setting of this name.
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// The group that it stands in; empty for a word alone.
    pub fn group(&self) -> &'static str {
        self.key.split_once('.').map_or("", |(group, _)| group)
    }
}

const fn whole(min: u64, max: u64) -> Domain {
    Domain::Whole { min, max }
}

const fn number(min: f64, max: f64) -> Domain {
    Domain::Number { min, max }
}

/// Least value of a number that must not be zero.
const LEAST: f64 = 1e-6;

macro_rules! put {
    ($config:ident, $text:ident, $domain:expr, $($field:ident).+) => {
        match Value::parse($text, &$domain) {
            Some(value) => {
                $config.$($field).+ = value;
                true
            }
            None => false,
        }
    };
}

macro_rules! settings {
    (
        { $($top:ident: $top_type:ty = $top_first:expr, $top_domain:expr, $top_about:literal)* }
        $($name:ident $group:ident $about:literal {
            $($field:ident: $type:ty = $first:expr, $domain:expr, $field_about:literal)*
        })*
    ) => {
        /// Everything that a training run depends on. [`SETTINGS`] tells of each.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Config {
            $(#[doc = $top_about] pub $top: $top_type,)*
            $(#[doc = $about] pub $group: $name,)*
            /// The market without its learners. Its length is not set here.
            pub(crate) ecology: agents::Config,
        }

        $(
            #[doc = $about]
            #[derive(Clone, Debug, PartialEq)]
            pub struct $name {
                $(#[doc = $field_about] pub $field: $type,)*
            }
        )*

        /// Every setting but the market's parameters, in the order of the file.
        pub const SETTINGS: &[Setting] = &[
            $(Setting {
                key: stringify!($top),
                about: $top_about,
                domain: $top_domain,
                get: |config| config.$top.text(),
                put: |config, text| put!(config, text, $top_domain, $top),
            },)*
            $($(Setting {
                key: concat!(stringify!($group), ".", stringify!($field)),
                about: $field_about,
                domain: $domain,
                get: |config| config.$group.$field.text(),
                put: |config, text| put!(config, text, $domain, $group.$field),
            },)*)*
        ];

        impl Config {
            /// The table's first values over this market.
            pub(super) fn first(ecology: agents::Config) -> Self {
                Self {
                    $($top: $top_first,)*
                    $($group: $name { $($field: $first,)* },)*
                    ecology,
                }
            }
        }
    };
}

settings! {
    {
    seed: u64 = 42, whole(0, SEED_MAX),
        "Master seed of the run: weights, draws, and the seeds of markets."
    system: System = System::Ecology, Domain::Choice(System::WORDS),
        "What is simulated."
    learners: Vec<Kind> = vec![Kind::Maker], Domain::Kinds,
        "The types that learn; the others keep their fixed rules."
    critic: Critic = Critic::Own, Domain::Choice(Critic::WORDS),
        "What a critic sees: its actor's observation, or the whole market too."
    }

    Market market "The market that is learned in." {
        preset: MarketPreset = MarketPreset::Realistic, Domain::Choice(MarketPreset::WORDS),
            "The parameter set that market.parameters change."
    }

    Actions actions "What learners can do." {
        maker: MakerActions = MakerActions::Rule, Domain::Choice(MakerActions::WORDS),
            "What the maker's actions are relative to: a rule that follows flow, or its fixed rule."
        must_quote: bool = false, Domain::Flag,
            "Whether a maker at its limit goes on quoting one lot on either side."
    }

    Train train "Rollouts and updates." {
        environments: u32 = 64, whole(1, 4_096),
            "Markets that run side by side, each with its own log."
        steps: u32 = 128, whole(1, 65_536),
            "Market steps of a rollout: an update learns from these of every environment."
        updates: u64 = 60, whole(1, 1_000_000),
            "Updates of the run."
        life: u64 = 5_000, whole(1, 1_000_000_000),
            "Steps after which an environment begins another market."
        checkpoint_every: u64 = 10, whole(1, 1_000_000),
            "Updates from one checkpoint to the next; there is one at the end too."
        keep_logs: KeepLogs = KeepLogs::All, Domain::Choice(KeepLogs::WORDS),
            "Which market logs are kept once a life has ended; their heads always are."
        critic_only: u64 = 0, whole(0, 1_000_000),
            "First updates in which critics learn and actors do not."
    }

    Network network "Actors and critics: one of each for a type, of the same shape." {
        hidden: Vec<u32> = vec![64, 64], Domain::Wholes { min: 1, max: 4_096, len_max: 8 },
            "Units of the hidden layers, first to last."
    }

    Ppo ppo "The optimisation." {
        gamma: f64 = 0.97, number(0.0, 1.0),
            "Discount of a reward one step later."
        lambda: f64 = 0.95, number(0.0, 1.0),
            "Weight of longer returns in the advantage."
        clip: f64 = 0.2, number(LEAST, 1.0),
            "How far a probability ratio may leave 1 before it pays no more."
        epochs: u32 = 3, whole(1, 1_000),
            "Passes over the samples of an update."
        minibatch: u32 = 2_048, whole(1, 1 << 24),
            "Samples of a gradient step."
        actor_rate: f64 = 5e-4, number(0.0, 1.0),
            "Learning rate of actors."
        critic_rate: f64 = 1e-3, number(0.0, 1.0),
            "Learning rate of critics."
        rate_end: f64 = 0.1, number(0.0, 1.0),
            "Share of both rates that is left at the last update, reached in a straight line."
        entropy: f64 = 0.01, number(0.0, 10.0),
            "Weight of the entropy in the loss."
        entropy_end: f64 = 0.001, number(0.0, 10.0),
            "That weight at the last update, reached in a straight line."
        actor_norm: f64 = 0.5, number(LEAST, 1e6),
            "Largest norm of an actor's gradient."
        critic_norm: f64 = 5.0, number(LEAST, 1e6),
            "Largest norm of a critic's gradient."
        huber: f64 = 2.0, number(LEAST, 1e6),
            "Error of a value from which its loss grows in a straight line."
        kl_stop: f64 = 0.0, number(0.0, 100.0),
            "Approximate KL divergence that ends an update's epochs; 0 for none."
    }

    Cloning cloning "Imitation of the fixed rules before the first update." {
        minibatches: u32 = 0, whole(0, 1_000_000),
            "Gradient steps of it; 0 to begin with random weights."
        minibatch: u32 = 2_048, whole(1, 1 << 24),
            "Samples of such a step."
        smoothing: f64 = 0.0, number(0.0, 0.999),
            "Weight of the uniform distribution in what is imitated."
        rate: f64 = 1e-3, number(0.0, 1.0),
            "Learning rate of it."
        steps: u64 = 16_384, whole(1, 1 << 24),
            "Market steps of the fixed rules that are watched, over all environments."
    }

    Reward reward "What learners are paid for, in ticks · lots before scaling." {
        dampening: f64 = 0.5, number(0.0, 1.0),
            "Share of a maker's gain on the inventory it carried that is not paid."
        inventory: f64 = 20.0, number(0.0, 1e6),
            "Cost of a step to a maker at its inventory limit; it grows with the square."
        scale_maker: f64 = 200.0, number(LEAST, 1e9),
            "Divisor of a maker's reward."
        scale_momentum: f64 = 100.0, number(LEAST, 1e9),
            "Divisor of a momentum trader's reward."
        scale_value: f64 = 200.0, number(LEAST, 1e9),
            "Divisor of a value trader's reward."
        scale_noise: f64 = 50.0, number(LEAST, 1e9),
            "Divisor of a noise trader's reward."
        clip: f64 = 10.0, number(LEAST, 1e6),
            "Largest size of a scaled reward."
        presence_target: f64 = 6.0, number(0.0, 1e6),
            "Lots a step that all makers together shall trade passively; 0 to ask for none."
        presence_rate: f64 = 2.0, number(0.0, 1e6),
            "How fast the pay for passive lots follows what is missing to the target."
        presence_max: f64 = 40.0, number(0.0, 1e6),
            "Most that is paid for a passive lot, in ticks."
        subsidy_value: f64 = 0.0, number(0.0, 1e6),
            "What a value trader is paid for each tick by which the mid nears the fair value, in lots."
        subsidy_maker: f64 = 0.0, number(0.0, 1e6),
            "The same for a maker."
        market_share: f64 = 0.0, number(0.0, 1.0),
            "Weight of the market's quality, the same for all, in every reward."
    }

    Evaluate evaluate "Sampled policies on seeds that training never saw." {
        seeds: Seeds = Seeds { first: 101, count: 10 }, Domain::Seeds { count_max: 10_000 },
            "The first seed and how many follow."
        steps: u64 = 5_000, whole(1, 1_000_000_000),
            "Steps of each market."
        warm_up: u64 = 200, whole(0, 1_000_000_000),
            "First of these that count for nothing."
    }
}

impl Reward {
    /// The divisor of a type's reward.
    pub const fn scale(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Maker => self.scale_maker,
            Kind::Momentum => self.scale_momentum,
            Kind::Value => self.scale_value,
            Kind::Noise => self.scale_noise,
        }
    }
}
