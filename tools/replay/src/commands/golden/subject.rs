//! What a golden is a run of: a system with its preset and settings.

use agents::adversarial::{Game, MAKER, Settings};
use agents::{Config, Ecology, Kind};
use kernel::ClientId;
use replay::Genesis;

use crate::commands::producer::Producer;
use crate::commands::simulate::{self, adversarial};

/// A system of agents, configured.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// The ecology.
    Ecology(Box<Config>),
    /// An adversarial market.
    Adversarial(Box<Settings>),
}

impl Subject {
    /// The system of this name, from this preset.
    pub(super) fn new(system: &str, preset: &str) -> Result<Self, String> {
        match system {
            "ecology" => {
                let config = Config::preset(preset).map_err(|error| error.to_string())?;
                Ok(Self::Ecology(Box::new(config)))
            }
            "adversarial" => {
                let settings = Settings::preset(preset).map_err(|error| error.to_string())?;
                Ok(Self::Adversarial(Box::new(settings)))
            }
            _ => Err(format!("`{system}` is no system: ecology or adversarial")),
        }
    }

    /// The key that says how long the run is.
    pub(super) const fn length_key(&self) -> &'static str {
        match self {
            Self::Ecology(_) => "steps",
            Self::Adversarial(_) => "episodes",
        }
    }

    /// Changes settings, `KEY=VALUE KEY=VALUE …`.
    pub(super) fn set_all(&mut self, text: &str) -> Result<(), String> {
        match self {
            Self::Ecology(config) => config.set_all(text).map_err(|error| error.to_string()),
            Self::Adversarial(settings) => {
                settings.set_text(text).map_err(|error| error.to_string())
            }
        }
    }

    /// Steps of the whole run.
    pub(super) fn steps(&self) -> u64 {
        match self {
            Self::Ecology(config) => config.steps(),
            Self::Adversarial(settings) => settings.episodes().saturating_mul(settings.steps()),
        }
    }

    /// What its log starts from.
    pub(super) fn genesis(&self, preset: &str, seed: u64) -> Genesis {
        match self {
            Self::Ecology(config) => simulate::genesis(config, preset, seed),
            Self::Adversarial(settings) => adversarial::genesis(settings, preset, seed),
        }
    }

    /// Who carries it out.
    pub(super) fn producer(&self, seed: u64) -> Producer {
        match self {
            Self::Ecology(config) => simulate::ecology_run(config, seed),
            Self::Adversarial(settings) => {
                Producer::Adversarial(Box::new(Game::new(settings, seed)))
            }
        }
    }

    /// Clients of the market makers.
    pub(super) fn makers(&self, seed: u64) -> Vec<ClientId> {
        match self {
            Self::Ecology(config) => {
                let ecology = Ecology::new(config, seed);
                let makers = ecology.agents().filter(|(_, kind)| *kind == Kind::Maker);
                makers.map(|(client, _)| client).collect()
            }
            Self::Adversarial(_) => vec![MAKER],
        }
    }

    /// Folder of its whole logs, below the manifest's.
    pub(super) const fn folder(&self) -> &'static str {
        match self {
            Self::Ecology(_) => "ecology",
            Self::Adversarial(_) => "adversarial",
        }
    }
}
