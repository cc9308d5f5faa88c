//! Long lines in pieces.

use super::COLUMNS;

/// A paragraph in lines that fit, indented by two, further lines by four.
pub(super) fn wrapped(paragraph: &str) -> String {
    let (mut text, mut line) = (String::new(), String::from(" "));
    for word in paragraph.split(' ') {
        if COLUMNS < line.chars().count() + 1 + word.chars().count() {
            text.push_str(&line);
            text.push('\n');
            line = String::from("   ");
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_no_word_is_lost() {
        let paragraph = (0..100).map(|i| i.to_string()).collect::<Vec<_>>().join(" ");
        let text = wrapped(&paragraph);
        assert!(text.lines().all(|line| line.len() <= COLUMNS) && 2 < text.lines().count());
        assert!(
            text.starts_with("  0 1 ") && text.lines().skip(1).all(|it| it.starts_with("    "))
        );
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), paragraph);
        assert_eq!(wrapped("one"), "  one\n");
    }
}
