//! The memory of one block: its header, its entries and room for one entry more.
//!
//! Entries are written and read where they stand. Room in front of them takes what is hashed
//! together with them, because BLAKE3 is fast on one long input and slow on a short one before it.

use std::io::{self, ErrorKind, Read};

use crate::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, BlockHeader, PAYLOAD_BYTES_MAX};
use crate::chain::{Digest, HEAD_BYTES, HEAD_PREFIX_BYTES, Role, digest, head_prefix};
use crate::codec::{CodecError, ENTRY_BYTES_MAX};

const PAYLOAD_AT: usize = BLOCK_HEADER_BYTES;
const PREFIX_AT: usize = PAYLOAD_AT - HEAD_PREFIX_BYTES;

const _: () = assert!(HEAD_PREFIX_BYTES + PAYLOAD_BYTES_MAX <= HEAD_BYTES);
const _: () = assert!(PREFIX_AT + HEAD_BYTES <= BLOCK_BYTES + ENTRY_BYTES_MAX);

/// The bytes of a block, sealed or open.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Header, payload, room.
    bytes: Box<[u8]>,
    /// Bytes of the payload.
    len: usize,
}

impl Slot {
    /// A slot without entries.
    pub fn new() -> Self {
        Self { bytes: vec![0; BLOCK_BYTES + ENTRY_BYTES_MAX].into_boxed_slice(), len: 0 }
    }

    /// The entries.
    pub fn payload(&self) -> &[u8] {
        &self.bytes[PAYLOAD_AT..PAYLOAD_AT + self.len]
    }

    /// Bytes of the entries.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets the entries.
    pub(crate) const fn clear(&mut self) {
        self.len = 0;
    }

    /// Lets an entry be written behind the others, and takes as many bytes as `encode` says that it
    /// has. The entry may be longer than a block has room for: then [`Slot::pop`] takes it off.
    pub(crate) fn push(
        &mut self,
        encode: impl FnOnce(&mut [u8]) -> Result<usize, CodecError>,
    ) -> Result<usize, CodecError> {
        let at = PAYLOAD_AT + self.len;
        let len = encode(&mut self.bytes[at..at + ENTRY_BYTES_MAX])?;
        self.len += len;
        Ok(len)
    }

    /// Moves the last `len` bytes out of the payload, to be the first of the next one.
    pub(crate) fn pop(&mut self, len: usize) -> Vec<u8> {
        self.len -= len;
        let at = PAYLOAD_AT + self.len;
        self.bytes[at..at + len].to_vec()
    }

    /// Appends entries; they fit into a block.
    pub(crate) fn extend(&mut self, entries: &[u8]) {
        let at = PAYLOAD_AT + self.len;
        self.bytes[at..at + entries.len()].copy_from_slice(entries);
        self.len += entries.len();
    }

    /// Reads as much of a block as there is; returns how many bytes that was.
    pub(crate) fn read(&mut self, source: &mut impl Read) -> io::Result<usize> {
        self.len = 0;
        let mut have = 0;
        while have < BLOCK_BYTES {
            match source.read(&mut self.bytes[have..BLOCK_BYTES]) {
                Ok(0) => break,
                Ok(read) => have += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(have)
    }

    /// The header that was read, not decoded yet.
    pub(crate) fn header(&self) -> &[u8; BLOCK_HEADER_BYTES] {
        let Some(header) = self.bytes.first_chunk() else {
            unreachable!("a slot is longer than a header")
        };
        header
    }

    /// What was read behind the header, of `have` bytes read.
    pub(crate) fn behind_header(&self, have: usize) -> &[u8] {
        self.bytes.get(PAYLOAD_AT..have).unwrap_or_default()
    }

    /// Says how many of the bytes that were read are entries; returns those behind them.
    pub(crate) fn set_len(&mut self, len: usize) -> &[u8] {
        self.len = len;
        &self.bytes[PAYLOAD_AT + len..BLOCK_BYTES]
    }

    /// `head` over the entries, as [`crate::chain::head`] defines it. Overwrites the header.
    pub(crate) fn head(&mut self, previous: Digest, first: u64, count: u32) -> Digest {
        self.bytes[PREFIX_AT..PAYLOAD_AT].copy_from_slice(&head_prefix(previous, first, count));
        let end = PREFIX_AT + HEAD_BYTES;
        self.bytes[PAYLOAD_AT + self.len..end].fill(0);
        digest(Role::Head, &[&self.bytes[PREFIX_AT..end]])
    }

    /// The block as it is written: a final one ends with its entries, any other is padded.
    pub(crate) fn sealed(&mut self, header: &BlockHeader) -> &[u8] {
        self.bytes[..PAYLOAD_AT].copy_from_slice(&header.encode());
        let end = PAYLOAD_AT + self.len;
        if header.is_final() {
            return &self.bytes[..end];
        }
        self.bytes[end..BLOCK_BYTES].fill(0);
        &self.bytes[..BLOCK_BYTES]
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

impl From<&[u8]> for Slot {
    /// A slot with these entries, at most a block's.
    fn from(payload: &[u8]) -> Self {
        let mut slot = Self::new();
        slot.extend(payload);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::head;

    #[test]
    fn the_head_is_that_of_the_entries_alone() {
        let entries: Vec<u8> = (0..=255).cycle().take(60_000).collect();
        for len in [0, 1, 979, 980, 981, 2_048, 60_000] {
            let mut slot = Slot::from(&entries[..len]);
            let previous = Digest([7; 32]);
            assert_eq!(slot.head(previous, 3, 5), head(previous, 3, 5, &entries[..len]));
            assert_eq!(slot.payload(), &entries[..len]);
        }
    }

    #[test]
    fn an_entry_that_is_taken_off_leaves_the_others() {
        let mut slot = Slot::new();
        for entry in [&b"first"[..], b"second"] {
            let written = slot.push(|bytes| {
                bytes[..entry.len()].copy_from_slice(entry);
                Ok(entry.len())
            });
            assert_eq!(written, Ok(entry.len()));
        }
        assert_eq!((slot.pop(6), slot.payload()), (b"second".to_vec(), &b"first"[..]));
    }

    #[test]
    fn an_entry_is_no_longer_than_the_format_allows() {
        let mut slot = Slot::new();
        let room = slot.push(|bytes| Ok(bytes.len())).unwrap_or_default();
        assert_eq!(room, ENTRY_BYTES_MAX);
    }
}
