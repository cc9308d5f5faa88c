//! The adversarial market: an informed trader, a maker that infers, a faster arbitrageur.
//!
//! The world of the published system adversarial-market-marl on this project's kernel.

pub mod layers;
pub mod published;
mod settings;

pub use settings::{
    ArbitrageurPolicy, BeliefPolicy, Leakage, MakerPolicy, Mode, PRESETS, RateRule, SETTINGS,
    Setting, Settings, SettingsError, Takes, TraderPolicy, setting,
};

/// Client numbers are below this.
pub const CLIENTS_MAX: u32 = 8;
