//! The configuration of a training run: TOML in, one canonical TOML out.
//!
//! Three layers make it: a preset, a file, overrides ([`Layers`]); a later one counts. The result has
//! every setting ([`SETTINGS`]) and every parameter of the market, so that a run does not depend on
//! what presets are called or hold later.

use std::collections::BTreeMap;

use agents::Kind;
use replay::Digest;

mod check;
mod error;
mod layers;
mod presets;
mod settings;
mod text;
mod value;

pub use check::SAMPLES_MAX;
pub use error::{ConfigError, Contradiction, Fault, Place};
pub use layers::{Layers, Origin, Resolved, Row};
pub use presets::{PRESETS, Preset};
pub use settings::{
    Actions, Cloning, Config, Evaluate, Market, Network, Ppo, Reward, SETTINGS, Setting, Train,
};
pub use text::FILE_BYTES_MAX;
pub use value::{Critic, Domain, KeepLogs, MakerActions, MarketPreset, Seeds, System};

/// Before the name of a parameter of the market.
pub const MARKET: &str = "market.parameters.";
/// The parameter that is no setting: the length of a market.
const STEPS: &str = "steps";

/// Separates this digest from every other use of BLAKE3.
const DIGEST_CONTEXT: &str = "replay 2026-11 runs configuration";

impl Config {
    /// A configuration by name: one of [`PRESETS`].
    ///
    /// # Errors
    /// [`Fault::UnknownPreset`] with the nearest names.
    pub fn preset(name: &str) -> Result<Self, ConfigError> {
        Ok(Layers::new(name)?.resolve()?.config)
    }

    /// Sets one setting from its text, `market.parameters.NAME` too. What contradicts other settings
    /// is not looked for: [`Config::check`] does.
    ///
    /// A new `market.preset` resets all parameters of the market. [`Layers`] set it first.
    ///
    /// # Errors
    /// [`Fault::UnknownKey`] with the nearest names; [`Fault::BadValue`] with what is accepted;
    /// [`Fault::Market`], [`Fault::Steps`]. Nothing has changed then.
    pub fn set(&mut self, key: &str, text: &str) -> Result<(), ConfigError> {
        match key.strip_prefix(MARKET) {
            Some(name) => {
                let mut parameters = self.market_parameters();
                parameters.insert(name.to_owned(), text.to_owned());
                self.set_market(&parameters).map_err(ConfigError::whole)
            }
            None => self.put(key, text).map_err(ConfigError::whole),
        }
    }

    /// The market's parameters of a run of so many steps.
    pub fn ecology(&self, steps: u64) -> agents::Config {
        let mut ecology = self.ecology.clone();
        // Within the bounds of the parameter, because those of the settings are not wider.
        let _ = ecology.set(STEPS, &steps.to_string());
        ecology
    }

    /// How many agents of a type there are.
    pub fn agents(&self, kind: Kind) -> u32 {
        self.ecology.count(kind)
    }

    /// Every setting and parameter of the market as canonical text: what the genesis of a run's log
    /// carries.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let settings = SETTINGS.iter().map(|it| (it.key.to_owned(), (it.get)(self)));
        let market = self.market_parameters().into_iter();
        settings.chain(market.map(|(name, text)| (format!("{MARKET}{name}"), text))).collect()
    }

    /// The configuration that [`Config::parameters`] wrote.
    ///
    /// # Errors
    /// As [`Config::set`] and [`Config::check`]; [`Fault::Missing`] unless every one is given.
    pub fn from_parameters(parameters: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut config = Self::base();
        let mut market = BTreeMap::new();
        let at = |what| ConfigError { place: Place::Genesis, what };
        // The preset first, as everywhere.
        let preset = settings_key_of_preset();
        let first = parameters.get_key_value(preset).into_iter();
        for (key, text) in first.chain(parameters) {
            match key.strip_prefix(MARKET) {
                Some(name) => {
                    market.insert(name.to_owned(), text.clone());
                }
                None => config.put(key, text).map_err(at)?,
            }
        }
        let is_missing = |setting: &&Setting| !parameters.contains_key(setting.key);
        if let Some(setting) = SETTINGS.iter().find(is_missing) {
            return Err(at(Fault::Missing(setting.key.to_owned())));
        }
        config.set_market(&market).map_err(at)?;
        config.check()?;
        Ok(config)
    }

    /// BLAKE3 of the canonical text: what a run directory and its logs are known by.
    pub fn digest(&self) -> Digest {
        Digest(blake3::derive_key(DIGEST_CONTEXT, self.to_string().as_bytes()))
    }

    /// The table's first values.
    pub(crate) fn base() -> Self {
        Self::first(ecology_of(MarketPreset::Realistic))
    }

    /// Sets what is no parameter of the market.
    pub(crate) fn put(&mut self, key: &str, text: &str) -> Result<(), Fault> {
        let Some(setting) = Setting::find(key) else {
            return Err(Fault::UnknownKey { key: key.to_owned(), near: near(key) });
        };
        if !(setting.put)(self, text) {
            return Err(Fault::BadValue {
                key: setting.key.to_owned(),
                value: text.to_owned(),
                accepted: setting.domain.accepted(),
            });
        }
        if setting.key == settings_key_of_preset() {
            self.ecology = ecology_of(self.market.preset);
        }
        Ok(())
    }

    /// The parameters of the market, without its length.
    pub fn market_parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.ecology.parameters();
        parameters.remove(STEPS);
        parameters
    }

    /// Replaces all parameters of the market, which are there but for its length.
    pub(crate) fn set_market(&mut self, given: &BTreeMap<String, String>) -> Result<(), Fault> {
        if given.contains_key(STEPS) {
            return Err(Fault::Steps);
        }
        let mut parameters = given.clone();
        let all = self.ecology.parameters();
        parameters.extend(all.get_key_value(STEPS).map(|(key, text)| (key.clone(), text.clone())));
        self.ecology = agents::Config::from_parameters(&parameters).map_err(Fault::Market)?;
        Ok(())
    }
}

/// The key of [`Market::preset`], which is set before the parameters that it resets.
const fn settings_key_of_preset() -> &'static str {
    "market.preset"
}

fn ecology_of(preset: MarketPreset) -> agents::Config {
    match agents::Config::preset(preset.word()) {
        Ok(ecology) => ecology,
        Err(_) => unreachable!("the words are the ecology's presets, which a test holds"),
    }
}

/// The settings whose names are nearest to an unknown one.
fn near(key: &str) -> Vec<&'static str> {
    agents::config::near_among(key, SETTINGS.iter().map(|setting| setting.key))
}

#[cfg(test)]
mod tests;
