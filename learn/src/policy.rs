//! One policy a type: its networks, their optimisers, and how it draws what its agents do.

use agents::Kind;
use agents::learned::observation::{OBSERVATION, ONE, STATE};
use agents::learned::{Choice, HEADS_MAX, Observation, Space};
use agents::streams::Stream;
use runs::config::{Config, Critic};
use tch::{Tensor, no_grad};

use crate::adam::Moments;
use crate::categorical::{ChoiceError, choose};
use crate::environment::space;
use crate::nets::{ActorCritic, Shape, ShapeError};
use crate::ppo::Optimisers;

/// Separates these digests from every other use of BLAKE3.
const OBSERVATION_CONTEXT: &str = "replay 2026-11 learn observation";

/// What the agents of one type have learned.
#[derive(Debug)]
pub struct Policy {
    /// Whose it is.
    pub kind: Kind,
    /// What it chooses from.
    pub space: Space,
    /// Whether its critic sees the whole market.
    pub is_central: bool,
    /// Its actor and its critic.
    pub net: ActorCritic,
    /// Their optimisers.
    pub optimisers: Optimisers,
}

/// What one agent does, and how likely that was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawn {
    /// What it does.
    pub choice: Choice,
    /// Logarithm of its probability, over all heads.
    pub log_probability: f64,
}

impl Policy {
    /// Policies that know nothing yet, one for each type that learns.
    ///
    /// # Errors
    /// [`ShapeError`] for a network that cannot be.
    pub fn all(config: &Config) -> Result<Vec<Self>, ShapeError> {
        config.learners.iter().map(|kind| Self::new(config, *kind)).collect()
    }

    fn new(config: &Config, kind: Kind) -> Result<Self, ShapeError> {
        let space = space(kind, config.actions.maker);
        let is_central = config.critic == Critic::Central;
        let size = |units: &u32| usize::try_from(*units).unwrap_or(usize::MAX);
        let shape = Shape {
            observation: OBSERVATION,
            critic_input: if is_central { STATE } else { OBSERVATION },
            hidden: config.network.hidden.iter().map(size).collect(),
            heads: space.heads().iter().map(|choices| usize::from(*choices)).collect(),
        };
        let mut stream = Stream::new(config.seed, &format!("weights/{}", kind.name()));
        let net = ActorCritic::new(shape, &mut stream)?;
        let optimisers = Optimisers::new(&net, Moments::ppo());
        Ok(Self { kind, space, is_central, net, optimisers })
    }

    /// Draws what agents do that see this, one row of logits for each. Each takes [`HEADS_MAX`] words
    /// of its stream.
    ///
    /// # Errors
    /// [`ChoiceError`] for logits that are not finite.
    pub fn draw(
        &self,
        observations: &[Observation],
        mut words: impl FnMut(usize) -> [u64; HEADS_MAX],
        drawn: &mut Vec<Drawn>,
    ) -> Result<(), ChoiceError> {
        let logits = self.logits(observations);
        drawn.clear();
        let rows = logits.chunks_exact(self.net.shape().logits());
        for (agent, (row, observation)) in rows.zip(observations).enumerate() {
            let mut it = Drawn::default();
            it.choice.observation = digest(observation);
            let mut rest = row;
            let heads = it.choice.heads.iter_mut().zip(self.space.heads());
            for ((head, size), word) in heads.zip(words(agent)) {
                let (own, others) = rest.split_at(usize::from(*size));
                rest = others;
                let chosen = choose(own, None, word)?;
                *head = u8::try_from(chosen.index).unwrap_or(u8::MAX);
                it.log_probability += chosen.log_probability;
            }
            drawn.push(it);
        }
        Ok(())
    }

    /// Logits of agents that see this, row by row.
    fn logits(&self, observations: &[Observation]) -> Vec<f32> {
        let inputs = tensor(observations.as_flattened(), OBSERVATION);
        let logits = no_grad(|| self.net.logits(&inputs));
        let mut rows = vec![0.0; logits.numel()];
        let count = rows.len();
        logits.copy_data(&mut rows, count);
        rows
    }

    /// Values of critic inputs, row by row.
    pub fn values(&self, inputs: &Tensor) -> Vec<f32> {
        let values = no_grad(|| self.net.values(inputs));
        let mut rows = vec![0.0; values.numel()];
        let count = rows.len();
        values.copy_data(&mut rows, count);
        rows
    }
}

/// Rows of observations or states as what networks see.
pub fn tensor(rows: &[i16], columns: usize) -> Tensor {
    let numbers: Vec<f32> = rows.iter().map(|number| seen(*number)).collect();
    Tensor::from_slice(&numbers).view([-1, i64::try_from(columns).unwrap_or(i64::MAX)])
}

/// A number of an observation as networks see it. Exact.
fn seen(number: i16) -> f32 {
    f32::from(number) / f32::from(ONE)
}

/// First 8 bytes of the digest of an observation.
fn digest(observation: &Observation) -> [u8; 8] {
    let mut bytes = [0; 2 * OBSERVATION];
    for (two, number) in bytes.chunks_exact_mut(2).zip(observation) {
        two.copy_from_slice(&number.to_le_bytes());
    }
    let digest = blake3::derive_key(OBSERVATION_CONTEXT, &bytes);
    let mut first = [0; 8];
    first.copy_from_slice(digest.split_at(8).0);
    first
}
