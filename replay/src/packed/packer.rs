//! Writes compacted logs. FORMAT.md §12.

use std::io::{self, Read, Write};

use crate::block::{BLOCK_BYTES, BlockHeader};
use crate::error::LogError;
use crate::genesis::Genesis;
use crate::header;
use crate::reader::Reader;

use super::ending::Ending;
use super::frame::{self, FRAME_HEADER_BYTES, ZSTD_BYTES_MAX};
use super::opening::Opening;

/// Level of compression unless another is asked for.
pub const LEVEL: i32 = 9;
/// Highest level of compression; the lowest is 1.
pub const LEVEL_MAX: i32 = 22;

/// What a compacted log came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    /// Bytes of the compacted log.
    pub bytes: u64,
    /// Bytes of the plain log.
    pub log_bytes: u64,
    /// Sealed blocks.
    pub blocks: u64,
}

/// Why a log was not compacted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The plain log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The compacted one cannot be written.
    #[error("the compacted log: {0}")]
    Sink(#[from] io::Error),
}

/// A compacted log being written, one sealed block after the other, on one thread: the same blocks
/// at the same level give the same bytes, as long as zstd is the same.
pub struct Packer<W> {
    sink: W,
    offset: u64,
    ending: Ending,
    zstd: zstd::bulk::Compressor<'static>,
    block: Vec<u8>,
    frame: Vec<u8>,
}

impl<W: Write> Packer<W> {
    /// Writes the opening.
    ///
    /// * `level` - zstd's, 1 to [`LEVEL_MAX`]; others are taken as the nearest of these.
    ///
    /// # Errors
    /// [`PackError::Log`] for a genesis that no log can have; [`PackError::Sink`].
    pub fn new(mut sink: W, genesis: &Genesis, level: i32) -> Result<Self, PackError> {
        let log_header = header::encode(genesis)?;
        let opening = Opening::encode(&log_header);
        sink.write_all(&opening)?;
        let (offset, log_bytes) = (opening.len() as u64, log_header.len() as u64);
        Ok(Self {
            sink,
            offset,
            ending: Ending { offsets: Vec::new(), index: offset, log_bytes },
            zstd: zstd::bulk::Compressor::new(level.clamp(1, LEVEL_MAX))?,
            block: Vec::with_capacity(BLOCK_BYTES),
            frame: Vec::with_capacity(ZSTD_BYTES_MAX),
        })
    }

    /// Writes the next sealed block.
    ///
    /// * `payload` - its encoded entries.
    ///
    /// # Errors
    /// Of the sink.
    pub fn take(&mut self, header: &BlockHeader, payload: &[u8]) -> io::Result<()> {
        self.block.clear();
        self.block.extend_from_slice(&header.encode());
        self.block.extend_from_slice(payload);
        self.frame.clear();
        self.zstd.compress_to_buffer(&self.block, &mut self.frame)?;
        self.sink.write_all(&frame::header(&self.frame))?;
        self.sink.write_all(&self.frame)?;
        self.ending.offsets.push(self.offset);
        self.offset += (FRAME_HEADER_BYTES + self.frame.len()) as u64;
        let slot = if header.is_final() { self.block.len() } else { BLOCK_BYTES };
        self.ending.log_bytes += slot as u64;
        Ok(())
    }

    /// Writes index and footer; without them it is no compacted log.
    ///
    /// # Errors
    /// Of the sink.
    pub fn finish(mut self) -> io::Result<Packing> {
        self.ending.index = self.offset;
        let ending = self.ending.encode();
        self.sink.write_all(&ending)?;
        self.sink.flush()?;
        Ok(Packing {
            bytes: self.offset + ending.len() as u64,
            log_bytes: self.ending.log_bytes,
            blocks: self.ending.offsets.len() as u64,
        })
    }
}

/// Compacts the sealed blocks of a log, which are checked on the way. The tail of an open log goes
/// beside the compacted one as it is.
///
/// * `level` - as in [`Packer::new`].
///
/// # Errors
/// [`PackError::Log`] as [`Reader::next_block`]; [`PackError::Sink`].
pub fn pack<R: Read>(
    mut reader: Reader<R>,
    sink: impl Write,
    level: i32,
) -> Result<Packing, PackError> {
    let mut packer = Packer::new(sink, &reader.header().genesis, level)?;
    while let Some(block) = reader.next_block()? {
        if let Some(header) = &block.header {
            packer.take(header, block.payload())?;
        }
    }
    Ok(packer.finish()?)
}
