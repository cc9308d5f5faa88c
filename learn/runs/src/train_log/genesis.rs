//! What a `train.log` starts from.

use std::collections::BTreeMap;

use replay::{Digest, Genesis};

use crate::config::{Config, ConfigError};

/// The producer of a `train.log`.
pub const PRODUCER: &str = "learn";
/// Before the names of parameters that say on what kind of machine the run was made.
pub const MACHINE: &str = "machine.";
/// Before the names of parameters that say of which run this one is a fork.
pub const PARENT: &str = "parent.";

/// Where a fork left another run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Digest of the other run's configuration.
    pub config: Digest,
    /// The last update that both share.
    pub update: u64,
    /// Head of the other run's `train.log` behind that update; the fork's is the same there.
    pub head: Digest,
}

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

/// The same for a fork.
pub fn genesis_of_fork(
    config: &Config,
    machine: &BTreeMap<String, String>,
    parent: Parent,
) -> Genesis {
    let mut genesis = genesis(config, machine);
    let Parent { config, update, head } = parent;
    let texts = [
        ("config", config.to_string()),
        ("update", update.to_string()),
        ("head", head.to_string()),
    ];
    let texts = texts.into_iter().map(|(name, text)| (format!("{PARENT}{name}"), text));
    genesis.parameters.extend(texts);
    genesis
}

/// Of which run the run of a `train.log` is a fork; `None` for one with its own start.
///
/// # Errors
/// [`GenesisError::Parent`] for parameters that name none.
pub fn parent_of(genesis: &Genesis) -> Result<Option<Parent>, GenesisError> {
    if !genesis.parameters.keys().any(|key| key.starts_with(PARENT)) {
        return Ok(None);
    }
    let text = |name: &str| genesis.parameters.get(&format!("{PARENT}{name}"));
    let read = || {
        let update = text("update")?;
        let parent = Parent {
            config: text("config")?.parse().ok()?,
            update: update.parse().ok()?,
            head: text("head")?.parse().ok()?,
        };
        (parent.update.to_string() == *update).then_some(parent)
    };
    read().map(Some).ok_or(GenesisError::Parent)
}

/// Whether a parameter of a `train.log` is a setting of the run, not what is told of the machine or
/// of a parent.
pub fn is_setting(key: &str) -> bool {
    !key.starts_with(MACHINE) && !key.starts_with(PARENT)
}

/// Why a genesis is not that of a run's `train.log`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenesisError {
    /// Another producer's log.
    #[error("not a train.log: another producer wrote it")]
    Producer,
    /// Parameters of a fork that do not name another run.
    #[error("`parent.config`, `parent.update` and `parent.head` name no run")]
    Parent,
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
    parent_of(genesis)?;
    let mut parameters = genesis.parameters.clone();
    parameters.retain(|key, _| is_setting(key));
    Ok(Config::from_parameters(&parameters)?)
}
