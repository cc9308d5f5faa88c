//! Parameter sets with a name.

use crate::config::Config;
use crate::config::decimal::Decimal;

/// The names of the presets.
///
/// * `seed`: fat tails, clustered volatility and the raw autocorrelation of about 0.25 of the
///   published system marl-market: value traders work their information slowly into the price.
/// * `realistic`: the same tails and clustering without raw autocorrelation.
/// * `crash`: a thin book behind the makers, so that their leaving is felt.
pub const PRESETS: &[&str] = &["seed", "realistic", "crash"];

pub(super) fn find(name: &str) -> Option<Config> {
    match name {
        "seed" => Some(seed()),
        "realistic" => Some(realistic()),
        "crash" => Some(crash()),
        _ => None,
    }
}

const fn millionths(number: i64) -> Decimal {
    Decimal::from_millionths(number)
}

fn seed() -> Config {
    Config {
        maker_half_spread: millionths(650_000),
        maker_jitter: millionths(1_500_000),
        maker_caution: millionths(20_000),
        maker_size: Decimal::from_whole(11),
        maker_level_step: Decimal::from_whole(2),
        value_threshold: Decimal::from_whole(19),
        value_gain: millionths(700_000),
        value_reach: Decimal::from_whole(5),
        noise_life: Decimal::from_whole(3),
        ..Config::BASE
    }
}

fn realistic() -> Config {
    Config {
        volatility_decay: millionths(970_000),
        value_reach: Decimal::from_whole(26),
        noise_life: millionths(3_500_000),
        ..Config::BASE
    }
}

fn crash() -> Config {
    Config {
        value_backstop_distance: Decimal::from_whole(75),
        noise_offset: Decimal::from_whole(75),
        noise_life: millionths(1_600_000),
        ..Config::BASE
    }
}
