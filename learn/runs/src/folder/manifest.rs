//! MANIFEST: what a run has come to, as lines of text of one form.
//!
//! ```text
//! replay.run/1
//! config 5f1c…
//! state running
//! aside 0
//! train 371 5f1c… -
//! market 003-0002 42131 5f1c… 51200 5f1c… - kept
//! checkpoint 000010 5f1c…
//! digest 5f1c…
//! ```
//!
//! A log has its entries, its head, and its seal once it has its end. A market has its seed and the
//! seal of its header besides, by which a log is known to be this one, and whether the log is still
//! there. Logs and checkpoints stand in the order of their numbers. The last line is the BLAKE3 digest of
//! those before it, so that a part of a MANIFEST is none.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use replay::Digest;

/// First line, and the version of what follows.
const FORMAT: &str = "replay.run/1";
/// Separates the digest of the last line from every other use of BLAKE3.
const DIGEST_CONTEXT: &str = "replay 2026-11 runs manifest";
/// Longest MANIFEST that is read.
pub const MANIFEST_BYTES_MAX: usize = 1 << 26;
/// Longest reason of a failure.
const REASON_BYTES_MAX: usize = 1_000;

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It goes on, or was interrupted.
    Running,
    /// It has done all its updates.
    Finished,
    /// It cannot go on: why.
    Failed(Reason),
}

/// Why a run cannot go on: one line without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// A reason in so many words; what a line cannot hold is replaced.
    pub fn new(text: &str) -> Self {
        let clean = |char: char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char };
        let mut reason = String::new();
        for char in text.trim().chars().map(clean) {
            if REASON_BYTES_MAX < reason.len() + char.len_utf8() {
                break;
            }
            reason.push(char);
        }
        let reason = reason.trim();
        Self(if reason.is_empty() { "unknown".to_owned() } else { reason.to_owned() })
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Number of an environment and of one of its lives: the name of a market's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarketId {
    /// The environment, from 0.
    pub environment: u32,
    /// Its life, from 1.
    pub life: u32,
}

/// `003-0002`
impl fmt::Display for MarketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}-{:04}", self.environment, self.life)
    }
}

impl FromStr for MarketId {
    type Err = NotAMarket;

    fn from_str(text: &str) -> Result<Self, NotAMarket> {
        let (environment, life) = text.split_once('-').ok_or(NotAMarket)?;
        let number = |text: &str| text.parse().map_err(|_| NotAMarket);
        let id = Self { environment: number(environment)?, life: number(life)? };
        if id.to_string() == text && id.life != 0 { Ok(id) } else { Err(NotAMarket) }
    }
}

/// A text that names no market of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a market is called ENVIRONMENT-LIFE: 003-0002")]
pub struct NotAMarket;

/// How long a log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// Its entries.
    pub entries: u64,
    /// The head over them.
    pub head: Digest,
    /// Its last seal, once it has its end.
    pub seal: Option<Digest>,
}

impl LogEnd {
    /// A log without entries.
    pub const START: Self = Self { entries: 0, head: Digest::ZERO, seal: None };
}

impl From<replay::recorder::Finished> for LogEnd {
    fn from(finished: replay::recorder::Finished) -> Self {
        let replay::recorder::Finished { entries, head, seal, .. } = finished;
        Self { entries, head, seal: Some(seal) }
    }
}

/// A market's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketLog {
    /// Seed of the market.
    pub seed: u64,
    /// Seal of the log's header, which holds its whole genesis.
    pub genesis: Digest,
    /// How far it was when this was written.
    pub end: LogEnd,
    /// Whether it is there.
    pub is_kept: bool,
}

/// What a run has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Digest of the configuration.
    pub config: Digest,
    /// How far the run has come.
    pub state: State,
    /// How often something was set aside.
    pub asides: u32,
    /// Where `train.log` stands.
    pub train: LogEnd,
    /// Every market so far.
    pub markets: BTreeMap<MarketId, MarketLog>,
    /// Digest of every checkpoint's file, by update.
    pub checkpoints: BTreeMap<u64, Digest>,
}

/// Why a text is no MANIFEST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ManifestError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl Manifest {
    /// The manifest of a run that begins.
    pub const fn new(config: Digest) -> Self {
        Self {
            config,
            state: State::Running,
            asides: 0,
            train: LogEnd::START,
            markets: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
        }
    }

    /// The text of a MANIFEST of these lines: with the line of their digest.
    pub fn sealed(lines: &str) -> String {
        format!("{lines}{}", last_line(lines))
    }

    /// Reads a MANIFEST.
    ///
    /// # Errors
    /// [`ManifestError`] with the line, for any text that [`Manifest`] does not print.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let refused = |line, what| ManifestError { line, what };
        if MANIFEST_BYTES_MAX < bytes.len() {
            return Err(refused(1, "too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| refused(1, "not UTF-8"))?;
        if text.lines().next() != Some(FORMAT) {
            return Err(refused(1, "not the manifest of a run, or one of another version"));
        }
        let cut = |what| refused(text.lines().count(), what);
        let (body, _) = text.rsplit_once("digest ").ok_or_else(|| cut("cut before its digest"))?;
        if text != Self::sealed(body) {
            return Err(cut("damaged: its digest does not fit"));
        }
        let mut manifest = Self::new(Digest::ZERO);
        let lines = body.split_terminator('\n').zip(1..).skip(1);
        for (line, number) in lines {
            let fields: Vec<&str> = line.split(' ').collect();
            manifest.take(line, &fields).ok_or_else(|| refused(number, "cannot be read"))?;
        }
        // What was skipped, came twice or in another order, or is written otherwise, shows here.
        let printed = manifest.body();
        if printed != body {
            let same = printed.lines().zip(body.lines()).take_while(|(one, other)| one == other);
            return Err(refused(same.count() + 1, "not in its place or form"));
        }
        Ok(manifest)
    }

    fn take(&mut self, line: &str, fields: &[&str]) -> Option<()> {
        match *fields {
            ["config", digest] => self.config = digest.parse().ok()?,
            ["state", "running"] => self.state = State::Running,
            ["state", "finished"] => self.state = State::Finished,
            ["state", "failed", ..] => {
                let reason = line.strip_prefix("state failed ")?;
                self.state = State::Failed(Reason::new(reason));
            }
            ["aside", count] => self.asides = count.parse().ok()?,
            ["train", entries, head, seal] => self.train = end(entries, head, seal)?,
            ["market", id, seed, genesis, entries, head, seal, kept] => {
                let log = MarketLog {
                    seed: seed.parse().ok()?,
                    genesis: genesis.parse().ok()?,
                    end: end(entries, head, seal)?,
                    is_kept: kept == "kept",
                };
                self.markets.insert(id.parse().ok()?, log);
            }
            ["checkpoint", update, digest] => {
                self.checkpoints.insert(update.parse().ok()?, digest.parse().ok()?);
            }
            _ => return None,
        }
        Some(())
    }
}

fn end(entries: &str, head: &str, seal: &str) -> Option<LogEnd> {
    let seal = if seal == "-" { None } else { Some(seal.parse().ok()?) };
    Some(LogEnd { entries: entries.parse().ok()?, head: head.parse().ok()?, seal })
}

impl fmt::Display for LogEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.entries, self.head)?;
        match self.seal {
            Some(seal) => write!(f, "{seal}"),
            None => f.write_str("-"),
        }
    }
}

/// The line of the digest of others.
fn last_line(body: &str) -> String {
    format!("digest {}\n", Digest(blake3::derive_key(DIGEST_CONTEXT, body.as_bytes())))
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::sealed(&self.body()))
    }
}

impl Manifest {
    /// The lines before the last.
    fn body(&self) -> String {
        let mut body = String::new();
        // Writing to a string does not fail.
        let _ = self.write_body(&mut body);
        body
    }

    fn write_body(&self, f: &mut String) -> fmt::Result {
        writeln!(f, "{FORMAT}\nconfig {}", self.config)?;
        match &self.state {
            State::Running => f.write_str("state running\n")?,
            State::Finished => f.write_str("state finished\n")?,
            State::Failed(reason) => writeln!(f, "state failed {}", reason.0)?,
        }
        writeln!(f, "aside {}\ntrain {}", self.asides, self.train)?;
        for (id, MarketLog { seed, genesis, end, is_kept }) in &self.markets {
            let kept = if *is_kept { "kept" } else { "dropped" };
            writeln!(f, "market {id} {seed} {genesis} {end} {kept}")?;
        }
        for (update, digest) in &self.checkpoints {
            writeln!(f, "checkpoint {update:06} {digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        let mut manifest = Manifest::new(Digest([1; 32]));
        let end = LogEnd { entries: 9, head: Digest([2; 32]), seal: Some(Digest([3; 32])) };
        let log = MarketLog { seed: 7, genesis: Digest([4; 32]), end, is_kept: false };
        manifest.markets.insert(MarketId { environment: 3, life: 2 }, log);
        let open = MarketLog { end: LogEnd { seal: None, ..end }, is_kept: true, ..log };
        manifest.markets.insert(MarketId { environment: 12, life: 10_000 }, open);
        manifest.checkpoints.insert(10, Digest([5; 32]));
        manifest
    }

    #[test]
    fn what_is_printed_is_read_as_the_same() {
        let mut manifest = example();
        for state in [State::Running, State::Finished, State::Failed(Reason::new("a\nb  c"))] {
            manifest.state = state;
            assert_eq!(Manifest::parse(manifest.to_string().as_bytes()), Ok(manifest.clone()));
        }
        insta::assert_snapshot!(manifest);
    }

    #[test]
    fn any_other_text_is_refused() {
        let text = example().to_string();
        for at in 0..text.len() {
            let read = Manifest::parse(&text.as_bytes()[..at]);
            assert!(read.is_err(), "{at} bytes: {read:?}");
        }
        let body = example().body();
        let told = |body: &str| {
            Manifest::parse(Manifest::sealed(body).as_bytes()).unwrap_err().to_string()
        };
        insta::assert_snapshot!(
            [
                told(&body.replace("state running\naside 0\n", "aside 0\nstate running\n")),
                told(&body.replace("kept", "lost")),
                told(&body.replace("000010", "10")),
                told(&body.replace("market 003", "market 3")),
                told(&body.replace("run/1", "run/2")),
                told(&format!("{body}\n")),
                told(&body.replace("state running", "state failed ")),
                told(&body.replace("checkpoint", "digest")),
                Manifest::parse(text.replace("kept", "dropped").as_bytes())
                    .unwrap_err()
                    .to_string(),
                Manifest::parse(body.as_bytes()).unwrap_err().to_string(),
            ]
            .join("\n")
        );
    }
}
