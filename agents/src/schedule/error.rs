//! Why a text is no schedule.

use super::{ENTRIES_MAX, RULES, STEP_MAX};

/// Why a schedule was refused. The message says what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// No parameter of a schedule, or not the next.
    #[error("no parameter `{key}`: the next entry of the schedule is `{next}`")]
    Key {
        /// The name as given.
        key: String,
        /// The name of the next one.
        next: String,
    },
    /// A text without a step.
    #[error("`{text}` is no entry of a schedule: `step N: WHAT`, N from 1 to {STEP_MAX}")]
    Step {
        /// The text.
        text: String,
    },
    /// A text that does not say what happens.
    #[error(
        "`{text}` cannot happen; this can: makers leave, makers return, 3 noise join, fair value times \
         0.9 plus -20, set RULE VALUE, uncross, mark NAME; types are makers, momentum, value, noise"
    )]
    Unknown {
        /// The text.
        text: String,
    },
    /// There is no such rule.
    #[error("no rule `{name}`; there are: {}", names())]
    Rule {
        /// The name.
        name: String,
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
    /// Entries are out of order.
    #[error("step {step} stands behind step {before}: a schedule is in the order of time")]
    Order {
        /// The step of an entry.
        step: u64,
        /// The later one of the entry before it.
        before: u64,
    },
    /// More entries than a schedule has.
    #[error("a schedule has at most {ENTRIES_MAX} entries")]
    TooMany,
}

fn names() -> String {
    RULES.map(|rule| rule.name).join(", ")
}
