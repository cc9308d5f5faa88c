//! The text of a checkpoint: how far a log had come. FORMAT.md §15 of the log format.

use std::fmt;

use replay::Digest;

use crate::base64;

/// How the first line begins; the log's header digest follows.
const ORIGIN: &str = "replay/";

/// A border of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Digest of the log's header, which no other run has.
    pub origin: Digest,
    /// Entries up to the border.
    pub entries: u64,
    /// Seal of the block that ends there; the header digest where no block is sealed.
    pub seal: Digest,
    /// Number of that block, 0 where none is sealed.
    pub block: u64,
    /// Its head; zeros where none is sealed.
    pub head: Digest,
}

/// A text that is no checkpoint of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {form} belongs there")]
pub struct NotACheckpoint {
    /// Which line, from 1.
    pub line: usize,
    /// What belongs there.
    pub form: &'static str,
}

/// What belongs on each line.
const FORMS: [&str; 5] = [
    "`replay/` and a header digest in 64 hexadecimal digits",
    "a number of entries",
    "a seal, 32 bytes in base64",
    "`block` and a number",
    "`head` and a digest in 64 hexadecimal digits",
];

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, entries, seal, block, head } = self;
        let seal = base64::encode(&seal.0);
        write!(f, "{ORIGIN}{origin}\n{entries}\n{seal}\nblock {block}\nhead {head}\n")
    }
}

impl Checkpoint {
    /// Reads the text of a note. Lines behind those that are known are passed over.
    ///
    /// # Errors
    /// [`NotACheckpoint`], for the first line of another form.
    pub fn parse(text: &str) -> Result<Self, NotACheckpoint> {
        let mut lines = text.lines();
        let mut index = 0;
        let mut take = || {
            let form = FORMS[index];
            index += 1;
            (lines.next(), NotACheckpoint { line: index, form })
        };
        let (line, bad) = take();
        let origin = line.and_then(|line| digest(line.strip_prefix(ORIGIN)?)).ok_or(bad)?;
        let (line, bad) = take();
        let entries = line.and_then(number).ok_or(bad)?;
        let (line, bad) = take();
        let seal = line.and_then(base64::decode).and_then(|seal| seal.try_into().ok());
        let seal = Digest(seal.ok_or(bad)?);
        let (line, bad) = take();
        let block = line.and_then(|line| number(line.strip_prefix("block ")?)).ok_or(bad)?;
        let (line, bad) = take();
        let head = line.and_then(|line| digest(line.strip_prefix("head ")?)).ok_or(bad)?;
        Ok(Self { origin, entries, seal, block, head })
    }
}

/// A decimal number as it is written: digits, no zero before them.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A digest as it is written: in lower case.
fn digest(text: &str) -> Option<Digest> {
    let digest: Digest = text.parse().ok()?;
    (digest.to_string() == text).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKPOINT: Checkpoint = Checkpoint {
        origin: Digest([0xab; 32]),
        entries: 120,
        seal: Digest([2; 32]),
        block: 3,
        head: Digest([4; 32]),
    };

    #[test]
    fn a_checkpoint_reads_what_it_writes() {
        let text = CHECKPOINT.to_string();
        assert_eq!(Checkpoint::parse(&text), Ok(CHECKPOINT));
        assert_eq!(Checkpoint::parse(&(text + "more\n")), Ok(CHECKPOINT));
    }

    #[test]
    fn the_first_wrong_line_is_named() {
        let text = CHECKPOINT.to_string();
        for (from, to, line) in [
            ("replay/", "other/", 1),
            ("abab\n", "abaB\n", 1),
            ("120", "0120", 2),
            ("120", "+120", 2),
            ("120", "", 2),
            ("AgI=", "AgJ=", 3),
            ("AgI=", "AgIC", 3),
            ("block 3", "block -3", 4),
            ("block 3\n", "", 4),
            ("head ", "Head ", 5),
            ("head 0404", "head 04", 5),
        ] {
            let refused = Checkpoint::parse(&text.replacen(from, to, 1));
            assert_eq!(refused.map_err(|bad| bad.line), Err(line), "{from} -> {to}");
        }
        assert_eq!(Checkpoint::parse("").map_err(|bad| bad.line), Err(1));
    }
}
