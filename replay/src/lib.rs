//! The log of a market: every command and decision, hash-chained, replayed byte for byte.
//!
//! `state = apply(state, entry)`: a log alone reproduces a run; nothing else is needed. This crate
//! knows bytes and the kernel. It opens no paths, reads no clock and prints nothing; it is given
//! media ([`Medium`]) and readers by those who do.
//!
//! Read in this order: `FORMAT.md`, [`entry`], [`codec`], [`chain`], [`slot`], [`block`], [`tail`],
//! [`recorder`], [`limits`], [`reader`], [`player`]; then what is done with logs: [`mod@salvage`], [`doctor`], [`cut`],
//! [`reissue`], and with the feature `packed` compacted ones; and how one goes about in them:
//! [`source`], [`archive`], [`snapshot`], [`seek`], [`position`], [`bisect`]; and what others can
//! check of one: [`mod@proof`].
#![expect(clippy::inline_always, reason = "an entry is read where it stays: measured")]

pub mod archive;
pub mod bisect;
pub mod block;
pub mod chain;
pub mod codec;
pub mod cut;
pub mod doctor;
pub mod entry;
pub mod error;
pub mod genesis;
pub mod header;
pub mod limits;
pub mod medium;
pub mod outcome;
#[cfg(feature = "packed")]
pub mod packed;
mod parent;
pub mod player;
pub mod position;
pub mod proof;
pub mod reader;
pub mod recorder;
pub mod reissue;
pub mod repeat;
pub mod salvage;
pub mod seek;
pub mod slot;
pub mod snapshot;
pub mod source;
pub mod state;
pub mod tail;
mod zeros;

pub use archive::Archive;
pub use block::{Block, BlockHeader};
pub use chain::Digest;
pub use entry::{Entry, Mark, MarkName, Update};
pub use error::{Diverged, LogError, PlayError, Subject};
pub use genesis::{Genesis, Parent};
pub use limits::{LimitName, ReadLimits};
pub use medium::Medium;
#[cfg(feature = "packed")]
pub use packed::{Packed, PackedError};
pub use player::{Moment, Player, Summary};
pub use position::{POSITIONS_HELP, Position, PositionError};
pub use proof::{OtherSeal, Proof, ProofError, ProveError, Proven, prove};
pub use reader::Reader;
pub use recorder::{Recorder, SyncPolicy};
pub use reissue::Reissue;
pub use repeat::{Repeat, RepeatError};
pub use salvage::{Salvage, salvage};
pub use seek::{Seeker, Snapshots};
pub use source::{Source, Stream};
