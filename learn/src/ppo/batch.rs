//! A batch of experience.

use tch::{Kind, Tensor};

use crate::arrays::dimension;
use crate::nets::Shape;

/// N decisions of one type's agents, in any order that is the same in all its parts.
#[derive(Debug)]
pub struct Batch {
    /// What the actor saw, \[N, observation\] f32.
    pub observations: Tensor,
    /// What the critic saw, \[N, critic input\] f32; may share the observations' memory.
    pub critic_inputs: Tensor,
    /// Which choices were allowed, \[N, sum of heads\] bool; all of them if there are no masks.
    pub masks: Option<Tensor>,
    /// What was chosen, \[N, heads\] i64.
    pub actions: Tensor,
    /// log π′ of it, as it was drawn, \[N\] f32.
    pub log_probabilities: Tensor,
    /// Advantages, not normalised, \[N\] f32.
    pub advantages: Tensor,
    /// Returns, which are advantages plus values, \[N\] f32.
    pub returns: Tensor,
    /// Which decisions were carried out: the others take no part in any loss, N.
    pub active: Vec<bool>,
}

/// A batch that is none, or not one of this network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A tensor of another shape or kind.
    #[error("`{name}` is {found}, where {expected} is needed")]
    Tensor {
        /// Which one.
        name: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// An active sample's action is beyond its head.
    #[error("the action of sample {sample}, head {head}, is {action}; it must be below {choices}")]
    Action {
        /// Which sample, counted from 0.
        sample: usize,
        /// Which head, counted from 0.
        head: usize,
        /// The action.
        action: i64,
        /// Choices of the head.
        choices: usize,
    },
    /// An active sample's action is one that its mask forbids.
    #[error("the action of sample {sample}, head {head}, is {action}, which its mask forbids")]
    Masked {
        /// Which sample, counted from 0.
        sample: usize,
        /// Which head, counted from 0.
        head: usize,
        /// The action.
        action: i64,
    },
}

impl Batch {
    /// Whether the parts fit together and a network of this shape. Cost: a look at each action.
    ///
    /// # Errors
    /// Names the first part that does not.
    pub fn check(&self, shape: &Shape) -> Result<(), BatchError> {
        let samples = dimension(self.active.len());
        let logits = dimension(shape.logits());
        let float = Kind::Float;
        let row = [samples];
        let (observations, critic_inputs) =
            ([samples, dimension(shape.observation)], [samples, dimension(shape.critic_input)]);
        let actions = [samples, dimension(shape.heads.len())];
        expect("observations", &self.observations, &observations, float)?;
        expect("critic_inputs", &self.critic_inputs, &critic_inputs, float)?;
        if let Some(masks) = &self.masks {
            expect("masks", masks, &[samples, logits], Kind::Bool)?;
        }
        expect("actions", &self.actions, &actions, Kind::Int64)?;
        expect("log_probabilities", &self.log_probabilities, &row, float)?;
        expect("advantages", &self.advantages, &row, float)?;
        expect("returns", &self.returns, &row, float)?;
        check_actions(&self.actions, self.masks.as_ref(), &self.active, &shape.heads)
    }

    /// How well the old values foretold the returns; see [`super::Statistics`].
    pub(super) fn explained_variance(&self) -> Option<f64> {
        let variance = |numbers: &Tensor| {
            let mut all = vec![0.0_f32; self.active.len()];
            numbers.copy_data(&mut all, self.active.len());
            let active = || all.iter().zip(&self.active).filter(|(_, active)| **active);
            let count: f64 = active().map(|_| 1.0).sum();
            let mean = active().map(|(&number, _)| f64::from(number)).sum::<f64>() / count;
            let square = |number: f32| (f64::from(number) - mean) * (f64::from(number) - mean);
            active().map(|(&number, _)| square(number)).sum::<f64>() / count
        };
        let all = variance(&self.returns);
        // Returns less values are the advantages.
        (0.0 < all).then(|| 1.0 - variance(&self.advantages) / all)
    }

    /// Samples in this order.
    pub(super) fn select(&self, index: &Tensor) -> Self {
        let part = |tensor: &Tensor| tensor.index_select(0, index);
        let shares = self.observations.data_ptr() == self.critic_inputs.data_ptr()
            && self.observations.size() == self.critic_inputs.size();
        let observations = part(&self.observations);
        let critic_inputs =
            if shares { observations.shallow_clone() } else { part(&self.critic_inputs) };
        Self {
            observations,
            critic_inputs,
            masks: self.masks.as_ref().map(part),
            actions: part(&self.actions),
            log_probabilities: part(&self.log_probabilities),
            advantages: part(&self.advantages),
            returns: part(&self.returns),
            active: Vec::new(),
        }
    }

    /// Samples that follow each other.
    pub(super) fn narrow(&self, start: usize, length: usize) -> Self {
        let part = |tensor: &Tensor| tensor.narrow(0, dimension(start), dimension(length));
        Self {
            observations: part(&self.observations),
            critic_inputs: part(&self.critic_inputs),
            masks: self.masks.as_ref().map(part),
            actions: part(&self.actions),
            log_probabilities: part(&self.log_probabilities),
            advantages: part(&self.advantages),
            returns: part(&self.returns),
            active: Vec::new(),
        }
    }

    /// The first tensor with an infinity or what is no number.
    pub(super) fn not_finite(&self) -> Option<&'static str> {
        let tensors = [
            ("observations", &self.observations),
            ("critic_inputs", &self.critic_inputs),
            ("log_probabilities", &self.log_probabilities),
            ("advantages", &self.advantages),
            ("returns", &self.returns),
        ];
        let is_spoilt = |tensor: &Tensor| tensor.isfinite().all().int64_value(&[]) == 0;
        tensors.into_iter().find(|(_, tensor)| is_spoilt(tensor)).map(|(name, _)| name)
    }
}

/// Whether every active sample's action is one of its heads' choices, and allowed.
pub(crate) fn check_actions(
    actions: &Tensor,
    masks: Option<&Tensor>,
    active: &[bool],
    heads: &[usize],
) -> Result<(), BatchError> {
    let logits: usize = heads.iter().sum();
    let mut chosen = vec![0_i64; active.len() * heads.len()];
    actions.copy_data(&mut chosen, active.len() * heads.len());
    let mut allowed = vec![true; active.len() * logits];
    if let Some(masks) = masks {
        masks.copy_data(&mut allowed, active.len() * logits);
    }
    let rows = chosen.chunks_exact(heads.len()).zip(allowed.chunks_exact(logits));
    for (sample, (chosen, mut allowed)) in rows.enumerate() {
        if active.get(sample) != Some(&true) {
            continue;
        }
        for (head, (&choices, &action)) in heads.iter().zip(chosen).enumerate() {
            let (mask, rest) = allowed.split_at(choices);
            allowed = rest;
            match usize::try_from(action).ok().and_then(|action| mask.get(action)) {
                None => return Err(BatchError::Action { sample, head, action, choices }),
                Some(false) => return Err(BatchError::Masked { sample, head, action }),
                Some(true) => {}
            }
        }
    }
    Ok(())
}

/// Whether a tensor is of this size and kind, and lies in plain memory.
pub(crate) fn expect(
    name: &'static str,
    tensor: &Tensor,
    size: &[i64],
    kind: Kind,
) -> Result<(), BatchError> {
    if tensor.size() == size && tensor.kind() == kind {
        return Ok(());
    }
    let expected = format!("{size:?} {kind:?}");
    let found = format!("{:?} {:?}", tensor.size(), tensor.kind());
    Err(BatchError::Tensor { name, expected, found })
}
