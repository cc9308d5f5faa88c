//! Experience: what the agents of each type saw, did and were paid, in many markets side by side.

use agents::Kind;
use agents::learned::observation::{OBSERVATION, STATE, State};
use agents::learned::{Observation, Rewards};
use agents::streams::Stream;
use replay::medium::Medium;
use replay::{Digest, LogError};
use runs::train_log::digests;
use tch::Tensor;

use crate::categorical::ChoiceError;
use crate::deciders::Deciders;
use crate::environment::Life;
use crate::gae::{self, GaeError, gae};
use crate::policy::{Drawn, Policy, tensor};
use crate::ppo::Batch;

/// Why a rollout was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RolloutError {
    /// A log could not be written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Logits from which nothing can be drawn.
    #[error("the {} policy: {error}", kind.name())]
    Choice {
        /// Whose.
        kind: Kind,
        /// What is wrong.
        error: ChoiceError,
    },
    /// A log that has ended could not be put away, or the next one not be begun.
    #[error("environment {environment}: {message}")]
    Life {
        /// Which one.
        environment: u32,
        /// What the keeper of logs said.
        message: String,
    },
}

/// What the agents of one type saw, did and were paid. The number of agent a at step t stands at
/// t · agents + a; agents are those of environment 0, of 1, and so on.
#[derive(Debug)]
pub struct Experience {
    /// Agents over all environments.
    pub agents: usize,
    observations: Vec<Observation>,
    /// What a central critic saw; empty if there is none.
    states: Vec<State>,
    actions: Vec<i64>,
    log_probabilities: Vec<f32>,
    /// Rewards.
    pub rewards: Vec<f32>,
    /// Whether the agent looked at the market: else nothing that was chosen was done.
    pub active: Vec<bool>,
    /// Where lives ended: place, and the last that was seen of them.
    ends: Vec<(usize, Observation, State)>,
    /// Behind the last step.
    last: Vec<(Observation, State)>,
}

impl Experience {
    fn new(agents: usize) -> Self {
        Self {
            agents,
            observations: Vec::new(),
            states: Vec::new(),
            actions: Vec::new(),
            log_probabilities: Vec::new(),
            rewards: Vec::new(),
            active: Vec::new(),
            ends: Vec::new(),
            last: Vec::new(),
        }
    }

    /// Digest of what was seen and drawn.
    pub fn sampling(&self) -> Digest {
        let narrow = |action: &i64| i32::try_from(*action).unwrap_or(i32::MAX);
        let actions: Vec<_> = self.actions.iter().map(narrow).collect();
        digests::sampling(self.observations.as_flattened(), &actions, &self.log_probabilities)
    }

    /// Mean reward of a step.
    pub fn mean_reward(&self) -> f64 {
        let sum: f64 = self.rewards.iter().map(|reward| f64::from(*reward)).sum();
        let count = u32::try_from(self.rewards.len()).unwrap_or(u32::MAX);
        sum / f64::from(count.max(1))
    }

    /// What the critic of a policy sees.
    fn critic_inputs(policy: &Policy, seen: &[Observation], states: &[State]) -> Tensor {
        if policy.is_central {
            tensor(states.as_flattened(), STATE)
        } else {
            tensor(seen.as_flattened(), OBSERVATION)
        }
    }

    /// As a batch to learn from: advantages and returns by the critic's values.
    ///
    /// # Errors
    /// [`GaeError`] when parts do not fit together.
    pub fn batch(&self, policy: &Policy, gamma: f64, lambda: f64) -> Result<Batch, GaeError> {
        let critic_inputs = Self::critic_inputs(policy, &self.observations, &self.states);
        let values = policy.values(&critic_inputs);
        let (ends_seen, ends_states): (Vec<_>, Vec<_>) =
            self.ends.iter().map(|(_, seen, state)| (*seen, *state)).unzip();
        let (last_seen, last_states): (Vec<_>, Vec<_>) = self.last.iter().copied().unzip();
        let last_values = policy.values(&Self::critic_inputs(policy, &last_seen, &last_states));
        let mut ends = vec![None; self.rewards.len()];
        if !self.ends.is_empty() {
            let of_ends = policy.values(&Self::critic_inputs(policy, &ends_seen, &ends_states));
            for ((place, ..), value) in self.ends.iter().zip(of_ends) {
                if let Some(end) = ends.get_mut(*place) {
                    *end = Some(value);
                }
            }
        }
        let steps = gae::Steps {
            agents: self.agents,
            rewards: &self.rewards,
            values: &values,
            ends: &ends,
            last_values: &last_values,
        };
        let (mut advantages, mut returns) = (Vec::new(), Vec::new());
        gae(&steps, gamma, lambda, &mut advantages, &mut returns)?;
        let heads = i64::try_from(policy.space.heads().len()).unwrap_or(i64::MAX);
        Ok(Batch {
            observations: tensor(self.observations.as_flattened(), OBSERVATION),
            critic_inputs,
            masks: None,
            actions: Tensor::from_slice(&self.actions).view([-1, heads]),
            log_probabilities: Tensor::from_slice(&self.log_probabilities),
            advantages: Tensor::from_slice(&advantages),
            returns: Tensor::from_slice(&returns),
            active: self.active.clone(),
        })
    }
}

/// Lets every environment make so many steps under these policies.
///
/// * `streams` - one for each environment; a seat takes [`HEADS_MAX`](agents::learned::HEADS_MAX) words of it each
///   step.
/// * `next` - puts a life that is over away and gives the environment another one.
///
/// # Errors
/// [`RolloutError`]; lives then stand in the middle of a rollout.
pub fn rollout<M: Medium>(
    lives: &mut [Life<M>],
    policies: &[Policy],
    steps: u32,
    rewards: &Rewards,
    streams: &mut [Stream],
    mut next: impl FnMut(&mut Life<M>) -> Result<(), RolloutError>,
) -> Result<Vec<Experience>, RolloutError> {
    let mut deciders = Deciders::new(lives.iter(), policies);
    let agents = |policy| deciders.seats(policy).len() * lives.len();
    let mut all: Vec<_> = (0..policies.len()).map(|it| Experience::new(agents(it))).collect();
    for _ in 0..steps {
        deciders.decide(&lives.iter(), policies, streams, |number, seen, drawn| {
            note(&mut all[number], &policies[number], seen, drawn);
        })?;
        for ((number, policy), it) in policies.iter().enumerate().zip(&mut all) {
            if policy.is_central {
                let seats = deciders.seats(number);
                it.states.extend(looks(lives, seats).map(|(_, state)| state));
            }
        }
        for (life, choices) in lives.iter_mut().zip(deciders.choices()) {
            life.step(choices)?;
        }
        for ((number, policy), it) in policies.iter().enumerate().zip(&mut all) {
            pay(lives, policy, deciders.seats(number), rewards, it);
        }
        for life in lives.iter_mut().filter(|life| life.is_over()) {
            next(life)?;
        }
    }
    for (number, it) in all.iter_mut().enumerate() {
        it.last = looks(lives, deciders.seats(number)).collect();
    }
    Ok(all)
}

/// What the agents in these seats see now, in every market.
fn looks<'a, M: Medium>(
    lives: &'a [Life<M>],
    seats: &'a [usize],
) -> impl Iterator<Item = (Observation, State)> + 'a {
    lives.iter().flat_map(|life| {
        seats.iter().map(|seat| (life.observations()[*seat], life.states()[*seat]))
    })
}

/// Writes down what was seen and drawn.
fn note(it: &mut Experience, policy: &Policy, seen: &[Observation], drawn: &[Drawn]) {
    it.observations.extend_from_slice(seen);
    for Drawn { choice, log_probability } in drawn {
        let heads = choice.heads.iter().take(policy.space.heads().len());
        it.actions.extend(heads.map(|index| i64::from(*index)));
        it.log_probabilities.push(narrow(*log_probability));
    }
}

/// Writes down what the step brought, and where lives have ended.
fn pay<M: Medium>(
    lives: &[Life<M>],
    policy: &Policy,
    seats: &[usize],
    rewards: &Rewards,
    it: &mut Experience,
) {
    for life in lives {
        for (seat, acted) in life.acted().enumerate().filter(|(seat, _)| seats.contains(seat)) {
            let place = it.rewards.len();
            it.rewards.push(narrow(rewards.of(policy.kind, &life.pays()[seat])));
            it.active.push(acted);
            if life.is_over() {
                it.ends.push((place, life.observations()[seat], life.states()[seat]));
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest f32 is meant")]
pub(crate) fn narrow(number: f64) -> f32 {
    number as f32
}
