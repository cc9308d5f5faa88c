//! Forks among the parameters of a genesis.

use std::collections::BTreeMap;

use super::{FORKS_MAX, Fork, ForkError};

/// How names of parameters begin.
const KEY: &str = "fork.";

impl Fork {
    /// The name of the parameter that holds fork `number`, from 1.
    pub fn key(number: usize) -> String {
        format!("{KEY}{number:04}")
    }

    /// Whether this is a name of such a parameter, right or wrong.
    pub fn has_key(key: &str) -> bool {
        key.starts_with(KEY)
    }

    /// The forks that these parameters hold, in their order; other parameters are passed over.
    ///
    /// # Errors
    /// [`ForkError::Number`] for a gap; those of a text that is no fork.
    pub fn all(parameters: &BTreeMap<String, String>) -> Result<Vec<Self>, ForkError> {
        let found = parameters.iter().filter(|(key, _)| Self::has_key(key));
        let forks = (1..).zip(found).map(|(number, (key, text))| {
            if FORKS_MAX < number || *key != Self::key(number) {
                return Err(ForkError::Number { key: key.clone() });
            }
            text.parse()
        });
        forks.collect()
    }
}
