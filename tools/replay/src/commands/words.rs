//! Words of a command line that is shown.

/// A word as a shell reads it back.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=+,:@%".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_from_a_shell() {
        assert_eq!(quoted("runs/day-1.log"), "runs/day-1.log");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's;$(x)"), r"'it'\''s;$(x)'");
        assert_eq!(quoted(""), "''");
    }
}
