//! `learn config`: what a configuration comes to.

use std::fmt::Write as _;

use cli::{Exit, Failure};
use serde_json::{Map, Value, json};

use super::{print, print_json, resolve};
use crate::args::Settings;

pub(crate) fn run(settings: &Settings) -> Result<Exit, Failure> {
    let resolved = resolve(settings)?;
    let rows = resolved.rows();
    if settings.json {
        let values: Map<String, Value> = rows
            .iter()
            .map(|row| (row.key.clone(), json!({"value": row.value, "origin": row.origin.word()})))
            .collect();
        print_json(&json!({"schema": "learn.config/1", "settings": values}))?;
        return Ok(Exit::Ok);
    }
    let width = |of: fn(&runs::config::Row) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let (keys, values) = (width(|row| row.key.len()), width(|row| row.value.len()).min(24));
    let mut text = String::new();
    for row in &rows {
        let (key, value, origin) = (&row.key, &row.value, row.origin.word());
        let _ = writeln!(text, "{key:keys$}  {value:values$}  {origin:8}  {}", row.about);
    }
    print(&text)?;
    Ok(Exit::Ok)
}
