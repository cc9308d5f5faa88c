//! Splits a text into words, numbers and signs, one at a time.

use crate::error::{Fault, Problem, quoted};
use crate::tree::{Addition, Comparison, Literal, Scaling, Unit};

/// The smallest piece of a query that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    Word(&'t str),
    Number(Literal),
    Open,
    Close,
    Comma,
    Addition(Addition),
    Scaling(Scaling),
    Comparison(Comparison),
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'t> {
    pub(crate) token: Token<'t>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What is left of a text.
pub(crate) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    pub(crate) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token, which stays.
    pub(crate) fn peek(&self) -> Result<Placed<'t>, Fault> {
        let start = self.start();
        let rest = &self.text[start..];
        let (token, bytes) = match rest.bytes().next() {
            None => (Token::End, 0),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                let word = run(rest, |byte| is_of_word(byte) || byte == b'.');
                (Token::Word(word), word.len())
            }
            Some(b'0'..=b'9') => {
                let digits = run(rest, |byte| is_of_word(byte) || byte == b':' || byte == b'.');
                let literal = literal(digits).map_err(|expected| {
                    let problem = Problem::Literal { found: quoted(digits), expected };
                    Fault { offset: start, problem }
                })?;
                (Token::Number(literal), digits.len())
            }
            Some(_) => sign(rest).map_err(|problem| Fault { offset: start, problem })?,
        };
        Ok(Placed { token, start, end: start + bytes })
    }

    /// Goes on behind a token.
    pub(crate) const fn pass(&mut self, token: Placed<'t>) {
        self.at = token.end;
    }

    /// Takes what could be the name of a mark, which follows other rules than words do; empty if
    /// nothing could. Also where it starts.
    pub(crate) fn take_name(&mut self) -> (&'t str, usize) {
        let start = self.start();
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let name = run(&self.text[start..], is_of_name);
        self.at = start + name.len();
        (name, start)
    }

    /// A token as messages show it.
    pub(crate) fn quoted(&self, token: &Placed<'t>) -> String {
        quoted_or_end(&self.text[token.start..token.end])
    }

    /// The character at a place as messages show it.
    pub(crate) fn character_at(&self, offset: usize) -> String {
        let character: String = self.text[offset..].chars().take(1).collect();
        quoted_or_end(&character)
    }

    /// Where the next token starts.
    fn start(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + run(rest, |byte| byte.is_ascii_whitespace()).len()
    }
}

fn quoted_or_end(part: &str) -> String {
    if part.is_empty() { "the end".to_owned() } else { quoted(part) }
}

/// The bytes in front that are of one kind, all of it ASCII.
fn run(text: &str, is_in: impl Fn(u8) -> bool) -> &str {
    let len = text.bytes().position(|byte| !is_in(byte)).unwrap_or(text.len());
    &text[..len]
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn sign(rest: &str) -> Result<(Token<'static>, usize), Problem> {
    const SIGNS: [(&str, Token<'static>); 13] = [
        ("<=", Token::Comparison(Comparison::AtMost)),
        (">=", Token::Comparison(Comparison::AtLeast)),
        ("==", Token::Comparison(Comparison::Equal)),
        ("!=", Token::Comparison(Comparison::Unequal)),
        ("<", Token::Comparison(Comparison::Less)),
        (">", Token::Comparison(Comparison::Greater)),
        ("(", Token::Open),
        (")", Token::Close),
        (",", Token::Comma),
        ("+", Token::Addition(Addition::Plus)),
        ("-", Token::Addition(Addition::Less)),
        ("*", Token::Scaling(Scaling::Times)),
        ("/", Token::Scaling(Scaling::Over)),
    ];
    /// What other languages write, and what is written here.
    const FOREIGN: [(&str, &str); 12] = [
        ("<>", "!="),
        ("=<", "<="),
        ("=>", ">="),
        ("=", "=="),
        ("&&", "and"),
        ("&", "and"),
        ("||", "or"),
        ("|", "or"),
        ("!", "not"),
        ("≤", "<="),
        ("≥", ">="),
        ("≠", "!="),
    ];
    let is_here = |sign: &str| rest.starts_with(sign);
    let known = SIGNS.iter().find(|(sign, _)| is_here(sign));
    let foreign = FOREIGN.iter().find(|(sign, _)| is_here(sign));
    // `==` begins with `=`, and `<>` with `<`: the longer one is meant.
    match (known, foreign) {
        (Some((sign, token)), None) => Ok((*token, sign.len())),
        (Some((sign, token)), Some((other, _))) if other.len() <= sign.len() => {
            Ok((*token, sign.len()))
        }
        (_, Some((sign, instead))) => {
            Err(Problem::Character { found: quoted(sign), instead: Some(instead) })
        }
        (None, None) => {
            let character: String = rest.chars().take(1).collect();
            Err(Problem::Character { found: quoted(&character), instead: None })
        }
    }
}

const DIGITS: &str = "digits, with `_` between them if wanted, then ns, us, ms, s or nothing";
const WHOLE: &str = "only whole numbers are, without a point";
const CLOCK: &str = "a time of day is HH:MM or HH:MM:SS, from 00:00 to 23:59:59";
const TOO_LARGE: &str = "it does not fit into 128 bits";

/// Reads a number; the error says what would be one.
fn literal(text: &str) -> Result<Literal, &'static str> {
    if text.contains('.') {
        return Err(WHOLE);
    }
    if text.contains(':') {
        let value = clock(text).ok_or(CLOCK)? * Unit::Clock.scale();
        return Ok(Literal { value, unit: Unit::Clock });
    }
    let digits = run(text, |byte| byte.is_ascii_digit() || byte == b'_');
    let unit = match &text[digits.len()..] {
        "" => Unit::One,
        "ns" => Unit::Nanoseconds,
        "us" => Unit::Microseconds,
        "ms" => Unit::Milliseconds,
        "s" => Unit::Seconds,
        _ => return Err(DIGITS),
    };
    let value = digits.bytes().filter(|byte| *byte != b'_').try_fold(0_i128, |number, digit| {
        number.checked_mul(10)?.checked_add(i128::from(digit - b'0'))
    });
    let value = value.and_then(|value| value.checked_mul(unit.scale())).ok_or(TOO_LARGE)?;
    Ok(Literal { value, unit })
}

/// Seconds since midnight.
fn clock(text: &str) -> Option<i128> {
    let mut parts = text.split(':');
    let mut part = |digits: std::ops::RangeInclusive<usize>, below: i128| {
        let part = parts.next()?;
        let is_number = digits.contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit());
        part.parse().ok().filter(|number: &i128| is_number && *number < below)
    };
    let (hours, minutes) = (part(1..=2, 24)?, part(2..=2, 60)?);
    let seconds = if text.matches(':').count() == 1 { 0 } else { part(2..=2, 60)? };
    parts.next().is_none().then_some((hours * 60 + minutes) * 60 + seconds)
}
