//! Entries of a schedule as text.

use std::fmt;
use std::str::FromStr;

use super::{Happening, STEP_MAX, ScheduleError, Scheduled, rules};
use crate::agent::Kind;
use crate::config::Decimal;

/// Longest name of a mark, in bytes.
const MARK_BYTES_MAX: usize = 64;

impl FromStr for Scheduled {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let step = || ScheduleError::Step { text: text.to_owned() };
        let (head, what) = text.split_once(':').ok_or_else(step)?;
        let number = head.trim().strip_prefix("step").ok_or_else(step)?;
        Ok(Self { step: parse_step(number.trim()).ok_or_else(step)?, what: what.parse()? })
    }
}

/// A step in digits, 1 to [`STEP_MAX`].
fn parse_step(text: &str) -> Option<u64> {
    let step = text.parse().ok().filter(|step| (1..=STEP_MAX).contains(step));
    step.filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl FromStr for Happening {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let unknown = || ScheduleError::Unknown { text: text.trim().to_owned() };
        let words: Vec<_> = text.split_whitespace().collect();
        match words[..] {
            [kind, "leave"] => Kind::from_plural(kind).map(Self::Leave).ok_or_else(unknown),
            [kind, "return"] => Kind::from_plural(kind).map(Self::Return).ok_or_else(unknown),
            [count, kind, "join"] => {
                Self::join(Kind::from_plural(kind).ok_or_else(unknown)?, count)
            }
            ["fair", "value", "times", factor, "plus", ticks] => Self::shock(factor, ticks),
            ["set", name, ref value @ ..] => Self::set_rule(name, value),
            ["uncross"] => Ok(Self::Uncross),
            ["mark", name] => Self::named(name),
            _ => Err(unknown()),
        }
    }
}

impl Happening {
    /// Agents of a type join.
    ///
    /// # Errors
    /// [`ScheduleError::Value`] unless the text is a whole number from 1 to 99.
    pub fn join(kind: Kind, count: &str) -> Result<Self, ScheduleError> {
        let number = count.parse().ok().filter(|count| (1..=Kind::AGENTS_MAX).contains(count));
        let number = number.ok_or_else(|| {
            refuse("join", count, "a number of agents, a whole number from 1 to 99")
        })?;
        Ok(Self::Join(kind, number))
    }

    /// A shock of the fair value.
    ///
    /// # Errors
    /// [`ScheduleError::Value`] unless the texts are decimal numbers from 0 to 100 and from
    /// −1,000,000 to 1,000,000.
    pub fn shock(factor: &str, ticks: &str) -> Result<Self, ScheduleError> {
        let within = |text: &str, min, max| {
            let range = Decimal::from_whole(min)..=Decimal::from_whole(max);
            Decimal::parse(text).filter(|number| range.contains(number))
        };
        let (times, plus) = (within(factor, 0, 100), within(ticks, -1_000_000, 1_000_000));
        let times = times
            .ok_or_else(|| refuse("fair value times", factor, "a decimal number from 0 to 100"))?;
        let accepted = "ticks, a decimal number from -1000000 to 1000000";
        let plus = plus.ok_or_else(|| refuse("plus", ticks, accepted))?;
        Ok(Self::Shock { factor: times, ticks: plus })
    }

    /// A named moment.
    ///
    /// # Errors
    /// [`ScheduleError::Value`] unless the name has 1 to 64 characters of `A-Z a-z 0-9 - _ .`.
    pub fn named(name: &str) -> Result<Self, ScheduleError> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || MARK_BYTES_MAX < name.len() || !name.bytes().all(is_allowed) {
            return Err(refuse("mark", name, "a name of 1 to 64 characters of A-Z a-z 0-9 - _ ."));
        }
        Ok(Self::Mark(name.to_owned()))
    }
}

fn refuse(name: &'static str, value: &str, accepted: &'static str) -> ScheduleError {
    ScheduleError::Value { name, value: value.to_owned(), accepted }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leave(kind) => write!(f, "{} leave", kind.plural()),
            Self::Return(kind) => write!(f, "{} return", kind.plural()),
            Self::Join(kind, count) => write!(f, "{count} {} join", kind.plural()),
            Self::Shock { factor, ticks } => write!(f, "fair value times {factor} plus {ticks}"),
            Self::Rule(change) => {
                f.write_str("set ")?;
                rules::write(change, f)
            }
            Self::Exempt(kind, exempt) => {
                f.write_str("set ")?;
                rules::write_exempt(*kind, *exempt, f)
            }
            Self::Uncross => f.write_str("uncross"),
            Self::Mark(name) => write!(f, "mark {name}"),
        }
    }
}
