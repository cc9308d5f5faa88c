//! Statistics of a market, from its log alone.
//!
//! [`Observer`]s look at a replay entry by entry: [`Sampler`] makes a [`Series`] at even times,
//! [`Flow`] follows the orders. [`report`] makes [`Figure`]s out of them, [`pool`](report::pool)
//! those of several logs, and [`render`](text::render) a text.
//!
//! Estimators are functions on slices. Their floats are sums in a fixed order and functions of
//! `libm`, so that a figure is the same on every target.
//!
//! Reading order: [`sampler`], [`series`], [`flow`]; the estimators [`moments`], [`tails`],
//! [`correlation`], [`memory`], [`asymmetry`], [`impact`], [`discovery`], [`arrivals`];
//! [`bootstrap`], [`bands`], [`report`], [`text`].

pub mod arrivals;
pub mod asymmetry;
pub mod bands;
pub mod bootstrap;
pub mod correlation;
pub mod discovery;
pub mod flow;
pub mod impact;
pub mod memory;
pub mod moments;
pub(crate) mod reals;
pub mod report;
pub mod sampler;
#[cfg(test)]
mod script;
pub mod series;
mod share;
pub mod tails;
pub mod text;
pub mod words;

use kernel::{Command, Decision, Engine, Event};

pub use bands::{Band, Bands, Figure, Verdict};
pub use bootstrap::Resampling;
pub use flow::{Flow, FlowOptions};
pub use sampler::{FairValueSource, Sampler, Sampling};
pub use series::{Series, Taker};
pub use share::wilson;

/// Looks at the entries of a log in their order.
pub trait Observer {
    /// An agent decided.
    fn decision(&mut self, _decision: &Decision<'_>) {}

    /// A command was carried out: its events and the state after it.
    fn applied(&mut self, command: &Command, events: &[Event], engine: &Engine);

    /// A named moment.
    fn mark(&mut self, _name: &str, _number: u64, _engine: &Engine) {}
}
