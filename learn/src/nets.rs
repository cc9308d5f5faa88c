//! Networks: an actor and a critic for each type of agent.
//!
//! Both are perceptrons, h₀ = x, hₖ₊₁ = tanh(Wₖ hₖ + bₖ), the last layer without tanh: two separate
//! ones, as they are where PPO works best (Andrychowicz et al. 2021, arXiv:2006.05990, C47; Huang et
//! al. 2022, "The 37 Implementation Details of PPO", detail 13). Weights begin orthogonal (Saxe et
//! al. 2014, arXiv:1312.6120) with gain √2 in hidden layers, 0.01 in the actor's last one, so that
//! a policy begins almost uniform, and 1 in the critic's; biases begin at 0 (Huang et al., detail 2).
//!
//! Parameters stand in plain memory, where optimisers change and checkpoints read them. libtorch
//! computes on a copy, which follows each change.

mod orthogonal;

use agents::streams::Stream;
use tch::{Kind, Tensor, no_grad};

use self::orthogonal::orthogonal;
use crate::arrays::{ArrayError, Layout, NamedArray, dimension, refuse_others};

/// The largest size of an input, a layer or a head.
pub const SIZE_MAX: usize = 1 << 16;
/// The most hidden layers, and the most heads.
pub const COUNT_MAX: usize = 64;
/// The most parameters of an actor or a critic: 256 MiB of them.
pub const PARAMETERS_MAX: usize = 1 << 26;

/// Sizes of an actor and a critic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Numbers that the actor sees.
    pub observation: usize,
    /// Numbers that the critic sees: the same, or more where training is centralised.
    pub critic_input: usize,
    /// Units of each hidden layer, of both.
    pub hidden: Vec<usize>,
    /// Choices of each head: independent parts of one action.
    pub heads: Vec<usize>,
}

/// A shape that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// A size is 0 or larger than [`SIZE_MAX`].
    #[error("{what} is {size}; it must be from 1 to {SIZE_MAX}")]
    Size {
        /// Which size.
        what: &'static str,
        /// The size.
        size: usize,
    },
    /// No head, or more layers or heads than [`COUNT_MAX`].
    #[error("there are {count} {what}; there must be {least} to {COUNT_MAX}")]
    Count {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there must be at least.
        least: usize,
    },
    /// The layers are allowed one by one, and together larger than [`PARAMETERS_MAX`].
    #[error("there are {count} parameters; there must be {PARAMETERS_MAX} at most")]
    Parameters {
        /// How many.
        count: usize,
    },
}

impl Shape {
    /// Logits of all heads, side by side.
    pub fn logits(&self) -> usize {
        self.heads.iter().sum()
    }

    /// Whether networks of this shape can be made.
    ///
    /// # Errors
    /// A size or a count is out of bounds.
    pub fn check(&self) -> Result<(), ShapeError> {
        let count = |what, count, least| {
            let is_fine = (least..=COUNT_MAX).contains(&count);
            if is_fine { Ok(()) } else { Err(ShapeError::Count { what, count, least }) }
        };
        count("hidden layers", self.hidden.len(), 0)?;
        count("heads", self.heads.len(), 1)?;
        let sizes =
            [("the observation", self.observation), ("the critic's input", self.critic_input)];
        let hidden = self.hidden.iter().map(|&size| ("a hidden layer", size));
        let heads = self.heads.iter().map(|&size| ("a head", size));
        for (what, size) in sizes.into_iter().chain(hidden).chain(heads) {
            if !(1..=SIZE_MAX).contains(&size) {
                return Err(ShapeError::Size { what, size });
            }
        }
        for (inputs, outputs) in [(self.observation, self.logits()), (self.critic_input, 1)] {
            let sizes = sizes_of(inputs, &self.hidden, outputs);
            let layers = sizes.iter().zip(sizes.iter().skip(1));
            let count = layers.map(|(inputs, outputs)| (inputs + 1) * outputs).sum();
            if PARAMETERS_MAX < count {
                return Err(ShapeError::Parameters { count });
            }
        }
        Ok(())
    }
}

/// Sizes from the input to the output.
fn sizes_of(inputs: usize, hidden: &[usize], outputs: usize) -> Vec<usize> {
    let mut sizes = vec![inputs];
    sizes.extend(hidden);
    sizes.push(outputs);
    sizes
}

/// A perceptron.
#[derive(Debug)]
pub struct Mlp {
    layout: Layout,
    /// All parameters, in the order of the layout: weight and bias of each layer.
    values: Vec<f32>,
    /// The same as a tensor.
    flat: Tensor,
    /// Its parts, each an array of the layout, whose gradients are asked for.
    leaves: Vec<Tensor>,
}

impl Mlp {
    /// * `name` - what begins the names of its arrays: `actor` makes `actor.0.weight`.
    /// * `sizes` - numbers of the input, of each hidden layer, and of the output.
    /// * `gain` - of the last layer's weights.
    fn new(name: &str, sizes: &[usize], gain: f64, stream: &mut Stream) -> Self {
        let (mut layout, mut values) = (Layout::default(), Vec::new());
        let layers = sizes.iter().zip(sizes.iter().skip(1));
        let last = sizes.len().saturating_sub(2);
        for (place, (&inputs, &outputs)) in layers.enumerate() {
            layout.push(format!("{name}.{place}.weight"), &[outputs, inputs]);
            layout.push(format!("{name}.{place}.bias"), &[outputs]);
            let gain = if place == last { gain } else { core::f64::consts::SQRT_2 };
            values.extend(orthogonal(outputs, inputs, gain, stream));
            values.resize(layout.len(), 0.0);
        }
        let flat = Tensor::from_slice(&values);
        let leaf = |entry: &crate::arrays::Entry| {
            let (start, length) = (dimension(entry.range.start), dimension(entry.range.len()));
            let part = flat.narrow(0, start, length).view(entry.shape.as_slice());
            part.detach().set_requires_grad(true)
        };
        let leaves = layout.entries().iter().map(leaf).collect();
        Self { layout, values, flat, leaves }
    }

    /// \[N, inputs\] to \[N, outputs\].
    pub fn forward(&self, input: &Tensor) -> Tensor {
        let mut layers = self.leaves.chunks_exact(2).peekable();
        let mut activity = input.shallow_clone();
        while let Some([weight, bias]) = layers.next() {
            activity = activity.linear(weight, Some(bias));
            if layers.peek().is_some() {
                // The sums are needed by nobody: tanh's derivative follows from tanh.
                let _ = activity.tanh_();
            }
        }
        activity
    }

    /// Writes ∂loss / ∂parameters, in the order of the layout.
    pub(crate) fn gradient(&self, loss: &Tensor, gradient: &mut [f32]) {
        let gradients = Tensor::run_backward(&[loss], &self.leaves, false, false);
        for (entry, part) in self.layout.entries().iter().zip(&gradients) {
            if let Some(into) = gradient.get_mut(entry.range.clone()) {
                part.copy_data(into, entry.range.len());
            }
        }
    }

    /// Lets parameters be changed, and libtorch know.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut [f32])) {
        change(&mut self.values);
        let new = Tensor::from_slice(&self.values);
        no_grad(|| self.flat.copy_(&new));
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// All parameters, in the order of the layout.
    pub fn parameters(&self) -> &[f32] {
        &self.values
    }
}

/// The actor and the critic of one type.
#[derive(Debug)]
pub struct ActorCritic {
    shape: Shape,
    actor: Mlp,
    critic: Mlp,
}

impl ActorCritic {
    /// New ones: the actor's weights are drawn first, then the critic's, layer by layer.
    ///
    /// # Errors
    /// The shape is none.
    pub fn new(shape: Shape, stream: &mut Stream) -> Result<Self, ShapeError> {
        shape.check()?;
        let actor = sizes_of(shape.observation, &shape.hidden, shape.logits());
        let critic = sizes_of(shape.critic_input, &shape.hidden, 1);
        let actor = Mlp::new("actor", &actor, 0.01, stream);
        let critic = Mlp::new("critic", &critic, 1.0, stream);
        Ok(Self { shape, actor, critic })
    }

    /// The sizes.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The actor.
    pub fn actor(&self) -> &Mlp {
        &self.actor
    }

    /// The critic.
    pub fn critic(&self) -> &Mlp {
        &self.critic
    }

    pub(crate) fn actor_mut(&mut self) -> &mut Mlp {
        &mut self.actor
    }

    pub(crate) fn critic_mut(&mut self) -> &mut Mlp {
        &mut self.critic
    }

    /// Unnormalised log-probabilities of all heads' choices, side by side: of observations
    /// \[N, observation\] f32, \[N, sum of heads\]. Where no gradient will be asked for, call it in
    /// [`tch::no_grad`].
    pub fn logits(&self, observations: &Tensor) -> Tensor {
        self.actor.forward(observations)
    }

    /// What the future is worth: of inputs \[N, critic input\] f32, \[N\].
    pub fn values(&self, inputs: &Tensor) -> Tensor {
        self.critic.forward(inputs).squeeze_dim(-1)
    }

    /// All parameters: `actor.0.weight` \[outputs, inputs\], `actor.0.bias` \[outputs\], and so on,
    /// then the critic's.
    pub fn export(&self) -> Vec<NamedArray> {
        let mut arrays = self.actor.layout.export("", &self.actor.values);
        arrays.extend(self.critic.layout.export("", &self.critic.values));
        arrays
    }

    /// Takes the parameters that [`ActorCritic::export`] gave, in any order.
    ///
    /// # Errors
    /// They are of another architecture, or damaged; nothing was changed then.
    pub fn import(&mut self, arrays: &[NamedArray]) -> Result<(), ArrayError> {
        let actor = self.actor.layout.import("", arrays, f32::is_finite)?;
        let critic = self.critic.layout.import("", arrays, f32::is_finite)?;
        let entries = self.actor.layout.entries().iter().chain(self.critic.layout.entries());
        let known: Vec<String> = entries.map(|entry| entry.name.clone()).collect();
        refuse_others(&known, arrays)?;
        self.actor.change(|values| values.copy_from_slice(&actor));
        self.critic.change(|values| values.copy_from_slice(&critic));
        Ok(())
    }

    /// The digest of [`ActorCritic::export`].
    pub fn digest(&self) -> [u8; 32] {
        crate::arrays::digest(&self.export())
    }

    /// Whether the parameters of libtorch are those in plain memory, bit for bit.
    pub fn is_consistent(&self) -> bool {
        [&self.actor, &self.critic].into_iter().all(|net| {
            let mut values = vec![0.0_f32; net.values.len()];
            net.flat.to_kind(Kind::Float).copy_data(&mut values, net.values.len());
            values.iter().zip(&net.values).all(|(one, other)| one.to_bits() == other.to_bits())
        })
    }
}

#[cfg(test)]
mod tests;
