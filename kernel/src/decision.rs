//! What an agent decided, in integers: recorded beside the commands it caused, ignored by matching.

use crate::units::Reference;

/// One decision of one agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    /// The agent's number; by convention its [`ClientId`](crate::ClientId).
    pub agent: u32,
    /// Which policy decided: a number that the genesis explains.
    pub policy: u32,
    /// The action, in the policy's own integers, at most [`ACTION_MAX`] of them.
    pub action: &'a [i32],
    /// Reference of the first order that the decision places; 0 when it places none.
    pub first_reference: Reference,
    /// How many of the commands that follow it caused.
    pub commands: u32,
    /// First 8 bytes of the BLAKE3 digest of what a learned policy saw.
    pub observation: Option<[u8; 8]>,
}

/// Most integers in an action.
pub const ACTION_MAX: u32 = 512;
