//! The terminal: keys in, screens out, and whatever happens it is left as it was found.

use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::time::Duration;

use cli::{Exit, Failure, Interrupt};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::app::{App, Effect};
use super::keys::Key;

/// How long a signal may wait while nobody presses a key.
const POLL: Duration = Duration::from_millis(50);
/// Slices of work between two looks at the screen.
const SLICES: u32 = 4;
/// Most keys that wait for a search to end.
const WAITING: usize = 64;

/// Refuses what is no terminal.
///
/// # Errors
/// Exit 2.
pub(super) fn check() -> Result<(), Failure> {
    let hint = "--script KEYS presses keys and prints the screen without one; replay state LOG \
                prints one moment";
    let refuse = |what| Err(Failure::new(Exit::Usage, what).with_hint(hint));
    if !io::stdout().is_terminal() {
        return refuse("step: standard output is no terminal");
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return refuse("step: this terminal (TERM=dumb) cannot place text");
    }
    Ok(())
}

/// Puts the terminal back, however this ends. A panic puts it back before its message.
struct Restore;

impl Drop for Restore {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// Runs until the user quits.
///
/// # Errors
/// Exit 130 on Ctrl-C or a signal, 74 when the terminal fails, and what the log turned out to be.
pub(super) fn run(app: &mut App) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let ended = {
        let _restore = Restore;
        let mut terminal = ratatui::try_init().map_err(|error| terminal_failed(&error))?;
        show(app, &mut terminal, &interrupt)
    };
    ended?;
    app.take_failure().map_or(Ok(Exit::Ok), Err)
}

fn show(
    app: &mut App,
    terminal: &mut DefaultTerminal,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let failed = |error: io::Error| terminal_failed(&error);
    let mut waiting = VecDeque::new();
    loop {
        terminal.draw(|frame| app.draw(frame)).map_err(failed)?;
        for _ in 0..SLICES {
            app.work();
        }
        interrupt.check()?;
        let patience = if app.is_working() || !waiting.is_empty() { Duration::ZERO } else { POLL };
        if event::poll(patience).map_err(failed)? {
            match event::read().map_err(failed)? {
                Event::Key(key) => waiting.extend(key_of(key)),
                Event::Paste(text) => waiting.extend(text.chars().map(Key::Char)),
                // The next screen has the new size.
                Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => {}
            }
        }
        let is_stop = |key: &Key| matches!(key, Key::Escape | Key::Ctrl('c'));
        if app.is_busy() {
            // A search is stopped at once; other keys wait for it.
            if waiting.iter().any(is_stop) {
                waiting.clear();
                app.stop();
            }
            waiting.truncate(WAITING);
            continue;
        }
        match waiting.pop_front().map_or(Effect::Stay, |key| app.update(key)) {
            Effect::Stay => {}
            Effect::Quit => return Ok(()),
            Effect::Interrupt => return Err(Failure::interrupted()),
        }
    }
}

/// The key that was pressed, if the model knows it.
fn key_of(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let is_control = event.modifiers.contains(KeyModifiers::CONTROL);
    #[expect(clippy::wildcard_enum_match_arm, reason = "keys that mean nothing here")]
    match event.code {
        KeyCode::Char(character) if is_control => Some(Key::Ctrl(character.to_ascii_lowercase())),
        KeyCode::Char(character) => Some(Key::Char(character)),
        KeyCode::Enter => Some(Key::Enter),
        KeyCode::Esc => Some(Key::Escape),
        KeyCode::Tab => Some(Key::Tab),
        KeyCode::BackTab => Some(Key::BackTab),
        KeyCode::Backspace => Some(Key::Backspace),
        KeyCode::Left => Some(Key::Left),
        KeyCode::Right => Some(Key::Right),
        KeyCode::Up => Some(Key::Up),
        KeyCode::Down => Some(Key::Down),
        KeyCode::PageUp => Some(Key::PageUp),
        KeyCode::PageDown => Some(Key::PageDown),
        KeyCode::Home => Some(Key::Home),
        KeyCode::End => Some(Key::End),
        _ => None,
    }
}

fn terminal_failed(error: &io::Error) -> Failure {
    Failure::new(Exit::Io, format!("step: the terminal: {error}"))
}
