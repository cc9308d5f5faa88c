//! The known name that a misspelt one was meant to be.

use crate::words::names;

/// Longer words than this are no misspelt names.
const BYTES_MAX: usize = 32;

/// The name that is most like a word; `None` when none is like it.
///
/// One letter wrong is most likely; then a name that begins or ends with the word, as `best_bid`
/// does with `bid`; then two letters wrong, of five or more.
pub(crate) fn nearest(word: &str) -> Option<&'static str> {
    if BYTES_MAX < word.len() {
        return None;
    }
    let word = word.to_ascii_lowercase().replace('-', "_");
    let within = |edits: usize| names().find(|name| distance(&word, name) <= edits);
    let longer = || {
        let is_part = |name: &&str| name.starts_with(&word) || name.ends_with(&word);
        names().find(|name| 3 <= word.len() && is_part(name))
    };
    let is_long = 5 <= word.len();
    let one = within(usize::from(2 < word.len()));
    one.or_else(longer).or_else(|| if is_long { within(2) } else { None })
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before_last = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, with) in other.iter().enumerate() {
            let mut edits = (last[column] + usize::from(letter != with))
                .min(last[column + 1] + 1)
                .min(next[column] + 1);
            let is_swapped =
                0 < row && 0 < column && one[row - 1] == *with && *letter == other[column - 1];
            if is_swapped {
                edits = edits.min(before_last[column - 1] + 1);
            }
            next.push(edits);
        }
        before_last = std::mem::replace(&mut last, next);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("spread", "spread", 0),
            ("spred", "spread", 1),
            ("spraed", "spread", 1),
            ("sprxad", "spread", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn misspelt_names_find_their_own() {
        for (word, expected) in [
            ("spred", Some("spread")),
            ("SPREAD", Some("spread")),
            ("best-bid", Some("best_bid")),
            ("bid", Some("best_bid")),
            ("ask", Some("best_ask")),
            ("mid", Some("mid2")),
            ("trade", Some("trades")),
            ("price", Some("trade.price")),
            ("canceled", Some("cancelled")),
            ("postion", Some("position")),
            ("AND", Some("and")),
            ("x", None),
            ("nonsense", None),
            (&"spread".repeat(9), None),
        ] {
            assert_eq!(nearest(word), expected, "{word}");
        }
    }
}
