//! Sentences in lines that fit.

use std::fmt::Write as _;

/// Columns of running text.
const COLUMNS: usize = 100;

/// Adds a sentence to a text, in lines that begin with the indent, further ones with two spaces more.
pub(super) fn add_wrapped(text: &mut String, indent: &str, words: &str) {
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && COLUMNS <= line.chars().count() + word.chars().count() {
            let _ = writeln!(text, "{line}");
            line = format!("{indent}  ");
        } else if line.is_empty() {
            line.push_str(indent);
        } else {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_wrapped_with_an_indent() {
        let mut text = String::new();
        add_wrapped(&mut text, "  ", &"word ".repeat(30));
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        assert!(text.starts_with("  word word") && text.contains("\n    word"), "{text}");
    }
}
