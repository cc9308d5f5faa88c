//! A compacted log that lost its end: what of it is whole. FORMAT.md §12.

use crate::block::BLOCK_BYTES;
use crate::source::Source;

use super::ending::Ending;
use super::error::{PackedDamage, PackedError};
use super::frame::{self, FRAME_HEADER_BYTES, Unpacker};
use super::opening::Opening;
use super::{Packed, read_exact_at};

impl<S: Source> Packed<S> {
    /// Opens a compacted log that may have lost its end, by walking from frame to frame. Returns
    /// the log of those that are whole, and the offset behind the last of them; of a log that lost
    /// nothing, its size.
    ///
    /// Cost: as decompressing the whole file, where there is no footer.
    ///
    /// # Errors
    /// As [`Packed::open`], but for [`PackedError::NoFooter`]; [`PackedError::Damaged`] where bytes
    /// that are all there are no frame, nor the beginning of an index.
    pub fn open_cut(source: S) -> Result<(Self, u64), PackedError> {
        let opening = Opening::read(&source)?;
        match Ending::read(&source, &opening) {
            Ok(ending) => {
                let size = source.size()?;
                Ok((Self::new(source, opening, ending), size))
            }
            Err(error) if error.is_cut() => {
                let ending = walk(&source, &opening)?;
                let good = ending.index;
                Ok((Self::new(source, opening, ending), good))
            }
            Err(error) => Err(error),
        }
    }
}

/// The frames that are whole.
fn walk(source: &impl Source, opening: &Opening) -> Result<Ending, PackedError> {
    let size = source.size()?;
    let (mut unpacker, mut bytes, mut block) = (Unpacker::new(), Vec::new(), Vec::new());
    let start = opening.bytes();
    let log_bytes = opening.header.len() as u64;
    let mut ending = Ending { offsets: Vec::new(), index: start, log_bytes };
    // Where the plain log would end if no block were final.
    let mut slots = log_bytes;
    loop {
        let rest = size.saturating_sub(ending.index);
        let rest = usize::try_from(rest).unwrap_or(usize::MAX);
        if rest < FRAME_HEADER_BYTES {
            return Ok(ending);
        }
        // No more is read than the frame says that it has: many short ones cost no more than they are.
        bytes.resize(FRAME_HEADER_BYTES, 0);
        read_exact_at(source, ending.index, &mut bytes)?;
        let found = match frame::announced(&bytes) {
            Some(len) if rest < len => Err(None),
            Some(len) => {
                bytes.resize(len, 0);
                read_exact_at(source, ending.index, &mut bytes)?;
                unpacker.unpack(&bytes, &mut block).map_err(Some)
            }
            None => Err(Some(PackedDamage::Length)),
        };
        if let Err(damage) = found {
            return stop(source, ending, rest, damage);
        }
        ending.offsets.push(ending.index);
        ending.index += bytes.len() as u64;
        let slot = if frame::is_final(&block) { block.len() } else { BLOCK_BYTES };
        ending.log_bytes = slots + slot as u64;
        slots += BLOCK_BYTES as u64;
    }
}

/// The end of a walk, at bytes that are no whole frame: one that is cut, or else damaged, unless
/// they are index and footer.
fn stop(
    source: &impl Source,
    ending: Ending,
    rest: usize,
    damage: Option<PackedDamage>,
) -> Result<Ending, PackedError> {
    let expected = ending.encode();
    let mut there = vec![0; rest.min(expected.len())];
    read_exact_at(source, ending.index, &mut there)?;
    let what = match (expected.strip_prefix(&there[..]), damage) {
        // All of it, and yet the file does not end there.
        (Some([]), _) => PackedDamage::AfterFooter,
        (Some(_), _) | (None, None) => return Ok(ending),
        (None, Some(damage)) => damage,
    };
    Err(PackedError::Damaged { what, offset: ending.index })
}
