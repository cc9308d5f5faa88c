//! Why a parameter cannot be set.

use crate::config::parameters::Parameter;
use crate::schedule::ScheduleError;

/// Why a configuration was refused. The message says what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no preset of this name.
    #[error("no preset `{name}`; there are: {}", crate::config::PRESETS.join(", "))]
    UnknownPreset {
        /// The name.
        name: String,
    },
    /// There is no parameter of this name.
    #[error("no parameter `{key}`{}", suggestion(near))]
    UnknownKey {
        /// The name.
        key: String,
        /// The parameters whose names are nearest, nearest first.
        near: Vec<&'static str>,
    },
    /// A text sets nothing.
    #[error("`{text}` is not of the form KEY=VALUE")]
    NoSetting {
        /// The text.
        text: String,
    },
    /// A parameter cannot have this value.
    #[error("`{value}` is no value of `{}`: {}", parameter.key, parameter.accepted())]
    BadValue {
        /// The parameter.
        parameter: &'static Parameter,
        /// The value as given.
        value: String,
    },
    /// A list of all parameters lacks one.
    #[error("the parameter `{key}` is missing")]
    Missing {
        /// The parameter.
        key: &'static str,
    },
    /// The schedule is none.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// Two parameters contradict each other.
    #[error("`{low}` may not exceed `{high}`")]
    Contradiction {
        /// The one that is too large.
        low: &'static str,
        /// The one that bounds it.
        high: &'static str,
    },
    /// More agents of a type than there can be, once those of the schedule have joined.
    #[error("`{key}` and those that join are more than 99 agents")]
    TooMany {
        /// The parameter of the type.
        key: &'static str,
    },
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() {
        return String::new();
    }
    format!("; near it: {}", near.join(", "))
}
