//! What a `train.log` starts from.

use std::collections::BTreeMap;

use replay::Genesis;

use crate::config::{Config, ConfigError};

/// The producer of a `train.log`.
pub const PRODUCER: &str = "learn";
/// Before the names of parameters that say on what kind of machine the run was made.
pub const MACHINE: &str = "machine.";

/// What a `train.log` starts from: the configuration, and the kind of machine, to which training is
/// bound: threads, version of libtorch, the processor's model and capability.
///
/// * `machine` - those by name, without [`MACHINE`].
pub fn genesis(config: &Config, machine: &BTreeMap<String, String>) -> Genesis {
    let mut genesis = Genesis::new(kernel::Genesis::open(), PRODUCER);
    genesis.seed = config.seed;
    genesis.parameters = config.parameters();
    let machine = machine.iter().map(|(name, text)| (format!("{MACHINE}{name}"), text.clone()));
    genesis.parameters.extend(machine);
    genesis
}

/// Why a genesis is not that of a run's `train.log`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenesisError {
    /// Another producer's log.
    #[error("not a train.log: another producer wrote it")]
    Producer,
    /// Parameters that are no configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Another configuration.
    #[error("another configuration: `{0}` differs")]
    Differs(String),
}

/// Compares the genesis of a `train.log` with a configuration.
///
/// # Errors
/// [`GenesisError`] with the first setting that differs.
pub fn check_genesis(genesis: &Genesis, config: &Config) -> Result<(), GenesisError> {
    let found = config_of(genesis)?;
    let (found, wanted) = (found.parameters(), config.parameters());
    if genesis.seed != config.seed {
        return Err(GenesisError::Differs("seed".to_owned()));
    }
    // Every setting stands in both; entries of the market's schedule may not.
    let differs = |key: &&String| found.get(*key) != wanted.get(*key);
    match wanted.keys().chain(found.keys()).find(differs) {
        Some(key) => Err(GenesisError::Differs(key.clone())),
        None => Ok(()),
    }
}

/// The configuration in the genesis of a `train.log`.
///
/// # Errors
/// [`GenesisError::Producer`], [`GenesisError::Config`].
pub fn config_of(genesis: &Genesis) -> Result<Config, GenesisError> {
    if genesis.producer != PRODUCER {
        return Err(GenesisError::Producer);
    }
    let mut parameters = genesis.parameters.clone();
    parameters.retain(|key, _| !key.starts_with(MACHINE));
    Ok(Config::from_parameters(&parameters)?)
}
