//! Training: rollout after rollout, update after update, from a configuration or a checkpoint.
//!
//! Random streams are named by what they are for and by the update, `draws/3/17` for environment 3 in
//! update 17, so the number of the update is the position of all of them.

use std::io::Read;

use agents::Kind;
use agents::learned::Rewards;
use agents::streams::Stream;
use replay::medium::Medium;
use replay::recorder::Finished;
use replay::{Digest, Genesis, Player, Reader, Recorder};
use runs::checkpoint::Environment;
use runs::config::Config;
use runs::train_log::digests;

use crate::environment::{Life, World};
use crate::policy::Policy;
use crate::ppo::{self, Settings, Statistics};
use crate::quality::{Quality, Tally};
use crate::rollout::{Experience, RolloutError, rollout};

mod cloned;
mod error;
mod nowhere;
mod saved;

pub use error::TrainError;
pub use nowhere::{Heads, Nowhere};
pub use saved::{gradient, load};

/// Where market logs are kept. Libraries open no paths.
pub trait Keeper {
    /// What a log is written to.
    type Medium: Medium;
    /// What a log is read from.
    type Source: Read;

    /// Begins the log of a life.
    ///
    /// # Errors
    /// What stands in the way, in words.
    fn begin(
        &mut self,
        environment: u32,
        life: u32,
        genesis: &Genesis,
    ) -> Result<Recorder<Self::Medium>, String>;

    /// The log of a life has ended.
    ///
    /// # Errors
    /// What stands in the way, in words.
    fn ended(&mut self, environment: u32, life: u32, end: &Finished) -> Result<(), String>;

    /// Reads the log of a life that goes on, from its start.
    ///
    /// # Errors
    /// What stands in the way, in words.
    fn read(&mut self, environment: u32, life: u32) -> Result<Reader<Self::Source>, String>;

    /// Goes on with a log that was played to its end.
    ///
    /// # Errors
    /// What stands in the way, in words.
    fn resume(
        &mut self,
        environment: u32,
        life: u32,
        played: Player<Self::Source>,
    ) -> Result<Recorder<Self::Medium>, String>;
}

/// What an update was like for one type.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// Which type.
    pub kind: Kind,
    /// Mean reward of a step.
    pub reward: f64,
    /// Digest of what its agents saw and drew.
    pub sampling: Digest,
    /// Digest of its weights and optimisers afterwards.
    pub gradient: Digest,
    /// What the optimisation was like.
    pub statistics: Statistics,
}

/// What an update was like.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// Its number, from 1.
    pub number: u64,
    /// The markets of its rollout, taken together.
    pub quality: Quality,
    /// λ, what makers were paid for a passive lot in its rollout, in ticks.
    pub presence: f64,
    /// Digest of all markets' heads behind the rollout.
    pub market: Digest,
    /// For each type that learns.
    pub learned: Vec<Learned>,
}

/// A training run between two updates.
#[derive(Debug)]
pub struct Trainer<K: Keeper> {
    config: Config,
    world: World,
    policies: Vec<Policy>,
    lives: Vec<Life<K::Medium>>,
    keeper: K,
    /// Updates that are done.
    updates: u64,
    /// λ.
    presence: f64,
}

impl<K: Keeper> Trainer<K> {
    /// Begins a run: new networks, which imitate the fixed rules if the configuration says so, and every
    /// environment at the start of its first life.
    ///
    /// # Errors
    /// [`TrainError`].
    pub fn begin(config: &Config, mut keeper: K) -> Result<Self, TrainError> {
        let world = World::new(config)?;
        let mut policies = Policy::all(config)?;
        cloned::clone_rules(config, &world, &mut policies)?;
        let environments = 0..config.train.environments;
        let lives = environments.map(|environment| begin(&world, &mut keeper, environment, 1));
        let lives = lives.collect::<Result<_, _>>()?;
        Ok(Self {
            config: config.clone(),
            world,
            policies,
            lives,
            keeper,
            updates: 0,
            presence: 0.0,
        })
    }

    /// Makes the next update.
    ///
    /// # Errors
    /// [`TrainError`]; the run then stands in the middle of an update, and goes on from a checkpoint.
    pub fn update(&mut self) -> Result<Update, TrainError> {
        let update = self.updates + 1;
        let rollout_error = |error| TrainError::Rollout { update, error };
        let mut streams: Vec<_> = (0..self.config.train.environments)
            .map(|number| Stream::new(self.config.seed, &format!("draws/{number}/{update}")))
            .collect();
        let rewards = self.rewards();
        let mut heads = Vec::new();
        let mut tally = Tally::default();
        let Self { world, keeper, lives, policies, .. } = self;
        let next = |life: &mut Life<K::Medium>| {
            heads.push(life.head());
            tally.add(&life.take_tally());
            replace(world, keeper, life)
        };
        let steps = self.config.train.steps;
        let all =
            rollout(lives, policies, steps, &rewards, &mut streams, next).map_err(rollout_error)?;
        for life in lives.iter_mut() {
            heads.push(life.head());
            tally.add(&life.take_tally());
        }
        let settings = self.settings(update);
        let mut learned = Vec::new();
        for (policy, experience) in self.policies.iter_mut().zip(&all) {
            learned.push(improve(&self.config, update, &settings, policy, experience)?);
        }
        let quality = tally.quality();
        let presence = self.presence;
        self.updates = update;
        self.adjust_presence(quality.made);
        Ok(Update { number: update, quality, presence, market: digests::market(&heads), learned })
    }

    /// Updates that are done.
    pub const fn updates(&self) -> u64 {
        self.updates
    }

    /// Whether all updates of the configuration are done.
    pub const fn is_done(&self) -> bool {
        self.config.train.updates <= self.updates
    }

    /// The policies.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The keeper of logs.
    pub const fn keeper(&mut self) -> &mut K {
        &mut self.keeper
    }

    /// Where every environment stands.
    pub fn environments(&self) -> Vec<Environment> {
        let place = |life: &Life<K::Medium>| Environment {
            life: life.life,
            seed: life.seed,
            steps: life.steps(),
            log: life.place(),
        };
        self.lives.iter().map(place).collect()
    }

    /// Makes all market logs durable as far as they are.
    ///
    /// # Errors
    /// [`TrainError::Log`].
    pub fn sync(&mut self) -> Result<(), TrainError> {
        self.lives.iter_mut().try_for_each(|life| {
            let environment = life.environment;
            life.sync().map_err(|error| TrainError::Log { environment, error })
        })
    }

    /// Ends all market logs where they are.
    ///
    /// # Errors
    /// [`TrainError::Log`], [`TrainError::Keeper`].
    pub fn finish(self) -> Result<(Vec<Policy>, K), TrainError> {
        let Self { lives, mut keeper, policies, .. } = self;
        for life in lives {
            let (environment, number) = (life.environment, life.life);
            let end = life.finish().map_err(|error| TrainError::Log { environment, error })?;
            keeper
                .ended(environment, number, &end)
                .map_err(|message| TrainError::Keeper { environment, message })?;
        }
        Ok((policies, keeper))
    }

    /// Leaves all market logs as they are, without an end.
    pub fn abandon(self) -> (Vec<Policy>, K) {
        (self.policies, self.keeper)
    }

    fn rewards(&self) -> Rewards {
        let reward = &self.config.reward;
        let subsidy = |kind| match kind {
            Kind::Maker => reward.subsidy_maker,
            Kind::Value => reward.subsidy_value,
            Kind::Momentum | Kind::Noise => 0.0,
        };
        Rewards {
            dampening: reward.dampening,
            inventory: reward.inventory,
            presence: self.presence,
            subsidy: Kind::ALL.map(subsidy),
            scale: Kind::ALL.map(|kind| reward.scale(kind)),
            market_share: reward.market_share,
            clip: reward.clip,
        }
    }

    /// λ follows what is missing to the target: it is the multiplier of a constraint.
    fn adjust_presence(&mut self, made: f64) {
        let reward = &self.config.reward;
        if 0.0 < reward.presence_target {
            let missing = (reward.presence_target - made) / reward.presence_target;
            let presence = self.presence + reward.presence_rate * missing;
            self.presence = presence.clamp(0.0, reward.presence_max);
        }
    }

    /// Settings of an update, as the schedules have it.
    fn settings(&self, update: u64) -> Settings {
        let (ppo, train) = (&self.config.ppo, &self.config.train);
        let whole = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let way = whole(update - 1) / whole(train.updates.max(2) - 1);
        let left = 1.0 + (ppo.rate_end - 1.0) * way;
        Settings {
            epochs: ppo.epochs,
            minibatch: usize::try_from(ppo.minibatch).unwrap_or(usize::MAX),
            clip: ppo.clip,
            entropy: ppo.entropy + (ppo.entropy_end - ppo.entropy) * way,
            huber: ppo.huber,
            actor_rate: ppo.actor_rate * left,
            critic_rate: ppo.critic_rate * left,
            actor_norm_max: ppo.actor_norm,
            critic_norm_max: ppo.critic_norm,
            kl_max: (0.0 < ppo.kl_stop).then_some(ppo.kl_stop),
            critic_only: update <= train.critic_only,
        }
    }
}

fn begin<K: Keeper>(
    world: &World,
    keeper: &mut K,
    environment: u32,
    life: u32,
) -> Result<Life<K::Medium>, TrainError> {
    let seed = world.seed(environment, life);
    let recorder = keeper
        .begin(environment, life, &world.genesis(seed, environment, life))
        .map_err(|message| TrainError::Keeper { environment, message })?;
    Ok(Life::begin(world, seed, (environment, life), recorder))
}

/// Puts a life that is over away, and begins the next one of its environment.
fn replace<K: Keeper>(
    world: &World,
    keeper: &mut K,
    life: &mut Life<K::Medium>,
) -> Result<(), RolloutError> {
    let (environment, number) = (life.environment, life.life);
    let said = |message| RolloutError::Life { environment, message };
    let seed = world.seed(environment, number + 1);
    let genesis = world.genesis(seed, environment, number + 1);
    let recorder = keeper.begin(environment, number + 1, &genesis).map_err(said)?;
    let next = Life::begin(world, seed, (environment, number + 1), recorder);
    let end = std::mem::replace(life, next).finish()?;
    keeper.ended(environment, number, &end).map_err(said)
}

/// Improves one type's policy by what its agents have met.
fn improve(
    config: &Config,
    update: u64,
    settings: &Settings,
    policy: &mut Policy,
    experience: &Experience,
) -> Result<Learned, TrainError> {
    let kind = policy.kind;
    let batch = experience
        .batch(policy, config.ppo.gamma, config.ppo.lambda)
        .map_err(|error| TrainError::Gae { update, error })?;
    let mut shuffle = Stream::new(config.seed, &format!("shuffle/{}/{update}", kind.name()));
    let Policy { net, optimisers, .. } = policy;
    let statistics = ppo::update(net, optimisers, &batch, settings, &mut shuffle)
        .map_err(|error| TrainError::Ppo { update, kind, error })?;
    Ok(Learned {
        kind,
        reward: experience.mean_reward(),
        sampling: experience.sampling(),
        gradient: gradient(policy)?,
        statistics,
    })
}
