//! Changes from names and values, as `KEY=VALUE` has them.

use kernel::ClientId;

use super::{Change, ForkError};
use crate::agent::Kind;
use crate::config::{ConfigError, Decimal, PARAMETERS, Parameter, near_among};
use crate::schedule::{Happening, RULES, Schedule};

/// Parameters that only shape the start.
const START: [&str; 2] = ["market.price", "market.endowment"];
/// Parameters that are rules of the market, with the rules' names.
const ALSO_RULES: [(&str, &str); 2] = [("market.tax", "tax"), ("market.short_ban", "short-ban")];

impl Change {
    /// The change that a setting asks for: `schedule` to `none`; `schedule.0001` and so on to an
    /// entry; a rule by the name that a schedule gives it, such as `tax`; any parameter of the
    /// ecology, those that count agents standing for the population.
    ///
    /// # Errors
    /// [`ForkError`] with the names that are nearest, or with the values that are accepted.
    pub fn set(key: &str, value: &str) -> Result<Self, ForkError> {
        if key == "schedule" {
            return if value == "none" { Ok(Self::NoSchedule) } else { Err(no_schedule(value)) };
        }
        if Schedule::has_key(key) {
            let digits = key.rsplit('.').next().unwrap_or_default();
            let number = digits.parse().ok().filter(|number| key == Schedule::key(*number));
            let number = number.filter(|number| 0 < *number).ok_or_else(|| unknown(key))?;
            return Ok(Self::Scheduled { number, entry: value.parse()? });
        }
        if RULES.iter().any(|rule| rule.name == key) {
            return Self::rule(key, value);
        }
        let Some(parameter) = PARAMETERS.iter().find(|parameter| parameter.key == key) else {
            return Err(unknown(key));
        };
        let number = Decimal::parse(value).filter(|number| parameter.accepts(*number));
        let bad = || ConfigError::BadValue { parameter, value: value.to_owned() };
        Self::of_parameter(parameter, number.ok_or_else(bad)?)
    }

    /// So many agents of a type, which a schedule would name so: `noise`, `6`.
    ///
    /// # Errors
    /// [`ForkError::Value`] with what would be accepted.
    pub fn population(kind: &str, count: &str) -> Result<Self, ForkError> {
        let refused = |accepted| ForkError::Value {
            name: "population",
            value: format!("{kind}={count}"),
            accepted,
        };
        let kind = Kind::from_plural(kind)
            .ok_or_else(|| refused("makers, momentum, value or noise, then a number of agents"))?;
        let number = count.parse().ok().filter(|count| *count <= Kind::AGENTS_MAX);
        let number = number.ok_or_else(|| refused("a number of agents, 0 to 99"))?;
        Ok(Self::Population(kind, number))
    }

    /// Without an agent, by its client number.
    ///
    /// # Errors
    /// [`ForkError::Value`] unless the text is a number.
    pub fn without(client: &str) -> Result<Self, ForkError> {
        let accepted = "the client number of an agent, such as 301";
        let refused = || ForkError::Value { name: "without", value: client.to_owned(), accepted };
        Ok(Self::Without(ClientId(client.parse().ok().ok_or_else(refused)?)))
    }

    fn of_parameter(parameter: &'static Parameter, value: Decimal) -> Result<Self, ForkError> {
        let key = parameter.key;
        if START.contains(&key) {
            return Err(ForkError::Start { key });
        }
        if let Some((_, rule)) = ALSO_RULES.iter().find(|(known, _)| *known == key) {
            let switch = if value == Decimal::ZERO { "off" } else { "on" };
            let value = if *rule == "tax" { value.to_string() } else { switch.to_owned() };
            return Self::rule(rule, &value);
        }
        match Kind::ALL.into_iter().find(|kind| kind.parameter() == key) {
            Some(kind) => {
                Ok(Self::Population(kind, u32::try_from(value.whole()).unwrap_or(u32::MAX)))
            }
            None => Ok(Self::Parameter(parameter, value)),
        }
    }

    fn rule(name: &str, value: &str) -> Result<Self, ForkError> {
        let words: Vec<_> = value.split_whitespace().collect();
        Ok(Self::Rule(Happening::set_rule(name, &words)?))
    }
}

fn no_schedule(value: &str) -> ForkError {
    let accepted = "none; schedule.0001 and so on set its entries";
    ForkError::Value { name: "schedule", value: value.to_owned(), accepted }
}

fn unknown(key: &str) -> ForkError {
    let rules = RULES.iter().map(|rule| rule.name);
    let parameters = PARAMETERS.iter().map(|parameter| parameter.key);
    let others = ["schedule", "schedule.0001"].into_iter();
    ForkError::Key {
        key: key.to_owned(),
        near: near_among(key, rules.chain(parameters).chain(others)),
    }
}
