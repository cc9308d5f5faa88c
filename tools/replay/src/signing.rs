//! Keys that sign checkpoints, Ed25519, and what their signatures are worth. FORMAT.md §15 of the log
//! format.

mod files;
mod keys;

pub(crate) use files::{Signed, read_checkpoint, read_private_key, read_signed};
pub(crate) use keys::PrivateKey;
