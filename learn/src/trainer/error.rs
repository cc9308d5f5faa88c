//! Why training stopped.

use agents::Kind;
use agents::learned::SeatsError;
use replay::{Digest, LogError};

use crate::environment::ResumeError;
use crate::gae::GaeError;
use crate::nets::ShapeError;
use crate::ppo::PpoError;
use crate::rollout::RolloutError;

/// Why training stopped. What was written before stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// Types without such actions.
    #[error(transparent)]
    Seats(#[from] SeatsError),
    /// Networks that cannot be.
    #[error("the networks: {0}")]
    Shape(#[from] ShapeError),
    /// Of a rollout.
    #[error("update {update}: {error}")]
    Rollout {
        /// Number of the update.
        update: u64,
        /// What happened.
        error: RolloutError,
    },
    /// Parts of an experience do not fit together.
    #[error("update {update}: {error}")]
    Gae {
        /// Number of the update.
        update: u64,
        /// What does not fit.
        error: GaeError,
    },
    /// A loss, a gradient or a setting that is none: nothing of this minibatch was applied.
    #[error("update {update}, {}: {error}", kind.name())]
    Ppo {
        /// Number of the update.
        update: u64,
        /// Whose networks.
        kind: Kind,
        /// What is wrong.
        error: PpoError,
    },
    /// Cloning of a rule failed.
    #[error("cloning the {} rule: {message}", kind.name())]
    Cloning {
        /// Whose rule.
        kind: Kind,
        /// What is wrong.
        message: String,
    },
    /// A log of a market could not be begun.
    #[error("environment {environment}: {message}")]
    Keeper {
        /// Which environment.
        environment: u32,
        /// What the keeper said.
        message: String,
    },
    /// A log of a market could not be written.
    #[error("environment {environment}: {error}")]
    Log {
        /// Which environment.
        environment: u32,
        /// What happened.
        error: LogError,
    },
    /// A market cannot be carried out as its log says.
    #[error("environment {environment}: {error}")]
    Repeat {
        /// Which environment.
        environment: u32,
        /// What is in the way.
        error: ResumeError,
    },
    /// A checkpoint does not fit the configuration.
    #[error("the checkpoint: {0}")]
    Checkpoint(String),
    /// A market log does not lead to where the checkpoint stands.
    #[error(
        "environment {environment}, life {life}: its log leads to head {found} at entry {entry}, the \
         checkpoint has {expected}"
    )]
    OtherMarket {
        /// Which environment.
        environment: u32,
        /// Which life.
        life: u32,
        /// Last entry so far.
        entry: u64,
        /// Head of the log.
        found: Digest,
        /// Head that the checkpoint has.
        expected: Digest,
    },
}
