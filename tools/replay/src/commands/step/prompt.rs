//! The line in which the user writes where to go, what to look for and whom to follow.

use super::keys::Key;

/// What a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Position,
    Predicate,
    Order,
    Client,
}

impl Asks {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Position => "go to: ",
            Self::Predicate => "/",
            Self::Order => "follow order: ",
            Self::Client => "follow client: ",
        }
    }

    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::Position => "1234  b:12  s:800  @mark  t:90s  -10  end",
            Self::Predicate => "spread > 20, trade.qty >= 50, after(crash) and not halted",
            Self::Order => "an id; Enter alone: the order of this entry",
            Self::Client => "a number or a name; Enter alone: the client of this entry",
        }
    }
}

/// Longest text, in characters: that of the longest predicate.
const CHARACTERS_MAX: usize = 4096;

/// A prompt being written in.
#[derive(Clone, Debug)]
pub(super) struct Prompt {
    pub(super) asks: Asks,
    pub(super) text: String,
}

/// What a key did to a prompt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    On,
    Done,
    Left,
}

impl Prompt {
    pub(super) const fn new(asks: Asks) -> Self {
        Self { asks, text: String::new() }
    }

    /// Takes a key. `latest` is the predicate before this one, which Up brings back.
    pub(super) fn press(&mut self, key: Key, latest: Option<&str>) -> Written {
        match key {
            Key::Enter => return Written::Done,
            Key::Escape | Key::Ctrl('c') => return Written::Left,
            // A prompt that is erased beyond its start is left.
            Key::Backspace if self.text.is_empty() => return Written::Left,
            Key::Backspace => {
                self.text.pop();
            }
            Key::Ctrl('u') => self.text.clear(),
            Key::Up if self.asks == Asks::Predicate => {
                latest.unwrap_or_default().clone_into(&mut self.text);
            }
            Key::Char(character)
                if !character.is_control() && self.text.chars().count() < CHARACTERS_MAX =>
            {
                self.text.push(character);
            }
            Key::Char(_)
            | Key::Ctrl(_)
            | Key::Tab
            | Key::BackTab
            | Key::Left
            | Key::Right
            | Key::Up
            | Key::Down
            | Key::PageUp
            | Key::PageDown
            | Key::Home
            | Key::End => {}
        }
        Written::On
    }
}
