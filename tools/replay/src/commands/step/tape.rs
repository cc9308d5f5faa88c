//! The tape: the trades of this block and the one before, the latest first.

use kernel::Side;
use ratatui::text::{Line, Span};

use super::text::{Theme, cut, left, right, time_text};
use super::view::View;
use crate::commands::diff::names::Names;

/// The tape in so many columns and rows.
pub(super) fn lines(
    view: &View,
    names: Names,
    theme: Theme,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(
        cut(&format!(" {} {} {} taker < maker", right("entry", 9), right("lots", 6), right("price", 8)), width),
        theme.quiet(),
    )];
    if view.tape.is_empty() {
        lines.push(Line::raw(" no trade in this block and the one before"));
    }
    for trade in view.tape.iter().rev().take(rows.saturating_sub(1)) {
        let name = |(client, order): (kernel::ClientId, kernel::OrderId)| {
            names.agent(client).unwrap_or_else(|| format!("client {client}")) + &format!(" #{order}")
        };
        // What this entry traded is marked.
        let mark = if trade.entry == view.number { ">" } else { " " };
        let (sign, style) = match trade.side {
            Side::Buy => ("+", theme.bid()),
            Side::Sell => ("-", theme.ask()),
        };
        let cells = format!(
            "{} {} {}",
            right(&trade.entry.to_string(), 9),
            right(&format!("{sign}{}", trade.qty), 6),
            right(&trade.price.to_string(), 8)
        );
        let mut who = format!(" {} < {}", name(trade.taker), name(trade.maker));
        // The time where there is room for it.
        if 70 <= width {
            who = format!("  {}{who}", left(&time_text(trade.time), 16));
        }
        let room = width.saturating_sub(1 + cells.chars().count());
        lines.push(Line::from(vec![
            Span::styled(mark, theme.strong()),
            Span::styled(cells, style),
            Span::raw(cut(&who, room)),
        ]));
    }
    lines
}
