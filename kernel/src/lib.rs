//! A pure, total matching kernel: the same commands give the same events and the same state on
//! every target.
//!
//! Architecture invariants: no I/O, no clock, no randomness, no float, no `unsafe`, no dependency;
//! nothing that a command can hold makes it fail or panic; a refusal is an event.
//!
//! Read in this order: `RULES.md`, [`units`], [`command`], [`event`], [`rules`], [`engine`], `book`.
#![no_std]
#![expect(clippy::inline_always, reason = "the path of an order is one function: measured")]

extern crate alloc;

mod accounts;
mod book;
pub mod command;
pub mod decision;
pub mod digest;
pub mod engine;
pub mod event;
mod expiries;
pub mod flaw;
pub mod invariant;
#[cfg(feature = "reference")]
pub mod reference;
pub mod rules;
mod stops;
pub mod units;
pub mod venue;
pub mod view;

pub use command::{Command, OrderKind, Place, SelfTrade, TimeInForce};
pub use decision::Decision;
pub use digest::{Section, Sink};
pub use engine::Engine;
pub use event::{CancelReason, Event, RejectReason};
pub use flaw::{Flaw, RestoreError};
pub use invariant::Invariant;
pub use rules::{Endowment, Genesis, GenesisError, Limits, MarketState, RuleChange, Rules};
pub use units::{
    CASH_PER_TICK_LOT, Cash, ClientId, OrderId, POSITION_MAX, Position, Ppm, Price, Qty, Reference,
    Side, Step, TimeNs,
};
pub use venue::{Unlogged, Venue};
pub use view::{AccountView, LevelView, OrderView, StopView};

/// Version of the matching rules: two kernels with the same number give the same events.
pub const SEMANTICS_VERSION: u16 = 0;
