//! Looks for marks, which needs no replay: entries are read, block by block.

use replay::block::Cursor;
use replay::{Entry, LogError, Mark, MarkName};

use super::keys::Way;
use super::session::Session;

/// Blocks that are read before the screen and the keyboard have their turn.
const BLOCKS: u32 = 32;

/// A look for a mark under way.
#[derive(Debug)]
pub(super) struct MarkScan {
    pub(super) way: Way,
    /// Behind this entry going forward, before it going back.
    origin: u64,
    /// Of this name, and this number if one is given.
    wanted: Option<(MarkName, Option<u64>)>,
    left: u64,
    block: u64,
    found: Option<(u64, Mark)>,
}

/// What a look for a mark came to: the mark, and how many of those asked for are missing.
pub(super) type MarkFound = (Option<(u64, Mark)>, u64);

impl MarkScan {
    /// Looks from an entry for the so-manieth mark.
    pub(super) fn new(
        session: &Session,
        (way, count): (Way, u64),
        origin: u64,
    ) -> Result<Self, LogError> {
        let entry = match way {
            Way::Forward => origin,
            Way::Back => origin.saturating_sub(1),
        };
        let block = session.block_of(entry)?;
        Ok(Self { way, origin, wanted: None, left: count.max(1), block, found: None })
    }

    /// The first mark of this name in the log.
    pub(super) fn named(name: MarkName, number: Option<u64>) -> Self {
        let wanted = Some((name, number));
        Self { way: Way::Forward, origin: 0, wanted, left: 1, block: 1, found: None }
    }

    /// The entry at which it is, for progress.
    pub(super) fn place(&self, session: &Session) -> u64 {
        session.first_of(self.block.max(1)).unwrap_or(0)
    }

    /// Reads some blocks; `None` while there are more.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(super) fn slice(&mut self, session: &Session) -> Result<Option<MarkFound>, LogError> {
        for _ in 0..BLOCKS {
            let block = match self.block {
                0 => None,
                number => session.seeker.archive().block(number)?,
            };
            let Some(block) = block else {
                return Ok(Some((self.found.take(), self.left)));
            };
            let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
            let mut marks = Vec::new();
            // A bad entry ends the block: a replay says so in its turn.
            while matches!(cursor.next(&block, &mut entry), Ok(true)) {
                let number = block.first + u64::from(cursor.read()) - 1;
                if let Entry::Mark(mark) = &entry
                    && self.counts(number, mark)
                {
                    marks.push((number, mark.clone()));
                }
            }
            if self.way == Way::Back {
                marks.reverse();
            }
            for mark in marks {
                self.left -= 1;
                self.found = Some(mark);
                if self.left == 0 {
                    return Ok(Some((self.found.take(), 0)));
                }
            }
            self.block = match self.way {
                Way::Forward => self.block + 1,
                Way::Back => self.block - 1,
            };
        }
        Ok(None)
    }

    /// That there is none, for somebody at an entry.
    pub(super) fn words(&self, here: u64) -> String {
        match (&self.wanted, self.way) {
            (Some((name, Some(number))), _) => format!("there is no mark @{name}:{number}"),
            (Some((name, None)), _) => format!("there is no mark @{name}"),
            (None, Way::Forward) => format!("no mark behind entry {here}"),
            (None, Way::Back) => format!("no mark before entry {here}"),
        }
    }

    fn counts(&self, number: u64, mark: &Mark) -> bool {
        let is_there = match self.way {
            Way::Forward => self.origin < number,
            Way::Back => number < self.origin,
        };
        let is_wanted = self.wanted.as_ref().is_none_or(|(name, wanted)| {
            mark.name == *name && wanted.is_none_or(|wanted| wanted == mark.number)
        });
        is_there && is_wanted
    }
}
