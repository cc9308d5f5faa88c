//! What the tests of the kernel share: a script language, two kernels side by side, random
//! commands, and a census of what they reached; logs that a forger made.
//!
//! Read in this order: [`script`], [`twin`], [`random`], [`swarm`], [`run`], [`census`]; and of logs [`mixed`], [`forge`],
//! [`tamper`].

pub mod arbitrary;
pub mod census;
pub mod forge;
pub mod mixed;
pub mod parse;
pub mod random;
pub mod records;
pub mod render;
pub mod restore;
pub mod run;
pub mod script;
pub mod swarm;
pub mod tamper;
pub mod twin;

pub use script::check;
