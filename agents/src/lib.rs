//! Who decides: the fixed-rule agents of simulated markets, and the statistics of what they make.
//!
//! An [`Ecology`] is a population of four types in a world with a [`FairValue`]. It trades through
//! [`kernel::Venue`] and does not know whether it is recorded:
//!
//! * a market maker ([`maker`]) quotes both sides around the mid;
//! * a momentum trader ([`momentum`]) buys what rises and sells what falls;
//! * a value trader ([`value`]) buys below and sells above what it believes the fair value to be;
//! * a noise trader ([`noise`]) trades at random and keeps the book alive.
//!
//! Each of these modules states its rule as formulas, with the sources. The population is that of
//! the published system marl-market. What makes up a run stands in a [`Config`] of named
//! parameters, whose table is [`config::PARAMETERS`], and in its [`Schedule`]: what happens to the
//! market at which step. A [`Run`] carries one out together with its [`Fork`]s: what was changed from
//! some entry of its log on.
//!
//! **Invariants:** the same configuration and seed give the same commands on every target: floats
//! are `+ − × /` and `libm`, in fixed order, and end where a command begins. Every consumer of
//! random numbers has its own named stream and takes the same number of words each step
//! ([`streams`]), so runs under different rules share their draws. No I/O, no clock, no threads.
//!
//! Any type can be given to policies that learn ([`learned`]), which choose from outside.
//!
//! Read in this order: [`config`], [`schedule`], [`streams`], [`draws`], `agent`, the four rules,
//! `ecology`, [`fork`], [`learned`].

pub mod adversarial;
mod agent;
mod calibration;
pub mod config;
pub mod draws;
mod ecology;
mod fair_value;
mod features;
pub mod fork;
pub mod learned;
pub mod maker;
mod market;
pub mod momentum;
pub mod noise;
mod number;
pub mod schedule;
pub mod stats;
pub mod streams;
pub mod value;

pub use agent::{Kind, STEP_NS};
pub use calibration::{CLOSES_MIN, Calibration, CalibrationError};
pub use config::{Config, ConfigError, Decimal};
pub use ecology::{Ecology, FAIR_VALUE_POLICY, NATURE, TURNS_POLICY};
pub use fair_value::{FAIR_VALUE_PER_TICK, FairValue};
pub use fork::{Fork, ForkError, Run};
pub use market::{HORIZONS, Market, MarketFeatures, PER_TICK};
pub use schedule::{Happening, Schedule, ScheduleError, Scheduled};
