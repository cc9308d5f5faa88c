//! The accounts: whoever is followed, whom the entry is about, then all others by number.

use formats::state::cash_text;
use kernel::ClientId;
use ratatui::style::Style;
use ratatui::text::Line;

use super::follow::FollowedView;
use super::text::{Theme, cut, left, right};
use super::view::{Account, View};
use crate::commands::names::Names;

/// The accounts in so many columns and rows.
pub(super) fn lines(
    view: &View,
    names: Names,
    theme: Theme,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let header = [
        left("client", 11),
        right("position", 9),
        right("cash", 12),
        right("open", 9),
        right("equity", 16),
    ];
    let mut lines = vec![Line::styled(cut(&row(' ', &header, width), width), Theme::quiet())];
    if view.accounts.is_empty() {
        lines.push(Line::raw(" nobody holds or wants anything"));
    }
    for account in view.accounts.iter().take(rows.saturating_sub(1)) {
        let client = account.view.client;
        let is_followed = matches!(&view.followed,
            Some(FollowedView::Client(state)) if state.account.client == client);
        let (mark, style) = match (is_followed, account.is_concerned) {
            (true, _) => ('>', theme.followed()),
            (false, true) => ('*', Theme::strong()),
            (false, false) => (' ', Style::new()),
        };
        lines.push(Line::styled(row(mark, &cells(account, names), width), style));
    }
    lines
}

fn cells(account: &Account, names: Names) -> [String; 5] {
    let view = &account.view;
    let open = format!("{}/{}", view.open_buy, view.open_sell);
    let equity = account.equity.map_or_else(|| "-".to_owned(), cash_text);
    [
        left(&short(names, view.client), 11),
        right(&view.position.to_string(), 9),
        right(&cash_text(view.cash), 12),
        right(&open, 9),
        right(&equity, 16),
    ]
}

/// As many cells as have room.
fn row(mark: char, cells: &[String; 5], width: usize) -> String {
    let mut text = String::from(mark);
    for cell in cells {
        if text.chars().count() + cell.chars().count() < width.max(1) + 1 {
            text.push_str(cell);
        }
    }
    text
}

/// What a client is called where there is little room.
pub(super) fn short(names: Names, client: ClientId) -> String {
    names.agent(client).unwrap_or_else(|| client.to_string())
}
