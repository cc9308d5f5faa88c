//! What the tests of the kernel share: a script language, two kernels side by side, random
//! commands, small worlds explored whole, and a census of what was reached. And what the tests of logs
//! share: a device that fails, and a forger.
//!
//! Read in this order: [`script`], [`twin`], [`random`], [`swarm`], [`run`], [`census`], [`worlds`];
//! then [`crash`]; then [`mixed`], [`forge`], [`tamper`].

pub mod arbitrary;
pub mod census;
pub mod crash;
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
pub mod worlds;

pub use script::check;
