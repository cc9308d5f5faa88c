//! Reads a log block by block in bounded memory and believes nothing that does not follow.

use std::io::Read;

use crate::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, Block, BlockHeader, Chain, PAYLOAD_BYTES_MAX};
use crate::chain::Digest;
use crate::codec::decode_entry;
use crate::error::{Damage, LogError, Place, Subject};
use crate::header::{self, Header};
use crate::limits::{LimitName, ReadLimits, check_limit};
use crate::slot::Slot;
use crate::tail::{self, Beginning, TAIL_BYTES_MAX};
use crate::zeros;

mod open;
mod refresh;
mod torn;

pub(crate) use open::check_frame;
use refresh::{Growth, Sealed};

/// Where a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// More sealed blocks may follow.
    Sealed,
    /// The open block was read, or there is none.
    Open,
    /// The final block was read.
    Ended,
    /// An error was returned: nothing behind it is read.
    Failed,
}

/// What follows a final block.
#[derive(Debug)]
enum BehindEnd {
    /// Nothing, as it should be; or no final block was read.
    Nothing,
    /// What should not be there.
    Wrong(LogError),
    /// The same, and the caller knows.
    Told,
}

impl BehindEnd {
    /// What is wrong, once.
    fn tell(&mut self) -> Option<LogError> {
        match std::mem::replace(self, Self::Told) {
            Self::Nothing => {
                *self = Self::Nothing;
                None
            }
            Self::Wrong(error) => Some(error),
            Self::Told => None,
        }
    }
}

/// Where a reader goes on.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    /// The chain behind the block before.
    pub(crate) chain: Chain,
    /// Offset behind it.
    pub(crate) offset: u64,
    /// Bytes that were left in it.
    pub(crate) room: usize,
    /// Whether the tail is known to continue a block that others follow.
    pub(crate) is_tail_stale: bool,
    /// What is accepted from here on.
    pub(crate) limits: ReadLimits,
}

/// A log being read.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
    limits: ReadLimits,
    tail: Vec<u8>,
    beginning: Beginning,
    /// Whether the tail continues a seal behind which a sealed block was read: its entries are in
    /// that block.
    is_tail_stale: bool,
    header: Header,
    chain: Chain,
    offset: u64,
    stage: Stage,
    /// Bytes that were left in the last block.
    room: usize,
    /// The block read last.
    block: Block,
    /// Whether that is the open block, as far as it is good, with at least one entry.
    is_block_open: bool,
    /// Whether the tail's frames belong to the open block.
    tail_is_current: bool,
    /// The header of the block that is being read.
    claimed: Option<BlockHeader>,
    behind_end: BehindEnd,
    growth: Growth,
}

impl<R: Read> Reader<R> {
    /// Reads the header. `tail` is the content of `LOG.tail`, empty where there is none.
    ///
    /// # Errors
    /// Those of [`header::read`]; [`LogError::Limit`] for what `limits` refuses and for a tail that is
    /// longer than any.
    pub fn open(mut source: R, tail: Vec<u8>, limits: ReadLimits) -> Result<Self, LogError> {
        let header = header::read(&mut source)?;
        limits.check(&header)?;
        check_tail(&tail)?;
        let (chain, offset) = (Chain::new(header.seal), header.bytes);
        let place = Behind { chain, offset, room: 0, is_tail_stale: false, limits };
        Ok(Self::behind(source, tail, header, place))
    }

    /// Goes on behind a sealed block, at which `source` stands.
    pub(crate) fn behind(source: R, tail: Vec<u8>, header: Header, place: Behind) -> Self {
        let Behind { chain, offset, room, is_tail_stale, limits } = place;
        Self {
            source,
            limits,
            beginning: tail::beginning(&tail),
            is_tail_stale,
            tail,
            chain,
            offset,
            header,
            stage: Stage::Sealed,
            room,
            block: Block {
                header: None,
                number: 0,
                first: 1,
                count: 0,
                slot: Slot::new(),
                offset: 0,
            },
            is_block_open: false,
            tail_is_current: false,
            claimed: None,
            behind_end: BehindEnd::Nothing,
            growth: Growth::default(),
        }
    }

    /// Another reader that goes on where this one stands, over other bytes behind the blocks that
    /// were read and with another tail: to look at many endings of one log. Nothing of the blocks
    /// before is read again; they are checked already.
    pub fn branch<S: Read>(&self, source: S, tail: Vec<u8>) -> Reader<S> {
        let place = Behind {
            chain: self.chain.clone(),
            offset: self.offset,
            room: self.room,
            is_tail_stale: self.is_tail_stale,
            limits: self.limits,
        };
        Reader::behind(source, tail, self.header.clone(), place)
    }

    /// The log's header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What the log is read from.
    pub const fn source(&self) -> &R {
        &self.source
    }

    /// The chain behind the last sealed block that was read.
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Offset behind the last sealed block that was read: up to there the log is good.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the log has its `End`. Known once all blocks are read.
    pub fn is_ended(&self) -> bool {
        self.stage == Stage::Ended
    }

    /// Whether all blocks, the open one included, were read without an error.
    pub const fn is_at_end(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Ended)
            && self.growth.not_yet.is_none()
            && matches!(self.behind_end, BehindEnd::Nothing)
    }

    /// The open block as far as its frames are good; also after a torn frame.
    pub const fn open_block(&self) -> Option<&Block> {
        if self.is_block_open { Some(&self.block) } else { None }
    }

    /// The block that [`Reader::next_block`] returned last; without entries before the first.
    pub const fn block(&self) -> &Block {
        &self.block
    }

    /// How many entries were read, those of the open block included.
    pub fn entries(&self) -> u64 {
        self.chain.entries + self.open_block().map_or(0, |open| u64::from(open.count))
    }

    /// The head over all entries that were read.
    pub fn head(&self) -> Digest {
        match self.open_block() {
            Some(open) => self.chain.prefix_head(open.count, open.payload()),
            None => self.chain.head,
        }
    }

    /// What the block says of itself at which the last error was found, where its header has the right
    /// checksum. Nothing else vouches for it.
    pub const fn claimed(&self) -> Option<&BlockHeader> {
        self.claimed.as_ref()
    }

    /// Whether new frames may be appended to the tail as it is.
    pub const fn is_tail_current(&self) -> bool {
        self.tail_is_current
    }

    /// Whether the tail continues a block behind which others were read.
    pub(crate) const fn is_tail_stale(&self) -> bool {
        self.is_tail_stale
    }

    /// The next block: sealed ones, then the open one if it has entries; `None` behind the last and
    /// after an error.
    ///
    /// # Errors
    /// * [`LogError::Torn`], [`LogError::TornFrame`]: the log ends inside a block or frame;
    /// * [`LogError::Damaged`]: bytes that are there are wrong;
    /// * [`LogError::Limit`]: the log is longer than this reader accepts;
    /// * [`LogError::Io`].
    pub fn next_block(&mut self) -> Result<Option<&Block>, LogError> {
        match self.stage {
            Stage::Sealed => {}
            Stage::Open | Stage::Ended | Stage::Failed => {
                return self.behind_end.tell().map_or(Ok(None), Err);
            }
        }
        match self.read_next() {
            Ok(is_there) => Ok(is_there.then_some(&self.block)),
            Err(error) => {
                self.stage = Stage::Failed;
                Err(error)
            }
        }
    }

    /// Reads the tail of a log that is torn inside a sealed block, or wrong there: the writer died
    /// while it appended a block, whose entries may still stand in the tail.
    ///
    /// # Errors
    /// As [`Reader::next_block`].
    pub(crate) fn read_tail_behind_torn_block(&mut self) -> Result<(), LogError> {
        self.read_open()
    }

    /// Whether there is another block.
    fn read_next(&mut self) -> Result<bool, LogError> {
        match self.read_sealed() {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => self.growth.put_off(error)?,
        }
        self.stage = Stage::Open;
        if let Err(error) = self.read_open() {
            self.growth.put_off(error)?;
        }
        Ok(self.is_block_open)
    }

    fn read_sealed(&mut self) -> Result<bool, LogError> {
        let have = self.block.slot.read(&mut self.source).map_err(LogError::io(Subject::Log))?;
        if have == 0 {
            return Ok(false);
        }
        if have < BLOCK_HEADER_BYTES {
            return Err(self.torn(BLOCK_HEADER_BYTES, have));
        }
        let header = match BlockHeader::decode(self.block.slot.header()) {
            Ok(header) => header,
            Err(what) => {
                let (header, behind) =
                    (self.block.slot.header(), self.block.slot.behind_header(have));
                let is_cut =
                    what == Damage::Checksum && zeros::is_header_cut(header, behind, &self.chain);
                let kept = zeros::kept(self.block.slot.header());
                let is_lost = what == Damage::Checksum;
                return Err(self.damaged_or_torn(
                    what,
                    is_lost,
                    is_cut.then_some((BLOCK_BYTES, kept)),
                ));
            }
        };
        self.claimed = Some(header);
        let len = header.payload_bytes as usize;
        let need = if header.is_final() { BLOCK_HEADER_BYTES + len } else { BLOCK_BYTES };
        if have < need {
            return Err(self.torn(need, have));
        }
        self.limits.check_one(LimitName::LogBytes, self.offset + need as u64)?;
        let behind = self.block.slot.set_len(len);
        if !header.is_final() && behind.iter().any(|byte| *byte != 0) {
            let is_lost = self.chain.is_header_next(&header);
            return Err(self.damaged_or_torn(Damage::Padding, is_lost, None));
        }
        if let Err(what) = self.chain.check(&header, &mut self.block.slot) {
            let payload = self.block.slot.payload();
            let is_lost =
                what == Damage::Head && have == need && self.chain.is_header_next(&header);
            let is_cut = is_lost && zeros::is_payload_cut(payload);
            let kept = BLOCK_HEADER_BYTES + zeros::kept(payload);
            return Err(self.damaged_or_torn(what, is_lost, is_cut.then_some((need, kept))));
        }
        self.check_border().map_err(|what| self.damaged(what))?;
        self.room = PAYLOAD_BYTES_MAX - len;
        self.is_tail_stale |= self.beginning == Beginning::Continues(self.chain.seal);
        let (offset, seal_before) = (self.offset, self.chain.seal);
        self.claimed = None;
        self.growth.last = Some(Sealed { header, offset, seal_before });
        self.block.header = Some(header);
        self.block.number = header.number;
        self.block.first = header.first;
        self.block.count = header.count;
        self.block.offset = self.offset;
        self.chain.advance(&header);
        self.offset += need as u64;
        if header.is_final() {
            // The block is good whatever follows it: that is told when the reader goes on.
            self.behind_end = self.check_end(need, have)?;
            self.stage = Stage::Ended;
        }
        Ok(true)
    }

    /// Nothing may follow a final block of `len` bytes: neither in the log, of which `have` bytes
    /// were read, nor, unless left over from before the block was sealed, in the tail.
    fn check_end(&mut self, len: usize, have: usize) -> Result<BehindEnd, LogError> {
        let mut more = Slot::new();
        if len < have || 0 < more.read(&mut self.source).map_err(LogError::io(Subject::Log))? {
            return Ok(BehindEnd::Wrong(self.damaged(Damage::AfterEnd)));
        }
        Ok(match self.beginning {
            Beginning::Continues(_) if !self.is_tail_stale => {
                let error = self.damaged_tail(0, self.chain.entries, Damage::ForeignTail);
                BehindEnd::Wrong(error)
            }
            Beginning::Empty | Beginning::Bad | Beginning::Continues(_) => BehindEnd::Nothing,
        })
    }

    /// Bytes for which the last sealed block has room: the entry behind it is longer.
    pub(crate) const fn room(&self) -> usize {
        self.room
    }

    /// Block borders follow from the entries: a block's first entry did not fit into the one before.
    fn check_border(&self) -> Result<(), Damage> {
        if self.chain.blocks == 0 {
            return Ok(());
        }
        match decode_entry(self.block.payload()) {
            Ok((_, len)) if len <= self.room => Err(Damage::Border),
            Ok(_) => Ok(()),
            Err(error) => Err(Damage::Entry(error)),
        }
    }

    const fn place(&self) -> Place {
        let (block, good) = (self.chain.blocks + 1, self.chain.entries);
        Place { subject: Subject::Log, offset: self.offset, block, good }
    }

    const fn torn(&self, need: usize, have: usize) -> LogError {
        LogError::Torn { place: self.place(), need: need as u64, have: have as u64 }
    }

    const fn damaged(&self, what: Damage) -> LogError {
        LogError::Damaged { place: self.place(), what }
    }

    const fn place_in_tail(&self, offset: usize, good: u64) -> Place {
        let block = self.chain.blocks + 1;
        Place { subject: Subject::Tail, offset: offset as u64, block, good }
    }

    const fn torn_frame(&self, offset: usize, good: u64) -> LogError {
        LogError::TornFrame { place: self.place_in_tail(offset, good) }
    }

    const fn damaged_tail(&self, offset: usize, good: u64, what: Damage) -> LogError {
        LogError::Damaged { place: self.place_in_tail(offset, good), what }
    }
}

/// A tail is taken whole, and none is longer than its format allows.
pub(crate) fn check_tail(tail: &[u8]) -> Result<(), LogError> {
    check_limit("bytes of tail", tail.len() as u64, TAIL_BYTES_MAX)
}
