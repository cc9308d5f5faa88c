//! Foreign text on a terminal: shown, never obeyed.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text of several lines as a terminal may have it: control characters but line ends and tabs, and
/// characters that turn the direction of writing, are escaped.
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| letter != '\n' && letter != '\t')
}

/// The same for a text that is part of a line.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| true)
}

/// JSON as a terminal may have it. Such characters stand in its strings alone, where each has an
/// escape that means the same.
pub fn shown_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_obeyed) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_obeyed(letter) && letter != '\n' {
            // All of them are below U+10000: one unit of UTF-16. Writing to a string cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(letter));
        } else {
            text.push(letter);
        }
    }
    Cow::Owned(text)
}

fn escaped(text: &str, is_wanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_escaped = |letter: char| is_obeyed(letter) && is_wanted(letter);
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_escaped(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal does something else than to show it: controls (ESC, C1, DEL), and marks,
/// embeddings, overrides and isolates of bidirectional text; separators of lines that are none.
fn is_obeyed(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}1mc\u{202e}d\u{2067}e\0f\rg\u{7f}";

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let expected = "a\\u{1b}[2Jb\\u{9b}1mc\\u{202e}d\\u{2067}e\\u{0}f\\u{d}g\\u{7f}";
        assert_eq!(shown(HOSTILE), expected);
        assert_eq!(line(HOSTILE), expected);
        assert_eq!(shown("two\n\tlines é € 𝄞"), "two\n\tlines é € 𝄞");
        assert_eq!(line("two\nlines"), "two\\u{a}lines");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = serde_json::json!({ HOSTILE: ["\u{9b}", "é", "𝄞"] });
        let text = format!("{value}\n");
        let escaped = shown_json(&text);
        assert!(escaped.chars().all(|letter| letter == '\n' || !is_obeyed(letter)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).expect("JSON"), value);
    }
}
