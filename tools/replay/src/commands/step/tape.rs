//! The tape: the trades of this block and the one before, the latest first.

use kernel::Side;
use ratatui::text::{Line, Span};

use super::accounts::short;
use super::text::{Theme, cut, left, right, time_text};
use super::view::View;
use crate::commands::names::Names;

/// Columns from which on there are times and order ids.
const WIDE: usize = 66;
/// Columns of a time.
const TIME: usize = 16;

/// The tape in so many columns and rows.
pub(super) fn lines(
    view: &View,
    names: Names,
    theme: Theme,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    // Times and orders where there is room for them.
    let is_wide = WIDE <= width;
    let time = if is_wide { left("  time", TIME + 2) } else { String::new() };
    let cells = format!("{} {} {}", right("entry", 8), right("lots", 6), right("price", 7));
    let header = cut(&format!(" {cells}{time} taker < maker"), width);
    let mut lines = vec![Line::styled(header, Theme::quiet())];
    if view.tape.is_empty() {
        lines.push(Line::raw(" no trade in this block and the one before"));
    }
    for trade in view.tape.iter().rev().take(rows.saturating_sub(1)) {
        let name = |(client, order): (kernel::ClientId, kernel::OrderId)| {
            let client = short(names, client);
            if is_wide { format!("{client} #{order}") } else { client }
        };
        // What this entry traded is marked.
        let mark = if trade.entry == view.number { ">" } else { " " };
        let (sign, style) = match trade.side {
            Side::Buy => ("+", theme.bid()),
            Side::Sell => ("-", theme.ask()),
        };
        let cells = format!(
            "{} {} {}",
            right(&trade.entry.to_string(), 8),
            right(&format!("{sign}{}", trade.qty), 6),
            right(&trade.price.to_string(), 7)
        );
        let mut who = format!(" {} < {}", name(trade.taker), name(trade.maker));
        if is_wide {
            who = format!("  {}{who}", left(&time_text(trade.time), TIME));
        }
        let room = width.saturating_sub(1 + cells.chars().count());
        lines.push(Line::from(vec![
            Span::styled(mark, Theme::strong()),
            Span::styled(cells, style),
            Span::raw(cut(&who, room)),
        ]));
    }
    lines
}
