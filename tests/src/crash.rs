//! Crashes of the recorder on a device in memory: what was acknowledged is there afterwards, and
//! nothing else than what was appended.
//!
//! A case is a chain of lives. In each a recorder works on two files of one disk ([`disk`]) until a
//! call fails, the power goes or the log is finished ([`life`]). What is then on the disk is looked
//! at as recovery does ([`left`]), and the next life goes on with it.
//!
//! Read in this order: [`disk`], [`device`], [`script`], [`life`], [`left`], [`case`].

pub mod case;
pub mod count;
pub mod device;
pub mod disk;
pub mod left;
pub mod life;
pub mod script;
