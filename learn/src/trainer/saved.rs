//! A run as a checkpoint, and back.
//!
//! Of the markets a checkpoint holds only where their logs stand: a market is what its log says, so it
//! is carried out once more, with what policies chose taken from the log, and must lead to the same
//! head.

use std::collections::BTreeMap;

use agents::Kind;
use replay::{Digest, Player};
use runs::checkpoint::{Architecture, Checkpoint, Learner, LogPlace, Tensor, Tensors};
use runs::config::Config;
use runs::train_log::digests;

use super::{Keeper, TrainError, Trainer};
use crate::adam::Adam;
use crate::arrays::NamedArray;
use crate::environment::{Life, World};
use crate::policy::Policy;

/// Name of λ among the numbers of a checkpoint.
const PRESENCE: &str = "presence";

impl<K: Keeper> Trainer<K> {
    /// All from which the run goes on. `train_log` is where the log of updates stands.
    ///
    /// # Errors
    /// [`TrainError::Checkpoint`] for arrays that have no such form.
    pub fn checkpoint(&self, train_log: LogPlace) -> Result<Checkpoint, TrainError> {
        let mut learners = BTreeMap::new();
        for policy in &self.policies {
            learners.insert(policy.kind, learner(policy)?);
        }
        Ok(Checkpoint {
            config: self.config.digest(),
            update: self.updates,
            learners,
            streams: BTreeMap::new(),
            scalars: BTreeMap::from([(PRESENCE.to_owned(), self.presence)]),
            counters: BTreeMap::new(),
            blobs: BTreeMap::new(),
            environments: self.environments(),
            train_log,
        })
    }

    /// Goes on from a checkpoint, with logs that end where it says.
    ///
    /// # Errors
    /// [`TrainError::Checkpoint`] for one that does not fit the configuration; [`TrainError::Repeat`]
    /// and [`TrainError::OtherMarket`] for a log that leads elsewhere.
    pub fn restore(
        config: &Config,
        checkpoint: &Checkpoint,
        mut keeper: K,
    ) -> Result<Self, TrainError> {
        let world = World::new(config)?;
        let mut policies = Policy::all(config)?;
        load(&mut policies, checkpoint)?;
        let presence = checkpoint.scalars.get(PRESENCE).copied().filter(|it| it.is_finite());
        let presence = presence.ok_or_else(|| bad(format!("no number `{PRESENCE}`")))?;
        let expected = usize::try_from(config.train.environments).unwrap_or(usize::MAX);
        if checkpoint.environments.len() != expected {
            let found = checkpoint.environments.len();
            return Err(bad(format!("{found} environments, where {expected} are needed")));
        }
        let mut lives = Vec::new();
        for (environment, place) in (0..).zip(&checkpoint.environments) {
            let said = |message| TrainError::Keeper { environment, message };
            let repeat = |error| TrainError::Repeat { environment, error };
            let told = keeper.read(environment, place.life).map_err(said)?;
            let played = keeper.read(environment, place.life).map_err(said)?;
            let played = Player::new(played).map_err(|error| repeat(error.into()))?;
            let number = (environment, place.life);
            let resume = |played| keeper.resume(environment, place.life, played);
            let life = Life::resume(&world, number, place.steps, told, played, resume);
            let life = life.map_err(repeat)?;
            let found = life.place();
            if found != place.log {
                let (entry, found, expected) = (found.entry, found.head, place.log.head);
                let life = place.life;
                return Err(TrainError::OtherMarket { environment, life, entry, found, expected });
            }
            lives.push(life);
        }
        let (updates, config) = (checkpoint.update, config.clone());
        Ok(Self { config, world, policies, lives, keeper, updates, presence })
    }
}

fn bad(message: String) -> TrainError {
    TrainError::Checkpoint(message)
}

/// Gives policies what a checkpoint has learned.
///
/// # Errors
/// [`TrainError::Checkpoint`] for other types or another architecture.
pub fn load(policies: &mut [Policy], checkpoint: &Checkpoint) -> Result<(), TrainError> {
    let expected: Vec<_> = policies.iter().map(|policy| policy.kind).collect();
    let found: Vec<_> = checkpoint.learners.keys().copied().collect();
    if found != expected {
        return Err(bad(format!("it has learned {}, not {}", names(&found), names(&expected))));
    }
    for policy in policies {
        let blank = learner(policy)?;
        let shapes = |of: &Tensors| -> Architecture {
            of.iter().map(|(name, tensor)| (name.clone(), tensor.shape.clone())).collect()
        };
        let Learner { policy: arrays, optimiser } = checkpoint
            .learner(policy.kind, &shapes(&blank.policy), &shapes(&blank.optimiser))
            .map_err(|error| bad(error.to_string()))?;
        let error = |error: crate::arrays::ArrayError| bad(error.to_string());
        policy.net.import(&named(arrays, "")).map_err(error)?;
        let Policy { optimisers, .. } = policy;
        optimisers.actor.import(&named(optimiser, ACTOR)).map_err(error)?;
        optimisers.critic.import(&named(optimiser, CRITIC)).map_err(error)?;
    }
    Ok(())
}

fn names(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ")
}

/// What names of the actor's optimiser begin with.
const ACTOR: &str = "actor/";
/// What names of the critic's optimiser begin with.
const CRITIC: &str = "critic/";

/// Digest of a policy's weights and optimisers: two with the same one go the same way from here on.
///
/// # Errors
/// [`TrainError::Checkpoint`] for arrays that have no such form.
pub fn gradient(policy: &Policy) -> Result<Digest, TrainError> {
    Ok(digests::gradient(&learner(policy)?))
}

fn learner(policy: &Policy) -> Result<Learner, TrainError> {
    let mut learner = Learner::default();
    put(&mut learner.policy, "", policy.net.export())?;
    let state = |adam: &Adam| adam.export();
    put(&mut learner.optimiser, ACTOR, state(&policy.optimisers.actor))?;
    put(&mut learner.optimiser, CRITIC, state(&policy.optimisers.critic))?;
    Ok(learner)
}

fn put(tensors: &mut Tensors, prefix: &str, arrays: Vec<NamedArray>) -> Result<(), TrainError> {
    for (name, shape, numbers) in arrays {
        let shape: Vec<_> = shape.into_iter().map(i64::unsigned_abs).collect();
        let tensor = Tensor::new(&shape, numbers);
        let tensor = tensor.ok_or_else(|| bad(format!("`{name}` does not fill its shape")))?;
        tensors.insert(format!("{prefix}{name}"), tensor);
    }
    Ok(())
}

/// Arrays whose names begin so, without that beginning.
fn named(tensors: &Tensors, prefix: &str) -> Vec<NamedArray> {
    let own = tensors.iter().filter_map(|(name, it)| Some((name.strip_prefix(prefix)?, it)));
    own.map(|(name, tensor)| {
        let shape = tensor.shape.iter().map(|side| i64::try_from(*side).unwrap_or(i64::MAX));
        (name.to_owned(), shape.collect(), tensor.numbers.clone())
    })
    .collect()
}
