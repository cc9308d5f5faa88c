//! What the tests of the kernel share: a script language, two kernels side by side, random
//! commands, small worlds explored whole, and a census of what was reached. And what the tests of the
//! recorder share: a device that fails.
//!
//! Read in this order: [`script`], [`twin`], [`random`], [`swarm`], [`run`], [`census`], [`worlds`];
//! [`crash`] stands by itself.

pub mod arbitrary;
pub mod census;
pub mod crash;
pub mod parse;
pub mod random;
pub mod records;
pub mod render;
pub mod restore;
pub mod run;
pub mod script;
pub mod swarm;
pub mod twin;
pub mod worlds;

pub use script::check;
