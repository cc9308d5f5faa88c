//! What is followed, in words: where an order stands and what becomes of it, what a client has.

use formats::state::cash_text;
use kernel::{OrderId, OrderView, StopView};
use ratatui::text::Line;

use super::follow::{ClientState, FollowedView, OrderState, Story, Touch};
use super::text::{Theme, cut, wrap};
use super::view::View;
use crate::commands::names::Names;

/// The panel in so many columns and rows.
pub(super) fn lines(
    view: &View,
    story: &Story,
    names: Names,
    theme: Theme,
    (width, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let texts = match &view.followed {
        None => vec![
            "nothing is followed: f follows an order, a a client".to_owned(),
            "] and [ then go to the entries that touch it".to_owned(),
        ],
        Some(FollowedView::Order(state)) => order(state, story, view.number, names),
        Some(FollowedView::Client(state)) => client(state, names),
    };
    let mut lines = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        for line in wrap(text, width.saturating_sub(1)) {
            let line = format!(" {line}");
            let is_title = place == 0 && view.followed.is_some();
            lines.push(if is_title {
                Line::styled(line, theme.followed())
            } else {
                Line::raw(line)
            });
        }
    }
    if matches!(view.followed, Some(FollowedView::Order(_))) {
        let room = rows.saturating_sub(lines.len());
        let life = life(story, view.number, room);
        lines.extend(life.iter().map(|line| Line::raw(cut(line, width))));
    }
    if rows < lines.len() {
        let more = lines.len() - rows.saturating_sub(1);
        lines.truncate(rows.saturating_sub(1));
        lines.push(Line::styled(format!(" … {more} more lines"), Theme::quiet()));
    }
    lines
}

fn order(state: &OrderState, story: &Story, here: u64, names: Names) -> Vec<String> {
    let mut texts = Vec::new();
    let traded = story.traded(here);
    match (&state.resting, &state.waiting) {
        (Some((view, place)), _) => {
            let OrderView { client, reference, side, qty, displayed, price, .. } = view;
            let owner = names.client(*client);
            texts.push(format!("order #{} of {owner}, order {reference}", state.order));
            let shown =
                if displayed == qty { String::new() } else { format!(", showing {displayed}") };
            texts.push(format!("{side} @ {price}: {qty} open{shown}, {traded} traded"));
            let orders = if place.orders == 1 { "order" } else { "orders" };
            texts.push(format!(
                "queue: {} {orders}, {} lots ahead; {} lots at better prices",
                place.orders, place.lots, place.better
            ));
        }
        (None, Some(stop)) => {
            let StopView { client, reference, side, qty, stop, limit, .. } = stop;
            let owner = names.client(*client);
            texts.push(format!("order #{} of {owner}, order {reference}", state.order));
            let limit = limit.map_or_else(|| "at market".to_owned(), |it| format!("@ {it}"));
            texts.push(format!("{side} {qty} {limit}, waits for a trade @ {stop}"));
        }
        (None, None) => {
            texts.push(format!("order #{}", state.order));
            texts.push(if state.is_placed {
                format!("open no more, {traded} traded")
            } else {
                "not placed yet".to_owned()
            });
        }
    }
    texts.push(fate(state.order, story));
    texts
}

/// What becomes of an order, in one line.
fn fate(order: OrderId, story: &Story) -> String {
    let Some(birth) = story.birth() else {
        return if story.is_whole {
            format!("the log places no order {order}")
        } else {
            "its life was not read: f reads it".to_owned()
        };
    };
    let traded: u64 = story.touches.values().map(|touch| touch.traded).sum();
    match story.end() {
        Some((entry, touch)) => {
            let how = touch.texts.last().map_or("", String::as_str);
            format!("fate: placed by {birth}, ends at {entry} with {traded} traded: {how}")
        }
        None if story.is_whole => {
            format!("fate: placed by {birth}, open at the end of the log with {traded} traded")
        }
        None => format!("fate: placed by {birth}; its end was not read: f reads it"),
    }
}

/// The entries that touch an order, around the present one, one in a row.
fn life(story: &Story, here: u64, rows: usize) -> Vec<String> {
    let before = story.touches.range(..=here).count();
    let start = before.saturating_sub(rows.div_ceil(2).max(1));
    let line = |(entry, touch): (&u64, &Touch)| {
        let mark = if *entry == here { ">" } else { " " };
        let texts =
            if touch.texts.is_empty() { "named".to_owned() } else { touch.texts.join("; ") };
        format!("{mark}{entry} {texts}")
    };
    story.touches.iter().skip(start).take(rows).map(line).collect()
}

fn client(state: &ClientState, names: Names) -> Vec<String> {
    let account = &state.account;
    let exempt = if account.exempt { ", exempt" } else { "" };
    let equity = state.equity.map_or_else(String::new, |it| format!(", equity {}", cash_text(it)));
    let mut texts = vec![
        names.client(account.client),
        format!("position {}, cash {}{equity}{exempt}", account.position, cash_text(account.cash)),
        format!("open: buys {}, sells {}", account.open_buy, account.open_sell),
    ];
    for order in &state.resting {
        let OrderView { order, side, qty, displayed, price, .. } = order;
        let shown = if displayed == qty { String::new() } else { format!(", showing {displayed}") };
        texts.push(format!("#{order} {side} {qty} @ {price}{shown}"));
    }
    for stop in &state.waiting {
        let StopView { order, side, qty, stop, .. } = stop;
        texts.push(format!("#{order} {side} {qty} waits for a trade @ {stop}"));
    }
    texts
}
