//! What can be wrong with a query, and where.

use std::fmt::{self, Write as _};

use crate::query::{BYTES_MAX, NESTING_MAX};

/// A text that is no query. Its `Display` shows the line and a caret under the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// At most [`BYTES_MAX`] bytes of it.
    text: String,
    offset: usize,
    problem: Problem,
}

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing but space.
    #[error("the query is empty; a query is, for example, `spread > 20`")]
    Empty,
    /// Longer than any query may be.
    #[error("the query has {bytes} bytes, more than {BYTES_MAX}")]
    TooLong {
        /// How long it is, or would be in canonical form.
        bytes: usize,
    },
    /// Brackets, `not` and `-` stand too deep inside each other.
    #[error("more than {NESTING_MAX} brackets, `not` and `-` stand inside each other")]
    TooDeep,
    /// A character that no query holds.
    #[error("{found} has no meaning here{}", hint(*.instead))]
    Character {
        /// The character, ready to be shown.
        found: String,
        /// What to write instead.
        instead: Option<&'static str>,
    },
    /// A word that is no name.
    #[error("unknown word {word}{}", meant(*.nearest))]
    Unknown {
        /// The word, ready to be shown.
        word: String,
        /// The name that is most like it.
        nearest: Option<&'static str>,
    },
    /// Something else should stand there.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What should stand there.
        expected: String,
        /// What does, ready to be shown.
        found: String,
    },
    /// Digits that are no whole number of a known unit.
    #[error("{found} is no number: {expected}")]
    Literal {
        /// What stands there, ready to be shown.
        found: String,
        /// What would be one.
        expected: &'static str,
    },
    /// A number that is out of the range of what it stands for.
    #[error("{what} is a whole number from {min} to {max}")]
    Range {
        /// What it stands for.
        what: &'static str,
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
    },
    /// A second comparison of the same number.
    #[error("comparisons are not chained; write `{instead}`")]
    Chained {
        /// The same as two comparisons.
        instead: String,
    },
    /// An operand of the wrong type.
    #[error("{wanted}; {found}")]
    Type {
        /// Who wants which type.
        wanted: String,
        /// What stands there and what that is.
        found: String,
    },
}

fn hint(instead: Option<&str>) -> String {
    instead.map(|instead| format!("; write `{instead}`")).unwrap_or_default()
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; the help lists the known ones".to_owned(),
        |nearest| format!("; did you mean `{nearest}`?"),
    )
}

/// A place in a text and what is wrong there.
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) problem: Problem,
}

impl Fault {
    /// The error about the text in which the fault is.
    pub(crate) fn within(self, text: &str) -> QueryError {
        let kept = text.floor_char_boundary(BYTES_MAX);
        let offset = text.floor_char_boundary(self.offset.min(kept));
        QueryError { text: text[..kept].to_owned(), offset, problem: self.problem }
    }
}

/// Most characters of a line that are shown before and from the place of an error on.
const SHOWN: (usize, usize) = (60, 40);

impl QueryError {
    /// Where in the text it is, in bytes from its start.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// What is wrong there.
    pub const fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The line of the text before and from the place on, as far as it is shown.
    fn line(&self) -> (String, String) {
        let (before, from) = self.text.split_at(self.offset);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let from = from.split('\n').next().unwrap_or_default();
        let cut = before.chars().count().saturating_sub(SHOWN.0);
        let mut left = String::from(if cut == 0 { "" } else { "..." });
        before.chars().skip(cut).for_each(|character| show(character, &mut left));
        let mut right = String::new();
        from.chars().take(SHOWN.1).for_each(|character| show(character, &mut right));
        if from.chars().nth(SHOWN.1).is_some() {
            right.push_str("...");
        }
        (left, right)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, from) = self.line();
        let indent = " ".repeat(before.chars().count());
        let Self { offset, problem, .. } = self;
        write!(f, "{problem} (offset {offset})\n  {before}{from}\n  {indent}^")
    }
}

impl std::error::Error for QueryError {}

/// Longest part of a text that a message quotes, in characters.
const QUOTED: usize = 32;

/// A part of a text, in quotes and harmless to a terminal.
pub(crate) fn quoted(part: &str) -> String {
    let mut shown = String::from("`");
    part.chars().take(QUOTED).for_each(|character| show(character, &mut shown));
    shown.push_str(if part.chars().nth(QUOTED).is_some() { "...`" } else { "`" });
    shown
}

/// Appends a character so that a terminal prints it and does nothing else.
fn show(character: char, shown: &mut String) {
    if matches!(character, ' '..='~') {
        shown.push(character);
    } else if character == '\t' {
        shown.push(' ');
    } else {
        // Writing to a string cannot fail.
        let _ = write!(shown, "{}", character.escape_debug());
    }
}
