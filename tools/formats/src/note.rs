//! Signed notes (C2SP signed-note): a text and lines that sign it. Nothing here is computed or
//! verified: FORMAT.md §15 of the log format gives the form.

use std::fmt;
use std::str::FromStr;

use crate::base64;

/// Longest note that is read.
pub const NOTE_BYTES_MAX: usize = 1 << 16;
/// Most signature lines of a note.
pub const SIGNATURES_MAX: usize = 16;
/// Longest name of a key, in bytes.
pub const KEY_NAME_BYTES_MAX: usize = 128;
/// How a signature line begins: an em dash and a space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// The name of a key: some text without blanks, `+` and control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyName(String);

/// A text that is no name of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key's name is 1 to {KEY_NAME_BYTES_MAX} bytes without blanks, `+` and control characters"
)]
pub struct NotAKeyName;

impl FromStr for KeyName {
    type Err = NotAKeyName;

    fn from_str(text: &str) -> Result<Self, NotAKeyName> {
        let is_bad = |c: char| c == '+' || c.is_whitespace() || c.is_control();
        if text.is_empty() || KEY_NAME_BYTES_MAX < text.len() || text.contains(is_bad) {
            return Err(NotAKeyName);
        }
        Ok(Self(text.to_owned()))
    }
}

impl KeyName {
    /// The name as it stands in files.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name as a terminal may show it: what only looks like another name is escaped.
impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_debug())
    }
}

/// A line that signs a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    /// Whose key.
    pub name: KeyName,
    /// The key's id, by which keys of one name are told apart.
    pub id: [u8; 4],
    /// What the key's algorithm made of the text.
    pub signature: Vec<u8>,
}

/// A text and the lines that sign it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is signed: lines, each with its end.
    pub text: String,
    /// In their order.
    pub signatures: Vec<SignatureLine>,
}

/// Why bytes are no signed note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// More bytes than a note may have.
    #[error("it is longer than {NOTE_BYTES_MAX} bytes")]
    TooLong,
    /// Bytes that are no text, or control characters in it.
    #[error("it is no UTF-8 text without control characters")]
    NotText,
    /// No empty line with signature lines behind it.
    #[error("no empty line and signature lines end it")]
    NoSignature,
    /// More signature lines than a note may have.
    #[error("it has more than {SIGNATURES_MAX} signature lines")]
    TooMany,
    /// A signature line of another form.
    #[error("line {line} is no signature line: `\u{2014} NAME BASE64`")]
    SignatureLine {
        /// Which line, from 1.
        line: usize,
    },
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// Every [`NoteError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if NOTE_BYTES_MAX < bytes.len() {
            return Err(NoteError::TooLong);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotText)?;
        if note.contains(|c: char| c.is_control() && c != '\n') {
            return Err(NoteError::NotText);
        }
        // The text ends with the last empty line, and keeps the line end before it.
        let at = note.rfind("\n\n").ok_or(NoteError::NoSignature)?;
        let (text, lines) = note.split_at(at + 1);
        let lines = lines.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
        let lines = lines.ok_or(NoteError::NoSignature)?;
        let before = text.lines().count() + 1;
        let mut signatures = Vec::new();
        for (index, line) in lines.split('\n').enumerate() {
            if signatures.len() == SIGNATURES_MAX {
                return Err(NoteError::TooMany);
            }
            let parsed = SignatureLine::parse(line);
            signatures.push(parsed.ok_or(NoteError::SignatureLine { line: before + index + 1 })?);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for SignatureLine { name, id, signature } in &self.signatures {
            let encoded = base64::encode(&[&id[..], signature].concat());
            writeln!(f, "{SIGNATURE_PREFIX}{} {encoded}", name.as_str())?;
        }
        Ok(())
    }
}

impl SignatureLine {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
        let bytes = base64::decode(encoded)?;
        let (id, signature) = bytes.split_first_chunk()?;
        if signature.is_empty() {
            return None;
        }
        Some(Self { name: name.parse().ok()?, id: *id, signature: signature.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> Note {
        let line = |name: &str, byte| SignatureLine {
            name: name.parse().expect("a name"),
            id: [byte; 4],
            signature: vec![byte; 64],
        };
        Note { text: "one\n\ntwo\n".to_owned(), signatures: vec![line("a", 1), line("b/c", 2)] }
    }

    #[test]
    fn a_note_reads_what_it_writes() {
        let text = note().to_string();
        assert_eq!(Note::parse(text.as_bytes()), Ok(note()));
        assert!(text.starts_with("one\n\ntwo\n\n\u{2014} a AQEBAQ"));
    }

    #[test]
    fn every_other_form_is_refused() {
        let text = note().to_string();
        let parse = |text: &str| Note::parse(text.as_bytes());
        let line = |line| Err(NoteError::SignatureLine { line });
        assert_eq!(parse(&text.replace("\u{2014} b", "- b")), line(6));
        assert_eq!(parse(&text.replace("\u{2014} a ", "\u{2014} a+ ")), line(5));
        assert_eq!(parse(&text.replace("AQEBAQ", "AQEBA!")), line(5));
        assert_eq!(parse("x\n\n\u{2014} a AQEBAQ==\n"), line(3), "an id and no signature");
        assert_eq!(parse("x\n\n\n"), Err(NoteError::NoSignature));
        assert_eq!(parse(text.trim_end()), Err(NoteError::NoSignature));
        assert_eq!(parse("x\n"), Err(NoteError::NoSignature));
        assert_eq!(parse(""), Err(NoteError::NoSignature));
        assert_eq!(parse(&text.replace("two", "t\two")), Err(NoteError::NotText));
        assert_eq!(parse(&text.replace('\n', "\r\n")), Err(NoteError::NotText));
        assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::NotText));
        assert_eq!(Note::parse(&vec![b'x'; NOTE_BYTES_MAX + 1]), Err(NoteError::TooLong));
        let (head, last) = text.split_at(text.rfind('\u{2014}').unwrap_or_default());
        assert_eq!(parse(&(head.to_owned() + &last.repeat(16))), Err(NoteError::TooMany));
        assert!(parse(&(head.to_owned() + &last.repeat(15))).is_ok());
    }

    #[test]
    fn names_are_of_one_word() {
        for name in ["", "a b", "a+b", "a\tb", "a\u{a0}b", &"x".repeat(129)] {
            assert_eq!(name.parse::<KeyName>(), Err(NotAKeyName), "{name}");
        }
        let name: KeyName = "märkt/\u{202e}a".parse().expect("a name");
        assert_eq!(name.to_string(), "märkt/\\u{202e}a");
    }
}
