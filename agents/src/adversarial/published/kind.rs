//! What a key of the published system accepts, and the one text that each of its values has.

/// The values of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number within bounds.
    Whole {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// A number within bounds.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// Such a number, or `null` for none.
    NumberOrNull {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words, at least one, each once.
    Words(&'static [&'static str]),
    /// A text of one line.
    Text,
    /// A list of words.
    Texts,
    /// A list of whole numbers within bounds.
    Wholes {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// A list of numbers within bounds.
    Numbers {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
}

/// Most items of a list.
const ITEMS_MAX: usize = 1_000;
/// Longest text, in bytes.
const TEXT_BYTES_MAX: usize = 4_096;

impl Kind {
    /// What is accepted, in words.
    pub fn accepted(&self) -> String {
        match self {
            Self::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::NumberOrNull { min, max } => format!("a number from {min} to {max}, or null"),
            Self::Flag => "true or false".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Words(words) => format!("a list of different ones of {}", words.join(", ")),
            Self::Text => "a text of one line".to_owned(),
            Self::Texts => "a list of words without spaces, commas and quotes".to_owned(),
            Self::Wholes { min, max } => {
                format!("a list of 1 to {ITEMS_MAX} whole numbers from {min} to {max}")
            }
            Self::Numbers { min, max } => {
                format!("a list of 1 to {ITEMS_MAX} numbers from {min} to {max}")
            }
        }
    }

    /// The canonical text of a value; `None` for a text that is none.
    pub fn canonical(&self, text: &str) -> Option<String> {
        match *self {
            Self::Whole { min, max } => whole(text, min, max),
            Self::NumberOrNull { .. } if text == "null" => Some(text.to_owned()),
            Self::Number { min, max } | Self::NumberOrNull { min, max } => number(text, min, max),
            Self::Flag => text.parse::<bool>().ok().map(|flag| flag.to_string()),
            Self::Word(words) => words.contains(&text).then(|| text.to_owned()),
            Self::Text => line(text),
            Self::Words(words) => {
                let items = list(text, |item| words.contains(&item).then(|| item.to_owned()))?;
                let is_new = |(at, item): (usize, &String)| !items[..at].contains(item);
                items.iter().enumerate().all(is_new).then(|| joined(&items))
            }
            Self::Texts => list(text, word).map(|items| joined(&items)),
            Self::Wholes { min, max } => {
                list(text, |item| whole(item, min, max)).map(|items| joined(&items))
            }
            Self::Numbers { min, max } => {
                list(text, |item| number(item, min, max)).map(|items| joined(&items))
            }
        }
    }
}

fn whole(text: &str, min: u64, max: u64) -> Option<String> {
    // As in the files: 10_000_000.
    let digits = text.replace('_', "");
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = if are_digits { digits.parse().ok()? } else { return None };
    (min..=max).contains(&number).then(|| number.to_string())
}

fn number(text: &str, min: f64, max: f64) -> Option<String> {
    let number: f64 = text.replace('_', "").parse().ok()?;
    // A zero has one text.
    (min <= number && number <= max).then(|| (number + 0.0).to_string())
}

fn line(text: &str) -> Option<String> {
    let is_line = text.len() <= TEXT_BYTES_MAX && !text.contains(char::is_control);
    is_line.then(|| text.to_owned())
}

fn word(text: &str) -> Option<String> {
    line(text).filter(|word| !word.contains(['"', '[', ']', '\\']))
}

/// The items of `[a, b]`, `a, b` or `a b`, each of which may stand in quotes.
fn list(text: &str, item: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let inner = match text.trim().strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None => text,
    };
    let words = inner.split([' ', ',']).filter(|word| !word.is_empty());
    let words = words.map(|word| match word.strip_prefix('"') {
        Some(rest) => item(rest.strip_suffix('"')?),
        None => item(word),
    });
    let items: Vec<String> = words.collect::<Option<_>>()?;
    (1..=ITEMS_MAX).contains(&items.len()).then_some(items)
}

fn joined(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}
