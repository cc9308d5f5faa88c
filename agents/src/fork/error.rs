//! Why a fork cannot be had.

use kernel::ClientId;

use super::FORKS_MAX;
use crate::agent::Kind;
use crate::config::ConfigError;
use crate::schedule::ScheduleError;

/// Why a fork was refused. The message says what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForkError {
    /// A text without entry and step.
    #[error(
        "`{text}` is no fork: `entry N step N`, then `: CHANGE; CHANGE` where it changes anything"
    )]
    Text {
        /// The text.
        text: String,
    },
    /// A text that changes nothing known.
    #[error(
        "`{text}` is no change of a fork; these are: seed 7, set tax 1, set maker.size=4, schedule \
         none, schedule.0001=step 900: makers leave, without 301, population noise 6"
    )]
    Change {
        /// The text.
        text: String,
    },
    /// Neither a rule nor a parameter has this name.
    #[error("neither a rule nor a parameter is called `{key}`{}", suggestion(near))]
    Key {
        /// The name.
        key: String,
        /// The names nearest to it, nearest first.
        near: Vec<&'static str>,
    },
    /// A number or word is not one of those that are accepted.
    #[error("`{value}` is no value of `{name}`: {accepted}")]
    Value {
        /// What has no such value.
        name: &'static str,
        /// The value as given.
        value: String,
        /// What would be accepted.
        accepted: &'static str,
    },
    /// A parameter that only shapes the start.
    #[error(
        "`{key}` only shapes what stands before the first entry: it can be changed where a fork \
         leaves at entry 0"
    )]
    Start {
        /// The parameter.
        key: &'static str,
    },
    /// A parameter cannot be had.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A rule or an entry of the schedule cannot be had.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// Something is scheduled for a step that has begun.
    #[error("`step {step}` has begun: the fork leaves in step {now}, and schedules from {} on", now + 1)]
    Past {
        /// The step of the entry.
        step: u64,
        /// The step of the fork.
        now: u64,
    },
    /// The run would end before the fork.
    #[error("`steps={steps}` is less than the {now} steps that have begun where the fork leaves")]
    Short {
        /// The length asked for.
        steps: u64,
        /// The step of the fork.
        now: u64,
    },
    /// There is no such agent.
    #[error("no agent {client} is there; there are: {there}")]
    NoAgent {
        /// The number.
        client: ClientId,
        /// The agents that are.
        there: String,
    },
    /// More agents of a type than there can be.
    #[error(
        "{}: numbers run out, of which a type has {}, those that left or are yet to join included",
        kind.plural(),
        Kind::AGENTS_MAX
    )]
    TooMany {
        /// The type.
        kind: Kind,
    },
    /// Agents that a run under way cannot call.
    #[error(
        "{}: the run under way knows {room} of them, and more would have followed it from the start",
        kind.plural()
    )]
    Room {
        /// The type.
        kind: Kind,
        /// How many there can be.
        room: u32,
    },
    /// No parameter of a fork, or not the next.
    #[error(
        "no parameter `{key}`: forks are numbered `fork.0001`, `fork.0002`, … without a gap, up to {FORKS_MAX}"
    )]
    Number {
        /// The name as given.
        key: String,
    },
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() {
        return String::new();
    }
    format!("; near it: {}", near.join(", "))
}
