//! Goes on reading a log that grows.
//!
//! What is not whole yet is no error then: a block that is half appended, a tail whose last frame is
//! under way, a tail of another moment than the blocks that were read. It is looked at again the next
//! time.

use crate::block::{BLOCK_HEADER_BYTES, BlockHeader};
use crate::chain::Digest;
use crate::error::{Damage, LogError, Place, Subject};
use crate::header;
use crate::reader::{Reader, Stage, check_tail};
use crate::source::{Source, Stream};
use crate::tail::{self, Beginning};

/// The last sealed block that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sealed {
    pub(super) header: BlockHeader,
    pub(super) offset: u64,
    /// Seal of the block before it.
    pub(super) seal_before: Digest,
}

/// What a reader keeps of a log that grows.
#[derive(Debug, Default)]
pub(super) struct Growth {
    /// Whether what is not whole is under way.
    pub(super) is_growing: bool,
    /// Why the bytes behind the last that were read cannot be read.
    pub(super) not_yet: Option<LogError>,
    pub(super) last: Option<Sealed>,
}

impl Growth {
    /// Puts off an error that may be gone the next time.
    pub(super) fn put_off(&mut self, error: LogError) -> Result<(), LogError> {
        let is_under_way = match &error {
            LogError::Damaged { place, .. } => place.subject == Subject::Tail,
            LogError::Torn { .. }
            | LogError::TornToZeros { .. }
            | LogError::TornUnsynced { .. }
            | LogError::TornFrame { .. } => true,
            LogError::NotALog
            | LogError::UnsupportedFormat { .. }
            | LogError::UnsupportedKernel { .. }
            | LogError::HeaderCut { .. }
            | LogError::HeaderDigest
            | LogError::Genesis(_)
            | LogError::Limit { .. }
            | LogError::Io { .. }
            | LogError::UnwritableGenesis(_)
            | LogError::Unwritable(_)
            | LogError::Fits { .. }
            | LogError::Closed
            | LogError::Ended => false,
        };
        if !self.is_growing || !is_under_way {
            return Err(error);
        }
        self.not_yet = Some(error);
        Ok(())
    }
}

impl<S: Source> Reader<Stream<S>> {
    /// From now on takes what is not whole for what is under way.
    #[must_use]
    pub const fn growing(mut self) -> Self {
        self.growth.is_growing = true;
        self
    }

    /// Why there are bytes that cannot be read yet, where there are some. When they stay as they are,
    /// nobody is writing them.
    pub const fn not_yet(&self) -> Option<&LogError> {
        self.growth.not_yet.as_ref()
    }

    /// Goes on behind the last sealed block that was read. [`Reader::next_block`] gives what has come
    /// since, and the open block anew, with its first entries again: it may be sealed by now.
    ///
    /// * `tail` - the content of `LOG.tail`, read before this call: a tail is never ahead of its log
    ///   then.
    ///
    /// Also behind an error, to try again. Cost: one read, besides that of what is new.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when the log is shorter than it was, or the last block that was read is
    /// another; [`LogError::Limit`] for a tail that is too long; [`LogError::Io`].
    pub fn refresh(&mut self, tail: Vec<u8>) -> Result<(), LogError> {
        check_tail(&tail)?;
        self.check_unchanged()?;
        let beginning = tail::beginning(&tail);
        // A tail that was stale stays so; one that continues the block before the last has become it.
        let is_old = self.growth.last.is_some_and(|Sealed { seal_before, .. }| {
            beginning == Beginning::Continues(seal_before)
        });
        self.is_tail_stale = is_old || self.is_tail_stale && beginning == self.beginning;
        self.beginning = beginning;
        self.tail = tail;
        self.growth.is_growing = true;
        self.growth.not_yet = None;
        if self.stage != Stage::Ended {
            self.stage = Stage::Sealed;
            self.is_block_open = false;
            self.tail_is_current = false;
            self.source.go_to(self.offset);
        }
        Ok(())
    }

    /// What was read is still there.
    fn check_unchanged(&self) -> Result<(), LogError> {
        let source = self.source.source();
        let size = source.size().map_err(LogError::io(Subject::Log))?;
        if size < self.offset {
            return Err(self.damaged_before(size, Damage::Shrunk));
        }
        let is_same = match &self.growth.last {
            Some(Sealed { header, offset, .. }) => {
                let mut bytes = [0; BLOCK_HEADER_BYTES];
                source.read_all_at(*offset, &mut bytes).map_err(LogError::io(Subject::Log))?;
                bytes == header.encode()
            }
            None => header::read(&mut Stream::new(source, 0))? == self.header,
        };
        let offset = self.growth.last.map_or(0, |last| last.offset);
        if is_same { Ok(()) } else { Err(self.damaged_before(offset, Damage::Changed)) }
    }

    const fn damaged_before(&self, offset: u64, what: Damage) -> LogError {
        let (block, good) = (self.chain.blocks, self.chain.entries);
        LogError::Damaged { place: Place { subject: Subject::Log, offset, block, good }, what }
    }
}
