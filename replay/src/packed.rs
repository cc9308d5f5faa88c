//! Compacted logs: the same log in a smaller container, each block compressed. FORMAT.md §12.
//!
//! No digest changes, because all are over the plain bytes: [`Packed`] is a [`Source`] of exactly
//! those. It knows lengths, checksums and places; whether the blocks follow is the
//! [`Reader`](crate::Reader)'s business, as in a plain log.

mod cut;
mod ending;
mod error;
mod frame;
mod opening;
mod packer;

use std::cell::RefCell;
use std::fmt;
use std::io;

use crate::block::BLOCK_BYTES;
use crate::source::Source;

use ending::Ending;
use frame::Unpacker;
use opening::Opening;

pub use ending::{FOOTER_BYTES, FOOTER_MAGIC};
pub use error::{PackedDamage, PackedError};
pub use frame::{FRAME_HEADER_BYTES, ZSTD_BYTES_MAX};
pub use opening::{LOG_HEADER_BYTES_MAX, PACKED_MAGIC, PACKED_VERSION};
pub use packer::{LEVEL, LEVEL_MAX, PackError, Packer, Packing, pack};

/// A compacted log, read as the plain log that it holds.
///
/// Memory: 8 bytes for each block, the log's header, and two blocks. A block is read and
/// decompressed when bytes of it are asked for, and kept until another is.
pub struct Packed<S> {
    source: S,
    /// The log's header, as in the plain log.
    header: Vec<u8>,
    ending: Ending,
    cache: RefCell<Cache>,
}

/// The block decompressed last.
struct Cache {
    unpacker: Unpacker,
    frame: Vec<u8>,
    block: Vec<u8>,
    /// Which block that is.
    number: Option<usize>,
}

impl<S: Source> Packed<S> {
    /// Opens a compacted log. Cost: one read of its index.
    ///
    /// # Errors
    /// * [`PackedError::NotPacked`], [`PackedError::UnsupportedVersion`];
    /// * [`PackedError::OpeningCut`], [`PackedError::NoFooter`] for a file that lost its end;
    /// * [`PackedError::Damaged`] where opening, footer or index cannot be;
    /// * [`PackedError::Limit`] for a log's header longer than the format allows;
    /// * [`PackedError::Io`].
    pub fn open(source: S) -> Result<Self, PackedError> {
        let opening = Opening::read(&source)?;
        let ending = Ending::read(&source, &opening)?;
        Ok(Self::new(source, opening, ending))
    }

    fn new(source: S, opening: Opening, ending: Ending) -> Self {
        let cache =
            Cache { unpacker: Unpacker::new(), frame: Vec::new(), block: Vec::new(), number: None };
        Self { source, header: opening.header, ending, cache: RefCell::new(cache) }
    }

    /// What the compacted log is read from.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// How many sealed blocks there are.
    pub const fn blocks(&self) -> usize {
        self.ending.offsets.len()
    }

    /// Bytes of block `number`, from 0, at an offset in its slot; zeros behind its entries.
    fn read_block(&self, number: usize, at: usize, buffer: &mut [u8]) -> Result<(), PackedError> {
        let mut cache = self.cache.borrow_mut();
        if cache.number != Some(number) {
            cache.number = None;
            self.load(number, &mut cache)?;
            cache.number = Some(number);
        }
        let there = cache.block.get(at..).unwrap_or_default();
        let len = there.len().min(buffer.len());
        buffer[..len].copy_from_slice(&there[..len]);
        buffer[len..].fill(0);
        Ok(())
    }

    fn load(&self, number: usize, cache: &mut Cache) -> Result<(), PackedError> {
        let span = self.ending.frame(number);
        let Cache { unpacker, frame, block, .. } = cache;
        frame.resize(span.bytes, 0);
        read_exact_at(&self.source, span.offset, frame)?;
        let damaged = |what| PackedError::Damaged { what, offset: span.offset };
        unpacker.unpack(frame, block).map_err(damaged)?;
        // Every block fills its slot but a final one, which is the last.
        let slot = self.ending.slot_bytes(number, self.header.len());
        let fits = if slot < BLOCK_BYTES { block.len() == slot } else { true };
        if fits { Ok(()) } else { Err(damaged(PackedDamage::Content)) }
    }
}

impl<S: Source> Source for Packed<S> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.ending.log_bytes.saturating_sub(offset);
        let len = usize::try_from(rest).unwrap_or(usize::MAX).min(buffer.len());
        if len == 0 {
            return Ok(0);
        }
        let header = self.header.len() as u64;
        let Some(behind) = offset.checked_sub(header) else {
            let there = self.header.split_at(usize::try_from(offset).unwrap_or(usize::MAX)).1;
            let len = len.min(there.len());
            buffer[..len].copy_from_slice(&there[..len]);
            return Ok(len);
        };
        let slot = BLOCK_BYTES as u64;
        let (number, at) = (behind / slot, behind % slot);
        // Both fit: there are fewer blocks than bytes of index, and a slot is small.
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let len = len.min(BLOCK_BYTES - at);
        self.read_block(number, at, &mut buffer[..len])?;
        Ok(len)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.ending.log_bytes)
    }
}

impl<S> fmt::Debug for Packed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ending { offsets, log_bytes, .. } = &self.ending;
        f.debug_struct("Packed")
            .field("blocks", &offsets.len())
            .field("log_bytes", log_bytes)
            .finish_non_exhaustive()
    }
}

/// Fills a buffer. That all of it is there was checked: an end before it is the device's.
fn read_exact_at(source: &impl Source, at: u64, buffer: &mut [u8]) -> Result<(), PackedError> {
    if source.read_all_at(at, buffer)? < buffer.len() {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(())
}
