//! Keys written as text, and the screens that they lead to as plain text.

use std::fmt::Write as _;

use cli::{Exit, Failure, Interrupt};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use serde_json::json;

use super::app::{App, Effect};
use super::keys::Key;
use crate::args::StepSize;
use crate::commands::{print, print_json};

/// One item of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Press(Key),
    Print,
}

/// What stands in angle brackets.
const NAMES: &[(&str, Item)] = &[
    ("Enter", Item::Press(Key::Enter)),
    ("Esc", Item::Press(Key::Escape)),
    ("Tab", Item::Press(Key::Tab)),
    ("S-Tab", Item::Press(Key::BackTab)),
    ("BS", Item::Press(Key::Backspace)),
    ("Left", Item::Press(Key::Left)),
    ("Right", Item::Press(Key::Right)),
    ("Up", Item::Press(Key::Up)),
    ("Down", Item::Press(Key::Down)),
    ("PageUp", Item::Press(Key::PageUp)),
    ("PageDown", Item::Press(Key::PageDown)),
    ("Home", Item::Press(Key::Home)),
    ("End", Item::Press(Key::End)),
    ("C-c", Item::Press(Key::Ctrl('c'))),
    ("C-u", Item::Press(Key::Ctrl('u'))),
    ("Space", Item::Press(Key::Char(' '))),
    ("lt", Item::Press(Key::Char('<'))),
    ("Print", Item::Print),
];

/// Reads a script.
///
/// # Errors
/// Exit 2 with the place of a name that no key has.
pub(super) fn parse(script: &str) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    let mut rest = script;
    while let Some(character) = rest.chars().next() {
        let behind = rest.get(character.len_utf8()..).unwrap_or_default();
        let is_name = character == '<' && behind.starts_with(|next: char| next.is_alphabetic());
        if !is_name {
            items.push(Item::Press(Key::Char(character)));
            rest = behind;
            continue;
        }
        let found = behind.split_once('>').and_then(|(name, after)| {
            let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            known.map(|(_, item)| (*item, after))
        });
        let Some((item, after)) = found else {
            let place = script.len() - rest.len();
            let shown: String = rest.chars().take(16).flat_map(char::escape_debug).collect();
            let message = format!("--script: no key has the name at offset {place}: {shown}");
            let names: Vec<_> = NAMES.iter().map(|(name, _)| format!("<{name}>")).collect();
            let hint = format!("names are {}", names.join(" "));
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        };
        items.push(item);
        rest = after;
    }
    Ok(items)
}

/// Presses the keys, carries every search through, and prints the screens.
///
/// # Errors
/// Exit 130 when interrupted; what the log turned out to be.
pub(super) fn run(
    app: &mut App,
    items: &[Item],
    size: StepSize,
    is_json: bool,
) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let show = |app: &App, is_first: bool| -> Result<(), Failure> {
        let buffer = screen(app, size)?;
        if is_json { print_json(&object(app, &buffer)) } else { print(&text(&buffer, is_first)) }
    };
    let mut shown = 0;
    finish(app, &interrupt)?;
    for item in items {
        match item {
            Item::Press(key) => {
                let effect = app.update(*key);
                finish(app, &interrupt)?;
                if effect != Effect::Stay {
                    break;
                }
            }
            Item::Print => {
                show(app, shown == 0)?;
                shown += 1;
            }
        }
    }
    if items.last() != Some(&Item::Print) {
        show(app, shown == 0)?;
    }
    app.take_failure().map_or(Ok(Exit::Ok), Err)
}

/// Carries what runs through to its end.
fn finish(app: &mut App, interrupt: &Interrupt) -> Result<(), Failure> {
    while app.is_working() {
        interrupt.check()?;
        app.work();
    }
    Ok(())
}

/// The screen as it would be drawn.
pub(super) fn screen(app: &App, size: StepSize) -> Result<Buffer, Failure> {
    let cannot =
        |error: &dyn std::fmt::Display| Failure::new(Exit::Io, format!("drawing: {error}"));
    let backend = TestBackend::new(size.width, size.height);
    let mut terminal = Terminal::new(backend).map_err(|error| cannot(&error))?;
    terminal.draw(|frame| app.draw(frame)).map_err(|error| cannot(&error))?;
    Ok(terminal.backend().buffer().clone())
}

/// A screen's lines, without the spaces at their ends.
pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    let row = |cells: &[ratatui::buffer::Cell]| {
        let line: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
        line.trim_end().to_owned()
    };
    buffer.content.chunks(width).map(row).collect()
}

/// A screen as text; an empty line parts it from the one before.
fn text(buffer: &Buffer, is_first: bool) -> String {
    let mut text = String::from(if is_first { "" } else { "\n" });
    for line in lines(buffer) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text
}

fn object(app: &App, buffer: &Buffer) -> serde_json::Value {
    json!({
        "schema": "replay.step/1",
        "entry": app.entry(),
        "entries": app.entries(),
        "width": buffer.area.width,
        "height": buffer.area.height,
        "lines": lines(buffer),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(script: &str) -> Vec<Item> {
        parse(script).unwrap()
    }

    #[test]
    fn a_character_is_its_key_and_names_stand_in_brackets() {
        let press = |character| Item::Press(Key::Char(character));
        assert_eq!(keys("l"), [press('l')]);
        assert_eq!(keys("<Enter>x"), [Item::Press(Key::Enter), press('x')]);
        assert_eq!(keys("<print><C-c>"), [Item::Print, Item::Press(Key::Ctrl('c'))]);
        assert_eq!(keys("<lt>a"), [press('<'), press('a')]);
    }

    #[test]
    fn a_bracket_before_no_letter_is_itself() {
        let pressed = keys("/a < 3 and b<=4");
        assert_eq!(pressed.len(), "/a < 3 and b<=4".len());
    }

    #[test]
    fn an_unknown_name_is_told_with_its_place() {
        for script in ["ll<Nope>", "ll<Enter", "ll<é\u{1b}"] {
            let failure = parse(script).unwrap_err();
            assert_eq!(failure.exit, Exit::Usage);
            assert!(failure.message.contains("offset 2"), "{}", failure.message);
            assert!(!failure.message.contains('\u{1b}'));
        }
    }
}
