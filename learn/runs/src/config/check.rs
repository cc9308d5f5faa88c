//! Settings that cannot all hold.

use agents::Kind;

use crate::config::{Config, ConfigError, Contradiction, Fault};

/// Most samples of one type in an update: they stay in memory together.
pub const SAMPLES_MAX: u64 = 1 << 24;

impl Config {
    /// Looks for settings that contradict each other.
    ///
    /// # Errors
    /// [`Fault::Contradiction`] with both settings and the numbers.
    pub fn check(&self) -> Result<(), ConfigError> {
        let found = self.check_learners().and_then(|()| self.check_train());
        let found = found.and_then(|()| self.check_cloning()).and_then(|()| self.check_evaluate());
        found.map_err(|found| ConfigError::whole(Fault::Contradiction(found)))
    }

    /// Samples that an update has of a type: one for each of its agents, environment and step.
    pub fn samples(&self, kind: Kind) -> u64 {
        let rollout = u64::from(self.train.environments) * u64::from(self.train.steps);
        rollout * u64::from(self.agents(kind))
    }

    fn check_learners(&self) -> Result<(), Contradiction> {
        for kind in &self.learners {
            if self.agents(*kind) == 0 {
                let why = format!("there is no {} trader to learn: 0 agents", kind.name());
                return Err(contradiction("learners", "market.parameters", why));
            }
        }
        Ok(())
    }

    fn check_train(&self) -> Result<(), Contradiction> {
        let train = &self.train;
        if train.life < train.steps.into() {
            let why = format!(
                "a life of {} steps is over within a rollout of {}",
                train.life, train.steps
            );
            return Err(contradiction("train.life", "train.steps", why));
        }
        if train.updates <= train.critic_only {
            let why = format!(
                "no actor learns in {} updates of which {} are the critics' alone",
                train.updates, train.critic_only
            );
            return Err(contradiction("train.critic_only", "train.updates", why));
        }
        for kind in &self.learners {
            let samples = self.samples(*kind);
            if SAMPLES_MAX < samples {
                let why = format!(
                    "{samples} samples of the type {} in an update; at most {SAMPLES_MAX}",
                    kind.name()
                );
                return Err(contradiction("train.environments", "train.steps", why));
            }
            if samples < self.ppo.minibatch.into() {
                let why = format!(
                    "a minibatch of {} from {samples} samples of the type {}: {} environments × {} steps × {} agents",
                    self.ppo.minibatch,
                    kind.name(),
                    train.environments,
                    train.steps,
                    self.agents(*kind)
                );
                return Err(contradiction("ppo.minibatch", "train.environments", why));
            }
        }
        Ok(())
    }

    fn check_cloning(&self) -> Result<(), Contradiction> {
        if self.cloning.minibatches == 0 {
            return Ok(());
        }
        for kind in &self.learners {
            let samples = self.cloning.steps.saturating_mul(self.agents(*kind).into());
            let minibatch = u64::from(self.cloning.minibatch);
            if samples < minibatch {
                let why = format!(
                    "a minibatch of {minibatch} from {samples} samples of the type {}",
                    kind.name()
                );
                return Err(contradiction("cloning.minibatch", "cloning.steps", why));
            }
            if SAMPLES_MAX < samples {
                let why =
                    format!("{samples} samples of the type {}; at most {SAMPLES_MAX}", kind.name());
                return Err(contradiction("cloning.steps", "learners", why));
            }
        }
        Ok(())
    }

    fn check_evaluate(&self) -> Result<(), Contradiction> {
        let evaluate = &self.evaluate;
        if evaluate.steps <= evaluate.warm_up {
            let why = format!(
                "of {} steps none is left behind {} of warm-up",
                evaluate.steps, evaluate.warm_up
            );
            return Err(contradiction("evaluate.warm_up", "evaluate.steps", why));
        }
        Ok(())
    }
}

const fn contradiction(key: &'static str, other: &'static str, why: String) -> Contradiction {
    Contradiction { key, other, why }
}
