//! Where in a log: the positions that users write, and the entries that they mean.

use std::fmt;
use std::str::FromStr;

use kernel::{Command, Step, TimeNs};

use crate::archive::Archive;
use crate::block::{Block, BlockHeader, Cursor};
use crate::entry::{Entry, MarkName};
use crate::error::LogError;
use crate::source::Source;

/// A moment of a log: right behind one of its entries, or before the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// `1234` or `#1234`: behind this entry; 0 is before the first.
    Entry(u64),
    /// `b:812`: behind the last entry of this block.
    Block(u64),
    /// `t:…`: behind the last entry of this logical time or an earlier one.
    Time(TimeNs),
    /// `s:8000`: behind the last entry of this step or an earlier one.
    Step(Step),
    /// `@crash-start`, `@row:17`: behind this mark; without a number, the first of its name.
    Mark(MarkName, Option<u64>),
    /// `-10`: so many entries before the end.
    BeforeEnd(u64),
    /// `end`: behind the last entry.
    End,
}

/// The forms of a position, for help texts.
pub const POSITIONS_HELP: &str = "\
N or #N entry (0 is before the first), b:N block, s:STEP, @MARK or @MARK:NUMBER, -N before the end, \
end, t:TIME in nanoseconds, with a unit (t:90s, t:1500ms) or as a time of day (t:14:45, t:9:30:00.5)";

/// A text that is no position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no position: {POSITIONS_HELP}")]
pub struct NotAPosition {
    /// The text.
    pub text: String,
}

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        parse(text).ok_or_else(|| NotAPosition { text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<Position> {
    if text == "end" {
        return Some(Position::End);
    }
    if let Some(name) = text.strip_prefix('@') {
        let (name, number) = match name.split_once(':') {
            Some((name, number)) => (name, Some(digits(number)?)),
            None => (name, None),
        };
        return Some(Position::Mark(name.parse().ok()?, number));
    }
    if let Some(number) = text.strip_prefix('-') {
        return digits(number).map(Position::BeforeEnd);
    }
    if let Some(number) = text.strip_prefix("b:") {
        return digits(number).map(Position::Block);
    }
    if let Some(number) = text.strip_prefix("s:") {
        return digits(number).map(|step| Position::Step(Step(step)));
    }
    if let Some(time) = text.strip_prefix("t:") {
        return parse_time(time).map(|time| Position::Time(TimeNs(time)));
    }
    digits(text.strip_prefix('#').unwrap_or(text)).map(Position::Entry)
}

/// Digits alone, with `_` between them at most: no sign, nothing empty.
fn digits(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if is_number { digits.parse().ok() } else { None }
}

const UNITS: [(&str, u64); 4] = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

/// Nanoseconds, a number with a unit, or a time of day.
fn parse_time(text: &str) -> Option<u64> {
    if let Some((hours, rest)) = text.split_once(':') {
        let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
        let (hours, minutes) = (digits(hours)?, digits(minutes)?);
        let seconds = parse_decimal(seconds, 1_000_000_000)?;
        let is_clock = minutes < 60 && seconds < 60_000_000_000;
        let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
        let time = minutes.checked_mul(60_000_000_000)?.checked_add(seconds);
        return if is_clock { time } else { None };
    }
    for (unit, nanoseconds) in UNITS {
        if let Some(number) = text.strip_suffix(unit) {
            return parse_decimal(number, nanoseconds);
        }
    }
    digits(text)
}

/// A decimal number times a power of ten, which must come out whole.
fn parse_decimal(text: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut value = digits(whole)?.checked_mul(unit)?;
    let mut place = unit;
    for digit in fraction.bytes() {
        let digit = u64::from(char::from(digit).to_digit(10)?);
        if digit == 0 {
            place /= 10;
            continue;
        }
        place /= 10;
        value = value.checked_add(digit.checked_mul(place).filter(|part| *part != 0)?)?;
    }
    if fraction.is_empty() { None } else { Some(value) }
}

/// Canonical text, which [`str::parse`] reads as this position.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(number) => write!(f, "{number}"),
            Self::Block(number) => write!(f, "b:{number}"),
            Self::Time(time) => write!(f, "t:{time}"),
            Self::Step(step) => write!(f, "s:{step}"),
            Self::Mark(name, None) => write!(f, "@{name}"),
            Self::Mark(name, Some(number)) => write!(f, "@{name}:{number}"),
            Self::BeforeEnd(number) => write!(f, "-{number}"),
            Self::End => f.write_str("end"),
        }
    }
}

/// Why a position has no place in a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PositionError {
    /// It lies behind the end.
    #[error("{position} is behind the end of the log: {last}")]
    BehindEnd {
        /// The position.
        position: Position,
        /// The last entry, block, time or step, in words.
        last: String,
    },
    /// It lies before the start.
    #[error("{position} is before the start of the log, which has {entries} entries")]
    BeforeStart {
        /// The position.
        position: Position,
        /// Entries of the log.
        entries: u64,
    },
    /// There is no such mark.
    #[error("there is no mark {position} in the log")]
    NoMark {
        /// The position.
        position: Position,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl Position {
    /// The number of the entry behind which the position lies; 0 before the first.
    ///
    /// Cost: O(log blocks) reads and at most one block decoded; a mark is looked for from the start.
    ///
    /// # Errors
    /// [`PositionError`].
    pub fn resolve<S: Source + Clone>(&self, log: &Archive<S>) -> Result<u64, PositionError> {
        let entries = log.entries();
        let behind = |last: String| PositionError::BehindEnd { position: self.clone(), last };
        let last_entry = || format!("its last entry is {entries}");
        match self {
            Self::Entry(number) if *number <= entries => Ok(*number),
            Self::Entry(_) => Err(behind(last_entry())),
            Self::BeforeEnd(number) => {
                let before = || PositionError::BeforeStart { position: self.clone(), entries };
                entries.checked_sub(*number).ok_or_else(before)
            }
            Self::End => Ok(entries),
            Self::Block(0) => Ok(0),
            Self::Block(number) => block_end(log, *number)?
                .ok_or_else(|| behind(format!("its last block is {}", log.blocks()))),
            Self::Time(time) => {
                let found = last_within(log, |at: TimeNs, _| at <= *time)?;
                found.map_err(|(last, _)| behind(format!("its last time is {last} ns")))
            }
            Self::Step(step) => {
                let found = last_within(log, |_, at: Step| at <= *step)?;
                found.map_err(|(_, last)| behind(format!("its last step is {last}")))
            }
            Self::Mark(name, number) => {
                let found = find_mark(log, name, *number)?;
                found.ok_or_else(|| PositionError::NoMark { position: self.clone() })
            }
        }
    }
}

/// The last entry of a block, the open one included.
fn block_end<S: Source + Clone>(log: &Archive<S>, number: u64) -> Result<Option<u64>, LogError> {
    if number <= log.blocks() {
        return Ok(Some(log.block_header(number)?.last()));
    }
    let is_open = log.open_block().is_some_and(|open| open.number == number);
    Ok(is_open.then(|| log.entries()))
}

/// The last entry up to which the clock stays within something; the last time and step if it does so
/// to the end and the end does not lie exactly there.
fn last_within<S: Source + Clone>(
    log: &Archive<S>,
    within: impl Fn(TimeNs, Step) -> bool,
) -> Result<Result<u64, (TimeNs, Step)>, LogError> {
    let leaves = |header: &BlockHeader| !within(header.time, header.step);
    let number = log.first_block(leaves)?;
    let before = if number == 1 { None } else { Some(log.block_header(number - 1)?) };
    let mut clock = before.map_or((TimeNs(0), Step(0)), |header| (header.time, header.step));
    let mut last = before.map_or(0, |header| header.last());
    if let Some(block) = log.block(number)? {
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        while next(&mut cursor, &block, &mut entry) {
            if let Entry::Command(Command::Clock { time, step }) = entry
                && clock.0 <= time
                && clock.1 <= step
            {
                if !within(time, step) {
                    return Ok(Ok(last));
                }
                clock = (time, step);
            }
            last += 1;
        }
    }
    // The whole log lies within: its end is meant only by those who name its last moment.
    let is_last = !within(TimeNs(clock.0.0.saturating_add(1)), Step(clock.1.0.saturating_add(1)));
    Ok(if is_last { Ok(last) } else { Err(clock) })
}

/// The entry of a mark.
fn find_mark<S: Source + Clone>(
    log: &Archive<S>,
    name: &MarkName,
    number: Option<u64>,
) -> Result<Option<u64>, LogError> {
    let mut reader = log.reader_behind(0)?;
    while let Some(block) = reader.next_block()? {
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        while next(&mut cursor, block, &mut entry) {
            if let Entry::Mark(mark) = &entry
                && mark.name == *name
                && number.is_none_or(|number| mark.number == number)
            {
                return Ok(Some(block.first + u64::from(cursor.read()) - 1));
            }
        }
    }
    Ok(None)
}

/// The next entry that can be read; a bad one ends the block, and a replay says so in its turn.
fn next(cursor: &mut Cursor, block: &Block, entry: &mut Entry) -> bool {
    matches!(cursor.next(block, entry), Ok(true))
}
