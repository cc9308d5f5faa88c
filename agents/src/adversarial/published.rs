//! The configuration keys of the published system adversarial-market-marl, and what each does here.
//!
//! [`PUBLISHED`] has every key of its three files, with the default of its `default.yaml`. A key
//! sets native settings, with the conversion that its unit asks for ([`Becomes`]); or it is one of
//! learning, which a market with fixed policies does not have; or it is not used, with the reason. No
//! key is dropped in silence, and only a key that the published system does not know is unknown.
//!
//! In two cases the published system does not do what its key says, and this one does:
//!
//! * `environment.noise_trader_arrival_rate` is orders a step. The release divides it by the
//!   episode's length and multiplies by ten; `noise.rate_rule=release` does so too.
//! * `environment.fundamental_vol` moves the fundamental towards its mean, not away from it.

use crate::config::near_among;

mod convert;
mod kind;
mod table;
#[cfg(test)]
mod tests;

pub use convert::{Becomes, ConvertError, LEAKAGE_SCALE, TICK_SIZE};
pub use kind::Kind;
pub use table::{DEBUG, PUBLISHED};

/// Longest key to which near ones are looked for, in bytes.
const KEY_BYTES_MAX: usize = 128;

/// A key of the published system.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Its dotted name.
    pub key: &'static str,
    /// Its canonical text in `default.yaml`; empty for one that no file gives a default.
    pub default: &'static str,
    /// What it accepts.
    pub kind: Kind,
    /// What it does here.
    pub does: Does,
}

/// What a key of the published system does here.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    /// Sets these native settings.
    Sets(&'static [(&'static str, Becomes)]),
    /// Is the unit in which other keys are meant.
    Scales,
    /// Is the seed of all draws, unless the command line has one.
    Seeds,
    /// Says something to learning, which alone reads it.
    Learning,
    /// Nothing, for this reason.
    Nothing(&'static str),
}

impl Published {
    /// The key of this name.
    pub fn find(key: &str) -> Option<&'static Self> {
        PUBLISHED.iter().find(|published| published.key == key)
    }

    /// Whether keys stand in a table of this name, here or among native settings.
    pub fn is_table(name: &str) -> bool {
        let is_within = |key: &str| key.strip_prefix(name).is_some_and(|it| it.starts_with('.'));
        names().any(is_within)
    }

    /// The keys and native settings whose names are nearest to an unknown one, nearest first.
    pub fn near(key: &str) -> Vec<&'static str> {
        // Its cost grows with the key, and no name is nearly so long.
        if KEY_BYTES_MAX < key.len() { Vec::new() } else { near_among(key, names()) }
    }
}

/// Every name that a configuration may use: keys of the published system, then native settings.
fn names() -> impl Iterator<Item = &'static str> {
    let native = super::SETTINGS.iter().map(|setting| setting.key);
    PUBLISHED.iter().map(|published| published.key).chain(native)
}
