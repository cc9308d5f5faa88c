//! A log that is read at any place: a block by its number, an entry by the block that holds it.
//!
//! Blocks stand at offsets that follow from their numbers, so a place is found by some twenty looks
//! at block headers, without an index. **What is believed:** a header whose checksum and number fit,
//! until the block is read; a block that is read must follow from the header before it and is checked
//! as [`Reader`] checks it, but for the tree over heads before it. That the whole chain up to there is
//! whole shows only a reader from the start.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::block::{
    BLOCK_BYTES, BLOCK_HEADER_BYTES, Block, BlockHeader, Chain, Cursor, PAYLOAD_BYTES_MAX,
};
use crate::chain::Digest;
use crate::entry::Entry;
use crate::error::{Damage, LogError, Place, Subject};
use crate::header::{self, Header};
use crate::limits::{LimitName, ReadLimits};
use crate::reader::{Behind, Reader, check_tail};
use crate::source::{Source, Stream};
use crate::tail::{self, Beginning};

/// A log with random access.
#[derive(Debug)]
pub struct Archive<S> {
    source: S,
    limits: ReadLimits,
    tail: Vec<u8>,
    header: Header,
    /// Whether the tail continues a block that others follow.
    is_tail_stale: bool,
    /// The header of the last sealed block.
    last: Option<BlockHeader>,
    open: Option<Block>,
    is_ended: bool,
    /// Headers read lately, which the next search will ask for again.
    headers: RefCell<BTreeMap<u64, BlockHeader>>,
    /// Headers and blocks read.
    reads: Cell<u64>,
}

/// Headers that are looked at for the last good entry before damage.
const LOOKED_BACK: usize = 64;
/// Most headers that are remembered: those of a few searches.
const REMEMBERED: usize = 256;

impl<S: Source + Clone> Archive<S> {
    /// Reads the header and the last blocks of a log. `tail` is the content of `LOG.tail`, empty where
    /// there is none.
    ///
    /// # Errors
    /// As [`Reader::open`] and [`Reader::next_block`], for the header and the end of the log.
    pub fn open(source: S, tail: Vec<u8>, limits: ReadLimits) -> Result<Self, LogError> {
        let header = header::read(&mut Stream::new(source.clone(), 0))?;
        limits.check(&header)?;
        check_tail(&tail)?;
        let bytes = source.size().map_err(LogError::io(Subject::Log))?;
        limits.check_one(LimitName::LogBytes, bytes)?;
        let slots = bytes.saturating_sub(header.bytes) / BLOCK_BYTES as u64;
        let mut archive = Self {
            source,
            limits,
            tail,
            header,
            is_tail_stale: false,
            last: None,
            open: None,
            is_ended: false,
            headers: RefCell::default(),
            reads: Cell::new(0),
        };
        let start = slots.saturating_sub(1);
        archive.is_tail_stale = archive.has_sealed_tail(start);
        let mut reader = archive.reader_behind(start)?;
        while let Some(block) = reader.next_block()? {
            archive.last = block.header.or(archive.last);
            archive.count_read();
        }
        archive.is_tail_stale = reader.is_tail_stale();
        archive.is_ended = reader.is_ended();
        archive.open = reader.open_block().cloned();
        Ok(archive)
    }

    /// The log's header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Sealed blocks.
    pub fn blocks(&self) -> u64 {
        self.last.map_or(0, |last| last.number)
    }

    /// Entries, those of the open block included.
    pub fn entries(&self) -> u64 {
        match &self.open {
            Some(open) => open.first + u64::from(open.count) - 1,
            None => self.last.map_or(0, |last| last.last()),
        }
    }

    /// Whether the log has its `End`.
    pub const fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// The open block, where it has entries.
    pub const fn open_block(&self) -> Option<&Block> {
        self.open.as_ref()
    }

    /// How many block headers and blocks were read so far.
    pub const fn reads(&self) -> u64 {
        self.reads.get()
    }

    /// The seal behind a sealed block; that of the file header for number 0.
    ///
    /// # Errors
    /// As [`Archive::block_header`].
    pub fn seal(&self, number: u64) -> Result<Digest, LogError> {
        if number == 0 {
            return Ok(self.header.seal);
        }
        Ok(self.block_header(number)?.seal)
    }

    /// What a sealed block says of itself, believed as it stands. Cost: one read, none for a header
    /// that was read lately.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when its checksum, its fields or its number do not fit, or it is not
    /// there; [`LogError::Io`].
    pub fn block_header(&self, number: u64) -> Result<BlockHeader, LogError> {
        if let Some(header) = self.headers.borrow().get(&number) {
            return Ok(*header);
        }
        self.count_read();
        match self.try_block_header(number).map_err(LogError::io(Subject::Log))? {
            Ok(header) => {
                let mut headers = self.headers.borrow_mut();
                if REMEMBERED <= headers.len() {
                    headers.clear();
                }
                headers.insert(number, header);
                Ok(header)
            }
            Err(what) => Err(self.damaged(number, what)),
        }
    }

    fn try_block_header(&self, number: u64) -> std::io::Result<Result<BlockHeader, Damage>> {
        let mut bytes = [0; BLOCK_HEADER_BYTES];
        let have = self.source.read_all_at(self.offset(number), &mut bytes)?;
        if have < BLOCK_HEADER_BYTES {
            return Ok(Err(Damage::Field));
        }
        let header = BlockHeader::decode(&bytes);
        Ok(header.and_then(|header| {
            let is_right = header.number == number && number <= header.first;
            if is_right { Ok(header) } else { Err(Damage::Sequence) }
        }))
    }

    /// Where something is wrong with a block. The last good entry is that of the nearest header before
    /// it that can be read.
    fn place(&self, number: u64) -> Place {
        let before = (1..number)
            .rev()
            .take(LOOKED_BACK)
            .find_map(|before| self.try_block_header(before).ok()?.ok());
        let good = before.map_or(0, |header| header.last());
        Place { subject: Subject::Log, offset: self.offset(number), block: number, good }
    }

    /// Something is wrong with a block.
    pub(crate) fn damaged(&self, number: u64, what: Damage) -> LogError {
        LogError::Damaged { place: self.place(number), what }
    }

    /// The log has fewer entries than it had when it was opened.
    pub(crate) fn shrunk(&self) -> LogError {
        self.damaged(self.blocks(), Damage::Shrunk)
    }

    /// Offset of a block.
    const fn offset(&self, number: u64) -> u64 {
        let before = number.saturating_sub(1).saturating_mul(BLOCK_BYTES as u64);
        self.header.bytes.saturating_add(before)
    }

    /// The number of the block that holds an entry, the open one included; `None` behind the last
    /// entry, and for number 0. Cost: O(log blocks) reads.
    ///
    /// # Errors
    /// As [`Archive::block_header`].
    pub fn find(&self, entry: u64) -> Result<Option<u64>, LogError> {
        if entry == 0 || self.entries() < entry {
            return Ok(None);
        }
        let holds_later = |header: &BlockHeader| entry <= header.last();
        self.first_block(holds_later).map(Some)
    }

    /// The first sealed block for whose header something holds that goes on to hold for all later
    /// ones; the number behind the last sealed block when it holds for none. Cost: O(log blocks)
    /// reads.
    ///
    /// # Errors
    /// As [`Archive::block_header`].
    pub fn first_block(&self, holds: impl Fn(&BlockHeader) -> bool) -> Result<u64, LogError> {
        match &self.last {
            Some(last) if holds(last) => {}
            Some(_) | None => return Ok(self.blocks() + 1),
        }
        first(self.blocks(), |number| Ok(holds(&self.block_header(number)?)))
    }

    /// A block by its number, checked against the header before it; the open one too. `None` behind
    /// the last.
    ///
    /// # Errors
    /// As [`Reader::next_block`] and [`Archive::block_header`].
    pub fn block(&self, number: u64) -> Result<Option<Block>, LogError> {
        if number == 0 {
            return Ok(None);
        }
        if self.blocks() < number {
            let is_open = |open: &&Block| open.number == number;
            return Ok(self.open.as_ref().filter(is_open).cloned());
        }
        let mut reader = self.reader_behind(number.saturating_sub(1))?;
        self.count_read();
        Ok(reader.next_block()?.cloned())
    }

    /// An entry by its number; `None` behind the last, and for number 0. Cost: that of
    /// [`Archive::find`], and its block up to there.
    ///
    /// # Errors
    /// As [`Archive::block`]; [`LogError::Damaged`] for entries that cannot be read.
    pub fn entry(&self, number: u64) -> Result<Option<Entry>, LogError> {
        let Some(found) = self.find(number)? else { return Ok(None) };
        let Some(block) = self.block(found)? else { return Ok(None) };
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        for _ in block.first..=number {
            let read = cursor.next(&block, &mut entry);
            read.map_err(|what| self.damaged(found, what))?;
        }
        Ok(Some(entry))
    }

    /// A reader that goes on behind a sealed block; number 0 is the start.
    ///
    /// # Errors
    /// As [`Archive::block_header`].
    pub fn reader_behind(&self, number: u64) -> Result<Reader<Stream<S>>, LogError> {
        if number == 0 {
            return Ok(self.reader(Chain::new(self.header.seal), 0));
        }
        Ok(self.reader_behind_header(&self.block_header(number)?))
    }

    /// A reader that goes on behind the block with this header.
    pub(crate) fn reader_behind_header(&self, header: &BlockHeader) -> Reader<Stream<S>> {
        let room = PAYLOAD_BYTES_MAX - header.payload_bytes as usize;
        self.reader(Chain::behind(header), room)
    }

    /// The same behind a block that was replayed, since so many entries without a state digest.
    pub(crate) fn reader_behind_passed(
        &self,
        header: &BlockHeader,
        since_state: u64,
    ) -> Reader<Stream<S>> {
        let room = PAYLOAD_BYTES_MAX - header.payload_bytes as usize;
        let mut chain = Chain::behind(header);
        chain.since_state = since_state;
        self.reader(chain, room)
    }

    fn reader(&self, chain: Chain, room: usize) -> Reader<Stream<S>> {
        let offset = self.offset(chain.blocks + 1);
        let source = Stream::new(self.source.clone(), offset);
        let Self { is_tail_stale, limits, .. } = *self;
        let place = Behind { chain, offset, room, is_tail_stale, limits };
        Reader::behind(source, self.tail.clone(), self.header.clone(), place)
    }

    /// Whether the tail continues a block before this one: then it was sealed long ago.
    fn has_sealed_tail(&self, start: u64) -> bool {
        let Beginning::Continues(seal) = tail::beginning(&self.tail) else { return false };
        let is_of = |number| self.seal(number).is_ok_and(|found| found == seal);
        // Those are the last ones, which the reader of the end sees itself.
        let is_recent = is_of(start + 1) || is_of(start);
        !is_recent && (0..start).rev().any(is_of)
    }

    fn count_read(&self) {
        self.reads.set(self.reads.get() + 1);
    }
}

/// The first of the numbers 1 to `last` for which something holds that holds for the last one, and
/// for every one behind the first. One order of halving for all searches, so that they ask for the
/// same headers.
pub(crate) fn first(
    last: u64,
    mut holds: impl FnMut(u64) -> Result<bool, LogError>,
) -> Result<u64, LogError> {
    let (mut low, mut high) = (1, last);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
