//! Settings with a name.

use super::names::{BeliefPolicy, MakerPolicy};
use super::table::Settings;
use crate::config::Decimal;

/// The names of the presets.
///
/// * `default`: 20 lots in 50 steps against one noise order a step that leans towards the fundamental;
///   orders of customers are cancelled after a while.
/// * `published`: the default configuration of the published system adversarial-market-marl: 100 lots
///   in 390 steps, ten noise orders a step, all of them limits that are never cancelled.
/// * `debug`: its small configuration: 20 lots in 50 steps, five noise orders a step.
pub const PRESETS: &[&str] = &["default", "published", "debug"];

pub(super) fn find(name: &str) -> Option<Settings> {
    match name {
        "default" => Some(Settings::BASE),
        "published" => Some(published()),
        "debug" => Some(debug()),
        _ => None,
    }
}

const fn millionths(number: i64) -> Decimal {
    Decimal::from_millionths(number)
}

fn published() -> Settings {
    Settings {
        steps: Decimal::from_whole(390),
        noise_rate: Decimal::from_whole(10),
        noise_size_mean: Decimal::from_whole(5),
        noise_size_max: Decimal::from_whole(1_000),
        noise_market: Decimal::ZERO,
        noise_elasticity: Decimal::ZERO,
        noise_cancel: Decimal::ZERO,
        // 0.02 of the currency, 2 ticks, over an episode: 2 / √390 a step, pulled back by 0.1 / 390.
        fundamental_reversion: millionths(256),
        fundamental_volatility: millionths(101_274),
        trader_lots: Decimal::from_whole(100),
        trader_horizon: Decimal::from_whole(390),
        trader_closing: Decimal::from_whole(10_000),
        trader_lambda: Decimal::from_whole(4),
        trader_mu: millionths(800_000),
        maker_policy: MakerPolicy::Belief,
        maker_half_spread: Decimal::from_whole(1),
        maker_half_spread_max: Decimal::from_whole(10),
        maker_levels: Decimal::from_whole(1),
        maker_lots: Decimal::from_whole(10),
        arbitrageur_hold: Decimal::from_whole(1),
        arbitrageur_prints: Decimal::from_whole(1),
        belief_policy: BeliefPolicy::Bayes,
        ..Settings::BASE
    }
}

fn debug() -> Settings {
    Settings {
        steps: Decimal::from_whole(50),
        noise_rate: Decimal::from_whole(5),
        fundamental_reversion: millionths(2_000),
        fundamental_volatility: millionths(282_843),
        trader_lots: Decimal::from_whole(20),
        trader_horizon: Decimal::from_whole(50),
        ..published()
    }
}
