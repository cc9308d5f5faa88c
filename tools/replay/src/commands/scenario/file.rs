//! A user's own schedule: a TOML file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use agents::{Happening, Kind, Scheduled};
use cli::{Exit, Failure};
use serde::Deserialize;
use toml::{Spanned, Value};

use super::plan::{self, Plan};
use crate::args::Scenario;
use crate::commands::simulate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    preset: Option<String>,
    steps: Option<u32>,
    #[serde(default)]
    set: BTreeMap<String, Spanned<Value>>,
    #[serde(default)]
    event: Vec<Spanned<Event>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    at: u64,
    leave: Option<String>,
    r#return: Option<String>,
    join: Option<String>,
    count: Option<u32>,
    shock_factor: Option<Value>,
    shock_ticks: Option<Value>,
    set_rule: Option<String>,
    value: Option<Value>,
    uncross: Option<bool>,
    mark: Option<String>,
}

const PRESET: &str = "realistic";
/// Largest file that is read: a schedule is some lines.
const BYTES_MAX: usize = 1 << 20;

/// Reads the plan that a file describes.
///
/// # Errors
/// Exit 66 for an absent file, 65 for one that is no schedule, with its line.
pub(super) fn plan(path: &Path, args: &Scenario) -> Result<Plan, Failure> {
    let shown = path.display();
    let bytes = cli::read_small(path, BYTES_MAX)?;
    if BYTES_MAX < bytes.len() {
        return Err(Failure::new(Exit::Damaged, format!("{shown}: too large for a schedule")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(Exit::Damaged, format!("{shown}: is not UTF-8")))?;
    let refuse = |at: usize, what: &dyn Display| {
        let line = 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Failure::new(Exit::Damaged, format!("{shown}: line {line}: {what}"))
    };
    let file: File = toml::from_str(&text).map_err(|error| match error.span() {
        Some(span) => refuse(span.start, &error.message().trim()),
        None => Failure::new(Exit::Damaged, format!("{shown}: {}", error.message().trim())),
    })?;
    let preset = args.preset.as_deref().or(file.preset.as_deref()).unwrap_or(PRESET);
    let mut config = plan::base(args, preset, file.steps)?;
    for (key, value) in &file.set {
        let is_set = match words(value.get_ref()) {
            Some(words) => config.set(key, &words).map_err(|error| error.to_string()),
            None => Err(format!("`{key}` takes a number")),
        };
        is_set.map_err(|error| refuse(value.span().start, &error))?;
    }
    // What the command line says counts.
    simulate::set(&args.set, &mut config)?;
    let mut entries = Vec::new();
    for event in &file.event {
        let at = event.get_ref().at;
        let what = event.get_ref().happening().and_then(|what| within(at, config.steps(), what));
        entries.push(what.map_err(|error| refuse(event.span().start, &error))?);
    }
    if entries.is_empty() {
        return Err(refuse(0, &"nothing happens: there is no [[event]]"));
    }
    entries.sort_by_key(|entry| entry.step);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = file.name.or(stem).unwrap_or_default();
    Plan::of_schedule((&name, preset), &config, entries)
}

fn within(at: u64, steps: u64, what: Happening) -> Result<Scheduled, String> {
    if at == 0 || steps < at {
        return Err(format!("`at = {at}` is no step of the run: 1 to {steps}"));
    }
    Ok(Scheduled { step: at, what })
}

/// The words of a value, as a schedule has them.
fn words(value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(true) => "on".to_owned(),
        Value::Boolean(false) => "off".to_owned(),
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Array(values) => {
            let words: Option<Vec<_>> = values.iter().map(words).collect();
            words?.join(" ")
        }
        Value::Datetime(_) | Value::Table(_) => return None,
    })
}

impl Event {
    /// What happens; exactly one thing.
    fn happening(&self) -> Result<Happening, String> {
        let is_shock = self.shock_factor.is_some() || self.shock_ticks.is_some();
        let things = [
            ("leave", self.leave.is_some()),
            ("return", self.r#return.is_some()),
            ("join", self.join.is_some()),
            ("shock_factor or shock_ticks", is_shock),
            ("set_rule", self.set_rule.is_some()),
            ("uncross", self.uncross.is_some()),
            ("mark", self.mark.is_some()),
        ];
        let found: Vec<_> = things.iter().filter(|(_, is_there)| *is_there).collect();
        let [(thing, _)] = found[..] else {
            let names = things.map(|(name, _)| name).join(", ");
            return Err(format!("an event has exactly one of {names}; this has {}", found.len()));
        };
        for (key, owner, is_there) in
            [("count", "join", self.count.is_some()), ("value", "set_rule", self.value.is_some())]
        {
            if is_there && *thing != owner {
                return Err(format!("`{key}` belongs to `{owner}`, not to `{thing}`"));
            }
        }
        self.one_thing()
    }

    fn one_thing(&self) -> Result<Happening, String> {
        let kind = |name: &str| {
            let types = Kind::ALL.map(Kind::plural).join(", ");
            Kind::from_plural(name).ok_or_else(|| format!("no agents `{name}`; there are: {types}"))
        };
        let number = |value: &Option<Value>, otherwise: &str| match value {
            Some(value) => words(value).unwrap_or_default(),
            None => otherwise.to_owned(),
        };
        if let Some(name) = &self.leave {
            return kind(name).map(Happening::Leave);
        }
        if let Some(name) = &self.r#return {
            return kind(name).map(Happening::Return);
        }
        let found = if let Some(name) = &self.join {
            Happening::join(kind(name)?, &self.count.unwrap_or(1).to_string())
        } else if let Some(name) = &self.set_rule {
            let Some(value) = self.value.as_ref().and_then(words) else {
                return Err(format!("`set_rule = \"{name}\"` wants a `value`"));
            };
            let words: Vec<_> = value.split_whitespace().collect();
            Happening::set_rule(&name.replace('_', "-"), &words)
        } else if let Some(name) = &self.mark {
            Happening::named(name)
        } else if let Some(uncrosses) = self.uncross {
            let wrong = || "`uncross` is true or not there at all".to_owned();
            return uncrosses.then_some(Happening::Uncross).ok_or_else(wrong);
        } else {
            Happening::shock(&number(&self.shock_factor, "1"), &number(&self.shock_ticks, "0"))
        };
        found.map_err(|error| error.to_string())
    }
}
