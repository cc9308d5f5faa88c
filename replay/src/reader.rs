//! Reads a log block by block in bounded memory and believes nothing that does not follow.

use std::io::Read;

use crate::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, Block, BlockHeader, Chain, PAYLOAD_BYTES_MAX};
use crate::codec::decode_entry;
use crate::error::{Damage, LogError, Place, Subject};
use crate::header::{self, Header};
use crate::tail::{
    self, Beginning, TAIL_BYTES_MAX, TAIL_HEADER_BYTES, frame_at, is_followed_by_good,
};

/// What a reader accepts of a foreign log.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// Largest `orders_max` of a genesis: an order that rests costs a replay some 60 bytes.
    pub orders_max: u32,
}

impl ReadLimits {
    /// Four million live orders, a quarter of a gibibyte.
    pub const DEFAULT: Self = Self { orders_max: 1 << 22 };
}

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

/// A log being read.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
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
    /// The open block as far as it is good, for recovery and continuation.
    open: Option<Block>,
    /// Whether the tail's frames belong to the open block.
    tail_is_current: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header. `tail` is the content of `LOG.tail`, empty where there is none.
    ///
    /// # Errors
    /// Those of [`header::read`]; [`LogError::Limit`] for what `limits` refuses.
    pub fn open(mut source: R, tail: Vec<u8>, limits: ReadLimits) -> Result<Self, LogError> {
        let header = header::read(&mut source)?;
        let orders_max = header.genesis.market.limits.orders_max;
        check_limit("orders_max of the genesis", orders_max.into(), limits.orders_max.into())?;
        check_limit("bytes of tail", tail.len() as u64, TAIL_BYTES_MAX)?;
        Ok(Self {
            source,
            beginning: tail::beginning(&tail),
            is_tail_stale: false,
            tail,
            chain: Chain::new(header.seal),
            offset: header.bytes,
            header,
            stage: Stage::Sealed,
            room: 0,
            open: None,
            tail_is_current: false,
        })
    }

    /// The log's header.
    pub const fn header(&self) -> &Header {
        &self.header
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
    }

    /// The open block as far as its frames are good; also after a torn frame.
    pub const fn open_block(&self) -> Option<&Block> {
        self.open.as_ref()
    }

    /// Whether new frames may be appended to the tail as it is.
    pub const fn is_tail_current(&self) -> bool {
        self.tail_is_current
    }

    /// The next block: sealed ones, then the open one if it has entries; `None` behind the last and
    /// after an error.
    ///
    /// # Errors
    /// * [`LogError::Torn`], [`LogError::TornFrame`]: the log ends inside a block or frame;
    /// * [`LogError::Damaged`]: bytes that are there are wrong;
    /// * [`LogError::Io`].
    pub fn next_block(&mut self) -> Result<Option<Block>, LogError> {
        match self.stage {
            Stage::Sealed => {}
            Stage::Open | Stage::Ended | Stage::Failed => return Ok(None),
        }
        let result = self.read_next();
        if result.is_err() {
            self.stage = Stage::Failed;
        }
        result
    }

    /// Reads the tail of a log that is torn inside a sealed block: the writer died while it appended
    /// a block, whose entries may still stand in the tail.
    ///
    /// # Errors
    /// As [`Reader::next_block`].
    pub(crate) fn read_tail_behind_torn_block(&mut self) -> Result<(), LogError> {
        self.read_open()
    }

    fn read_next(&mut self) -> Result<Option<Block>, LogError> {
        if let Some(block) = self.read_sealed()? {
            return Ok(Some(block));
        }
        self.stage = Stage::Open;
        self.read_open()?;
        Ok(self.open.clone())
    }

    fn read_sealed(&mut self) -> Result<Option<Block>, LogError> {
        let bytes = self.read_up_to(BLOCK_HEADER_BYTES)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let Some((header, _)) = bytes.split_first_chunk::<BLOCK_HEADER_BYTES>() else {
            return Err(self.torn(BLOCK_HEADER_BYTES, bytes.len()));
        };
        let header = BlockHeader::decode(header).map_err(|what| self.damaged(what))?;
        let len = header.payload_bytes as usize;
        let padding = if header.is_final() { 0 } else { PAYLOAD_BYTES_MAX - len };
        let mut payload = self.read_up_to(len + padding)?;
        if payload.len() < len + padding {
            let need = BLOCK_HEADER_BYTES + len + padding;
            return Err(self.torn(need, BLOCK_HEADER_BYTES + payload.len()));
        }
        if payload.split_off(len).iter().any(|byte| *byte != 0) {
            return Err(self.damaged(Damage::Padding));
        }
        self.chain.check(&header, &payload).map_err(|what| self.damaged(what))?;
        self.check_border(&payload).map_err(|what| self.damaged(what))?;
        let block = Block {
            header: Some(header),
            number: header.number,
            first: header.first,
            count: header.count,
            payload,
            offset: self.offset,
        };
        let read = if header.is_final() { BLOCK_HEADER_BYTES + len } else { BLOCK_BYTES };
        self.room = PAYLOAD_BYTES_MAX - len;
        self.is_tail_stale |= self.beginning == Beginning::Continues(self.chain.seal);
        if header.is_final() {
            self.check_end(read as u64)?;
            self.stage = Stage::Ended;
        }
        self.chain.advance(&header);
        self.offset += read as u64;
        Ok(Some(block))
    }

    /// Nothing may follow a final block: neither in the log nor, unless left over from before it was
    /// sealed, in the tail.
    fn check_end(&mut self, read: u64) -> Result<(), LogError> {
        if !self.read_up_to(1)?.is_empty() {
            self.offset += read;
            return Err(self.damaged(Damage::AfterEnd));
        }
        match self.beginning {
            Beginning::Continues(_) if !self.is_tail_stale => {
                Err(self.damaged_tail(0, self.chain.entries, Damage::ForeignTail))
            }
            Beginning::Empty | Beginning::Bad | Beginning::Continues(_) => Ok(()),
        }
    }

    /// Block borders follow from the entries: a block's first entry did not fit into the one before.
    fn check_border(&self, payload: &[u8]) -> Result<(), Damage> {
        if self.chain.blocks == 0 {
            return Ok(());
        }
        match decode_entry(payload) {
            Ok((_, len)) if len <= self.room => Err(Damage::Border),
            Ok(_) => Ok(()),
            Err(error) => Err(Damage::Entry(error)),
        }
    }

    fn read_open(&mut self) -> Result<(), LogError> {
        match self.beginning {
            Beginning::Empty => Ok(()),
            // Sealed already: the writer stopped before the emptied tail was durable.
            Beginning::Continues(_) if self.is_tail_stale => Ok(()),
            Beginning::Continues(seal) if seal == self.chain.seal => self.read_frames(),
            Beginning::Continues(_) => {
                Err(self.damaged_tail(0, self.chain.entries, Damage::ForeignTail))
            }
            Beginning::Bad => {
                let next_entry = self.chain.entries + 1;
                if is_followed_by_good(&self.tail, 0, next_entry) {
                    return Err(self.damaged_tail(0, self.chain.entries, Damage::Frame));
                }
                Err(self.torn_frame(0, self.chain.entries))
            }
        }
    }

    fn read_frames(&mut self) -> Result<(), LogError> {
        self.tail_is_current = true;
        let first = self.chain.entries + 1;
        let mut open = Block {
            header: None,
            number: self.chain.blocks + 1,
            first,
            count: 0,
            payload: Vec::new(),
            offset: self.offset,
        };
        let mut at = TAIL_HEADER_BYTES;
        let mut result = Ok(());
        while at < self.tail.len() {
            let good = open.first + u64::from(open.count) - 1;
            let Some(frame) = frame_at(&self.tail, at) else {
                result = if is_followed_by_good(&self.tail, at, good + 1) {
                    Err(self.damaged_tail(at, good, Damage::Frame))
                } else {
                    Err(self.torn_frame(at, good))
                };
                break;
            };
            if frame.first != good + 1 {
                result = Err(self.damaged_tail(at, good, Damage::Sequence));
                break;
            }
            if let Err(what) = check_frame(frame, open.payload.len()) {
                result = Err(self.damaged_tail(at, good, what));
                break;
            }
            open.payload.extend_from_slice(frame.payload);
            open.count += frame.count;
            at += frame.bytes();
        }
        if 0 < open.count {
            self.check_border(&open.payload)
                .map_err(|what| self.damaged_tail(TAIL_HEADER_BYTES, self.chain.entries, what))?;
            self.open = Some(open);
        }
        result
    }

    /// Reads so many bytes, at most a block, or what is left.
    fn read_up_to(&mut self, len: usize) -> Result<Vec<u8>, LogError> {
        let mut bytes = Vec::with_capacity(len.min(BLOCK_BYTES));
        let source = &mut self.source;
        source.take(len as u64).read_to_end(&mut bytes).map_err(LogError::io(Subject::Log))?;
        Ok(bytes)
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

/// A frame holds as many entries as it says, none of them `End`, and fits into the open block.
fn check_frame(frame: tail::Frame<'_>, before: usize) -> Result<(), Damage> {
    if PAYLOAD_BYTES_MAX < before + frame.payload.len() {
        return Err(Damage::Field);
    }
    let mut rest = frame.payload;
    let mut count = 0;
    while !rest.is_empty() {
        let (entry, used) = decode_entry(rest).map_err(Damage::Entry)?;
        if entry == crate::entry::Entry::End {
            return Err(Damage::End);
        }
        rest = rest.get(used..).unwrap_or_default();
        count += 1;
    }
    if count == frame.count { Ok(()) } else { Err(Damage::Count) }
}

const fn check_limit(what: &'static str, found: u64, limit: u64) -> Result<(), LogError> {
    if limit < found { Err(LogError::Limit { what, found, limit }) } else { Ok(()) }
}
