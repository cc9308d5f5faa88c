//! Proximal policy optimisation with the clipped surrogate (Schulman et al. 2017,
//! arXiv:1707.06347).
//!
//! With rₜ = π(aₜ|sₜ) / π′(aₜ|sₜ), π′ being the policy that acted, and Âₜ normalised within the minibatch, the actor maximises
//!
//! * mean of min(rₜ Âₜ, clip(rₜ, 1 − ε, 1 + ε) Âₜ) (eq. 7), plus `entropy` times the mean entropy;
//!
//! and the critic minimises the mean of H(V(sₜ) − Rₜ), Huber's loss: H(d) = d²/2 where |d| < β, and
//! β (|d| − β/2) beyond (Huber 1964, eq. 3.1; PyTorch's `huber_loss` with `delta` = β, and β times its
//! `smooth_l1_loss`). All means are over active samples.
//!
//! As in Huang et al. 2022, "The 37 Implementation Details of PPO": several epochs of shuffled
//! minibatches (detail 6), advantages normalised for each minibatch (7), clipped surrogate (8), gradients
//! clipped by their global norm (11), the metrics `approx_kl`, `clip_fraction` and
//! `explained_variance` (12), separate networks (13). Other than there: actor and critic have an
//! optimiser and a clipping each, so that neither starves the other, the value loss is Huber's and
//! not clipped, and minibatches differ in size by one sample at the most.

mod batch;
mod settings;

use agents::streams::Stream;
use tch::{Kind, Reduction, Tensor, no_grad};

pub use self::batch::{Batch, BatchError};
pub(crate) use self::batch::{check_actions, expect};
pub use self::settings::{Settings, SettingsError};
use crate::adam::{Adam, GradientError, Moments};
use crate::categorical::{Evaluation, evaluate};
use crate::minibatches::Minibatches;
use crate::nets::ActorCritic;

/// Added to the standard deviation that advantages are divided by.
const DEVIATION_MIN: f64 = 1e-8;

/// The optimisers of an actor and a critic.
#[derive(Clone, Debug)]
pub struct Optimisers {
    /// The actor's.
    pub actor: Adam,
    /// The critic's.
    pub critic: Adam,
}

impl Optimisers {
    /// New ones.
    pub fn new(net: &ActorCritic, moments: Moments) -> Self {
        let adam = |net| Adam::new(net, moments);
        Self { actor: adam(net.actor()), critic: adam(net.critic()) }
    }
}

/// What an update was like. Losses, entropy and norms are means over the minibatches of the last
/// epoch, weighted by their active samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Negative surrogate; near 0 as advantages are normalised, and below if the policy improved.
    pub policy_loss: f64,
    /// Huber's loss of the values.
    pub value_loss: f64,
    /// Entropy of an action's distribution, all heads together, in nats.
    pub entropy: f64,
    /// Mean of (r − 1) − ln r, never negative: an estimate of the divergence from the old policy
    /// (Schulman 2020, "Approximating KL Divergence", k3).
    pub approx_kl: f64,
    /// Share of samples with |r − 1| above ε.
    pub clip_fraction: f64,
    /// Largest |r − 1| in the first minibatch, before any step: what rounding makes of 1.
    pub first_ratio_deviation: f64,
    /// 1 − Var(R − V) / Var(R): 1 for perfect values, 0 for constant ones, and below 0 for worse.
    /// None where returns do not vary.
    pub explained_variance: Option<f64>,
    /// Norm of the actor's gradient before it was clipped.
    pub actor_norm: f64,
    /// Norm of the critic's.
    pub critic_norm: f64,
    /// Epochs that were done: fewer than wanted if the divergence grew too large, 0 if no sample was
    /// active.
    pub epochs: u32,
}

/// Why an update was not made, or not to its end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PpoError {
    /// Settings that are none. Nothing was changed.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A batch that does not fit the network. Nothing was changed.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A loss is infinite or not a number. Steps before this minibatch were made, its own was not.
    #[error("the {loss} is {value} in epoch {epoch}, minibatch {minibatch}{}", because(*.cause))]
    Loss {
        /// Which loss.
        loss: &'static str,
        /// What it is.
        value: f64,
        /// Epoch, counted from 1.
        epoch: u32,
        /// Minibatch, counted from 1.
        minibatch: usize,
        /// The first tensor of the batch that holds such a number, if there is one.
        cause: Option<&'static str>,
    },
    /// A gradient is infinite or not a number. Steps before this minibatch were made, its own was
    /// not.
    #[error("{error} in epoch {epoch}, minibatch {minibatch}")]
    Gradient {
        /// Whose.
        error: GradientError,
        /// Epoch, counted from 1.
        epoch: u32,
        /// Minibatch, counted from 1.
        minibatch: usize,
    },
}

fn because(cause: Option<&'static str>) -> String {
    cause.map(|name| format!("; `{name}` of the batch is not finite")).unwrap_or_default()
}

/// Improves an actor and a critic by one batch of experience.
///
/// * `shuffle` - takes a word for each sample but one and each epoch.
///
/// With [`Settings::critic_only`] the actor and its optimiser stay as they are, bit for bit.
///
/// Cost: that of its matrix products, and some 50 calls of libtorch a minibatch.
///
/// # Errors
/// Settings or batch do not fit, or a loss or a gradient is not finite.
pub fn update(
    net: &mut ActorCritic,
    optimisers: &mut Optimisers,
    batch: &Batch,
    settings: &Settings,
    shuffle: &mut Stream,
) -> Result<Statistics, PpoError> {
    settings.check()?;
    batch.check(net.shape())?;
    let mut minibatches = Minibatches::new(batch.active.len());
    let mut statistics =
        Statistics { explained_variance: batch.explained_variance(), ..Statistics::default() };
    for epoch in 1..=settings.epochs {
        minibatches.shuffle(&batch.active, settings.minibatch, shuffle);
        let shuffled = batch.select(&minibatches.index());
        let (mut sums, mut samples) = (Measures::default(), 0.0);
        for (minibatch, range) in (1..).zip(minibatches.ranges()) {
            let part = shuffled.narrow(range.start, range.len());
            let place = Place { epoch, minibatch };
            let measures = step(net, optimisers, &part, settings, place)
                .map_err(|error| error.with_cause(batch))?;
            if epoch == 1 && minibatch == 1 {
                statistics.first_ratio_deviation = measures.ratio_deviation;
            }
            let weight = f64::from(u32::try_from(range.len()).unwrap_or(u32::MAX));
            sums.add(&measures, weight);
            samples += weight;
        }
        if samples == 0.0 {
            break;
        }
        sums.mean(samples, &mut statistics);
        statistics.epochs = epoch;
        if settings.kl_max.is_some_and(|kl_max| kl_max < statistics.approx_kl) {
            break;
        }
    }
    Ok(statistics)
}

impl PpoError {
    /// Names what of the batch may have spoilt a loss.
    fn with_cause(mut self, batch: &Batch) -> Self {
        if let Self::Loss { cause, .. } = &mut self {
            *cause = batch.not_finite();
        }
        self
    }
}

/// Which minibatch of which epoch.
#[derive(Clone, Copy, Debug)]
struct Place {
    epoch: u32,
    minibatch: usize,
}

impl Place {
    fn finite(self, loss: &'static str, value: f64) -> Result<f64, PpoError> {
        let Self { epoch, minibatch } = self;
        let error = PpoError::Loss { loss, value, epoch, minibatch, cause: None };
        if value.is_finite() { Ok(value) } else { Err(error) }
    }

    fn gradient(self, error: GradientError) -> PpoError {
        PpoError::Gradient { error, epoch: self.epoch, minibatch: self.minibatch }
    }
}

/// What a minibatch was like.
#[derive(Clone, Copy, Debug, Default)]
struct Measures {
    policy_loss: f64,
    value_loss: f64,
    entropy: f64,
    approx_kl: f64,
    clip_fraction: f64,
    ratio_deviation: f64,
    actor_norm: f64,
    critic_norm: f64,
}

impl Measures {
    fn add(&mut self, other: &Self, weight: f64) {
        self.policy_loss += weight * other.policy_loss;
        self.value_loss += weight * other.value_loss;
        self.entropy += weight * other.entropy;
        self.approx_kl += weight * other.approx_kl;
        self.clip_fraction += weight * other.clip_fraction;
        self.actor_norm += weight * other.actor_norm;
        self.critic_norm += weight * other.critic_norm;
    }

    fn mean(&self, weight: f64, statistics: &mut Statistics) {
        statistics.policy_loss = self.policy_loss / weight;
        statistics.value_loss = self.value_loss / weight;
        statistics.entropy = self.entropy / weight;
        statistics.approx_kl = self.approx_kl / weight;
        statistics.clip_fraction = self.clip_fraction / weight;
        statistics.actor_norm = self.actor_norm / weight;
        statistics.critic_norm = self.critic_norm / weight;
    }
}

/// One minibatch: both losses and both gradients are looked at before either network changes.
fn step(
    net: &mut ActorCritic,
    optimisers: &mut Optimisers,
    part: &Batch,
    settings: &Settings,
    place: Place,
) -> Result<Measures, PpoError> {
    let mut measures = Measures::default();
    if !settings.critic_only {
        let loss = policy_loss(net, part, settings, place, &mut measures)?;
        let norm = optimisers.actor.differentiate(net.actor(), &loss);
        measures.actor_norm = norm.map_err(|error| place.gradient(error))?;
    }
    let loss = value_loss(&net.values(&part.critic_inputs), &part.returns, settings.huber);
    measures.value_loss = place.finite("value loss", loss.double_value(&[]))?;
    let norm = optimisers.critic.differentiate(net.critic(), &loss);
    measures.critic_norm = norm.map_err(|error| place.gradient(error))?;
    if !settings.critic_only {
        let Settings { actor_rate, actor_norm_max, .. } = *settings;
        optimisers.actor.step(net.actor_mut(), actor_rate, actor_norm_max, measures.actor_norm);
    }
    let Settings { critic_rate, critic_norm_max, .. } = *settings;
    optimisers.critic.step(net.critic_mut(), critic_rate, critic_norm_max, measures.critic_norm);
    Ok(measures)
}

/// What the actor minimises.
fn policy_loss(
    net: &ActorCritic,
    part: &Batch,
    settings: &Settings,
    place: Place,
    measures: &mut Measures,
) -> Result<Tensor, PpoError> {
    let logits = net.logits(&part.observations);
    let Evaluation { log_probabilities, entropies } =
        evaluate(&logits, part.masks.as_ref(), &part.actions, &net.shape().heads);
    let log_ratio = log_probabilities - &part.log_probabilities;
    let surrogate = surrogate_loss(&log_ratio, &normalise(&part.advantages), settings.clip);
    let entropy = entropies.mean(Kind::Float);
    measures.policy_loss = place.finite("policy loss", surrogate.double_value(&[]))?;
    measures.entropy = place.finite("entropy", entropy.double_value(&[]))?;
    no_grad(|| {
        let log_ratio = log_ratio.detach();
        let mut distance = log_ratio.exp() - 1.0;
        measures.approx_kl = (&distance - log_ratio).mean(Kind::Float).double_value(&[]);
        let distance = distance.abs_();
        measures.ratio_deviation = distance.max().double_value(&[]);
        let clipped = distance.gt(settings.clip).to_kind(Kind::Float);
        measures.clip_fraction = clipped.mean(Kind::Float).double_value(&[]);
    });
    Ok(surrogate - entropy * settings.entropy)
}

/// (Â − mean) / (deviation + 10⁻⁸), the deviation of the whole minibatch and not of a sample of it, so
/// that a single sample has the advantage 0 and not none.
fn normalise(advantages: &Tensor) -> Tensor {
    let centred = advantages - advantages.mean(Kind::Float);
    let deviation = centred.square().mean(Kind::Float).sqrt() + DEVIATION_MIN;
    centred / deviation
}

/// Mean of max(−r Â, −clip(r) Â): Schulman 2017, eq. 7, with its sign changed.
fn surrogate_loss(log_ratio: &Tensor, advantages: &Tensor, clip: f64) -> Tensor {
    let ratio = log_ratio.exp();
    let clipped = ratio.clamp(1.0 - clip, 1.0 + clip);
    -(ratio * advantages).minimum(&(clipped * advantages)).mean(Kind::Float)
}

/// Mean of Huber's loss.
pub(crate) fn value_loss(values: &Tensor, returns: &Tensor, huber: f64) -> Tensor {
    values.huber_loss(returns, Reduction::Mean, huber)
}

#[cfg(test)]
mod tests;
