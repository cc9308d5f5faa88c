//! Seats for policies that learn: what they may see, what they may do, what they are paid.
//!
//! A seat is an agent whose decisions may be chosen from outside. It keeps what its fixed rule
//! remembers, its random stream and its clock, so that it looks at the market in the same steps; only
//! what it then does is chosen, as integers: one index for each head of its [`Space`]. Without a choice
//! it follows its fixed rule, and tells which choice would have come nearest ([`Space`], imitation).
//!
//! Choices are made at the start of a step, of what was seen at the end of the last one, and carried
//! out in the agent's turn. The log holds them as decisions with the digest of what was seen, so a
//! market with learned agents is replayed without any policy.
//!
//! Everything here is integers and `libm`: observations ([`observation`]) are 16-bit integers, the same
//! on every target, and rewards ([`reward`]) follow from positions, cash and mids.

pub mod observation;
pub mod reward;
mod seats;
mod space;
mod words;

pub use observation::{Observation, Observer};
pub use reward::{Pay, Rewards};
pub use seats::{Seat, Seats, SeatsError};
pub use space::{Choice, HEADS_MAX, Label, Space};
pub(crate) use space::{MakerChoice, MakerPrice, MomentumChoice, NoiseChoice, ValueChoice};
pub use words::Head;
