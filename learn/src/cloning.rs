//! Behaviour cloning: an actor learns to choose what somebody else chose (Pomerleau 1989; Bain and
//! Sammut 1995).
//!
//! The loss of a sample is the cross-entropy of its action, all heads together. With label smoothing
//! s (Szegedy et al. 2016, arXiv:1512.00567, §7) and M the allowed choices of a head it is
//!
//! * −(1 − s) log π(a) − (s / |M|) Σ_{j∈M} log π(j),
//!
//! which keeps a policy from being too certain to learn anything else. Where returns are given, the
//! critic learns them meanwhile, by Huber's loss as in [`crate::ppo`].

use agents::streams::Stream;
use tch::{Kind, Tensor, no_grad};

use crate::adam::GradientError;
use crate::arrays::dimension;
use crate::categorical::log_probabilities;
use crate::minibatches::Minibatches;
use crate::nets::{ActorCritic, Shape};
use crate::ppo::{BatchError, Optimisers, SettingsError, check_actions, expect, value_loss};

/// N decisions to imitate.
#[derive(Debug)]
pub struct Examples {
    /// What was seen, \[N, observation\] f32.
    pub observations: Tensor,
    /// Which choices were allowed, \[N, sum of heads\] bool; all of them if there are no masks.
    pub masks: Option<Tensor>,
    /// What was chosen, \[N, heads\] i64.
    pub actions: Tensor,
    /// Which heads made a difference, \[N, heads\] bool; all of them if there is none. Of the others
    /// nothing is learned.
    pub counted: Option<Tensor>,
    /// What the critic is to learn besides, if anything.
    pub outcomes: Option<Outcomes>,
    /// Which decisions were carried out: the others are not imitated, N.
    pub active: Vec<bool>,
}

/// What came of the decisions.
#[derive(Debug)]
pub struct Outcomes {
    /// What the critic sees, \[N, critic input\] f32.
    pub critic_inputs: Tensor,
    /// Returns, \[N\] f32.
    pub returns: Tensor,
}

/// How examples are imitated. The published runs' settings are in the comments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How many, 1 or more (600). The examples are gone through, shuffled anew each time, until so
    /// many were taken.
    pub minibatches: usize,
    /// Samples of a minibatch at the most, 1 or more (2048).
    pub minibatch: usize,
    /// s: 0 to imitate to the letter, below 1 (0).
    pub smoothing: f64,
    /// β of Huber's loss, above 0 (2).
    pub huber: f64,
    /// The actor's learning rate, 0 or more (10⁻³).
    pub actor_rate: f64,
    /// The critic's (10⁻³).
    pub critic_rate: f64,
    /// What the actor's gradient is clipped to, above 0 (0.5).
    pub actor_norm_max: f64,
    /// What the critic's is clipped to, above 0 (5).
    pub critic_norm_max: f64,
}

/// How well the last examples were imitated: means over as many minibatches as one pass has, each
/// before its step, weighted by their active samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Cross-entropy, all heads together, in nats.
    pub loss: f64,
    /// Share of single choices, over heads, that are the likeliest ones.
    pub accuracy: f64,
    /// Huber's loss of the values; 0 without outcomes.
    pub value_loss: f64,
    /// Minibatches that were done: 0 if no sample was active.
    pub minibatches: usize,
}

/// Why examples were not imitated, or not to the end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CloningError {
    /// Settings that are none. Nothing was changed.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Examples that do not fit the network. Nothing was changed.
    #[error(transparent)]
    Examples(#[from] BatchError),
    /// A loss is infinite or not a number. Steps before this minibatch were made, its own was not.
    #[error("the {loss} is {value} in minibatch {minibatch}")]
    Loss {
        /// Which loss.
        loss: &'static str,
        /// What it is.
        value: f64,
        /// Minibatch, counted from 1.
        minibatch: usize,
    },
    /// A gradient is infinite or not a number. Steps before this minibatch were made, its own was
    /// not.
    #[error("{error} in minibatch {minibatch}")]
    Gradient {
        /// Whose.
        error: GradientError,
        /// Minibatch, counted from 1.
        minibatch: usize,
    },
}

impl Settings {
    /// Whether examples can be imitated so.
    ///
    /// # Errors
    /// Names the first setting that is none.
    pub fn check(&self) -> Result<(), SettingsError> {
        let ppo = crate::ppo::Settings {
            epochs: 1,
            minibatch: self.minibatch,
            clip: 1.0,
            entropy: 0.0,
            huber: self.huber,
            actor_rate: self.actor_rate,
            critic_rate: self.critic_rate,
            actor_norm_max: self.actor_norm_max,
            critic_norm_max: self.critic_norm_max,
            kl_max: None,
            critic_only: false,
        };
        ppo.check()?;
        if self.minibatches == 0 {
            let name = "the number of minibatches";
            return Err(SettingsError { name, value: 0.0, rule: "1 or more" });
        }
        if !(0.0..1.0).contains(&self.smoothing) {
            let (name, value) = ("the label smoothing", self.smoothing);
            return Err(SettingsError { name, value, rule: "0 or more and below 1" });
        }
        Ok(())
    }
}

impl Examples {
    /// Whether the parts fit together and a network of this shape.
    ///
    /// # Errors
    /// Names the first part that does not.
    pub fn check(&self, shape: &Shape) -> Result<(), BatchError> {
        let samples = dimension(self.active.len());
        let observations = [samples, dimension(shape.observation)];
        expect("observations", &self.observations, &observations, Kind::Float)?;
        if let Some(masks) = &self.masks {
            expect("masks", masks, &[samples, dimension(shape.logits())], Kind::Bool)?;
        }
        let actions = [samples, dimension(shape.heads.len())];
        expect("actions", &self.actions, &actions, Kind::Int64)?;
        if let Some(counted) = &self.counted {
            expect("counted", counted, &actions, Kind::Bool)?;
        }
        if let Some(Outcomes { critic_inputs, returns }) = &self.outcomes {
            let inputs = [samples, dimension(shape.critic_input)];
            expect("critic_inputs", critic_inputs, &inputs, Kind::Float)?;
            expect("returns", returns, &[samples], Kind::Float)?;
        }
        check_actions(&self.actions, self.masks.as_ref(), &self.active, &shape.heads)
    }

    fn map(&self, part: impl Fn(&Tensor) -> Tensor) -> Self {
        Self {
            observations: part(&self.observations),
            masks: self.masks.as_ref().map(&part),
            actions: part(&self.actions),
            counted: self.counted.as_ref().map(&part),
            outcomes: self.outcomes.as_ref().map(|outcomes| Outcomes {
                critic_inputs: part(&outcomes.critic_inputs),
                returns: part(&outcomes.returns),
            }),
            active: Vec::new(),
        }
    }
}

/// Lets an actor imitate examples, and its critic learn what came of them.
///
/// * `shuffle` - takes a word for each sample but one and each pass.
///
/// Without outcomes the critic and its optimiser stay as they are, bit for bit.
///
/// # Errors
/// Settings or examples do not fit, or a loss or a gradient is not finite.
pub fn imitate(
    net: &mut ActorCritic,
    optimisers: &mut Optimisers,
    examples: &Examples,
    settings: &Settings,
    shuffle: &mut Stream,
) -> Result<Statistics, CloningError> {
    settings.check()?;
    examples.check(net.shape())?;
    let mut order = Minibatches::new(examples.active.len());
    let mut statistics = Statistics::default();
    let mut recent = Vec::new();
    while statistics.minibatches < settings.minibatches {
        order.shuffle(&examples.active, settings.minibatch, shuffle);
        let index = order.index();
        let shuffled = examples.map(|tensor| tensor.index_select(0, &index));
        let pass = order.ranges().len();
        if pass == 0 {
            break;
        }
        recent.reserve(pass);
        for range in order.ranges().iter().take(settings.minibatches - statistics.minibatches) {
            let (start, length) = (dimension(range.start), dimension(range.len()));
            let part = shuffled.map(|tensor| tensor.narrow(0, start, length));
            statistics.minibatches += 1;
            let measures = step(net, optimisers, &part, settings, statistics.minibatches)?;
            recent.push((measures, f64::from(u32::try_from(range.len()).unwrap_or(u32::MAX))));
        }
        // Those of one pass, this one's and the end of the pass before.
        recent.drain(..recent.len().saturating_sub(pass));
    }
    let samples: f64 = recent.iter().map(|(_, samples)| samples).sum();
    for (measures, weight) in recent {
        statistics.loss += weight / samples * measures.loss;
        statistics.accuracy += weight / samples * measures.accuracy;
        statistics.value_loss += weight / samples * measures.value_loss;
    }
    Ok(statistics)
}

/// What a minibatch was like.
#[derive(Clone, Copy, Debug)]
struct Measures {
    loss: f64,
    accuracy: f64,
    value_loss: f64,
}

/// One minibatch: both losses and both gradients are looked at before either network changes.
fn step(
    net: &mut ActorCritic,
    optimisers: &mut Optimisers,
    part: &Examples,
    settings: &Settings,
    minibatch: usize,
) -> Result<Measures, CloningError> {
    let finite = |loss, value: f64| {
        let error = CloningError::Loss { loss, value, minibatch };
        if value.is_finite() { Ok(value) } else { Err(error) }
    };
    let gradient = |error| CloningError::Gradient { error, minibatch };
    let logits = net.logits(&part.observations);
    let (loss, accuracy) = cross_entropy(part, &logits, &net.shape().heads, settings.smoothing);
    let mut measures = Measures {
        loss: finite("cloning loss", loss.double_value(&[]))?,
        accuracy,
        value_loss: 0.0,
    };
    let norm = optimisers.actor.differentiate(net.actor(), &loss).map_err(gradient)?;
    if let Some(Outcomes { critic_inputs, returns }) = &part.outcomes {
        let loss = value_loss(&net.values(critic_inputs), returns, settings.huber);
        measures.value_loss = finite("value loss", loss.double_value(&[]))?;
        let norm = optimisers.critic.differentiate(net.critic(), &loss).map_err(gradient)?;
        let Settings { critic_rate, critic_norm_max, .. } = *settings;
        optimisers.critic.step(net.critic_mut(), critic_rate, critic_norm_max, norm);
    }
    let Settings { actor_rate, actor_norm_max, .. } = *settings;
    optimisers.actor.step(net.actor_mut(), actor_rate, actor_norm_max, norm);
    Ok(measures)
}

/// Mean cross-entropy over the samples that count for a head, summed over heads, and how often the
/// likeliest choice is the right one.
fn cross_entropy(
    part: &Examples,
    logits: &Tensor,
    heads: &[usize],
    smoothing: f64,
) -> (Tensor, f64) {
    let masks = part.masks.as_ref();
    let mut total = Tensor::zeros([1_i64; 0], (Kind::Float, logits.device()));
    let (mut hits, mut start) = (0.0, 0);
    for (place, logs) in (0..).zip(log_probabilities(logits, masks, heads)) {
        let choices = logs.size().last().copied().unwrap_or(0);
        let label = part.actions.narrow(1, place, 1);
        let counted = part.counted.as_ref().map(|counted| counted.narrow(1, place, 1));
        let right = mean_of_counted(&logs.gather(1, &label, false), counted.as_ref());
        total -= right * (1.0 - smoothing);
        if 0.0 < smoothing {
            let allowed = match masks {
                Some(masks) => masks.narrow(1, start, choices).to_kind(Kind::Float),
                None => logs.ones_like(),
            };
            let rows = [1_i64];
            let count = allowed.sum_dim_intlist(rows.as_slice(), true, Kind::Float);
            let sum = (&logs * allowed).sum_dim_intlist(rows.as_slice(), true, Kind::Float);
            total -= mean_of_counted(&(sum / count), counted.as_ref()) * smoothing;
        }
        start += choices;
        hits += no_grad(|| {
            let is_hit = logs.argmax(1, true).eq_tensor(&label).to_kind(Kind::Float);
            mean_of_counted(&is_hit, counted.as_ref()).double_value(&[])
        });
    }
    let heads = f64::from(u32::try_from(heads.len()).unwrap_or(u32::MAX));
    (total, hits / heads)
}

/// Mean of \[N, 1\] over the samples that count; 0 if none does.
fn mean_of_counted(values: &Tensor, counted: Option<&Tensor>) -> Tensor {
    let Some(counted) = counted else { return values.mean(Kind::Float) };
    let weights = counted.to_kind(Kind::Float);
    (values * &weights).sum(Kind::Float) / weights.sum(Kind::Float).clamp_min(1.0)
}

#[cfg(test)]
mod tests;
