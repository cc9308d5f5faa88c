//! The ladder: asks above bids, the spread in the middle row, so that it stays where it is.

use kernel::Side;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text::{Theme, right};
use super::view::{Level, View};

/// Columns of lots and of price.
const CELL: usize = 9;

/// The ladder in so many columns and rows.
pub(super) fn lines(view: &View, theme: Theme, width: usize, rows: usize) -> Vec<Line<'static>> {
    let header =
        format!(" {} {} {}  +/-", right("bid", CELL), right("price", CELL), right("ask", CELL));
    let mut lines = vec![Line::styled(header, Theme::quiet())];
    // A row for the header and one for the spread; one more ask where the rest is odd.
    let rest = rows.saturating_sub(2);
    let (above, below) = (rest.div_ceil(2), rest / 2);
    let asks = view.asks.len().min(above);
    lines.extend((asks..above).map(|_| Line::default()));
    for level in view.asks.iter().take(asks).rev() {
        lines.push(row(view, theme, Side::Sell, level));
    }
    let spread = format!(" -- {} --", view.spread);
    lines.push(Line::styled(spread.chars().take(width).collect::<String>(), Theme::strong()));
    for level in view.bids.iter().take(below) {
        lines.push(row(view, theme, Side::Buy, level));
    }
    lines
}

fn row(view: &View, theme: Theme, side: Side, level: &Level) -> Line<'static> {
    let is_followed =
        view.followed.as_ref().is_some_and(|followed| followed.is_at(side, level.price));
    let own = if is_followed { theme.followed() } else { Style::new() };
    let lots = right(&level.qty.to_string(), CELL);
    let price = Span::styled(right(&level.price.to_string(), CELL), own);
    let blank = " ".repeat(CELL);
    let change = if level.change == 0 { String::new() } else { format!("  {:+}", level.change) };
    let (bid, ask) = match side {
        Side::Buy => (Span::styled(lots, theme.bid()), Span::raw(blank)),
        Side::Sell => (Span::raw(blank), Span::styled(lots, theme.ask())),
    };
    Line::from(vec![
        Span::styled(if is_followed { ">" } else { " " }, own),
        bid,
        Span::raw(" "),
        price,
        Span::raw(" "),
        ask,
        Span::styled(change, Theme::strong()),
    ])
}
