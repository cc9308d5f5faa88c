//! Learners as producers of logs: networks and their optimisation on libtorch.
//!
//! * [`nets`]: an actor and a critic for each type of agent;
//! * [`categorical`]: actions, drawn outside libtorch, and their log-probabilities within it;
//! * [`gae`]: advantages and returns;
//! * [`adam`]: the optimiser, whose state can be saved;
//! * [`ppo`]: one update by a batch of experience;
//! * [`cloning`]: a start that does what others did;
//! * [`arrays`]: what of these is saved and digested;
//! * [`environment`]: markets that are learned in, and their logs;
//! * [`policy`], [`deciders`], [`rollout`]: what agents do, and what comes of it;
//! * [`trainer`]: update after update, checkpoints and back;
//! * [`quality`], [`evaluate`]: what markets are like, and what policies are worth.
//!
//! **Invariants:** random numbers come from [`agents::streams::Stream`] alone, never from libtorch's
//! generator, and end at a recorded index; results are the same bit for bit in each run on one kind
//! of processor with one libtorch and one thread ([`use_one_thread`]). No I/O, no clock, no
//! configuration from the environment. Where sizes, kinds or numbers do not fit there is an error and
//! never a panic; libtorch itself is called with what was looked at.
//!
//! Read in this order: [`nets`], [`categorical`], [`gae`], [`adam`], [`ppo`], [`cloning`],
//! [`environment`], [`policy`], [`rollout`], [`trainer`].

pub mod adam;
pub mod arrays;
pub mod categorical;
pub mod cloning;
pub mod deciders;
pub mod environment;
pub mod evaluate;
pub mod gae;
mod minibatches;
pub mod nets;
pub mod policy;
pub mod ppo;
pub mod quality;
#[cfg(test)]
mod reference;
pub mod rivals;
pub mod rollout;
pub mod trainer;
pub mod tune;

/// Lets libtorch compute on the calling thread alone: with two it is slower at the sizes of these
/// networks, and two runs may differ. To be called in each thread that computes, before it does.
pub fn use_one_thread() {
    static INTEROP: std::sync::Once = std::sync::Once::new();
    tch::set_num_threads(1);
    // This one is the whole process's, and can be set once.
    INTEROP.call_once(|| tch::set_num_interop_threads(1));
}
