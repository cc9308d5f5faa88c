//! The log of a market: every command and decision, hash-chained, replayed byte for byte.
//!
//! `state = apply(state, entry)`: a log alone reproduces a run; nothing else is needed. This crate
//! knows bytes and the kernel. It opens no paths, reads no clock and prints nothing; it is given
//! media ([`Medium`]) and readers by those who do.
//!
//! Read in this order: `FORMAT.md`, [`entry`], [`codec`], [`chain`], [`slot`], [`block`], [`tail`],
//! [`recorder`], [`reader`], [`player`], [`mod@salvage`]; with the feature `packed`, compacted logs.
#![expect(clippy::inline_always, reason = "an entry is read where it stays: measured")]

pub mod block;
pub mod chain;
pub mod codec;
pub mod entry;
pub mod error;
pub mod genesis;
pub mod header;
pub mod medium;
pub mod outcome;
#[cfg(feature = "packed")]
pub mod packed;
pub mod player;
pub mod reader;
pub mod recorder;
pub mod salvage;
pub mod slot;
pub mod source;
pub mod state;
pub mod tail;

pub use block::{Block, BlockHeader};
pub use chain::Digest;
pub use entry::{Entry, Mark, MarkName, Update};
pub use error::{Diverged, LogError, PlayError, Subject};
pub use genesis::{Genesis, Parent};
pub use medium::Medium;
#[cfg(feature = "packed")]
pub use packed::{Packed, PackedError};
pub use player::{Moment, Player, Summary};
pub use reader::{ReadLimits, Reader};
pub use recorder::{Recorder, SyncPolicy};
pub use salvage::{Salvage, salvage};
pub use source::{Source, Stream};
