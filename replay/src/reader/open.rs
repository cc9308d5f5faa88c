//! Reads the open block out of the tail. FORMAT.md §7.2.

use std::io::Read;

use crate::block::PAYLOAD_BYTES_MAX;
use crate::codec::decode_entry;
use crate::entry::Entry;
use crate::error::{Damage, LogError};
use crate::reader::Reader;
use crate::tail::{Beginning, Frame, TAIL_HEADER_BYTES, frame_at, is_followed_by_good};

impl<R: Read> Reader<R> {
    /// Reads the open block that the tail holds, if it holds one.
    pub(super) fn read_open(&mut self) -> Result<(), LogError> {
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
        self.block.header = None;
        self.block.number = self.chain.blocks + 1;
        self.block.first = first;
        self.block.count = 0;
        self.block.slot.clear();
        self.block.offset = self.offset;
        let mut at = TAIL_HEADER_BYTES;
        let mut result = Ok(());
        while at < self.tail.len() {
            let good = first + u64::from(self.block.count) - 1;
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
            if let Err(what) = check_frame(frame, self.block.slot.len()) {
                result = Err(self.damaged_tail(at, good, what));
                break;
            }
            self.block.slot.extend(frame.payload);
            self.block.count += frame.count;
            at += frame.bytes();
        }
        if 0 < self.block.count {
            self.check_border()
                .map_err(|what| self.damaged_tail(TAIL_HEADER_BYTES, self.chain.entries, what))?;
            self.is_block_open = true;
        }
        result
    }
}

/// A frame holds as many entries as it says, none of them `End`, and fits into the open block.
pub(crate) fn check_frame(frame: Frame<'_>, before: usize) -> Result<(), Damage> {
    if PAYLOAD_BYTES_MAX < before + frame.payload.len() {
        return Err(Damage::Field);
    }
    let mut rest = frame.payload;
    let mut count = 0;
    while !rest.is_empty() {
        let (entry, used) = decode_entry(rest).map_err(Damage::Entry)?;
        if entry == Entry::End {
            return Err(Damage::End);
        }
        rest = rest.get(used..).unwrap_or_default();
        count += 1;
    }
    if count == frame.count { Ok(()) } else { Err(Damage::Count) }
}
