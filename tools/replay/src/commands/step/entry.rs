//! The entry that was applied last, and what the kernel answered, in words.

use formats::render::{entry_text, event_text};
use ratatui::text::Line;

use super::text::{Theme, wrap};
use super::view::View;
use crate::commands::names::Names;

/// The entry in so many columns and rows.
pub(super) fn lines(
    view: &View,
    names: Names,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let Some(entry) = &view.entry else {
        return vec![Line::raw(" the market before the first entry")];
    };
    let author = names.author(entry).map_or_else(String::new, |author| format!("{author}: "));
    let wrapped = |text: &str, indent: &str| {
        let lines = wrap(text, width.saturating_sub(indent.len()));
        lines.into_iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>()
    };
    let mut lines: Vec<_> = wrapped(&(author + &entry_text(entry)), " ")
        .into_iter()
        .map(|line| Line::styled(line, Theme::strong()))
        .collect();
    let len = view.events.len();
    for (told, event) in view.events.iter().enumerate() {
        let event = wrapped(&event_text(event), "   ");
        let is_last = told + 1 == len;
        // The last row tells how many more there are, where there is no room for all.
        let room = rows.saturating_sub(usize::from(!is_last));
        if room < lines.len() + event.len() && !(is_last && lines.len() + event.len() <= rows) {
            lines.push(Line::styled(format!("   … {} more events", len - told), Theme::quiet()));
            break;
        }
        lines.extend(event.into_iter().map(Line::raw));
    }
    lines
}
