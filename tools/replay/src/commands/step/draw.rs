//! The screen: which panels have room, where they stand, and what frames them.
//!
//! From 110x30 on all panels are shown, from 76x18 on ladder, entry and one more, below that one at a
//! time; below 40x8 the screen says that it is too small.

use kernel::{MarketState, Rules};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::app::{App, Task};
use super::keys::{COUNTS, HELP};
use super::text::{Theme, cut, harmless, time_text};
use super::{accounts, entry, followed, ladder, tape};

/// Columns of the ladder.
const LADDER: u16 = 37;
/// Smallest screens: of anything, with ladder and entry, with everything.
const LEAST: (u16, u16) = (40, 8);
const MEDIUM: (u16, u16) = (76, 18);
const LARGE: (u16, u16) = (110, 30);
/// Panels that are shown one at a time, and beside the ladder.
pub(super) const LONE: usize = 5;
pub(super) const SIDE: usize = 3;
/// The place of what is followed among them.
pub(super) const FOLLOWED: (usize, usize) = (4, 2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panel {
    Ladder,
    Entry,
    Tape,
    Accounts,
    Followed,
}

use Panel::{Accounts, Entry, Followed, Ladder, Tape};

const LONE_PANELS: [Panel; LONE] = [Ladder, Entry, Tape, Accounts, Followed];
const SIDE_PANELS: [Panel; SIDE] = [Tape, Accounts, Followed];

impl App {
    /// Draws the model.
    pub(super) fn draw(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if area.width < LEAST.0 || area.height < LEAST.1 {
            let (width, height) = LEAST;
            let text = format!("{}x{}: needs {width}x{height}", area.width, area.height);
            frame.render_widget(Paragraph::new(vec![Line::raw(text), Line::raw("q quits")]), area);
            return;
        }
        let top: u16 = if area.height < 14 { 1 } else { 2 };
        let body = Rect { y: top, height: area.height - top - 2, ..area };
        let status = Rect { height: top, ..area };
        frame.render_widget(Paragraph::new(self.status(area.width.into(), top)), status);
        for (panel, area) in self.plan(area, body) {
            self.panel(frame, panel, area);
        }
        self.foot(frame, area);
        if self.has_help {
            help(frame, body);
        }
    }

    const fn theme(&self) -> Theme {
        Theme { has_colour: self.has_colour }
    }

    /// Which panels stand where.
    fn plan(&self, screen: Rect, body: Rect) -> Vec<(Panel, Rect)> {
        let has = |(width, height)| width <= screen.width && height <= screen.height;
        if !has(MEDIUM) {
            let panel = LONE_PANELS.get(self.panel.0).copied().unwrap_or(Ladder);
            return vec![(panel, body)];
        }
        let left = Rect { width: LADDER, ..body };
        let x = body.x + LADDER + 1;
        let right = Rect { x, width: body.width - LADDER - 1, ..body };
        let cut = |area: Rect, rows: u16| {
            let rows = rows.min(area.height);
            let below = Rect { y: area.y + rows, height: area.height - rows, ..area };
            (Rect { height: rows, ..area }, below)
        };
        if !has(LARGE) {
            let (top, bottom) = cut(right, (right.height / 2).min(12));
            let panel = SIDE_PANELS.get(self.panel.1).copied().unwrap_or(Tape);
            return vec![(Ladder, left), (Entry, top), (panel, bottom)];
        }
        let (top, rest) = cut(right, right.height / 3);
        let (middle, bottom) = cut(rest, rest.height / 2);
        let half = (middle.width - 1) / 2;
        let entry = Rect { width: half, ..top };
        let beside = Rect { x: top.x + half + 1, width: top.width - half - 1, ..top };
        vec![(Ladder, left), (Entry, entry), (Followed, beside), (Tape, middle), (Accounts, bottom)]
    }

    fn panel(&self, frame: &mut Frame<'_>, panel: Panel, area: Rect) {
        let (view, theme, names) = (&self.view, self.theme(), self.session.names);
        let (width, rows) = (usize::from(area.width), usize::from(area.height.saturating_sub(1)));
        let room = (width, rows);
        let (title, lines) = match panel {
            Ladder => ("ladder".to_owned(), ladder::lines(view, theme, width, rows)),
            Entry => (format!("entry {}", view.number), entry::lines(view, names, room)),
            Tape => ("tape".to_owned(), tape::lines(view, names, theme, room)),
            Accounts => {
                let from = if self.scroll == 0 {
                    String::new()
                } else {
                    format!(", from {}", self.scroll + 1)
                };
                let title = format!("accounts: {}{from}", view.accounts_used);
                (title, accounts::lines(view, names, theme, room))
            }
            Followed => {
                ("followed".to_owned(), followed::lines(view, &self.story, names, theme, room))
            }
        };
        let title = format!("- {title} ");
        let rule = "-".repeat(width.saturating_sub(title.chars().count()));
        let title = Line::from(vec![
            Span::styled(cut(&title, width), theme.title()),
            Span::styled(rule, Theme::quiet()),
        ]);
        let lines = std::iter::once(title).chain(lines).collect::<Vec<_>>();
        frame.render_widget(Paragraph::new(lines), area);
    }

    /// Where one is, and how the market stands.
    fn status(&self, width: usize, rows: u16) -> Vec<Line<'static>> {
        let view = &self.view;
        let mark = match &self.marks {
            _ if self.background.is_some() => "@…".to_owned(),
            marks => match &marks.mark {
                Some((_, mark)) => format!("@{}:{}", mark.name, mark.number),
                None => "no mark yet".to_owned(),
            },
        };
        let name = self.path.file_name().map(|name| harmless(&name.to_string_lossy()));
        let mut place = vec![
            format!("{} of {}", view.number, self.entries()),
            format!("step {}", view.step),
            time_text(view.time),
            format!("block {}", view.block),
            mark,
        ];
        if 100 <= width {
            place.insert(0, cut(&name.unwrap_or_default(), 40));
        }
        let last =
            view.last_trade.map_or_else(|| "no trade yet".to_owned(), |it| format!("last {it}"));
        let (orders, levels, stops) = view.resting;
        let state = match view.rules.state {
            MarketState::Continuous => "continuous",
            MarketState::Auction => "auction",
            MarketState::Halted => "halted",
        };
        let mut market = vec![
            state.to_owned(),
            view.spread.clone(),
            last,
            format!("{orders} orders at {levels} prices"),
        ];
        if 0 < stops {
            market.push(format!("{stops} stops"));
        }
        let others = Rules { state: MarketState::Continuous, ..view.rules };
        if others != Rules::OPEN {
            market.push(formats::state::rules_text(&others));
        }
        let mut lines = vec![Line::styled(fit(&place, width), Theme::strong())];
        if 1 < rows {
            lines.push(Line::raw(fit(&market, width)));
        }
        lines
    }

    /// Messages, and the keys or the prompt.
    fn foot(&self, frame: &mut Frame<'_>, screen: Rect) {
        let width = usize::from(screen.width);
        let progress = self.progress();
        let message = if progress.is_empty() { &self.message } else { &progress };
        // A message of several lines covers what is above it.
        let rows = u16::try_from(message.len().max(1)).unwrap_or(1).min(screen.height - 2);
        let area = Rect { y: screen.height - 1 - rows, height: rows, ..screen };
        let lines: Vec<_> = message
            .iter()
            .map(|line| Line::styled(cut(&harmless(line), width), Theme::strong()))
            .collect();
        frame.render_widget(Clear, area);
        frame.render_widget(Paragraph::new(lines), area);
        let bottom = Rect { y: screen.height - 1, height: 1, ..screen };
        let line = match &self.prompt {
            Some(prompt) => {
                let label = prompt.asks.label();
                let text: Vec<char> = prompt.text.chars().collect();
                let room = width.saturating_sub(label.chars().count() + 1);
                let tail: String = text.iter().skip(text.len().saturating_sub(room)).collect();
                Line::raw(format!("{label}{tail}_"))
            }
            None => Line::styled(cut(KEY_LINE, width), Theme::quiet()),
        };
        frame.render_widget(Paragraph::new(line), bottom);
    }

    /// How far what is under way has come.
    fn progress(&self) -> Vec<String> {
        let Some(task) = &self.task else { return Vec::new() };
        let session = &self.session;
        let (what, place) = match task {
            Task::Go(go) => {
                let here = session.seeker.here().map_or(0, replay::Player::number);
                (format!("going to entry {}", go.target), here)
            }
            Task::Scan(scan) => {
                (format!("looking for {}", scan.sought.words()), scan.place(session))
            }
            Task::Marks(scan) => ("looking for marks".to_owned(), scan.place(session)),
            Task::Read(reading) => {
                (format!("reading the life of order {}", reading.order), reading.place(session))
            }
        };
        vec![format!("at entry {place} of {}, Esc stops: {what}", self.entries())]
    }
}

/// The keys, over the panels.
fn help(frame: &mut Frame<'_>, body: Rect) {
    let width = usize::from(body.width);
    let mut lines = Vec::new();
    for (forward, back, meaning) in HELP {
        let text = if width < 60 {
            format!(" {forward} {back}: {meaning}")
        } else {
            format!(" {forward:<9} {back:<8} {meaning}")
        };
        lines.push(Line::raw(cut(&text, width)));
    }
    lines.push(Line::raw(cut(&format!(" {COUNTS}"), width)));
    let rows = usize::from(body.height);
    if rows < lines.len() {
        let more = lines.len() - rows.saturating_sub(1);
        lines.truncate(rows.saturating_sub(1));
        lines.push(Line::raw(format!(" … {more} more: replay step --help")));
    }
    frame.render_widget(Clear, body);
    frame.render_widget(Paragraph::new(lines), body);
}

/// The keys that are needed first.
const KEY_LINE: &str =
    "l h entry  s S step  t T trade  m M mark  g go  / find  f a follow  ? keys  q";

/// As many of these as have room in a line, the first in any case.
fn fit(parts: &[String], width: usize) -> String {
    let mut line = String::new();
    for part in parts {
        if line.is_empty() {
            line = cut(part, width);
        } else if line.chars().count() + 2 + part.chars().count() <= width {
            line.push_str("  ");
            line.push_str(part);
        }
    }
    line
}
