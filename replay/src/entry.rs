//! What a log holds: numbered entries, from 1.

use std::fmt;
use std::str::FromStr;

use kernel::{Command, Decision, Reference};

/// One numbered item of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An input of the kernel.
    Command(Command),
    /// What an agent decided, ahead of the commands that it caused.
    Decision(DecisionEntry),
    /// A named moment.
    Mark(Mark),
    /// A learner changed a policy between two entries.
    Update(Update),
    /// The producer finished. Always the last entry.
    End,
}

/// A [`kernel::Decision`] that owns its action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionEntry {
    /// The agent's number.
    pub agent: u32,
    /// Which policy decided.
    pub policy: u32,
    /// The action, in the policy's own integers.
    pub action: Vec<i32>,
    /// Reference of the first order that the decision places; 0 when it places none.
    pub first_reference: Reference,
    /// How many of the commands that follow it caused.
    pub commands: u32,
    /// First 8 bytes of the BLAKE3 digest of what a learned policy saw.
    pub observation: Option<[u8; 8]>,
}

impl DecisionEntry {
    /// The decision as the kernel's vocabulary has it.
    pub fn view(&self) -> Decision<'_> {
        Decision {
            agent: self.agent,
            policy: self.policy,
            action: &self.action,
            first_reference: self.first_reference,
            commands: self.commands,
            observation: self.observation,
        }
    }
}

impl From<Decision<'_>> for DecisionEntry {
    fn from(decision: Decision<'_>) -> Self {
        let Decision { agent, policy, action, first_reference, commands, observation } = decision;
        Self { agent, policy, action: action.to_vec(), first_reference, commands, observation }
    }
}

/// A named moment: `crash-start`, or `row` 17 of an imported file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its name.
    pub name: MarkName,
    /// Its number, for names that come more than once.
    pub number: u64,
}

impl Mark {
    /// A mark of this name.
    ///
    /// # Errors
    /// [`NotAMarkName`].
    pub fn new(name: &str, number: u64) -> Result<Self, NotAMarkName> {
        Ok(Self { name: name.parse()?, number })
    }
}

/// A learner's update of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// Which learner.
    pub learner: u32,
    /// Number of the update, from 1.
    pub number: u64,
    /// Digest by which the producer knows the new policy.
    pub digest: [u8; 32],
}

/// 1 to 64 characters of `A-Z a-z 0-9 - _ .`: safe in a terminal, a CSV field and a position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkName(String);

impl MarkName {
    /// Longest name, in bytes.
    pub const BYTES_MAX: usize = 64;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that cannot name a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mark's name is 1 to 64 characters of A-Z a-z 0-9 - _ .")]
pub struct NotAMarkName;

impl FromStr for MarkName {
    type Err = NotAMarkName;

    fn from_str(text: &str) -> Result<Self, NotAMarkName> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if text.is_empty() || Self::BYTES_MAX < text.len() || !text.bytes().all(is_allowed) {
            return Err(NotAMarkName);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for MarkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
