//! Goes on replaying a log that grows: no entry is applied twice.

use std::io::Read;

use crate::block::Cursor;
use crate::error::{Damage, LogError, Place, Subject};
use crate::player::Player;
use crate::source::{Source, Stream};

/// The entries of the open block that were applied.
#[derive(Debug)]
pub(super) struct Seen {
    /// Number of the block's first entry.
    first: u64,
    /// Behind the last of them.
    cursor: Cursor,
    /// Their bytes.
    payload: Vec<u8>,
}

impl<S: Source> Player<Stream<S>> {
    /// Goes on with what has come since [`Player::advance`] returned `None` or an error of the log;
    /// elsewhere nothing happens. [`Player::advance`] then returns the entries that are new, whether
    /// their block is still open or sealed by now, and `None` behind the last.
    ///
    /// A block whose last entry was applied when it was open is compared with what it records as soon
    /// as it is sealed; no [`Moment::closes`](crate::Moment::closes) tells of it.
    ///
    /// * `tail` - the content of `LOG.tail`, read before this call.
    ///
    /// # Errors
    /// As [`Reader::refresh`](crate::Reader::refresh). It may be called again.
    pub fn refresh(&mut self, tail: Vec<u8>) -> Result<(), LogError> {
        if self.is_in_block {
            return Ok(());
        }
        if self.seen.is_none()
            && 0 < self.cursor.read()
            && let Some(open) = self.reader.open_block()
        {
            let payload = self.cursor.passed(open).to_vec();
            self.seen = Some(Seen { first: open.first, cursor: self.cursor.clone(), payload });
        }
        self.reader.refresh(tail)
    }
}

impl<R: Read> Player<R> {
    /// Where to go on in a block that was just read: behind the entries that were applied when it was
    /// open.
    pub(super) fn take_up(&mut self) -> Result<Cursor, LogError> {
        let block = self.reader.block();
        let Some(seen) = &self.seen else { return Ok(Cursor::default()) };
        let is_same = block.first == seen.first
            && seen.cursor.read() <= block.count
            && block.payload().starts_with(&seen.payload);
        if !is_same {
            let place = Place {
                subject: if block.header.is_some() { Subject::Log } else { Subject::Tail },
                offset: block.offset,
                block: block.number,
                good: seen.first - 1,
            };
            return Err(LogError::Damaged { place, what: Damage::Changed });
        }
        let cursor = seen.cursor.clone();
        self.seen = None;
        Ok(cursor)
    }
}
