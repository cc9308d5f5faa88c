//! Preset, file and overrides on top of each other, and where each value came from.

use std::collections::BTreeMap;

use crate::config::error::{ConfigError, Fault, Place};
use crate::config::text;
use crate::config::{Config, MARKET, PRESETS, Preset, SETTINGS, STEPS, settings_key_of_preset};

/// Which layer a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The preset, by itself or because it leaves the table's first value.
    Preset,
    /// The file.
    File,
    /// An override.
    Override,
}

impl Origin {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Preset => "preset",
            Self::File => "file",
            Self::Override => "override",
        }
    }
}

/// A value that a layer gives.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) key: String,
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// The layers of a configuration.
#[derive(Clone, Debug)]
pub struct Layers {
    preset: &'static Preset,
    /// In the order in which they count.
    given: Vec<(Origin, Given)>,
}

/// A configuration, and where its values came from.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The configuration.
    pub config: Config,
    /// Of every value that is not the preset's: the layer.
    origins: BTreeMap<String, Origin>,
}

/// One value of a resolved configuration, as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The setting, or `market.parameters.NAME`.
    pub key: String,
    /// Its canonical text.
    pub value: String,
    /// Its layer.
    pub origin: Origin,
    /// What it does.
    pub about: &'static str,
    /// What it accepts.
    pub accepted: String,
}

impl Layers {
    /// A preset alone.
    ///
    /// # Errors
    /// [`Fault::UnknownPreset`] with the nearest names.
    pub fn new(preset: &str) -> Result<Self, ConfigError> {
        let Some(preset) = Preset::find(preset) else {
            let names = PRESETS.iter().map(|preset| preset.name);
            let near = agents::config::near_among(preset, names);
            let what = Fault::UnknownPreset { name: preset.to_owned(), near };
            return Err(ConfigError::whole(what));
        };
        Ok(Self { preset, given: Vec::new() })
    }

    /// Adds a file.
    ///
    /// * `name` - what messages call it;
    /// * `bytes` - its content.
    ///
    /// # Errors
    /// With the line: [`Fault::Toml`], [`Fault::NoText`], [`Fault::UnknownKey`], and [`Fault::BadValue`]
    /// for a value of another type.
    pub fn file(mut self, name: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let given = text::read(name, bytes)?;
        self.given.extend(given.into_iter().map(|given| (Origin::File, given)));
        Ok(self)
    }

    /// Adds an override, `KEY=VALUE`. A later one counts.
    ///
    /// # Errors
    /// [`Fault::NoSetting`].
    pub fn set(mut self, setting: &str) -> Result<Self, ConfigError> {
        let place = Place::Override(setting.chars().filter(|char| !char.is_control()).collect());
        let Some((key, text)) = setting.split_once('=') else {
            return Err(ConfigError::whole(Fault::NoSetting(setting.to_owned())));
        };
        let (key, text) = (key.trim().to_owned(), text.trim().to_owned());
        self.given.push((Origin::Override, Given { key, text, place }));
        Ok(self)
    }

    /// The configuration that comes out.
    ///
    /// # Errors
    /// With the place: as [`Config::set`] and [`Config::check`].
    pub fn resolve(&self) -> Result<Resolved, ConfigError> {
        let mut config = Config::base();
        for (key, text) in self.preset.settings {
            config.put(key, text).map_err(ConfigError::whole)?;
        }
        let mut origins = BTreeMap::new();
        let mut market: BTreeMap<&str, &Given> = BTreeMap::new();
        for (origin, given) in &self.given {
            if let Some(name) = given.key.strip_prefix(MARKET) {
                market.insert(name, given);
            } else {
                let put = config.put(&given.key, &given.text);
                put.map_err(|what| ConfigError { place: given.place.clone(), what })?;
            }
            origins.insert(given.key.clone(), *origin);
        }
        // Behind the market's preset, wherever that stood.
        let mut parameters = config.market_parameters();
        for (name, given) in &market {
            parameters.insert((*name).to_owned(), given.text.clone());
        }
        config.set_market(&parameters).map_err(|what| locate(what, &market))?;
        config.check()?;
        Ok(Resolved { config, origins })
    }
}

/// Finds the line that a fault of the market's parameters is about.
fn locate(what: Fault, market: &BTreeMap<&str, &Given>) -> ConfigError {
    let mut named: Vec<&str> = Vec::new();
    if what == Fault::Steps {
        named.push(STEPS);
    } else if let Fault::Market(fault) = &what {
        match fault {
            agents::ConfigError::UnknownKey { key, .. } => named.push(key),
            agents::ConfigError::BadValue { parameter, .. } => named.push(parameter.key),
            agents::ConfigError::Contradiction { low, high } => named.extend([low, high]),
            agents::ConfigError::TooMany { key } => named.push(key),
            agents::ConfigError::Schedule(_) | _ => {
                named.extend(market.keys().filter(|key| key.starts_with("schedule")));
            }
        }
    }
    let place = named.iter().find_map(|name| market.get(name)).map(|given| given.place.clone());
    ConfigError { place: place.unwrap_or(Place::Whole), what }
}

impl Resolved {
    /// Where a value came from.
    pub fn origin(&self, key: &str) -> Origin {
        let own = self.origins.get(key);
        // A preset of the market gives all its parameters.
        let preset = self.origins.get(settings_key_of_preset());
        let preset = preset.filter(|_| key.starts_with(MARKET));
        own.or(preset).copied().unwrap_or(Origin::Preset)
    }

    /// Every value, in the order of the file.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for setting in SETTINGS {
            rows.push(Row {
                key: setting.key.to_owned(),
                value: (setting.get)(&self.config),
                origin: self.origin(setting.key),
                about: setting.about,
                accepted: setting.domain.accepted(),
            });
            if setting.key == settings_key_of_preset() {
                rows.extend(self.market_rows());
            }
        }
        rows
    }

    fn market_rows(&self) -> impl Iterator<Item = Row> {
        self.config.market_parameters().into_iter().map(|(name, value)| {
            let parameter = agents::config::PARAMETERS.iter().find(|it| it.key == name);
            let key = format!("{MARKET}{name}");
            Row {
                origin: self.origin(&key),
                key,
                value,
                about: parameter.map_or("What happens at which step.", |it| it.about),
                accepted: parameter.map_or_else(String::new, agents::config::Parameter::accepted),
            }
        })
    }
}
