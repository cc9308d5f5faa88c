//! What every command that reads a log may be told to accept of it.

use replay::{LimitName, ReadLimits};

/// What of a foreign log is accepted.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Limits {
    #[arg(long = "max", value_name = "NAME=N", value_parser = limit, help = help())]
    max: Vec<(LimitName, u64)>,
}

impl Limits {
    /// The usual ones with what was asked for.
    pub(crate) fn read(&self) -> ReadLimits {
        let mut limits = ReadLimits::DEFAULT;
        for (name, value) in &self.max {
            limits.set(*name, *value);
        }
        limits
    }
}

/// Reads `NAME=N`.
fn limit(text: &str) -> Result<(LimitName, u64), String> {
    let (name, value) = text.split_once('=').ok_or("a limit is NAME=N, as in orders=8000000")?;
    let Some(name) = LimitName::ALL.into_iter().find(|known| known.name() == name) else {
        let names = LimitName::ALL.map(LimitName::name).join(", ");
        return Err(format!("no such limit; there are: {names}"));
    };
    let value = value.parse().map_err(|error| format!("{name}: {error}"))?;
    Ok((name, value))
}

fn help() -> String {
    let usual = LimitName::ALL.map(|name| format!("{name}={}", ReadLimits::DEFAULT.get(name)));
    format!("Most that a log may ask for; may be repeated [default: {}]", usual.join(", "))
}
