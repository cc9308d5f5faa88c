//! Text that fits: cells of a table, wrapped lines, times; and the few styles there are.

use kernel::TimeNs;
use ratatui::style::{Color, Modifier, Style};

/// Right-aligned in a cell; what does not fit ends in a sign that something is missing.
pub(super) fn right(text: &str, width: usize) -> String {
    format!("{:>width$}", cut(text, width))
}

/// The same, left-aligned.
pub(super) fn left(text: &str, width: usize) -> String {
    format!("{:<width$}", cut(text, width))
}

/// A text of so many characters at the most, of which the last tells that some are missing.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.extend((0 < width).then_some('…'));
    short
}

/// Breaks a text at spaces into lines of so many characters; lines behind the first are indented.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    const INDENT: &str = "  ";
    let width = width.max(INDENT.len() + 1);
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let used = line.chars().count();
            let is_empty = line.trim().is_empty();
            let room = width.saturating_sub(used + usize::from(!is_empty));
            if word.chars().count() <= room {
                line.extend((!is_empty).then_some(' '));
                line.push_str(word);
                break;
            }
            if is_empty {
                // A word longer than a line is broken.
                let at = word.char_indices().nth(room).map_or(word.len(), |(at, _)| at);
                let (head, rest) = word.split_at(at);
                line.push_str(head);
                word = rest;
            }
            lines.push(std::mem::replace(&mut line, INDENT.to_owned()));
        }
    }
    lines.push(line);
    lines
}

/// Seconds, as positions name them: `80s`, `34200.5s`.
pub(super) fn time_text(time: TimeNs) -> String {
    let (seconds, rest) = (time.0 / 1_000_000_000, time.0 % 1_000_000_000);
    if rest == 0 {
        return format!("{seconds}s");
    }
    let text = format!("{seconds}.{rest:09}");
    format!("{}s", text.trim_end_matches('0'))
}

/// A text without anything that a terminal would obey.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Colours only where they are wanted: everything they say, a sign says too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Theme {
    pub(super) has_colour: bool,
}

impl Theme {
    fn colour(self, colour: Color) -> Style {
        if self.has_colour { Style::new().fg(colour) } else { Style::new() }
    }

    pub(super) fn bid(self) -> Style {
        self.colour(Color::Green)
    }

    pub(super) fn ask(self) -> Style {
        self.colour(Color::Red)
    }

    /// What is followed.
    pub(super) fn followed(self) -> Style {
        self.colour(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    pub(super) fn title(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    pub(super) fn quiet() -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    pub(super) fn strong() -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(right("123", 5), "  123");
        assert_eq!(right("123456", 5), "1234…");
        assert_eq!(left("é", 3), "é  ");
        assert_eq!(cut("ab", 0), "");
    }

    #[test]
    fn lines_break_at_spaces_and_nothing_is_lost() {
        assert_eq!(wrap("one two three", 8), ["one two", "  three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "  ef", "  gh", "  ij"]);
        assert_eq!(wrap("", 4), [""]);
        for width in 0..20 {
            let lines = wrap("a quick b longwordthatdoesnotfit c", width);
            let joined: String = lines.concat().replace(' ', "");
            assert_eq!(joined, "aquickblongwordthatdoesnotfitc", "width {width}");
            assert!(lines.iter().all(|line| line.chars().count() <= width.max(3)));
        }
    }

    #[test]
    fn times_are_those_of_positions() {
        assert_eq!(time_text(TimeNs(80_000_000_000)), "80s");
        assert_eq!(time_text(TimeNs(34_200_500_000_000)), "34200.5s");
        assert_eq!(time_text(TimeNs(1)), "0.000000001s");
    }

    #[test]
    fn a_terminal_obeys_nothing() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{9b}"), "a\\u{1b}[2Jb\\u{9b}");
    }
}
