//! `replay config show`: what settings come to, and where each is from.

use std::fmt::Write as _;

use agents::adversarial::Takes;
use agents::adversarial::layers::Resolved;
use cli::{Exit, Failure};
use serde_json::{Map, Value, json};

use super::layered::{settle, warn};
use super::{print, print_json};
use crate::args::{Config, Configured};

pub(crate) fn run(args: &Config) -> Result<Exit, Failure> {
    let Config::Show(args) = args;
    let Configured::Adversarial = args.system;
    let resolved = settle(args.preset.as_deref(), &args.layered)?;
    if args.json {
        print_json(&as_json(&resolved))?;
    } else if args.toml {
        print(&as_toml(&resolved))?;
    } else {
        print(&as_text(&resolved, args.origin))?;
    }
    warn(&resolved);
    Ok(Exit::Ok)
}

/// Every setting of a system with its value, unit and origin.
pub(super) fn list(resolved: &Resolved, is_json: bool) -> Result<Exit, Failure> {
    if is_json {
        print_json(&as_json(resolved))?;
    } else {
        print(&as_text(resolved, true))?;
    }
    Ok(Exit::Ok)
}

fn as_json(resolved: &Resolved) -> Value {
    let settings = resolved.rows().into_iter().map(|row| {
        let value = json!({
            "value": row.value,
            "unit": row.unit,
            "origin": row.origin.to_string(),
            "from": row.from,
        });
        (row.key.to_owned(), value)
    });
    let published = resolved.published_rows().into_iter().map(|row| {
        let value = json!({
            "value": row.value,
            "origin": row.origin.to_string(),
            "becomes": row.becomes,
        });
        (row.key.to_owned(), value)
    });
    json!({
        "schema": "replay.config/1",
        "system": "adversarial",
        "preset": resolved.preset(),
        "seed": resolved.seed(),
        "settings": settings.collect::<Map<_, _>>(),
        "published": published.collect::<Map<_, _>>(),
        "warning": resolved.warning(),
    })
}

/// Every native setting, and the seed if there is one: read as TOML they come to the same.
fn as_toml(resolved: &Resolved) -> String {
    let (mut text, mut table) = (String::new(), "");
    if let Some(seed) = resolved.seed() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "seed = {seed}");
    }
    for (setting, value) in resolved.settings.values() {
        let (group, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if group != table {
            table = group;
            let _ = writeln!(text, "\n[{group}]");
        }
        let _ = match setting.takes {
            Takes::Number { .. } => writeln!(text, "{name} = {value}"),
            Takes::Name(_) => writeln!(text, "{name} = \"{value}\""),
        };
    }
    text
}

fn as_text(resolved: &Resolved, has_origin: bool) -> String {
    let settings = resolved.rows().into_iter().map(|row| {
        let unit = if row.unit == "1" { String::new() } else { format!(" [{}]", row.unit) };
        [row.key.to_owned(), row.value, row.origin.to_string(), format!("{}{unit}", row.about)]
    });
    let published = resolved.published_rows().into_iter();
    let published =
        published.map(|row| [row.key.to_owned(), row.value, row.origin.to_string(), row.becomes]);
    let (settings, published): (Vec<_>, Vec<_>) = (settings.collect(), published.collect());
    let mut text = format!("preset {}\n\n", resolved.preset());
    text.push_str(&columns(&settings, has_origin));
    if !published.is_empty() {
        text.push_str("\nkeys of the published system, and what they became\n\n");
        text.push_str(&columns(&published, has_origin));
    }
    text
}

/// Key, value, origin if asked for, and what it is, in columns.
fn columns(rows: &[[String; 4]], has_origin: bool) -> String {
    const VALUE_WIDTH_MAX: usize = 24;
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let (keys, values, origins) = (width(0), width(1).min(VALUE_WIDTH_MAX), width(2));
    let mut text = String::new();
    for [key, value, origin, about] in rows {
        // Writing to a string cannot fail.
        let _ = if has_origin {
            writeln!(text, "{key:keys$}  {value:values$}  {origin:origins$}  {about}")
        } else {
            writeln!(text, "{key:keys$}  {value:values$}  {about}")
        };
    }
    text
}
