//! Counterfactual futures: what is changed from some entry of a log on.
//!
//! A [`Fork`] names the last entry that it shares with its parent and the changes behind it. It
//! stands in the genesis of the child as the parameters `fork.0001`, `fork.0002`, … behind those of
//! the parent, so a fork of a fork has two, and each a line of text:
//!
//! ```text
//! entry 12345 step 760: seed 7; set tax 1; set maker.size=4; schedule none; without 301
//! entry 500 step 31
//! ```
//!
//! The changes take effect in their order, at two moments:
//!
//! * **rules**, as a schedule sets them (`set tax 1`), are commands right behind the entry, even in
//!   the middle of a step;
//! * **all else** holds from the first step on that begins behind the entry. `set maker.size=4` is a
//!   parameter of agents, market or fair value, all of which keep what they remember; `steps` is the
//!   length. `schedule none` and `schedule.0001=step 900: makers leave` change what is still to
//!   come. `seed 7` begins every stream of random words anew. `without 301` sends an agent away for
//!   good: it cancels what rests in its next turn. `population noise 6` brings the agents of a type
//!   to a number: the next ones come, which have followed the market from the start and hold
//!   nothing, or the newest leave for good.
//!
//! A [`Run`] carries an ecology out with its forks. Where several of them change the same, the last
//! one wins.

use kernel::ClientId;

use crate::agent::Kind;
use crate::config::{Decimal, Parameter};
use crate::schedule::{Happening, Scheduled};

mod change;
mod error;
mod parameters;
mod plan;
mod run;
mod text;

pub use error::ForkError;
pub(crate) use plan::{Amendment, Membership};
pub use run::Run;

/// Most forks in a row.
pub const FORKS_MAX: usize = 9_999;

/// Where a run leaves another one, and what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Number of the last entry that both share; 0 for none.
    pub entry: u64,
    /// The step in which that entry stands.
    pub step: u64,
    /// What is changed, in this order. Nothing gives the same future again.
    pub changes: Vec<Change>,
}

/// One change of a fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another master seed.
    Seed(u64),
    /// A rule of the market: a [`Happening::Rule`] or [`Happening::Exempt`].
    Rule(Happening),
    /// Another value of a parameter.
    Parameter(&'static Parameter, Decimal),
    /// Nothing is scheduled any more.
    NoSchedule,
    /// An entry of the schedule is replaced, or the next one added.
    Scheduled {
        /// Its number, from 1.
        number: usize,
        /// What happens.
        entry: Scheduled,
    },
    /// An agent leaves for good.
    Without(ClientId),
    /// There are so many agents of a type.
    Population(Kind, u32),
}

#[cfg(test)]
mod tests;
