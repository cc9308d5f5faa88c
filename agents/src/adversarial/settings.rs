//! What an adversarial market is made of: named settings in canonical text.

use std::collections::BTreeMap;

use kernel::{Limits, Rules};

mod names;
mod presets;
mod table;

pub use names::{
    ArbitrageurPolicy, BeliefPolicy, Leakage, MakerPolicy, Mode, RateRule, TraderPolicy,
};
pub use presets::PRESETS;
pub use table::{SETTINGS, Setting, Settings, Takes};

use crate::config::near_among;

/// Why settings were refused. The message says what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// There is no preset of this name.
    #[error("no preset `{name}` of adversarial markets; there are: {}", PRESETS.join(", "))]
    UnknownPreset {
        /// The name.
        name: String,
    },
    /// There is no setting of this name.
    #[error("no setting `{key}`{}", near_text(near))]
    UnknownKey {
        /// The name.
        key: String,
        /// The settings whose names are nearest, nearest first.
        near: Vec<&'static str>,
    },
    /// A text sets nothing.
    #[error("`{text}` is not of the form KEY=VALUE")]
    NoSetting {
        /// The text.
        text: String,
    },
    /// A setting cannot have this value.
    #[error("`{value}` is no value of `{}`: {}", setting.key, setting.accepted())]
    BadValue {
        /// The setting.
        setting: &'static Setting,
        /// The value as given.
        value: String,
    },
    /// A list of all settings lacks one.
    #[error("the setting `{key}` is missing")]
    Missing {
        /// The setting.
        key: &'static str,
    },
    /// Two settings contradict each other.
    #[error("`{low}` may not exceed `{high}`")]
    Contradiction {
        /// The one that is too large.
        low: &'static str,
        /// The one that bounds it.
        high: &'static str,
    },
    /// What happens in a step takes longer than the step.
    #[error(
        "`latency.customers_ms` and the slower of `latency.maker_ms` and `latency.arbitrageur_ms` \
         must be less than `episode.step_ms` together"
    )]
    Latency,
}

fn near_text(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) }
}

/// The setting of this name.
///
/// # Errors
/// [`SettingsError::UnknownKey`] with the nearest names.
pub fn setting(key: &str) -> Result<&'static Setting, SettingsError> {
    SETTINGS.iter().find(|setting| setting.key == key).ok_or_else(|| SettingsError::UnknownKey {
        key: key.to_owned(),
        near: near_among(key, SETTINGS.iter().map(|setting| setting.key)),
    })
}

impl Settings {
    /// A set of settings by name: one of [`PRESETS`].
    ///
    /// # Errors
    /// [`SettingsError::UnknownPreset`].
    pub fn preset(name: &str) -> Result<Self, SettingsError> {
        presets::find(name).ok_or_else(|| SettingsError::UnknownPreset { name: name.to_owned() })
    }

    /// Sets several from their texts, all of them or none.
    ///
    /// # Errors
    /// The first [`SettingsError`]; nothing has changed then.
    pub fn set_all<'a>(
        &mut self,
        settings: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), SettingsError> {
        let mut changed = self.clone();
        for (key, value) in settings {
            let setting = setting(key)?;
            if !changed.put(setting, value) {
                return Err(SettingsError::BadValue { setting, value: value.to_owned() });
            }
        }
        changed.check()?;
        *self = changed;
        Ok(())
    }

    /// Sets several from `KEY=VALUE KEY=VALUE …`, all of them or none.
    ///
    /// # Errors
    /// As [`Settings::set_all`]; [`SettingsError::NoSetting`].
    pub fn set_text(&mut self, text: &str) -> Result<(), SettingsError> {
        let pairs = text.split_whitespace().map(|word| {
            word.split_once('=').ok_or_else(|| SettingsError::NoSetting { text: word.to_owned() })
        });
        self.set_all(pairs.collect::<Result<Vec<_>, _>>()?)
    }

    /// Sets one from its text.
    ///
    /// # Errors
    /// As [`Settings::set_all`].
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingsError> {
        self.set_all([(key, value)])
    }

    /// Every setting as canonical text: what a log's header carries.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        self.values().map(|(setting, value)| (setting.key.to_owned(), value)).collect()
    }

    /// The settings that [`Settings::parameters`] wrote.
    ///
    /// # Errors
    /// As [`Settings::set_all`]; [`SettingsError::Missing`] unless every setting is given.
    pub fn from_parameters(parameters: &BTreeMap<String, String>) -> Result<Self, SettingsError> {
        let mut settings = Self::BASE;
        settings.set_all(parameters.iter().map(|(key, value)| (&**key, &**value)))?;
        let missing = SETTINGS.iter().find(|setting| !parameters.contains_key(setting.key));
        match missing {
            Some(setting) => Err(SettingsError::Missing { key: setting.key }),
            None => Ok(settings),
        }
    }

    /// The market of the game before the first episode.
    pub const fn genesis(&self) -> kernel::Genesis {
        kernel::Genesis {
            limits: Limits { clients_max: super::CLIENTS_MAX, ..Limits::DEFAULT },
            rules: Rules::OPEN,
            exempt: Vec::new(),
            endowments: Vec::new(),
        }
    }

    /// How many episodes a log holds.
    pub fn episodes(&self) -> u64 {
        self.episodes.whole().unsigned_abs()
    }

    /// Length of an episode, in steps.
    pub fn steps(&self) -> u64 {
        self.steps.whole().unsigned_abs()
    }

    /// What an episode of type z = 0 is.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The parent order, in lots.
    pub const fn lots(&self) -> i64 {
        self.trader_lots.whole()
    }

    /// Mean number of noise orders in a step.
    pub fn noise_orders(&self) -> f64 {
        let rate = self.noise_rate.to_f64();
        match self.noise_rate_rule {
            RateRule::Step => rate,
            RateRule::Release => rate / self.steps.to_f64() * 10.0,
        }
    }

    fn check(&self) -> Result<(), SettingsError> {
        let bounds = [
            (
                "maker.half_spread",
                self.maker_half_spread,
                "maker.half_spread_max",
                self.maker_half_spread_max,
            ),
            (
                "latency.jitter_ms",
                self.latency_jitter,
                "latency.customers_ms",
                self.latency_customers,
            ),
        ];
        for (low, value, high, bound) in bounds {
            if bound < value {
                return Err(SettingsError::Contradiction { low, high });
            }
        }
        let reaction = self.latency_maker.max(self.latency_arbitrageur);
        let busy = self.latency_customers.millionths() + reaction.millionths();
        if self.step_ms.millionths() <= busy {
            return Err(SettingsError::Latency);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
