//! What the tests of the kernel share: a script language, two kernels side by side, random
//! commands, and a census of what they reached.
//!
//! Read in this order: [`script`], [`twin`], [`random`], [`swarm`], [`run`], [`census`].

pub mod arbitrary;
pub mod census;
pub mod parse;
pub mod random;
pub mod records;
pub mod render;
pub mod restore;
pub mod run;
pub mod script;
pub mod swarm;
pub mod twin;

pub use script::check;
