//! The page: what it is about, its panels, how it is made again.

use std::fmt::Write as _;

use crate::html::{Column, Panel, Table, escape};
use crate::number::grouped;
use crate::panels;
use crate::picture::{COLOURS, DRAWING};
use crate::run::Run;

/// What stands around the panels.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// The command that makes it again.
    pub command: String,
}

/// Of everything there is, in this order: what comes later may say otherwise for small screens.
const STYLES: [&str; 3] = [COLOURS, DRAWING, include_str!("style.css")];

/// The HTML of a page about these logs: a document of its own.
///
/// Cost: that of the statistics of every log, and O(looks) for the charts.
pub fn page(page: &Page, runs: &[Run]) -> String {
    let mut head = String::new();
    push_logs(&mut head, runs);
    push_commands(&mut head, page, runs);
    document(page, &head, &panels::all(runs))
}

/// A document of a page.
///
/// * `head` - HTML between title and panels.
pub(crate) fn document(page: &Page, head: &str, panels: &[Panel]) -> String {
    let (title, style) = (escape(&page.title), STYLES.concat());
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none';style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    text.push_str(head);
    text.push_str("<nav aria-label=\"Panels\"><ul>\n");
    for (place, panel) in panels.iter().enumerate() {
        let (id, title, number) = (panel.id, panel.title, place + 1);
        let note = if panel.missing.is_some() { " (left out)" } else { "" };
        let _ = writeln!(text, "<li><a href=\"#{id}\">{number}. {title}</a>{note}</li>");
    }
    text.push_str("</ul></nav>\n");
    for (place, panel) in panels.iter().enumerate() {
        text.push_str(&panel.html(place + 1));
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

fn push_logs(text: &mut String, runs: &[Run]) {
    let logs = if runs.len() == 1 {
        "One log was".to_owned()
    } else {
        format!("{} logs were", runs.len())
    };
    let _ = writeln!(
        text,
        "<p>{logs} replayed, every outcome and state digest checked. All that is shown was measured \
         in the replay; the head commits to every entry of its log.</p>"
    );
    let mut table = Table::new(&[
        ("log", Column::Words),
        ("made by", Column::Words),
        ("seed", Column::Number),
        ("entries", Column::Number),
        ("head", Column::Words),
    ]);
    for run in runs {
        let preset = run.parameters.get("preset").map(|preset| format!(", preset {preset}"));
        table.rows.push(vec![
            run.name.clone(),
            format!("{}{}", run.producer, preset.unwrap_or_default()),
            run.seed.to_string(),
            grouped(run.entries),
            run.head.clone(),
        ]);
    }
    text.push_str(&table.html());
}

fn push_commands(text: &mut String, page: &Page, runs: &[Run]) {
    let mut lines: Vec<String> = Vec::new();
    for run in runs {
        let line = match &run.command {
            Some(command) => command.clone(),
            None => format!("# {}, by {}: no options of replay simulate", run.name, run.producer),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.push(page.command.clone());
    text.push_str("<h3>Made again by</h3>\n<pre>");
    for line in lines {
        // Line by line: an escaped line has no end of its own.
        let _ = writeln!(text, "{}", escape(&line));
    }
    text.push_str("</pre>\n");
}

#[cfg(test)]
mod tests;
